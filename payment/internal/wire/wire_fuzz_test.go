package wire_test

import (
	"encoding/json"
	"strings"
	"testing"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/wire"
)

// FuzzAmount: what is read as a sum is one, exactly, and is read the same again.
func FuzzAmount(f *testing.F) {
	f.Fuzz(func(t *testing.T, text, currency string) {
		c, err := payment.ParseCurrency(currency)
		if err != nil {
			return
		}
		a, err := wire.Amount(text, c)
		if err != nil {
			return
		}
		if again, err := wire.Amount(a.Text(), c); err != nil || !again.Equal(a) || a.Minor() < 0 {
			t.Errorf("%q is read as %v, and that as %v, %v", text, a, again, err)
		}
	})
}

// FuzzMaskJSONHides: no card number gets through, wherever in a message it
// stands and whatever stands beside it.
func FuzzMaskJSONHides(f *testing.F) {
	f.Fuzz(func(t *testing.T, key, before, after string, place byte) {
		const pan = "4111111111111111"
		if strings.ContainsAny(lastOf(before)+firstOf(after), "0123456789") {
			return // joined to other digits it is another number
		}
		message, err := json.Marshal(within(place, key, before+pan+after))
		if err != nil {
			return
		}
		if masked := wire.MaskJSON(message); strings.Contains(masked, pan) {
			t.Errorf("%s is masked as %s", message, masked)
		}
	})
}

// within puts text somewhere into a message.
func within(place byte, key, text string) any {
	const number = json.Number("4111111111111111")
	switch place % 6 {
	case 0:
		return map[string]any{key: text}
	case 1:
		return map[string]any{text: key}
	case 2:
		return []any{key, map[string]any{key: []any{text}}}
	case 3:
		return map[string]any{key: number}
	case 4:
		return map[string]any{key: map[string]any{text: number}}
	}
	return text
}

func lastOf(s string) string { return s[max(len(s)-1, 0):] }

func firstOf(s string) string { return s[:min(len(s), 1)] }
