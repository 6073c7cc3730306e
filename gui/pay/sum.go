package pay

import (
	"fyne.io/fyne/v2"

	"tillkeeper/gui/message"
	"tillkeeper/gui/theme"
	"tillkeeper/gui/widgets"
	"tillkeeper/payment"
)

// sumForm is a dialog that asks for a sum about an order: how much to give back, how much of a reserve to take, which tip.
type sumForm struct {
	view   *View
	record payment.Record
	// most is the largest sum there may be, the zero Amount for any; start is what stands there first, most if it is zero.
	most, start payment.Amount
	whole       bool // the sum is not to be changed

	about        string // what the order is, in a line
	caption, yes message.ID
	icon         theme.Icon
	below        []widgets.Part // what else is asked
	// hints says what there is to know about a sum, and in which colour.
	hints func(a payment.Amount, ok bool) (string, fyne.ThemeColorName)
	do    func(payment.Amount)

	typed     digits
	untouched bool // what stands there was filled in; the first digit replaces it

	dialog  *widgets.Dialog
	sum     *widgets.Amount
	hint    *widgets.Paragraph
	confirm *widgets.Button
}

// open shows the dialog.
func (f *sumForm) open(title message.ID, badge widgets.State) {
	if !f.start.Known() {
		f.start = f.most
	}
	f.typed = digits{places: int(f.record.Order.Asked.Currency().Places())}
	f.sum, f.hint = widgets.NewAmount(), widgets.NewParagraph("", widgets.Style{Size: theme.SizeCaption})
	f.confirm = widgets.NewPrimary("", f.icon, f.submit)
	f.confirm.Height = theme.SizeKey
	f.dialog = &widgets.Dialog{
		Title: f.view.words.Text(title), Badge: badge, Badged: true, Wide: true, Keep: true,
		Confirm: f.confirm, Key: f.key, Rune: f.rune,
		Content: widgets.Row(theme.SizeMargin, widgets.Grow(1.15, f.left()), widgets.Grow(1, f.keypad())),
	}
	f.render()
	f.view.open(f.dialog, message.ButtonBack)
}

// left shows the sum, and asks what else there is to ask.
func (f *sumForm) left() fyne.CanvasObject {
	parts := []widgets.Part{
		widgets.Fixed(widgets.NewLine(f.about, widgets.Style{Shrink: true})), widgets.Fixed(f.sum), widgets.Fixed(f.hint),
		widgets.Grow(1, widgets.Space()),
	}
	return widgets.Column(theme.SizeGap, append(parts, f.below...)...)
}

func (f *sumForm) keypad() fyne.CanvasObject {
	pad := widgets.NewKeypad(f.view.words.Point(), func(k widgets.Key) {
		switch k {
		case widgets.Backspace:
			f.edit(func() { f.typed.backspace() })
		case widgets.Clear:
			f.edit(func() { f.typed.clear() })
		case widgets.Point:
			f.edit(func() { f.typed.mark() })
		default:
			f.edit(func() {
				for _, c := range string(k) {
					f.typed.digit(string(c))
				}
			})
		}
	})
	pad.SetEnabled(!f.whole)
	return pad
}

func (f *sumForm) key(key *fyne.KeyEvent) {
	if key.Name == fyne.KeyBackspace || key.Name == fyne.KeyDelete {
		f.edit(func() { f.typed.backspace() })
	}
}

func (f *sumForm) rune(r rune) {
	switch {
	case r >= '0' && r <= '9':
		f.edit(func() { f.typed.digit(string(r)) })
	case r == '.' || r == ',':
		f.edit(func() { f.typed.mark() })
	}
}

func (f *sumForm) edit(change func()) {
	if f.whole {
		return
	}
	if f.untouched {
		f.typed.clear()
		f.untouched = false
	}
	change()
	f.render()
}

// amount is the sum as it stands, and whether it may be.
func (f *sumForm) amount() (payment.Amount, bool) {
	if f.untouched {
		return f.start, true
	}
	a := f.typed.amount(f.record.Order.Asked.Currency())
	return a, a.IsPositive() && !(f.most.Known() && f.most.Less(a))
}

func (f *sumForm) render() {
	words := f.view.words
	a, ok := f.amount()
	caption := words.Text(f.caption)
	if a.Known() {
		f.sum.Set(caption, words.Amount(a), false)
	} else {
		f.sum.Set(caption, words.Zero(f.record.Order.Asked.Currency()), true)
	}
	hint, colour := f.hints(a, ok)
	f.hint.Set(hint)
	f.hint.SetColour(colour)
	f.confirm.SetEnabled(ok)
	f.confirm.Set(words.Text(f.yes, "Amount", words.Amount(a)), f.icon)
	f.dialog.Content.Refresh()
}

func (f *sumForm) submit() {
	if a, ok := f.amount(); ok {
		f.view.dialogs.Close(f.dialog)
		f.do(a)
	}
}
