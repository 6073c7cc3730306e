package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/driver/desktop"
	fynetheme "fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"tillkeeper/gui/theme"
)

// Kind says how much a button asks to be pressed.
type Kind int

// The kinds of buttons. A screen has one Primary button at a time.
const (
	Plain Kind = iota
	Primary
	Danger // does what a rule advises against
	Quiet  // words only
	Chosen // is how things are
)

// Button is a button with an icon and a word. Give it its looks before it is shown; Set changes word and icon later.
type Button struct {
	widget.BaseWidget
	OnTapped func()

	// Text is the word, Icon the picture (may be ""), Hint the key that does the same (may be "").
	Text string
	Icon theme.Icon
	Hint string
	// Label is what a button without a word is called for people who cannot see it.
	Label string
	Kind  Kind
	// Height is the least height; "" is that of an ordinary button.
	Height fyne.ThemeSizeName
	// Stacked puts the icon above the word.
	Stacked bool
	// TextSize is the size of the word; "" is that of titles.
	TextSize fyne.ThemeSizeName

	disabled, pressed, hovered bool
}

var (
	_ fyne.Tappable     = (*Button)(nil)
	_ desktop.Hoverable = (*Button)(nil)
	_ desktop.Mouseable = (*Button)(nil)
	_ fyne.Accessible   = (*Button)(nil)
)

// NewButton returns a plain button.
func NewButton(text string, icon theme.Icon, tapped func()) *Button {
	b := &Button{Text: text, Icon: icon, OnTapped: tapped}
	b.ExtendBaseWidget(b)
	return b
}

// NewPrimary returns the button of a screen or dialog that does the main thing.
func NewPrimary(text string, icon theme.Icon, tapped func()) *Button {
	b := NewButton(text, icon, tapped)
	b.Kind = Primary
	return b
}

// NewMain returns a button as high as the four main ones.
func NewMain(text string, icon theme.Icon, hint string, kind Kind, tapped func()) *Button {
	b := NewButton(text, icon, tapped)
	b.Height, b.Hint, b.Kind, b.Stacked = theme.SizeMain, hint, kind, kind != Primary
	if kind == Primary {
		b.TextSize = theme.SizeAction
	}
	return b
}

// SetEnabled makes the button answer to taps, or not.
func (b *Button) SetEnabled(on bool) {
	if b.disabled == !on {
		return
	}
	b.disabled, b.pressed = !on, false
	b.Refresh()
}

// Enabled reports whether the button answers to taps.
func (b *Button) Enabled() bool { return !b.disabled }

// Set changes word and icon.
func (b *Button) Set(text string, icon theme.Icon) {
	if b.Text != text || b.Icon != icon {
		b.Text, b.Icon = text, icon
		b.Refresh()
	}
}

// SetKind changes how much the button asks to be pressed.
func (b *Button) SetKind(k Kind) {
	if b.Kind != k {
		b.Kind = k
		b.Refresh()
	}
}

// Tapped implements fyne.Tappable.
func (b *Button) Tapped(*fyne.PointEvent) {
	if !b.disabled && b.OnTapped != nil {
		b.OnTapped()
	}
}

// MouseDown implements desktop.Mouseable.
func (b *Button) MouseDown(*desktop.MouseEvent) { b.press(true) }

// MouseUp implements desktop.Mouseable.
func (b *Button) MouseUp(*desktop.MouseEvent) { b.press(false) }

// MouseIn implements desktop.Hoverable.
func (b *Button) MouseIn(*desktop.MouseEvent) {
	b.hovered = true
	b.Refresh()
}

// MouseMoved implements desktop.Hoverable.
func (b *Button) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (b *Button) MouseOut() {
	b.hovered, b.pressed = false, false
	b.Refresh()
}

func (b *Button) press(down bool) {
	if !b.disabled {
		b.pressed = down
		b.Refresh()
	}
}

// AccessibilityLabel implements fyne.Accessible.
func (b *Button) AccessibilityLabel() string {
	if b.Text == "" {
		return b.Label
	}
	return b.Text
}

// AccessibilityRole implements fyne.Accessible.
func (b *Button) AccessibilityRole() fyne.AccessibleRole { return fyne.AccessibleRoleButton }

// Cursor implements desktop.Cursorable.
func (b *Button) Cursor() desktop.Cursor {
	if b.disabled {
		return desktop.DefaultCursor
	}
	return desktop.PointerCursor
}

// dress is what colours a button has at the moment.
type dress struct{ fill, line, text, icon, hint fyne.ThemeColorName }

func (b *Button) dress() dress {
	d := dress{theme.ColourKey, theme.ColourLine, theme.ColourText, theme.ColourPrimary, theme.ColourQuiet}
	switch b.Kind {
	case Primary:
		d = dress{theme.ColourPrimary, theme.ColourPrimary, theme.ColourOnPrimary, theme.ColourOnPrimary, theme.ColourOnPrimary}
	case Danger:
		d.line, d.text, d.icon = theme.ColourDeclined, theme.ColourDeclined, theme.ColourDeclined
	case Quiet:
		d.fill, d.line, d.text = "", "", theme.ColourPrimary
	case Chosen:
		d = dress{theme.ColourSelected, theme.ColourPrimary, theme.ColourPrimary, theme.ColourPrimary, theme.ColourPrimary}
	case Plain:
	}
	if b.disabled && b.Kind == Primary {
		return dress{theme.ColourSelected, theme.ColourSelected, theme.ColourFaint, theme.ColourFaint, theme.ColourFaint}
	}
	if b.disabled {
		grey := fynetheme.ColorNameDisabled
		d = dress{fynetheme.ColorNameDisabledButton, fynetheme.ColorNameDisabledButton, grey, grey, grey}
	}
	return d
}

// CreateRenderer implements fyne.Widget.
func (b *Button) CreateRenderer() fyne.WidgetRenderer {
	l := &buttonLook{b: b, back: canvas.NewRectangle(nil), veil: canvas.NewRectangle(nil),
		word: canvas.NewText("", nil), hint: canvas.NewText("", nil), icon: newIcon(theme.IconDot, theme.ColourText)}
	l.Refresh()
	return l
}

type buttonLook struct {
	b          *Button
	back, veil *canvas.Rectangle
	word, hint *canvas.Text
	icon       *canvas.Image
}

func (l *buttonLook) textSize() float32 {
	switch {
	case l.b.TextSize != "":
		return size(l.b.TextSize)
	case l.b.Kind == Quiet:
		return size(theme.SizeText)
	}
	return size(fynetheme.SizeNameSubHeadingText)
}

func (l *buttonLook) iconSize() float32 {
	switch {
	case l.b.Icon == "":
		return 0
	case l.b.Height == theme.SizeMain:
		return size(theme.SizeLargeIcon)
	}
	return size(theme.SizeIcon)
}

// MinSize implements fyne.WidgetRenderer.
func (l *buttonLook) MinSize() fyne.Size {
	height := size(theme.SizeButton)
	if l.b.Height != "" {
		height = size(l.b.Height)
	}
	words := fyne.MeasureText(l.b.Text, l.textSize(), fyne.TextStyle{Bold: true}).Width
	icon, pad := l.iconSize(), size(theme.SizeMargin)
	if l.b.Stacked {
		return fyne.NewSize(max(words, icon)+pad, height)
	}
	if icon > 0 && words > 0 {
		icon += size(theme.SizeGap)
	}
	return fyne.NewSize(max(words+icon+2*pad, size(theme.SizeTarget)), height)
}

// Layout implements fyne.WidgetRenderer.
func (l *buttonLook) Layout(s fyne.Size) {
	place(l.back, 0, 0, s.Width, s.Height)
	place(l.veil, 0, 0, s.Width, s.Height)
	icon, pad := l.iconSize(), size(theme.SizeMargin)
	if l.b.Stacked {
		words := fit(l.word, l.textSize(), s.Width-pad)
		top := (s.Height - icon - words.Height) / 2
		place(l.icon, (s.Width-icon)/2, top, icon, icon)
		place(l.word, 0, top+icon, s.Width, words.Height)
	} else {
		gap := size(theme.SizeGap)
		if icon == 0 || l.b.Text == "" {
			gap = 0
		}
		words := fit(l.word, l.textSize(), s.Width-icon-gap-pad)
		left := (s.Width - icon - gap - words.Width) / 2
		place(l.icon, left, (s.Height-icon)/2, icon, icon)
		place(l.word, left+icon+gap, (s.Height-words.Height)/2, words.Width, words.Height)
	}
	hint := l.hint.MinSize()
	place(l.hint, s.Width-hint.Width-size(theme.SizeGap), size(theme.SizeSmallGap), hint.Width, hint.Height)
}

// Refresh implements fyne.WidgetRenderer.
func (l *buttonLook) Refresh() {
	d := l.b.dress()
	l.back.CornerRadius, l.veil.CornerRadius = size(theme.SizeRadius), size(theme.SizeRadius)
	l.back.FillColor, l.back.StrokeWidth = nil, 0
	if d.fill != "" {
		l.back.FillColor = colour(d.fill)
	}
	if d.line != "" {
		l.back.StrokeColor, l.back.StrokeWidth = colour(d.line), 1.5
	}
	l.veil.Hidden = l.b.disabled || !l.b.pressed && !l.b.hovered
	l.veil.FillColor = colour(fynetheme.ColorNameHover)
	if l.b.pressed {
		l.veil.FillColor = colour(fynetheme.ColorNamePressed)
	}
	l.word.Text, l.word.Color, l.word.TextStyle.Bold = l.b.Text, colour(d.text), true
	l.word.Alignment = fyne.TextAlignCenter
	l.hint.Text, l.hint.Color, l.hint.TextSize = l.b.Hint, colour(d.hint), size(theme.SizeCaption)
	l.icon.Hidden = l.b.Icon == ""
	if l.b.Icon != "" {
		setIcon(l.icon, l.b.Icon, d.icon)
	}
	l.Layout(l.b.Size())
	for _, o := range l.Objects() {
		o.Refresh()
	}
}

// Objects implements fyne.WidgetRenderer.
func (l *buttonLook) Objects() []fyne.CanvasObject {
	return []fyne.CanvasObject{l.back, l.veil, l.icon, l.word, l.hint}
}

// Destroy implements fyne.WidgetRenderer.
func (l *buttonLook) Destroy() {}
