package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/widget"

	"tillkeeper/gui/theme"
)

// State is what a badge tells, by colour and by shape, so that it is read without seeing colours.
type State string

// The states. Each has a shape of its own.
const (
	Paid      State = "paid"       // check in a circle
	Declined  State = "declined"   // cross in an octagon
	Cancelled State = "cancelled"  // dash in a square
	Unknown   State = "unknown"    // question mark in a triangle
	NotSent   State = "not-sent"   // stopped arrow in a diamond
	Working   State = "working"    // clock
	TakenBack State = "taken-back" // arrow back in a circle: a refund or void that went through
	Reversed  State = "reversed"   // the same, in grey: a payment that was taken back later
	Question  State = "question"   // magnifying glass
	Note      State = "note"       // i in a ring
)

// paint is what a state looks like.
type paint struct {
	shape, glyph   theme.Icon
	mark, on, tint fyne.ThemeColorName
	words          fyne.ThemeColorName
	glyphAt        float32 // the glyph's size as a share of the shape's
	drop           float32 // how far the glyph sits below the middle, as a share
}

func (s State) paint() paint {
	switch s {
	case Paid:
		return paint{theme.ShapeCircle, theme.IconCheck, theme.ColourPaid, theme.ColourOnPaid, theme.ColourPaidTint, theme.ColourPaid, .6, 0}
	case Declined:
		return paint{theme.ShapeOctagon, theme.IconCross, theme.ColourDeclined, theme.ColourOnDeclined, theme.ColourDeclinedTint, theme.ColourDeclined, .62, 0}
	case Cancelled:
		return paint{theme.ShapeSquare, theme.IconDash, theme.ColourCancelled, theme.ColourOnCancelled, theme.ColourCancelledTint, theme.ColourCancelled, .66, 0}
	case Unknown:
		return paint{theme.ShapeTriangle, theme.IconQuestion, theme.ColourUnknown, theme.ColourOnUnknown, theme.ColourUnknownTint, theme.ColourUnknownText, .58, .1}
	case NotSent:
		return paint{theme.ShapeDiamond, theme.IconBlocked, theme.ColourNotSent, theme.ColourOnNotSent, theme.ColourNotSentTint, theme.ColourNotSent, .5, 0}
	case TakenBack:
		return paint{theme.ShapeCircle, theme.IconRefund, theme.ColourPaid, theme.ColourOnPaid, theme.ColourPaidTint, theme.ColourPaid, .6, 0}
	case Reversed:
		return paint{theme.ShapeCircle, theme.IconRefund, theme.ColourCancelled, theme.ColourOnCancelled, theme.ColourCancelledTint, theme.ColourCancelled, .6, 0}
	case Question:
		return paint{theme.ShapeCircle, theme.IconQuery, theme.ColourPrimary, theme.ColourOnPrimary, theme.ColourSelected, theme.ColourText, .56, 0}
	case Working:
		return paint{theme.ShapeCircle, theme.IconCardTap, theme.ColourPrimary, theme.ColourOnPrimary, theme.ColourSelected, theme.ColourText, .6, 0}
	default:
		return paint{theme.ShapeCircle, theme.IconInfo, theme.ColourPrimary, theme.ColourOnPrimary, theme.ColourSelected, theme.ColourText, .7, 0}
	}
}

// Tint returns the quiet colour to put behind words about the state.
func (s State) Tint() fyne.ThemeColorName { return s.paint().tint }

// Mark returns the colour of the sign itself.
func (s State) Mark() fyne.ThemeColorName { return s.paint().mark }

// Words returns the colour of large words about the state, readable on its tint.
func (s State) Words() fyne.ThemeColorName { return s.paint().words }

// Badge shows a state by colour and shape. The words beside it are its owner's.
type Badge struct {
	widget.BaseWidget
	state State
	side  fyne.ThemeSizeName
}

// NewBadge returns a badge as large as the theme's size.
func NewBadge(s State, side fyne.ThemeSizeName) *Badge {
	b := &Badge{state: s, side: side}
	b.ExtendBaseWidget(b)
	return b
}

// State returns what the badge shows.
func (b *Badge) State() State { return b.state }

// Set shows another state.
func (b *Badge) Set(s State) {
	if b.state != s {
		b.state = s
		b.Refresh()
	}
}

// AccessibilityLabel implements fyne.Accessible.
func (b *Badge) AccessibilityLabel() string { return string(b.state) }

// AccessibilityRole implements fyne.Accessible.
func (b *Badge) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleText }

// CreateRenderer implements fyne.Widget.
func (b *Badge) CreateRenderer() fyne.WidgetRenderer {
	shape, glyph := newIcon(theme.ShapeCircle, theme.ColourText), newIcon(theme.IconDot, theme.ColourText)
	layout := func(s fyne.Size) {
		p := b.state.paint()
		side := min(s.Width, s.Height)
		left, top := (s.Width-side)/2, (s.Height-side)/2
		place(shape, left, top, side, side)
		inner := side * p.glyphAt
		place(glyph, left+(side-inner)/2, top+(side-inner)/2+side*p.drop, inner, inner)
	}
	return newLook(layout,
		func() fyne.Size { return fyne.NewSquareSize(size(b.side)) },
		func() {
			p := b.state.paint()
			setIcon(shape, p.shape, p.mark)
			setIcon(glyph, p.glyph, p.on)
			layout(b.Size())
		},
		shape, glyph)
}
