// Package wire holds what the drivers' messages have in common: sums as text,
// and messages made fit for logs and journals.
package wire

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"

	"github.com/shopspring/decimal"

	"tillkeeper/payment"
)

var plain = regexp.MustCompile(`^[0-9]{1,12}(\.[0-9]{1,6})?$`)

// Amount reads a sum in major units as terminals write it: "12.40", "12.4",
// "12" and "0". Signs, exponents, grouping and more places than c has are
// errors; zeros at the end are not counted as places.
func Amount(text string, c payment.Currency) (payment.Amount, error) {
	if !plain.MatchString(text) {
		return payment.Amount{}, fmt.Errorf("%q is not an amount", payment.Mask(text))
	}
	value, err := decimal.NewFromString(text)
	if err != nil {
		return payment.Amount{}, fmt.Errorf("%q is not an amount", payment.Mask(text))
	}
	return payment.NewAmount(value, c)
}

// hidden are members whose text no log may hold whatever it looks like: keys,
// card tracks, personal data. They are whole words of a member's name.
var hidden = bytes.Fields([]byte(`
	_cvv_ _cvc_ _cvn_ _csc_ _expiry_ _pan_ _pin_ _pinblock_ _track _icc_ _emv_ _token_ _secret_ _password_ _key_ _sign_
	_holder_ _signature_url_ _email_ _phone_`))

// maxMasked bounds what a message may take up in a journal or log.
const maxMasked = 16 << 10

// MaskJSON returns a message fit for journals and logs: full card numbers are
// cut to their last four digits, secrets and personal data are starred. What
// cannot be parsed is hidden altogether.
func MaskJSON(message []byte) string {
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(message, []byte("\ufeff"))))
	dec.UseNumber()
	var value any
	if err := dec.Decode(&value); err != nil || dec.More() {
		return fmt.Sprintf("[%d bytes that are not JSON]", len(message))
	}
	return MaskValue(value)
}

// MaskValue is MaskJSON of a message that was decoded, with numbers as
// [json.Number], and is not needed any more: its lists are masked in place.
func MaskValue(value any) string {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(mask(value)); err != nil {
		return "[a message that cannot be shown]"
	}
	if out.Len() > maxMasked {
		return fmt.Sprintf("[%d bytes of JSON]", out.Len()-1)
	}
	return strings.TrimRight(out.String(), "\n")
}

func mask(value any) any {
	switch v := value.(type) {
	case string:
		return payment.Mask(v)
	case json.Number:
		if masked := payment.Mask(v.String()); masked != v.String() {
			return masked
		}
	case []any:
		for i := range v {
			v[i] = mask(v[i])
		}
	case map[string]any:
		masked := make(map[string]any, len(v))
		for key, member := range v {
			if text, isText := member.(string); secret(key) && (!isText || text != "") {
				masked[payment.Mask(key)] = "***"
			} else {
				masked[payment.Mask(key)] = mask(member)
			}
		}
		return masked
	}
	return value
}

// secret compares whole words of a key, digits apart, so that "pin" hides "pin_block" and not
// "shipping", and "track" hides "track2".
func secret(key string) bool {
	var short [64]byte
	words := append(short[:0], '_')
	for _, c := range []byte(key) {
		switch {
		case c >= '0' && c <= '9':
			continue
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		case c == '-' || c == ' ':
			c = '_'
		}
		words = append(words, c)
	}
	words = append(words, '_')
	for _, word := range hidden {
		if bytes.Contains(words, word) {
			return true
		}
	}
	return false
}
