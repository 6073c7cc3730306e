package gui

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"fyne.io/fyne/v2"

	"tillkeeper/gui/cases"
	"tillkeeper/gui/message"
	"tillkeeper/gui/pay"
	"tillkeeper/gui/terminals"
	"tillkeeper/gui/theme"
	"tillkeeper/gui/widgets"
	"tillkeeper/payment/till"
)

// Till is what the window needs of the till.
type Till interface {
	pay.Till
	cases.Till
	terminals.Till
	Subscribe(ctx context.Context) (till.Snapshot, <-chan till.Event, error)
}

// Printer puts a page of plain lines on paper. It is called off the window's goroutine and may take long.
type Printer interface {
	Print(title string, lines []string) error
}

// Settings remembers a few words between runs, such as the language. Get is called once, before
// the window is shown; Set off its goroutine.
type Settings interface {
	Get(key string) string
	Set(key, value string)
}

// The keys of what is remembered.
const (
	keyLanguage = "language"
	keyLook     = "look"
	keyScreen   = "screen"
)

// Deps is what a Window is made of. Only Till must be set.
type Deps struct {
	Till Till
	// Printer puts the file of a case on paper; without it nothing is printed.
	Printer Printer
	// Settings remembers language, look and screen; nil forgets them.
	Settings Settings
	// Language is the system's, such as "cs"; it holds while nothing is remembered. "" is English.
	Language string
	// Now is the clock; nil is the real one.
	Now func() time.Time
	// Log takes what staff need not see; nil takes nothing.
	Log *slog.Logger
	// Post runs a function on the window's goroutine; nil is fyne.Do.
	Post func(func())
	// Demo marks every screen as a demonstration.
	Demo bool
	// DemoNext says what becomes of the next payment on the simulated terminal with that
	// name; nil leaves that to the amounts.
	DemoNext func(terminal, outcome string) error
	// Kiosk fills the screen and offers no way out of it.
	Kiosk bool
}

// withDefaults fills what was left out.
func (d Deps) withDefaults() Deps {
	if d.Settings == nil {
		d.Settings = forgetful{}
	}
	if d.Now == nil {
		d.Now = time.Now
	}
	if d.Log == nil {
		d.Log = slog.New(slog.DiscardHandler)
	}
	if d.Post == nil {
		d.Post = fyne.Do
	}
	return d
}

// forgetful remembers nothing.
type forgetful struct{}

func (forgetful) Get(string) string  { return "" }
func (forgetful) Set(string, string) {}

// screenName names a screen of the navigation.
type screenName string

const (
	screenPay       screenName = "pay"
	screenCases     screenName = "cases"
	screenTerminals screenName = "terminals"
)

// Window is the till's window. But for Start, Raise and Close it belongs to the window's goroutine.
type Window struct {
	deps   Deps
	app    fyne.App
	window fyne.Window
	words  *message.Catalogue
	look   theme.Variant
	scale  float32

	dialogs *widgets.Dialogs
	guard   *widgets.Guard

	payModel       *pay.Model
	casesModel     *cases.Model
	terminalsModel *terminals.Model
	payView        *pay.View
	casesView      *cases.View
	terminalsView  *terminals.View
	current        screenName
	nav            *navigation
	stage          *fyne.Container // shows the current screen
	demoText       *widgets.Line   // what the banner of a demo says

	// ctx is the life of the window's own goroutines; it ends with Close.
	ctx  context.Context
	stop context.CancelFunc
	wait sync.WaitGroup
}

// New builds the window and does not show it yet. It is called on the window's goroutine or before there is one.
func New(app fyne.App, d Deps) (*Window, error) {
	d = d.withDefaults()
	language := d.Settings.Get(keyLanguage)
	if language == "" {
		language = d.Language
	}
	words, err := message.New(language)
	if err != nil {
		return nil, err
	}
	w := &Window{deps: d, app: app, words: words, look: theme.ParseVariant(d.Settings.Get(keyLook)), scale: 1, current: screenPay}
	w.ctx, w.stop = context.WithCancel(context.Background())
	w.dress()
	w.window = app.NewWindow(words.Text(message.AppTitle))
	w.window.SetIcon(theme.AppIcon())
	w.window.SetPadded(false)
	w.window.SetMaster()
	w.guard = &widgets.Guard{Now: d.Now}
	w.dialogs = widgets.NewDialogs(w.window.Canvas(), w.guard)
	w.payModel = pay.NewModel(pay.Deps{Till: d.Till, Now: d.Now, Run: w.run, Post: d.Post, EverySecond: w.everySecond})
	w.casesModel = cases.NewModel(cases.Deps{
		Till: d.Till, Printer: d.Printer, Now: d.Now, Run: w.run, Post: d.Post, EverySecond: w.everySecond,
	})
	w.terminalsModel = terminals.NewModel(terminals.Deps{Till: d.Till, Now: d.Now, Run: w.run, Post: d.Post})
	w.build()
	w.window.Resize(fyne.NewSize(smallest.Width, smallest.Height))
	w.window.SetFullScreen(d.Kiosk || d.Settings.Get(keyScreen) == "full")
	w.window.SetCloseIntercept(w.askClose)
	w.listen()
	return w, nil
}

// Start begins to follow the till, until ctx ends or Close.
func (w *Window) Start(ctx context.Context) {
	context.AfterFunc(ctx, w.stop)
	w.wait.Go(func() { w.pump(w.ctx) })
}

// ShowAndRun shows the window and returns when it is closed. It is called on the main goroutine.
func (w *Window) ShowAndRun() { w.window.ShowAndRun() }

// Raise brings the window to the front; any goroutine may call it.
func (w *Window) Raise() {
	w.deps.Post(func() {
		w.window.Show()
		w.window.RequestFocus()
	})
}

// Close ends what the window has started and waits for it. It is called after ShowAndRun, on any other goroutine than
// the window's. Close the till first: it brings home what is under way.
func (w *Window) Close() {
	w.stop()
	w.wait.Wait()
}

// Canvas is where the window draws, for tests and pictures.
func (w *Window) Canvas() fyne.Canvas { return w.window.Canvas() }

// dress puts on the look at the scale that fits the window.
func (w *Window) dress() { w.app.Settings().SetTheme(theme.NewScaled(w.look, w.scale)) }

// build makes the screens anew, in the language of now. What they show is in their models and stays.
func (w *Window) build() {
	w.dialogs.CloseAll()
	w.payView = pay.NewView(w.payModel, w.words, w.dialogs, pay.Links{
		Terminals: func() { w.show(screenTerminals) }, Case: w.showCase,
	})
	w.casesView = cases.NewView(w.casesModel, w.words, w.dialogs)
	w.terminalsView = terminals.NewView(w.terminalsModel, w.words, w.dialogs)
	w.stage = widgets.Stack()
	w.nav = newNavigation(w)
	w.nav.count(w.words, w.casesModel.Count())
	body := widgets.Row(theme.SizeNone, widgets.Fixed(w.nav.content), widgets.Grow(1, w.stage))
	parts := []widgets.Part{}
	if w.deps.Demo {
		parts = append(parts, widgets.Fixed(w.banner()))
	}
	parts = append(parts, widgets.Grow(1, body))
	content := widgets.Column(theme.SizeNone, parts...)
	w.window.SetContent(&fyne.Container{Layout: &fitting{window: w}, Objects: []fyne.CanvasObject{content}})
	w.window.SetTitle(w.words.Text(message.AppTitle))
	w.show(w.current)
}

// show brings up a screen.
func (w *Window) show(name screenName) {
	if w.current == screenPay && name != screenPay {
		w.payModel.Leave()
	}
	w.current = name
	content := w.payView.Content()
	switch name {
	case screenCases:
		content = w.casesView.Content()
	case screenTerminals:
		content = w.terminalsView.Content()
	case screenPay:
	}
	w.casesModel.Show(name == screenCases)
	w.stage.Objects = []fyne.CanvasObject{content}
	w.stage.Refresh()
	w.nav.mark(name)
}

// showCase opens the case of an order, or the list of cases for "".
func (w *Window) showCase(number string) {
	w.casesModel.Select(number)
	w.show(screenCases)
}

// listen sends what no field has the focus for to the dialog on top, else to the screen.
func (w *Window) listen() {
	w.window.Canvas().SetOnTypedKey(func(key *fyne.KeyEvent) {
		if w.dialogs.TypedKey(key) {
			return
		}
		enter := key.Name == fyne.KeyReturn || key.Name == fyne.KeyEnter
		fresh := enter && w.guard.Enter()
		if !enter {
			w.guard.Other()
		}
		w.typedKey(key, fresh)
	})
	w.window.Canvas().SetOnTypedRune(func(r rune) {
		if w.dialogs.TypedRune(r) {
			return
		}
		w.guard.Other()
		if w.current == screenPay {
			w.payView.TypedRune(r)
		}
	})
}

func (w *Window) typedKey(key *fyne.KeyEvent, fresh bool) {
	switch {
	case key.Name == fyne.KeyF7:
		w.show(screenTerminals)
	case key.Name == fyne.KeyF6:
		w.show(screenCases)
	case w.current == screenPay:
		w.payView.TypedKey(key, fresh)
	case key.Name == fyne.KeyEscape:
		w.show(screenPay)
	case w.current == screenCases:
		w.casesView.TypedKey(key, fresh)
	}
}

// askClose closes the window, unless an order or a close of the day is under way: then staff should know what that means.
func (w *Window) askClose() {
	if !w.payModel.Busy() {
		w.window.Close()
		return
	}
	title, what := message.CloseTitle, message.CloseText
	switch {
	case w.payModel.Attempt() == nil:
		title, what = message.RunClosing, message.CloseBatch
	case !w.payModel.CanCancel():
		what = message.CloseThere
	}
	text := w.words.Text
	leave := widgets.NewButton(text(message.CloseLeave), "", w.window.Close)
	leave.Kind = widgets.Danger
	w.dialogs.Show(&widgets.Dialog{
		Title: text(title), Badge: widgets.Working, Badged: true,
		Content: widgets.Column(theme.SizeMargin,
			widgets.Fixed(widgets.NewParagraph(text(what), widgets.Style{Size: theme.SizeSubtitle})), widgets.Fixed(leave)),
		Confirm: widgets.NewPrimary(text(message.CloseStay), "", nil),
	})
}
