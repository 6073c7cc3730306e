package terminals

import (
	"fyne.io/fyne/v2"

	"tillkeeper/gui/message"
	"tillkeeper/gui/theme"
	"tillkeeper/gui/widgets"
	"tillkeeper/payment/till"
)

// card is one terminal of the list.
type card struct {
	id      string
	content fyne.CanvasObject

	lamp                 *widgets.Lamp
	state, address, said *widgets.Line
	test, standard, edit *widgets.Button
}

func newCard(v *View, t till.TerminalState) *card {
	id := t.Terminal.ID
	quiet := widgets.Style{Size: theme.SizeCaption, Colour: theme.ColourQuiet, Shrink: true}
	c := &card{
		id: id, lamp: widgets.NewLamp(widgets.Off), state: widgets.NewLine("", widgets.Style{Shrink: true}),
		address: widgets.NewLine("", quiet), said: widgets.NewLine("", quiet),
	}
	c.test = widgets.NewButton(v.words.Text(message.TerminalsTest), theme.IconTest, func() { v.model.StartTest(id) })
	c.standard = widgets.NewButton("", theme.IconDefault, nil)
	c.edit = widgets.NewButton("", theme.IconSettings, func() { v.change(id) })
	c.edit.Label = v.words.Text(message.TerminalsChange)
	remove := widgets.NewButton("", theme.IconRemove, func() { v.askRemove(t) })
	remove.Label = v.words.Text(message.TerminalsRemove)
	title := widgets.NewLine(t.Terminal.Name, widgets.Style{Size: theme.SizeTitle, Bold: true, Shrink: true})
	words := widgets.Column(theme.SizeNone, widgets.Fixed(title), widgets.Fixed(c.state), widgets.Fixed(c.address))
	standard := widgets.AtLeast(theme.SizeChoice, "", c.standard)
	buttons := widgets.Row(theme.SizeGap, widgets.Fixed(c.test), widgets.Fixed(standard), widgets.Fixed(c.edit), widgets.Fixed(remove))
	row := widgets.Row(theme.SizeMargin, widgets.Fixed(c.lamp), widgets.Grow(1, words), widgets.Fixed(widgets.Middle(buttons)))
	// What a test said may be long, so it has the whole width; its line is always there, and nothing jumps.
	indent := widgets.AtLeast(theme.SizeLamp, "", widgets.Space())
	said := widgets.Row(theme.SizeMargin, widgets.Fixed(indent), widgets.Grow(1, c.said))
	c.content = widgets.Card(widgets.Column(theme.SizeSmallGap, widgets.Fixed(row), widgets.Fixed(said)))
	return c
}

func (c *card) render(v *View, t till.TerminalState) {
	c.lamp.Set(widgets.Light(message.LightOf(t.Link, t.Problem)))
	c.state.Set(v.words.Link(t.Link, t.Problem, v.model.Now()))
	c.address.Set(t.Terminal.Address + " · " + string(t.Terminal.Currency()))
	text, colour := v.outcome(t)
	c.said.Set(text)
	c.said.SetColour(colour)
	test, _ := v.model.Test(c.id)
	c.test.SetEnabled(!test.Running)
	c.edit.SetEnabled(v.model.Speaks(t.Terminal.Protocol))
	if t.Terminal.Default {
		c.standard.SetKind(widgets.Chosen)
		c.standard.Set(v.words.Text(message.TerminalsDefault), theme.IconDefault)
		c.standard.OnTapped = nil
		return
	}
	c.standard.SetKind(widgets.Plain)
	c.standard.Set(v.words.Text(message.TerminalsMakeDefault), theme.IconDefault)
	c.standard.OnTapped = func() { v.model.MakeDefault(c.id) }
}

// outcome says how the last test or change went.
func (v *View) outcome(t till.TerminalState) (text string, colour fyne.ThemeColorName) {
	if code := v.model.Problem(t.Terminal.ID); code != "" {
		w := v.words.Code(code)
		return w.Sentence + " " + w.Next, theme.ColourDeclined
	}
	test, ok := v.model.Test(t.Terminal.ID)
	switch {
	case !ok:
		return "", theme.ColourQuiet
	case test.Running:
		return v.words.Text(message.TerminalsTesting), theme.ColourQuiet
	case test.Code != "":
		w := v.words.Code(test.Code)
		return w.Title + ". " + w.Next, theme.ColourDeclined
	}
	delay := message.Delay(test.Identity.Delay)
	if name := test.Identity.Name; name != "" {
		return v.words.Text(message.TerminalsTestedAs, "Name", name, "Delay", delay), theme.ColourPaid
	}
	return v.words.Text(message.TerminalsTested, "Delay", delay), theme.ColourPaid
}
