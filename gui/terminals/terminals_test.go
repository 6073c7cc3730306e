package terminals_test

import (
	"slices"
	"testing"

	"fyne.io/fyne/v2"

	"tillkeeper/payment"
	"tillkeeper/payment/till"
)

func TestTestingMovesNoMoneyAndSaysSo(t *testing.T) {
	s := newScreen(t)
	s.tap("Test", 1)
	s.tap("Test", 1)
	if !s.says("Asking the terminal") || len(s.work) != 1 {
		t.Errorf("while it runs: %d tests", len(s.work))
	}
	s.finishWork()
	if !s.says("Answers in 40 ms. No money moved.") {
		t.Error("a good test is not told")
	}
	s.till.err = payment.NotSent(payment.CodeNotReached, "no")
	s.tap("Test", 1)
	s.finishWork()
	if !s.says("Terminal not reached.") {
		t.Error("a failed test is not told")
	}
}

func TestDefaultAndRemove(t *testing.T) {
	s := newScreen(t)
	s.tap("Make default", 0)
	s.finishWork()
	if !slices.Equal(s.till.standard, []string{"t2"}) {
		t.Errorf("made default: %v", s.till.standard)
	}
	s.tap("Remove", 1)
	s.dialogs.TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	s.tap("Remove", 1)
	s.tap("Remove", 0)
	s.till.err = payment.Errorf(payment.CodeOpenUnknown, "open")
	s.finishWork()
	if !slices.Equal(s.till.removed, []string{"t2"}) || !s.says("is not settled") {
		t.Errorf("removed: %v", s.till.removed)
	}
	s.Take(till.Event{Removed: "t2"})
	if len(s.Terminals()) != 2 {
		t.Error("a removed terminal is still listed")
	}
}

func TestAPanicEndsATest(t *testing.T) {
	s := newScreen(t)
	s.till.defect = true
	s.StartTest("t1")
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed before it could be logged")
			}
		}()
		s.finishWork()
	}()
	if got, _ := s.Test("t1"); got.Running {
		t.Error("the test runs for ever")
	}
}

func TestTargetsAreMadeForFingers(t *testing.T) {
	for name, play := range map[string]func(s *screen){
		"list": func(*screen) {}, "remove": func(s *screen) { s.tap("Remove", 0) },
		"protocols": func(s *screen) { s.tap("Add terminal", 0) },
		"form":      func(s *screen) { s.add(cloud.Title); s.tap("More settings (4)", 0) },
		"change":    func(s *screen) { s.tap("Change", 2); s.finishWork() },
	} {
		s := newScreen(t)
		play(s)
		s.walk(func(o fyne.CanvasObject) {
			_, tappable := o.(fyne.Tappable)
			named, ok := o.(fyne.Accessible)
			if size := o.Size(); tappable && ok && (size.Width < 48 || size.Height < 48) {
				t.Errorf("%s: %q is %v", name, named.AccessibilityLabel(), size)
			}
		})
	}
}
