package setting

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tillkeeper/payment"
)

// A Check is the Check of a [payment.Setting]. Its error ends a sentence that begins
// with the setting's key, and shows the value masked.
type Check = func(value string) error

// Currency takes ISO 4217 codes.
func Currency(value string) error {
	_, err := payment.ParseCurrency(value)
	return err
}

// Number takes whole numbers from low to high.
func Number(low, high int) Check {
	return func(value string) error {
		if n, err := strconv.Atoi(value); err != nil || n < low || n > high {
			return fmt.Errorf("%q is not a whole number from %d to %d", payment.Mask(value), low, high)
		}
		return nil
	}
}

// OnOff takes what [ParseTruth] reads, for settings whose default is "on" or "off".
func OnOff(value string) error {
	_, err := ParseTruth(value)
	return err
}

// TrueFalse takes the same words as [OnOff], for settings whose default is "true" or
// "false".
func TrueFalse(value string) error {
	if OnOff(value) != nil {
		return fmt.Errorf("%q is neither true nor false", payment.Mask(value))
	}
	return nil
}

// ParseTruth reads the words for yes and no that people use, in any case.
func ParseTruth(value string) (bool, error) {
	switch strings.ToLower(value) {
	case "on", "true", "yes", "1":
		return true, nil
	case "off", "false", "no", "0":
		return false, nil
	}
	return false, fmt.Errorf("%q is neither on nor off", payment.Mask(value))
}

// OneOf takes one of some words.
func OneOf(words ...string) Check {
	return func(value string) error {
		if !slices.Contains(words, value) {
			return fmt.Errorf("%q is none of %s", payment.Mask(value), strings.Join(words, ", "))
		}
		return nil
	}
}

// Matches takes what has a form; what tells people of it: "three digits".
func Matches(form *regexp.Regexp, what string) Check {
	return func(value string) error {
		if !form.MatchString(value) {
			return fmt.Errorf("%q is not %s", payment.Mask(value), what)
		}
		return nil
	}
}

// Optional takes the empty text beside what check takes.
func Optional(check Check) Check {
	return func(value string) error {
		if value == "" {
			return nil
		}
		return check(value)
	}
}
