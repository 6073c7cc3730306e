package cases

import (
	"slices"

	"fyne.io/fyne/v2"

	"tillkeeper/gui/message"
	"tillkeeper/gui/theme"
	"tillkeeper/gui/widgets"
	"tillkeeper/payment"
)

// file is the right side: what a case is about, its verdict and next step, and below them why and how it came.
type file struct {
	content fyne.CanvasObject

	panel               *widgets.Panel
	head                *fyne.Container // laid out anew when words need another number of lines
	all                 *fyne.Container
	badge               *widgets.Badge
	title               *widgets.Line
	about               *widgets.Line
	money, next         *widgets.Paragraph
	note                *widgets.Line
	buttons             *fyne.Container
	rest                fyne.CanvasObject // beside Print where it is alone
	check, decide, page *widgets.Button

	room *fyne.Container // reasons and story, built anew when they change
	told []told
}

// told is a line of reasons or story as it was last written.
type told struct {
	head bool
	mark message.Mark
	time string
	text string
}

func newFile(v *View) *file {
	f := &file{
		badge: widgets.NewBadge(widgets.Unknown, theme.SizeTarget),
		title: widgets.NewLine("", widgets.Style{Size: theme.SizeTitle, Bold: true, Shrink: true}),
		about: widgets.NewLine("", widgets.Style{Size: theme.SizeCaption, Colour: theme.ColourQuiet, Shrink: true}),
		money: widgets.NewParagraph("", widgets.Style{}),
		next:  widgets.NewParagraph("", widgets.Style{Size: theme.SizeTitle, Bold: true}),
		note:  widgets.NewLine("", widgets.Style{Size: theme.SizeCaption, Colour: theme.ColourDeclined, Shrink: true}),
		room:  widgets.Stack(),
	}
	f.check = widgets.NewPrimary(v.words.Text(message.ButtonCheck), theme.IconRepeat, v.checkSelected)
	f.decide = widgets.NewButton(v.words.Text(message.CaseDecideButton), "", v.decideSelected)
	f.page = widgets.NewButton(v.words.Text(message.CasePrint), "", v.printSelected)
	f.rest = widgets.Space()
	f.buttons = widgets.Row(theme.SizeGap, widgets.Grow(1, f.page), widgets.Grow(1, f.decide), widgets.Grow(1.4, f.check),
		widgets.Grow(2, f.rest))
	names := widgets.Column(theme.SizeNone, widgets.Fixed(f.title), widgets.Fixed(f.about))
	f.head = widgets.Column(theme.SizeGap,
		widgets.Fixed(widgets.Row(theme.SizeGap, widgets.Fixed(f.badge), widgets.Grow(1, names))),
		widgets.Fixed(f.next), widgets.Fixed(f.money), widgets.Fixed(f.note), widgets.Fixed(f.buttons))
	f.panel = widgets.NewPanel(theme.ColourUnknownTint, "", widgets.Inset(theme.SizeMargin, f.head))
	below := widgets.NewPanel(theme.ColourSurface, theme.ColourLine, widgets.Inset(theme.SizeGap, f.room))
	f.all = widgets.Column(theme.SizeGap, widgets.Fixed(f.panel), widgets.Grow(1, below))
	f.content = f.all
	return f
}

func (f *file) render(v *View, c payment.Case) {
	r, now := c.Record, v.model.Now()
	verdict := v.words.Verdict(r)
	state := widgets.State(verdict.Mark)
	title := verdict.Title
	if message.Overruled(r) {
		title = v.words.Text(message.CaseCorrected) + " · " + v.words.Status(r.State().Status)
		state = widgets.Note
	}
	f.panel.SetColours(state.Tint(), "")
	f.badge.Set(state)
	f.title.Set(title)
	f.title.SetColour(state.Words())
	f.about.Set(v.words.Amount(r.Order.Asked.Total()) + " · " + v.words.Operation(r.Order.Operation) + " · " +
		v.words.When(r.Order.Created, now) + " · " + r.Order.TerminalName + " · " + r.Order.Number)
	changed := f.next.Set(v.words.CaseNext(c, now))
	changed = f.money.Set(verdict.Money) || changed
	changed = f.renderButtons(v, c) || changed
	if changed {
		f.head.Refresh()
		f.all.Refresh()
	}
	f.tell(v, c)
}

// renderButtons reports whether the panel needs another height than before.
func (f *file) renderButtons(v *View, c payment.Case) bool {
	number, open := c.Record.Order.Number, openCase(c)
	busy := v.model.Checking() == number
	ask := open && !v.model.AskingIsVain(c.Record)
	changed := show(f.check, ask)
	changed = show(f.decide, open) || changed
	changed = show(f.rest, !open) || changed
	changed = show(f.page, v.model.CanPrint()) || changed
	changed = show(f.buttons, open || v.model.CanPrint()) || changed
	word, icon := message.ButtonCheck, theme.IconRepeat
	if busy {
		word, icon = message.ButtonChecking, ""
	}
	f.check.Set(v.words.Text(word), icon)
	f.check.SetEnabled(v.model.Checking() == "")
	kind := widgets.Plain
	if !ask && c.Next == payment.NextDecide {
		kind = widgets.Primary
	}
	f.decide.SetKind(kind)
	f.decide.SetEnabled(c.Record.State().Status == payment.StatusUnknown)
	f.page.SetEnabled(v.model.Paper(number) != Printing)
	note, bad := v.note(number)
	f.note.Set(note)
	f.note.SetColour(theme.ColourQuiet)
	if bad {
		f.note.SetColour(theme.ColourDeclined)
	}
	return show(f.note, note != "") || changed
}

// note says how the last question or the printing went, and whether that is bad news.
func (v *View) note(number string) (text string, bad bool) {
	if code := v.model.Failed(number); code != "" {
		w := v.words.Code(code)
		return w.Title + ". " + w.Sentence, true
	}
	switch v.model.Paper(number) {
	case Printing:
		return v.words.Text(message.CasePrinting), false
	case Printed:
		return v.words.Text(message.CasePrinted), false
	case PrintFailed:
		return v.words.Text(message.CaseNotPrinted), true
	default:
		return "", false
	}
}

// tell writes the reasons of the verdict and then the story, unless they stand there already.
func (f *file) tell(v *View, c payment.Case) {
	told := v.lines(c)
	if slices.Equal(told, f.told) && len(f.room.Objects) > 0 {
		return
	}
	f.told = told
	parts := make([]widgets.Part, 0, len(told))
	for _, l := range told {
		parts = append(parts, widgets.Fixed(l.object()))
	}
	// The words stay clear of the bar.
	clear := widgets.Fixed(widgets.AtLeast(theme.SizeMargin, "", widgets.Space()))
	lines := widgets.Row(theme.SizeNone, widgets.Grow(1, widgets.Column(theme.SizeSmallGap, parts...)), clear)
	f.room.Objects = []fyne.CanvasObject{widgets.DragScroll(lines)}
	f.room.Refresh()
}

func (v *View) lines(c payment.Case) []told {
	op, now := c.Record.Order.Operation, v.model.Now()
	lines := []told{{head: true, text: v.words.Text(message.CaseGrounds)}}
	for _, g := range c.Grounds {
		lines = append(lines, told{mark: message.MarkOfGround(g), text: v.words.Ground(op, g, now)})
	}
	lines = append(lines, told{head: true, text: v.words.Text(message.CaseStory)})
	for _, s := range v.words.Story(c.Record, now) {
		lines = append(lines, told{mark: s.Mark, time: v.words.Moment(s.Time, now), text: s.Text})
	}
	return lines
}

// object draws a line: a sign in the colour of what it means, the time, the words.
func (l told) object() fyne.CanvasObject {
	if l.head {
		return widgets.NewLine(l.text, widgets.Style{Size: theme.SizeCaption, Bold: true, Colour: theme.ColourQuiet, Shrink: true})
	}
	dot := widgets.NewPicture(theme.IconDot, theme.ColourFaint, theme.SizeGap)
	sign := fyne.CanvasObject(widgets.AtLeast(theme.SizeLamp, theme.SizeLamp, dot))
	if l.mark != message.MarkNone {
		sign = widgets.NewBadge(widgets.State(l.mark), theme.SizeLamp)
	}
	parts := []widgets.Part{widgets.Fixed(widgets.Top(widgets.Pad(theme.SizeNone, theme.SizeHair, sign)))}
	if l.time != "" {
		at := widgets.NewLine(l.time, widgets.Style{Colour: theme.ColourQuiet})
		parts = append(parts, widgets.Fixed(widgets.Top(at)))
	}
	parts = append(parts, widgets.Grow(1, widgets.NewParagraph(l.text, widgets.Style{})))
	return widgets.Row(theme.SizeGap, parts...)
}

func (v *View) checkSelected() {
	if c, ok := v.model.Selected(); ok {
		v.model.Check(c.Record.Order.Number)
	}
}

func (v *View) printSelected() {
	if c, ok := v.model.Selected(); ok {
		title, lines := Page(v.words, c, v.model.Now())
		v.model.Print(c.Record.Order.Number, title, lines)
	}
}

func (v *View) decideSelected() {
	if c, ok := v.model.Selected(); ok && c.Record.State().Status == payment.StatusUnknown {
		v.askDecision(c)
	}
}
