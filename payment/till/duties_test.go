package till_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/journaltest"
	"tillkeeper/payment/till"
)

// dutiful is a terminal that wants to hear that its answer is stored.
type dutiful struct {
	*fake
	heard   []string
	deaf    bool
	journal *journaltest.Memory
	early   bool // it was told before the answer was in the journal
}

func (d *dutiful) Acknowledge(ctx context.Context, req payment.Request) error {
	r, err := d.journal.Find(ctx, req.Order.Number)
	d.early = d.early || err != nil || r.State().Status.Open()
	if d.deaf {
		return payment.Errorf(payment.CodeNoAnswer, "no answer")
	}
	d.heard = append(d.heard, req.Order.Number+" "+req.Reference)
	return nil
}

func (d *dutiful) CloseBatch(context.Context, string) (payment.Totals, error) {
	return payment.Totals{}, errors.New("not now")
}

// answersWith approves every order with those facts, voids with none.
func answersWith(f payment.Facts) *fake {
	return &fake{
		do: func(_ context.Context, req payment.Request, _ func(payment.Progress)) (payment.Result, error) {
			if req.Order.Operation == payment.Void {
				return says(payment.Approved), nil
			}
			return payment.Result{Outcome: payment.Approved, Facts: f}, nil
		},
		status: func(context.Context, payment.Request) (payment.Result, error) { return says(payment.Pending), nil },
	}
}

// dutifulShop is a till on a journal with that terminal.
func dutifulShop(t *testing.T, d *dutiful, follow bool) *till.Till {
	t.Helper()
	numbers := len(d.did)
	shop := till.New(till.Config{
		Journal: d.journal, Terminals: d.journal.Terminals(), Batches: d.journal, Now: time.Now, Follow: follow,
		NewNumber: func() string { numbers++; return fmt.Sprint("N", numbers) },
		Protocols: map[string]payment.Protocol{"fake": {
			Name: "fake",
			Open: func(_ payment.Terminal, env payment.Env) (payment.Driver, error) { d.env = env; return d, nil },
		}},
	})
	if err := shop.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = shop.Close() })
	return shop
}

func newDutiful(t *testing.T, f payment.Facts) *dutiful {
	t.Helper()
	d := &dutiful{fake: answersWith(f), journal: journaltest.NewMemory()}
	d.can = payment.Capabilities{Operations: []payment.Operation{payment.Sale, payment.Void}}
	if _, err := d.journal.Terminals().Add(t.Context(), payment.Terminal{Name: "Front", Protocol: "fake", Address: "fake://1"}); err != nil {
		t.Fatal(err)
	}
	return d
}

func TestTheTerminalIsToldOnceThatItsAnswerIsStored(t *testing.T) {
	for _, follow := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			d := newDutiful(t, payment.Facts{HandOver: true, Reference: "R7"})
			s := dutifulShop(t, d, follow)
			r, err := s.Pay(t.Context(), charge("12.50"))
			if err != nil || !r.Has(payment.KindAcknowledged) || r.State().HandOverDue {
				t.Errorf("follow %v: %v, %+v", follow, err, r.State())
			}
			synctest.Wait()
			if !slices.Equal(d.heard, []string{"N1 R7"}) || d.early {
				t.Errorf("follow %v: told %q, too early %v", follow, d.heard, d.early)
			}
			_ = s.Close()
		})
	}
}

func TestAHandOverThatFailsIsDoneByTheNextProcess(t *testing.T) {
	for _, follow := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			d := newDutiful(t, payment.Facts{HandOver: true})
			d.deaf = true
			s := dutifulShop(t, d, false)
			if r, err := s.Pay(t.Context(), charge("12.50")); err != nil || r.State().Status != payment.StatusApproved {
				t.Fatalf("a sale is no less paid for it: %v, %+v", err, r.State())
			}
			_ = s.Close()
			d.deaf = false
			s = dutifulShop(t, d, follow)
			if !follow {
				_, _ = s.Pay(t.Context(), charge("3.00")) // a till that does not follow does it before the next order
			}
			synctest.Wait()
			if len(d.heard) == 0 || d.heard[0] != "N1 " {
				t.Errorf("follow %v: told %q", follow, d.heard)
			}
			_ = s.Close()
		})
	}
}

func TestAPaymentThatMustNotStandIsTakenBackOnce(t *testing.T) {
	for _, follow := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			d := newDutiful(t, payment.Facts{ReversalDue: true})
			s := dutifulShop(t, d, follow)
			r, err := s.Pay(t.Context(), charge("12.50"))
			if err != nil || r.State().Status != payment.StatusVoided {
				t.Errorf("follow %v: %v, %s", follow, err, r.State().Status)
			}
			time.Sleep(time.Minute)
			synctest.Wait()
			if len(d.did) != 2 {
				t.Errorf("follow %v: sent %q", follow, d.did)
			}
			_ = s.Close()
		})
	}
}

func TestAReversalOutlivesTheProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDutiful(t, payment.Facts{ReversalDue: true})
		o := payment.Order{Number: "OLD", Operation: payment.Sale, Terminal: "t1", Protocol: "fake", Asked: charge("12.50").Asked, Created: time.Now()}
		facts := &payment.Facts{ReversalDue: true}
		_, err := d.journal.Create(t.Context(), o, payment.Entry{Kind: payment.KindAnswer, Outcome: payment.Approved, Facts: facts})
		if err != nil {
			t.Fatal(err)
		}
		s := dutifulShop(t, d, true)
		synctest.Wait()
		if r, _ := s.Order(t.Context(), "OLD"); r.State().Status != payment.StatusVoided {
			t.Errorf("the order is %s", r.State().Status)
		}
		_ = s.Close()
	})
}

func TestASignatureIsAskedForUntilItIsAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDutiful(t, payment.Facts{Signature: true})
		s := dutifulShop(t, d, true)
		r, _ := s.Pay(t.Context(), charge("12.50"))
		if r.State().Signature != payment.SignatureWanted || len(d.did) != 1 {
			t.Fatalf("signature %q, sent %q", r.State().Signature, d.did)
		}
		_ = s.Close()
		s = dutifulShop(t, d, true)
		owing, err := s.Owing(t.Context())
		if err != nil || len(owing) != 1 {
			t.Fatalf("owing after a restart: %v, %v", owing, err)
		}
		if r, err = s.Sign(t.Context(), r.Order.Number, false, "Eva"); err != nil || r.State().Status != payment.StatusVoided {
			t.Errorf("rejected: %v, %s", err, r.State().Status)
		}
		if _, err := s.Sign(t.Context(), r.Order.Number, true, "Eva"); payment.CodeOf(err) != payment.CodeNoQuestion {
			t.Errorf("answered twice: %v", err)
		}
		_ = s.Close()
	})
}

func TestTheTerminalsNumberIsDurableBeforeTheAnswer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDutiful(t, payment.Facts{})
		var asked string
		d.do = func(ctx context.Context, req payment.Request, tell func(payment.Progress)) (payment.Result, error) {
			tell(payment.Progress{Kind: payment.ProgressAccepted, Reference: "CLOUD-1"})
			r, err := d.journal.Find(ctx, req.Order.Number)
			if err != nil || r.State().Facts.Reference != "CLOUD-1" || r.State().Status != payment.StatusSent {
				t.Errorf("when tell has returned: %v, %+v", err, r.State())
			}
			return payment.Result{}, payment.Errorf(payment.CodeLinkLost, "lost")
		}
		d.status = func(_ context.Context, req payment.Request) (payment.Result, error) {
			asked = req.Reference
			return says(payment.Approved), nil
		}
		s := dutifulShop(t, d, false)
		if r, err := s.Pay(t.Context(), charge("12.50")); err != nil || r.State().Status != payment.StatusApproved || asked != "CLOUD-1" {
			t.Errorf("asked by %q: %v, %s", asked, err, r.State().Status)
		}
		_ = s.Close()
	})
}

func TestWhatIsNotEnabledIsLearntAndForgottenByATest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDutiful(t, payment.Facts{})
		d.do = func(context.Context, payment.Request, func(payment.Progress)) (payment.Result, error) {
			return payment.Result{Outcome: payment.Declined, Code: payment.CodeNotEnabled}, nil
		}
		s := dutifulShop(t, d, false)
		_, _ = s.Pay(t.Context(), charge("12.50"))
		_, err := s.Pay(t.Context(), charge("12.50"))
		state, _ := s.Terminal(t.Context(), "")
		if payment.CodeOf(err) != payment.CodeUnsupported || state.Can.Can(payment.Sale) || len(d.did) != 1 {
			t.Errorf("a second try: %v, sent %q", err, d.did)
		}
		_ = s.Close()
	})
}

func TestTwoNotFoundProveNothingWithinHalfAMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := silent(payment.NotFound)
		f.can = payment.Capabilities{Operations: []payment.Operation{payment.Sale}, NotFoundProves: true, Limit: time.Minute}
		s := open(t, f, false)
		c := charge("12.50")
		c.Timeout = time.Second
		r, _ := s.Pay(t.Context(), c)
		time.Sleep(2 * time.Minute)
		for _, step := range []struct {
			wait time.Duration
			want payment.Status
		}{{0, payment.StatusUnknown}, {20 * time.Second, payment.StatusUnknown}, {11 * time.Second, payment.StatusExpired}} {
			time.Sleep(step.wait)
			if r, _ = s.Query(t.Context(), r.Order.Number); r.State().Status != step.want {
				t.Errorf("%s later: %s, want %s", step.wait, r.State().Status, step.want)
			}
		}
		_ = s.Close()
	})
}

func TestCancelledIsNotSaidOfAPaymentThatIsBeingVoided(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDutiful(t, payment.Facts{})
		d.status = func(context.Context, payment.Request) (payment.Result, error) { return says(payment.Cancelled), nil }
		d.do = func(ctx context.Context, req payment.Request, _ func(payment.Progress)) (payment.Result, error) {
			if req.Order.Operation == payment.Void {
				time.Sleep(time.Minute)
				return says(payment.Approved), nil
			}
			return payment.Result{}, payment.Errorf(payment.CodeLinkLost, "lost")
		}
		s := dutifulShop(t, d, false)
		o := payment.Order{Number: "OLD", Operation: payment.Sale, Terminal: "t1", Protocol: "fake", Asked: charge("12.50").Asked, Created: time.Now()}
		if _, err := d.journal.Create(t.Context(), o, payment.Entry{Kind: payment.KindSent}, payment.Entry{Kind: payment.KindUnanswered}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Decide(t.Context(), till.Decision{Order: "OLD", Paid: true, Reason: "slip", Proof: "slip"}); err != nil {
			t.Fatal(err)
		}
		done := make(chan payment.Record)
		go func() {
			r, _ := s.Void(t.Context(), till.Takeback{Original: "OLD"})
			done <- r
		}()
		time.Sleep(time.Second)
		if r, err := s.Query(t.Context(), "OLD"); err != nil || r.State().Status != payment.StatusDecidedPaid {
			t.Errorf("while it is being voided: %s, %v", r.State().Status, err)
		}
		<-done
		if r, _ := s.Order(t.Context(), "OLD"); r.State().Status != payment.StatusVoided {
			t.Errorf("afterwards: %s", r.State().Status)
		}
		_ = s.Close()
	})
}

func TestAReversalThatCannotLeaveDoesNotFillTheJournal(t *testing.T) {
	for _, linked := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			d := newDutiful(t, payment.Facts{ReversalDue: true})
			sale := d.do
			d.do = func(ctx context.Context, req payment.Request, tell func(payment.Progress)) (payment.Result, error) {
				if req.Order.Operation == payment.Void {
					return payment.Result{}, payment.NotSent(payment.CodeNotReached, "no route")
				}
				return sale(ctx, req, tell)
			}
			s := dutifulShop(t, d, true)
			if linked {
				d.env.Link(payment.LinkState{Tried: true, Up: true})
			}
			if _, err := s.Pay(t.Context(), charge("12.50")); err != nil {
				t.Fatal(err)
			}
			if linked {
				d.env.Link(payment.LinkState{Tried: true, Err: errors.New("pulled")})
			}
			time.Sleep(10 * time.Hour)
			synctest.Wait()
			all, _ := s.Orders(t.Context(), payment.Filter{Limit: 1000})
			if most := map[bool]int{false: 35, true: 5}[linked]; len(all) < 2 || len(all) > most {
				t.Errorf("link known %v: %d orders after ten hours", linked, len(all))
			}
			d.do = sale
			d.env.Link(payment.LinkState{Tried: true, Up: true})
			synctest.Wait()
			paid := all[len(all)-1].Order.Number
			if r, _ := s.Order(t.Context(), paid); r.State().Status != payment.StatusVoided {
				t.Errorf("link known %v: the terminal is back, and the payment is %s", linked, r.State().Status)
			}
			_ = s.Close()
		})
	}
}
