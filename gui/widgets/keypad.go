package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"

	"tillkeeper/gui/theme"
)

// Key is what a key of the keypad says when it is tapped: a digit, DoubleZero, Point, Backspace or Clear.
type Key string

// The keys that are no digits.
const (
	DoubleZero Key = "00"
	Point      Key = "."
	Backspace  Key = "backspace"
	Clear      Key = "clear"
)

// Keypad is a numeric keypad for fingers: digits as on a telephone of a till, 00, the decimal mark, one step back and
// clear. It grows with the room it is given.
type Keypad struct {
	widget.BaseWidget
	keys     []*padKey
	disabled bool
}

// NewKeypad returns a keypad that tells which key was tapped. Point is what the decimal mark looks like; "" takes the key
// away, for currencies without decimal places.
func NewKeypad(point string, tapped func(Key)) *Keypad {
	k := &Keypad{}
	add := func(key Key, face string, column, row, columns, rows int) {
		p := &padKey{key: key, face: face, column: column, row: row, columns: columns, rows: rows, tapped: tapped}
		p.ExtendBaseWidget(p)
		k.keys = append(k.keys, p)
	}
	for i, digit := range []string{"7", "8", "9", "4", "5", "6", "1", "2", "3"} {
		add(Key(digit), digit, i%3, i/3, 1, 1)
	}
	if point == "" {
		add("0", "0", 0, 3, 2, 1)
		add(DoubleZero, "00", 2, 3, 1, 1)
	} else {
		add("0", "0", 0, 3, 1, 1)
		add(DoubleZero, "00", 1, 3, 1, 1)
		add(Point, point, 2, 3, 1, 1)
	}
	add(Backspace, "", 3, 0, 1, 2)
	add(Clear, "C", 3, 2, 1, 2)
	k.ExtendBaseWidget(k)
	return k
}

// SetEnabled makes the keys answer to taps, or not.
func (k *Keypad) SetEnabled(on bool) {
	if k.disabled == !on {
		return
	}
	k.disabled = !on
	for _, p := range k.keys {
		p.disabled, p.pressed = !on, false
		p.Refresh()
	}
}

// Tap taps a key, for tests.
func (k *Keypad) Tap(key Key) {
	for _, p := range k.keys {
		if p.key == key {
			p.Tapped(nil)
		}
	}
}

// CreateRenderer implements fyne.Widget.
func (k *Keypad) CreateRenderer() fyne.WidgetRenderer {
	objects := make([]fyne.CanvasObject, len(k.keys))
	for i, p := range k.keys {
		objects[i] = p
	}
	gap := func() float32 { return size(theme.SizeSmallGap) + 2 }
	return newLook(
		func(s fyne.Size) {
			w, h := (s.Width-3*gap())/4, (s.Height-3*gap())/4
			for _, p := range k.keys {
				c, r := float32(p.columns), float32(p.rows)
				place(p, float32(p.column)*(w+gap()), float32(p.row)*(h+gap()), c*w+(c-1)*gap(), r*h+(r-1)*gap())
			}
		},
		func() fyne.Size {
			side := size(theme.SizeKey)
			return fyne.NewSize(4*side+3*gap(), 4*side+3*gap())
		},
		func() {}, objects...)
}

// padKey is one key.
type padKey struct {
	widget.BaseWidget
	key               Key
	face              string // "" shows the picture of one step back
	column, row       int
	columns, rows     int
	tapped            func(Key)
	pressed, disabled bool
}

var (
	_ fyne.Tappable     = (*padKey)(nil)
	_ desktop.Mouseable = (*padKey)(nil)
	_ fyne.Accessible   = (*padKey)(nil)
)

// Tapped implements fyne.Tappable.
func (p *padKey) Tapped(*fyne.PointEvent) {
	if !p.disabled {
		p.tapped(p.key)
	}
}

// MouseDown implements desktop.Mouseable.
func (p *padKey) MouseDown(*desktop.MouseEvent) { p.press(true) }

// MouseUp implements desktop.Mouseable.
func (p *padKey) MouseUp(*desktop.MouseEvent) { p.press(false) }

// MouseIn implements desktop.Hoverable.
func (p *padKey) MouseIn(*desktop.MouseEvent) {}

// MouseMoved implements desktop.Hoverable.
func (p *padKey) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (p *padKey) MouseOut() { p.press(false) }

func (p *padKey) press(down bool) {
	if p.pressed != down && !p.disabled {
		p.pressed = down
		p.Refresh()
	}
}

// AccessibilityLabel implements fyne.Accessible.
func (p *padKey) AccessibilityLabel() string { return string(p.key) }

// AccessibilityRole implements fyne.Accessible.
func (p *padKey) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// CreateRenderer implements fyne.Widget.
func (p *padKey) CreateRenderer() fyne.WidgetRenderer {
	back, face := canvas.NewRectangle(nil), canvas.NewText(p.face, nil)
	icon := newIcon(theme.IconBackspace, theme.ColourText)
	icon.Hidden = p.face != ""
	return newLook(
		func(s fyne.Size) {
			place(back, 0, 0, s.Width, s.Height)
			face.TextSize = min(s.Height, s.Width, size(theme.SizeKey)*1.6) * 0.42
			centre(face, 0, 0, s.Width, s.Height, face.MinSize())
			side := size(theme.SizeLargeIcon)
			centre(icon, 0, 0, s.Width, s.Height, fyne.NewSize(side, side))
		},
		func() fyne.Size { return fyne.NewSize(size(theme.SizeKey), size(theme.SizeKey)) },
		func() {
			fill, ink := theme.ColourKey, theme.ColourText
			switch {
			case p.disabled:
				fill, ink = theme.ColourPage, theme.ColourFaint
			case p.pressed:
				fill = theme.ColourKeyDown
			case p.rows > 1:
				fill, ink = theme.ColourRail, theme.ColourQuiet
			}
			back.FillColor, back.CornerRadius = colour(fill), size(theme.SizeRadius)
			back.StrokeColor, back.StrokeWidth = colour(theme.ColourLine), 1
			face.Color = colour(ink)
			setIcon(icon, theme.IconBackspace, ink)
		},
		back, face, icon)
}
