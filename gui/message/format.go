package message

import (
	"fmt"
	"strings"
	"time"

	"github.com/bojanz/currency"

	"tillkeeper/payment"
)

// Amount writes a sum as the language does, with the currency's sign and its own number of places: "€12.50", "12,50 Kč".
// A sum that was not said is "".
func (c *Catalogue) Amount(a payment.Amount) string {
	if !a.Known() {
		return ""
	}
	plain, err := currency.NewAmount(a.Text(), string(a.Currency()))
	if err != nil {
		return strings.TrimSpace(a.Text() + " " + string(a.Currency()))
	}
	f := c.formatter()
	f.MinDigits = uint8(a.Currency().Places())
	return f.Format(plain)
}

// Zero writes nothing in a currency, for a display that waits for digits.
func (c *Catalogue) Zero(of payment.Currency) string { return c.Amount(payment.FromMinor(0, of)) }

// Point is the language's decimal mark.
func (c *Catalogue) Point() string {
	half, err := currency.NewAmount("0.5", "USD")
	if err != nil {
		return "."
	}
	f := c.formatter()
	f.CurrencyDisplay = currency.DisplayNone
	if strings.Contains(f.Format(half), ",") {
		return ","
	}
	return "."
}

func (c *Catalogue) formatter() *currency.Formatter {
	f := currency.NewFormatter(currency.NewLocale(c.current))
	f.AccountingStyle = false
	return f
}

// Clock writes a time of today.
func (c *Catalogue) Clock(t time.Time) string { return t.Format(c.Text(FormatClock)) }

// When writes a time: of today as a clock, else with its day.
func (c *Catalogue) When(t, now time.Time) string {
	t = t.In(now.Location())
	if t.Year() == now.Year() && t.YearDay() == now.YearDay() {
		return c.Clock(t)
	}
	return t.Format(c.Text(FormatDay))
}

// Age writes how long ago something was.
func (c *Catalogue) Age(d time.Duration) string {
	switch {
	case d < 5*time.Second:
		return c.Text(AgeNow)
	case d < 2*time.Minute:
		return c.Text(AgeSeconds, "Count", fmt.Sprint(int(d.Seconds())))
	case d < 2*time.Hour:
		return c.Text(AgeMinutes, "Count", fmt.Sprint(int(d.Minutes())))
	case d < 48*time.Hour:
		return c.Text(AgeHours, "Count", fmt.Sprint(int(d.Hours())))
	default:
		return c.Count(AgeDays, int(d.Hours()/24))
	}
}

// Elapsed writes how long something has been going on: "0:42".
func Elapsed(d time.Duration) string {
	s := max(int(d.Seconds()), 0)
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}

// Delay writes a short time a machine took.
func Delay(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", max(d.Milliseconds(), 1))
	}
	return fmt.Sprintf("%.1f s", d.Seconds())
}
