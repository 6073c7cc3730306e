package payment

import (
	"strings"

	"github.com/shopspring/decimal"
)

// maxMinor is the largest sum an amount may hold, in minor units: twelve digits,
// which is what the amount field of ISO 8583 carries to a bank.
var maxMinor = decimal.New(999_999_999_999, 0)

// Amount is an exact sum of money in one currency. It never has more decimal places
// than its currency. The zero Amount has no currency and means "not said", which is
// not the same as nothing: see Known.
type Amount struct {
	value    decimal.Decimal
	currency Currency
}

// FromMinor returns the amount of minor units (cents, yen, fils) in c.
func FromMinor(minor int64, c Currency) Amount {
	return Amount{decimal.New(minor, -c.Places()), c}
}

// NewAmount returns value in c. It gives an *Error where value has more places than
// c (CodeTooManyPlaces) or is too large to be carried (CodeTooLarge). Zero and
// negative values are allowed; see ParseAmount for what people type.
func NewAmount(value decimal.Decimal, c Currency) (Amount, error) {
	minor := value.Shift(c.Places())
	if !minor.IsInteger() {
		return Amount{}, Errorf(CodeTooManyPlaces, "%s has amounts with %d decimal places at most", c, c.Places())
	}
	if minor.Abs().GreaterThan(maxMinor) {
		return Amount{}, Errorf(CodeTooLarge, "the amount is too large")
	}
	return Amount{value, c}, nil
}

// Known reports whether the amount was said at all.
func (a Amount) Known() bool { return a.currency != "" }

// Currency returns the amount's currency, "" for the zero Amount.
func (a Amount) Currency() Currency { return a.currency }

// Minor returns the amount in minor units of its currency.
func (a Amount) Minor() int64 { return a.value.Shift(a.currency.Places()).IntPart() }

// Text returns the amount as decimal text with exactly the currency's places, a dot
// as separator and no grouping: "1234.50". For the zero Amount it is "".
func (a Amount) Text() string {
	if !a.Known() {
		return ""
	}
	return a.value.StringFixed(a.currency.Places())
}

// String returns Text and the currency code, for logs.
func (a Amount) String() string { return strings.TrimSpace(a.Text() + " " + string(a.currency)) }

// IsZero reports whether the amount is nothing or was not said.
func (a Amount) IsZero() bool { return a.value.IsZero() }

// IsPositive reports whether the amount is more than nothing.
func (a Amount) IsPositive() bool { return a.value.IsPositive() }

// Equal reports whether both are the same sum in the same currency.
func (a Amount) Equal(b Amount) bool { return a.currency == b.currency && a.value.Equal(b.value) }

// Less reports whether a is a smaller sum than b. Comparing currencies is the
// caller's duty.
func (a Amount) Less(b Amount) bool { return a.value.LessThan(b.value) }

// Add returns a + b. An amount that was not said counts as nothing. Adding two
// currencies is a defect of the program, not of its input, and panics.
func (a Amount) Add(b Amount) Amount {
	return Amount{a.value.Add(b.value), common(a, b)}
}

// Sub returns a - b under the rules of Add. The result may be negative.
func (a Amount) Sub(b Amount) Amount {
	return Amount{a.value.Sub(b.value), common(a, b)}
}

func common(a, b Amount) Currency {
	switch {
	case a.currency == "":
		return b.currency
	case b.currency == "" || a.currency == b.currency:
		return a.currency
	}
	panic("payment: sum of " + string(a.currency) + " and " + string(b.currency))
}

// Amounts are the separate facts of one movement of money, all in one currency. A
// part that was not said is the zero Amount.
type Amounts struct {
	// Amount is the price of the goods, or the sum given back.
	Amount Amount
	// Tip is what the customer adds for the staff.
	Tip Amount
	// Cashback is what is charged and handed out in notes.
	Cashback Amount
	// Surcharge is a fee added by the terminal, never by us.
	Surcharge Amount
}

// Total is what moves altogether.
func (a Amounts) Total() Amount {
	return a.Amount.Add(a.Tip).Add(a.Cashback).Add(a.Surcharge)
}

// Currency returns the currency of the parts.
func (a Amounts) Currency() Currency { return a.Amount.Currency() }

// Equal reports whether all parts are equal.
func (a Amounts) Equal(b Amounts) bool {
	return a.Amount.Equal(b.Amount) && a.Tip.Equal(b.Tip) && a.Cashback.Equal(b.Cashback) && a.Surcharge.Equal(b.Surcharge)
}

// OneCurrency reports whether all parts that are said agree in their currency.
func (a Amounts) OneCurrency() bool {
	c := a.Amount.Currency()
	for _, part := range []Amount{a.Tip, a.Cashback, a.Surcharge} {
		if part.Known() && part.Currency() != c {
			return false
		}
	}
	return true
}
