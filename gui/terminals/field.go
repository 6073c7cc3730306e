package terminals

import (
	"fyne.io/fyne/v2"

	"tillkeeper/gui/message"
	"tillkeeper/gui/theme"
	"tillkeeper/gui/widgets"
	"tillkeeper/payment"
)

// field is a labelled entry, or two buttons, with room below for what it is for or what is wrong with it.
type field struct {
	entry   *widgets.Entry // nil for a choice
	caption *widgets.Paragraph
	content *fyne.Container
	help    string

	on, off *widgets.Button // nil for an entry
	word    string          // what on stands for
	standby string          // what holds while nothing is chosen
}

func newCaption() *widgets.Paragraph {
	return widgets.NewParagraph("", widgets.Style{Size: theme.SizeCaption, Colour: theme.ColourQuiet})
}

func newLabel(text string) *widgets.Line {
	return widgets.NewLine(text, widgets.Style{Bold: true, Shrink: true})
}

// entry makes the field that is typed into.
func (f *form) entry(id Field, label, hint, help string) *field {
	x := &field{entry: widgets.NewEntry(hint), caption: newCaption(), help: help}
	x.entry.SetText(f.editor.Text(id))
	f.wire(id, x, label)
	x.content = widgets.Column(theme.SizeSmallGap,
		widgets.Fixed(newLabel(label)), widgets.Fixed(x.entry), widgets.Fixed(x.caption))
	return x
}

// wire joins an entry to the editor.
func (f *form) wire(id Field, x *field, label string) {
	f.fields[id] = x
	x.entry.Label = label
	x.entry.OnKey = func(key *fyne.KeyEvent) { f.view.dialogs.TypedKey(key) }
	x.entry.OnFocus = func() { f.scroll.Reveal(x.content) }
	x.entry.OnChanged = func(text string) {
		f.editor.Type(id, text)
		f.render()
	}
}

// choice makes the field of a setting that is either of two words: no keyboard is needed.
func (f *form) choice(id Field, label string, s payment.Setting, on, off string) *field {
	x := &field{caption: newCaption(), help: s.Help, word: on, standby: s.Default}
	f.fields[id] = x
	button := func(word string, text message.ID) *widgets.Button {
		b := widgets.NewButton(f.view.words.Text(text), "", func() {
			if word == s.Default {
				word = "" // what holds anyway is not set
			}
			f.editor.Type(id, word)
			f.render()
		})
		b.Height, b.TextSize = theme.SizeField, theme.SizeText
		return b
	}
	x.on, x.off = button(on, message.TerminalsOn), button(off, message.TerminalsOff)
	x.content = widgets.Column(theme.SizeSmallGap, widgets.Fixed(newLabel(label)),
		widgets.Fixed(widgets.Row(theme.SizeSmallGap, widgets.Grow(1, x.on), widgets.Grow(1, x.off))), widgets.Fixed(x.caption))
	return x
}

// say shows words below the field and reports whether they were others before.
func (x *field) say(text string, wrong bool) bool {
	colour := theme.ColourQuiet
	if wrong {
		colour = theme.ColourDeclined
	}
	x.caption.SetColour(colour)
	return x.caption.Set(text)
}

// mark shows which of two buttons is how things are.
func (x *field) mark(text string) {
	if x.on == nil {
		return
	}
	if text == "" {
		text = x.standby
	}
	chosen, other := x.off, x.on
	if text == x.word {
		chosen, other = x.on, x.off
	}
	chosen.SetKind(widgets.Chosen)
	other.SetKind(widgets.Plain)
}

// label is what a setting or secret is called: as the protocol calls it, where there is no better word.
func (v *View) label(key string) string {
	words := map[string]message.ID{
		payment.SettingCurrency: message.TerminalsCurrency, "app_id": message.TerminalsAppID,
		"merchant": message.SettingMerchant, "merchant_no": message.SettingMerchantNo, "store_no": message.SettingStoreNo,
		"terminal_sn": message.SettingTerminalSN, "mch_id": message.SettingMchID, "job_no": message.SettingJobNo,
		"private_key": message.SettingPrivateKey, "platform_key": message.SettingPlatformKey,
		"merchant_key": message.SettingMerchantKey, "secure_string": message.SettingSecureString, "secret": message.SettingSecret,
	}
	if id, ok := words[key]; ok {
		return v.words.Text(id)
	}
	return key
}
