package gui

import (
	"fyne.io/fyne/v2"
)

// smallest is the smallest screen the window serves; every size in the theme is made for it.
var smallest = fyne.NewSize(1024, 600)

const (
	largestScale = 3
	scaleStep    = 0.25
)

// fitting is the layout of the whole window: it makes everything larger on a larger screen, so that the till is read and
// hit from the same distance, and lets the window get small again whatever the scale.
type fitting struct{ window *Window }

// MinSize implements fyne.Layout.
func (*fitting) MinSize([]fyne.CanvasObject) fyne.Size { return smallest }

// Layout implements fyne.Layout.
func (f *fitting) Layout(objects []fyne.CanvasObject, s fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.NewPos(0, 0))
		o.Resize(s)
	}
	if scale := scaleFor(s); scale != f.window.scale {
		f.window.scale = scale
		// The theme refreshes all there is, which must not happen inside a layout.
		f.window.deps.Post(f.window.dress)
	}
}

// scaleFor is the scale at which the window's contents fill a size, in steps, so that dragging its corner does not
// redraw everything at every pixel.
func scaleFor(s fyne.Size) float32 {
	scale := min(s.Width/smallest.Width, s.Height/smallest.Height)
	steps := float32(int(scale / scaleStep))
	return max(1, min(steps*scaleStep, largestScale))
}
