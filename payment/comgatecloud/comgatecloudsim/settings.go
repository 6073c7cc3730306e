package comgatecloudsim

import (
	"fmt"
	"strings"
	"time"

	"tillkeeper/payment/internal/option"
)

// Set changes one option by the name it has on the command line. See
// [SettingKeys] for the names; a value that cannot be is an error.
func (o *Options) Set(key, value string) error {
	return setters.Set(o, key, value)
}

// SettingKeys are the names that [Options.Set] takes, sorted.
func SettingKeys() []string { return setters.Keys() }

var setters = option.Setters[Options]{
	"base_path":          basePath,
	"merchant":           option.Text(func(o *Options) *string { return &o.Merchant }),
	"secret":             option.Text(func(o *Options) *string { return &o.Secret }),
	"currency":           option.Currency(func(o *Options) *string { return &o.Currency }),
	"terminal":           option.Word(func(o *Options) *string { return &o.Terminal }, terminalOnline, terminalOffline, terminalBusy, terminalUnknown),
	"customer_time":      option.Span(func(o *Options) *time.Duration { return &o.CustomerTime }),
	"reversal_time":      option.Span(func(o *Options) *time.Duration { return &o.ReversalTime }),
	"patience":           option.Span(func(o *Options) *time.Duration { return &o.Patience }),
	"outcomes_by_amount": option.Claim(func(o *Options) *bool { return &o.OutcomesByAmount }),
}

func basePath(o *Options, value string) error {
	if !strings.HasPrefix(value, "/") || strings.ContainsAny(value, " ?#") {
		return fmt.Errorf("%q is not a path such as /v2.0", value)
	}
	o.BasePath = strings.TrimRight(value, "/")
	return nil
}
