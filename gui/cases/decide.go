package cases

import (
	"strings"

	"fyne.io/fyne/v2"

	"tillkeeper/gui/message"
	"tillkeeper/gui/theme"
	"tillkeeper/gui/widgets"
	"tillkeeper/payment"
)

// decision is the dialog that asks what staff decides, why, and on what proof.
type decision struct {
	view   *View
	record payment.Record

	chosen bool
	paid   bool

	dialog               *widgets.Dialog
	yes, no              *widgets.Button
	reason, proof, staff *widgets.Entry
	confirm              *widgets.Button
}

func back(r payment.Record) bool {
	return r.Order.Operation == payment.Refund || r.Order.Operation == payment.Void
}

// askDecision opens the dialog. While waiting is the safe step it says so, and until when.
func (v *View) askDecision(c payment.Case) {
	d := &decision{view: v, record: c.Record}
	text := v.words.Text
	yes, no := message.DecidePaid, message.DecideNotPaid
	if back(c.Record) {
		yes, no = message.DecidePaidBack, message.DecideNotPaidBack
	}
	d.yes = widgets.NewButton(text(yes), theme.IconCheck, func() { d.choose(true) })
	d.no = widgets.NewButton(text(no), theme.IconCross, func() { d.choose(false) })
	d.reason, d.proof, d.staff = d.entry(message.DecideReason), d.entry(message.DecideProof), d.entry(message.DecideStaff)
	d.staff.PlaceHolder = ""
	d.staff.SetText(v.model.Staff())
	d.confirm = widgets.NewButton(text(message.DecideContinue), theme.IconNext, d.submit)
	hint, colour := text(message.DecideExplain), theme.ColourQuiet
	if c.Next == payment.NextWait {
		hint, colour = text(message.DecideWait, "Time", v.words.Moment(c.Until, v.model.Now())), theme.ColourUnknownText
	}
	d.dialog = &widgets.Dialog{
		Title: text(message.DecideTitle, "Amount", v.words.Amount(c.Record.Order.Asked.Total())),
		Badge: widgets.Unknown, Badged: true, Wide: true, Keep: true, Confirm: d.confirm,
		Cancel: widgets.NewButton(text(message.ButtonBack), "", nil),
		Content: widgets.Column(theme.SizeGap,
			widgets.Fixed(widgets.NewParagraph(hint, widgets.Style{Colour: colour, Bold: c.Next == payment.NextWait})),
			widgets.Fixed(widgets.Row(theme.SizeGap, widgets.Grow(1, d.yes), widgets.Grow(1, d.no))),
			widgets.Fixed(widgets.Row(theme.SizeMargin,
				widgets.Grow(1, d.field(message.DecideReason, d.reason, message.DecideReasonLeft, message.DecideReasonTerminal, message.DecideReasonDay)),
				widgets.Grow(1, d.field(message.DecideProof, d.proof, message.DecideProofList, message.DecideProofSlip, message.DecideProofBank)))),
			widgets.Fixed(d.field(message.DecideStaff, d.staff))),
	}
	d.render()
	v.dialogs.Show(d.dialog)
}

func (d *decision) entry(label message.ID) *widgets.Entry {
	e := widgets.NewEntry(d.view.words.Text(message.DecideType))
	e.Label = d.view.words.Text(label)
	e.OnChanged = func(string) { d.render() }
	e.OnKey = func(key *fyne.KeyEvent) { d.view.dialogs.TypedKey(key) }
	return e
}

// field is a labelled entry with the usual answers below it, a tap each.
func (d *decision) field(label message.ID, entry *widgets.Entry, usual ...message.ID) fyne.CanvasObject {
	words := d.view.words
	parts := []widgets.Part{
		widgets.Fixed(widgets.NewLine(words.Text(label), widgets.Style{Bold: true, Shrink: true})), widgets.Fixed(entry),
	}
	var taps []widgets.Part
	for _, id := range usual {
		text := words.Text(id)
		b := widgets.NewButton(text, "", func() { entry.SetText(text) })
		b.TextSize, b.Height = theme.SizeCaption, theme.SizeTarget
		taps = append(taps, widgets.Grow(1, b))
	}
	if len(taps) > 0 {
		parts = append(parts, widgets.Fixed(widgets.Row(theme.SizeSmallGap, taps...)))
	}
	return widgets.Column(theme.SizeSmallGap, parts...)
}

func (d *decision) choose(paid bool) {
	d.chosen, d.paid = true, paid
	d.render()
}

// made is the decision as it stands.
func (d *decision) made() Decision {
	return Decision{
		Order: d.record.Order.Number, Paid: d.paid,
		Reason: strings.TrimSpace(d.reason.Text), Proof: strings.TrimSpace(d.proof.Text), Staff: strings.TrimSpace(d.staff.Text),
	}
}

func (d *decision) render() {
	mark := func(b *widgets.Button, chosen bool) {
		kind := widgets.Plain
		if chosen {
			kind = widgets.Chosen
		}
		b.SetKind(kind)
	}
	mark(d.yes, d.chosen && d.paid)
	mark(d.no, d.chosen && !d.paid)
	d.confirm.SetEnabled(d.chosen && d.made().Complete())
}

func (d *decision) submit() {
	if d.chosen && d.made().Complete() {
		d.askSure()
	}
}

// sureWords are the words of the last question, by what it is about.
type sureWords struct{ title, text, yes message.ID }

func (d *decision) words() sureWords {
	switch {
	case back(d.record) && d.paid:
		return sureWords{message.SurePaidBack, message.SurePaidBackText, message.SurePaidBackYes}
	case back(d.record):
		return sureWords{message.SureNotPaidBack, message.SureNotPaidBackText, message.SureNotPaidBackYes}
	case d.paid:
		return sureWords{message.SurePaid, message.SurePaidText, message.SurePaidYes}
	default:
		return sureWords{message.SureNotPaid, message.SureNotPaidText, message.SureNotPaidYes}
	}
}

// askSure names the consequence. Return presses the safe button.
func (d *decision) askSure() {
	v, w := d.view, d.words()
	sum := v.words.Amount(d.record.Order.Asked.Total())
	sure := &widgets.Dialog{Title: v.words.Text(w.title, "Amount", sum), Badge: widgets.Unknown, Badged: true}
	yes := widgets.NewButton(v.words.Text(w.yes), "", func() {
		v.dialogs.Close(sure)
		v.dialogs.Close(d.dialog)
		v.model.Decide(d.made())
	})
	yes.Kind, yes.Height = widgets.Danger, theme.SizeKey
	sure.Confirm = widgets.NewPrimary(v.words.Text(message.DecideRefuse), "", nil)
	sure.Confirm.Height = theme.SizeKey
	sure.Content = widgets.Column(theme.SizeMargin,
		widgets.Fixed(widgets.NewParagraph(v.words.Text(w.text, "Amount", sum), widgets.Style{Size: theme.SizeSubtitle})),
		widgets.Fixed(widgets.NewParagraph(v.words.Text(message.DecideRecorded), widgets.Style{Colour: theme.ColourQuiet})),
		widgets.Fixed(yes))
	v.dialogs.Show(sure)
}
