package comgate

import (
	"fmt"
	"strconv"

	"github.com/bojanz/currency"

	"tillkeeper/payment"
)

// newer are numbers of ISO 4217 that the library does not have yet.
var newer = map[payment.Currency]string{"XCG": "532"}

// numericOf is the ISO 4217 number of a currency, three digits.
func numericOf(c payment.Currency) string {
	if code, ok := newer[c]; ok {
		return code
	}
	code, _ := currency.GetNumericCode(string(c))
	return code
}

// currencyOf is the currency of a number.
func currencyOf(code string) (payment.Currency, bool) {
	for _, c := range payment.Currencies() {
		if numericOf(c) == code {
			return c, true
		}
	}
	return "", false
}

// saidCurrency reads the currency of a result: a number, its digits as text, or a
// code. The terminal's own number is the terminal's currency, whatever ISO says.
func (s settings) saidCurrency(text string) (payment.Currency, error) {
	if n, err := strconv.Atoi(text); err == nil {
		text = fmt.Sprintf("%03d", n)
	}
	if text == s.currencyCode {
		return s.currency, nil
	}
	if c, ok := currencyOf(text); ok {
		return c, nil
	}
	return payment.ParseCurrency(text)
}
