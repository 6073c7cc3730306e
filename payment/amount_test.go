package payment_test

import (
	"testing"

	"pgregory.net/rapid"

	"tillkeeper/payment"
)

func TestParseAmount(t *testing.T) {
	for _, c := range []struct{ typed, currency, want string }{
		{"12", "USD", "12.00"},
		{"12.5", "USD", "12.50"},
		{"12,50", "EUR", "12.50"},
		{"1 234.50", "USD", "1234.50"},
		{"1 234,5", "CZK", "1234.50"},
		{"1\u00a0234\u202f567,89", "CZK", "1234567.89"},
		{"1,234.50", "USD", "1234.50"},
		{"1.234,50", "EUR", "1234.50"},
		{"1.234.567", "EUR", "1234567.00"},
		{"1'234.50", "CHF", "1234.50"},
		{".5", "USD", "0.50"},
		{",05", "EUR", "0.05"},
		{"12.", "USD", "12.00"},
		{" 7 ", "USD", "7.00"},
		{"007", "USD", "7.00"},
		{"+3", "USD", "3.00"},
		{"1500", "JPY", "1500"},
		{"1.234.567", "JPY", "1234567"},
		{"1.234", "KWD", "1.234"},
		{"0,001", "BHD", "0.001"},
		{"9999999999.99", "USD", "9999999999.99"},
	} {
		got, err := payment.ParseAmount(c.typed, payment.Currency(c.currency))
		if err != nil || got.Text() != c.want {
			t.Errorf("ParseAmount(%q, %s) = %q, %v; want %s", c.typed, c.currency, got.Text(), err, c.want)
		}
	}
}

func TestParseAmountRefuses(t *testing.T) {
	for _, c := range []struct {
		typed, currency string
		want            payment.Code
	}{
		{"", "USD", payment.CodeBadAmount},
		{"   ", "USD", payment.CodeBadAmount},
		{".", "USD", payment.CodeBadAmount},
		{"abc", "USD", payment.CodeBadAmount},
		{"12a", "USD", payment.CodeBadAmount},
		{"1e3", "USD", payment.CodeBadAmount},
		{"0x10", "USD", payment.CodeBadAmount},
		{"NaN", "USD", payment.CodeBadAmount},
		{"١٢", "USD", payment.CodeBadAmount},
		{"1 23", "USD", payment.CodeBadAmount},
		{"12 34.50", "USD", payment.CodeBadAmount},
		{"1,23,456.00", "USD", payment.CodeBadAmount},
		{"1.2.3", "USD", payment.CodeBadAmount},
		{"1.234.567,8.9", "EUR", payment.CodeBadAmount},
		{"0", "USD", payment.CodeZero},
		{"0.00", "USD", payment.CodeZero},
		{"-5", "USD", payment.CodeNegative},
		{"−5", "USD", payment.CodeNegative},
		{"12.345", "USD", payment.CodeTooManyPlaces},
		{"12.500", "USD", payment.CodeTooManyPlaces},
		{"1,234", "USD", payment.CodeTooManyPlaces},
		{"1.5", "JPY", payment.CodeTooManyPlaces},
		{"1.2345", "KWD", payment.CodeTooManyPlaces},
		{"10000000000", "USD", payment.CodeTooLarge},
		{"99999999999999999999999999999999999999999999", "USD", payment.CodeTooLarge},
	} {
		got, err := payment.ParseAmount(c.typed, payment.Currency(c.currency))
		if code := payment.CodeOf(err); code != c.want {
			t.Errorf("ParseAmount(%q, %s) = %v, code %q; want code %q", c.typed, c.currency, got, code, c.want)
		}
	}
}

func TestAmountSurvivesTextAndMinorUnits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := rapid.SampledFrom([]payment.Currency{"JPY", "USD", "CZK", "KWD"}).Draw(t, "currency")
		a := payment.FromMinor(rapid.Int64Range(1, 999_999_999_999).Draw(t, "minor"), c)
		back, err := payment.ParseAmount(a.Text(), c)
		if err != nil || !back.Equal(a) || back.Minor() != a.Minor() {
			t.Fatalf("%v came back as %v, %v", a, back, err)
		}
	})
}

func TestParseCurrency(t *testing.T) {
	for code, places := range map[string]int32{"usd": 2, "JPY": 0, " kwd ": 3, "CZK": 2} {
		c, err := payment.ParseCurrency(code)
		if err != nil || c.Places() != places {
			t.Errorf("ParseCurrency(%q) = %v with %d places, %v", code, c, c.Places(), err)
		}
	}
	for _, code := range []string{"", "US", "USDX", "XAU", "XTS"} {
		if _, err := payment.ParseCurrency(code); payment.CodeOf(err) != payment.CodeBadCurrency {
			t.Errorf("ParseCurrency(%q) gave %v", code, err)
		}
	}
}

func TestAmountsTotalCountsUnsaidPartsAsNothing(t *testing.T) {
	a := payment.Amounts{Amount: usd("40.00"), Tip: usd("6.00")}
	if got := a.Total().Text(); got != "46.00" {
		t.Errorf("total is %s", got)
	}
	if (payment.Amount{}).Known() || (payment.Amount{}).Text() != "" {
		t.Error("the zero amount must be one that was not said")
	}
	if (payment.Amounts{Amount: usd("1.00"), Tip: payment.FromMinor(1, "EUR")}).OneCurrency() {
		t.Error("two currencies in one order must not count as the same")
	}
}

func usd(text string) payment.Amount {
	a, err := payment.ParseAmount(text, "USD")
	if err != nil {
		panic(err)
	}
	return a
}

func FuzzParseAmount(f *testing.F) {
	for _, s := range []string{"12", "12,50", "1 234.50", "-0", "1.234.567,89", "", "9e9"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		a, err := payment.ParseAmount(s, "USD")
		if err == nil && !a.IsPositive() {
			t.Errorf("%q gave %v without an error", s, a)
		}
	})
}
