package comgatecloudsim

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"tillkeeper/payment"
)

// Set changes one option by the name it has on the command line. See
// [SettingKeys] for the names; a value that cannot be is an error.
func (o *Options) Set(key, value string) error {
	set, ok := setters[key]
	if !ok {
		return fmt.Errorf("no setting %q; there are %s", key, strings.Join(SettingKeys(), ", "))
	}
	if err := set(o, value); err != nil {
		return fmt.Errorf("%s: %w", key, err)
	}
	return nil
}

// SettingKeys are the names that [Options.Set] takes, sorted.
func SettingKeys() []string { return slices.Sorted(maps.Keys(setters)) }

var setters = map[string]func(o *Options, value string) error{
	"base_path":          basePath,
	"merchant":           anyText(func(o *Options) *string { return &o.Merchant }),
	"secret":             anyText(func(o *Options) *string { return &o.Secret }),
	"currency":           currency,
	"terminal":           terminalStatus,
	"customer_time":      span(func(o *Options) *time.Duration { return &o.CustomerTime }),
	"reversal_time":      span(func(o *Options) *time.Duration { return &o.ReversalTime }),
	"patience":           span(func(o *Options) *time.Duration { return &o.Patience }),
	"outcomes_by_amount": claim(func(o *Options) *bool { return &o.OutcomesByAmount }),
}

func basePath(o *Options, value string) error {
	if !strings.HasPrefix(value, "/") || strings.ContainsAny(value, " ?#") {
		return fmt.Errorf("%q is not a path such as /v2.0", value)
	}
	o.BasePath = strings.TrimRight(value, "/")
	return nil
}

func currency(o *Options, value string) error {
	c, err := payment.ParseCurrency(value)
	o.Currency = string(c)
	return err
}

func terminalStatus(o *Options, value string) error {
	o.Terminal = value
	return known("value", value, []string{terminalOnline, terminalOffline, terminalBusy, terminalUnknown})
}

func span(field func(*Options) *time.Duration) func(*Options, string) error {
	return func(o *Options, value string) (err error) {
		*field(o), err = optionalDuration(value)
		return err
	}
}

func anyText(field func(*Options) *string) func(*Options, string) error {
	return func(o *Options, value string) error {
		*field(o) = value
		return nil
	}
}

func claim(field func(*Options) *bool) func(*Options, string) error {
	return func(o *Options, value string) (err error) {
		*field(o), err = strconv.ParseBool(value)
		return err
	}
}
