package comgatesim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tillkeeper/payment"
)

// Set changes one option by the name it has on the command line. See [SettingKeys]
// for the names; a value that cannot be is an error.
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
func SettingKeys() []string {
	keys := make([]string, 0, len(setters))
	for key := range setters {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

var setters = map[string]func(o *Options, value string) error{
	"base_path":             text(func(o *Options) *string { return &o.BasePath }),
	"secure_string":         text(func(o *Options) *string { return &o.SecureString }),
	"serial":                text(func(o *Options) *string { return &o.Serial }),
	"tip_field_name":        text(func(o *Options) *string { return &o.TipField }),
	"currency":              setCurrency,
	"refund":                setRefund,
	"wrong_password":        manner(func(o *Options) *Manner { return &o.WrongPassword }),
	"unknown_ids":           manner(func(o *Options) *Manner { return &o.UnknownIDs }),
	"offline":               claim(func(o *Options) *bool { return &o.Offline }),
	"outcomes_by_amount":    claim(func(o *Options) *bool { return &o.OutcomesByAmount }),
	"card_delay":            span(func(o *Options) *time.Duration { return &o.CardDelay }),
	"pin_delay":             span(func(o *Options) *time.Duration { return &o.PinDelay }),
	"result_delay":          span(func(o *Options) *time.Duration { return &o.ResultDelay }),
	"closing_delay":         span(func(o *Options) *time.Duration { return &o.ClosingDelay }),
	"card_timeout":          span(func(o *Options) *time.Duration { return &o.CardTimeout }),
	"auto_reverse":          span(func(o *Options) *time.Duration { return &o.AutoReverse }),
	"path.preauth":          path("preauth"),
	"path.preauth_complete": path("preauth_complete"),
	"path.preauth_cancel":   path("preauth_cancel"),
	"path.moto":             path("moto"),
	"path.print":            path("print"),
}

func text(field func(*Options) *string) func(*Options, string) error {
	return func(o *Options, value string) error {
		*field(o) = value
		return nil
	}
}

// setCurrency takes a list of codes, or "any".
func setCurrency(o *Options, value string) error {
	if value == "" || value == "any" {
		o.Currency = ""
		return nil
	}
	var codes []string
	for code := range strings.SplitSeq(value, ",") {
		c, err := payment.ParseCurrency(code)
		if err != nil {
			return err
		}
		codes = append(codes, string(c))
	}
	o.Currency = strings.Join(codes, ",")
	return nil
}

func setRefund(o *Options, value string) error {
	switch value {
	case "on", "true":
		o.NoRefunds = false
	case "off", "false":
		o.NoRefunds = true
	default:
		return fmt.Errorf("%q is neither on nor off", value)
	}
	return nil
}

func manner(field func(*Options) *Manner) func(*Options, string) error {
	return func(o *Options, value string) error {
		*field(o) = Manner(value)
		return known("value", Manner(value), []Manner{ByStatus, ByBody})
	}
}

func span(field func(*Options) *time.Duration) func(*Options, string) error {
	return func(o *Options, value string) (err error) {
		*field(o), err = optionalDuration(value)
		return err
	}
}

func claim(field func(*Options) *bool) func(*Options, string) error {
	return func(o *Options, value string) (err error) {
		*field(o), err = strconv.ParseBool(value)
		return err
	}
}

func path(name string) func(*Options, string) error {
	return func(o *Options, value string) error {
		paths := map[string]string{}
		for n, p := range o.Paths {
			paths[n] = p // the map may be shared with a copy of the options
		}
		paths[name] = strings.Trim(value, "/")
		o.Paths = paths
		return nil
	}
}
