package pay

import (
	"fyne.io/fyne/v2"

	"tillkeeper/gui/message"
	"tillkeeper/gui/theme"
	"tillkeeper/gui/widgets"
	"tillkeeper/payment"
)

// latest is how many outcomes the screen shows.
const latest = 5

// readyFace has the latest outcomes and the four buttons, and a quieter fifth where the terminal can do more.
type readyFace struct {
	content                  fyne.CanvasObject
	rows                     [latest]*orderRow
	empty                    *widgets.Line
	pay, refund, void, query *widgets.Button
	more                     *widgets.Button
	others                   *fyne.Container
}

func newReadyFace(v *View) *readyFace {
	f := &readyFace{}
	parts := make([]widgets.Part, 0, latest)
	for i := range f.rows {
		f.rows[i] = newOrderRow(func(r payment.Record) { v.showDetails(r) })
		parts = append(parts, widgets.Grow(1, f.rows[i].item))
	}
	f.empty = widgets.NewLine("", widgets.Style{Colour: theme.ColourQuiet, Align: fyne.TextAlignCenter, Shrink: true})
	list := widgets.NewPanel(theme.ColourSurface, theme.ColourLine, widgets.Stack(widgets.Column(theme.SizeNone, parts...), f.empty))

	text := v.words.Text
	f.pay = widgets.NewMain(text(message.ActionPay), theme.IconPay, text(message.KeyEnter), widgets.Primary, v.model.Pay)
	f.refund = widgets.NewMain(text(message.ActionRefund), theme.IconRefund, "F2", widgets.Plain, func() { v.pick(payment.Refund) })
	f.void = widgets.NewMain(text(message.ActionVoid), theme.IconVoid, "F3", widgets.Plain, func() { v.pick(payment.Void) })
	f.query = widgets.NewMain(text(message.ActionQuery), theme.IconQuery, "F4", widgets.Plain, func() { v.pick("") })
	f.more = widgets.NewMain(text(message.ActionMore), theme.IconNext, "F5", widgets.Plain, v.showMore)
	f.more.TextSize = theme.SizeText
	f.others = widgets.Row(theme.SizeGap, widgets.Grow(1, f.refund), widgets.Grow(1, f.void), widgets.Grow(1, f.query),
		widgets.Grow(.8, f.more))
	f.content = widgets.Column(theme.SizeGap, widgets.Grow(1, list), widgets.Fixed(f.pay), widgets.Fixed(f.others))
	return f
}

func (f *readyFace) render(v *View) {
	orders := v.model.Recent(latest)
	for i, row := range f.rows {
		if i < len(orders) {
			row.render(v, orders[i])
		}
		row.show(i < len(orders))
	}
	show(f.empty, len(orders) == 0 && v.model.Loaded())
	f.renderPay(v)
	changed := show(f.refund, v.model.Offers(payment.Refund))
	changed = show(f.void, v.model.Offers(payment.Void)) || changed
	if show(f.more, len(v.model.Extras()) > 0) || changed {
		f.others.Refresh()
	}
}

// renderPay makes the main button say what it will do; without a terminal that is to add one.
func (f *readyFace) renderPay(v *View) {
	if v.model.Loaded() && len(v.model.Terminals()) == 0 {
		f.empty.Set(v.words.Code(payment.CodeNoTerminal).Sentence)
		f.pay.Set(v.words.Text(message.TerminalsAdd), theme.IconAdd)
		f.pay.OnTapped = v.links.Terminals
		f.pay.SetEnabled(true)
		return
	}
	f.empty.Set(v.words.Text(message.RecentEmpty))
	word := v.words.Text(message.ActionPay)
	if sum := v.model.Typed(); sum.Known() {
		word += " " + v.words.Amount(sum)
	}
	f.pay.Set(word, theme.IconPay)
	f.pay.OnTapped = v.model.Pay
	f.pay.SetEnabled(v.model.CanPay())
}

// orderRow is an order in a list.
type orderRow struct {
	item                *widgets.Item
	inner               fyne.CanvasObject
	badge               *widgets.Badge
	amount, state, time *widgets.Line
	record              payment.Record
}

func newOrderRow(tapped func(payment.Record)) *orderRow {
	r := &orderRow{
		badge:  widgets.NewBadge(widgets.Note, theme.SizeIcon),
		amount: widgets.NewLine("", widgets.Style{Size: theme.SizeRow, Bold: true, Shrink: true}),
		state:  widgets.NewLine("", widgets.Style{Shrink: true}),
		time:   widgets.NewLine("", widgets.Style{Size: theme.SizeCaption, Colour: theme.ColourQuiet, Align: fyne.TextAlignTrailing}),
	}
	r.inner = widgets.Pad(theme.SizeGap, theme.SizeNone, widgets.Row(theme.SizeGap,
		widgets.Fixed(r.badge), widgets.Grow(1, r.amount), widgets.Grow(1.1, r.state), widgets.Fixed(r.time)))
	r.item = widgets.NewItem("", "", r.inner, func() { tapped(r.record) })
	return r
}

func (r *orderRow) render(v *View, record payment.Record) {
	r.record = record
	mark := message.MarkOf(record)
	r.badge.Set(widgets.State(mark))
	r.amount.Set(v.words.Amount(record.Order.Asked.Total()))
	r.state.Set(v.words.Brief(record))
	r.state.SetColour(widgets.State(mark).Words())
	r.time.Set(v.words.When(record.Order.Created, v.model.Now()))
	r.item.Label = r.amount.Text() + ", " + r.state.Text() + ", " + r.time.Text()
}

// show hides what is in the row and keeps its room, so that the others stay where they are.
func (r *orderRow) show(visible bool) {
	show(r.inner, visible)
	r.item.SetTappable(visible)
}

// runningFace tells what goes on at the terminal.
type runningFace struct {
	content       fyne.CanvasObject
	story         *fyne.Container
	badge         *widgets.Badge
	title         *widgets.Line
	hint, said    *widgets.Paragraph
	elapsed, note *widgets.Line
	buttons       *fyne.Container
	cancel, cash  *widgets.Button
	there         *widgets.Paragraph // how to stop it where the till cannot
}

func newRunningFace(v *View) *runningFace {
	centred := func(size fyne.ThemeSizeName, colour fyne.ThemeColorName, bold bool) widgets.Style {
		return widgets.Style{Size: size, Colour: colour, Bold: bold, Align: fyne.TextAlignCenter, Shrink: true}
	}
	f := &runningFace{
		badge:   widgets.NewBadge(widgets.Working, theme.SizeKey),
		title:   widgets.NewLine("", centred(theme.SizeResult, "", true)),
		hint:    widgets.NewParagraph("", centred(theme.SizeSubtitle, theme.ColourQuiet, false)),
		said:    widgets.NewParagraph("", centred(theme.SizeSubtitle, "", true)),
		elapsed: widgets.NewLine("", centred(theme.SizeElapsed, theme.ColourQuiet, false)),
		note:    widgets.NewLine(v.words.Text(message.RunCancelNote), centred(theme.SizeCaption, theme.ColourQuiet, false)),
	}
	f.there = widgets.NewParagraph(v.words.Text(message.RunCancelThere), centred(theme.SizeSubtitle, "", true))
	f.cancel = widgets.NewButton(v.words.Text(message.RunCancel), "", v.model.Cancel)
	f.cancel.Hint = "Esc"
	f.cash = widgets.NewButton(v.words.Text(message.Cash), "", v.model.WantCash)
	f.cash.TextSize, f.cancel.TextSize = theme.SizeText, theme.SizeText
	f.buttons = widgets.Row(theme.SizeGap, widgets.Grow(1, f.cash), widgets.Grow(1, f.cancel))
	f.story = widgets.Column(theme.SizeGap, widgets.Grow(1, widgets.Space()),
		widgets.Fixed(f.badge), widgets.Fixed(f.title), widgets.Fixed(f.hint), widgets.Fixed(f.said), widgets.Fixed(f.elapsed),
		widgets.Grow(1, widgets.Space()),
		widgets.Fixed(f.there),
		widgets.Fixed(widgets.Column(theme.SizeHair, widgets.Fixed(f.buttons), widgets.Fixed(f.note))))
	f.content = widgets.NewPanel(theme.ColourSurface, theme.ColourLine, widgets.Inset(theme.SizeMargin, f.story))
	return f
}

func (f *runningFace) render(v *View) {
	a := v.model.Attempt()
	if a == nil {
		return
	}
	r, known := v.model.Running()
	title, hint := runningWords(a, r, known)
	f.say(v, title, hint, v.words.Amount(a.Amount), terminalText(r))
	f.badge.Set(widgets.Working)
	f.cancel.Set(v.words.Text(message.RunCancel), "")
	f.cancel.OnTapped = v.model.Cancel
	f.cancel.SetEnabled(!a.Cancelled)
	can := v.model.CanCancel()
	f.offer(can, v.model.OffersCash(), !can)
	note := ""
	if can {
		note = v.words.Text(message.RunCancelNote)
	}
	f.note.Set(note)
}

// renderAsking tells that the terminal is asked about an order, which moves no money and need not be waited for.
func (f *runningFace) renderAsking(v *View) {
	f.say(v, message.RunChecking, message.RunCheckingHint, "", "")
	f.badge.Set(widgets.Question)
	f.cancel.Set(v.words.Text(message.ButtonBack), theme.IconBack)
	f.cancel.OnTapped = v.model.StopAsking
	f.cancel.SetEnabled(true)
	f.offer(true, false, false)
	f.note.Set("")
}

// renderClosing tells that a terminal closes its day, which nobody can stop.
func (f *runningFace) renderClosing(v *View) {
	f.say(v, message.RunClosing, message.RunClosingHint, "", "")
	f.badge.Set(widgets.Note)
	f.offer(false, false, false)
	f.note.Set("")
}

// offer shows what can be pressed, or how to stop it at the terminal.
func (f *runningFace) offer(cancel, cash, there bool) {
	changed := show(f.cancel, cancel)
	changed = show(f.cash, cash) || changed
	changed = show(f.buttons, cancel || cash) || changed
	if show(f.there, there) || changed {
		f.buttons.Refresh()
		f.story.Refresh()
	}
}

func (f *runningFace) say(v *View, title, hint message.ID, amount, said string) {
	f.title.Set(v.words.Text(title))
	changed := f.hint.Set(v.words.Text(hint, "Amount", amount))
	changed = f.said.Set(v.words.Text(message.RunShows, "Text", said)) || changed
	if show(f.said, said != "") || changed {
		f.story.Refresh()
	}
	f.elapsed.Set(message.Elapsed(v.model.Elapsed()))
}

// runningWords says how far the order is.
func runningWords(a *Attempt, r payment.Record, known bool) (title, hint message.ID) {
	if a.Cash {
		return message.RunCancelling, message.CashAsking
	}
	if a.Cancelled {
		return message.RunCancelling, message.RunCancellingHint
	}
	if !known {
		return message.RunStarting, message.RunStartingHint
	}
	switch r.State().Status {
	case payment.StatusCreated:
		return message.RunConnecting, message.RunConnectingHint
	case payment.StatusSent:
		switch a.Operation {
		case payment.Void, payment.Completion, payment.TipAdjustment:
			return message.RunSent, message.RunFollowHint
		}
		return message.RunSent, message.RunSentHint
	case payment.StatusProcessing:
		return message.RunProcessing, message.RunProcessingHint
	default:
		return message.RunWaiting, message.RunWaitingHint
	}
}

// terminalText is what the terminal shows, as far as it says so.
func terminalText(r payment.Record) string {
	for i := len(r.Entries) - 1; i >= 0; i-- {
		if e := r.Entries[i]; e.Source == payment.FromTerminal && e.Detail != "" {
			return e.Detail
		}
	}
	return ""
}
