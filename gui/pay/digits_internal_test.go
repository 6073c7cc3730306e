package pay

import (
	"testing"

	"tillkeeper/payment"
)

// Tests from inside, because what is typed shows outside only as an amount.
func TestDigitsBecomeAnAmount(t *testing.T) {
	rows := []struct {
		name, keys string
		currency   payment.Currency
		want       string
	}{
		{"digits move in from the right", "1250", "EUR", "12.50"},
		{"one digit is a cent", "5", "EUR", "0.05"},
		{"a mark makes whole units", "12.5", "EUR", "12.50"},
		{"a comma is a mark too", "12,50", "EUR", "12.50"},
		{"whole units alone", "12.", "EUR", "12.00"},
		{"nothing before the mark", ".5", "EUR", "0.50"},
		{"more places than there are", "1.2345", "EUR", "1.23"},
		{"leading noughts", "000125", "EUR", "1.25"},
		{"three places", "1250", "KWD", "1.250"},
		{"no places", "1250", "JPY", "1250"},
		{"a mark without places", "12.50", "JPY", "1250"},
		{"no more than nine digits", "1234567890123", "EUR", "1234567.89"},
		{"a step back", "125<0", "EUR", "1.20"},
		{"a step back over the mark", "12.<5", "EUR", "125.00"},
		{"all the way back", "12.<<<7", "EUR", "0.07"},
		{"cleared", "1250C5", "EUR", "0.05"},
		{"nothing", "", "EUR", ""},
		{"noughts only", "000", "EUR", ""},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			d := digits{places: int(r.currency.Places())}
			for _, key := range r.keys {
				switch key {
				case '<':
					d.backspace()
				case 'C':
					d.clear()
				case '.', ',':
					d.mark()
				default:
					d.digit(string(key))
				}
			}
			if got := d.amount(r.currency).Text(); got != r.want {
				t.Errorf("%q is %q, want %q", r.keys, got, r.want)
			}
		})
	}
}
