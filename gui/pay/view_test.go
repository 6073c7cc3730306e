package pay_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"tillkeeper/gui/pay"
	"tillkeeper/gui/theme"
	"tillkeeper/gui/widgets"
	"tillkeeper/payment"
)

func newSmall(t *testing.T) *screen {
	t.Helper()
	s := newScreen(t, theme.Light, "en", small, 1)
	s.open()
	return s
}

func (s *screen) types(text string) { test.TypeOnCanvas(s.window.Canvas(), text) }

func TestAFingerPays(t *testing.T) {
	s := newSmall(t)
	for _, key := range []string{"1", "2", "5", "0", "00", "backspace"} {
		s.tap(key)
	}
	s.tap("Pay €125.00")
	s.finishWork()
	if len(s.till.charges) != 1 || !s.till.charges[0].Asked.Amount.Equal(payment.FromMinor(12500, "EUR")) {
		t.Errorf("the till was asked for %+v", s.till.charges)
	}
}

func TestTheKeyboardPays(t *testing.T) {
	s := newSmall(t)
	s.types("12,5")
	s.now = s.now.Add(time.Second)
	s.key(fyne.KeyEnter)
	s.finishWork()
	if len(s.till.charges) != 1 || !s.till.charges[0].Asked.Amount.Equal(payment.FromMinor(1250, "EUR")) {
		t.Errorf("the till was asked for %+v", s.till.charges)
	}
}

// Enter repeats some 25 times a second while it is held; an order may end in between.
func TestEnterHeldDownPaysOnceAndKeepsTheResult(t *testing.T) {
	s := newSmall(t)
	s.types("2490")
	s.now = s.now.Add(time.Second)
	for i := range 60 {
		s.key(fyne.KeyReturn)
		s.now = s.now.Add(40 * time.Millisecond)
		if i == 20 {
			s.till.answer = order("1007", payment.Sale, 2490, 0, entry(payment.KindSent), answer(payment.Approved, ""))
			s.finishWork()
		}
	}
	if len(s.till.charges) != 1 {
		t.Errorf("the till was asked %d times", len(s.till.charges))
	}
	wantFace(t, s.stage, pay.Result)
}

func TestEnterPressedTwiceDoesNotPayTwice(t *testing.T) {
	s := newSmall(t)
	s.till.answer = order("1007", payment.Sale, 2490, 0, entry(payment.KindSent), answer(payment.Approved, ""))
	s.types("2490")
	for range 5 {
		s.now = s.now.Add(3 * time.Second)
		s.key(fyne.KeyReturn)
		s.finishWork()
	}
	if len(s.till.charges) != 1 {
		t.Errorf("the till was asked %d times", len(s.till.charges))
	}
}

func TestFunctionKeysOpenWhatTheirButtonsDo(t *testing.T) {
	rows := map[fyne.KeyName]string{
		fyne.KeyF2: "Refund which payment?", fyne.KeyF3: "Void which payment?", fyne.KeyF4: "Ask about which order?",
	}
	for key, want := range rows {
		s := newSmall(t)
		s.key(key)
		if got := s.dialogs.Top(); got == nil || got.Title != want {
			t.Errorf("%s opens %+v, want %q", key, got, want)
		}
		s.key(fyne.KeyEscape)
		if s.dialogs.Any() {
			t.Errorf("Escape leaves %q open", want)
		}
	}
}

func TestARefundByTouch(t *testing.T) {
	s := newSmall(t)
	s.tap("Refund")
	s.tap("€18.40, Paid, 13:59")
	if s.find("Refund €18.40") == nil {
		t.Fatalf("the rest is not filled in; there are %s", s.labels())
	}
	for _, key := range []string{"5", "00"} {
		s.tap(key)
	}
	s.tap("Goods returned")
	s.tap("Refund €5.00")
	s.finishWork()
	want := payment.FromMinor(500, "EUR")
	if len(s.till.takebacks) != 1 || !s.till.takebacks[0].Amount.Equal(want) || s.till.takebacks[0].Reason != "Goods returned" {
		t.Errorf("the till was asked for %+v", s.till.takebacks)
	}
}

func TestMoreThanTheRestCannotBeRefunded(t *testing.T) {
	s := newSmall(t)
	s.tap("Refund")
	s.tap("€18.40, Paid, 13:59")
	s.types("1841")
	if !strings.Contains(strings.Join(s.texts(), "\n"), "More cannot be given back") {
		t.Error("nobody says why not")
	}
	s.now = s.now.Add(time.Second)
	s.key(fyne.KeyReturn)
	s.finishWork()
	if len(s.till.takebacks) != 0 {
		t.Errorf("the till was asked for %+v", s.till.takebacks)
	}
}

func TestAnOrderByNumber(t *testing.T) {
	s := newSmall(t)
	s.till.orders["77001"] = order("77001", payment.Sale, 5000, 48*time.Hour, entry(payment.KindSent), answer(payment.Approved, ""))
	s.tap("Void")
	for _, key := range "77009" {
		s.tap(string(key))
	}
	s.tap("Find")
	s.finishWork()
	if !slices.Contains(s.texts(), "There is no order with this number. Check the number.") {
		t.Error("a wrong number is not told")
	}
	s.tap("backspace")
	s.tap("1")
	s.tap("Find")
	s.finishWork()
	s.tap("Void €50.00")
	s.finishWork()
	if len(s.till.takebacks) != 1 || s.till.takebacks[0].Original != "77001" {
		t.Errorf("the till was asked for %+v", s.till.takebacks)
	}
}

func TestInsistingTakesTwoTaps(t *testing.T) {
	s := newScreen(t, theme.Light, "en", small, 1)
	s.open()
	s.event(unknown("1007", 2490, 3*time.Minute))
	s.refuse()
	s.tap("Charge anyway")
	if len(s.work) != 0 {
		t.Fatal("one tap was enough")
	}
	s.now = s.now.Add(time.Second)
	s.key(fyne.KeyReturn) // the safe answer
	if len(s.work) != 0 || s.dialogs.Any() {
		t.Fatal("Return did not keep from charging")
	}
	s.tap("Charge anyway")
	s.tap("Charge anyway")
	s.finishWork()
	last := s.till.charges[len(s.till.charges)-1]
	if !slices.Equal(last.Despite, []string{"1007"}) {
		t.Errorf("the till was asked for %+v", last)
	}
}

func TestWithoutATerminalTheMainButtonAddsOne(t *testing.T) {
	s := newScreen(t, theme.Light, "en", small, 1)
	s.Reset(emptySnapshot)
	s.tap("Add terminal")
	s.tap("No terminal yet, Tap to add one")
	if s.gone != 2 {
		t.Errorf("the Terminals screen was asked for %d times, want 2", s.gone)
	}
}

// TestTargetsAreMadeForFingers walks everything that can be tapped in every state.
func TestTargetsAreMadeForFingers(t *testing.T) {
	const target, main = 48, 96
	for _, state := range states {
		t.Run(state.name, func(t *testing.T) {
			s := newScreen(t, theme.Light, "en", small, 1)
			state.play(s)
			s.walk(func(o fyne.CanvasObject) {
				_, tappable := o.(fyne.Tappable)
				named, ok := o.(fyne.Accessible)
				if size := o.Size(); tappable && ok && (size.Width < target || size.Height < target) {
					t.Errorf("%q is %v", named.AccessibilityLabel(), size)
				}
			})
		})
	}
	s := newSmall(t)
	for _, label := range []string{"Pay", "Refund", "Void", "Query"} {
		if size := s.find(label).(fyne.CanvasObject).Size(); size.Height < main || size.Width < main {
			t.Errorf("%q is %v, want 20 mm", label, size)
		}
	}
}

// TestNothingIsCutOff looks in every state and language whether all parts have the room they need and all words are
// written out.
func TestNothingIsCutOff(t *testing.T) {
	for _, language := range []string{"en", "cs"} {
		for _, state := range states {
			if language != "en" && state.english {
				continue
			}
			t.Run(language+"/"+state.name, func(t *testing.T) {
				s := newScreen(t, theme.Light, language, small, 1)
				state.play(s)
				if m := s.view.Content().MinSize(); m.Width > small.Width-92 || m.Height > small.Height-28 {
					t.Errorf("the screen needs %v", m)
				}
				s.walk(func(o fyne.CanvasObject) { checkRoom(t, o) })
			})
		}
	}
}

func checkRoom(t *testing.T, o fyne.CanvasObject) {
	t.Helper()
	if line, ok := o.(*widgets.Line); ok {
		shown := test.WidgetRenderer(line).Objects()[0].(*canvas.Text)
		if shown.Text != line.Text() {
			t.Errorf("%q is cut to %q", line.Text(), shown.Text)
		}
	}
	if text, ok := o.(*canvas.Text); ok && text.MinSize().Width > text.Size().Width+1 {
		t.Errorf("%q needs %v and has %v", text.Text, text.MinSize().Width, text.Size().Width)
	}
	need, have := o.MinSize(), o.Size()
	if _, widget := o.(*widgets.Paragraph); widget && need.Height > have.Height+1 {
		t.Errorf("a paragraph needs %v and has %v: %q", need.Height, have.Height, o.(*widgets.Paragraph).Text())
	}
}
