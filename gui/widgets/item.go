package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tillkeeper/gui/theme"
)

// Item is anything that can be tapped and is not a button: a row of a list, a chip, a card. It draws a surface behind
// its content and leaves the content to its owner.
type Item struct {
	widget.BaseWidget
	OnTapped func()
	// Label is what it is called for people who cannot see it.
	Label string

	content          fyne.CanvasObject
	fill, line       fyne.ThemeColorName
	height           fyne.ThemeSizeName
	pressed, hovered bool
	still            bool
}

var (
	_ fyne.Tappable     = (*Item)(nil)
	_ desktop.Hoverable = (*Item)(nil)
	_ desktop.Mouseable = (*Item)(nil)
	_ fyne.Accessible   = (*Item)(nil)
)

// NewItem returns content that can be tapped, on a surface of a colour with an edge ("" for none), at least as high as
// the least target.
func NewItem(fill, line fyne.ThemeColorName, content fyne.CanvasObject, tapped func()) *Item {
	i := &Item{content: content, fill: fill, line: line, OnTapped: tapped, height: theme.SizeTarget}
	i.ExtendBaseWidget(i)
	return i
}

// SetColours changes the surface and its edge.
func (i *Item) SetColours(fill, line fyne.ThemeColorName) {
	if i.fill == fill && i.line == line {
		return
	}
	i.fill, i.line = fill, line
	i.Refresh()
}

// SetTappable makes the item answer to taps, or not.
func (i *Item) SetTappable(on bool) {
	if i.still == on {
		i.still = !on
		i.Refresh()
	}
}

// Tapped implements fyne.Tappable.
func (i *Item) Tapped(*fyne.PointEvent) {
	if i.OnTapped != nil && !i.still {
		i.OnTapped()
	}
}

// MouseDown implements desktop.Mouseable.
func (i *Item) MouseDown(*desktop.MouseEvent) { i.set(true, i.hovered) }

// MouseUp implements desktop.Mouseable.
func (i *Item) MouseUp(*desktop.MouseEvent) { i.set(false, i.hovered) }

// MouseIn implements desktop.Hoverable.
func (i *Item) MouseIn(*desktop.MouseEvent) { i.set(i.pressed, true) }

// MouseMoved implements desktop.Hoverable.
func (i *Item) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (i *Item) MouseOut() { i.set(false, false) }

func (i *Item) set(pressed, hovered bool) {
	if i.pressed != pressed || i.hovered != hovered {
		i.pressed, i.hovered = pressed, hovered
		i.Refresh()
	}
}

// AccessibilityLabel implements fyne.Accessible.
func (i *Item) AccessibilityLabel() string { return i.Label }

// AccessibilityRole implements fyne.Accessible.
func (i *Item) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget.
func (i *Item) CreateRenderer() fyne.WidgetRenderer {
	back, veil := canvas.NewRectangle(nil), canvas.NewRectangle(nil)
	return newLook(
		func(s fyne.Size) {
			for _, o := range []fyne.CanvasObject{back, veil, i.content} {
				place(o, 0, 0, s.Width, s.Height)
			}
		},
		func() fyne.Size {
			return i.content.MinSize().Max(fyne.NewSquareSize(size(i.height)))
		},
		func() {
			back.FillColor, back.StrokeWidth, back.CornerRadius = nil, 0, size(theme.SizeRadius)
			if i.fill != "" {
				back.FillColor = colour(i.fill)
			}
			if i.line != "" {
				back.StrokeColor, back.StrokeWidth = colour(i.line), 1
			}
			veil.Hidden = i.OnTapped == nil || i.still || !i.pressed && !i.hovered
			veil.CornerRadius, veil.FillColor = size(theme.SizeRadius), colour(fynetheme.ColorNameHover)
			if i.pressed {
				veil.FillColor = colour(fynetheme.ColorNamePressed)
			}
		},
		back, veil, i.content)
}

// Picture is an icon as a control of its own.
type Picture struct {
	widget.BaseWidget
	icon   theme.Icon
	colour fyne.ThemeColorName
	side   fyne.ThemeSizeName
}

// NewPicture returns an icon of a colour and size of the theme.
func NewPicture(icon theme.Icon, c fyne.ThemeColorName, side fyne.ThemeSizeName) *Picture {
	p := &Picture{icon: icon, colour: c, side: side}
	p.ExtendBaseWidget(p)
	return p
}

// Set changes icon and colour.
func (p *Picture) Set(icon theme.Icon, c fyne.ThemeColorName) {
	if p.icon != icon || p.colour != c {
		p.icon, p.colour = icon, c
		p.Refresh()
	}
}

// CreateRenderer implements fyne.Widget.
func (p *Picture) CreateRenderer() fyne.WidgetRenderer {
	img := newIcon(p.icon, p.colour)
	return newLook(
		func(s fyne.Size) {
			side := min(size(p.side), s.Width, s.Height)
			centre(img, 0, 0, s.Width, s.Height, fyne.NewSquareSize(side))
		},
		func() fyne.Size { return fyne.NewSquareSize(size(p.side)) },
		func() { setIcon(img, p.icon, p.colour) },
		img)
}
