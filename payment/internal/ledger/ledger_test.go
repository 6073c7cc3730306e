package ledger_test

import (
	"bytes"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/ledger"
)

func TestChargesAreToldThenBooked(t *testing.T) {
	var told []ledger.Charge
	l := ledger.New(func(c ledger.Charge) error { told = append(told, c); return nil }, slog.New(slog.DiscardHandler))
	for _, m := range []struct {
		number string
		op     payment.Operation
		sum    payment.Amount
	}{
		{"A1", payment.Sale, payment.FromMinor(1240, "EUR")},
		{"A2", payment.Refund, payment.FromMinor(500, "JPY")},
		{"A1", payment.TipAdjustment, payment.FromMinor(1500, "KWD")},
	} {
		if err := l.Move(m.number, m.op, m.sum); err != nil {
			t.Fatal(err)
		}
	}
	want := []ledger.Charge{{"A1", "sale", "12.40", "EUR"}, {"A2", "refund", "500", "JPY"}, {"A1", "tip-adjustment", "1.500", "KWD"}}
	if got := l.Charges(); !slices.Equal(got, want) || !slices.Equal(told, want) {
		t.Errorf("charges %v, told %v; want %v", got, told, want)
	}
	l.Charges()[0].Order = "changed"
	if l.Charges()[0].Order != "A1" {
		t.Error("the ledger can be changed from outside")
	}
	if l.Clear(); len(l.Charges()) > 0 {
		t.Error("a cleared ledger has charges")
	}
}

func TestWhatCannotBeWrittenDownDoesNotMove(t *testing.T) {
	full := errors.New("disk full")
	var log bytes.Buffer
	l := ledger.New(func(ledger.Charge) error { return full }, slog.New(slog.NewTextHandler(&log, nil)))
	if err := l.Move("A1", payment.Sale, payment.FromMinor(100, "CZK")); !errors.Is(err, full) || len(l.Charges()) > 0 {
		t.Errorf("%v, charges %v", err, l.Charges())
	}
	if !strings.Contains(log.String(), "disk full") || strings.Contains(log.String(), "money moved") {
		t.Errorf("log %s", log.String())
	}
}
