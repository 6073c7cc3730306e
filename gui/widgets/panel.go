package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"tillkeeper/gui/theme"
)

// Panel is a rounded surface behind its content.
type Panel struct {
	widget.BaseWidget
	fill, line fyne.ThemeColorName
	content    fyne.CanvasObject
	square     bool
}

// NewPanel returns a panel of a colour; line is the colour of its edge, "" for none.
func NewPanel(fill, line fyne.ThemeColorName, content fyne.CanvasObject) *Panel {
	p := &Panel{fill: fill, line: line, content: content}
	p.ExtendBaseWidget(p)
	return p
}

// NewBand returns a panel with square corners, for bars that reach from edge to edge.
func NewBand(fill fyne.ThemeColorName, content fyne.CanvasObject) *Panel {
	p := NewPanel(fill, "", content)
	p.square = true
	return p
}

// SetColours changes the surface and its edge.
func (p *Panel) SetColours(fill, line fyne.ThemeColorName) {
	if p.fill == fill && p.line == line {
		return
	}
	p.fill, p.line = fill, line
	p.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (p *Panel) CreateRenderer() fyne.WidgetRenderer {
	back := canvas.NewRectangle(nil)
	return newLook(
		func(s fyne.Size) {
			place(back, 0, 0, s.Width, s.Height)
			place(p.content, 0, 0, s.Width, s.Height)
		},
		func() fyne.Size { return p.content.MinSize() },
		func() {
			back.FillColor = colour(p.fill)
			back.StrokeWidth, back.CornerRadius = 0, 0
			if p.line != "" {
				back.StrokeColor, back.StrokeWidth = colour(p.line), 1
			}
			if !p.square {
				back.CornerRadius = size(theme.SizeRadius)
			}
		},
		back, p.content)
}
