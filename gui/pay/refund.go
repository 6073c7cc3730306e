package pay

import (
	"strings"

	"fyne.io/fyne/v2"

	"tillkeeper/gui/message"
	"tillkeeper/gui/theme"
	"tillkeeper/gui/widgets"
	"tillkeeper/payment"
)

// askRefund asks how much to give back, filled in with all that is left, and why.
func (v *View) askRefund(r payment.Record) {
	words := v.words
	f := &sumForm{
		view: v, record: r, most: r.State().Refundable, whole: !v.model.PartialRefund(r), untouched: true, icon: theme.IconRefund,
		caption: message.RefundAmount, yes: message.RefundConfirm,
		about: words.Text(message.RefundOf, "Amount", words.Amount(r.State().Moved.Total()), "Time", words.When(r.Order.Created, v.model.Now())),
	}
	reason := widgets.NewEntry(words.Text(message.RefundReasonHint))
	reason.Label = words.Text(message.RefundReason)
	reason.OnKey = func(key *fyne.KeyEvent) { v.dialogs.TypedKey(key) }
	f.below = v.reasons(reason)
	f.do = func(a payment.Amount) { v.model.Refund(r, a, strings.TrimSpace(reason.Text)) }
	f.hints = func(a payment.Amount, ok bool) (string, fyne.ThemeColorName) {
		most := words.Text(message.RefundMost, "Amount", words.Amount(f.most))
		switch {
		case f.whole:
			return words.Text(message.RefundWhole), theme.ColourQuiet
		case a.Known() && !ok:
			return words.Code(payment.CodeRefundTooHigh).Sentence + " " + most + ".", theme.ColourDeclined
		default:
			return most, theme.ColourQuiet
		}
	}
	f.open(message.RefundTitle, widgets.TakenBack)
}

// reasons asks for the reason: a tap for the usual ones.
func (v *View) reasons(reason *widgets.Entry) []widgets.Part {
	var usual []widgets.Part
	for _, id := range []message.ID{message.ReasonGoods, message.ReasonAmount, message.ReasonTwice} {
		text := v.words.Text(id)
		b := widgets.NewButton(text, "", func() { reason.SetText(text) })
		b.TextSize, b.Height = theme.SizeCaption, theme.SizeTarget
		usual = append(usual, widgets.Grow(1, b))
	}
	return []widgets.Part{widgets.Fixed(v.labelled(message.RefundReason, reason)), widgets.Fixed(widgets.Row(theme.SizeSmallGap, usual...))}
}

// askTake asks how much of a reserve to take, filled in with all of it.
func (v *View) askTake(r payment.Record) {
	words, reserved := v.words, r.State().Moved.Total()
	f := &sumForm{
		view: v, record: r, most: reserved, untouched: true, icon: theme.IconPay,
		caption: message.TakeAmount, yes: message.TakeConfirm,
		about: words.Text(message.TakeOf, "Amount", words.Amount(reserved), "Time", words.When(r.Order.Created, v.model.Now())),
		do:    func(a payment.Amount) { v.model.TakeReserve(r, a) },
	}
	f.hints = func(a payment.Amount, ok bool) (string, fyne.ThemeColorName) {
		most := words.Text(message.TakeLess, "Amount", words.Amount(reserved))
		if a.Known() && !ok {
			return words.Code(payment.CodeAboveReserve).Sentence + " " + most, theme.ColourDeclined
		}
		return most, theme.ColourQuiet
	}
	f.open(message.TakeTitle, widgets.Note)
}

// askTip asks for the tip of a payment, filled in with the one it has.
func (v *View) askTip(r payment.Record) {
	words, paid := v.words, r.State().Moved
	f := &sumForm{
		view: v, record: r, start: paid.Tip, untouched: paid.Tip.IsPositive(), icon: theme.IconCheck,
		caption: message.TipAmount, yes: message.TipConfirm,
		about: words.Text(message.RefundOf, "Amount", words.Amount(paid.Total()), "Time", words.When(r.Order.Created, v.model.Now())),
		do:    func(a payment.Amount) { v.model.SetTip(r, a) },
	}
	f.hints = func(a payment.Amount, _ bool) (string, fyne.ThemeColorName) {
		total := paid
		total.Tip = a
		return words.Text(message.TipTotal, "Amount", words.Amount(total.Total())), theme.ColourQuiet
	}
	f.open(message.TipTitle, widgets.Note)
}

// labelled puts a label above a field.
func (v *View) labelled(label message.ID, field fyne.CanvasObject) fyne.CanvasObject {
	return widgets.Column(theme.SizeSmallGap,
		widgets.Fixed(widgets.NewLine(v.words.Text(label), widgets.Style{Bold: true, Shrink: true})), widgets.Fixed(field))
}
