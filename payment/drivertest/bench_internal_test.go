package drivertest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"testing"
	"testing/synctest"

	"tillkeeper/payment"
)

// quiet is a driver that does as it is told.
type quiet struct {
	payment.Driver
	res payment.Result
	err error
}

func (q *quiet) Do(_ context.Context, _ payment.Request, tell func(payment.Progress)) (payment.Result, error) {
	tell(payment.Progress{Kind: payment.ProgressSent})
	return q.res, q.err
}

func (q *quiet) Status(context.Context, payment.Request) (payment.Result, error) { return q.res, q.err }

// judged is a test that only notes whether it failed.
type judged struct {
	*testing.T
	failed bool
}

func (j *judged) Helper()               {}
func (j *judged) Errorf(string, ...any) { j.failed = true }
func (j *judged) Fatalf(string, ...any) { j.failed = true }

func TestTheBenchJudges(t *testing.T) {
	req := Request(payment.Sale, "A1", Sum("12.40", "USD"))
	approved := payment.Result{Outcome: payment.Approved}
	lost := payment.Errorf(payment.CodeLinkLost, "lost")
	unsent := payment.NotSent(payment.CodeBusy, "busy")
	for _, tc := range []struct {
		name  string
		res   payment.Result
		err   error
		judge func(b *Bench)
		fails bool
	}{
		{"approved, as it must be", approved, nil, func(b *Bench) { b.Must(req, payment.Approved) }, false},
		{"approved with the code that it must have", approved, nil, func(b *Bench) { b.Must(req, payment.Approved, "") }, false},
		{"approved without the code that it must have", approved, nil, func(b *Bench) { b.Must(req, payment.Approved, payment.CodeDeclined) }, true},
		{"approved, and it must not be", approved, nil, func(b *Bench) { b.Must(req, payment.Declined) }, true},
		{"unknown, and it must not be", approved, lost, func(b *Bench) { b.Must(req, payment.Approved) }, true},
		{"unknown", payment.Result{}, lost, func(b *Bench) { b.Unknown(req, payment.CodeLinkLost) }, false},
		{"unknown for another reason", payment.Result{}, lost, func(b *Bench) { b.Unknown(req, payment.CodeNoAnswer) }, true},
		{"known", approved, nil, func(b *Bench) { b.Unknown(req, payment.CodeLinkLost) }, true},
		{"not sent is not unknown", payment.Result{}, unsent, func(b *Bench) { b.Unknown(req, payment.CodeBusy) }, true},
		{"not sent", payment.Result{}, unsent, func(b *Bench) { b.NotSent(req, payment.CodeBusy) }, false},
		{"not sent for another reason", payment.Result{}, unsent, func(b *Bench) { b.NotSent(req, payment.CodeClosed) }, true},
		{"unknown is not not sent", payment.Result{}, lost, func(b *Bench) { b.NotSent(req, payment.CodeLinkLost) }, true},
		{"shown", approved, nil, func(b *Bench) { b.Shows(req, payment.Approved) }, false},
		{"shown as another", approved, nil, func(b *Bench) { b.Shows(req, payment.Declined) }, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			j := &judged{T: t}
			tc.judge(&Bench{T: j, Tried: &quiet{res: tc.res, err: tc.err}})
			if j.failed != tc.fails {
				t.Errorf("failed: %v", j.failed)
			}
		})
	}
}

func TestTheBenchKeepsWhatIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &Bench{T: t, Tried: &quiet{res: payment.Result{Outcome: payment.Approved}}}
		req := Request(payment.Sale, "A1", Sum("1", "JPY"))
		for range 2 {
			b.Must(req, payment.Approved)
			if told := b.Told(); len(told) != 1 || told[0].Kind != payment.ProgressSent {
				t.Errorf("told %v", told)
			}
		}
		env := b.Env(func(context.Context, string, string) (net.Conn, error) { return nil, fmt.Errorf("dialled") })
		env.Log.Debug("hello")
		env.Link(payment.LinkState{Tried: true})
		env.Link(payment.LinkState{Up: true})
		if len(b.States()) != 2 || !b.State().Up || b.Logged() == "" {
			t.Errorf("%v, %q", b.States(), b.Logged())
		}
		for _, cut := range []bool{true, false} {
			b.Cut(cut)
			if _, err := env.Dial(t.Context(), "tcp", "x:1"); errors.Is(err, errUnreachable) != cut {
				t.Errorf("cut %v: %v", cut, err)
			}
		}
	})
}

func TestLedgers(t *testing.T) {
	type charge struct {
		Order     string `json:"order"`
		Operation string `json:"operation"`
		Amount    string `json:"amount"`
		Currency  string `json:"currency"`
	}
	ledger := []charge{{"A1", "sale", "12.400", "KWD"}, {"V1", "void", "12.400", "KWD"}}
	want := []Charge{
		{Number: "A1", Operation: payment.Sale, Amount: payment.FromMinor(12_400, "KWD")},
		{Number: "V1", Operation: payment.Void, Amount: payment.FromMinor(12_400, "KWD")},
	}
	same := func(a, b Charge) bool {
		return a.Number == b.Number && a.Operation == b.Operation && a.Amount.Equal(b.Amount)
	}
	if got := Charges(ledger); !slices.EqualFunc(got, want, same) {
		t.Errorf("%+v", got)
	}
	WantCharges(t, ledger, "A1 sale 12.400 KWD", "V1 void 12.400 KWD")
	WantCharges(t, []charge(nil))
	j := &judged{T: t}
	if WantCharges(j, ledger, "A1 sale 12.400 KWD"); !j.failed {
		t.Error("a charge too many was not seen")
	}
}
