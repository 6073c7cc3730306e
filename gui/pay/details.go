package pay

import (
	"fyne.io/fyne/v2"

	"tillkeeper/gui/message"
	"tillkeeper/gui/theme"
	"tillkeeper/gui/widgets"
	"tillkeeper/payment"
)

// showDetails tells all about an order and offers what can be done with it.
func (v *View) showDetails(r payment.Record) {
	verdict := v.verdict(r)
	title := v.words.Amount(r.Order.Asked.Total()) + " · " + v.words.Brief(r)
	d := &widgets.Dialog{Title: title, Badge: widgets.State(verdict.Mark), Badged: true}
	then := func(op payment.Operation) func() {
		return func() {
			v.dialogs.Close(d)
			v.act(op, r)
		}
	}
	refund := widgets.NewButton(v.words.Text(message.ActionRefund), theme.IconRefund, then(payment.Refund))
	refund.SetEnabled(makesSense(payment.Refund, r))
	void := widgets.NewButton(v.words.Text(message.ActionVoid), theme.IconVoid, then(payment.Void))
	void.SetEnabled(makesSense(payment.Void, r))
	if r.Order.Operation == payment.PreAuth {
		refund = widgets.NewButton(v.words.Text(message.MoreTake), "", then(payment.Completion))
		refund.SetEnabled(makesSense(payment.Completion, r))
		void.Set(v.words.Text(message.MoreFree), "")
		refund.TextSize, void.TextSize = theme.SizeText, theme.SizeText
	}
	query := widgets.NewButton(v.words.Text(message.ActionQuery), theme.IconQuery, then(""))
	d.Content = widgets.Column(theme.SizeMargin,
		widgets.Fixed(widgets.NewParagraph(verdict.Money+" "+verdict.Why, widgets.Style{})),
		widgets.Grow(1, v.facts(r)),
		widgets.Fixed(widgets.Row(theme.SizeGap, widgets.Grow(1, refund), widgets.Grow(1, void), widgets.Grow(1, query))))
	v.open(d, message.ButtonClose)
}

// facts is a table of what is known about an order; what is not known has no line.
func (v *View) facts(r payment.Record) fyne.CanvasObject {
	s := r.State()
	var lines []widgets.Part
	add := func(label message.ID, text string) {
		if text == "" {
			return
		}
		name := widgets.NewLine(v.words.Text(label), widgets.Style{Colour: theme.ColourQuiet, Shrink: true})
		value := widgets.NewLine(text, widgets.Style{Shrink: true})
		lines = append(lines, widgets.Fixed(widgets.Row(theme.SizeGap, widgets.Grow(1, name), widgets.Grow(2.4, value))))
	}
	add(message.DetailOrder, r.Order.Number)
	add(message.DetailOriginal, r.Order.Original)
	add(message.DetailTime, v.words.When(r.Order.Created, v.model.Now()))
	add(message.DetailTerminal, r.Order.TerminalName)
	if s.Facts.Card != "" {
		add(message.DetailCard, s.Facts.Brand+" •••• "+s.Facts.Card)
	}
	add(message.DetailAuth, s.Facts.AuthCode)
	if s.Refundable.IsPositive() {
		add(message.DetailRest, v.words.Amount(s.Refundable))
	}
	add(message.DetailReason, r.Order.Reason)
	return widgets.Column(theme.SizeSmallGap, lines...)
}
