package gui

import (
	"context"

	"fyne.io/fyne/v2"

	"tillkeeper/gui/message"
	"tillkeeper/gui/theme"
	"tillkeeper/gui/widgets"
)

// banner says on every screen that no money is real, and what was chosen to happen next.
func (w *Window) banner() fyne.CanvasObject {
	w.demoText = widgets.NewLine(w.words.Text(message.DemoBanner), widgets.Style{
		Size: theme.SizeCaption, Colour: theme.ColourOnNotSent, Bold: true, Align: fyne.TextAlignCenter, Shrink: true,
	})
	return widgets.NewBand(theme.ColourNotSent, widgets.AtLeast(theme.SizeNone, theme.SizeBanner, w.demoText))
}

// outcomes are what a simulated terminal can be told to do next; the words are those of main's demo.
var outcomes = []struct {
	word string
	text message.ID
	icon theme.Icon
}{
	{"approve", message.DemoNextApprove, theme.IconCheck},
	{"decline", message.DemoNextDecline, ""},
	{"cancel", message.DemoNextCancel, ""},
	{"lost", message.DemoNextLost, ""},
}

// askNext asks what happens to the next payment on the terminal that is chosen.
func (w *Window) askNext() {
	t, ok := w.payModel.Terminal()
	if !ok {
		return
	}
	name := t.Terminal.Name
	d := &widgets.Dialog{
		Title:  w.words.Text(message.DemoNextTitle, "Terminal", name),
		Cancel: widgets.NewButton(w.words.Text(message.ButtonClose), "", nil),
	}
	parts := make([]widgets.Part, 0, len(outcomes))
	for _, o := range outcomes {
		text := w.words.Text(o.text)
		parts = append(parts, widgets.Fixed(widgets.NewButton(text, o.icon, func() {
			w.dialogs.Close(d)
			w.setNext(name, o.word, text)
		})))
	}
	d.Content = widgets.Column(theme.SizeGap, parts...)
	w.dialogs.Show(d)
}

// setNext tells the simulated terminal, and the banner says so.
func (w *Window) setNext(terminal, outcome, text string) {
	w.run(func(context.Context) {
		err := w.deps.DemoNext(terminal, outcome)
		w.deps.Post(func() {
			said := w.words.Text(message.DemoBanner) + "   ·   " + w.words.Text(message.DemoNextDone, "Terminal", terminal, "Outcome", text)
			if err != nil {
				said = w.words.Text(message.DemoNextFailed)
			}
			w.demoText.Set(said)
		})
	})
}
