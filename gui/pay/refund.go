package pay

import (
	"strings"

	"fyne.io/fyne/v2"

	"tillkeeper/gui/message"
	"tillkeeper/gui/theme"
	"tillkeeper/gui/widgets"
	"tillkeeper/payment"
)

// refundForm is the dialog that asks how much to give back and why.
type refundForm struct {
	view   *View
	record payment.Record
	rest   payment.Amount
	whole  bool // the terminal gives back whole payments only

	typed     digits
	untouched bool // what stands there is the whole rest; the first digit replaces it

	dialog  *widgets.Dialog
	sum     *widgets.Amount
	hint    *widgets.Paragraph
	reason  *widgets.Entry
	confirm *widgets.Button
}

// askRefund asks how much to give back, filled in with all that is left, and why.
func (v *View) askRefund(r payment.Record) {
	f := &refundForm{
		view: v, record: r, rest: r.State().Refundable, whole: !v.model.PartialRefund(r), untouched: true,
		typed: digits{places: int(r.Order.Asked.Currency().Places())},
		sum:   widgets.NewAmount(), hint: widgets.NewParagraph("", widgets.Style{Size: theme.SizeCaption}),
		reason: widgets.NewEntry(v.words.Text(message.RefundReasonHint)),
	}
	f.confirm = widgets.NewPrimary("", theme.IconRefund, f.submit)
	f.confirm.Height = theme.SizeKey
	f.reason.Label = v.words.Text(message.RefundReason)
	f.reason.OnKey = func(key *fyne.KeyEvent) { v.dialogs.TypedKey(key) }
	f.dialog = &widgets.Dialog{
		Title: v.words.Text(message.RefundTitle), Badge: widgets.TakenBack, Badged: true, Wide: true, Keep: true,
		Confirm: f.confirm, Key: f.key, Rune: f.rune,
		Content: widgets.Row(theme.SizeMargin, widgets.Grow(1.15, f.left()), widgets.Grow(1, f.keypad())),
	}
	f.render()
	v.open(f.dialog, message.ButtonBack)
}

// left shows the sum, and asks for the reason: a tap for the usual ones.
func (f *refundForm) left() fyne.CanvasObject {
	words := f.view.words
	paid := words.Text(message.RefundOf, "Amount", words.Amount(f.record.State().Moved.Total()),
		"Time", words.When(f.record.Order.Created, f.view.model.Now()))
	var usual []widgets.Part
	for _, id := range []message.ID{message.ReasonGoods, message.ReasonAmount, message.ReasonTwice} {
		text := words.Text(id)
		b := widgets.NewButton(text, "", func() { f.reason.SetText(text) })
		b.TextSize, b.Height = theme.SizeCaption, theme.SizeTarget
		usual = append(usual, widgets.Grow(1, b))
	}
	return widgets.Column(theme.SizeGap,
		widgets.Fixed(widgets.NewLine(paid, widgets.Style{Shrink: true})), widgets.Fixed(f.sum), widgets.Fixed(f.hint),
		widgets.Grow(1, widgets.Space()),
		widgets.Fixed(f.view.labelled(message.RefundReason, f.reason)), widgets.Fixed(widgets.Row(theme.SizeSmallGap, usual...)))
}

func (f *refundForm) keypad() fyne.CanvasObject {
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

func (f *refundForm) key(key *fyne.KeyEvent) {
	if key.Name == fyne.KeyBackspace || key.Name == fyne.KeyDelete {
		f.edit(func() { f.typed.backspace() })
	}
}

func (f *refundForm) rune(r rune) {
	switch {
	case r >= '0' && r <= '9':
		f.edit(func() { f.typed.digit(string(r)) })
	case r == '.' || r == ',':
		f.edit(func() { f.typed.mark() })
	}
}

func (f *refundForm) edit(change func()) {
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

// amount is what would be given back, and whether it may be.
func (f *refundForm) amount() (payment.Amount, bool) {
	if f.untouched {
		return f.rest, true
	}
	a := f.typed.amount(f.record.Order.Asked.Currency())
	return a, a.IsPositive() && !f.rest.Less(a)
}

func (f *refundForm) render() {
	words := f.view.words
	a, ok := f.amount()
	caption := words.Text(message.RefundAmount)
	if a.Known() {
		f.sum.Set(caption, words.Amount(a), false)
	} else {
		f.sum.Set(caption, words.Zero(f.rest.Currency()), true)
	}
	most, colour := words.Text(message.RefundMost, "Amount", words.Amount(f.rest)), theme.ColourQuiet
	switch {
	case f.whole:
		most = words.Text(message.RefundWhole)
	case a.Known() && !ok:
		most, colour = words.Code(payment.CodeRefundTooHigh).Sentence+" "+most+".", theme.ColourDeclined
	}
	f.hint.Set(most)
	f.hint.SetColour(colour)
	f.confirm.SetEnabled(ok)
	f.confirm.Set(words.Text(message.RefundConfirm, "Amount", words.Amount(a)), theme.IconRefund)
	f.dialog.Content.Refresh()
}

func (f *refundForm) submit() {
	if a, ok := f.amount(); ok {
		f.view.dialogs.Close(f.dialog)
		f.view.model.Refund(f.record, a, strings.TrimSpace(f.reason.Text))
	}
}

// labelled puts a label above a field.
func (v *View) labelled(label message.ID, field fyne.CanvasObject) fyne.CanvasObject {
	return widgets.Column(theme.SizeSmallGap,
		widgets.Fixed(widgets.NewLine(v.words.Text(label), widgets.Style{Bold: true, Shrink: true})), widgets.Fixed(field))
}
