package pay_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"tillkeeper/gui/pay"
	"tillkeeper/payment"
	"tillkeeper/payment/till"
)

// unsigned is an approved sale whose signature is to be compared.
func unsigned(number string, age time.Duration) payment.Record {
	return order(number, payment.Sale, 2490, age, entry(payment.KindSent), wants(payment.Facts{Signature: true}))
}

// signed is the same after somebody has compared it.
func signed(number string, accepted bool) payment.Record {
	e := entry(payment.KindSigned)
	e.Source, e.Paid = payment.FromStaff, accepted
	return order(number, payment.Sale, 2490, 0, entry(payment.KindSent), wants(payment.Facts{Signature: true}), e)
}

// asked brings a sale to the question about its signature.
func asked(t *testing.T) *stage {
	t.Helper()
	s := newStage().open()
	s.typeDigits("2490")
	s.Pay()
	s.event(unsigned("1007", 0))
	s.work = nil
	wantQuestion(t, s, "1007")
	return s
}

func wantQuestion(t *testing.T, s *stage, number string) {
	t.Helper()
	r, ok := s.Question()
	if number == "" && ok || number != "" && r.Order.Number != number {
		t.Errorf("asked is about %q (%v), want %q", r.Order.Number, ok, number)
	}
}

func TestNothingPutsTheQuestionAboutASignatureAway(t *testing.T) {
	s := asked(t)
	for range 3 {
		s.wait()
		s.Enter()
		s.Escape()
		s.Dismiss()
		s.SameAgain()
		s.Digit("5")
		s.Rune('7')
		s.Query("1003")
		s.Void(morning()[0])
	}
	wantQuestion(t, s, "1007")
	if s.CanType() || len(s.work) != 0 || len(s.till.signs) != 0 {
		t.Errorf("can type %v, started %d, answered %v", s.CanType(), len(s.work), s.till.signs)
	}
}

func TestAPressMeantForPayDoesNotAnswer(t *testing.T) {
	s := asked(t)
	s.Sign(true)
	if len(s.work) != 0 {
		t.Error("a press meant for the face before answered the question")
	}
}

func TestTheAnswerIsGivenOnce(t *testing.T) {
	s := asked(t)
	s.wait()
	s.Sign(true)
	s.Sign(false)
	if under, accepted, _ := s.Signing(); !under || !accepted {
		t.Errorf("under way %v, accepted %v", under, accepted)
	}
	s.till.answer = signed("1007", true)
	s.finishWork()
	if !slices.Equal(s.till.signs, []bool{true}) {
		t.Errorf("answered %v", s.till.signs)
	}
	wantQuestion(t, s, "")
	s.Dismiss()
	wantFace(t, s, pay.Result) // the second tap of an answer
	s.wait()
	s.Dismiss()
	wantFace(t, s, pay.Ready)
}

func TestAnAnswerThatFailsLeavesTheQuestion(t *testing.T) {
	s := asked(t)
	s.wait()
	s.till.err = payment.Errorf(payment.CodeCannotRecord, "disk full")
	s.Sign(false)
	s.finishWork()
	wantQuestion(t, s, "1007")
	if under, _, failed := s.Signing(); under || failed != payment.CodeCannotRecord {
		t.Errorf("under way %v, failed with %q", under, failed)
	}
	s.wait()
	s.till.err, s.till.answer = nil, signed("1007", false)
	s.Sign(false)
	s.finishWork()
	wantQuestion(t, s, "")
	if r, _ := s.Shown(); !r.State().TakingBack() {
		t.Error("a rejected payment is not being taken back")
	}
}

func TestAQuestionOutlivesTheProgram(t *testing.T) {
	s := newStage()
	s.Reset(till.Snapshot{
		Terminals: []till.TerminalState{up(counter)}, Recent: morning(),
		Owing: []payment.Record{unsigned("0801", 30*time.Hour), unsigned("0800", 31*time.Hour)},
	})
	wantQuestion(t, s, "0800")
	s.wait()
	s.till.answer = signed("0800", true)
	s.Sign(true)
	s.finishWork()
	s.wait()
	s.Dismiss()
	wantQuestion(t, s, "0801")
	s.Sign(true)
	if len(s.work) != 0 {
		t.Error("the next question takes the press for the last one")
	}
}

func TestAQuestionIsNotForgottenOverNewerOrders(t *testing.T) {
	s := newStage()
	s.Reset(till.Snapshot{Terminals: []till.TerminalState{up(counter)}, Owing: []payment.Record{unsigned("0800", 31*time.Hour)}})
	for i := range 40 {
		s.event(order(fmt.Sprint(2000+i), payment.Sale, 500, time.Hour, entry(payment.KindSent), answer(payment.Approved, "")))
	}
	wantQuestion(t, s, "0800")
}

func TestAQuestionWaitsForTheRunningOrder(t *testing.T) {
	s := newStage().open()
	s.typeDigits("990")
	s.Pay()
	s.event(unsigned("1007", time.Minute))
	wantFace(t, s, pay.Running)
	s.event(order("1008", payment.Sale, 990, 0, entry(payment.KindSent), answer(payment.Declined, "")))
	s.wait()
	s.Digit("5")
	wantQuestion(t, s, "1007")
	if got := s.Typed(); got.IsPositive() {
		t.Errorf("the key went into the amount: %s", got)
	}
}

func TestALateAnswerWithAQuestionIgnoresPressesAtFirst(t *testing.T) {
	s := newStage()
	s.inDoubt()
	s.work = nil
	s.event(order("1007", payment.Sale, 2490, 0, entry(payment.KindSent), doubt(payment.CodeLinkLost), wants(payment.Facts{Signature: true})))
	s.Sign(true)
	if len(s.work) != 0 {
		t.Error("a press meant for Check again answered the question")
	}
	wantQuestion(t, s, "1007")
}

func TestStaffThatMovedOnHearsWhatBecameOfATakeBack(t *testing.T) {
	s := newStage().open()
	due := order("1007", payment.Sale, 2490, time.Minute, entry(payment.KindSent), wants(payment.Facts{ReversalDue: true}))
	s.event(due)
	if _, ok := s.News(); ok {
		t.Error("what is still being done is news")
	}
	due.FollowUps = []payment.FollowUp{{Number: "1008", Operation: payment.Void, Status: payment.StatusDeclined}}
	s.event(due)
	if r, ok := s.News(); !ok || r.Order.Number != "1007" {
		t.Errorf("news are %q, %v", r.Order.Number, ok)
	}
}

func TestWhatIsBeingTakenBackIsNotOfferedAgain(t *testing.T) {
	s := newStage().open()
	due := order("1007", payment.Sale, 2490, 0, entry(payment.KindSent), wants(payment.Facts{ReversalDue: true}))
	s.event(due)
	if s.Allows(payment.Refund, due) || s.Allows(payment.Void, due) {
		t.Error("staff may give back what the till takes back")
	}
	due.FollowUps = []payment.FollowUp{{Number: "1008", Operation: payment.Void, Status: payment.StatusDeclined}}
	if !s.Allows(payment.Refund, due) {
		t.Error("what could not be voided cannot be refunded")
	}
}

func TestCashAfterAPaymentThatWasTakenBack(t *testing.T) {
	s := newStage().open()
	s.typeDigits("2490")
	s.Pay()
	s.event(order("1007", payment.Sale, 2490, 0, entry(payment.KindSent)))
	s.wait()
	s.WantCash()
	r := reversed(payment.StatusSent)
	s.event(r)
	if got := s.Cash(); got != pay.CashUnknown {
		t.Errorf("while it is taken back: %q", got)
	}
	s.event(reversed(payment.StatusApproved))
	if got := s.Cash(); got != pay.CashTake {
		t.Errorf("after it was taken back: %q", got)
	}
}
