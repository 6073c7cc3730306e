package terminals_test

import (
	"testing"

	"fyne.io/fyne/v2"

	"tillkeeper/gui/internal/golden"
	"tillkeeper/gui/theme"
	"tillkeeper/payment"
)

var (
	small = fyne.NewSize(1024, 600)
	// tall shows a whole form. A picture of one that is scrolled would not be true: in pictures, unlike in a window, Fyne
	// draws the words of a field beyond the edge of what scrolls.
	tall = fyne.NewSize(1024, 1350)
)

// states are all that the screen can show, by the name of their picture.
var states = []struct {
	name string
	size fyne.Size
	play func(s *screen)
}{
	{"list", small, func(s *screen) {
		s.tap(s.text("terminals.test"), 0)
		s.finishWork()
		s.till.err = payment.NotSent(payment.CodeNotReached, "no")
		s.tap(s.text("terminals.test"), 1)
		s.finishWork()
	}},
	{"protocols", small, func(s *screen) { s.tap(s.text("terminals.add"), 0) }},
	{"add", small, func(s *screen) { s.add(lan.Title); s.fill(s.text("terminals.name"), "Bar") }},
	{"add-cloud", small, func(s *screen) {
		s.add(cloud.Title)
		s.fill(s.text("terminals.name"), "Bar")
		s.fill(s.text("setting.merchant_no"), "302100O85224")
	}},
	{"secrets", tall, func(s *screen) {
		s.change(2)
		s.tap(s.text("terminals.secret.replace"), 0)
		s.fill(s.text("setting.private_key"), "swordfish")
	}},
	{"more", tall, func(s *screen) {
		s.change(2)
		s.tap(s.text("terminals.secret.wipe"), 0)
		s.tap(s.text("terminals.more", "Count", "4"), 0)
	}},
	{"refused", small, func(s *screen) {
		s.add(lan.Title)
		s.fill(s.text("terminals.name"), "Bar")
		s.fill(s.text("terminals.address"), "192.0.2.50")
		s.till.err = payment.NotSent(payment.CodeCannotRecord, "full")
		s.save()
	}},
	{"missing", small, func(s *screen) { s.add(lan.Title); s.save() }},
}

func TestPicturesOfEveryState(t *testing.T) {
	golden.NotUnderRace(t)
	for _, variant := range []theme.Variant{theme.Light, theme.Dark} {
		for _, state := range states {
			name := state.name + "-" + string(variant)
			t.Run(name, func(t *testing.T) {
				s := newScreenIn(t, variant, "en", state.size)
				state.play(s)
				golden.Match(t, name, s.window.Canvas().Capture())
			})
		}
	}
}

func TestPicturesInCzech(t *testing.T) {
	golden.NotUnderRace(t)
	for _, state := range states {
		t.Run(state.name, func(t *testing.T) {
			s := newScreenIn(t, theme.Light, "cs", state.size)
			state.play(s)
			golden.Match(t, state.name+"-czech", s.window.Canvas().Capture())
		})
	}
}
