package ecrhub_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/drivertest"
	"tillkeeper/payment/ecrhub"
	"tillkeeper/payment/ecrhub/ecrhubsim"
)

// start runs an order in the background and returns what ends it and what came.
func (r *rig) start(req payment.Request, tell func(payment.Progress)) (context.CancelFunc, <-chan answer) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan answer, 1)
	go func() {
		res, err := r.Do(ctx, req, tell)
		done <- answer{res, err}
	}()
	synctest.Wait()
	return cancel, done
}

type answer struct {
	res payment.Result
	err error
}

func TestCancelWithdrawsTheOrder(t *testing.T) {
	in(t, setup{sim: ecrhubsim.Defaults()}, func(t *testing.T, r *rig) {
		cancel, done := r.start(sale("A1", "1.00"), nil)
		time.Sleep(2 * time.Second)
		cancel()
		if got := <-done; got.err != nil || got.res.Outcome != payment.Cancelled || got.res.Code != payment.CodeWithdrawn {
			t.Errorf("%+v", got)
		}
		r.Must(sale("A2", "1.00"), payment.Approved)
		r.wantCharges("A2 sale 1.00 USD")
	})
}

func TestApprovalOvertakesTheCancel(t *testing.T) {
	in(t, setup{sim: ecrhubsim.Defaults()}, func(t *testing.T, r *rig) {
		r.sim.Script(ecrhubsim.Outcome{IgnoreClose: true})
		var told []payment.ProgressKind
		cancel, done := r.start(sale("A1", "1.00"), func(p payment.Progress) { told = append(told, p.Kind) })
		cancel()
		if got := <-done; got.err != nil || got.res.Outcome != payment.Approved {
			t.Errorf("%+v", got)
		}
		if len(told) != 2 || told[1] != payment.ProgressCancelRefused {
			t.Errorf("told %v", told)
		}
	})
}

func TestCancelWaitsOnlyItsGrace(t *testing.T) {
	in(t, setup{sim: ecrhubsim.Defaults()}, func(t *testing.T, r *rig) {
		r.sim.Script(ecrhubsim.Outcome{IgnoreClose: true, Delay: time.Minute})
		cancel, done := r.start(sale("A1", "1.00"), nil)
		begin := time.Now()
		cancel()
		got := <-done
		drivertest.WantUnknown(t, got.res, got.err, payment.CodeNoAnswer)
		if took := time.Since(begin); took != 10*time.Second {
			t.Errorf("took %v", took)
		}
		time.Sleep(2 * time.Minute)
		if late := r.late(); len(late) != 1 || late[0].Number != "A1" || late[0].Outcome != payment.Approved {
			t.Errorf("late: %+v", late)
		}
	})
}

func TestDeadlineAsksForNothing(t *testing.T) {
	in(t, setup{sim: ecrhubsim.Defaults()}, func(t *testing.T, r *rig) {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		res, err := r.Do(ctx, sale("A1", "1.00"), nil)
		drivertest.WantUnknown(t, res, err, payment.CodeNoAnswer)
		time.Sleep(time.Minute)
		if late := r.late(); len(late) != 1 || late[0].Outcome != payment.Approved {
			t.Errorf("late: %+v", late)
		}
		for _, f := range r.sim.Frames() {
			if f.Direction == ecrhubsim.In && strings.Contains(f.Text, "ecrhub.pay.close") {
				t.Errorf("a close was sent: %s", f.Text)
			}
		}
	})
}

// The driver waits longer than the terminal does, so that it hears the word of
// a terminal that answers in its last second (§10.1).
func TestPatienceOutlastsTheTerminal(t *testing.T) {
	in(t, setup{}, func(t *testing.T, r *rig) {
		r.sim.Script(ecrhubsim.Outcome{ReplyDelay: 179 * time.Second}, ecrhubsim.Outcome{Reply: ecrhubsim.None})
		r.Must(sale("A1", "1.00"), payment.Approved)
		begin := time.Now()
		res, err := r.Do(context.Background(), sale("A2", "1.00"), nil)
		drivertest.WantUnknown(t, res, err, payment.CodeNoAnswer)
		if took := time.Since(begin); took != 180*time.Second {
			t.Errorf("took %v", took)
		}
	})
}

// The vendor's acceptance test (§10.3): the network is cut during the card step,
// the customer pays, the network comes back, and the till learns the result
// without asking.
func TestVendorAcceptance(t *testing.T) {
	in(t, setup{sim: ecrhubsim.Defaults(), keepAlive: true}, func(t *testing.T, r *rig) {
		_, done := r.start(sale("A1", "23.90"), nil)
		time.Sleep(2 * time.Second) // the card screen is up
		r.network(false)
		got := <-done
		drivertest.WantUnknown(t, got.res, got.err, payment.CodeLinkLost)
		time.Sleep(4 * time.Second) // the customer pays
		r.wantCharges("A1 sale 23.90 USD")
		r.network(true)
		time.Sleep(10 * time.Second)
		late := r.late()
		if len(late) != 1 || late[0].Number != "A1" || late[0].Outcome != payment.Approved || !late[0].Facts.Amounts.Amount.Equal(usd("23.90")) {
			t.Fatalf("late: %+v", late)
		}
		r.wantCharges("A1 sale 23.90 USD")
	})
}

func TestWithoutKeepAliveTheNextUseReconnects(t *testing.T) {
	in(t, setup{}, func(t *testing.T, r *rig) {
		r.sim.Script(ecrhubsim.Outcome{Fault: ecrhubsim.CloseAfter})
		r.Unknown(sale("A1", "1.00"), payment.CodeLinkLost)
		time.Sleep(time.Minute)
		if _, ever := r.sim.Connections(); ever != 1 {
			t.Errorf("%d connections without use", ever)
		}
		r.Shows(sale("A1", "1.00"), payment.Approved)
		if late := r.late(); len(late) != 1 || late[0].Number != "A1" {
			t.Errorf("late: %+v", late)
		}
		if now, ever := r.sim.Connections(); now != 1 || ever != 2 {
			t.Errorf("connections: now %d, ever %d", now, ever)
		}
	})
}

func TestLinkHealthIsTold(t *testing.T) {
	in(t, setup{keepAlive: true}, func(t *testing.T, r *rig) {
		time.Sleep(20 * time.Second)
		if s := r.State(); !s.Up || s.Alive.IsZero() || s.Delay == 0 || !r.Ready() {
			t.Errorf("state %+v", s)
		}
		r.sim.StopPongs(true)
		time.Sleep(26 * time.Second)
		down := false
		for _, s := range r.States() {
			down = down || (s.Tried && !s.Up && payment.CodeOf(s.Err) == payment.CodeLinkLost)
		}
		if !down {
			t.Error("the loss of the link was not told")
		}
		r.sim.StopPongs(false)
		time.Sleep(time.Minute)
		if s := r.State(); !s.Up {
			t.Errorf("not up again: %+v", s)
		}
	})
}

func TestAbortOfAnOrderNobodyRuns(t *testing.T) {
	in(t, setup{sim: ecrhubsim.Options{CardDelay: time.Minute}}, func(t *testing.T, r *rig) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		res, err := r.Do(ctx, sale("A1", "1.00"), nil)
		drivertest.WantUnknown(t, res, err, payment.CodeNoAnswer)
		if err := r.Abort(t.Context(), sale("A1", "1.00")); err != nil {
			t.Fatal(err)
		}
		r.Shows(sale("A1", "1.00"), payment.Declined)
		if late := r.late(); len(late) != 1 || late[0].Outcome != payment.Cancelled {
			t.Errorf("late: %+v", late)
		}
		if err := r.Abort(t.Context(), sale("A1", "1.00")); payment.CodeOf(err) != payment.CodeNotOpen {
			t.Errorf("second: %v", err)
		}
	})
}

// A failure that names nothing may be the late answer to an earlier order: it
// must not settle the present one.
func TestNamelessFailureAfterAnUnansweredOrder(t *testing.T) {
	in(t, setup{sim: ecrhubsim.Options{Dialect: ecrhubsim.G3}}, func(t *testing.T, r *rig) {
		r.sim.Script(
			ecrhubsim.Outcome{Kind: ecrhubsim.AppIDError, ReplyDelay: 30 * time.Second},
			ecrhubsim.Outcome{Delay: time.Minute},
		)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		res, err := r.Do(ctx, sale("A1", "1.00"), nil)
		drivertest.WantUnknown(t, res, err, payment.CodeNoAnswer)
		r.Must(sale("A2", "2.00"), payment.Approved)
	})
}

func TestPairedIDGoesIntoThePath(t *testing.T) {
	in(t, setup{settings: map[string]string{"client_id": "till-7"}}, func(t *testing.T, r *rig) {
		r.Must(sale("A1", "1.00"), payment.Approved)
		for _, f := range r.sim.Frames() {
			if f.POS != "till-7" {
				t.Errorf("frame of %q", f.POS)
			}
		}
	})
}

func TestRealSocket(t *testing.T) {
	sim := ecrhubsim.New(ecrhubsim.Options{JavaReason: true})
	defer sim.Close()
	if err := sim.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	late := make(chan payment.Result, 1)
	d, err := ecrhub.Open(payment.Terminal{Address: sim.Addr().String()}, payment.Env{Late: func(r payment.Result) { late <- r }})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	sim.Script(ecrhubsim.Outcome{}, ecrhubsim.Outcome{Fault: ecrhubsim.CloseAfter})
	if res, err := d.Do(t.Context(), sale("A1", "12.50"), nil); err != nil || res.Outcome != payment.Approved {
		t.Fatalf("%+v, %v", res, err)
	}
	res, err := d.Do(t.Context(), sale("A2", "7.00"), nil)
	drivertest.WantUnknown(t, res, err, payment.CodeLinkLost)
	if res, err := d.Status(t.Context(), sale("A2", "7.00")); err != nil || res.Outcome != payment.Approved {
		t.Fatalf("%+v, %v", res, err)
	}
	if res := <-late; res.Number != "A2" || res.Outcome != payment.Approved {
		t.Errorf("late: %+v", res)
	}
	if f := sim.Findings(); len(f) > 0 {
		t.Errorf("the terminal complains: %v", f)
	}
}

func TestALostAnswerDoesNotDeafenTheDriverForEver(t *testing.T) {
	in(t, setup{sim: ecrhubsim.Options{Dialect: ecrhubsim.G3}}, func(t *testing.T, r *rig) {
		r.sim.Script(ecrhubsim.Outcome{Reply: ecrhubsim.None}, ecrhubsim.Outcome{Kind: ecrhubsim.Decline, Reply: ecrhubsim.EmptyBiz})
		if _, err := r.Do(t.Context(), sale("A1", "1.00"), nil); err == nil {
			t.Error("an answer that never came is one")
		}
		time.Sleep(10 * time.Minute) // it will not come any more
		start := time.Now()
		r.Must(sale("A2", "2.00"), payment.Declined)
		if took := time.Since(start); took > time.Minute {
			t.Errorf("a decline that names nothing took %s", took)
		}
	})
}
