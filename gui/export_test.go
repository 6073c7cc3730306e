package gui

import (
	"fyne.io/fyne/v2"

	"tillkeeper/payment/till"
)

// Take hands events to the screens as the pump does.
func (w *Window) Take(batch ...till.Event) { w.take(batch) }

// AskClose does what the window's own button does.
func (w *Window) AskClose() { w.askClose() }

// NewTroubleInline builds the trouble window with its work and posts run at once, as a test needs them.
func NewTroubleInline(app fyne.App, language string, wrong error, setAside func() (string, error)) (fyne.Window, error) {
	t, err := newTrouble(app, language, wrong, setAside)
	if err != nil {
		return nil, err
	}
	inline := func(f func()) { f() }
	t.run, t.post = inline, inline
	return t.window, nil
}
