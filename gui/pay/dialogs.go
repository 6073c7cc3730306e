package pay

import (
	"tillkeeper/gui/message"
	"tillkeeper/gui/theme"
	"tillkeeper/gui/widgets"
	"tillkeeper/payment"
)

// open shows a dialog whose Cancel says Back or Close.
func (v *View) open(d *widgets.Dialog, cancel message.ID) {
	if cancel != "" {
		d.Cancel = widgets.NewButton(v.words.Text(cancel), "", nil)
	}
	v.dialogs.Show(d)
}

// act does what was picked for an order, or says why its terminal cannot.
func (v *View) act(op payment.Operation, r payment.Record) {
	if op == "" {
		v.model.Query(r.Order.Number)
		return
	}
	if lack := v.model.LackOf(op, r); lack != LackNothing {
		v.showLack(op, r, lack)
		return
	}
	switch {
	case op == payment.Refund:
		v.askRefund(r)
	case op == payment.Void && r.Order.Operation != payment.PreAuth:
		v.askVoid(r)
	case !makesSense(op, r):
		v.showNotThis(r)
	case op == payment.Void:
		v.askRelease(r)
	case op == payment.Completion:
		v.askTake(r)
	case op == payment.TipAdjustment:
		v.askTip(r)
	}
}

func (v *View) askVoid(r payment.Record) {
	sum := v.words.Amount(r.State().Moved.Total())
	confirm := widgets.NewPrimary(v.words.Text(message.VoidConfirm, "Amount", sum), theme.IconVoid, func() { v.model.Void(r) })
	confirm.Height = theme.SizeKey
	v.open(&widgets.Dialog{
		Title: v.words.Text(message.VoidTitle), Badge: widgets.TakenBack, Badged: true, Confirm: confirm,
		Content: widgets.NewParagraph(v.words.Text(message.VoidText, "Amount", sum), widgets.Style{Size: theme.SizeSubtitle}),
	}, message.ButtonBack)
}

// askApproval makes sure that staff means it before a sum is moved a second time. Return presses the safe button.
func (v *View) askApproval() {
	refusal := v.model.Refusal()
	if refusal.Attempt == nil || !refusal.Overridable() {
		return
	}
	title, text, yes, no := message.ApproveTitle, message.ApproveText, message.Approve, message.ApproveRefuse
	if !refusal.Attempt.Operation.Charges() {
		title, text, yes, no = message.ApproveTitleBack, message.ApproveTextBack, message.ApproveBack, message.ApproveRefuseBack
	}
	at := ""
	if r, ok := v.model.book.order(refusal.Order); ok {
		at = v.words.When(r.Order.Created, v.model.Now())
	}
	sum := v.words.Amount(refusal.Attempt.Amount)
	d := &widgets.Dialog{Title: v.words.Text(title, "Amount", sum), Badge: widgets.Unknown, Badged: true}
	insist := widgets.NewButton(v.words.Text(yes), "", func() {
		v.dialogs.Close(d)
		v.model.Approve()
	})
	insist.Kind = widgets.Danger
	d.Confirm = widgets.NewPrimary(v.words.Text(no), "", nil)
	d.Confirm.Height, insist.Height = theme.SizeKey, theme.SizeKey
	file := widgets.NewButton(v.words.Text(message.CaseOpenFile), theme.IconCase, func() {
		v.dialogs.Close(d)
		v.links.Case(refusal.Order)
	})
	d.Content = widgets.Column(theme.SizeMargin,
		widgets.Fixed(widgets.NewParagraph(v.words.Text(text, "Amount", sum, "Time", at), widgets.Style{Size: theme.SizeSubtitle})),
		widgets.Fixed(file), widgets.Fixed(insist))
	v.open(d, "")
}

// showSwitch lets staff choose the terminal for the next payment.
func (v *View) showSwitch() {
	d := &widgets.Dialog{Title: v.words.Text(message.SwitchTitle), Keep: true}
	current, _ := v.model.Terminal()
	var parts []widgets.Part
	for _, t := range v.model.Terminals() {
		name := widgets.NewLine(t.Terminal.Name, widgets.Style{Size: theme.SizeSubtitle, Bold: true, Shrink: true})
		quiet := widgets.Style{Size: theme.SizeCaption, Colour: theme.ColourQuiet, Shrink: true}
		state := widgets.NewLine(v.words.Link(t.Link, t.Problem, v.model.Now()), quiet)
		row := widgets.Row(theme.SizeMargin, widgets.Fixed(widgets.NewLamp(widgets.Light(message.LightOf(t.Link, t.Problem)))),
			widgets.Grow(1, widgets.Column(theme.SizeNone, widgets.Fixed(name), widgets.Fixed(state))))
		item := widgets.NewItem(theme.ColourKey, theme.ColourLine, widgets.Pad(theme.SizeMargin, theme.SizeGap, row), func() {
			v.dialogs.Close(d)
			v.model.SelectTerminal(t.Terminal.ID)
		})
		item.Label = t.Terminal.Name
		if t.Terminal.ID == current.Terminal.ID {
			item.SetColours(theme.ColourSelected, theme.ColourPrimary)
		}
		parts = append(parts, widgets.Fixed(item))
	}
	d.Content = widgets.DragScroll(widgets.Column(theme.SizeSmallGap, parts...))
	d.Tall = len(parts) > 4
	if !d.Tall {
		d.Content = widgets.Column(theme.SizeSmallGap, parts...)
	}
	v.open(d, message.ButtonBack)
}

// scanned takes the order whose number a scanner typed.
func (v *View) scanned(r payment.Record, err error) {
	if err != nil {
		v.showCode(payment.CodeOf(err))
		return
	}
	v.showDetails(r)
}

// showCode says what a code means.
func (v *View) showCode(code payment.Code) {
	w := v.words.Code(code)
	v.open(&widgets.Dialog{Title: w.Title, Badge: widgets.NotSent, Badged: true,
		Content: widgets.NewParagraph(w.Sentence+" "+w.Next, widgets.Style{Size: theme.SizeSubtitle})}, message.ButtonClose)
}
