package pay

import (
	"tillkeeper/gui/message"
	"tillkeeper/gui/theme"
	"tillkeeper/gui/widgets"
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
		v.goTo()
		return
	}
	if v.model.Face() != Running {
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

// warning says that an order on the chosen terminal is not settled, before the next one is charged there.
type warning struct {
	item *widgets.Item
	text *widgets.Line
}

func newWarning(tapped func()) *warning {
	w := &warning{text: widgets.NewLine("", widgets.Style{Colour: theme.ColourUnknownText, Bold: true, Shrink: true})}
	row := widgets.Row(theme.SizeGap,
		widgets.Fixed(widgets.NewBadge(widgets.Unknown, theme.SizeIcon)), widgets.Grow(1, w.text),
		widgets.Fixed(widgets.NewPicture(theme.IconNext, theme.ColourUnknownText, theme.SizeLamp)))
	w.item = widgets.NewItem(theme.ColourUnknownTint, theme.ColourUnknown, widgets.Pad(theme.SizeGap, theme.SizeSmallGap, row), tapped)
	return w
}

// render reports whether the warning came or went.
func (w *warning) render(v *View) bool {
	r, ok := v.model.CaseHere()
	if ok {
		w.text.Set(v.words.Text(message.CaseWarning, "Amount", v.words.Amount(r.Order.Asked.Total())))
		w.item.Label = w.text.Text()
	}
	return show(w.item, ok)
}
