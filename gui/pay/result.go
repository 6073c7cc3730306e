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
	question         *fyne.Container // the two answers about a signature
	same, notSame    *widgets.Button
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
	f.same = widgets.NewPrimary("", theme.IconCheck, func() { v.model.Sign(true) })
	f.notSame = widgets.NewButton("", theme.IconVoid, func() { v.model.Sign(false) })
	f.notSame.Kind = widgets.Danger
	f.same.Height, f.notSame.Height = theme.SizeKey, theme.SizeKey
	f.question = widgets.Column(theme.SizeGap, widgets.Fixed(f.same), widgets.Fixed(f.notSame))
	f.question.Hide()
	f.story = widgets.Column(theme.SizeGap, widgets.Fixed(head), widgets.Fixed(f.money), widgets.Fixed(f.why), widgets.Fixed(f.next),
		widgets.Fixed(f.cash),
		widgets.Grow(1, widgets.Space()),
		widgets.Fixed(f.extras), widgets.Fixed(f.buttons), widgets.Fixed(f.question))
	f.panel = widgets.NewPanel(theme.ColourPaidTint, "", widgets.Inset(theme.SizeMargin, f.story))
	f.content = f.panel
	return f
}

func (f *resultFace) render(v *View) {
	question, asked := v.model.Question()
	changed := show(f.question, asked)
	changed = show(f.buttons, !asked) || changed
	if !asked {
		changed = show(f.money, true) || changed
	}
	if changed {
		f.story.Refresh()
	}
	r, ok := v.model.Shown()
	switch {
	case asked:
		f.renderQuestion(v, question)
	case v.model.Face() == Refused:
		f.renderRefusal(v)
	case v.model.Face() == Closed:
		f.renderBatch(v)
	case ok:
		f.renderResult(v, r)
	}
}

// renderQuestion asks staff to compare a signature, and says what hinders their answer.
func (f *resultFace) renderQuestion(v *View, r payment.Record) {
	verdict := v.words.Verdict(r)
	under, accepted, failed := v.model.Signing()
	if failed != "" {
		verdict.Why = v.words.Code(failed).Sentence
	}
	f.say(verdict)
	f.noExtras()
	// What hinders the answer takes the place of the sum, which stands on the left as well.
	if show(f.money, failed == "") {
		f.story.Refresh()
	}
	same, not := message.SignSame, message.SignNotSame
	if under && accepted {
		same = message.SignNoting
	} else if under {
		not = message.SignRejecting
	}
	f.same.Set(v.words.Text(same), theme.IconCheck)
	f.notSame.Set(v.words.Text(not), theme.IconVoid)
	f.same.SetEnabled(!under)
	f.notSame.SetEnabled(!under)
}

// renderBatch tells what came of closing a terminal's day.
func (f *resultFace) renderBatch(v *View) {
	b := v.model.Batch()
	f.say(v.words.Batch(b))
	f.noExtras()
	word, icon := message.ButtonDone, theme.IconCheck
	if b.Outcome != payment.BatchClosed {
		word, icon = message.ButtonUnderstood, ""
	}
	f.first(v.words.Text(word), icon, v.model.Dismiss)
	f.second("", "", widgets.Plain, nil)
}

func (f *resultFace) renderResult(v *View, r payment.Record) {
	verdict := withCheck(v, v.verdict(r))
	if v.model.AskingIsVain() {
		verdict.Next = v.words.Code(payment.CodeCannotAsk).Next
	}
	f.say(verdict)
	f.renderExtras(v, r)
	unknown := r.State().Status == payment.StatusUnknown
	details := func() { v.showDetails(r) }
	switch back := message.TakingBackOf(r); {
	case unknown && v.model.AskingIsVain():
		f.first(v.words.Text(message.CaseOpenFile), theme.IconCase, func() { v.links.Case(r.Order.Number) })
		f.second(v.words.Text(message.ButtonUnderstood), "", widgets.Plain, v.model.Dismiss)
	case unknown:
		f.checkButton(v)
		f.second(v.words.Text(message.ButtonUnderstood), "", widgets.Plain, v.model.Dismiss)
	case back == message.TakeBackDoubt:
		f.first(v.words.Text(message.CaseOpenFile), theme.IconCase, func() { v.links.Case(voidOf(r)) })
		f.second(v.words.Text(message.ButtonUnderstood), "", widgets.Plain, v.model.Dismiss)
	case back != message.NotTakenBack && back != message.TakenBack:
		f.first(v.words.Text(message.ButtonUnderstood), "", v.model.Dismiss)
		f.second(v.words.Text(message.ButtonDetails), theme.IconInfo, widgets.Plain, details)
	case v.model.OffersSame():
		f.first(v.words.Text(message.ButtonDone), theme.IconCheck, v.model.Dismiss)
		f.second(v.words.Text(message.ButtonSame), theme.IconRepeat, widgets.Plain, v.model.SameAgain)
	default:
		f.first(v.words.Text(message.ButtonDone), theme.IconCheck, v.model.Dismiss)
		f.second(v.words.Text(message.ButtonDetails), theme.IconInfo, widgets.Plain, details)
	}
}

// voidOf is the number of an order's void that is not settled.
func voidOf(r payment.Record) string {
	for _, f := range r.FollowUps {
		if f.Operation == payment.Void && f.Status.Open() {
			return f.Number
		}
	}
	return ""
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

// noExtras hides what is about other results.
func (f *resultFace) noExtras() {
	changed := show(f.extras, false)
	changed = show(f.cash, false) || changed
	changed = show(f.why, f.why.Text() != "") || changed
	if show(f.next, true) || changed {
		f.story.Refresh()
	}
}

// renderExtras offers the order's case and cash, and says whether cash may be taken.
func (f *resultFace) renderExtras(v *View, r payment.Record) {
	_, file := payment.CaseOf(r, payment.Capabilities{}, v.model.Now())
	file = file && !v.model.AskingIsVain() // then that is the main button
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
	back := refusal.Attempt != nil && !refusal.Attempt.Operation.Charges()
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
