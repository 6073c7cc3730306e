package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"tillkeeper/gui/theme"
)

// Amount shows a sum in figures as large as they fit, with a caption above.
type Amount struct {
	widget.BaseWidget
	caption, figure string
	faint           bool
}

// NewAmount returns the display.
func NewAmount() *Amount {
	a := &Amount{}
	a.ExtendBaseWidget(a)
	return a
}

// Set shows a figure; a faint one is not a sum yet.
func (a *Amount) Set(caption, figure string, faint bool) {
	if a.caption == caption && a.figure == figure && a.faint == faint {
		return
	}
	a.caption, a.figure, a.faint = caption, figure, faint
	a.Refresh()
}

// Figure returns what is shown.
func (a *Amount) Figure() string { return a.figure }

// AccessibilityLabel implements fyne.Accessible.
func (a *Amount) AccessibilityLabel() string { return a.caption + " " + a.figure }

// AccessibilityRole implements fyne.Accessible.
func (a *Amount) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer implements fyne.Widget.
func (a *Amount) CreateRenderer() fyne.WidgetRenderer {
	back, caption, figure := canvas.NewRectangle(nil), canvas.NewText("", nil), canvas.NewText("", nil)
	layout := func(s fyne.Size) {
		place(back, 0, 0, s.Width, s.Height)
		pad := size(theme.SizeMargin)
		head := caption.MinSize()
		place(caption, pad, size(theme.SizeGap), s.Width-2*pad, head.Height)
		top := size(theme.SizeGap) + head.Height*0.6
		need := fit(figure, min(size(theme.SizeFigure), (s.Height-top)*0.72), s.Width-2*pad)
		place(figure, pad, top+(s.Height-top-need.Height)/2, s.Width-2*pad, need.Height)
	}
	return newLook(layout,
		func() fyne.Size {
			return fyne.NewSize(3*size(theme.SizeMain), size(theme.SizeMain)+size(theme.SizeGap))
		},
		func() {
			back.FillColor, back.CornerRadius = colour(theme.ColourSurface), size(theme.SizeRadius)
			back.StrokeColor, back.StrokeWidth = colour(theme.ColourLine), 1
			caption.Text, caption.Color, caption.TextSize = a.caption, colour(theme.ColourQuiet), size(theme.SizeText)
			figure.Text, figure.Color = a.figure, colour(theme.ColourText)
			figure.Alignment, figure.TextStyle.Bold = fyne.TextAlignTrailing, true
			if a.faint {
				figure.Color = colour(theme.ColourFaint)
			}
			layout(a.Size())
		},
		back, caption, figure)
}
