// Package look lets tests see a screen as staff do: what is visible, dialogs
// before the screen behind them.
package look

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
)

// Walk visits every visible object on top of the canvas: those of the dialog, if one is
// open, else those of the screen.
func Walk(c fyne.Canvas, visit func(fyne.CanvasObject)) {
	if top := c.Overlays().Top(); top != nil {
		Below(top, visit)
		return
	}
	Below(c.Content(), visit)
}

// Below visits o and every visible object below it, those inside widgets included.
func Below(o fyne.CanvasObject, visit func(fyne.CanvasObject)) {
	if o == nil || !o.Visible() {
		return
	}
	visit(o)
	switch o := o.(type) {
	case *fyne.Container:
		for _, child := range o.Objects {
			Below(child, visit)
		}
	case fyne.Widget:
		for _, child := range test.WidgetRenderer(o).Objects() {
			Below(child, visit)
		}
	}
}
