package terminals

import (
	"fyne.io/fyne/v2"

	"tillkeeper/gui/message"
	"tillkeeper/gui/theme"
	"tillkeeper/gui/widgets"
	"tillkeeper/payment"
)

// dots stand for a secret; there are as many for any.
const dots = "••••••••"

// secret is the row of one secret: a field to type it into, or dots for the one there is, which is never shown again.
type secret struct {
	form   *form
	key    string
	field  *field
	typing *fyne.Container // the entry, with a way back where there is a secret already
	kept   *fyne.Container // the dots, with what can be done
	state  *widgets.Line

	replace, wipe, keep, back *widgets.Button
}

// secrets are the rows of all secrets, below a word on where they are kept.
func (f *form) secrets() []widgets.Part {
	title := widgets.NewLine(f.view.words.Text(message.TerminalsSecrets), widgets.Style{Size: theme.SizeSubtitle, Bold: true})
	f.place = newCaption()
	parts := []widgets.Part{widgets.Fixed(widgets.Column(theme.SizeSmallGap, widgets.Fixed(title), widgets.Fixed(f.place)))}
	for _, s := range f.editor.Protocol().Secrets {
		row := f.secret(s)
		f.hidden = append(f.hidden, row)
		parts = append(parts, widgets.Fixed(row.field.content))
	}
	return parts
}

func (f *form) secret(setting payment.Setting) *secret {
	key := setting.Key
	s := &secret{form: f, key: key, state: widgets.NewLine("", widgets.Style{Shrink: true})}
	s.field = &field{entry: widgets.NewSecretEntry(""), caption: newCaption(), help: setting.Help}
	label := f.view.label(key)
	f.wire(SecretField(key), s.field, label)
	s.replace = s.button(message.TerminalsSecretReplace, func() {
		f.editor.Replace(key)
		f.view.dialogs.Focus(s.field.entry)
	})
	s.wipe = s.button(message.TerminalsSecretWipe, func() { f.editor.Wipe(key) })
	s.keep = s.button(message.TerminalsSecretKeep, func() { f.editor.Keep(key) })
	s.back = s.button(message.TerminalsSecretKeep, func() { f.editor.Keep(key) })
	s.typing = widgets.Row(theme.SizeGap, widgets.Grow(1, s.field.entry), widgets.Fixed(s.back))
	s.kept = widgets.Row(theme.SizeGap, widgets.Grow(1, s.state), widgets.Fixed(s.replace), widgets.Fixed(s.wipe), widgets.Fixed(s.keep))
	s.field.content = widgets.Column(theme.SizeSmallGap,
		widgets.Fixed(newLabel(label)), widgets.Fixed(s.typing), widgets.Fixed(s.kept), widgets.Fixed(s.field.caption))
	return s
}

func (s *secret) button(id message.ID, tapped func()) *widgets.Button {
	b := widgets.NewButton(s.form.view.words.Text(id), "", tapped)
	b.Height, b.TextSize = theme.SizeField, theme.SizeText
	return b
}

// render shows how the secret stands and reports whether the row has changed its parts.
func (s *secret) render() bool {
	words, state := s.form.view.words, s.form.editor.Secret(s.key)
	typing := state == SecretMissing || state == SecretReplacing
	if !typing && s.field.entry.Text != "" {
		s.field.entry.SetText("")
	}
	shown := dots
	switch state {
	case SecretAsking:
		shown = words.Text(message.TerminalsSecretAsking)
	case SecretWiping:
		shown = words.Text(message.TerminalsSecretWiping)
	case SecretLocked:
		shown = words.Code(payment.CodeSecretsLocked).Sentence
	case SecretMissing, SecretKept, SecretReplacing:
	}
	s.state.Set(shown)
	changed := false
	for o, show := range map[fyne.CanvasObject]bool{
		s.typing: typing, s.kept: !typing,
		s.back:    state == SecretReplacing,
		s.replace: state == SecretKept || state == SecretLocked,
		s.wipe:    state == SecretKept,
		s.keep:    state == SecretWiping,
	} {
		if o.Visible() == show {
			continue
		}
		changed = true
		if show {
			o.Show()
		} else {
			o.Hide()
		}
	}
	return changed
}
