package pay

import (
	"tillkeeper/gui/message"
	"tillkeeper/gui/theme"
	"tillkeeper/gui/widgets"
	"tillkeeper/payment"
)

// extraWords are what a line of the dialog More says, and what for.
var extraWords = map[Extra]struct{ title, text message.ID }{
	ExtraReserve: {message.MoreReserve, message.MoreReserveText},
	ExtraTake:    {message.MoreTake, message.MoreTakeText},
	ExtraRelease: {message.MoreFree, message.MoreFreeText},
	ExtraTip:     {message.MoreTip, message.MoreTipText},
	ExtraClose:   {message.MoreClose, message.MoreCloseText},
}

// showMore lists what the chosen terminal can do beside the usual.
func (v *View) showMore() {
	t, _ := v.model.Terminal()
	extras := v.model.Extras()
	if len(extras) == 0 || v.model.Face() != Ready {
		return
	}
	d := &widgets.Dialog{Title: v.words.Text(message.MoreTitle, "Terminal", t.Terminal.Name), Keep: true}
	parts := make([]widgets.Part, 0, len(extras))
	for _, e := range extras {
		parts = append(parts, widgets.Fixed(v.extra(e, func() {
			v.dialogs.Close(d)
			v.begin(e)
		})))
	}
	d.Content = widgets.Column(theme.SizeSmallGap, parts...)
	v.open(d, message.ButtonBack)
}

// extra is a line of the dialog More.
func (v *View) extra(e Extra, tapped func()) *widgets.Item {
	words := extraWords[e]
	sum := v.model.Typed()
	title, text := v.words.Text(words.title, "Amount", v.words.Amount(sum)), v.words.Text(words.text)
	off := e == ExtraReserve && !v.model.CanReserve()
	colour := theme.ColourText
	if off {
		title = v.words.Text(words.title, "Amount", v.words.Zero(v.model.Currency()))
		text, colour = v.words.Text(message.MoreReserveType), theme.ColourFaint
	}
	name := widgets.NewLine(title, widgets.Style{Size: theme.SizeSubtitle, Bold: true, Colour: colour, Shrink: true})
	quiet := widgets.NewLine(text, widgets.Style{Size: theme.SizeCaption, Colour: theme.ColourQuiet, Shrink: true})
	column := widgets.Column(theme.SizeNone, widgets.Fixed(name), widgets.Fixed(quiet))
	item := widgets.NewItem(theme.ColourKey, theme.ColourLine, widgets.Pad(theme.SizeMargin, theme.SizeGap, column), tapped)
	item.Label = title
	item.SetTappable(!off)
	return item
}

// begin does what was chosen under More.
func (v *View) begin(e Extra) {
	switch e {
	case ExtraReserve:
		v.model.Reserve()
	case ExtraTake:
		v.pickReserve(payment.Completion, message.PickTake)
	case ExtraRelease:
		v.pickReserve(payment.Void, message.PickFree)
	case ExtraTip:
		v.pick(payment.TipAdjustment)
	case ExtraClose:
		v.askClose()
	}
}

// pickReserve lets staff choose a reserve, also one of some days ago.
func (v *View) pickReserve(op payment.Operation, title message.ID) {
	p := v.pickFrom(op, title, v.model.Reserves(op))
	if p != nil {
		v.model.FetchReserves(func() { p.offer(v.model.Reserves(op)) })
	}
}

func (v *View) askRelease(r payment.Record) {
	sum := v.words.Amount(r.State().Moved.Total())
	confirm := widgets.NewPrimary(v.words.Text(message.FreeConfirm, "Amount", sum), theme.IconVoid, func() { v.model.Void(r) })
	confirm.Height = theme.SizeKey
	v.open(&widgets.Dialog{
		Title: v.words.Text(message.FreeTitle), Badge: widgets.TakenBack, Badged: true, Confirm: confirm,
		Content: widgets.NewParagraph(v.words.Text(message.FreeText, "Amount", sum), widgets.Style{Size: theme.SizeSubtitle}),
	}, message.ButtonBack)
}

// askClose says what closing the day means before it is done.
func (v *View) askClose() {
	t, _ := v.model.Terminal()
	confirm := widgets.NewPrimary(v.words.Text(message.BatchConfirm), "", v.model.CloseBatch)
	confirm.Height = theme.SizeKey
	v.open(&widgets.Dialog{
		Title: v.words.Text(message.BatchTitle, "Terminal", t.Terminal.Name), Badge: widgets.Note, Badged: true, Confirm: confirm,
		Content: widgets.NewParagraph(v.words.Text(message.BatchText), widgets.Style{Size: theme.SizeSubtitle}),
	}, message.ButtonBack)
}

// showNotThis says that an order is none of those that were asked for.
func (v *View) showNotThis(r payment.Record) {
	code := payment.CodeWrongOperation
	switch {
	case r.State().Status.Open():
		code = payment.CodeOriginalOpen
	case r.Order.Operation == payment.PreAuth && followed(r, payment.Completion):
		code = payment.CodeAlreadyCompleted
	case r.State().Status == payment.StatusVoided:
		code = payment.CodeAlreadyVoided
	case !r.State().Status.Moved():
		code = payment.CodeNotPaid
	}
	v.showCode(code)
}

// showLack says that the terminal of an order cannot do what was asked for, and what to do instead.
func (v *View) showLack(op payment.Operation, r payment.Record, lack Lack) {
	if lack == LackGone {
		v.showCode(payment.CodeUnknownTerminal)
		return
	}
	title := message.LackOther
	switch op {
	case payment.Void:
		title = message.LackVoid
	case payment.Refund:
		title = message.LackRefund
	}
	var lines []string
	switch lack {
	case LackSwitchedOff:
		lines = append(lines, v.words.Text(message.LackSwitched), v.words.Text(message.LackSwitchNext))
	case LackNotEnabled:
		lines = append(lines, v.words.Text(message.LackEnabled), v.words.Text(message.LackEnableNext))
	case LackNever, LackGone, LackNothing:
	}
	instead := op == payment.Void && v.model.Allows(payment.Refund, r)
	d := &widgets.Dialog{Title: v.words.Text(title), Badge: widgets.NotSent, Badged: true}
	next := message.LackThereNext
	if instead {
		next = message.LackVoidNext
		d.Confirm = widgets.NewPrimary(v.words.Text(message.ActionRefund), theme.IconRefund, func() { v.act(payment.Refund, r) })
	}
	parts := []widgets.Part{widgets.Fixed(widgets.NewParagraph(v.words.Text(next), widgets.Style{Size: theme.SizeTitle, Bold: true}))}
	for _, line := range lines {
		parts = append(parts, widgets.Fixed(widgets.NewParagraph(line, widgets.Style{Size: theme.SizeSubtitle})))
	}
	d.Content = widgets.Column(theme.SizeGap, parts...)
	v.open(d, message.ButtonBack)
}
