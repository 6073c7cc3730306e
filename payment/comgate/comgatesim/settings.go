package comgatesim

import (
	"fmt"
	"strings"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/option"
)

// Set changes one option by the name it has on the command line. See [SettingKeys]
// for the names; a value that cannot be is an error.
func (o *Options) Set(key, value string) error {
	return setters.Set(o, key, value)
}

// SettingKeys are the names that [Options.Set] takes, sorted.
func SettingKeys() []string { return setters.Keys() }

var setters = option.Setters[Options]{
	"base_path":             option.Text(func(o *Options) *string { return &o.BasePath }),
	"secure_string":         option.Text(func(o *Options) *string { return &o.SecureString }),
	"serial":                option.Text(func(o *Options) *string { return &o.Serial }),
	"tip_field_name":        option.Text(func(o *Options) *string { return &o.TipField }),
	"currency":              setCurrency,
	"refund":                setRefund,
	"wrong_password":        option.Word(func(o *Options) *Manner { return &o.WrongPassword }, ByStatus, ByBody),
	"unknown_ids":           option.Word(func(o *Options) *Manner { return &o.UnknownIDs }, ByStatus, ByBody),
	"offline":               option.Claim(func(o *Options) *bool { return &o.Offline }),
	"outcomes_by_amount":    option.Claim(func(o *Options) *bool { return &o.OutcomesByAmount }),
	"card_delay":            option.Span(func(o *Options) *time.Duration { return &o.CardDelay }),
	"pin_delay":             option.Span(func(o *Options) *time.Duration { return &o.PinDelay }),
	"result_delay":          option.Span(func(o *Options) *time.Duration { return &o.ResultDelay }),
	"closing_delay":         option.Span(func(o *Options) *time.Duration { return &o.ClosingDelay }),
	"card_timeout":          option.Span(func(o *Options) *time.Duration { return &o.CardTimeout }),
	"auto_reverse":          option.Span(func(o *Options) *time.Duration { return &o.AutoReverse }),
	"path.preauth":          path("preauth"),
	"path.preauth_complete": path("preauth_complete"),
	"path.preauth_cancel":   path("preauth_cancel"),
	"path.moto":             path("moto"),
	"path.print":            path("print"),
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
