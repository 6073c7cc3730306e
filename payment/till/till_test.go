package till_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/journaltest"
	"tillkeeper/payment/till"
)

// fake is a terminal of which a test plays the part. Its ledger counts what it charged.
type fake struct {
	do     func(ctx context.Context, req payment.Request, tell func(payment.Progress)) (payment.Result, error)
	status func(ctx context.Context, req payment.Request) (payment.Result, error)
	abort  func(ctx context.Context, req payment.Request) error
	can    payment.Capabilities
	env    payment.Env

	mu    sync.Mutex
	did   []string
	asked []time.Time
}

func (f *fake) Capabilities() payment.Capabilities { return f.can }

func (f *fake) Do(ctx context.Context, req payment.Request, tell func(payment.Progress)) (payment.Result, error) {
	if req.BeforeSend != nil {
		if err := req.BeforeSend(ctx); err != nil {
			return payment.Result{}, payment.NotSent(payment.CodeCannotRecord, "record: %w", err)
		}
	}
	f.mu.Lock()
	f.did = append(f.did, req.Order.Number)
	f.mu.Unlock()
	return f.do(ctx, req, tell)
}

func (f *fake) Status(ctx context.Context, req payment.Request) (payment.Result, error) {
	f.mu.Lock()
	f.asked = append(f.asked, time.Now())
	f.mu.Unlock()
	return f.status(ctx, req)
}

func (f *fake) Abort(ctx context.Context, req payment.Request) error {
	if f.abort == nil {
		return payment.Errorf(payment.CodeNotOpen, "too late")
	}
	return f.abort(ctx, req)
}

func (f *fake) Close() error { return nil }

func (f *fake) questions() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.asked)
}

func says(o payment.Outcome) payment.Result { return payment.Result{Outcome: o} }

// always answers every order and question with o.
func always(o payment.Outcome) *fake {
	return &fake{
		do: func(_ context.Context, req payment.Request, tell func(payment.Progress)) (payment.Result, error) {
			tell(payment.Progress{Kind: payment.ProgressWaiting})
			tell(payment.Progress{Kind: payment.ProgressProcessing})
			return payment.Result{Outcome: o, Number: req.Order.Number, Facts: payment.Facts{Amounts: payment.Amounts{Amount: req.Order.Asked.Amount}}}, nil
		},
		status: func(context.Context, payment.Request) (payment.Result, error) { return says(o), nil },
	}
}

// silent takes orders and never answers them; to questions it gives its word.
func silent(word payment.Outcome) *fake {
	return &fake{
		do: func(ctx context.Context, _ payment.Request, _ func(payment.Progress)) (payment.Result, error) {
			<-ctx.Done()
			return payment.Result{}, payment.Errorf(payment.CodeNoAnswer, "no answer")
		},
		status: func(context.Context, payment.Request) (payment.Result, error) { return says(word), nil },
	}
}

// shop is a started till over a journal in memory with one fake terminal.
type shop struct {
	*till.Till
	t       *testing.T
	journal *journaltest.Memory
	fake    *fake
}

func open(t *testing.T, f *fake, follow bool) *shop {
	t.Helper()
	journal := journaltest.NewMemory()
	if _, err := journal.Terminals().Add(t.Context(), payment.Terminal{Name: "Front", Protocol: "fake", Address: "fake://1"}); err != nil {
		t.Fatal(err)
	}
	return reopen(t, f, journal, follow)
}

func reopen(t *testing.T, f *fake, journal *journaltest.Memory, follow bool) *shop {
	t.Helper()
	if f.can.Operations == nil {
		f.can.Operations = []payment.Operation{payment.Sale, payment.Void, payment.Refund}
		f.can.PartialRefund = true
	}
	numbers := 0
	s := &shop{t: t, journal: journal, fake: f, Till: till.New(till.Config{
		Journal: journal, Terminals: journal.Terminals(), Now: time.Now, Follow: follow,
		NewNumber: func() string { numbers++; return fmt.Sprintf("N%d", numbers) },
		Protocols: map[string]payment.Protocol{"fake": {
			Name: "fake",
			Open: func(_ payment.Terminal, env payment.Env) (payment.Driver, error) { f.env = env; return f, nil },
		}},
	})}
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func charge(sum string) till.Charge {
	a, err := payment.ParseAmount(sum, "USD")
	if err != nil {
		panic(err)
	}
	return till.Charge{Asked: payment.Amounts{Amount: a}}
}

func (s *shop) pay(sum string) payment.Record {
	s.t.Helper()
	r, err := s.Pay(s.t.Context(), charge(sum))
	if err != nil {
		s.t.Fatalf("pay %s: %v", sum, err)
	}
	return r
}

func (s *shop) want(r payment.Record, status payment.Status) {
	s.t.Helper()
	if got := r.State().Status; got != status {
		s.t.Errorf("order is %s, want %s; entries %+v", got, status, r.Entries)
	}
}

func TestPayIsDurableBeforeItIsSentAndFinalAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := always(payment.Approved)
		answer := f.do
		var s *shop
		f.do = func(ctx context.Context, req payment.Request, tell func(payment.Progress)) (payment.Result, error) {
			r, err := s.journal.Find(ctx, req.Order.Number)
			if err != nil || !r.Has(payment.KindSent) {
				t.Errorf("when the request leaves, the journal has %+v, %v", r, err)
			}
			return answer(ctx, req, tell)
		}
		s = open(t, f, false)
		r := s.pay("12.50")
		s.want(r, payment.StatusApproved)
		var kinds []payment.Kind
		for _, e := range r.Entries {
			kinds = append(kinds, e.Kind)
		}
		want := []payment.Kind{payment.KindCreated, payment.KindSent, payment.KindWaiting, payment.KindProcessing, payment.KindAnswer}
		if fmt.Sprint(kinds) != fmt.Sprint(want) {
			t.Errorf("entries are %v, want %v", kinds, want)
		}
	})
}

func TestNothingIsSentWhenTheJournalCannotWrite(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, always(payment.Approved), false)
		s.journal.Break(payment.NotSent(payment.CodeCannotRecord, "the disk is full"))
		if _, err := s.Pay(t.Context(), charge("12.50")); payment.CodeOf(err) != payment.CodeCannotRecord {
			t.Errorf("error is %v", err)
		}
		if len(s.fake.did) != 0 {
			t.Error("a request was sent")
		}
		s.journal.Break(nil)
		s.want(s.pay("12.50"), payment.StatusApproved)
	})
}

func TestAnAnswerThatTheDiskRefusesIsKeptAndTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := always(payment.Approved)
		answer := f.do
		var s *shop
		full := errors.New("the disk is full")
		f.do = func(ctx context.Context, req payment.Request, tell func(payment.Progress)) (payment.Result, error) {
			result, err := answer(ctx, req, tell)
			s.journal.Break(full)
			return result, err
		}
		s = open(t, f, false)
		r, err := s.Pay(t.Context(), charge("12.50"))
		if payment.CodeOf(err) != payment.CodeNotRecorded || !errors.Is(err, full) {
			t.Errorf("error is %v", err)
		}
		s.journal.Break(nil)
		time.Sleep(20 * time.Second)
		synctest.Wait()
		r, _ = s.Order(t.Context(), r.Order.Number)
		s.want(r, payment.StatusApproved)
		if _, err := s.Pay(t.Context(), charge("12.50")); payment.CodeOf(err) != payment.CodeWasPaid {
			t.Errorf("staff were never told that it was paid, and pressing again gives %v", err)
		}
	})
}

func TestSilenceIsUnknownAndSettledByAskingOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := silent(payment.Pending)
		s := open(t, f, false)
		c := charge("12.50")
		c.Timeout = 30 * time.Second
		start := time.Now()
		r, err := s.Pay(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		s.want(r, payment.StatusUnknown)
		if took := time.Since(start); took != 30*time.Second {
			t.Errorf("the foreground took %s", took)
		}
		if len(f.did) != 1 || f.questions() != 1 {
			t.Errorf("sent %d times, asked %d times; want once and once", len(f.did), f.questions())
		}
		f.status = func(context.Context, payment.Request) (payment.Result, error) { return says(payment.Approved), nil }
		r, err = s.Query(t.Context(), r.Order.Number)
		if err != nil {
			t.Error(err)
		}
		s.want(r, payment.StatusApproved)
		if len(f.did) != 1 {
			t.Error("the order was sent again")
		}
	})
}

func TestALostLinkIsAskedAboutAtOnceThenEverMoreSlowly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		f := silent(payment.Pending)
		f.do = func(context.Context, payment.Request, func(payment.Progress)) (payment.Result, error) {
			return payment.Result{}, payment.Errorf(payment.CodeLinkLost, "link lost")
		}
		s := open(t, f, true)
		s.want(s.pay("12.50"), payment.StatusUnknown)
		if took := time.Since(start); took != 2*time.Minute {
			t.Errorf("the foreground took %s, want two minutes", took)
		}
		time.Sleep(10 * time.Minute)
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if !f.asked[0].Equal(start) || f.asked[1].Sub(start) != 2*time.Second {
			t.Errorf("asked at %v; want at once and after 2 s", f.asked[:2])
		}
		if n := len(f.asked); f.asked[n-1].Sub(f.asked[n-2]) != 30*time.Second {
			t.Errorf("in the end it asks every %s, want 30 s", f.asked[n-1].Sub(f.asked[n-2]))
		}
	})
}

func TestATerminalThatComesBackIsAskedWithinFiveSeconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		back := time.Now().Add(7*time.Minute + 100*time.Millisecond)
		f := silent(payment.Pending)
		f.do = func(context.Context, payment.Request, func(payment.Progress)) (payment.Result, error) {
			return payment.Result{}, payment.Errorf(payment.CodeLinkLost, "link lost")
		}
		f.status = func(context.Context, payment.Request) (payment.Result, error) {
			if time.Now().Before(back) {
				return payment.Result{}, payment.NotSent(payment.CodeNotReached, "no route")
			}
			return says(payment.Approved), nil
		}
		s := open(t, f, true)
		r := s.pay("12.50")
		time.Sleep(time.Until(back) + 5*time.Second)
		synctest.Wait()
		r, _ = s.Order(t.Context(), r.Order.Number)
		s.want(r, payment.StatusApproved)
	})
}

func TestNotReachedIsProvenNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := always(payment.Approved)
		f.do = func(context.Context, payment.Request, func(payment.Progress)) (payment.Result, error) {
			return payment.Result{}, payment.NotSent(payment.CodeNotReached, "no route")
		}
		s := open(t, f, false)
		r := s.pay("12.50")
		s.want(r, payment.StatusNotSent)
		if r.State().Code != payment.CodeNotReached || f.questions() != 0 {
			t.Errorf("code %s after %d questions", r.State().Code, f.questions())
		}
		s.want(s.pay("12.50"), payment.StatusNotSent)
	})
}

func TestAnswersThatDoNotMatchAreUnknown(t *testing.T) {
	for name, wrong := range map[string]func(*payment.Result){
		"number":   func(r *payment.Result) { r.Number = "ANOTHER" },
		"amount":   func(r *payment.Result) { r.Facts.Amounts.Amount = payment.FromMinor(1249, "USD") },
		"currency": func(r *payment.Result) { r.Facts.Amounts.Amount = payment.FromMinor(1250, "EUR") },
	} {
		synctest.Test(t, func(t *testing.T) {
			f := silent(payment.Pending)
			f.do = func(_ context.Context, req payment.Request, _ func(payment.Progress)) (payment.Result, error) {
				r := payment.Result{Outcome: payment.Approved, Number: req.Order.Number, Facts: payment.Facts{Amounts: req.Order.Asked}}
				wrong(&r)
				return r, nil
			}
			s := open(t, f, false)
			r := s.pay("12.50")
			if r.State().Status != payment.StatusUnknown || !r.Has(payment.KindMismatch) {
				t.Errorf("wrong %s: order is %s", name, r.State().Status)
			}
		})
	}
}

func TestOneOrderPerTerminal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, silent(payment.Pending), false)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); _, _ = s.Pay(ctx, charge("1.00")) }()
		synctest.Wait()
		_, err := s.Pay(t.Context(), charge("2.00"))
		if payment.CodeOf(err) != payment.CodeBusy || !errors.Is(err, payment.ErrNotSent) {
			t.Errorf("a second sale gives %v", err)
		}
		cancel()
		<-done
		if len(s.fake.did) != 1 {
			t.Errorf("%d orders were sent", len(s.fake.did))
		}
	})
}

func TestTheSameSumIsBlockedWhileUnknown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := silent(payment.Pending)
		s := open(t, f, false)
		first := s.pay("12.50")
		_, err := s.Pay(t.Context(), charge("12.50"))
		var refused *payment.Error
		if !errors.As(err, &refused) || refused.Code != payment.CodeOpenUnknown || refused.Order != first.Order.Number {
			t.Errorf("the same sum gives %v", err)
		}
		f.do = always(payment.Approved).do
		s.want(s.pay("13.00"), payment.StatusApproved)
		c := charge("12.50")
		c.Despite, c.Staff = []string{first.Order.Number}, "Eva"
		r, err := s.Pay(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		s.want(r, payment.StatusApproved)
		if !r.Has(payment.KindApproval) {
			t.Error("the approval is not on record")
		}
	})
}

func TestAnOrderThatJustTurnedOutPaidBlocksTheSameSumOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := silent(payment.Pending)
		s := open(t, f, false)
		first := s.pay("12.50")
		f.status = func(context.Context, payment.Request) (payment.Result, error) { return says(payment.Approved), nil }
		f.do = always(payment.Approved).do
		_, err := s.Pay(t.Context(), charge("12.50"))
		if payment.CodeOf(err) != payment.CodeWasPaid {
			t.Errorf("pressing again gives %v", err)
		}
		if len(f.did) != 1 {
			t.Error("the customer was charged twice")
		}
		c := charge("12.50")
		c.Despite = []string{first.Order.Number}
		if r, err := s.Pay(t.Context(), c); err != nil || r.State().Status != payment.StatusApproved {
			t.Errorf("the next customer: %v", err)
		}
	})
}

func TestTheNextCustomerMayPayTheSameSumOnceTheCallerKnows(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := silent(payment.Approved)
		f.do = func(context.Context, payment.Request, func(payment.Progress)) (payment.Result, error) {
			return payment.Result{}, payment.Errorf(payment.CodeLinkLost, "link lost")
		}
		s := open(t, f, true)
		s.want(s.pay("3.00"), payment.StatusApproved)
		s.want(s.pay("3.00"), payment.StatusApproved)
		if len(f.did) != 2 {
			t.Errorf("%d orders for two customers", len(f.did))
		}
	})
}

func TestALateAnswerFindsItsOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := silent(payment.Pending)
		s := open(t, f, true)
		r := s.pay("12.50")
		s.want(r, payment.StatusUnknown)
		if _, err := s.Decide(t.Context(), till.Decision{Order: r.Order.Number, Reason: "customer left", Proof: "slip"}); err != nil {
			t.Fatal(err)
		}
		f.env.Late(payment.Result{Outcome: payment.Approved, Number: r.Order.Number, Facts: payment.Facts{Amounts: r.Order.Asked}})
		f.env.Late(payment.Result{Outcome: payment.Approved, Number: r.Order.Number, Facts: payment.Facts{Amounts: r.Order.Asked}})
		synctest.Wait()
		r, _ = s.Order(t.Context(), r.Order.Number)
		s.want(r, payment.StatusApproved)
		if !r.State().Contradicted {
			t.Error("the decision was wrong and nobody says so")
		}
		answers := 0
		for _, e := range r.Entries {
			if e.Kind == payment.KindAnswer {
				answers++
			}
		}
		if answers != 1 {
			t.Errorf("the result delivered twice is %d entries", answers)
		}
	})
}

func TestInterruptedPayAsksToWithdrawAndRecordsTheLastWord(t *testing.T) {
	for _, last := range []payment.Outcome{payment.Cancelled, payment.Approved} {
		synctest.Test(t, func(t *testing.T) {
			f := silent(payment.Pending)
			f.do = func(ctx context.Context, req payment.Request, _ func(payment.Progress)) (payment.Result, error) {
				<-ctx.Done()
				if !errors.Is(ctx.Err(), context.Canceled) {
					t.Errorf("the driver's context ends with %v", ctx.Err())
				}
				time.Sleep(time.Second)
				return payment.Result{Outcome: last, Number: req.Order.Number}, nil
			}
			s := open(t, f, false)
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(3*time.Second, cancel)
			r, err := s.Pay(ctx, charge("12.50"))
			if err != nil || string(r.State().Status) != string(last) || !r.State().CancelRequested {
				t.Errorf("status %s, %v; want %s", r.State().Status, err, last)
			}
		})
	}
}

func TestCancelOfAnOrderThatAnotherProcessCarries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := silent(payment.Pending)
		f.do = func(ctx context.Context, req payment.Request, _ func(payment.Progress)) (payment.Result, error) {
			<-ctx.Done()
			return says(payment.Cancelled), nil
		}
		s := open(t, f, false)
		done := make(chan payment.Record)
		go func() { r, _ := s.Pay(t.Context(), charge("12.50")); done <- r }()
		synctest.Wait()
		open, _ := s.journal.Open(t.Context())
		number := open[0].Order.Number
		// Another process of this till writes the request; this one sees the file change.
		if _, err := s.journal.Append(t.Context(), number, payment.Entry{Kind: payment.KindCancelRequested}); err != nil {
			t.Fatal(err)
		}
		s.journal.Signal()
		s.want(<-done, payment.StatusCancelled)
	})
}

func TestCancelWithNothingUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, always(payment.Approved), false)
		r := s.pay("12.50")
		if _, err := s.Cancel(t.Context(), r.Order.Number); payment.CodeOf(err) != payment.CodeNotOpen {
			t.Errorf("cancel of a paid order gives %v", err)
		}
		if _, err := s.Cancel(t.Context(), "NOSUCH"); payment.CodeOf(err) != payment.CodeUnknownOrder {
			t.Errorf("cancel of no order gives %v", err)
		}
	})
}

func TestStartSettlesWhatACrashLeftOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		journal := journaltest.NewMemory()
		term, _ := journal.Terminals().Add(t.Context(), payment.Terminal{Name: "Front", Protocol: "fake", Address: "fake://1"})
		for i, entries := range [][]payment.Entry{
			{{Kind: payment.KindCreated}},
			{{Kind: payment.KindCreated}, {Kind: payment.KindSent}},
		} {
			o := payment.Order{Number: fmt.Sprintf("OLD%d", i), Operation: payment.Sale, Terminal: term.ID, Created: time.Now()}
			o.Asked.Amount = payment.FromMinor(int64(100*(i+1)), "USD")
			if _, err := journal.Create(t.Context(), o, entries...); err != nil {
				t.Fatal(err)
			}
			journal.Crash()
		}
		s := reopen(t, always(payment.Approved), journal, true)
		never, _ := s.Order(t.Context(), "OLD0")
		s.want(never, payment.StatusNotSent)
		sent, _ := s.Order(t.Context(), "OLD1")
		s.want(sent, payment.StatusApproved)
		if len(s.fake.did) != 0 {
			t.Error("recovery sent something again")
		}
	})
}

func TestRecover(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := silent(payment.Pending)
		s := open(t, f, false)
		r := s.pay("12.50")
		f.status = func(context.Context, payment.Request) (payment.Result, error) {
			if f.questions() < 5 {
				return payment.Result{}, payment.Errorf(payment.CodeNotReached, "no route")
			}
			return says(payment.Declined), nil
		}
		touched, err := s.Recover(t.Context(), time.Minute)
		if err != nil || len(touched) != 1 || touched[0].Order.Number != r.Order.Number {
			t.Fatalf("touched %v, %v", touched, err)
		}
		s.want(touched[0], payment.StatusDeclined)
		if again, _ := s.Recover(t.Context(), 0); len(again) != 0 {
			t.Errorf("nothing is open and %d orders were touched", len(again))
		}
	})
}

func TestNotFoundProvesOnlyUnderItsConditions(t *testing.T) {
	for _, c := range []struct {
		name   string
		proves bool
		limit  time.Duration
		want   payment.Status
	}{
		{"a source that need not know", false, time.Minute, payment.StatusUnknown},
		{"a source that must know, in time", true, time.Hour, payment.StatusUnknown},
		{"a source that must know, after the limit", true, time.Minute, payment.StatusExpired},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := silent(payment.NotFound)
			f.can = payment.Capabilities{Operations: []payment.Operation{payment.Sale}, NotFoundProves: c.proves, Limit: c.limit}
			s := open(t, f, true)
			r := s.pay("12.50")
			time.Sleep(5 * time.Minute)
			synctest.Wait()
			r, _ = s.Order(t.Context(), r.Order.Number)
			if got := r.State().Status; got != c.want {
				t.Errorf("%s: %s, want %s", c.name, got, c.want)
			}
		})
	}
}

func TestRefundAndVoidAreOrdersOfTheirOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, always(payment.Approved), false)
		paid := s.pay("12.50")
		part, _ := payment.ParseAmount("5.00", "USD")
		r, err := s.Refund(t.Context(), till.Takeback{Original: paid.Order.Number, Amount: part, Reason: "broken"})
		if err != nil || r.Order.Original != paid.Order.Number || r.Order.Number == paid.Order.Number {
			t.Fatalf("refund %+v, %v", r.Order, err)
		}
		r, err = s.Refund(t.Context(), till.Takeback{Original: paid.Order.Number})
		if err != nil || r.Order.Asked.Total().Text() != "7.50" {
			t.Errorf("the rest is %s, %v", r.Order.Asked.Total(), err)
		}
		if _, err := s.Refund(t.Context(), till.Takeback{Original: paid.Order.Number}); payment.CodeOf(err) != payment.CodeAlreadyRefunded {
			t.Errorf("a third refund gives %v", err)
		}
		if _, err := s.Void(t.Context(), till.Takeback{Original: paid.Order.Number}); payment.CodeOf(err) != payment.CodeAlreadyRefunded {
			t.Errorf("a void of a refunded order gives %v", err)
		}
		other := s.pay("3.00")
		if _, err := s.Void(t.Context(), till.Takeback{Original: other.Order.Number}); err != nil {
			t.Error(err)
		}
		other, _ = s.Order(t.Context(), other.Order.Number)
		s.want(other, payment.StatusVoided)
	})
}

func TestSnapshotThenChangesInTheOrderOfTheJournal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, always(payment.Approved), true)
		first := s.pay("1.00")
		snapshot, events, err := s.Subscribe(t.Context())
		if err != nil || len(snapshot.Recent) != 1 || snapshot.Recent[0].Order.Number != first.Order.Number || len(snapshot.Terminals) != 1 {
			t.Fatalf("snapshot %+v, %v", snapshot, err)
		}
		s.pay("2.00")
		synctest.Wait()
		var last int64
		n := len(events)
		for range n {
			if e := <-events; e.Record != nil {
				if e.Record.Seq() <= last {
					t.Error("events are out of order")
				}
				last = e.Record.Seq()
			}
		}
		if n < 3 {
			t.Errorf("%d events for a sale", n)
		}
	})
}

func TestASlowSubscriberIsCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, always(payment.Approved), true)
		_, events, err := s.Subscribe(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for range 400 {
			f := s.fake
			f.env.Link(payment.LinkState{Tried: true, Up: true})
		}
		n := 0
		for range events {
			n++
		}
		if n >= 400 {
			t.Error("nobody was cut off")
		}
	})
}

func TestCloseWithdrawsWhatIsUnderWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := silent(payment.Pending)
		f.do = func(ctx context.Context, _ payment.Request, _ func(payment.Progress)) (payment.Result, error) {
			<-ctx.Done()
			return says(payment.Cancelled), nil
		}
		s := open(t, f, true)
		done := make(chan payment.Record, 1)
		go func() { r, _ := s.Pay(context.Background(), charge("12.50")); done <- r }()
		synctest.Wait()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		s.want(<-done, payment.StatusCancelled)
	})
}

func TestADefectInADriverIsUnknown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := silent(payment.Pending)
		f.do = func(context.Context, payment.Request, func(payment.Progress)) (payment.Result, error) {
			panic("defect")
		}
		s := open(t, f, false)
		s.want(s.pay("12.50"), payment.StatusUnknown)
	})
}

func TestPressingAgainWhileOlderOrdersAreAskedAboutIsBusy(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := silent(payment.Pending)
		s := open(t, f, false)
		s.pay("5.00")
		f.status = func(ctx context.Context, _ payment.Request) (payment.Result, error) {
			<-ctx.Done() // slow to answer about the old one
			return payment.Result{}, ctx.Err()
		}
		f.do = always(payment.Approved).do
		first := make(chan error, 1)
		go func() { _, err := s.Pay(t.Context(), charge("12.50")); first <- err }()
		synctest.Wait()
		if _, err := s.Pay(t.Context(), charge("12.50")); payment.CodeOf(err) != payment.CodeBusy {
			t.Errorf("the second press gives %v, want busy", err)
		}
		if err := <-first; err != nil {
			t.Error(err)
		}
		if len(f.did) != 2 {
			t.Errorf("%d orders were sent, want the old one and one", len(f.did))
		}
	})
}

func TestPressingAgainRightAfterARestartIsRefusedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := always(payment.Approved)
		s := open(t, f, true)
		s.pay("12.50")
		s.journal.Crash() // the answer is durable, and nobody has read it
		again := reopen(t, f, s.journal, true)
		if _, err := again.Pay(t.Context(), charge("12.50")); payment.CodeOf(err) != payment.CodeWasPaid {
			t.Errorf("pressing again gives %v", err)
		}
	})
}

func TestAClockThatJumpsForwardProvesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := silent(payment.NotFound)
		f.can = payment.Capabilities{Operations: []payment.Operation{payment.Sale}, NotFoundProves: true, Limit: 10 * time.Minute}
		journal := journaltest.NewMemory()
		if _, err := journal.Terminals().Add(t.Context(), payment.Terminal{Name: "Front", Protocol: "fake"}); err != nil {
			t.Fatal(err)
		}
		var jump atomic.Int64
		s := till.New(till.Config{
			Journal: journal, Terminals: journal.Terminals(), Follow: true,
			Now:       func() time.Time { return time.Now().Add(time.Duration(jump.Load())) },
			NewNumber: func() string { return "N1" },
			Protocols: map[string]payment.Protocol{"fake": {Open: func(payment.Terminal, payment.Env) (payment.Driver, error) { return f, nil }}},
		})
		if err := s.Start(t.Context()); err != nil {
			t.Fatal(err)
		}
		c := charge("12.50")
		c.Timeout = 10 * time.Second
		if _, err := s.Pay(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		jump.Store(int64(24 * time.Hour))
		time.Sleep(5 * time.Minute)
		if r, _ := s.Order(t.Context(), "N1"); r.State().Status != payment.StatusUnknown {
			t.Errorf("five minutes after the sale it is %s", r.State().Status)
		}
		if shown, _ := s.Prompts(t.Context(), ""); len(shown) != 1 {
			t.Error("the terminal may still show the order, and the till does not think so")
		}
		time.Sleep(10 * time.Minute)
		if r, _ := s.Order(t.Context(), "N1"); r.State().Status != payment.StatusExpired {
			t.Errorf("after the payment's own limit it is %s", r.State().Status)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
}

func TestAPressThatBeganBeforeTheTruthWasToldIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := silent(payment.Pending)
		// The limit is not over, so the second press asks about the first order and waits for that.
		f.can = payment.Capabilities{Operations: []payment.Operation{payment.Sale}, Limit: time.Hour}
		s := open(t, f, true)
		f.do = func(context.Context, payment.Request, func(payment.Progress)) (payment.Result, error) {
			return payment.Result{}, payment.Errorf(payment.CodeLinkLost, "link lost")
		}
		f.status = func(context.Context, payment.Request) (payment.Result, error) {
			time.Sleep(time.Second)
			return says(payment.Approved), nil
		}
		first := make(chan payment.Record, 1)
		go func() { r, _ := s.Pay(t.Context(), charge("12.50")); first <- r }()
		synctest.Wait()
		_, err := s.Pay(t.Context(), charge("12.50"))
		s.want(<-first, payment.StatusApproved)
		if payment.CodeOf(err) != payment.CodeWasPaid {
			t.Errorf("the second press gives %v", err)
		}
		s.want(s.pay("12.50"), payment.StatusApproved)
	})
}

func TestASignOfLifeContradictsNotSent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := silent(payment.Pending)
		f.do = func(_ context.Context, _ payment.Request, tell func(payment.Progress)) (payment.Result, error) {
			tell(payment.Progress{Kind: payment.ProgressWaiting})
			return payment.Result{}, payment.NotSent(payment.CodeNotReached, "a defect")
		}
		s := open(t, f, false)
		s.want(s.pay("12.50"), payment.StatusUnknown)
	})
}

func TestACancelRequestIsSeenAlthoughThisProcessWroteAfterIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := silent(payment.Pending)
		var s *shop
		f.do = func(ctx context.Context, req payment.Request, tell func(payment.Progress)) (payment.Result, error) {
			if _, err := s.journal.Append(ctx, req.Order.Number, payment.Entry{Kind: payment.KindCancelRequested}); err != nil {
				t.Error(err)
			}
			tell(payment.Progress{Kind: payment.ProgressWaiting})
			<-ctx.Done()
			return says(payment.Cancelled), nil
		}
		s = open(t, f, false)
		start := time.Now()
		s.want(s.pay("12.50"), payment.StatusCancelled)
		if time.Since(start) > time.Second {
			t.Errorf("it took %s to see the request", time.Since(start))
		}
	})
}

func TestAskingForDaysFillsNoJournal(t *testing.T) {
	for _, word := range []payment.Result{says(payment.Pending), says(payment.NotFound), {Outcome: payment.Approved, Number: "ANOTHER"}} {
		synctest.Test(t, func(t *testing.T) {
			f := silent(payment.Pending)
			f.status = func(context.Context, payment.Request) (payment.Result, error) { return word, nil }
			s := open(t, f, true)
			r := s.pay("12.50")
			time.Sleep(3 * 24 * time.Hour)
			synctest.Wait()
			r, _ = s.Order(t.Context(), r.Order.Number)
			if n := len(r.Entries); n > 70 {
				t.Errorf("%s: %d entries after three days of asking every 30 s", word.Outcome, n)
			}
		})
	}
}

func TestAJournalThatCannotBeReadAfterSendingIsADoubt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := silent(payment.Pending)
		var s *shop
		f.do = func(context.Context, payment.Request, func(payment.Progress)) (payment.Result, error) {
			s.journal.Blind(errors.New("the disk is gone"))
			return payment.Result{}, payment.Errorf(payment.CodeLinkLost, "link lost")
		}
		s = open(t, f, false)
		r, err := s.Pay(t.Context(), charge("12.50"))
		if payment.CodeOf(err).Class() != payment.InDoubt || r.Order.Number == "" {
			t.Errorf("order %q, %v; the request had left", r.Order.Number, err)
		}
	})
}
