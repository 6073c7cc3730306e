package ecrhub

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"tillkeeper/payment"
)

// FuzzHear: no frame makes an order approved that does not name it by its
// request id or its number, and none panics or carries a card number on.
func FuzzHear(f *testing.F) {
	for _, s := range samples(f) {
		f.Add([]byte(s.message))
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		var log bytes.Buffer
		var late []payment.Result
		d := &Driver{
			settings: settings{currency: payment.DefaultCurrency},
			log:      slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
			env:      payment.Env{Late: func(r payment.Result) { late = append(late, r) }},
		}
		const id, number = "11111111-2222-3333-4444-555555555555", "FUZZ0001"
		c := d.box.open(topicOrder, id, number)
		d.hear(frame)
		select {
		case r := <-c.reply:
			w := &waiting{driver: d, order: payment.Order{Number: number, Operation: payment.Sale}, call: c}
			res, err := w.read(r, false)
			if err == nil && res.Outcome == payment.Approved && r.requestID != id && res.Number != number {
				t.Errorf("%q approves an order that it does not name", frame)
			}
			if err == nil {
				clean(t, res)
			}
		default:
		}
		for _, res := range late {
			clean(t, res)
			if !res.Outcome.Final() || res.Number == "" {
				t.Errorf("a late answer %+v", res)
			}
		}
		if text := log.String(); payment.Mask(text) != text {
			t.Errorf("the log holds a card number: %s", text)
		}
	})
}

// clean checks what a result carries into the journal.
func clean(t *testing.T, r payment.Result) {
	for _, text := range []string{r.Text, r.Raw, r.Facts.AuthCode, r.Facts.Brand, r.Facts.Reference, r.Facts.Trace, r.Facts.TerminalTime} {
		if payment.Mask(text) != text {
			t.Errorf("a result holds a card number: %q", text)
		}
	}
	if len(r.Facts.Card) > 4 {
		t.Errorf("card %q", r.Facts.Card)
	}
}

// FuzzParseAddress: a normal form is its own normal form, and always a host and a port.
func FuzzParseAddress(f *testing.F) {
	f.Fuzz(func(t *testing.T, text string) {
		address, err := ParseAddress(text)
		if err != nil {
			return
		}
		if again, err := ParseAddress(address); err != nil || again != address {
			t.Errorf("%q becomes %q, and that %q, %v", text, address, again, err)
		}
		if !strings.HasPrefix(address, name+"://") {
			t.Errorf("%q becomes %q", text, address)
		}
	})
}
