package pay_test

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tillkeeper/gui/internal/look"
	"tillkeeper/gui/widgets"
)

// walk visits every visible object on top, dialogs before the screen.
func (s *screen) walk(visit func(fyne.CanvasObject)) {
	look.Walk(s.window.Canvas(), visit)
}

// find returns what can be tapped and is called so.
func (s *screen) find(label string) fyne.Tappable {
	var found fyne.Tappable
	s.walk(func(o fyne.CanvasObject) {
		named, ok := o.(fyne.Accessible)
		if tappable, can := o.(fyne.Tappable); ok && can && named.AccessibilityLabel() == label {
			found = tappable
		}
	})
	return found
}

// tap taps what is called so; what is not there, or does not take taps, is a mistake of the test.
func (s *screen) tap(label string) {
	found := s.find(label)
	if found == nil {
		panic("nothing to tap is called " + label + "; there are " + s.labels())
	}
	test.Tap(found)
}

func (s *screen) labels() string {
	all := ""
	s.walk(func(o fyne.CanvasObject) {
		if named, ok := o.(fyne.Accessible); ok {
			if _, can := o.(fyne.Tappable); can {
				all += "[" + named.AccessibilityLabel() + "] "
			}
		}
	})
	return all
}

// key presses a key that no field has the focus for.
func (s *screen) key(name fyne.KeyName) {
	s.window.Canvas().OnTypedKey()(&fyne.KeyEvent{Name: name})
}

// texts returns all words on the screen.
func (s *screen) texts() (all []string) {
	s.walk(func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *widgets.Line:
			all = append(all, o.Text())
		case *widgets.Paragraph:
			all = append(all, o.Text())
		}
	})
	return all
}
