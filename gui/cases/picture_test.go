package cases_test

import (
	"testing"

	"tillkeeper/gui/internal/golden"
	"tillkeeper/gui/theme"
)

// states are all that the screen can show, by the name of their picture.
var states = []struct {
	name string
	play func(s *screen)
}{
	{"none", func(s *screen) { s.begin() }},
	{"waiting", func(s *screen) {
		s.begin(stubborn(), fresh(), byDecision(), overruled(), settled())
		s.Select("T260309K7RX2M")
	}},
	{"checking", func(s *screen) { s.begin(fresh()); s.Check("T260309K7RX2M") }},
	{"to-decide", func(s *screen) { s.begin(stubborn(), fresh(), byDecision(), overruled(), settled()) }},
	{"unaskable", func(s *screen) { s.beginUnaskable(unheard(), settled()) }},
	{"decided", func(s *screen) { s.begin(byDecision(), settled()) }},
	{"contradicted", func(s *screen) { s.begin(overruled(), settled()) }},
	{"closed", func(s *screen) { s.begin(settled()) }},
	{"decide", func(s *screen) { s.begin(stubborn()); s.decide() }},
	{"decide-waiting", func(s *screen) { s.begin(fresh()); s.tap(s.text("case.decide.button")) }},
	{"decide-sure", func(s *screen) { s.begin(stubborn()); s.decide(); s.tap(s.text("decide.continue")) }},
}

// decide fills the dialog with taps, and types a name.
func (s *screen) decide() {
	s.tap(s.text("case.decide.button"))
	s.tap(s.text("decide.not-paid"))
	s.tap(s.text("decide.reason.left"))
	s.tap(s.text("decide.proof.list"))
	s.field(s.text("decide.staff")).SetText("Jana")
}

func TestPicturesOfEveryState(t *testing.T) {
	golden.NotUnderRace(t)
	for _, variant := range []theme.Variant{theme.Light, theme.Dark} {
		for _, state := range states {
			name := state.name + "-" + string(variant)
			t.Run(name, func(t *testing.T) {
				s := newScreen(t, variant, "en", true)
				state.play(s)
				golden.Match(t, name, s.window.Canvas().Capture())
			})
		}
	}
}

func TestPicturesInCzech(t *testing.T) {
	golden.NotUnderRace(t)
	for _, state := range states {
		if state.name == "to-decide" || state.name == "decide" || state.name == "contradicted" {
			t.Run(state.name, func(t *testing.T) {
				s := newScreen(t, theme.Light, "cs", true)
				state.play(s)
				golden.Match(t, state.name+"-czech", s.window.Canvas().Capture())
			})
		}
	}
}
