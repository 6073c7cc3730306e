package setting

import (
	"log/slog"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"

	"tillkeeper/payment"
)

// Values are the settings of a terminal by their keys, with what is not set filled
// in. Its methods are for values that [Read] has found to be good: they give no errors.
type Values map[string]string

// Read returns the settings of t in protocol p, the defaults for what is not set. A
// setting that is there and empty is not set either, unless its key is among blank.
// The error is the one of [payment.Protocol.Check]; the values come with it.
func Read(p payment.Protocol, t payment.Terminal, blank ...string) (Values, error) {
	v := Values{}
	for _, s := range p.Settings {
		v[s.Key] = s.Default
	}
	for key, value := range t.Settings {
		if value != "" || slices.Contains(blank, key) {
			v[key] = value
		}
	}
	return v, p.Check(v)
}

// Currency is the currency that the terminal charges in.
func (v Values) Currency() payment.Currency {
	c, _ := payment.ParseCurrency(v[payment.SettingCurrency])
	return c
}

// Truth is a setting that is on or off.
func (v Values) Truth(key string) bool {
	on, _ := ParseTruth(v[key])
	return on
}

// Number is a whole number.
func (v Values) Number(key string) int {
	n, _ := strconv.Atoi(v[key])
	return n
}

// Seconds is a time in whole seconds.
func (v Values) Seconds(key string) time.Duration {
	return time.Duration(v.Number(key)) * time.Second
}

// Milliseconds is a time in whole milliseconds.
func (v Values) Milliseconds(key string) time.Duration {
	return time.Duration(v.Number(key)) * time.Millisecond
}

// List are the words of a text between its commas.
func List(text string) (words []string) {
	for word := range strings.SplitSeq(text, ",") {
		if word = strings.TrimSpace(word); word != "" {
			words = append(words, word)
		}
	}
	return words
}

// Complete fills in what whoever opens a driver did not lend it: the system's network
// and clock, a log that nobody reads, and no secrets.
func Complete(env payment.Env) payment.Env {
	if env.Dial == nil {
		env.Dial = (&net.Dialer{}).DialContext
	}
	if env.Now == nil {
		env.Now = time.Now
	}
	if env.Log == nil {
		env.Log = slog.New(slog.DiscardHandler)
	}
	if env.Secret == nil {
		env.Secret = func(string) (string, error) { return "", nil }
	}
	return env
}
