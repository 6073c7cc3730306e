package terminals_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tillkeeper/gui/internal/look"
	"tillkeeper/gui/message"
	"tillkeeper/gui/terminals"
	"tillkeeper/gui/theme"
	"tillkeeper/gui/widgets"
	"tillkeeper/payment"
	"tillkeeper/payment/till"
)

var noon = time.Date(2026, 3, 9, 14, 5, 0, 0, time.UTC)

// fakeTill answers what the test tells it to and notes what it was asked.
type fakeTill struct {
	added    []till.NewTerminal
	standard []string
	removed  []string
	err      error
	defect   bool // TestTerminal panics
}

func (f *fakeTill) CheckAddress(text string) (payment.Protocol, string, error) {
	if strings.Contains(text, " ") {
		return payment.Protocol{}, "", payment.Errorf(payment.CodeBadAddress, "no")
	}
	return payment.Protocol{}, "ecrhub://" + text + ":35779", nil
}

func (f *fakeTill) AddTerminal(_ context.Context, n till.NewTerminal) (till.TerminalState, error) {
	f.added = append(f.added, n)
	return state("t9", n.Name, false), f.err
}

func (f *fakeTill) SetDefaultTerminal(_ context.Context, name string) error {
	f.standard = append(f.standard, name)
	return f.err
}

func (f *fakeTill) RemoveTerminal(_ context.Context, name string) error {
	f.removed = append(f.removed, name)
	return f.err
}

func (f *fakeTill) TestTerminal(context.Context, string) (payment.Identity, error) {
	if f.defect {
		panic("defect")
	}
	return payment.Identity{Delay: 40 * time.Millisecond}, f.err
}

func state(id, name string, standard bool) till.TerminalState {
	return till.TerminalState{
		Terminal: payment.Terminal{ID: id, Name: name, Address: "ecrhub://192.0.2.40:35779", Default: standard},
		Link:     payment.LinkState{Tried: true, Up: true, Alive: noon},
	}
}

// screen is the model with its view in a window; work waits until the test lets it run.
type screen struct {
	*terminals.Model
	till    *fakeTill
	work    []func(context.Context)
	dialogs *widgets.Dialogs
	window  fyne.Window
}

func newScreen(t *testing.T) *screen {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light))
	words, err := message.New("en")
	if err != nil {
		t.Fatal(err)
	}
	s := &screen{till: &fakeTill{}}
	s.Model = terminals.NewModel(terminals.Deps{
		Till: s.till, Now: func() time.Time { return noon },
		Run:  func(work func(context.Context)) { s.work = append(s.work, work) },
		Post: func(f func()) { f() },
	})
	s.window = test.NewTempWindow(t, widgets.Space())
	s.window.SetPadded(false)
	s.dialogs = widgets.NewDialogs(s.window.Canvas(), &widgets.Guard{Now: func() time.Time { return noon }})
	view := terminals.NewView(s.Model, words, s.dialogs)
	s.window.SetContent(view.Content())
	s.window.Resize(fyne.NewSize(932, 572))
	s.Reset(till.Snapshot{Terminals: []till.TerminalState{state("t1", "Counter 1", true), state("t2", "Terrace", false)}})
	return s
}

func (s *screen) finishWork() {
	for len(s.work) > 0 {
		next := s.work[0]
		s.work = s.work[1:]
		next(context.Background())
	}
}

func (s *screen) walk(visit func(fyne.CanvasObject)) {
	look.Walk(s.window.Canvas(), visit)
}

// tap taps the n-th thing that is called so.
func (s *screen) tap(label string, n int) {
	var found []fyne.Tappable
	s.walk(func(o fyne.CanvasObject) {
		named, ok := o.(fyne.Accessible)
		if tappable, can := o.(fyne.Tappable); ok && can && named.AccessibilityLabel() == label {
			found = append(found, tappable)
		}
	})
	test.Tap(found[n])
}

func (s *screen) fill(label, text string) {
	s.walk(func(o fyne.CanvasObject) {
		if e, ok := o.(*widgets.Entry); ok && e.Label == label {
			e.SetText(text)
		}
	})
}

func (s *screen) says(text string) bool {
	found := false
	s.walk(func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *widgets.Line:
			found = found || strings.Contains(o.Text(), text)
		case *widgets.Paragraph:
			found = found || strings.Contains(o.Text(), text)
		}
	})
	return found
}

func TestAddingATerminal(t *testing.T) {
	s := newScreen(t)
	s.tap("Add terminal", 0)
	s.fill("Name", "Bar")
	s.fill("Address", "not an address")
	if !s.says("cannot be read as the address") {
		t.Error("a wrong address is not told while it is typed")
	}
	s.tap("Save", 0)
	if len(s.work) != 0 {
		t.Fatal("a wrong form was stored")
	}
	s.fill("Address", "192.0.2.50")
	s.fill("Application id", "wz0123456789abcdef")
	s.fill("Currency", "eur")
	if !s.says("ecrhub://192.0.2.50:35779") {
		t.Error("the address in full is not shown")
	}
	s.tap("Save", 0)
	s.finishWork()
	if len(s.till.added) != 1 || s.dialogs.Any() {
		t.Fatalf("added %v, dialog open %v", s.till.added, s.dialogs.Any())
	}
	n := s.till.added[0]
	if n.Name != "Bar" || n.Address != "192.0.2.50" || n.Settings["currency"] != "EUR" || n.Settings["app_id"] != "wz0123456789abcdef" {
		t.Errorf("added %+v", n)
	}
	if len(s.Terminals()) != 3 {
		t.Errorf("%d terminals are listed", len(s.Terminals()))
	}
}

func TestWhatTheTillRefusesIsToldAtItsField(t *testing.T) {
	s := newScreen(t)
	s.till.err = payment.Errorf(payment.CodeAddressTaken, "taken")
	s.tap("Add terminal", 0)
	s.fill("Name", "Bar")
	s.fill("Address", "192.0.2.40")
	s.tap("Save", 0)
	s.finishWork()
	if !s.dialogs.Any() || !s.says("Another terminal has this address") {
		t.Error("the form does not say what is wrong")
	}
}

func TestTheFormChecksAsItIsTyped(t *testing.T) {
	s := newScreen(t)
	problems, _ := s.Check(terminals.Form{Name: "terrace", Address: "a b", Currency: "XXZ"})
	want := map[terminals.Field]payment.Code{
		terminals.Name: payment.CodeNameTaken, terminals.Address: payment.CodeBadAddress, terminals.Currency: payment.CodeBadCurrency,
	}
	for field, code := range want {
		if problems[field] != code {
			t.Errorf("%s: %q, want %q", field, problems[field], code)
		}
	}
	if s.Complete(terminals.Form{Name: "Bar"}) || !s.Complete(terminals.Form{Name: "Bar", Address: "192.0.2.9"}) {
		t.Error("completeness is judged wrongly")
	}
}

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
	if len(s.Terminals()) != 1 {
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
		"list": func(*screen) {}, "form": func(s *screen) { s.tap("Add terminal", 0) }, "remove": func(s *screen) { s.tap("Remove", 0) },
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
