package terminals

import (
	"fyne.io/fyne/v2"

	"tillkeeper/gui/message"
	"tillkeeper/gui/theme"
	"tillkeeper/gui/widgets"
	"tillkeeper/payment/till"
)

// View shows a Model. It belongs to the window's goroutine; a change of language needs a new one.
type View struct {
	model   *Model
	words   *message.Catalogue
	dialogs *widgets.Dialogs

	content fyne.CanvasObject
	list    *fyne.Container // the cards, or what is shown while there are none
	cards   []*card
	form    *form
}

// NewView builds the screen. Its dialogs open in dialogs.
func NewView(m *Model, words *message.Catalogue, dialogs *widgets.Dialogs) *View {
	v := &View{model: m, words: words, dialogs: dialogs, list: widgets.Stack()}
	title := widgets.NewLine(words.Text(message.TerminalsTitle), widgets.Style{Size: theme.SizeResult, Bold: true, Shrink: true})
	add := widgets.NewPrimary(words.Text(message.TerminalsAdd), theme.IconAdd, v.pick)
	head := widgets.Row(theme.SizeGap, widgets.Grow(1, title), widgets.Fixed(add))
	v.content = widgets.Inset(theme.SizeMargin, widgets.Column(theme.SizeMargin, widgets.Fixed(head), widgets.Grow(1, v.list)))
	m.Changed = v.render
	v.render()
	return v
}

// Content is what to put into the window.
func (v *View) Content() fyne.CanvasObject { return v.content }

// render shows the model as it is now; cards are built anew only when terminals come or go.
func (v *View) render() {
	terminals := v.model.Terminals()
	if !v.fits(terminals) {
		v.build(terminals)
	}
	for i, c := range v.cards {
		c.render(v, terminals[i])
	}
}

func (v *View) fits(terminals []till.TerminalState) bool {
	if len(v.list.Objects) == 0 || len(v.cards) != len(terminals) {
		return false
	}
	for i, c := range v.cards {
		if c.id != terminals[i].Terminal.ID {
			return false
		}
	}
	return true
}

func (v *View) build(terminals []till.TerminalState) {
	v.cards = nil
	var parts []widgets.Part
	for _, t := range terminals {
		c := newCard(v, t)
		v.cards = append(v.cards, c)
		parts = append(parts, widgets.Fixed(c.content))
	}
	content := v.empty()
	if len(parts) > 0 {
		content = widgets.DragScroll(widgets.Column(theme.SizeGap, parts...))
	}
	v.list.Objects = []fyne.CanvasObject{content}
	v.list.Refresh()
}

// empty is what a person sees who has just begun.
func (v *View) empty() fyne.CanvasObject {
	centred := widgets.Style{Size: theme.SizeTitle, Bold: true, Align: fyne.TextAlignCenter, Shrink: true}
	plain := widgets.Style{Size: theme.SizeSubtitle, Colour: theme.ColourQuiet, Align: fyne.TextAlignCenter}
	return widgets.Card(widgets.Column(theme.SizeMargin,
		widgets.Grow(1, widgets.Space()),
		widgets.Fixed(widgets.NewPicture(theme.IconTerminal, theme.ColourFaint, theme.SizeBadge)),
		widgets.Fixed(widgets.NewLine(v.words.Text(message.TerminalsEmpty), centred)),
		widgets.Fixed(widgets.NewParagraph(v.words.Text(message.TerminalsEmptyText), plain)),
		widgets.Grow(1, widgets.Space())))
}

// askRemove makes sure that staff means it, and says what stays.
func (v *View) askRemove(t till.TerminalState) {
	remove := widgets.NewButton(v.words.Text(message.TerminalsRemove), theme.IconRemove, func() { v.model.Remove(t.Terminal.ID) })
	remove.Kind, remove.Height = widgets.Danger, theme.SizeKey
	v.dialogs.Show(&widgets.Dialog{
		Title:   v.words.Text(message.TerminalsRemoveTitle, "Name", t.Terminal.Name),
		Content: widgets.NewParagraph(v.words.Text(message.TerminalsRemoveText), widgets.Style{Size: theme.SizeSubtitle}),
		Confirm: remove,
		Cancel:  widgets.NewButton(v.words.Text(message.TerminalsRemoveKeep), "", nil),
	})
}
