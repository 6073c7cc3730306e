package gui_test

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
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

// tap taps the last thing that is called so; what is not there is a mistake of the test.
func (d *desk) tap(label string) {
	root := d.canvas.Content()
	if top := d.canvas.Overlays().Top(); top != nil {
		root = top
	}
	var found fyne.Tappable
	all := ""
	walk(root, func(o fyne.CanvasObject) {
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
	if found == nil {
		panic("nothing to tap is called " + label + "; there are " + all)
	}
	test.Tap(found)
}
