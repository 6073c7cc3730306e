package pay_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"tillkeeper/gui/pay"
	"tillkeeper/payment"
	"tillkeeper/payment/till"
)

func wantFace(t *testing.T, s *stage, want pay.Face) {
	t.Helper()
	if got := s.Face(); got != want {
		t.Errorf("the screen shows %q, want %q", got, want)
	}
}

func TestPayAsksTheTillOnce(t *testing.T) {
	s := newStage().open()
	s.typeDigits("2490")
	s.Pay()
	s.Pay()
	s.Digit("9")
	s.Enter()
	s.finishWork()
	if len(s.till.charges) != 1 {
		t.Fatalf("the till was asked %d times", len(s.till.charges))
	}
	c := s.till.charges[0]
	if c.Terminal != "t1" || !c.Asked.Amount.Equal(payment.FromMinor(2490, "EUR")) || len(c.Despite) != 0 {
		t.Errorf("the till was asked for %+v", c)
	}
}

func TestPayNeedsAnAmountAndATerminal(t *testing.T) {
	s := newStage()
	s.Reset(till.Snapshot{})
	s.typeDigits("2490")
	s.Pay()
	wantFace(t, s, pay.Ready)
	s.open()
	s.Clear()
	s.Pay()
	wantFace(t, s, pay.Ready)
	if len(s.work) != 0 {
		t.Error("work was started")
	}
}

func TestEventsLeadToTheResult(t *testing.T) {
	s := newStage().open()
	s.typeDigits("2490")
	s.Pay()
	wantFace(t, s, pay.Running)
	s.event(order("1007", payment.Sale, 2490, 0, entry(payment.KindSent)))
	if got := s.Attempt().Number; got != "1007" {
		t.Fatalf("the running order is %q", got)
	}
	s.event(order("1007", payment.Sale, 2490, 0, entry(payment.KindSent), answer(payment.Approved, "")))
	wantFace(t, s, pay.Result)
	s.Dismiss()
	wantFace(t, s, pay.Result) // meant for the face before
	s.Digit("5")
	wantFace(t, s, pay.Ready)
	if got := s.Typed().Text(); got != "0.05" {
		t.Errorf("the next amount is %s, want 0.05", got)
	}
	if s.ticks != nil {
		t.Error("the clock still ticks")
	}
}

func TestAnAmountBegunBeforeTheResultIsNotChargedInPart(t *testing.T) {
	s := newStage().open()
	s.typeDigits("2490")
	s.Pay()
	s.wait()
	s.typeDigits("12")
	s.event(order("1007", payment.Sale, 2490, 0, entry(payment.KindSent), answer(payment.Approved, "")))
	for range 2 {
		s.now = s.now.Add(300 * time.Millisecond)
		s.Digit("5")
	}
	wantFace(t, s, pay.Result)
	s.wait()
	s.Digit("7")
	if got := s.Typed().Text(); got != "0.07" {
		t.Errorf("the next amount is %q, want 0.07", got)
	}
}

func TestWhatPayReturnsIsTheResultToo(t *testing.T) {
	s := newStage().open()
	s.typeDigits("2490")
	s.till.answer = order("1007", payment.Sale, 2490, 0, entry(payment.KindSent), answer(payment.Declined, ""))
	s.Pay()
	s.finishWork()
	wantFace(t, s, pay.Result)
	if r, ok := s.Shown(); !ok || r.Order.Number != "1007" {
		t.Errorf("shown is %q", r.Order.Number)
	}
	s.wait()
	if !s.OffersSame() {
		t.Error("after a decline the same amount is not offered")
	}
	s.SameAgain()
	if got := s.Typed().Text(); got != "24.90" {
		t.Errorf("the amount is %q, want 24.90", got)
	}
}

func TestOrdersOfOthersAreNotTheRunningOne(t *testing.T) {
	s := newStage().open()
	s.typeDigits("2490")
	s.Pay()
	there := order("9001", payment.Sale, 2490, 0, entry(payment.KindSent))
	there.Holder = payment.HeldThere
	s.event(there)
	s.event(order("9002", payment.Sale, 1000, 0, entry(payment.KindSent)))
	s.event(order("9003", payment.Refund, 2490, 0, entry(payment.KindSent)))
	if got := s.Attempt().Number; got != "" {
		t.Errorf("order %s was taken for the running one", got)
	}
}

func TestAnUnknownResultMustBeAcknowledged(t *testing.T) {
	s := newStage().open()
	s.typeDigits("2490")
	s.Pay()
	s.event(order("1007", payment.Sale, 2490, 0, entry(payment.KindSent), doubt(payment.CodeLinkLost)))
	s.wait()
	s.Digit("5")
	s.Escape()
	s.Rune('7')
	wantFace(t, s, pay.Result)
	if s.CanType() || s.OffersSame() {
		t.Error("the screen goes on as if nothing was open")
	}
	s.Enter()
	s.work = s.work[1:] // the sale's own call is still out
	s.till.answer = order("1007", payment.Sale, 2490, 0, entry(payment.KindSent), doubt(payment.CodeLinkLost))
	s.finishWork()
	if !slices.Equal(s.till.queries, []string{"1007"}) {
		t.Errorf("Enter asked about %v", s.till.queries)
	}
	s.Dismiss()
	wantFace(t, s, pay.Ready)
	if _, ok := s.CaseHere(); !ok || len(s.Cases()) != 1 {
		t.Error("the open case is forgotten")
	}
}

func TestALateAnswerReplacesUnknownOnTheScreen(t *testing.T) {
	s := newStage().open()
	s.typeDigits("2490")
	s.Pay()
	s.event(order("1007", payment.Sale, 2490, 0, entry(payment.KindSent), doubt(payment.CodeLinkLost)))
	s.event(order("1007", payment.Sale, 2490, 0, entry(payment.KindSent), doubt(payment.CodeLinkLost), answer(payment.Approved, "")))
	if r, _ := s.Shown(); r.State().Status != payment.StatusApproved || s.MustAgree() {
		t.Errorf("shown is %s, must agree %v", r.State().Status, s.MustAgree())
	}
}

func TestStaffThatMovedOnHearsOfALateAnswer(t *testing.T) {
	s := newStage().open()
	s.event(unknown("1007", 2490, 3*time.Minute))
	if _, ok := s.News(); ok {
		t.Error("an open case is news")
	}
	s.event(order("1007", payment.Sale, 2490, 3*time.Minute, entry(payment.KindSent), doubt(payment.CodeLinkLost), answer(payment.Approved, "")))
	if r, ok := s.News(); !ok || r.Order.Number != "1007" {
		t.Errorf("news are %q", r.Order.Number)
	}
	s.typeDigits("100")
	s.Pay()
	if _, ok := s.News(); ok {
		t.Error("old news stay over the next payment")
	}
}

func TestCancelWaitsForTheOrderNumber(t *testing.T) {
	s := newStage().open()
	s.typeDigits("2490")
	s.Pay()
	s.Cancel() // a double tap on Pay
	if s.Attempt().Cancelled {
		t.Fatal("a press meant for Pay cancelled the order")
	}
	s.wait()
	s.Cancel()
	s.Cancel()
	s.event(order("1007", payment.Sale, 2490, 0, entry(payment.KindSent)))
	s.work = s.work[1:]
	s.finishWork()
	if !slices.Equal(s.till.cancels, []string{"1007"}) {
		t.Errorf("cancelled were %v", s.till.cancels)
	}
	wantFace(t, s, pay.Running)
}

// refused brings the stage before the till's no.
func refused(t *testing.T, code payment.Code) *stage {
	t.Helper()
	s := newStage().open()
	s.event(unknown("1007", 2490, 3*time.Minute))
	s.typeDigits("2490")
	e := payment.Errorf(code, "no")
	e.Order = "1007"
	s.till.err = e
	s.Pay()
	s.finishWork()
	s.wait()
	wantFace(t, s, pay.Refused)
	return s
}

func TestInsistingIsRecordedAsAnApproval(t *testing.T) {
	s := refused(t, payment.CodeOpenUnknown)
	s.Approve()
	s.finishWork()
	last := s.till.charges[len(s.till.charges)-1]
	if !slices.Equal(last.Despite, []string{"1007"}) || !last.Asked.Amount.Equal(payment.FromMinor(2490, "EUR")) {
		t.Errorf("the till was asked for %+v", last)
	}
}

func TestOtherRefusalsCannotBeOverridden(t *testing.T) {
	s := refused(t, payment.CodeBusy)
	s.Approve()
	if len(s.work) != 0 || s.Refusal().Overridable() {
		t.Error("a busy terminal was overridden")
	}
	s.Enter()
	wantFace(t, s, pay.Ready)
	if got := s.Typed().Text(); got != "24.90" {
		t.Errorf("the amount is %q, want it kept", got)
	}
}

func TestCheckingWhatIsInTheWay(t *testing.T) {
	rows := []struct {
		name   string
		answer payment.Record
		face   pay.Face
	}{
		{"it was paid", order("1007", payment.Sale, 2490, 0, entry(payment.KindSent), answer(payment.Approved, "")), pay.Result},
		{"it was not", order("1007", payment.Sale, 2490, 0, entry(payment.KindSent), answer(payment.Cancelled, "")), pay.Ready},
		{"nobody knows", unknown("1007", 2490, 0), pay.Refused},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			s := refused(t, payment.CodeOpenUnknown)
			s.till.answer, s.till.err = r.answer, nil
			s.CheckShown()
			s.finishWork()
			wantFace(t, s, r.face)
			if r.face == pay.Ready && !s.CanPay() {
				t.Error("the amount is lost")
			}
		})
	}
}

func TestAPanicIsNotAResult(t *testing.T) {
	s := newStage().open()
	s.typeDigits("2490")
	s.Pay()
	work := s.work[0]
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed before it could be logged")
			}
		}()
		s.till.orders = nil
		s.Model.Attempt().Break()
		work(context.Background())
	}()
	wantFace(t, s, pay.Refused)
	if got := s.Refusal().Code; got != payment.CodeInternal {
		t.Errorf("refused with %q", got)
	}
}

func TestAScannerFindsAnOrderAndPaysNothing(t *testing.T) {
	s := newStage().open()
	old := order("202601010001", payment.Sale, 500, 60*24*time.Hour, entry(payment.KindSent), answer(payment.Approved, ""))
	s.till.orders["202601010001"] = old
	var found payment.Record
	s.Scanned = func(r payment.Record, err error) {
		if err != nil {
			t.Error(err)
		}
		found = r
	}
	s.typeDigits("990")
	s.wait()
	for _, c := range "202601010001" {
		s.now = s.now.Add(8 * time.Millisecond)
		s.Rune(c)
	}
	s.now = s.now.Add(8 * time.Millisecond)
	s.Enter()
	s.finishWork()
	if found.Order.Number != "202601010001" || len(s.till.charges) != 0 {
		t.Errorf("found %q, charged %d times", found.Order.Number, len(s.till.charges))
	}
	if got := s.Typed().Text(); got != "9.90" {
		t.Errorf("the amount is %q, want what stood there before", got)
	}
}

func TestFingersAreNoScanner(t *testing.T) {
	s := newStage().open()
	for _, c := range "12345678" {
		s.now = s.now.Add(120 * time.Millisecond)
		s.Rune(c)
	}
	s.now = s.now.Add(200 * time.Millisecond)
	s.Enter()
	wantFace(t, s, pay.Running)
}

func TestQueryShowsWhatIsKnown(t *testing.T) {
	s := newStage().open()
	s.till.answer = order("0815", payment.Sale, 700, 400*24*time.Hour, entry(payment.KindSent), answer(payment.Approved, ""))
	s.Query("0815")
	wantFace(t, s, pay.Asking)
	s.finishWork()
	wantFace(t, s, pay.Result)
	if r, ok := s.Shown(); !ok || r.Order.Number != "0815" {
		t.Errorf("shown is %q, found %v", r.Order.Number, ok)
	}
}

func TestStaffNeedNotWaitForAQuery(t *testing.T) {
	s := newStage().open()
	s.Query("1003")
	s.wait()
	s.Escape()
	wantFace(t, s, pay.Ready)
	s.till.answer = morning()[3]
	s.finishWork()
	wantFace(t, s, pay.Ready)
}

func TestRefundAndVoidTakeTheOriginal(t *testing.T) {
	s := newStage().open()
	paid := morning()[0]
	s.Refund(paid, payment.FromMinor(500, "EUR"), "goods returned")
	s.finishWork()
	s.wait()
	s.Dismiss()
	s.Void(paid)
	s.finishWork()
	if len(s.till.takebacks) != 2 {
		t.Fatalf("the till was asked %d times", len(s.till.takebacks))
	}
	if b := s.till.takebacks[0]; b.Original != "1006" || !b.Amount.Equal(payment.FromMinor(500, "EUR")) || b.Reason != "goods returned" {
		t.Errorf("refund asked for %+v", b)
	}
	if b := s.till.takebacks[1]; b.Original != "1006" {
		t.Errorf("void asked for %+v", b)
	}
}

func TestOnlyWhatMakesSenseIsOffered(t *testing.T) {
	s := newStage().open()
	numbers := func(op payment.Operation) (all []string) {
		for _, r := range s.Candidates(op) {
			all = append(all, r.Order.Number)
		}
		return all
	}
	if got := numbers(payment.Refund); !slices.Equal(got, []string{"1006", "1001"}) {
		t.Errorf("refunds are offered for %v", got)
	}
	if got := numbers(payment.Void); !slices.Equal(got, []string{"1006", "1001"}) {
		t.Errorf("voids are offered for %v", got)
	}
	plain := up(counter)
	plain.Can.Operations = []payment.Operation{payment.Sale}
	s.Take(till.Event{Terminal: &plain})
	if got := numbers(payment.Refund); len(got) != 0 {
		t.Errorf("a terminal that cannot refund is offered %v", got)
	}
}

func TestTheChosenTerminalStaysUntilItIsGone(t *testing.T) {
	s := newStage().open()
	second := up(terrace)
	s.Take(till.Event{Terminal: &second})
	s.SelectTerminal("t2")
	if now, _ := s.Terminal(); now.Terminal.ID != "t2" {
		t.Errorf("the terminal is %s", now.Terminal.ID)
	}
	s.Take(till.Event{Removed: "t2"})
	if now, _ := s.Terminal(); now.Terminal.ID != "t1" {
		t.Errorf("after removal the terminal is %s, want the default", now.Terminal.ID)
	}
}
