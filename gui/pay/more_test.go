package pay_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"tillkeeper/gui/pay"
	"tillkeeper/payment"
	"tillkeeper/payment/till"
)

// newAble is a small screen with a terminal that can do everything, and a reserve.
func newAble(t *testing.T) *screen {
	t.Helper()
	s := newSmall(t)
	s.Take(till.Event{Terminal: able()})
	s.event(reserveOf("0990", 15000))
	return s
}

func (s *screen) says(words string) bool {
	return strings.Contains(strings.Join(s.texts(), "\n"), words)
}

func TestTheSignatureIsAnsweredByATapOnly(t *testing.T) {
	s := newSmall(t)
	s.end(wants(payment.Facts{Signature: true}))
	s.work = nil
	for _, key := range []fyne.KeyName{fyne.KeyReturn, fyne.KeyEscape, fyne.KeyF2, fyne.KeyF3, fyne.KeyF4, fyne.KeyF5, fyne.KeyBackspace} {
		s.now = s.now.Add(2 * time.Second)
		s.key(key)
	}
	if len(s.work) != 0 || s.dialogs.Any() || !s.says("Compare the signature") {
		t.Fatalf("a key did something: %d started, dialog %v", len(s.work), s.dialogs.Any())
	}
	s.tap("Not the same – take it back")
	if !s.says("Compare the signature") || s.find("Taking it back…") == nil {
		t.Errorf("while it is carried out there are %s", s.labels())
	}
	s.tap("It is the same")
	s.till.answer = signed("1007", false)
	s.finishWork()
	if !slices.Equal(s.till.signs, []bool{false}) || !s.says("Being taken back") || !s.says("The signature is not the customer's.") {
		t.Errorf("answered %v; the screen says %v", s.till.signs, s.texts())
	}
}

func TestAPaymentThatMustNotStandIsNeverCalledPaid(t *testing.T) {
	for _, status := range []payment.Status{"", payment.StatusNotSent, payment.StatusSent, payment.StatusUnknown, payment.StatusDeclined, payment.StatusApproved} {
		s := newSmall(t)
		s.end(wants(payment.Facts{ReversalDue: true}))
		if status != "" {
			s.event(reversed(status))
		}
		if slices.Contains(s.texts(), "Paid") || s.says("24.90 was charged.") {
			t.Errorf("with its void %q the screen says %v", status, s.texts())
		}
	}
}

func TestAVoidNobodyKnowsTheOutcomeOfLeadsToItsCase(t *testing.T) {
	s := newSmall(t)
	s.end(wants(payment.Facts{ReversalDue: true}))
	s.event(reversed(payment.StatusUnknown))
	s.tap("Open its case")
	if !slices.Equal(s.files, []string{"1008"}) {
		t.Errorf("opened %v", s.files)
	}
}

func TestWhatCannotBeTakenBackFromHere(t *testing.T) {
	s := newSmall(t)
	plain := up(counter)
	plain.Can.Operations = []payment.Operation{payment.Sale}
	s.Take(till.Event{Terminal: &plain})
	s.event(order("1007", payment.Sale, 2490, 0, entry(payment.KindSent), wants(payment.Facts{ReversalDue: true})))
	s.till.answer = order("1007", payment.Sale, 2490, 0, entry(payment.KindSent), wants(payment.Facts{ReversalDue: true}))
	s.Query("1007")
	s.finishWork()
	if !s.says("Not taken back") || !s.says("on the terminal itself") {
		t.Errorf("the screen says %v", s.texts())
	}
}

func TestButtonsOfWhatNoTerminalCanAreHidden(t *testing.T) {
	s := newSmall(t)
	s.Take(till.Event{Terminal: cloud()})
	if s.find("Refund") != nil || s.find("Void") != nil || s.find("Query") == nil || s.find("More") == nil {
		t.Errorf("there are %s", s.labels())
	}
	s.key(fyne.KeyF2)
	s.key(fyne.KeyF3)
	if s.dialogs.Any() {
		t.Error("a key opens what is hidden")
	}
}

func TestATerminalThatCannotVoidOffersTheRefund(t *testing.T) {
	s := newSmall(t)
	s.Take(till.Event{Terminal: &till.TerminalState{Terminal: counter, Can: payment.Capabilities{
		Operations: []payment.Operation{payment.Sale, payment.Refund}, PartialRefund: true,
	}}})
	s.tap("€18.40, Paid, 13:59")
	s.tap("Void")
	if !s.says("This terminal cannot void") || !s.says("Refund it instead.") {
		t.Fatalf("the dialog says %v", s.texts())
	}
	s.tap("Refund")
	s.tap("Refund €18.40")
	s.finishWork()
	if len(s.till.takebacks) != 1 {
		t.Errorf("the till was asked for %+v", s.till.takebacks)
	}
}

func TestTheRunningFaceIsHonestAboutStopping(t *testing.T) {
	s := newScreen(t, "light", "en", small, 1)
	s.inCloud()
	if s.find("Ask to cancel") != nil || s.find("Paid in cash instead") != nil || !s.says("press cancel on the terminal itself") {
		t.Errorf("there are %s; the screen says %v", s.labels(), s.texts())
	}
}

func TestAnOrderNobodyCanBeAskedAboutLeadsToItsCase(t *testing.T) {
	s := newScreen(t, "light", "en", small, 1)
	s.inCloud(doubt(payment.CodeLinkLost))
	if s.find("Check again") != nil || s.says("Press Check again") {
		t.Errorf("asking is offered: %v", s.texts())
	}
	s.key(fyne.KeyReturn)
	s.tap("Open its case")
	if !slices.Equal(s.files, []string{"1007", "1007"}) {
		t.Errorf("opened %v", s.files)
	}
}

func TestMoreListsOnlyWhatTheTerminalCan(t *testing.T) {
	s := newSmall(t)
	s.key(fyne.KeyF5)
	if s.dialogs.Any() || s.find("More") != nil {
		t.Error("a plain terminal can do more")
	}
	s.Take(till.Event{Terminal: cloud()})
	s.tap("More")
	if s.find("Close the terminal's day") == nil || s.find("Take a reserve") != nil || s.find("Change a tip") != nil {
		t.Errorf("there are %s", s.labels())
	}
}

func TestAReserveByTouch(t *testing.T) {
	s := newAble(t)
	s.typeDigits("15000")
	s.tap("More")
	s.tap("Reserve €150.00")
	if len(s.work) != 1 {
		t.Fatal("nothing was started")
	}
	s.finishWork()
	if s.till.extras["preauth"] != 1 {
		t.Errorf("asked for %v", s.till.extras)
	}
}

func TestLessOfAReserveIsTaken(t *testing.T) {
	s := newAble(t)
	s.tap("More")
	s.tap("Take a reserve")
	s.finishWork() // older reserves
	s.tap("€150.00, Reserved, 13:25")
	if s.find("Take €150.00") == nil {
		t.Fatalf("the whole reserve is not filled in; there are %s", s.labels())
	}
	s.types("15001")
	if !s.says("Less than this is reserved") {
		t.Error("more than was reserved can be taken")
	}
	s.key(fyne.KeyBackspace)
	s.tap("Take €15.00")
	s.finishWork()
	if len(s.till.takebacks) != 1 || s.till.extras["complete"] != 1 || !s.till.takebacks[0].Amount.Equal(payment.FromMinor(1500, "EUR")) {
		t.Errorf("asked for %+v", s.till.takebacks)
	}
}

func TestAReserveIsReleased(t *testing.T) {
	s := newAble(t)
	s.tap("More")
	s.tap("Release a reserve")
	s.tap("€150.00, Reserved, 13:25")
	s.work = nil
	s.till.answer = order("0999", payment.Void, 15000, 0, entry(payment.KindSent), answer(payment.Approved, ""))
	s.till.answer.Order.Original = "0990"
	s.tap("Release €150.00")
	s.finishWork()
	if len(s.till.takebacks) != 1 || s.till.takebacks[0].Original != "0990" {
		t.Fatalf("asked for %+v", s.till.takebacks)
	}
	if !s.says("Released") || !s.says("€150.00 is not reserved any more.") || s.says("goes back") {
		t.Errorf("the screen says %v", s.texts())
	}
}

func TestATipIsChanged(t *testing.T) {
	s := newAble(t)
	s.tap("More")
	s.tap("Change a tip")
	s.tap("€18.40, Paid, 13:59")
	s.types("200")
	if !s.says("the customer pays €20.40") {
		t.Errorf("the dialog says %v", s.texts())
	}
	s.tap("Set the tip to €2.00")
	s.finishWork()
	if s.till.extras["tip"] != 1 || !s.till.takebacks[0].Amount.Equal(payment.FromMinor(200, "EUR")) {
		t.Errorf("asked for %+v", s.till.takebacks)
	}
}

func TestWhatIsNoReserveCannotBeTaken(t *testing.T) {
	s := newAble(t)
	s.tap("More")
	s.tap("Take a reserve")
	for _, key := range "1006" {
		s.tap(string(key))
	}
	s.tap("Find")
	s.finishWork()
	if s.find("Take €18.40") != nil || !s.dialogs.Any() || len(s.till.takebacks) != 0 {
		t.Errorf("there are %s", s.labels())
	}
}

func TestTheDayIsClosedByTouch(t *testing.T) {
	s := newAble(t)
	s.tap("More")
	s.tap("Close the terminal's day")
	if len(s.work) != 0 || !s.says("can then only be refunded, not voided") {
		t.Fatal("the day is closed without a word of warning")
	}
	s.till.batch = payment.Batch{Outcome: payment.BatchClosed, Totals: totals()}
	s.tap("Close the day")
	if !s.says("Closing the day…") || s.find("Ask to cancel") != nil {
		t.Errorf("the screen says %v", s.texts())
	}
	s.finishWork()
	if !s.says("Payments: 41 · €1,284.50\nRefunds: 2 · €39.80") {
		t.Errorf("the screen says %v", s.texts())
	}
	s.now = s.now.Add(2 * time.Second)
	s.tap("Done")
	wantFace(t, s.stage, pay.Ready)
}
