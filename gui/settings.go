package gui

import (
	"context"

	"fyne.io/fyne/v2"

	"tillkeeper/gui/message"
	"tillkeeper/gui/theme"
	"tillkeeper/gui/widgets"
)

// choice is one of several ways a thing can be.
type choice struct {
	text   string
	icon   theme.Icon
	chosen bool
	choose func()
}

// showSettings offers language, look and, outside a kiosk, full screen.
func (w *Window) showSettings() {
	d := &widgets.Dialog{Title: w.words.Text(message.SettingsTitle), Keep: true,
		Cancel: widgets.NewButton(w.words.Text(message.ButtonClose), "", nil)}
	languages := make([]choice, 0, 2)
	for _, l := range w.words.Languages() {
		languages = append(languages, choice{l.Name, "", l.Code == w.words.Language(), func() { w.setLanguage(l.Code) }})
	}
	text := w.words.Text
	parts := []widgets.Part{
		widgets.Fixed(w.choices(d, message.SettingsLanguage, languages)),
		widgets.Fixed(w.choices(d, message.SettingsLook, []choice{
			{text(message.SettingsLight), theme.IconSun, w.look == theme.Light, func() { w.setLook(theme.Light) }},
			{text(message.SettingsDark), theme.IconMoon, w.look == theme.Dark, func() { w.setLook(theme.Dark) }},
		})),
	}
	if !w.deps.Kiosk {
		full := w.window.FullScreen()
		parts = append(parts, widgets.Fixed(w.choices(d, message.SettingsScreen, []choice{
			{text(message.SettingsWindow), "", !full, func() { w.setFullScreen(false) }},
			{text(message.SettingsFull), "", full, func() { w.setFullScreen(true) }},
		})))
	}
	d.Content = widgets.Column(theme.SizeMargin, parts...)
	w.dialogs.Show(d)
}

// choices is a row of buttons of which one is chosen.
func (w *Window) choices(d *widgets.Dialog, label message.ID, all []choice) fyne.CanvasObject {
	parts := make([]widgets.Part, 0, len(all))
	for _, c := range all {
		b := widgets.NewButton(c.text, c.icon, func() {
			w.dialogs.Close(d)
			c.choose()
		})
		if c.chosen {
			b.Kind = widgets.Chosen
		}
		parts = append(parts, widgets.Grow(1, b))
	}
	name := widgets.NewLine(w.words.Text(label), widgets.Style{Colour: theme.ColourQuiet})
	return widgets.Column(theme.SizeSmallGap, widgets.Fixed(name), widgets.Fixed(widgets.Row(theme.SizeGap, parts...)))
}

// remember keeps a choice, off the window's goroutine because a disk may take its time.
func (w *Window) remember(key, value string) {
	w.run(func(context.Context) { w.deps.Settings.Set(key, value) })
}

func (w *Window) setLanguage(code string) {
	w.remember(keyLanguage, code)
	w.words.SetLanguage(code)
	w.build()
}

func (w *Window) setLook(look theme.Variant) {
	w.remember(keyLook, string(look))
	w.look = look
	w.dress()
}

func (w *Window) setFullScreen(full bool) {
	word := "window"
	if full {
		word = "full"
	}
	w.remember(keyScreen, word)
	w.window.SetFullScreen(full)
}
