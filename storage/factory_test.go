package storage_test

import (
	"testing"
	"time"

	"tillkeeper/payment"
)

// sale returns an order over text USD on terminal "t1".
func sale(number, text string) payment.Order {
	amount, err := payment.ParseAmount(text, "USD")
	if err != nil {
		panic(err)
	}
	return payment.Order{
		Number: number, Operation: payment.Sale, Terminal: "t1", TerminalName: "Front", Protocol: "ecrhub",
		Asked: payment.Amounts{Amount: amount}, Created: time.Now(),
	}
}

func entry(k payment.Kind) payment.Entry {
	return payment.Entry{Source: payment.FromTill, Kind: k}
}

func answer(outcome payment.Outcome) payment.Entry {
	return payment.Entry{Source: payment.FromTerminal, Kind: payment.KindAnswer, Outcome: outcome}
}

func mustCreate(t *testing.T, j payment.Journal, o payment.Order) {
	t.Helper()
	if _, err := j.Create(t.Context(), o, entry(payment.KindCreated), entry(payment.KindSent)); err != nil {
		t.Fatal(err)
	}
}

func mustAppend(t *testing.T, j payment.Journal, number string, e payment.Entry) {
	t.Helper()
	if _, err := j.Append(t.Context(), number, e); err != nil {
		t.Fatal(err)
	}
}

func wantCode(t *testing.T, err error, want payment.Code) {
	t.Helper()
	if got := payment.CodeOf(err); got != want {
		t.Fatalf("want %s, have %q (%v)", want, got, err)
	}
}
