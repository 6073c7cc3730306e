package terminals_test

import (
	"maps"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"tillkeeper/gui/internal/look"
	"tillkeeper/gui/theme"
	"tillkeeper/gui/widgets"
	"tillkeeper/payment"
)

func TestAddingATerminal(t *testing.T) {
	s := newScreen(t)
	s.add(lan.Title)
	s.fill("Name", "Bar")
	s.fill("Address", "not an address")
	if !s.says("cannot be read as the address") {
		t.Error("a wrong address is not told while it is typed")
	}
	s.save()
	if len(s.till.added) != 0 {
		t.Fatal("a wrong form was stored")
	}
	s.fill("Address", "192.0.2.50")
	s.fill("Application id", "wz0123456789abcdef")
	s.fill("Currency", "eur")
	if !s.says("ecrhub://192.0.2.50:35779") {
		t.Error("the address in full is not shown")
	}
	s.save()
	if len(s.till.added) != 1 || s.dialogs.Any() {
		t.Fatalf("added %v, dialog open %v", s.till.added, s.dialogs.Any())
	}
	if n := s.till.added[0]; n.Name != "Bar" || n.Settings["currency"] != "EUR" || n.Settings["app_id"] != "wz0123456789abcdef" {
		t.Errorf("added %+v", n)
	}
}

func TestOneProtocolIsNoChoice(t *testing.T) {
	s := newScreen(t)
	s.till.protocols = []payment.Protocol{lan}
	s.tap("Add terminal", 0)
	if s.entry("Name") == nil {
		t.Error("the form does not open at once")
	}
}

func TestReturnSavesAndEscapeLeaves(t *testing.T) {
	s := newScreen(t)
	s.add(lan.Title)
	test.Type(s.window.Canvas().Focused(), "Bar")
	s.fill("Address", "192.0.2.50")
	s.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyReturn})
	s.finishWork()
	if len(s.till.added) != 1 || s.till.added[0].Name != "Bar" || s.dialogs.Any() {
		t.Fatalf("Return: added %v, dialog open %v", s.till.added, s.dialogs.Any())
	}
	s.add(lan.Title)
	s.window.Canvas().Focused().TypedKey(&fyne.KeyEvent{Name: fyne.KeyEscape})
	if s.dialogs.Any() {
		t.Error("Escape does not leave the form")
	}
}

func TestWhatIsWrongBehindMoreSettingsIsShown(t *testing.T) {
	s := newScreen(t)
	s.add(lan.Title)
	s.fill("Name", "Bar")
	s.fill("Address", "192.0.2.50")
	if s.entry("expires") != nil {
		t.Fatal("settings with a good default are not out of the way")
	}
	s.tap("More settings (1)", 0)
	s.fill("expires", "soon")
	s.tap("Hide further settings", 0)
	s.save()
	if len(s.till.added) != 0 || s.entry("expires") == nil || !s.says(`This does not fit: "soon" is not a whole number from 10 to 3600.`) {
		t.Errorf("what is wrong is not shown: %s", s.shown())
	}
	if focused, ok := s.window.Canvas().Focused().(*widgets.Entry); !ok || focused.Label != "expires" {
		t.Error("the field does not get the keys")
	}
	s.inSight(t, s.entry("expires"))
}

func TestWhatNoFieldIsToBlameForIsToldBelow(t *testing.T) {
	s := newScreen(t)
	s.add(cloud.Title)
	s.fill("Name", "Bar")
	s.till.err = payment.Errorf(payment.CodeSecretsLocked, "locked")
	s.save()
	if !s.dialogs.Any() || !s.says("The place where keys and passwords are kept cannot be read.") {
		t.Errorf("not told: %s", s.shown())
	}
	s.till.err = payment.Errorf(payment.CodeBadSetting, "merchant_no: the provider's value is missing; set it")
	s.save()
	if !s.says("Please fill this in.") || s.says("cannot be read") {
		t.Errorf("a missing setting is not told: %s", s.shown())
	}
}

func TestSwitchesAreTapped(t *testing.T) {
	s := newScreen(t)
	s.add(cloud.Title)
	s.fill("Name", "Bar")
	s.tap("More settings (4)", 0)
	s.tap("Off", 0) // refund, on by default
	s.tap("On", 1)  // confirm_on_terminal, false by default
	s.save()
	if n := s.till.added[0]; n.Settings["refund"] != "off" || n.Settings["confirm_on_terminal"] != "true" {
		t.Fatalf("stored %v", n.Settings)
	}
	s.add(cloud.Title)
	s.fill("Name", "Bar 2")
	s.tap("More settings (4)", 0)
	s.tap("Off", 0)
	s.tap("On", 0)
	s.save()
	if n := s.till.added[1]; !maps.Equal(n.Settings, map[string]string{"currency": "USD"}) {
		t.Errorf("what holds anyway is stored: %v", n.Settings)
	}
}

func TestASecretIsNeverShown(t *testing.T) {
	s := newScreen(t)
	s.add(cloud.Title)
	s.fill("Name", "Bar")
	if !s.says(place) {
		t.Error("where secrets are kept is not told")
	}
	if !s.entry("Private key").Password {
		t.Error("a secret can be read over somebody's shoulder")
	}
	s.fill("Private key", "swordfish")
	s.till.err = payment.Errorf(payment.CodeNameTaken, "taken")
	s.save()
	if strings.Contains(s.shown(), "swordfish") {
		t.Errorf("the secret is shown: %s", s.shown())
	}
	s.till.err = nil
	s.save()
	if got := s.till.added[1].Secrets; !maps.Equal(got, map[string]string{"private_key": "swordfish"}) {
		t.Errorf("stored %v", got)
	}
}

func TestASecretIsReplacedOrWiped(t *testing.T) {
	s := newScreen(t)
	s.tap("Change", 2)
	if !s.says("Looking…") || s.entry("Private key") != nil {
		t.Error("nobody says that it is looked up whether there is a secret")
	}
	s.finishWork()
	if !s.says("••••••••") || s.entry("Private key") != nil {
		t.Error("a secret that is there is not shown as dots")
	}
	s.tap("Replace", 0)
	s.fill("Private key", "swordfish")
	s.tap("Wipe", 0) // platform_key
	if !s.says("Will be wiped when you save.") {
		t.Error("wiping is not told")
	}
	s.save()
	want := map[string]string{"private_key": "swordfish", "platform_key": ""}
	if got := s.till.changed["t3"].Secrets; !maps.Equal(got, want) {
		t.Errorf("sent %v, want %v", got, want)
	}
}

func TestTakenBackASecretIsForgotten(t *testing.T) {
	s := newScreen(t)
	s.change(2)
	s.tap("Replace", 0)
	s.fill("Private key", "swordfish")
	s.tap("Keep", 0)
	s.tap("Replace", 0)
	if text := s.entry("Private key").Text; text != "" {
		t.Errorf("the field still holds %q", text)
	}
	s.tap("Keep", 0)
	s.save()
	if got := s.till.changed["t3"].Secrets; len(got) != 0 {
		t.Errorf("sent %v", got)
	}
}

func TestATerminalOfAProtocolThatIsNotSpokenHere(t *testing.T) {
	s := newScreen(t)
	s.till.protocols = []payment.Protocol{lan}
	s.Reset(someTerminals())
	s.tap("Change", 2)
	if s.dialogs.Any() {
		t.Error("a form without a protocol opens")
	}
}

// TestTheFieldWithTheKeysIsInSight walks all fields by Tab.
func TestTheFieldWithTheKeysIsInSight(t *testing.T) {
	s := newScreen(t)
	s.add(cloud.Title)
	s.tap("More settings (4)", 0)
	c := s.window.Canvas()
	seen := map[string]bool{}
	for range 12 {
		if e, ok := c.Focused().(*widgets.Entry); ok {
			seen[e.Label] = true
			s.inSight(t, e)
		}
		c.FocusNext()
	}
	if len(seen) != 9 {
		t.Errorf("Tab reaches %v", seen)
	}
}

// inSight checks that a field lies within what the scrolling part shows.
func (s *screen) inSight(t *testing.T, e *widgets.Entry) {
	t.Helper()
	where := fyne.CurrentApp().Driver().AbsolutePositionForObject
	top, bottom := float32(16+48), s.window.Canvas().Size().Height-16-16-72
	if y := where(e).Y; y < top || y+e.Size().Height > bottom {
		t.Errorf("%s lies at %v, out of %v to %v", e.Label, y, top, bottom)
	}
}

// TestNothingIsCutOff looks at every word in both languages: a line may get a little smaller, but none is cut.
func TestNothingIsCutOff(t *testing.T) {
	for _, language := range []string{"en", "cs"} {
		s := newScreenIn(t, theme.Light, language, fyne.NewSize(1024, 600))
		check := func(state string) {
			t.Helper()
			look.Walk(s.window.Canvas(), func(o fyne.CanvasObject) { s.whole(t, language+", "+state, o) })
		}
		check("list")
		s.tap(s.text("terminals.add"), 0)
		check("protocols")
		s.dialogs.CloseAll()
		s.add(cloud.Title)
		s.tap(s.text("terminals.more", "Count", "4"), 0)
		s.save()
		check("add")
		s.dialogs.CloseAll()
		s.change(2)
		s.tap(s.text("terminals.secret.wipe"), 1)
		check("change")
	}
}

// whole checks that a line, a paragraph or a button shows all its words, no smaller than they can be read.
func (s *screen) whole(t *testing.T, where string, o fyne.CanvasObject) {
	t.Helper()
	words := func(w fyne.Widget) (texts []*canvas.Text) {
		for _, o := range test.WidgetRenderer(w).Objects() {
			if text, ok := o.(*canvas.Text); ok && text.Text != "" {
				texts = append(texts, text)
			}
		}
		return texts
	}
	switch o := o.(type) {
	case *widgets.Line:
		for _, text := range words(o) {
			if text.Text != o.Text() || text.TextSize < 12 {
				t.Errorf("%s: %q is shown as %q in size %v", where, o.Text(), text.Text, text.TextSize)
			}
		}
	case *widgets.Paragraph:
		for _, text := range words(o) {
			if text.MinSize().Width > o.Size().Width+1 {
				t.Errorf("%s: %q is wider than its paragraph", where, text.Text)
			}
		}
	case *widgets.Button:
		if o.MinSize().Width > o.Size().Width+1 {
			t.Errorf("%s: the button %q has no room", where, o.Text)
		}
	}
}
