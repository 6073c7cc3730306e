package cases

import (
	"fyne.io/fyne/v2"

	"tillkeeper/gui/message"
	"tillkeeper/gui/theme"
	"tillkeeper/gui/widgets"
	"tillkeeper/payment"
)

// View shows a Model: the list of cases on the left, the file of one on the right. It belongs to the window's goroutine;
// a change of language needs a new one.
type View struct {
	model   *Model
	words   *message.Catalogue
	dialogs *widgets.Dialogs

	content fyne.CanvasObject
	list    *list
	file    *file
	empty   fyne.CanvasObject
	both    fyne.CanvasObject
}

// NewView builds the screen. Its dialogs open in dialogs.
func NewView(m *Model, words *message.Catalogue, dialogs *widgets.Dialogs) *View {
	v := &View{model: m, words: words, dialogs: dialogs}
	v.list, v.file, v.empty = newList(v), newFile(v), v.newEmpty()
	v.both = widgets.Row(theme.SizeMargin, widgets.Grow(1, v.list.content), widgets.Grow(1.9, v.file.content))
	v.content = widgets.Inset(theme.SizeMargin, widgets.Stack(v.both, v.empty))
	m.Changed = v.render
	v.render()
	return v
}

// Content is what to put into the window.
func (v *View) Content() fyne.CanvasObject { return v.content }

// TypedKey takes a key that no field and no dialog wants. fresh tells a new press of Enter from a repeated one.
func (v *View) TypedKey(key *fyne.KeyEvent, fresh bool) {
	c, ok := v.model.Selected()
	enter := key.Name == fyne.KeyReturn || key.Name == fyne.KeyEnter
	if ok && enter && fresh && c.Closed.IsZero() && !v.model.AskingIsVain(c.Record) {
		v.model.Check(c.Record.Order.Number)
	}
}

// newEmpty is what is shown while there is no case at all.
func (v *View) newEmpty() fyne.CanvasObject {
	centred := widgets.Style{Size: theme.SizeTitle, Bold: true, Align: fyne.TextAlignCenter, Shrink: true}
	quiet := widgets.Style{Size: theme.SizeSubtitle, Colour: theme.ColourQuiet, Align: fyne.TextAlignCenter}
	title := widgets.NewLine(v.words.Text(message.CasesTitle), widgets.Style{Size: theme.SizeResult, Bold: true, Shrink: true})
	card := widgets.Card(widgets.Column(theme.SizeMargin,
		widgets.Grow(1, widgets.Space()),
		widgets.Fixed(widgets.NewBadge(widgets.Paid, theme.SizeBadge)),
		widgets.Fixed(widgets.NewLine(v.words.Text(message.CasesNone), centred)),
		widgets.Fixed(widgets.NewParagraph(v.words.Text(message.CasesExplain), quiet)),
		widgets.Grow(1, widgets.Space())))
	return widgets.Column(theme.SizeMargin, widgets.Fixed(widgets.AtLeast("", theme.SizeTarget, title)), widgets.Grow(1, card))
}

// render shows the model as it is now.
func (v *View) render() {
	open, closed := v.model.Open(), v.model.Closed()
	c, any := v.model.Selected()
	show(v.both, any)
	show(v.empty, !any)
	if any {
		v.list.render(v, open, closed, c)
		v.file.render(v, c)
	}
}

// openCase reports whether nobody knows yet what happened to the money of a case.
func openCase(c payment.Case) bool { return c.Closed.IsZero() }

// show shows or hides an object and reports whether that changed anything.
func show(o fyne.CanvasObject, visible bool) bool {
	if visible == o.Visible() {
		return false
	}
	if visible {
		o.Show()
	} else {
		o.Hide()
	}
	return true
}
