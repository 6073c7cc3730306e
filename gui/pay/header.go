package pay

import (
	"tillkeeper/gui/message"
	"tillkeeper/gui/theme"
	"tillkeeper/gui/widgets"
	"tillkeeper/payment"
)

// chip tells which terminal the next payment goes to and how it is.
type chip struct {
	item        *widgets.Item
	lamp        *widgets.Lamp
	name, state *widgets.Line
	more        *widgets.Picture
}

func newChip(tapped func()) *chip {
	c := &chip{
		lamp:  widgets.NewLamp(widgets.Off),
		name:  widgets.NewLine("", widgets.Style{Bold: true, Shrink: true}),
		state: widgets.NewLine("", widgets.Style{Size: theme.SizeCaption, Colour: theme.ColourQuiet, Shrink: true}),
		more:  widgets.NewPicture(theme.IconNext, theme.ColourQuiet, theme.SizeIcon),
	}
	words := widgets.Column(theme.SizeNone, widgets.Fixed(c.name), widgets.Fixed(c.state))
	row := widgets.Row(theme.SizeGap, widgets.Fixed(c.lamp), widgets.Grow(1, words), widgets.Fixed(c.more))
	c.item = widgets.NewItem(theme.ColourSurface, theme.ColourLine, widgets.Pad(theme.SizeGap, theme.SizeSmallGap, row), tapped)
	return c
}

func (c *chip) render(v *View) {
	t, ok := v.model.Terminal()
	show(c.more, len(v.model.Terminals()) != 1)
	if !ok {
		c.lamp.Set(widgets.Off)
		if v.model.Loaded() {
			c.set(v.words.Text(message.ChipNone), v.words.Text(message.ChipAdd))
		} else {
			c.set(v.words.Text(message.AppTitle), v.words.Text(message.ChipLoading))
		}
		return
	}
	c.lamp.Set(widgets.Light(message.LightOf(t.Link, t.Problem)))
	c.set(t.Terminal.Name, v.words.Link(t.Link, t.Problem, v.model.Now()))
}

func (c *chip) set(name, state string) {
	c.name.Set(name)
	c.state.Set(state)
	c.item.Label = name + ", " + state
}

// tapChip lets choose among terminals, or leads to where one is added.
func (v *View) tapChip() {
	if len(v.model.Terminals()) < 2 {
		v.links.Terminals()
		return
	}
	if !v.model.Busy() {
		v.showSwitch()
	}
}

// casesBadge counts the orders nobody knows the outcome of.
type casesBadge struct {
	item  *widgets.Item
	count *widgets.Line
}

func newCasesBadge(tapped func()) *casesBadge {
	b := &casesBadge{count: widgets.NewLine("", widgets.Style{Bold: true, Colour: theme.ColourOnUnknown})}
	row := widgets.Row(theme.SizeSmallGap,
		widgets.Fixed(widgets.NewPicture(theme.IconCase, theme.ColourOnUnknown, theme.SizeIcon)), widgets.Fixed(b.count))
	b.item = widgets.NewItem(theme.ColourUnknown, "", widgets.Pad(theme.SizeGap, theme.SizeSmallGap, row), tapped)
	return b
}

// render reports whether the badge needs another room than before.
func (b *casesBadge) render(v *View) bool {
	n, before := len(v.model.Cases()), b.count.Text()
	if n > 0 {
		b.count.Set(v.words.Count(message.CasesBadge, n))
		b.item.Label = b.count.Text()
	}
	return show(b.item, n > 0) || before != b.count.Text()
}

// warning says that an order on the chosen terminal is not settled, before the next one is charged there; or that one was
// settled late.
type warning struct {
	item  *widgets.Item
	badge *widgets.Badge
	text  *widgets.Line
	more  *widgets.Picture
}

func newWarning() *warning {
	w := &warning{
		badge: widgets.NewBadge(widgets.Unknown, theme.SizeIcon),
		text:  widgets.NewLine("", widgets.Style{Bold: true, Shrink: true}),
		more:  widgets.NewPicture(theme.IconNext, theme.ColourQuiet, theme.SizeLamp),
	}
	row := widgets.Row(theme.SizeGap, widgets.Fixed(w.badge), widgets.Grow(1, w.text), widgets.Fixed(w.more))
	w.item = widgets.NewItem("", "", widgets.Pad(theme.SizeGap, theme.SizeSmallGap, row), nil)
	return w
}

// render reports whether the warning came or went.
func (w *warning) render(v *View) bool {
	open, warn := v.model.CaseHere()
	late, news := v.model.News()
	switch {
	case news:
		words := v.words.Text(message.CaseNews, "Amount", v.words.Amount(late.Order.Asked.Total()),
			"Time", v.words.When(late.Order.Created, v.model.Now()), "State", v.words.Brief(late))
		w.say(widgets.State(message.MarkOf(late)), words, func() {
			v.model.ReadNews()
			v.showOrder(late)
		})
	case warn:
		words, number := v.words.Text(message.CaseWarning, "Amount", v.words.Amount(open.Order.Asked.Total())), open.Order.Number
		if prompt, clearing, shown := v.model.Prompt(); shown {
			words, number = v.prompt(prompt, clearing), prompt.Order.Number
		}
		w.say(widgets.Unknown, words, func() { v.links.Case(number) })
	}
	return show(w.item, warn || news)
}

// prompt says what the terminal may still show, and for whom.
func (v *View) prompt(r payment.Record, clearing bool) string {
	sum := v.words.Amount(r.Order.Asked.Total())
	if clearing {
		return v.words.Text(message.PromptClearing, "Amount", sum)
	}
	return v.words.Text(message.PromptShown, "Amount", sum, "Time", v.words.When(r.Order.Created, v.model.Now()))
}

// showOrder opens the case of an order, or its details where it was never in doubt.
func (v *View) showOrder(r payment.Record) {
	if _, ok := payment.CaseOf(r, payment.Capabilities{}, v.model.Now()); ok {
		v.links.Case(r.Order.Number)
		return
	}
	v.showDetails(r)
}

func (w *warning) say(s widgets.State, words string, tapped func()) {
	w.badge.Set(s)
	w.text.Set(words)
	w.text.SetColour(s.Words())
	w.more.Set(theme.IconNext, s.Words())
	w.item.SetColours(s.Tint(), s.Mark())
	w.item.Label, w.item.OnTapped = words, tapped
}
