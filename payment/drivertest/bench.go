package drivertest

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tillkeeper/payment"
)

// Bench is where a driver is tried by itself, without a till above it and in fake
// time, by the tests that it has beside the suite: what only its protocol can do. A
// driver's own rig embeds it.
type Bench struct {
	T testing.TB
	// Tried is the driver, once it is open.
	Tried payment.Driver

	log    logbook
	mu     sync.Mutex
	cut    bool
	told   []payment.Progress
	states []payment.LinkState
}

// Env is what the driver is opened with: a network that can be cut, and a log and a
// link's health that are kept.
func (b *Bench) Env(dial dialFunc) payment.Env {
	return payment.Env{
		Dial: b.through(dial),
		Log:  slog.New(slog.NewTextHandler(&b.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Link: func(s payment.LinkState) { b.mu.Lock(); defer b.mu.Unlock(); b.states = append(b.states, s) },
	}
}

func (b *Bench) through(dial dialFunc) dialFunc {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		b.mu.Lock()
		cut := b.cut
		b.mu.Unlock()
		if cut {
			return nil, errUnreachable
		}
		return dial(ctx, network, address)
	}
}

// Cut makes every dial fail, or none. Present connections stay.
func (b *Bench) Cut(cut bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.cut = cut
}

// Logged is everything that was logged, at debug level.
func (b *Bench) Logged() string { return b.log.String() }

// States are all healths of the link that the driver told.
func (b *Bench) States() []payment.LinkState {
	synctest.Wait()
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.states)
}

// State is the last of them.
func (b *Bench) State() payment.LinkState {
	all := b.States()
	return all[len(all)-1]
}

// Hear keeps progress; it is what Run lets the driver tell.
func (b *Bench) Hear(p payment.Progress) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.told = append(b.told, p)
}

// Told is the progress heard since the last Run began.
func (b *Bench) Told() []payment.Progress {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.told)
}

// Run runs an order under a generous deadline.
func (b *Bench) Run(req payment.Request) (payment.Result, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Minute)
	defer cancel()
	b.mu.Lock()
	b.told = nil
	b.mu.Unlock()
	return b.Tried.Do(ctx, req, b.Hear)
}

// Must runs an order that has to come to an outcome, with one of the codes where
// some are given.
func (b *Bench) Must(req payment.Request, want payment.Outcome, codes ...payment.Code) payment.Result {
	b.T.Helper()
	res, err := b.Run(req)
	if err != nil || res.Outcome != want || len(codes) > 0 && !slices.Contains(codes, res.Code) {
		b.T.Fatalf("%s %s: %+v, %v; want %s %q", req.Order.Operation, req.Order.Number, res, err, want, codes)
	}
	return res
}

// Unknown runs an order that must stay unknown, with a code.
func (b *Bench) Unknown(req payment.Request, code payment.Code) {
	b.T.Helper()
	res, err := b.Run(req)
	WantUnknown(b.T, res, err, code)
}

// NotSent runs an order that must not leave, with a code.
func (b *Bench) NotSent(req payment.Request, code payment.Code) {
	b.T.Helper()
	_, err := b.Run(req)
	WantNotSent(b.T, err, code)
}

// Shows asks once after an order, of which the answer has to be an outcome.
func (b *Bench) Shows(req payment.Request, want payment.Outcome) payment.Result {
	b.T.Helper()
	res, err := b.Tried.Status(b.T.Context(), req)
	if err != nil || res.Outcome != want {
		b.T.Fatalf("status of %s: %+v, %v; want %s", req.Order.Number, res, err, want)
	}
	return res
}

// WantUnknown checks that a call has left it open what became of an order, and its code.
func WantUnknown(t testing.TB, res payment.Result, err error, code payment.Code) {
	t.Helper()
	switch {
	case err == nil:
		t.Fatalf("outcome %s; want unknown", res.Outcome)
	case errors.Is(err, payment.ErrNotSent):
		t.Fatalf("%v says that nothing was sent; want unknown", err)
	case payment.CodeOf(err) != code:
		t.Fatalf("%v has code %s, want %s", err, payment.CodeOf(err), code)
	}
}

// WantNotSent checks that a call says that nothing was sent, and its code.
func WantNotSent(t testing.TB, err error, code payment.Code) {
	t.Helper()
	if !errors.Is(err, payment.ErrNotSent) || payment.CodeOf(err) != code {
		t.Fatalf("%v (%s); want ErrNotSent with %s", err, payment.CodeOf(err), code)
	}
}

// Request is an order over a sum as the till hands it to a driver.
func Request(op payment.Operation, number string, sum payment.Amount) payment.Request {
	return payment.Request{Order: payment.Order{
		Number: number, Operation: op, Asked: payment.Amounts{Amount: sum},
	}}
}

// Sum reads an amount that a test has written down. It panics on one that is none.
func Sum(text string, c payment.Currency) payment.Amount {
	a, err := payment.ParseAmount(text, c)
	if err != nil {
		panic(err)
	}
	return a
}

// Line is a line of a simulator's ledger: the number of the order, the operation in
// our words, and decimal text in major units of the currency.
type Line interface {
	~struct {
		Order     string `json:"order"`
		Operation string `json:"operation"`
		Amount    string `json:"amount"`
		Currency  string `json:"currency"`
	}
}

// line is what every Line can be turned into.
type line struct{ Order, Operation, Amount, Currency string }

// Charges reads a simulator's ledger.
func Charges[L Line](ledger []L) (all []Charge) {
	for _, entry := range ledger {
		l := line(entry)
		all = append(all, Charge{
			Number: l.Order, Operation: payment.Operation(l.Operation), Amount: Sum(l.Amount, payment.Currency(l.Currency)),
		})
	}
	return all
}

// WantCharges compares a simulator's ledger with lines such as "A1 sale 12.40 USD".
func WantCharges[L Line](t testing.TB, ledger []L, want ...string) {
	t.Helper()
	var got []string
	for _, entry := range ledger {
		l := line(entry)
		got = append(got, l.Order+" "+l.Operation+" "+l.Amount+" "+l.Currency)
	}
	if strings.Join(got, ", ") != strings.Join(want, ", ") {
		t.Errorf("charges %q, want %q", got, want)
	}
}
