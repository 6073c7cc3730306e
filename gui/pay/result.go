package pay

import (
	"unicode/utf8"

	"fyne.io/fyne/v2"

	"tillkeeper/gui/message"
	"tillkeeper/gui/theme"
	"tillkeeper/gui/widgets"
	"tillkeeper/payment"
)

// shortTitle is how long a title may be that is written extra large.
const shortTitle = 9

// resultFace tells what came of an order, or why there is none: colour, shape and words.
type resultFace struct {
	content          fyne.CanvasObject
	panel            *widgets.Panel
	story, buttons   *fyne.Container
	badge            *widgets.Badge
	title            *widgets.Paragraph
	why, money, next *widgets.Paragraph
	cash             *widgets.Paragraph // whether cash may be taken instead
	extras           *fyne.Container
	file, inCash     *widgets.Button
	main, other      *widgets.Button
}

func newResultFace(v *View) *resultFace {
	style := widgets.Style{Size: theme.SizeSubtitle}
	bold := widgets.Style{Size: theme.SizeSubtitle, Bold: true}
	f := &resultFace{
		badge: widgets.NewBadge(widgets.Note, theme.SizeBadge),
		title: widgets.NewParagraph("", widgets.Style{Size: theme.SizeResult, Bold: true}),
		why:   widgets.NewParagraph("", style),
		money: widgets.NewParagraph("", bold),
		next:  widgets.NewParagraph("", style),
		main:  widgets.NewPrimary("", "", nil),
		other: widgets.NewButton("", "", nil),
	}
	f.cash = widgets.NewParagraph("", widgets.Style{Size: theme.SizeTitle, Bold: true})
	f.file = widgets.NewButton(v.words.Text(message.CaseOpenFile), "", nil)
	f.inCash = widgets.NewButton(v.words.Text(message.Cash), "", v.model.WantCash)
	for _, b := range []*widgets.Button{f.file, f.inCash} {
		b.TextSize, b.Height = theme.SizeText, theme.SizeTarget
	}
	f.extras = widgets.Row(theme.SizeGap, widgets.Grow(1, f.file), widgets.Grow(1, f.inCash))
	f.main.Height, f.other.Height = theme.SizeKey, theme.SizeKey
	head := widgets.Row(theme.SizeMargin, widgets.Fixed(f.badge), widgets.Grow(1, widgets.Middle(f.title)))
	f.buttons = widgets.Row(theme.SizeGap, widgets.Grow(1, f.other), widgets.Grow(1, f.main))
	f.story = widgets.Column(theme.SizeGap, widgets.Fixed(head), widgets.Fixed(f.money), widgets.Fixed(f.why), widgets.Fixed(f.next),
		widgets.Fixed(f.cash),
		widgets.Grow(1, widgets.Space()),
		widgets.Fixed(f.extras), widgets.Fixed(f.buttons))
	f.panel = widgets.NewPanel(theme.ColourPaidTint, "", widgets.Inset(theme.SizeMargin, f.story))
	f.content = f.panel
	return f
}

func (f *resultFace) render(v *View) {
	if v.model.Face() == Refused {
		f.renderRefusal(v)
		return
	}
	r, ok := v.model.Shown()
	if !ok {
		return
	}
	f.say(withCheck(v, v.words.Verdict(r)))
	f.renderExtras(v, r)
	unknown := r.State().Status == payment.StatusUnknown
	switch {
	case unknown:
		f.checkButton(v)
		f.second(v.words.Text(message.ButtonUnderstood), "", widgets.Plain, v.model.Dismiss)
	case v.model.OffersSame():
		f.first(v.words.Text(message.ButtonDone), theme.IconCheck, v.model.Dismiss)
		f.second(v.words.Text(message.ButtonSame), theme.IconRepeat, widgets.Plain, v.model.SameAgain)
	default:
		f.first(v.words.Text(message.ButtonDone), theme.IconCheck, v.model.Dismiss)
		f.second(v.words.Text(message.ButtonDetails), theme.IconInfo, widgets.Plain, func() { v.showDetails(r) })
	}
}

// say puts a verdict on the screen.
func (f *resultFace) say(verdict message.Verdict) {
	state := widgets.State(verdict.Mark)
	f.panel.SetColours(state.Tint(), "")
	f.badge.Set(state)
	titleSize := theme.SizeResult
	if utf8.RuneCountInString(verdict.Title) <= shortTitle {
		titleSize = theme.SizeShortResult
	}
	f.title.SetSize(titleSize)
	changed := f.title.Set(verdict.Title)
	f.title.SetColour(state.Words())
	changed = f.why.Set(verdict.Why) || changed
	changed = f.money.Set(verdict.Money) || changed
	if f.next.Set(verdict.Next) || changed {
		f.story.Refresh() // other words need another number of lines
	}
}

// cashWords are what staff read who want cash instead.
var cashWords = map[CashAnswer]message.ID{
	CashAsking: message.CashAsking, CashTake: message.CashTake, CashPaid: message.CashPaid, CashUnknown: message.CashUnknown,
}

// renderExtras offers the order's case and cash, and says whether cash may be taken.
func (f *resultFace) renderExtras(v *View, r payment.Record) {
	_, file := payment.CaseOf(r, payment.Capabilities{}, v.model.Now())
	cash := v.model.OffersCash()
	f.file.OnTapped = func() { v.links.Case(r.Order.Number) }
	changed := show(f.file, file)
	changed = show(f.inCash, cash) || changed
	changed = show(f.extras, file || cash) || changed
	answer := ""
	if id, ok := cashWords[v.model.Cash()]; ok {
		answer = v.words.Text(id, "Amount", v.words.Amount(r.Order.Asked.Total()))
	}
	changed = f.cash.Set(answer) || changed
	changed = show(f.cash, answer != "") || changed
	// Where cash is the question, its answer is the next step, and how it came matters less.
	changed = show(f.why, answer == "") || changed
	if show(f.next, answer == "") || changed {
		f.extras.Refresh()
		f.story.Refresh()
	}
}

// withCheck adds to a verdict that the last question brought no answer.
func withCheck(v *View, verdict message.Verdict) message.Verdict {
	if code := v.model.Checked(); code != "" && v.model.Checking() == "" {
		words := v.words.Code(code)
		verdict.Why = words.Title + ". " + words.Sentence
	}
	return verdict
}

func (f *resultFace) checkButton(v *View) {
	f.first(v.words.Text(message.ButtonCheck), theme.IconRepeat, v.model.CheckShown)
	if v.model.Checking() != "" {
		f.main.Set(v.words.Text(message.ButtonChecking), "")
		f.main.SetEnabled(false)
	}
}

func (f *resultFace) renderRefusal(v *View) {
	refusal := v.model.Refusal()
	back := refusal.Attempt != nil && refusal.Attempt.Operation != payment.Sale
	f.say(withCheck(v, refusalVerdict(v.words, refusal, back)))
	inTheWay, _ := v.model.book.order(refusal.Order)
	f.renderExtras(v, inTheWay)
	if !refusal.Overridable() {
		f.first(v.words.Text(message.ButtonBack), theme.IconBack, v.model.Dismiss)
		f.second("", "", widgets.Plain, nil)
		return
	}
	f.checkButton(v)
	id := message.Approve
	if back {
		id = message.ApproveBack
	}
	f.second(v.words.Text(id), "", widgets.Danger, v.askApproval)
}

// refusalVerdict puts a no of the till into words: nothing was sent, unless the disk failed after the answer.
func refusalVerdict(words *message.Catalogue, refusal Refusal, back bool) message.Verdict {
	w := words.Code(refusal.Code)
	verdict := message.Verdict{
		Mark: message.MarkNotSent, Title: w.Title, Why: w.Sentence, Money: words.Text(message.MoneyNothing), Next: w.Next,
	}
	switch refusal.Code.Class() {
	case payment.InDoubt, payment.Internal:
		verdict.Mark = message.MarkUnknown
		verdict.Money = words.Text(message.ResultUnknown)
	case payment.RuleRefusal:
		if refusal.Overridable() {
			verdict.Mark = message.MarkUnknown
			verdict.Title, verdict.Money = words.Text(message.RefusalTitle), w.Title+"."
			if back {
				verdict.Title = words.Text(message.RefusalTitleBack)
			}
		}
	case payment.NothingSent:
		if refusal.Code != payment.CodeNotReached {
			verdict.Title = words.Text(message.ResultNotSent, "Why", w.Title)
		} else {
			verdict.Title = words.Text(message.ResultNotReached)
		}
	case payment.BadInput, payment.NoMoney:
	}
	return verdict
}

func (f *resultFace) first(text string, icon theme.Icon, tapped func()) {
	f.main.Set(text, icon)
	f.main.OnTapped = tapped
	f.main.SetEnabled(true)
}

func (f *resultFace) second(text string, icon theme.Icon, kind widgets.Kind, tapped func()) {
	if show(f.other, text != "") {
		f.buttons.Refresh()
	}
	f.other.SetKind(kind)
	f.other.Set(text, icon)
	f.other.OnTapped = tapped
}
