package gui

import (
	"cmp"
	"errors"
	"time"

	"fyne.io/fyne/v2"

	"tillkeeper/gui/message"
	"tillkeeper/gui/theme"
	"tillkeeper/gui/widgets"
	"tillkeeper/payment"
)

// NewTrouble builds the window that is shown instead of the till when it cannot start because of err: what is wrong,
// what that means for the money, and what to do. Where the book is damaged it offers to call setAside, which moves the
// book away and returns its new name; a nil one offers nothing. It is called on the window's goroutine or before there
// is one. It fails only where there are no words to speak.
func NewTrouble(app fyne.App, language string, err error, setAside func() (string, error)) (fyne.Window, error) {
	t, err := newTrouble(app, language, err, setAside)
	if err != nil {
		return nil, err
	}
	return t.window, nil
}

// trouble is that window. It does one thing, so it needs no model beside it.
type trouble struct {
	words   *message.Catalogue
	window  fyne.Window
	dialogs *widgets.Dialogs

	setAside func() (string, error)
	run      func(work func())
	post     func(func())
	busy     bool // the book is being moved; the window stays until that is done

	badge               *widgets.Badge
	title               *widgets.Paragraph
	what, money, next   *widgets.Paragraph
	technician, problem *widgets.Paragraph
	story               *fyne.Container
	close, aside        *widgets.Button
}

func newTrouble(app fyne.App, language string, wrong error, setAside func() (string, error)) (*trouble, error) {
	words, err := message.New(language)
	if err != nil {
		return nil, err
	}
	app.Settings().SetTheme(theme.New(theme.Light))
	t := &trouble{words: words, setAside: setAside, run: func(work func()) { go work() }, post: fyne.Do}
	t.window = app.NewWindow(t.words.Text(message.AppTitle))
	t.window.SetIcon(theme.AppIcon())
	t.window.SetPadded(false)
	t.window.SetMaster()
	t.dialogs = widgets.NewDialogs(t.window.Canvas(), &widgets.Guard{Now: time.Now})
	t.window.SetContent(t.build(wrong))
	t.window.Resize(smallest)
	t.window.CenterOnScreen()
	t.window.SetCloseIntercept(t.leave)
	t.window.Canvas().SetOnTypedKey(func(key *fyne.KeyEvent) {
		if !t.dialogs.TypedKey(key) && key.Name == fyne.KeyEscape {
			t.leave()
		}
	})
	return t, nil
}

func (t *trouble) build(err error) fyne.CanvasObject {
	text, code := t.words.Text, payment.CodeOf(err)
	what, next := t.say(code)
	large := widgets.Style{Size: theme.SizeSubtitle}
	bold := widgets.Style{Size: theme.SizeSubtitle, Bold: true}
	t.badge = widgets.NewBadge(widgets.NotSent, theme.SizeBadge)
	t.title = widgets.NewParagraph(text(message.TroubleTitle), widgets.Style{Size: theme.SizeResult, Bold: true})
	t.what = widgets.NewParagraph(what, large)
	t.money = widgets.NewParagraph(text(message.TroubleMoney), bold)
	t.next = widgets.NewParagraph(next, large)
	t.technician = widgets.NewParagraph(text(message.TroubleTechnician, "Text", payment.Mask(err.Error())),
		widgets.Style{Size: theme.SizeCaption, Colour: theme.ColourQuiet})
	t.problem = widgets.NewParagraph("", widgets.Style{Bold: true, Colour: theme.ColourDeclined})
	t.problem.Hide()
	t.close = widgets.NewPrimary(text(message.ButtonClose), "", t.leave)
	t.close.Height = theme.SizeKey
	t.aside = widgets.NewButton(text(message.AsideButton), "", t.askAside)
	t.aside.Kind, t.aside.TextSize = widgets.Danger, theme.SizeText
	if code != payment.CodeDamagedData || t.setAside == nil {
		t.aside.Hide()
	}
	head := widgets.Row(theme.SizeMargin, widgets.Fixed(t.badge), widgets.Grow(1, widgets.Middle(t.title)))
	buttons := widgets.Row(theme.SizeMargin, widgets.Grow(1.6, t.aside), widgets.Grow(1, t.close))
	t.story = widgets.Column(theme.SizeMargin, widgets.Fixed(head), widgets.Fixed(t.what), widgets.Fixed(t.money),
		widgets.Fixed(t.next), widgets.Fixed(t.problem), widgets.Grow(1, widgets.Space()),
		widgets.Fixed(t.technician), widgets.Fixed(buttons))
	card := widgets.NewPanel(theme.ColourSurface, theme.ColourLine, widgets.Inset(theme.SizeMargin, widgets.Inset(theme.SizeMargin, t.story)))
	return widgets.Inset(theme.SizeMargin, widgets.Inset(theme.SizeMargin, card))
}

// say tells what is wrong and what to do.
func (t *trouble) say(code payment.Code) (what, next string) {
	w := t.words.Code(code)
	switch code {
	case payment.CodeDamagedData:
		return t.words.Text(message.TroubleDamaged), t.words.Text(message.TroubleDamagedNext)
	case payment.CodeNewerData:
		return w.Sentence, w.Next
	case payment.CodeCannotRecord:
		return w.Sentence, t.words.Text(message.TroubleFolderNext)
	default:
		return w.Sentence, t.words.Text(message.TroubleOtherNext)
	}
}

func (t *trouble) leave() {
	if !t.busy {
		t.window.Close()
	}
}

// askAside makes sure that somebody means it, and says what the new book will not know. Return presses the safe button.
func (t *trouble) askAside() {
	text := t.words.Text
	d := &widgets.Dialog{Title: text(message.AsideTitle), Badge: widgets.Unknown, Badged: true}
	yes := widgets.NewButton(text(message.AsideYes), "", func() {
		t.dialogs.Close(d)
		t.begin()
	})
	yes.Kind, yes.Height = widgets.Danger, theme.SizeKey
	d.Confirm = widgets.NewPrimary(text(message.AsideNo), "", nil)
	d.Confirm.Height = theme.SizeKey
	d.Content = widgets.Column(theme.SizeMargin,
		widgets.Fixed(widgets.NewParagraph(text(message.AsideText), widgets.Style{Size: theme.SizeSubtitle})), widgets.Fixed(yes))
	t.dialogs.Show(d)
}

// begin moves the book away, off the window's goroutine because the disk may be what is ill.
func (t *trouble) begin() {
	t.busy = true
	t.aside.SetEnabled(false)
	t.close.SetEnabled(false)
	t.run(func() {
		file, err := "", errMoving
		defer func() {
			if recover() != nil {
				err = errMoving
			}
			t.post(func() { t.moved(file, err) })
		}()
		file, err = t.setAside()
	})
}

// errMoving stands for moving a book that ended in a panic.
var errMoving = errors.New("defect while the book was set aside")

func (t *trouble) moved(file string, err error) {
	text := t.words.Text
	t.busy = false
	t.close.SetEnabled(true)
	if err != nil {
		t.aside.SetEnabled(true)
		t.problem.Set(text(message.AsideFailed))
		t.problem.Show()
		t.technician.Set(text(message.TroubleTechnician, "Text", payment.Mask(err.Error())))
		t.story.Refresh()
		return
	}
	t.aside.Hide()
	t.problem.Hide()
	t.badge.Set(widgets.Note)
	t.title.Set(text(message.AsideDone))
	t.what.Set(text(message.AsideDoneText, "File", cmp.Or(file, "?")))
	t.money.Set(text(message.AsideDoneNext))
	t.next.Set("")
	t.technician.Set("")
	t.story.Refresh()
	t.window.Content().Refresh()
}
