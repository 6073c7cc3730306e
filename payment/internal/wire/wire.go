// Package wire holds what the drivers' messages have in common: sums as text,
// and messages made fit for logs and journals.
package wire

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
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
// [json.Number].
func MaskValue(value any) string {
	masked := appendMasked(make([]byte, 0, 512), value)
	if len(masked) > maxMasked {
		return fmt.Sprintf("[%d bytes of JSON]", len(masked))
	}
	return string(masked)
}

// appendMasked writes a value as JSON, masked. What no decoder makes is null.
func appendMasked(b []byte, value any) []byte {
	switch v := value.(type) {
	case string:
		return appendText(b, payment.Mask(v))
	case json.Number:
		if masked := payment.Mask(v.String()); masked != v.String() {
			return appendText(b, masked)
		}
		return append(b, v...)
	case bool:
		return strconv.AppendBool(b, v)
	case []any:
		b = append(b, '[')
		for i, member := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendMasked(b, member)
		}
		return append(b, ']')
	case map[string]any:
		return appendObject(b, v)
	}
	return append(b, "null"...)
}

// appendObject writes the members in the order of their masked names. Of those whose
// names are the same then, one is left.
func appendObject(b []byte, object map[string]any) []byte {
	names := make([]string, 0, len(object))
	for name := range object {
		names = append(names, name)
	}
	slices.SortFunc(names, func(x, y string) int {
		return cmp.Or(strings.Compare(payment.Mask(x), payment.Mask(y)), strings.Compare(x, y))
	})
	b = append(b, '{')
	last := ""
	for i, name := range names {
		masked := payment.Mask(name)
		if i > 0 && masked == last {
			continue
		}
		if i > 0 {
			b = append(b, ',')
		}
		last = masked
		b = append(appendText(b, masked), ':')
		if text, isText := object[name].(string); secret(name) && (!isText || text != "") {
			b = append(b, `"***"`...)
		} else {
			b = appendMasked(b, object[name])
		}
	}
	return append(b, '}')
}

// appendText writes a JSON string. Nearly all are plain.
func appendText(b []byte, text string) []byte {
	for i := range len(text) {
		if c := text[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			var out bytes.Buffer
			enc := json.NewEncoder(&out)
			enc.SetEscapeHTML(false)
			_ = enc.Encode(text) // a string is always written
			return append(b, bytes.TrimRight(out.Bytes(), "\n")...)
		}
	}
	b = append(b, '"')
	b = append(b, text...)
	return append(b, '"')
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
