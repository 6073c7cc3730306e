package gui_test

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tillkeeper/gui/internal/look"
	"tillkeeper/gui/widgets"
)

// tap taps what is called so; what is not there is a mistake of the test.
func (d *desk) tap(label string) { tapOn(d.canvas, label) }

func tapOn(c fyne.Canvas, label string) {
	found, all := findOn(c, label)
	if found == nil {
		panic("nothing to tap is called " + label + "; there are " + all)
	}
	test.Tap(found)
}

// labelled reports whether something to tap is called so.
func labelled(c fyne.Canvas, label string) bool {
	found, _ := findOn(c, label)
	return found != nil
}

// findOn returns the first thing to tap that is called so, dialogs before the screen, and what all there is.
func findOn(c fyne.Canvas, label string) (found fyne.Tappable, all string) {
	look.Walk(c, func(o fyne.CanvasObject) {
		named, ok := o.(fyne.Accessible)
		tappable, can := o.(fyne.Tappable)
		if !ok || !can {
			return
		}
		all += "[" + named.AccessibilityLabel() + "]"
		if named.AccessibilityLabel() == label && found == nil {
			found = tappable
		}
	})
	return found, all
}

// saysOn reports whether words with that text in them are on top.
func saysOn(c fyne.Canvas, text string) (found bool) {
	look.Walk(c, func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *widgets.Line:
			found = found || strings.Contains(o.Text(), text)
		case *widgets.Paragraph:
			found = found || strings.Contains(o.Text(), text)
		}
	})
	return found
}
