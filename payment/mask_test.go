package payment_test

import (
	"strings"
	"testing"

	"tillkeeper/payment"
)

func TestMask(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a full number", "card 4111111111111111 ok", "card ************1111 ok"},
		{"grouped by spaces", "4111 1111 1111 1111", "************1111"},
		{"grouped by dashes", "4111-1111-1111-1111.", "************1111."},
		{"Amex, 15 digits", "378282246310005", "***********0005"},
		{"beside other figures", "table 5 4111 1111 1111 1111 12.50", "table 5 ************1111 12.50"},
		{"inside JSON", `{"card_no":"5555555555554444"}`, `{"card_no":"************4444"}`},
		{"two of them", "4111111111111111,5555555555554444", "************1111,************4444"},
		{"masked already", "411111******1111", "411111******1111"},
		{"fails the check digit", "4111111111111112", "4111111111111112"},
		{"a gateway number of 22 digits", "5099000000260914000017", "5099000000260914000017"},
		{"short figures", "12.50 on 2026-09-14", "12.50 on 2026-09-14"},
	} {
		if got := payment.Mask(c.text); got != c.want {
			t.Errorf("%s: Mask(%q) = %q, want %q", c.name, c.text, got, c.want)
		}
	}
}

func TestLastFour(t *testing.T) {
	for card, want := range map[string]string{"411111******1111": "1111", "1234": "1234", "": "", "****": "", "x 99": ""} {
		if got := payment.LastFour(card); got != want {
			t.Errorf("LastFour(%q) = %q, want %q", card, got, want)
		}
	}
}

func TestMaskingTwiceChangesNothing(t *testing.T) {
	for _, text := range []string{"6011000004444 555555555555", "0000000004444 555555555555 4111111111111111"} {
		if once := payment.Mask(text); payment.Mask(once) != once {
			t.Errorf("%q becomes %q, and then %q", text, once, payment.Mask(once))
		}
	}
}

func FuzzMask(f *testing.F) {
	f.Add("order", " paid")
	f.Add("5 ", " 12")
	f.Fuzz(func(t *testing.T, before, after string) {
		if strings.ContainsAny(lastOf(before)+firstOf(after), "0123456789") {
			return // joined to other digits it is another number
		}
		const pan = "4111111111111111"
		if once := payment.Mask(before + pan + after); payment.Mask(once) != once {
			t.Errorf("masking %q twice changes it", once)
		}
		if strings.Contains(payment.Mask(before+pan+after), pan) {
			t.Errorf("the number is still there after %q and before %q", before, after)
		}
	})
}

func lastOf(s string) string {
	if s == "" {
		return ""
	}
	return s[len(s)-1:]
}

func firstOf(s string) string {
	if s == "" {
		return ""
	}
	return s[:1]
}
