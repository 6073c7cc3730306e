package pay_test

import (
	"slices"
	"testing"
	"time"

	"tillkeeper/gui/pay"
	"tillkeeper/payment"
	"tillkeeper/payment/till"
)

func TestWhyATerminalCannot(t *testing.T) {
	sale, reserve := morning()[0], reserveOf("0990", 15000)
	taken := order("0991", payment.Completion, 15000, time.Minute, entry(payment.KindSent), answer(payment.Approved, ""))
	rows := []struct {
		name string
		can  func(*till.TerminalState)
		op   payment.Operation
		of   payment.Record
		want pay.Lack
	}{
		{"it can", func(*till.TerminalState) {}, payment.Void, sale, pay.LackNothing},
		{"not made for it", func(t *till.TerminalState) { t.Can.Operations = nil }, payment.Void, sale, pay.LackNever},
		{"switched off", func(t *till.TerminalState) {
			t.Can.Operations, t.Can.SwitchedOff = nil, map[payment.Operation]string{payment.Refund: "refund=on"}
		}, payment.Refund, sale, pay.LackSwitchedOff},
		{"turned down by the provider", func(t *till.TerminalState) {
			t.Can.Operations, t.Terminal.Learnt = nil, map[payment.Operation]string{payment.Refund: "2026-03-01"}
		}, payment.Refund, sale, pay.LackNotEnabled},
		{"no void of a reserve", func(t *till.TerminalState) { t.Can.VoidPreAuth = false }, payment.Void, reserve, pay.LackNever},
		{"void of a reserve", func(*till.TerminalState) {}, payment.Void, reserve, pay.LackNothing},
		{"no void of what was taken", func(t *till.TerminalState) { t.Can.VoidCompletion = false }, payment.Void, taken, pay.LackNever},
		{"not in use any more", func(t *till.TerminalState) { t.Terminal.ID = "t9" }, payment.Void, sale, pay.LackGone},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			s := newStage()
			terminal := *able()
			r.can(&terminal)
			s.Reset(till.Snapshot{Terminals: []till.TerminalState{terminal}})
			if got := s.LackOf(r.op, r.of); got != r.want {
				t.Errorf("lacks %q, want %q", got, r.want)
			}
			if allowed := s.Allows(r.op, r.of); allowed != (r.want == pay.LackNothing) {
				t.Errorf("allowed: %v", allowed)
			}
		})
	}
}

func TestOnlyWhatSomeTerminalCanIsOffered(t *testing.T) {
	s := newStage()
	if !s.Offers(payment.Refund) {
		t.Error("before anything is known, refunds are hidden")
	}
	s.Reset(till.Snapshot{Terminals: []till.TerminalState{*cloud()}})
	if s.Offers(payment.Refund) || s.Offers(payment.Void) {
		t.Error("the only terminal cannot, and it is offered")
	}
	second := up(terrace)
	s.Take(till.Event{Terminal: &second})
	if !s.Offers(payment.Refund) || !s.Offers(payment.Void) {
		t.Error("another terminal can, and it is not offered")
	}
}

func TestATerminalThatCannotBeStoppedIsNotAsked(t *testing.T) {
	s := newStage().open()
	s.Take(till.Event{Terminal: cloud()})
	s.typeDigits("2490")
	s.Pay()
	s.event(order("1007", payment.Sale, 2490, 0, entry(payment.KindSent)))
	s.work = nil
	s.wait()
	s.Escape()
	s.Cancel()
	s.WantCash()
	if s.CanCancel() || s.OffersCash() || s.Attempt().Cancelled || s.Attempt().Cash || len(s.work) != 0 {
		t.Error("the terminal was asked to stop, or staff was told so")
	}
}

func TestWhereAskingIsVain(t *testing.T) {
	s := newStage().open()
	s.Take(till.Event{Terminal: cloud()})
	s.typeDigits("2490")
	s.Pay()
	s.event(order("1007", payment.Sale, 2490, 0, entry(payment.KindSent), doubt(payment.CodeLinkLost)))
	s.work = nil
	s.wait()
	s.Enter()
	if !s.AskingIsVain() || len(s.work) != 0 {
		t.Errorf("vain %v, asked %d times", s.AskingIsVain(), len(s.work))
	}
	accepted := entry(payment.KindAccepted)
	accepted.Facts = &payment.Facts{Reference: "778"}
	s.event(order("1007", payment.Sale, 2490, 0, entry(payment.KindSent), accepted, doubt(payment.CodeLinkLost)))
	if s.AskingIsVain() {
		t.Error("the number is known, and nobody asks")
	}
}

func TestExtrasAreWhatTheChosenTerminalCan(t *testing.T) {
	s := newStage().open()
	if got := s.Extras(); len(got) != 0 {
		t.Errorf("a plain terminal offers %v", got)
	}
	s.Take(till.Event{Terminal: cloud()})
	if got := s.Extras(); !slices.Equal(got, []pay.Extra{pay.ExtraClose}) {
		t.Errorf("the cloud offers %v", got)
	}
	s.Take(till.Event{Terminal: able()})
	want := []pay.Extra{pay.ExtraReserve, pay.ExtraTake, pay.ExtraRelease, pay.ExtraTip, pay.ExtraClose}
	if got := s.Extras(); !slices.Equal(got, want) {
		t.Errorf("offered are %v, want %v", got, want)
	}
}

func TestReserveTakeAndTip(t *testing.T) {
	s := newStage().open()
	s.Take(till.Event{Terminal: able()})
	s.Reserve()
	wantFace(t, s, pay.Ready) // no amount
	s.typeDigits("15000")
	s.Reserve()
	s.Reserve()
	s.finishWork()
	if len(s.till.charges) != 1 || s.till.extras["preauth"] != 1 || s.till.charges[0].Terminal != "t1" {
		t.Fatalf("asked for %+v, %v", s.till.charges, s.till.extras)
	}
	s.wait()
	s.Dismiss()
	s.TakeReserve(reserveOf("0990", 15000), payment.FromMinor(12000, "EUR"))
	s.finishWork()
	s.wait()
	s.Dismiss()
	s.SetTip(morning()[0], payment.FromMinor(200, "EUR"))
	s.finishWork()
	if len(s.till.takebacks) != 2 || s.till.extras["complete"] != 1 || s.till.extras["tip"] != 1 {
		t.Fatalf("asked for %+v, %v", s.till.takebacks, s.till.extras)
	}
	for i, want := range []till.Takeback{
		{Original: "0990", Amount: payment.FromMinor(12000, "EUR")}, {Original: "1006", Amount: payment.FromMinor(200, "EUR")},
	} {
		if got := s.till.takebacks[i]; got.Original != want.Original || !got.Amount.Equal(want.Amount) {
			t.Errorf("asked for %+v, want %+v", got, want)
		}
	}
}

func TestReservesOfOtherDaysAreFound(t *testing.T) {
	s := newStage().open()
	s.Take(till.Event{Terminal: able()})
	old := order("0700", payment.PreAuth, 9000, 6*24*time.Hour, entry(payment.KindSent), answer(payment.Approved, ""))
	taken := order("0701", payment.PreAuth, 9000, 5*24*time.Hour, entry(payment.KindSent), answer(payment.Approved, ""))
	taken.FollowUps = []payment.FollowUp{{Number: "0702", Operation: payment.Completion, Status: payment.StatusApproved}}
	s.till.found = []payment.Record{old, taken}
	told := false
	s.FetchReserves(func() { told = true })
	s.finishWork()
	got := s.Reserves(payment.Completion)
	if len(got) != 1 || got[0].Order.Number != "0700" || !told {
		t.Errorf("found %d reserves, told %v", len(got), told)
	}
	if len(s.Candidates(payment.Void)) != 2 {
		t.Errorf("reserves are among the payments to void: %d", len(s.Candidates(payment.Void)))
	}
}

func TestTheDayIsClosedOnce(t *testing.T) {
	s := newStage().open()
	s.CloseBatch()
	wantFace(t, s, pay.Ready) // this terminal cannot
	s.Take(till.Event{Terminal: able()})
	s.till.batch = payment.Batch{Outcome: payment.BatchClosed, Totals: totals()}
	s.CloseBatch()
	s.CloseBatch()
	s.Digit("5")
	s.Pay()
	s.Escape()
	s.SelectTerminal("t2")
	wantFace(t, s, pay.Closing)
	s.finishWork()
	wantFace(t, s, pay.Closed)
	if !slices.Equal(s.till.batches, []string{"t1"}) || s.Batch().Totals.Sales.Count != 41 {
		t.Errorf("closed %v, totals %+v", s.till.batches, s.Batch().Totals)
	}
	s.Enter()
	wantFace(t, s, pay.Closed)
	s.wait()
	s.Enter()
	wantFace(t, s, pay.Ready)
	if s.ticks != nil {
		t.Error("the clock still ticks")
	}
}

func TestACloseThatIsRefusedSaysWhatIsInTheWay(t *testing.T) {
	s := newStage().open()
	s.Take(till.Event{Terminal: able()})
	s.till.err = payment.Errorf(payment.CodeOrdersOpen, "1007 is open").About("1007")
	s.CloseBatch()
	s.finishWork()
	wantFace(t, s, pay.Refused)
	if r := s.Refusal(); r.Order != "1007" || r.Overridable() {
		t.Errorf("refused with %+v", r)
	}
	s.wait()
	s.Enter()
	wantFace(t, s, pay.Ready)
}
