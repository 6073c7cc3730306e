package option_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"tillkeeper/payment/internal/option"
)

type manner string

type options struct {
	serial, currency string
	manner           manner
	delay            time.Duration
	busy             bool
}

var setters = option.Setters[options]{
	"serial":   option.Text(func(o *options) *string { return &o.serial }),
	"currency": option.Currency(func(o *options) *string { return &o.currency }),
	"manner":   option.Word(func(o *options) *manner { return &o.manner }, "", "loud", "quiet"),
	"delay":    option.Span(func(o *options) *time.Duration { return &o.delay }),
	"busy":     option.Claim(func(o *options) *bool { return &o.busy }),
}

func TestEveryKindOfOption(t *testing.T) {
	var o options
	for _, s := range []string{"serial=S 1", "currency=eur", "manner=loud", "delay=3", "busy=on"} {
		key, value, _ := strings.Cut(s, "=")
		if err := setters.Set(&o, key, value); err != nil {
			t.Error(err)
		}
	}
	want := options{"S 1", "EUR", "loud", 3 * time.Second, true}
	if o != want {
		t.Errorf("options %+v, want %+v", o, want)
	}
	for setting, why := range map[string]string{
		"colour=red":   `no setting "colour"; there are busy, currency, delay, manner, serial`,
		"manner=rude":  `manner: value "rude" is none of loud, quiet`,
		"delay=soon":   `delay: "soon" is not a time span such as 3s`,
		"busy=perhaps": `busy: strconv.ParseBool: parsing "perhaps": invalid syntax`,
		"currency=XXX": "currency: ",
	} {
		key, value, _ := strings.Cut(setting, "=")
		if err := setters.Set(&o, key, value); err == nil || !strings.HasPrefix(err.Error(), why) {
			t.Errorf("%s: %v, want %s", setting, err, why)
		}
	}
	if o != want {
		t.Errorf("what is refused has changed the options to %+v", o)
	}
}

func TestClaims(t *testing.T) {
	for said, want := range map[string]bool{
		"true": true, "false": false, "1": true, "0": false, "on": true, "OFF": false, "Yes": true, "no": false,
	} {
		o := options{busy: !want}
		if err := setters.Set(&o, "busy", said); err != nil || o.busy != want {
			t.Errorf("%s is %t, %v", said, o.busy, err)
		}
	}
}

func TestKeysAreSorted(t *testing.T) {
	if keys := setters.Keys(); len(keys) != len(setters) || !slices.IsSorted(keys) {
		t.Errorf("keys %q", keys)
	}
}
