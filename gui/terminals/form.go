package terminals

import (
	"strconv"

	"fyne.io/fyne/v2"

	"tillkeeper/gui/message"
	"tillkeeper/gui/theme"
	"tillkeeper/gui/widgets"
	"tillkeeper/payment"
)

// form is the dialog that adds or changes a terminal; what is wrong is said under its field while it is typed.
type form struct {
	view   *View
	editor *Editor
	dialog *widgets.Dialog
	save   *widgets.Button
	scroll *widgets.Scroll
	fields map[Field]*field
	hidden []*secret
	place  *widgets.Paragraph
	note   *widgets.Paragraph // what is wrong with no field

	more   *widgets.Button
	rest   *fyne.Container
	unfold func(open bool)
}

// pick lets a person choose what a new terminal speaks, if there is a choice.
func (v *View) pick() {
	all := v.model.Protocols()
	if len(all) == 1 {
		v.edit(v.model.Add(all[0]))
		return
	}
	d := &widgets.Dialog{
		Title: v.words.Text(message.TerminalsProtocol), Wide: true, Tall: true,
		Cancel: widgets.NewButton(v.words.Text(message.ButtonBack), "", nil),
	}
	parts := make([]widgets.Part, 0, len(all))
	for _, p := range all {
		b := widgets.NewButton(p.Title, theme.IconTerminal, func() {
			v.dialogs.Close(d)
			v.edit(v.model.Add(p))
		})
		parts = append(parts, widgets.Fixed(b))
	}
	d.Content = widgets.DragScroll(beside(widgets.Column(theme.SizeGap, parts...)))
	v.dialogs.Show(d)
}

// beside leaves room for the bar that scrolls.
func beside(content fyne.CanvasObject) fyne.CanvasObject {
	bar := widgets.AtLeast(theme.SizeMargin, "", widgets.Space())
	return widgets.Row(theme.SizeNone, widgets.Grow(1, content), widgets.Fixed(bar))
}

// change opens the form of a terminal.
func (v *View) change(id string) {
	if e, ok := v.model.Change(id); ok {
		v.edit(e)
	}
}

// edit opens a form.
func (v *View) edit(e *Editor) {
	f := &form{
		view: v, editor: e, fields: map[Field]*field{},
		note: widgets.NewParagraph("", widgets.Style{Colour: theme.ColourDeclined}),
	}
	f.note.Hide()
	v.form = f
	f.save = widgets.NewPrimary(v.words.Text(message.TerminalsSave), theme.IconCheck, f.submit)
	f.save.Height = theme.SizeKey
	f.scroll = widgets.NewScroll(beside(f.build()))
	title := v.words.Text(message.TerminalsAddTitle)
	if !e.Adding() {
		title = v.words.Text(message.TerminalsChangeTitle, "Name", e.Terminal().Name)
	}
	f.dialog = &widgets.Dialog{
		Title: title, Keep: true, Wide: true, Tall: true, Confirm: f.save, Focus: f.fields[Name].entry,
		Cancel:  widgets.NewButton(v.words.Text(message.ButtonBack), "", nil),
		Content: widgets.Column(theme.SizeGap, widgets.Grow(1, f.scroll.Object()), widgets.Fixed(f.note)),
		Closed:  f.closed,
	}
	e.Changed = f.render
	f.render()
	v.dialogs.Show(f.dialog)
	f.scroll.Refresh()
}

func (f *form) closed() {
	f.editor.Changed = func() {}
	f.view.form = nil
}

// build lays out all fields: those to enter, the secrets, and the rest behind a button.
func (f *form) build() fyne.CanvasObject {
	e, text := f.editor, f.view.words.Text
	first, more := e.Settings()
	protocol := widgets.NewLine(e.Protocol().Title, widgets.Style{Colour: theme.ColourQuiet, Shrink: true})
	top := append([]fyne.CanvasObject{f.name().content, f.address().content}, f.settings(first)...)
	parts := append([]widgets.Part{widgets.Fixed(protocol)}, pairs(top)...)
	if len(e.Protocol().Secrets) > 0 {
		parts = append(parts, f.secrets()...)
	}
	if len(more) == 0 {
		return widgets.Column(theme.SizeGap, parts...)
	}
	f.rest = widgets.Column(theme.SizeGap, pairs(f.settings(more))...)
	f.rest.Hide()
	f.more = widgets.NewButton("", "", func() { f.unfold(!f.rest.Visible()) })
	f.more.Height = theme.SizeField
	f.unfold = func(open bool) {
		if open {
			f.rest.Show()
			f.more.Set(text(message.TerminalsFewer), theme.IconDash)
		} else {
			f.rest.Hide()
			f.more.Set(text(message.TerminalsMore, "Count", strconv.Itoa(len(more))), theme.IconAdd)
		}
		f.scroll.Refresh()
	}
	f.more.Set(text(message.TerminalsMore, "Count", strconv.Itoa(len(more))), theme.IconAdd)
	return widgets.Column(theme.SizeGap, append(parts, widgets.Fixed(f.more), widgets.Fixed(f.rest))...)
}

// pairs lays fields two by two.
func pairs(all []fyne.CanvasObject) []widgets.Part {
	var parts []widgets.Part
	for len(all) > 0 {
		second := widgets.Space()
		if len(all) > 1 {
			second = all[1]
		}
		row := widgets.Row(theme.SizeMargin, widgets.Grow(1, all[0]), widgets.Grow(1, second))
		parts = append(parts, widgets.Fixed(row))
		all = all[min(2, len(all)):]
	}
	return parts
}

func (f *form) name() *field {
	words := f.view.words
	return f.entry(Name, words.Text(message.TerminalsName), words.Text(message.TerminalsNameHint), "")
}

func (f *form) address() *field {
	words := f.view.words
	example, optional := f.editor.Example()
	hint, help := "", ""
	switch {
	case optional:
		hint, help = example, words.Text(message.TerminalsAddressProvider)
	case example != "":
		hint = words.Text(message.TerminalsExample, "Text", example)
	}
	return f.entry(Address, words.Text(message.TerminalsAddress), hint, help)
}

func (f *form) settings(all []payment.Setting) []fyne.CanvasObject {
	objects := make([]fyne.CanvasObject, 0, len(all))
	for _, s := range all {
		id := SettingField(s.Key)
		label := f.view.label(s.Key)
		if on, off, ok := Switch(s); ok {
			objects = append(objects, f.choice(id, label, s, on, off).content)
			continue
		}
		objects = append(objects, f.entry(id, label, s.Default, s.Help).content)
	}
	return objects
}

// render says what is wrong with what is typed so far, and how the secrets stand.
func (f *form) render() {
	changed := false
	for id, x := range f.fields {
		changed = x.say(f.caption(id, x)) || changed
		x.mark(f.editor.Text(id))
	}
	for _, s := range f.hidden {
		changed = s.render() || changed
	}
	if f.place != nil {
		changed = f.place.Set(f.editor.Place()) || changed
	}
	problem := f.editor.Problem(General)
	if f.note.Set(f.view.problem(problem, false)) {
		changed = true
		f.note.Hidden = problem.None()
	}
	f.save.SetEnabled(!f.editor.Saving())
	if changed {
		f.relayout()
	}
}

// relayout gives everything its place again, as words have come or gone.
func (f *form) relayout() {
	if f.dialog != nil {
		f.dialog.Content.Refresh()
		f.scroll.Refresh()
	}
}

// caption is what stands below a field: what is wrong, or else what it is for.
func (f *form) caption(id Field, x *field) (text string, wrong bool) {
	if p := f.editor.Problem(id); !p.None() {
		if p.Missing && id == Name {
			return f.view.words.Text(message.TerminalsNameMissing), true
		}
		if p.Missing && id == Address {
			return f.view.words.Text(message.TerminalsAddressMissing), true
		}
		return f.view.problem(p, f.editor.Text(id) == ""), true
	}
	typed := f.editor.Text(Address)
	if normal := f.editor.Normal(); id == Address && typed != "" && normal != "" && normal != typed {
		return f.view.words.Text(message.TerminalsChecked, "Address", normal), false
	}
	return x.help, false
}

// problem puts a problem into words. An empty field that was refused is missing.
func (v *View) problem(p Problem, empty bool) string {
	bad := p.Code == payment.CodeBadSetting || p.Code == payment.CodeSecretMissing
	switch {
	case p.None():
		return ""
	case p.Missing, bad && empty:
		return v.words.Text(message.TerminalsNeeded)
	case bad && p.Why != "":
		return v.words.Text(message.TerminalsWrong, "Why", p.Why)
	}
	w := v.words.Code(p.Code)
	return w.Sentence + " " + w.Next
}

// submit stores what was typed, or shows what is wrong.
func (f *form) submit() {
	f.editor.Save(func(saved bool, first Field) {
		if saved {
			f.view.dialogs.Close(f.dialog)
			return
		}
		f.render()
		f.show(first)
	})
	f.save.SetEnabled(!f.editor.Saving())
}

// show brings a field into view.
func (f *form) show(id Field) {
	x := f.fields[id]
	if x == nil {
		return
	}
	if _, more := f.editor.Settings(); f.rest != nil && !f.rest.Visible() {
		for _, s := range more {
			if SettingField(s.Key) == id {
				f.unfold(true)
			}
		}
	}
	if x.entry != nil {
		f.view.dialogs.Focus(x.entry)
	}
	f.scroll.Reveal(x.content)
}
