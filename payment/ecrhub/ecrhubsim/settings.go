package ecrhubsim

import (
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
	"dialect":               option.Word(func(o *Options) *Dialect { return &o.Dialect }, G2, G3, Field),
	"busy":                  option.Word(func(o *Options) *Busy { return &o.Busy }, BusyQueue, BusyRefuse, BusySilent),
	"card_delay":            option.Span(func(o *Options) *time.Duration { return &o.CardDelay }),
	"result_delay":          option.Span(func(o *Options) *time.Duration { return &o.ResultDelay }),
	"expires_floor":         option.Span(func(o *Options) *time.Duration { return &o.ExpiresFloor }),
	"currency":              option.Text(func(o *Options) *string { return &o.Currency }),
	"serial":                option.Text(func(o *Options) *string { return &o.Serial }),
	"app_id":                option.Text(func(o *Options) *string { return &o.AppID }),
	"no_redeliver":          option.Claim(func(o *Options) *bool { return &o.NoRedeliver }),
	"outcomes_by_amount":    option.Claim(func(o *Options) *bool { return &o.OutcomesByAmount }),
	"manual_confirm":        option.Claim(func(o *Options) *bool { return &o.ManualConfirm }),
	"lenient":               option.Claim(func(o *Options) *bool { return &o.Lenient }),
	"answer_unknown_topics": option.Claim(func(o *Options) *bool { return &o.AnswerUnknownTopics }),
	"java_reason":           option.Claim(func(o *Options) *bool { return &o.JavaReason }),
}
