package widgets

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"tillkeeper/gui/theme"
)

// Dialog is a question or a list in front of the screen. Return does what Confirm does, Escape what Cancel does.
type Dialog struct {
	Title string
	// Badge stands before the title where Badged is set.
	Badge  State
	Badged bool
	// Content is what the dialog is about.
	Content fyne.CanvasObject
	// Confirm and Cancel are its buttons; either may be nil. Close is called before the button's own function.
	Confirm, Cancel *Button
	// Focus is what receives the keys first, nil for nothing.
	Focus fyne.Focusable
	// Tall takes all the height there is, for lists.
	Tall bool
	// Wide gives it more width, for fields or a list beside a keypad.
	Wide bool
	// Keep leaves the dialog open when Confirm is pressed; its owner closes it.
	Keep bool
	// Key hears of keys that are neither Return nor Escape; nil loses them. Rune the same for what is typed.
	Key  func(*fyne.KeyEvent)
	Rune func(rune)
	// Closed is called when the dialog is gone, however that came.
	Closed func()

	overlay fyne.CanvasObject
}

// Dialogs shows dialogs on one window, the newest on top.
type Dialogs struct {
	canvas fyne.Canvas
	guard  *Guard
	open   []*Dialog
}

// NewDialogs returns the place for dialogs on a canvas. The guard tells fresh presses of Return from repeated ones.
func NewDialogs(c fyne.Canvas, g *Guard) *Dialogs { return &Dialogs{canvas: c, guard: g} }

// Any reports whether a dialog is open.
func (d *Dialogs) Any() bool { return len(d.open) > 0 }

// Top returns the dialog on top, nil for none.
func (d *Dialogs) Top() *Dialog {
	if len(d.open) == 0 {
		return nil
	}
	return d.open[len(d.open)-1]
}

// Show opens a dialog.
func (d *Dialogs) Show(dialog *Dialog) {
	d.wire(dialog)
	dialog.overlay = newOverlay(dialog, func() { d.press(dialog.Cancel) })
	d.open = append(d.open, dialog)
	d.canvas.Overlays().Add(dialog.overlay)
	dialog.overlay.Resize(d.canvas.Size())
	if dialog.Focus != nil {
		d.canvas.Focus(dialog.Focus)
	}
}

// wire makes the buttons close the dialog before they do their own.
func (d *Dialogs) wire(dialog *Dialog) {
	closing := func(b *Button) {
		if b == nil {
			return
		}
		then := b.OnTapped
		b.OnTapped = func() {
			d.Close(dialog)
			if then != nil {
				then()
			}
		}
	}
	closing(dialog.Cancel)
	if !dialog.Keep {
		closing(dialog.Confirm)
	}
}

// Focus gives the keys to a field of the dialog on top.
func (d *Dialogs) Focus(o fyne.Focusable) { d.canvas.Focus(o) }

// Close closes a dialog; closing it twice does nothing.
func (d *Dialogs) Close(dialog *Dialog) {
	for i, o := range d.open {
		if o != dialog {
			continue
		}
		d.open = append(d.open[:i:i], d.open[i+1:]...)
		d.canvas.Overlays().Remove(dialog.overlay)
		if dialog.Closed != nil {
			dialog.Closed()
		}
		return
	}
}

// CloseAll closes every dialog.
func (d *Dialogs) CloseAll() {
	for top := d.Top(); top != nil; top = d.Top() {
		d.Close(top)
	}
}

// TypedKey gives a key to the dialog on top and reports whether there was one.
func (d *Dialogs) TypedKey(key *fyne.KeyEvent) bool {
	top := d.Top()
	if top == nil {
		return false
	}
	switch key.Name {
	case fyne.KeyReturn, fyne.KeyEnter:
		if d.guard.Enter() {
			d.press(top.Confirm)
		}
	case fyne.KeyEscape:
		d.guard.Other()
		d.press(top.Cancel)
	default:
		d.guard.Other()
		if top.Key != nil {
			top.Key(key)
		}
	}
	return true
}

// TypedRune gives what was typed to the dialog on top and reports whether there was one.
func (d *Dialogs) TypedRune(r rune) bool {
	top := d.Top()
	if top == nil {
		return false
	}
	d.guard.Other()
	if top.Rune != nil {
		top.Rune(r)
	}
	return true
}

func (d *Dialogs) press(b *Button) {
	if b != nil {
		b.Tapped(nil)
	}
}

// overlay is the veil over the screen with the dialog's card in its middle. It takes every tap, so that none reaches
// what lies behind.
type overlay struct {
	widget.BaseWidget
	card       fyne.CanvasObject
	tall, wide bool
}

var _ fyne.Tappable = (*overlay)(nil)

func newOverlay(d *Dialog, cancel func()) *overlay {
	o := &overlay{tall: d.Tall, wide: d.Wide, card: dialogCard(d, cancel)}
	o.ExtendBaseWidget(o)
	return o
}

// Tapped implements fyne.Tappable. A tap beside the card does nothing: fingers slip.
func (o *overlay) Tapped(*fyne.PointEvent) {}

// CreateRenderer implements fyne.Widget.
func (o *overlay) CreateRenderer() fyne.WidgetRenderer {
	veil := canvas.NewRectangle(nil)
	return newLook(
		func(s fyne.Size) {
			place(veil, 0, 0, s.Width, s.Height)
			margin := 2 * size(theme.SizeMargin)
			width := size(theme.SizeDialogWidth)
			if o.wide {
				width = size(theme.SizeDialogWide)
			}
			width = min(width, s.Width-margin)
			// Words break into lines at this width, so their height is known only after it is set.
			o.card.Resize(fyne.NewSize(width, s.Height-margin))
			height := min(o.card.MinSize().Height, s.Height-margin)
			if o.tall {
				height = s.Height - margin
			}
			centre(o.card, 0, 0, s.Width, s.Height, fyne.NewSize(width, height))
		},
		func() fyne.Size { return o.card.MinSize() },
		func() { veil.FillColor = colour(theme.ColourScrim) },
		veil, o.card)
}

// dialogCard builds title, content and buttons.
func dialogCard(d *Dialog, cancel func()) fyne.CanvasObject {
	var head []Part
	if d.Badged {
		head = append(head, Fixed(NewBadge(d.Badge, theme.SizeTarget)))
	}
	head = append(head, Grow(1, NewLine(d.Title, Style{Size: theme.SizeTitle, Bold: true, Shrink: true})))
	if d.Cancel != nil {
		shut := NewButton("", theme.IconClear, cancel)
		shut.Kind, shut.Height = Quiet, theme.SizeTarget
		head = append(head, Fixed(shut))
	}
	var buttons []Part
	for _, b := range []*Button{d.Cancel, d.Confirm} {
		if b != nil {
			buttons = append(buttons, Grow(1, b))
		}
	}
	parts := []Part{Fixed(Row(theme.SizeGap, head...)), Grow(1, d.Content)}
	if len(buttons) > 0 {
		parts = append(parts, Fixed(Row(theme.SizeGap, buttons...)))
	}
	return NewPanel(theme.ColourSurface, theme.ColourLine, Inset(theme.SizeMargin, Column(theme.SizeMargin, parts...)))
}
