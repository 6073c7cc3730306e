package journaltest

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"tillkeeper/payment"
)

// Harness gives the suite its journals. All of them are closed with the test.
type Harness struct {
	// New returns an empty journal.
	New func(t *testing.T) payment.Journal
	// Reopen closes j, as at the end of its process, and opens the same journal as
	// the next process would. Nil for a journal that lives in memory only.
	Reopen func(t *testing.T, j payment.Journal) payment.Journal
	// Beside opens the journal of j once more, as a second process would while the
	// first goes on. Nil where that cannot be.
	Beside func(t *testing.T, j payment.Journal) payment.Journal
}

// Run asks all that a journal promises.
func Run(t *testing.T, h Harness) {
	for _, c := range []struct {
		name string
		run  func(*testing.T, Harness)
	}{
		{"what is stored comes back", testRoundTrip},
		{"Create and Append return what Find returns", testSame},
		{"card numbers are masked", testMasked},
		{"a number is used once", testNumberOnce},
		{"an unknown number", testUnknownNumber},
		{"entries keep their order", testEntryOrder},
		{"a caller that went away", testGone},
		{"rules hold inside Create", testRules},
		{"two at the same time on one terminal", testRace},
		{"follow-ups change their original", testFollowUps},
		{"Open lists what is not settled", testOpen},
		{"List chooses", testList},
		{"Search finds", testSearch},
		{"Since follows the entries", testSince},
		{"what is owed is found", testOwing},
		{"batches come back", testBatches},
		{"Watch ends with its context", testWatchEnds},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, h) })
	}
	if h.Reopen != nil {
		t.Run("everything survives the process", func(t *testing.T) { testDurable(t, h) })
		t.Run("orders of an ended process are held by none", func(t *testing.T) { testOrphaned(t, h) })
	}
	if h.Beside != nil {
		t.Run("a journal beside it sees the same", func(t *testing.T) { testBeside(t, h) })
		t.Run("Watch tells of a journal beside it", func(t *testing.T) { testWatch(t, h) })
	}
}

// Exactly compares as money needs it: amounts by sum and currency, times by moment
// and offset.
var Exactly = cmp.Options{
	cmp.Comparer(payment.Amount.Equal),
	cmp.Comparer(func(a, b time.Time) bool {
		_, x := a.Zone()
		_, y := b.Zone()
		return a.Equal(b) && x == y
	}),
	cmpopts.EquateEmpty(),
}

// same fails the test where have differs from want.
func same(t *testing.T, what string, have, want any) {
	t.Helper()
	if diff := cmp.Diff(want, have, Exactly); diff != "" {
		t.Errorf("%s: want (-), have (+):\n%s", what, diff)
	}
}

// noon is when everything in this package begins.
var noon = time.Date(2026, 3, 14, 12, 0, 0, 123456789, time.FixedZone("", 3600))

func sum(text string, c payment.Currency) payment.Amount {
	a, err := payment.ParseAmount(text, c)
	if err != nil {
		panic(err)
	}
	return a
}

// sale returns an order over text USD on terminal "t1".
func sale(number, text string) payment.Order {
	return payment.Order{
		Number: number, Operation: payment.Sale, Terminal: "t1", TerminalName: "Front", Protocol: "ecrhub",
		Asked: payment.Amounts{Amount: sum(text, "USD")}, Created: noon,
	}
}

func followUp(op payment.Operation, number, original, text string) payment.Order {
	o := sale(number, text)
	o.Operation, o.Original = op, original
	return o
}

func entry(k payment.Kind) payment.Entry {
	return payment.Entry{Time: noon, Source: payment.FromTill, Kind: k}
}

func answer(outcome payment.Outcome) payment.Entry {
	e := entry(payment.KindAnswer)
	e.Source, e.Outcome = payment.FromTerminal, outcome
	return e
}

func mustCreate(t *testing.T, j payment.Journal, o payment.Order, entries ...payment.Entry) payment.Record {
	t.Helper()
	if len(entries) == 0 {
		entries = []payment.Entry{entry(payment.KindCreated), entry(payment.KindSent)}
	}
	r, err := j.Create(t.Context(), o, entries...)
	if err != nil {
		t.Fatalf("create %s: %v", o.Number, err)
	}
	return r
}

func mustAppend(t *testing.T, j payment.Journal, number string, entries ...payment.Entry) payment.Record {
	t.Helper()
	r, err := j.Append(t.Context(), number, entries...)
	if err != nil {
		t.Fatalf("append to %s: %v", number, err)
	}
	return r
}

func mustFind(t *testing.T, j payment.Journal, number string) payment.Record {
	t.Helper()
	r, err := j.Find(t.Context(), number)
	if err != nil {
		t.Fatalf("find %s: %v", number, err)
	}
	return r
}

// paid makes a sale and has it approved.
func paid(t *testing.T, j payment.Journal, number, text string) payment.Record {
	t.Helper()
	mustCreate(t, j, sale(number, text))
	return mustAppend(t, j, number, answer(payment.Approved))
}

// refused fails the test unless err has that code.
func refused(t *testing.T, what string, err error, want payment.Code) {
	t.Helper()
	if got := payment.CodeOf(err); got != want {
		t.Errorf("%s: want %s, have %q (%v)", what, want, got, err)
	}
}

func numbers(records []payment.Record) []string {
	all := []string{}
	for _, r := range records {
		all = append(all, r.Order.Number)
	}
	return all
}

// lists fails the test unless List finds exactly these numbers, in this order.
func lists(t *testing.T, j payment.Journal, what string, f payment.Filter, want ...string) {
	t.Helper()
	found, err := j.List(t.Context(), f)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	if !slices.Equal(numbers(found), want) {
		t.Errorf("%s: want %q, have %q", what, want, numbers(found))
	}
}

func ended(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	return ctx
}
