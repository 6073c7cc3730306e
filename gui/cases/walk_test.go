package cases_test

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tillkeeper/gui/internal/look"
	"tillkeeper/gui/message"
	"tillkeeper/gui/widgets"
)

// text is a text of the catalogue.
func (s *screen) text(id message.ID) string { return s.words.Text(id) }

// walk visits every visible object on top, dialogs before the screen.
func (s *screen) walk(visit func(fyne.CanvasObject)) {
	look.Walk(s.window.Canvas(), visit)
}

// find returns what can be tapped and is called so.
func (s *screen) find(label string) (found fyne.Tappable, all string) {
	s.walk(func(o fyne.CanvasObject) {
		named, ok := o.(fyne.Accessible)
		tappable, can := o.(fyne.Tappable)
		if !ok || !can {
			return
		}
		all += "[" + named.AccessibilityLabel() + "] "
		if named.AccessibilityLabel() == label {
			found = tappable
		}
	})
	return found, all
}

// tap taps what is called so; what is not there is a mistake of the test.
func (s *screen) tap(label string) {
	found, all := s.find(label)
	if found == nil {
		panic("nothing to tap is called " + label + "; there are " + all)
	}
	test.Tap(found)
}

// button returns the button that is called so, nil for none.
func (s *screen) button(label string) *widgets.Button {
	found, _ := s.find(label)
	b, _ := found.(*widgets.Button)
	return b
}

// field returns the entry that is called so.
func (s *screen) field(label string) (found *widgets.Entry) {
	s.walk(func(o fyne.CanvasObject) {
		if e, ok := o.(*widgets.Entry); ok && e.Label == label {
			found = e
		}
	})
	return found
}

// says reports whether words with that text in them are on the screen.
func (s *screen) says(text string) (found bool) {
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
