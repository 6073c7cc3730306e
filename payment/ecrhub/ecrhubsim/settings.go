package ecrhubsim

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
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
	"dialect":               word(func(o *Options) *Dialect { return &o.Dialect }, G2, G3, Field),
	"busy":                  word(func(o *Options) *Busy { return &o.Busy }, BusyQueue, BusyRefuse, BusySilent),
	"card_delay":            span(func(o *Options) *time.Duration { return &o.CardDelay }),
	"result_delay":          span(func(o *Options) *time.Duration { return &o.ResultDelay }),
	"expires_floor":         span(func(o *Options) *time.Duration { return &o.ExpiresFloor }),
	"currency":              anyText(func(o *Options) *string { return &o.Currency }),
	"serial":                anyText(func(o *Options) *string { return &o.Serial }),
	"app_id":                anyText(func(o *Options) *string { return &o.AppID }),
	"no_redeliver":          claim(func(o *Options) *bool { return &o.NoRedeliver }),
	"outcomes_by_amount":    claim(func(o *Options) *bool { return &o.OutcomesByAmount }),
	"manual_confirm":        claim(func(o *Options) *bool { return &o.ManualConfirm }),
	"lenient":               claim(func(o *Options) *bool { return &o.Lenient }),
	"answer_unknown_topics": claim(func(o *Options) *bool { return &o.AnswerUnknownTopics }),
	"java_reason":           claim(func(o *Options) *bool { return &o.JavaReason }),
}

func word[T ~string](field func(*Options) *T, words ...T) func(*Options, string) error {
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
