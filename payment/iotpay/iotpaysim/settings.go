package iotpaysim

import (
	"fmt"
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
func SettingKeys() []string {
	keys := make([]string, 0, len(setters))
	for key := range setters {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

var setters = map[string]func(o *Options, value string) error{
	"card_delay":         span(func(o *Options) *time.Duration { return &o.CardDelay }),
	"result_delay":       span(func(o *Options) *time.Duration { return &o.ResultDelay }),
	"expires":            span(func(o *Options) *time.Duration { return &o.Expires }),
	"late":               span(func(o *Options) *time.Duration { return &o.Late }),
	"currency":           currency,
	"mch_id":             text(30, func(o *Options) *string { return &o.MchID }),
	"job_no":             text(50, func(o *Options) *string { return &o.JobNo }),
	"merchant_key":       text(200, func(o *Options) *string { return &o.Key }),
	"refund":             claim(func(o *Options) *bool { return &o.Refund }),
	"refund_query":       claim(func(o *Options) *bool { return &o.RefundQuery }),
	"layout":             word(func(o *Options) *Layout { return &o.Layout }, layouts),
	"signing":            word(func(o *Options) *Signing { return &o.Signing }, signings),
	"outcomes_by_amount": claim(func(o *Options) *bool { return &o.OutcomesByAmount }),
}

func word[T ~string](field func(*Options) *T, words []T) func(*Options, string) error {
	return func(o *Options, value string) error {
		*field(o) = T(value)
		return known("value", T(value), words)
	}
}

func span(field func(*Options) *time.Duration) func(*Options, string) error {
	return func(o *Options, value string) (err error) {
		*field(o), err = optionalDuration(value)
		return err
	}
}

func text(longest int, field func(*Options) *string) func(*Options, string) error {
	return func(o *Options, value string) error {
		if value == "" || len(value) > longest {
			return fmt.Errorf("needs 1 to %d characters", longest)
		}
		*field(o) = value
		return nil
	}
}

func currency(o *Options, value string) error {
	c, err := payment.ParseCurrency(value)
	o.Currency = string(c)
	return err
}

func claim(field func(*Options) *bool) func(*Options, string) error {
	return func(o *Options, value string) (err error) {
		switch strings.ToLower(value) {
		case "on", "yes":
			value = "true"
		case "off", "no":
			value = "false"
		}
		*field(o), err = strconv.ParseBool(value)
		return err
	}
}
