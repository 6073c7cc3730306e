package widgets_test

import (
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tillkeeper/gui/message"
	"tillkeeper/gui/theme"
	"tillkeeper/gui/widgets"
)

func newWindow(t *testing.T, content fyne.CanvasObject) fyne.Window {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(theme.New(theme.Light))
	w := test.NewTempWindow(t, content)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(800, 600))
	return w
}

func key(name fyne.KeyName) *fyne.KeyEvent { return &fyne.KeyEvent{Name: name} }

func TestADisabledButtonDoesNothing(t *testing.T) {
	taps := 0
	b := widgets.NewPrimary("Pay", theme.IconPay, func() { taps++ })
	newWindow(t, b)
	test.Tap(b)
	b.SetEnabled(false)
	test.Tap(b)
	b.SetEnabled(true)
	test.Tap(b)
	if taps != 2 {
		t.Errorf("%d taps counted, want 2", taps)
	}
}

func TestTheKeypadTellsItsKeys(t *testing.T) {
	var got []widgets.Key
	k := widgets.NewKeypad(",", func(key widgets.Key) { got = append(got, key) })
	w := newWindow(t, k)
	// Middle of 7, of 00 in the bottom row, and of the two tall keys.
	for _, at := range []fyne.Position{{X: 90, Y: 60}, {X: 300, Y: 540}, {X: 500, Y: 540}, {X: 700, Y: 200}, {X: 700, Y: 500}} {
		test.TapCanvas(w.Canvas(), at)
	}
	k.SetEnabled(false)
	k.Tap("1")
	want := []widgets.Key{"7", widgets.DoubleZero, widgets.Point, widgets.Backspace, widgets.Clear}
	if len(got) != len(want) {
		t.Fatalf("got %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("key %d is %q, want %q", i, got[i], want[i])
		}
	}
}

func TestAnEntryLetsGoOfTheKeysOfATill(t *testing.T) {
	e := widgets.NewEntry("")
	w := newWindow(t, e)
	var got []fyne.KeyName
	e.OnKey = func(k *fyne.KeyEvent) { got = append(got, k.Name) }
	w.Canvas().Focus(e)
	for _, name := range []fyne.KeyName{fyne.KeyF2, fyne.KeyEscape, fyne.KeyReturn, fyne.KeyEnter, fyne.KeyBackspace} {
		e.TypedKey(key(name))
	}
	test.Type(e, "abc")
	e.TypedKey(key(fyne.KeyBackspace))
	if len(got) != 4 || e.Text != "ab" {
		t.Errorf("forwarded %v, text %q", got, e.Text)
	}
}

func TestAFingersDragScrolls(t *testing.T) {
	var rows []widgets.Part
	var tapped int
	for i := range 40 {
		rows = append(rows, widgets.Fixed(widgets.NewItem(theme.ColourKey, "", widgets.NewLine("row", widgets.Style{}), func() { tapped = i })))
	}
	list := widgets.Column(theme.SizeNone, rows...)
	w := newWindow(t, widgets.DragScroll(list))
	test.TapCanvas(w.Canvas(), fyne.NewPos(100, 10))
	if tapped != 0 {
		t.Errorf("a tap through the sheet hit row %d", tapped)
	}
	test.Drag(w.Canvas(), fyne.NewPos(100, 300), 0, -480)
	test.TapCanvas(w.Canvas(), fyne.NewPos(100, 10))
	if tapped != 10 {
		t.Errorf("after dragging ten rows up, the first is row %d", tapped)
	}
}

func TestAFieldBroughtIntoViewIsWhole(t *testing.T) {
	var entries []*widgets.Entry
	var parts []widgets.Part
	for range 20 {
		e := widgets.NewSecretEntry("")
		entries, parts = append(entries, e), append(parts, widgets.Fixed(e))
	}
	scroll := widgets.NewScroll(widgets.Column(theme.SizeGap, parts...))
	w := newWindow(t, scroll.Object())
	w.Resize(fyne.NewSize(400, 200))
	w.SetPadded(false)
	for i, e := range entries {
		e.OnFocus = func() { scroll.Reveal(entries[i]) }
	}
	for _, i := range []int{0, 1, 19, 10, 11, 3, 0} {
		e := entries[i]
		w.Canvas().Focus(e)
		y := fyne.CurrentApp().Driver().AbsolutePositionForObject(e).Y
		if y < 0 || y+e.Size().Height > w.Canvas().Size().Height {
			t.Errorf("field %d lies at %v in %v", i, y, w.Canvas().Size())
		}
		if !e.Password {
			t.Error("a secret is shown")
		}
	}
}

func TestReturnAndEscapeAnswerADialog(t *testing.T) {
	now := time.Unix(0, 0)
	guard := &widgets.Guard{Now: func() time.Time { return now }}
	w := newWindow(t, widgets.Space())
	d := widgets.NewDialogs(w.Canvas(), guard)
	answer := ""
	open := func() {
		answer = ""
		d.Show(&widgets.Dialog{
			Title: "Sure?", Content: widgets.NewParagraph("Really?", widgets.Style{}),
			Confirm: widgets.NewPrimary("Yes", "", func() { answer = "yes" }),
			Cancel:  widgets.NewButton("No", "", func() { answer = "no" }),
		})
	}
	open()
	d.TypedKey(key(fyne.KeyEscape))
	if answer != "no" || d.Any() {
		t.Errorf("Escape answers %q, open %v", answer, d.Any())
	}
	open()
	d.TypedKey(key(fyne.KeyReturn))
	if answer != "yes" || d.Any() {
		t.Errorf("Return answers %q, open %v", answer, d.Any())
	}
	open()
	d.TypedKey(key(fyne.KeyReturn)) // still the same press
	if answer != "" || !d.Any() {
		t.Errorf("a held Return answered %q", answer)
	}
	if w.Canvas().Overlays().Top() == nil {
		t.Error("the dialog is not on top")
	}
	d.CloseAll()
	if d.Any() || d.TypedKey(key(fyne.KeyReturn)) {
		t.Error("a closed dialog takes keys")
	}
}

func TestAGuardTellsFreshPressesFromHeldOnes(t *testing.T) {
	now := time.Unix(100, 0)
	g := &widgets.Guard{Now: func() time.Time { return now }}
	fresh := 0
	press := func(after time.Duration) {
		now = now.Add(after)
		if g.Enter() {
			fresh++
		}
	}
	press(0)
	press(660 * time.Millisecond) // the first repeat on X11
	for range 100 {
		press(40 * time.Millisecond)
	}
	if fresh != 1 {
		t.Errorf("a held key counts %d times", fresh)
	}
	press(2 * time.Second)
	g.Other()
	press(100 * time.Millisecond)
	if fresh != 3 {
		t.Errorf("after a pause and after another key: %d, want 3", fresh)
	}
}

func TestRowsShareWhatIsLeft(t *testing.T) {
	a, b, c := widgets.Space(), widgets.Space(), widgets.AtLeast(theme.SizeMain, "", widgets.Space())
	row := widgets.Row(theme.SizeGap, widgets.Grow(1, a), widgets.Grow(3, b), widgets.Fixed(c))
	newWindow(t, row)
	if a.Size().Width != 170 || b.Size().Width != 510 || c.Size().Width != 96 {
		t.Errorf("widths are %v, %v, %v", a.Size().Width, b.Size().Width, c.Size().Width)
	}
	b.Hide()
	row.Refresh()
	if a.Size().Width != 692 {
		t.Errorf("with its neighbour gone it is %v wide", a.Size().Width)
	}
}

func TestAParagraphIsAsHighAsItsWords(t *testing.T) {
	p := widgets.NewParagraph("one two three four five six seven eight nine ten eleven twelve", widgets.Style{})
	newWindow(t, widgets.Column(theme.SizeNone, widgets.Fixed(p)))
	wide := p.MinSize().Height
	p.Resize(fyne.NewSize(120, 400))
	if narrow := p.MinSize().Height; narrow < 3*wide {
		t.Errorf("%v high when narrow, %v when wide", narrow, wide)
	}
}

// The marks of messages and the states of badges are one list of words, kept in two places as messages know no Fyne.
func TestEveryMarkHasABadgeOfItsOwn(t *testing.T) {
	pairs := map[message.Mark]widgets.State{
		message.MarkPaid: widgets.Paid, message.MarkDeclined: widgets.Declined, message.MarkCancelled: widgets.Cancelled,
		message.MarkUnknown: widgets.Unknown, message.MarkNotSent: widgets.NotSent, message.MarkTakenBack: widgets.TakenBack,
		message.MarkReversed: widgets.Reversed, message.MarkWorking: widgets.Working, message.MarkNote: widgets.Note,
	}
	for mark, state := range pairs {
		if string(mark) != string(state) {
			t.Errorf("mark %q is state %q", mark, state)
		}
	}
	lights := map[message.Light]widgets.Light{
		message.LightGreen: widgets.Green, message.LightAmber: widgets.Amber, message.LightRed: widgets.Red,
	}
	for word, light := range lights {
		if string(word) != string(light) {
			t.Errorf("light %q is %q", word, light)
		}
	}
}
