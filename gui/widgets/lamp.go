package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tillkeeper/gui/theme"
)

// Light is what a traffic light says.
type Light string

// The lights. Each has a shape of its own beside its colour.
const (
	Green Light = "green" // full circle: answers
	Amber Light = "amber" // triangle: trying, or has something to say
	Red   Light = "red"   // octagon with a cross: does not answer
	Off   Light = "off"   // ring: nothing there
)

// Lamp is a traffic light of one lamp.
type Lamp struct {
	widget.BaseWidget
	light Light
}

// NewLamp returns a lamp.
func NewLamp(l Light) *Lamp {
	lamp := &Lamp{light: l}
	lamp.ExtendBaseWidget(lamp)
	return lamp
}

// Set changes the light.
func (l *Lamp) Set(light Light) {
	if l.light != light {
		l.light = light
		l.Refresh()
	}
}

// AccessibilityLabel implements fyne.Accessible.
func (l *Lamp) AccessibilityLabel() string { return string(l.light) }

// AccessibilityRole implements fyne.Accessible.
func (l *Lamp) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

func (l *Lamp) picture() (icon theme.Icon, c fyne.ThemeColorName) {
	switch l.light {
	case Green:
		return theme.ShapeCircle, theme.ColourPaid
	case Amber:
		return theme.ShapeTriangle, theme.ColourUnknown
	case Red:
		return theme.ShapeOctagon, theme.ColourDeclined
	default:
		return theme.ShapeRing, theme.ColourQuiet
	}
}

// CreateRenderer implements fyne.Widget.
func (l *Lamp) CreateRenderer() fyne.WidgetRenderer {
	img := newIcon(theme.ShapeRing, theme.ColourQuiet)
	cross := newIcon(theme.IconCross, theme.ColourOnDeclined)
	return newLook(
		func(s fyne.Size) {
			side := size(theme.SizeLamp)
			centre(img, 0, 0, s.Width, s.Height, fyne.NewSquareSize(side))
			centre(cross, 0, 0, s.Width, s.Height, fyne.NewSquareSize(side*0.6))
		},
		func() fyne.Size { return fyne.NewSquareSize(size(theme.SizeLamp)) },
		func() {
			icon, c := l.picture()
			setIcon(img, icon, c)
			cross.Hidden = l.light != Red
			setIcon(cross, theme.IconCross, theme.ColourOnDeclined)
		},
		img, cross)
}
