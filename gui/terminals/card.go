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
	mark                 fyne.CanvasObject
	name                 *fyne.Container
	buttons              *fyne.Container
	test, standard       *widgets.Button
	isDefault            bool
}

func newCard(v *View, t till.TerminalState) *card {
	id := t.Terminal.ID
	quiet := widgets.Style{Size: theme.SizeCaption, Colour: theme.ColourQuiet, Shrink: true}
	c := &card{
		id: id, lamp: widgets.NewLamp(widgets.Off), state: widgets.NewLine("", widgets.Style{Shrink: true}),
		address: widgets.NewLine("", quiet), said: widgets.NewLine("", quiet),
	}
	c.test = widgets.NewButton(v.words.Text(message.TerminalsTest), theme.IconTest, func() { v.model.StartTest(id) })
	c.standard = widgets.NewButton(v.words.Text(message.TerminalsMakeDefault), theme.IconDefault, func() { v.model.MakeDefault(id) })
	remove := widgets.NewButton("", theme.IconRemove, func() { v.askRemove(t) })
	remove.Label = v.words.Text(message.TerminalsRemove)
	c.mark = widgets.NewPanel(theme.ColourSelected, "", widgets.Pad(theme.SizeGap, theme.SizeNone,
		widgets.NewLine(v.words.Text(message.TerminalsDefault), widgets.Style{Size: theme.SizeCaption, Colour: theme.ColourPrimary, Bold: true})))
	title := widgets.NewLine(t.Terminal.Name, widgets.Style{Size: theme.SizeTitle, Bold: true})
	c.name = widgets.Row(theme.SizeGap, widgets.Fixed(title), widgets.Fixed(widgets.Middle(c.mark)), widgets.Grow(1, widgets.Space()))
	words := widgets.Column(theme.SizeNone, widgets.Fixed(c.name), widgets.Fixed(c.state), widgets.Fixed(c.address), widgets.Fixed(c.said))
	c.buttons = widgets.Row(theme.SizeGap, widgets.Fixed(c.test), widgets.Fixed(c.standard), widgets.Fixed(remove))
	row := widgets.Row(theme.SizeMargin, widgets.Fixed(c.lamp), widgets.Grow(1, words), widgets.Fixed(widgets.Middle(c.buttons)))
	c.content = widgets.Card(row)
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
	if c.isDefault != t.Terminal.Default || c.mark.Visible() != t.Terminal.Default {
		c.isDefault = t.Terminal.Default
		setVisible(c.mark, c.isDefault)
		setVisible(c.standard, !c.isDefault)
		c.name.Refresh()
		c.buttons.Refresh()
	}
}

func setVisible(o fyne.CanvasObject, visible bool) {
	if visible {
		o.Show()
	} else {
		o.Hide()
	}
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
