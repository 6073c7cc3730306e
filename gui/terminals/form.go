package terminals

import (
	"fyne.io/fyne/v2"

	"tillkeeper/gui/message"
	"tillkeeper/gui/theme"
	"tillkeeper/gui/widgets"
	"tillkeeper/payment"
)

// form is the dialog that adds a terminal; what is wrong is said under its field while it is typed.
type form struct {
	view   *View
	dialog *widgets.Dialog
	save   *widgets.Button
	fields map[Field]*field
	note   *widgets.Line
}

// field is a labelled entry with room for what is wrong with it.
type field struct {
	entry   *widgets.Entry
	problem *widgets.Line
	content fyne.CanvasObject
}

// add opens the form.
func (v *View) add() {
	note := widgets.NewLine("", widgets.Style{Size: theme.SizeCaption, Colour: theme.ColourDeclined, Shrink: true})
	f := &form{view: v, fields: map[Field]*field{}, note: note}
	v.form = f
	f.save = widgets.NewPrimary(v.words.Text(message.TerminalsSave), theme.IconCheck, f.submit)
	f.save.Height = theme.SizeKey
	name := f.field(Name, message.TerminalsName, message.TerminalsNameHint)
	address := f.field(Address, message.TerminalsAddress, message.TerminalsAddressHint)
	appID := f.field(AppID, message.TerminalsAppID, message.TerminalsAppIDHint)
	currency := f.field(Currency, message.TerminalsCurrency, "")
	currency.entry.SetText(string(payment.DefaultCurrency))
	pair := func(a, b *field) widgets.Part {
		return widgets.Fixed(widgets.Row(theme.SizeMargin, widgets.Grow(1, a.content), widgets.Grow(1, b.content)))
	}
	f.dialog = &widgets.Dialog{
		Title: v.words.Text(message.TerminalsAddTitle), Keep: true, Wide: true, Confirm: f.save, Focus: name.entry,
		Cancel:  widgets.NewButton(v.words.Text(message.ButtonBack), "", nil),
		Content: widgets.Column(theme.SizeGap, pair(name, address), pair(appID, currency), widgets.Fixed(f.note)),
		Closed:  func() { v.form = nil },
	}
	f.check()
	v.dialogs.Show(f.dialog)
}

func (f *form) field(id Field, label, hint message.ID) *field {
	words := f.view.words
	placeholder := ""
	if hint != "" {
		placeholder = words.Text(hint)
	}
	x := &field{
		entry:   widgets.NewEntry(placeholder),
		problem: widgets.NewLine(" ", widgets.Style{Size: theme.SizeCaption, Colour: theme.ColourDeclined, Shrink: true}),
	}
	x.entry.Label = words.Text(label)
	x.entry.OnChanged = func(string) { f.check() }
	x.entry.OnKey = func(key *fyne.KeyEvent) { f.view.dialogs.TypedKey(key) }
	name := widgets.NewLine(words.Text(label), widgets.Style{Bold: true, Shrink: true})
	x.content = widgets.Column(theme.SizeSmallGap, widgets.Fixed(name), widgets.Fixed(x.entry), widgets.Fixed(x.problem))
	f.fields[id] = x
	return x
}

func (f *form) typed() Form {
	text := func(id Field) string {
		if x := f.fields[id]; x != nil {
			return x.entry.Text
		}
		return ""
	}
	return Form{Name: text(Name), Address: text(Address), AppID: text(AppID), Currency: text(Currency)}
}

// check says what is wrong with what is typed so far.
func (f *form) check() {
	problems, address := f.view.model.Check(f.typed())
	for id, x := range f.fields {
		f.say(x, problems[id])
	}
	if x := f.fields[Address]; x != nil && address != "" && problems[Address] == "" {
		x.problem.SetColour(theme.ColourQuiet)
		x.problem.Set(f.view.words.Text(message.TerminalsChecked, "Address", address))
	}
	f.note.Set(" ")
	f.save.SetEnabled(f.view.model.Complete(f.typed()))
}

func (f *form) say(x *field, code payment.Code) {
	x.problem.SetColour(theme.ColourDeclined)
	if code == "" {
		x.problem.Set(" ")
		return
	}
	w := f.view.words.Code(code)
	x.problem.Set(w.Sentence + " " + w.Next)
}

// submit stores what was typed, or says what is wrong.
func (f *form) submit() {
	typed := f.typed()
	if !f.view.model.Complete(typed) {
		if typed.Name == "" {
			f.fields[Name].problem.Set(f.view.words.Text(message.TerminalsNameMissing))
		}
		return
	}
	f.save.SetEnabled(false)
	f.view.model.Add(typed, func(id Field, code payment.Code) {
		if code == "" {
			f.view.dialogs.Close(f.dialog)
			return
		}
		f.save.SetEnabled(true)
		if x := f.fields[id]; x != nil {
			f.say(x, code)
			return
		}
		w := f.view.words.Code(code)
		f.note.Set(w.Sentence + " " + w.Next)
	})
}
