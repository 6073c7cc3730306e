package payment

import (
	"strings"

	"github.com/shopspring/decimal"
)

// ParseAmount reads a sum as people type it: "12", "12.5", "12,50", "1 234.50",
// "1,234.50", "1'234,50". Spaces and apostrophes may group digits by three; so may
// a comma or dot when the other one, or a second one of its kind, shows that it
// groups. A separator that stands alone is the decimal one, so "1,234" is refused
// for a currency of two places and never guessed to be a thousand.
//
// It gives an *Error: CodeBadAmount for anything that is no number, CodeNegative,
// CodeZero, CodeTooManyPlaces or CodeTooLarge.
func ParseAmount(text string, c Currency) (Amount, error) {
	plain, err := plainNumber(text)
	if err != nil {
		return Amount{}, err
	}
	value, err := decimal.NewFromString(plain)
	if err != nil {
		return Amount{}, badAmount(text)
	}
	// Places are counted as typed: "12.500" claims a precision the currency does not have.
	if -value.Exponent() > c.Places() {
		return Amount{}, Errorf(CodeTooManyPlaces, "%s has amounts with %d decimal places at most", c, c.Places())
	}
	a, err := NewAmount(value, c)
	switch {
	case err != nil:
		return Amount{}, err
	case a.value.IsNegative():
		return Amount{}, Errorf(CodeNegative, "the amount must be more than nothing")
	case a.IsZero():
		return Amount{}, Errorf(CodeZero, "the amount must be more than nothing")
	}
	return a, nil
}

// spaces: languages group with different ones; on a keyboard they are all one key.
var spaces = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2009", " ")

// plainNumber turns typed text into digits with at most one dot.
func plainNumber(text string) (string, error) {
	s := strings.TrimSpace(spaces.Replace(text))
	negative := strings.HasPrefix(s, "-") || strings.HasPrefix(s, "−")
	s = strings.TrimSpace(strings.TrimLeft(s, "-−+"))
	if len(s) > 40 {
		return "", Errorf(CodeTooLarge, "the amount is too large")
	}
	whole, fraction, ok := splitDecimal(s)
	if !ok || !digits(fraction) {
		return "", badAmount(text)
	}
	whole, ok = ungroup(whole)
	if !ok || whole+fraction == "" {
		return "", badAmount(text)
	}
	if whole == "" {
		whole = "0"
	}
	if negative {
		whole = "-" + whole
	}
	if fraction == "" {
		return whole, nil
	}
	return whole + "." + fraction, nil
}

// splitDecimal finds the decimal separator: the last comma or dot, unless it is one
// of several of its kind, which then group.
func splitDecimal(s string) (whole, fraction string, ok bool) {
	last := strings.LastIndexAny(s, ".,")
	if last < 0 {
		return s, "", true
	}
	mark := s[last : last+1]
	if strings.Count(s, mark) > 1 {
		return s, "", !strings.ContainsAny(strings.Replace(s, mark, "", -1), ".,")
	}
	return s[:last], s[last+1:], true
}

// ungroup removes one kind of grouping mark when it stands before every three
// digits.
func ungroup(s string) (string, bool) {
	if digits(s) {
		return s, true
	}
	for _, mark := range []string{" ", "'", "’", ",", "."} {
		groups := strings.Split(s, mark)
		if len(groups) < 2 {
			continue
		}
		for i, g := range groups {
			if !digits(g) || g == "" || len(g) > 3 || (i > 0 && len(g) != 3) {
				return "", false
			}
		}
		return strings.Join(groups, ""), true
	}
	return "", false
}

func digits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return true
}

func badAmount(text string) error {
	if strings.TrimSpace(text) == "" {
		return Errorf(CodeBadAmount, "no amount was given")
	}
	return Errorf(CodeBadAmount, "%q is not an amount", Mask(text))
}
