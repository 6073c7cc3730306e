package iotpaysim

import (
	"fmt"
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
	"card_delay":         option.Span(func(o *Options) *time.Duration { return &o.CardDelay }),
	"result_delay":       option.Span(func(o *Options) *time.Duration { return &o.ResultDelay }),
	"expires":            option.Span(func(o *Options) *time.Duration { return &o.Expires }),
	"late":               option.Span(func(o *Options) *time.Duration { return &o.Late }),
	"currency":           option.Currency(func(o *Options) *string { return &o.Currency }),
	"mch_id":             text(30, func(o *Options) *string { return &o.MchID }),
	"job_no":             text(50, func(o *Options) *string { return &o.JobNo }),
	"merchant_key":       text(200, func(o *Options) *string { return &o.Key }),
	"refund":             option.Claim(func(o *Options) *bool { return &o.Refund }),
	"refund_query":       option.Claim(func(o *Options) *bool { return &o.RefundQuery }),
	"layout":             option.Word(func(o *Options) *Layout { return &o.Layout }, layouts...),
	"signing":            option.Word(func(o *Options) *Signing { return &o.Signing }, signings...),
	"outcomes_by_amount": option.Claim(func(o *Options) *bool { return &o.OutcomesByAmount }),
}

// text sets what the protocol wants to have some length, but not too much of it.
func text(longest int, field func(*Options) *string) option.Setter[Options] {
	return func(o *Options, value string) error {
		if value == "" || len(value) > longest {
			return fmt.Errorf("needs 1 to %d characters", longest)
		}
		*field(o) = value
		return nil
	}
}
