package gui_test

import (
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tillkeeper/gui/widgets"
)

// walk visits every visible object below o.
func walk(o fyne.CanvasObject, visit func(fyne.CanvasObject)) {
	if o == nil || !o.Visible() {
		return
	}
	visit(o)
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			walk(child, visit)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			walk(child, visit)
		}
	}
}

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
	walk(onTop(c), func(o fyne.CanvasObject) {
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

func onTop(c fyne.Canvas) fyne.CanvasObject {
	if top := c.Overlays().Top(); top != nil {
		return top
	}
	return c.Content()
}

// saysOn reports whether words with that text in them are on top.
func saysOn(c fyne.Canvas, text string) (found bool) {
	walk(onTop(c), func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *widgets.Line:
			found = found || strings.Contains(o.Text(), text)
		case *widgets.Paragraph:
			found = found || strings.Contains(o.Text(), text)
		}
	})
	return found
}
