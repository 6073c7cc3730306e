package iotpay

import (
	"log/slog"
	"strings"
	"testing"

	"tillkeeper/payment"
)

// FuzzAnswer: no answer is an approval that names no order and no sum, or that says
// two things; none panics, and none carries a card number or an expiry on.
func FuzzAnswer(f *testing.F) {
	for _, s := range samples(f) {
		f.Add([]byte(s.message))
	}
	d := &Driver{log: slog.New(slog.DiscardHandler)}
	o := payment.Order{Number: "T1", Asked: payment.Amounts{Amount: payment.FromMinor(100, "CAD")}}
	f.Fuzz(func(t *testing.T, body []byte) {
		if text := masked(body); payment.Mask(text) != text {
			t.Errorf("the log holds a card number: %s", text)
		}
		a, err := decode(body)
		if err != nil {
			return
		}
		genuine(a.top, exampleKey)
		for _, sort := range []func(answer) (payment.Outcome, payment.Code, error){verdict, queryVerdict} {
			r, err := d.read(a, sort, o)
			if err != nil {
				continue
			}
			if r.Outcome == payment.Approved && (r.Number == "" || !r.Facts.Amounts.Amount.Known() || a.disagrees() != "" || a.ret() != wordSuccess) {
				t.Errorf("%q is an approval", body)
			}
			clean(t, r)
		}
	})
}

// clean checks what a result carries into the journal.
func clean(t *testing.T, r payment.Result) {
	f := r.Facts
	for _, text := range []string{
		r.Text, r.Raw, r.Number, f.AuthCode, f.Brand, f.Reference, f.Trace, f.TerminalTime, f.Slip.Display, f.Slip.Account,
		f.Slip.Label, f.Slip.Sequence, f.Slip.Invoice, f.Slip.Batch, f.Slip.TerminalNumber, f.Slip.Application, f.Slip.Cryptogram,
	} {
		if payment.Mask(text) != text {
			t.Errorf("a result holds a card number: %q", text)
		}
	}
	if len(f.Card) > 4 || strings.Contains(r.Raw, `"expireDate"`) {
		t.Errorf("card %q, raw %s", f.Card, r.Raw)
	}
}

// FuzzParseAddress: a normal form is its own normal form.
func FuzzParseAddress(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string) {
		address, err := ParseAddress(text)
		if err != nil {
			return
		}
		if again, err := ParseAddress(address); err != nil || again != address {
			t.Errorf("%q becomes %q, and that %q, %v", text, address, again, err)
		}
	})
}

// FuzzRewritten: JSON is rewritten as JSON that is rewritten no further.
func FuzzRewritten(f *testing.F) {
	f.Fuzz(func(t *testing.T, body []byte) {
		o, err := parseObject(body)
		if err != nil || strings.HasPrefix(string(body), "\ufeff") {
			return
		}
		text := rewritten([]byte(strings.TrimSpace(string(body))))
		if text == "" {
			return // a name that is said twice, deeper inside
		}
		if again := rewritten([]byte(text)); again != text {
			t.Errorf("%q becomes %q, and that %q", body, text, again)
		}
		if inner, err := parseObject([]byte(text)); err != nil || len(inner) != len(o) {
			t.Errorf("%q becomes %q, %v", body, text, err)
		}
	})
}
