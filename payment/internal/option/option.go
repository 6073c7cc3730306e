// Package option sets the options of a simulator by the names that they have on the
// command line.
package option

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/script"
)

// Setter changes one option to what a text says.
type Setter[O any] = func(o *O, value string) error

// Setters are the options O that can be set, by name.
type Setters[O any] map[string]Setter[O]

// Set changes one option. A name that is not known is an error that tells those that
// are.
func (s Setters[O]) Set(o *O, key, value string) error {
	set, ok := s[key]
	if !ok {
		return fmt.Errorf("no setting %q; there are %s", key, strings.Join(s.Keys(), ", "))
	}
	if err := set(o, value); err != nil {
		return fmt.Errorf("%s: %w", key, err)
	}
	return nil
}

// Keys are the names, sorted.
func (s Setters[O]) Keys() []string { return slices.Sorted(maps.Keys(s)) }

// Text sets an option that may be any text.
func Text[O any](field func(*O) *string) Setter[O] {
	return parsed(field, func(value string) (string, error) { return value, nil })
}

// Word sets an option that is one of a few words.
func Word[O any, T ~string](field func(*O) *T, words ...T) Setter[O] {
	return parsed(field, func(value string) (T, error) { return T(value), script.Known("value", T(value), words) })
}

// Span sets an option that is a time: "3s", or seconds.
func Span[O any](field func(*O) *time.Duration) Setter[O] { return parsed(field, script.ParseSpan) }

// Currency sets an option that is one ISO 4217 code.
func Currency[O any](field func(*O) *string) Setter[O] {
	return parsed(field, func(value string) (string, error) {
		c, err := payment.ParseCurrency(value)
		return string(c), err
	})
}

// Claim sets an option that is true or false, also said as on or off, yes or no.
func Claim[O any](field func(*O) *bool) Setter[O] {
	return parsed(field, func(value string) (bool, error) {
		switch strings.ToLower(value) {
		case "on", "yes":
			return true, nil
		case "off", "no":
			return false, nil
		}
		return strconv.ParseBool(value)
	})
}

// parsed sets a field to what parse makes of a text, if that is no error.
func parsed[O, T any](field func(*O) *T, parse func(string) (T, error)) Setter[O] {
	return func(o *O, value string) error {
		v, err := parse(value)
		if err == nil {
			*field(o) = v
		}
		return err
	}
}
