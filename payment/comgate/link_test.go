package comgate_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/comgate/comgatesim"
	"tillkeeper/payment/drivertest"
)

// A.6: a lost link does not end the waiting; it is told after three failures.
func TestLinkLostWhileTheCustomerPaysIsWaitedFor(t *testing.T) {
	in(t, setup{sim: comgatesim.Defaults()}, func(t *testing.T, r *rig) {
		r.sim.Script(comgatesim.Outcome{Delay: 5 * time.Second})
		time.AfterFunc(2500*time.Millisecond, func() { r.network(false) })
		time.AfterFunc(60*time.Second, func() { r.network(true) })
		r.must(sale("N1", "10"), payment.Approved, "")
		if got := r.story(); strings.Count(got, "connection to the terminal lost") != 1 {
			t.Error(got)
		}
	})
}

func TestLinkLostForGoodIsUnknownWhenTheTimeIsOver(t *testing.T) {
	in(t, setup{sim: comgatesim.Defaults(), settings: map[string]string{"transaction_timeout_s": "60"}}, func(t *testing.T, r *rig) {
		time.AfterFunc(500*time.Millisecond, func() { r.network(false) })
		begin := time.Now()
		r.Unknown(sale("N1", "10"), payment.CodeLinkLost)
		if took := time.Since(begin); took < time.Minute || took > 75*time.Second {
			t.Errorf("after %v", took)
		}
	})
}

func TestUnclearStartsAreUnknownAndAskedWithTheSameNumber(t *testing.T) {
	for reply, code := range map[comgatesim.Reply]payment.Code{
		comgatesim.None: payment.CodeNoAnswer, comgatesim.StartLate: payment.CodeNoAnswer, comgatesim.Torn: payment.CodeLinkLost,
		comgatesim.StartError: payment.CodeHostFault, comgatesim.Oversized: payment.CodeBadAnswer,
	} {
		in(t, setup{}, func(t *testing.T, r *rig) {
			r.sim.Script(comgatesim.Outcome{Reply: reply})
			r.Unknown(sale("N1", "10"), code)
			time.Sleep(time.Second)
			r.Shows(sale("N1", "10"), payment.Approved)
			r.wantCharges("N1 sale 10.00 CZK")
		})
	}
}

func TestResultsThatCannotBeReadStayUnknown(t *testing.T) {
	for reply, code := range map[comgatesim.Reply]payment.Code{comgatesim.Garbage: payment.CodeErrorPage, comgatesim.NoCode: payment.CodeBadAnswer} {
		in(t, setup{}, func(t *testing.T, r *rig) {
			r.sim.Script(comgatesim.Outcome{Reply: reply, Always: true})
			r.Unknown(sale("N1", "10"), code)
			_, err := r.Status(t.Context(), sale("N1", "10"))
			drivertest.WantUnknown(t, payment.Result{}, err, code)
		})
	}
}

func TestRebootingTerminalKeepsItsResult(t *testing.T) {
	o := comgatesim.Defaults()
	o.OutcomesByAmount = true
	in(t, setup{sim: o}, func(t *testing.T, r *rig) {
		begin := time.Now()
		r.must(sale("N1", "10.99"), payment.Approved, "")
		if took := time.Since(begin); took < 20*time.Second {
			t.Errorf("after %v", took)
		}
	})
}

func TestPulseTellsTheLink(t *testing.T) {
	in(t, setup{keepAlive: true}, func(t *testing.T, r *rig) {
		if s := r.State(); !s.Tried || !s.Up {
			t.Errorf("%+v", s)
		}
		r.network(false)
		time.Sleep(time.Minute)
		if s := r.State(); s.Up || s.Err == nil || s.Alive.IsZero() {
			t.Errorf("%+v", s)
		}
		r.network(true)
		time.Sleep(time.Minute)
		if s := r.State(); !s.Up {
			t.Errorf("%+v", s)
		}
	})
}

// One question at a time: while an order runs, its own are the pulse (A.6).
func TestPulseIsSilentWhileAnOrderRuns(t *testing.T) {
	in(t, setup{keepAlive: true, sim: comgatesim.Defaults()}, func(t *testing.T, r *rig) {
		r.sim.Script(comgatesim.Outcome{Delay: time.Minute})
		r.State()
		before := r.calls()
		r.must(sale("N1", "10"), payment.Approved, "")
		if calls := r.calls()[len(before):]; slices.Contains(calls, "info") {
			t.Errorf("calls %v", calls)
		}
		if s := r.State(); !s.Up {
			t.Errorf("%+v", s)
		}
	})
}

func TestNothingLeavesWithoutItsRecord(t *testing.T) {
	in(t, setup{}, func(t *testing.T, r *rig) {
		req := sale("N1", "10")
		req.BeforeSend = func(context.Context) error { return errors.New("the disk is full") }
		_, err := r.Run(req)
		drivertest.WantNotSent(t, err, payment.CodeCannotRecord)
		ctx, cancel := context.WithCancel(t.Context())
		req.BeforeSend = func(context.Context) error { cancel(); return nil }
		_, err = r.Do(ctx, req, nil)
		drivertest.WantNotSent(t, err, payment.CodeWithdrawn)
		if calls := r.calls(); len(calls) != 0 {
			t.Errorf("the terminal heard %v", calls)
		}
	})
}
