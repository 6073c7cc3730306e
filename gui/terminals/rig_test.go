package terminals_test

import (
	"context"
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tillkeeper/gui/internal/look"
	"tillkeeper/gui/message"
	"tillkeeper/gui/terminals"
	"tillkeeper/gui/theme"
	"tillkeeper/gui/widgets"
	"tillkeeper/payment"
	"tillkeeper/payment/till"
)

var noon = time.Date(2026, 3, 9, 14, 5, 0, 0, time.UTC)

// number is a check like those of real protocols.
func number(value string) error {
	if value == "" || strings.Trim(value, "0123456789") != "" {
		return errors.New(`"` + value + `" is not a whole number from 10 to 3600`)
	}
	return nil
}

func oneOf(words ...string) func(string) error {
	return func(value string) error {
		for _, w := range words {
			if value == w {
				return nil
			}
		}
		return errors.New(`"` + value + `" is none of: ` + strings.Join(words, " "))
	}
}

// lan is a protocol of the local network, cloud one with secrets and an address of its own.
var (
	lan = payment.Protocol{
		Name: "ecrhub", Title: "CodePay Register / WiseCashier (LAN)",
		Settings: []payment.Setting{
			{Key: "currency", Default: "EUR", Help: "Currency the terminal charges in, as an ISO 4217 code."},
			{Key: "app_id", Default: "wz0123456789abcdef",
				Help: "Application id that the payment provider registered for this product; a wrong one makes every payment fail."},
			{Key: "expires", Default: "120", Check: number, Help: "Seconds after which the terminal stops waiting for a card; terminals give at least 60."},
		},
	}
	cloud = payment.Protocol{
		Name: "cloud", Title: "CodePay (cloud)",
		Settings: []payment.Setting{
			{Key: "currency", Default: "USD", Help: "Currency the terminal charges in, as an ISO 4217 code."},
			{Key: "merchant_no", Check: number, Help: "Merchant number from the portal."},
			{Key: "terminal_sn", Help: "Serial number of the terminal, as printed on it; the terminal must be bound to the merchant in the portal."},
			{Key: "refund", Default: "on", Check: oneOf("on", "off"), Help: "Whether the provider has enabled refunds."},
			{Key: "confirm_on_terminal", Default: "false", Check: oneOf("true", "false"),
				Help: "Whether staff must confirm each order on the terminal before a card is asked for."},
			{Key: "poll_every", Default: "2s", Help: "Pause between questions about an order under way, at first."},
			{Key: "api_version", Default: "2.0", Help: "Version of the field set; leave it empty for platforms that do not know it."},
		},
		Secrets: []payment.Setting{
			{Key: "private_key", Help: "The application's private key, RSA with 2048 bits or more, as PEM or as one line of Base64; it never leaves this till."},
			{Key: "platform_key", Help: "The platform's public key, copied from the merchant portal; not the public half of the private key.",
				Check: func(text string) error {
					return map[bool]error{true: errors.New(text + " is not a key")}[len(text) < 6]
				}},
		},
	}
)

const place = "Kept in the key store of this system. A copied, backed-up or synchronised data folder does not give them away; whoever can log in as this user can read them."

// fakeTill answers what the test tells it to and notes what it was asked.
type fakeTill struct {
	protocols []payment.Protocol
	added     []till.NewTerminal
	changed   map[string]till.TerminalChange
	secrets   map[string]bool // by terminal and key
	standard  []string
	removed   []string
	err       error
	locked    error // of HasSecret
	defect    bool  // TestTerminal panics
}

func (f *fakeTill) Protocols() []payment.Protocol { return f.protocols }

func (f *fakeTill) CheckAddress(text string) (payment.Protocol, string, error) {
	bad := payment.Errorf(payment.CodeBadAddress, "no")
	scheme, host, ok := strings.Cut(text, "://")
	if !ok {
		scheme, host = lan.Name, text
	}
	name, transport, _ := strings.Cut(scheme, "+")
	switch {
	case strings.Contains(host, " "):
		return payment.Protocol{}, "", bad
	case name == lan.Name && transport == "" && host != "":
		return lan, "ecrhub://" + strings.TrimSuffix(host, ":35779") + ":35779", nil
	case name == cloud.Name && host == "":
		return cloud, "cloud://open.example.com", nil
	case name == cloud.Name:
		return cloud, "cloud://" + host, nil
	}
	return payment.Protocol{}, "", bad
}

func (f *fakeTill) AddTerminal(_ context.Context, n till.NewTerminal) (till.TerminalState, error) {
	f.added = append(f.added, n)
	return state("t9", n.Name, false), f.err
}

func (f *fakeTill) ChangeTerminal(_ context.Context, name string, c till.TerminalChange) (till.TerminalState, error) {
	if f.changed == nil {
		f.changed = map[string]till.TerminalChange{}
	}
	f.changed[name] = c
	return state(name, c.Name, false), f.err
}

func (f *fakeTill) HasSecret(_ context.Context, terminal, key string) (bool, error) {
	return f.secrets[terminal+" "+key], f.locked
}

func (f *fakeTill) SecretsPlace() string { return place }

func (f *fakeTill) SetDefaultTerminal(_ context.Context, name string) error {
	f.standard = append(f.standard, name)
	return f.err
}

func (f *fakeTill) RemoveTerminal(_ context.Context, name string) error {
	f.removed = append(f.removed, name)
	return f.err
}

func (f *fakeTill) TestTerminal(context.Context, string) (payment.Identity, error) {
	if f.defect {
		panic("defect")
	}
	return payment.Identity{Delay: 40 * time.Millisecond}, f.err
}

func state(id, name string, standard bool) till.TerminalState {
	return till.TerminalState{
		Terminal: payment.Terminal{
			ID: id, Name: name, Protocol: lan.Name, Address: "ecrhub://192.0.2.40:35779", Default: standard,
			Settings: map[string]string{"currency": "EUR", "expires": "300"},
		},
		Link: payment.LinkState{Tried: true, Up: true, Alive: noon},
	}
}

// cloudy is a terminal of the cloud whose secrets are kept.
func cloudy() till.TerminalState {
	s := state("t3", "Terrace 2", false)
	s.Terminal.Protocol, s.Terminal.Address = cloud.Name, "cloud://open.example.com"
	s.Terminal.Settings = map[string]string{"currency": "USD", "merchant_no": "302100085224", "refund": "off", "api_version": ""}
	return s
}

func newFake() *fakeTill {
	return &fakeTill{
		protocols: []payment.Protocol{cloud, lan},
		secrets:   map[string]bool{"t3 private_key": true, "t3 platform_key": true},
	}
}

func someTerminals() till.Snapshot {
	return till.Snapshot{Terminals: []till.TerminalState{state("t1", "Counter 1", true), state("t2", "Terrace", false), cloudy()}}
}

// newModel is a model without a window; work is done at once.
func newModel() (*terminals.Model, *fakeTill) {
	f := newFake()
	m := terminals.NewModel(terminals.Deps{
		Till: f, Now: func() time.Time { return noon },
		Run:  func(work func(context.Context)) { work(context.Background()) },
		Post: func(f func()) { f() },
	})
	m.Reset(someTerminals())
	return m, f
}

// screen is the model with its view in a window; work waits until the test lets it run.
type screen struct {
	*terminals.Model
	till    *fakeTill
	work    []func(context.Context)
	words   *message.Catalogue
	dialogs *widgets.Dialogs
	window  fyne.Window
}

func newScreen(t *testing.T) *screen {
	t.Helper()
	return newScreenIn(t, theme.Light, "en", fyne.NewSize(1024, 600))
}

func newScreenIn(t *testing.T, variant theme.Variant, language string, size fyne.Size) *screen {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(theme.New(variant))
	words, err := message.New(language)
	if err != nil {
		t.Fatal(err)
	}
	s := &screen{till: newFake(), words: words}
	s.Model = terminals.NewModel(terminals.Deps{
		Till: s.till, Now: func() time.Time { return noon },
		Run:  func(work func(context.Context)) { s.work = append(s.work, work) },
		Post: func(f func()) { f() },
	})
	s.window = test.NewTempWindow(t, widgets.Space())
	s.window.SetPadded(false)
	s.dialogs = widgets.NewDialogs(s.window.Canvas(), &widgets.Guard{Now: func() time.Time { return noon }})
	view := terminals.NewView(s.Model, words, s.dialogs)
	rail := widgets.NewBand(theme.ColourRail, widgets.AtLeast(theme.SizeRail, "", widgets.Space()))
	s.window.SetContent(widgets.Row(theme.SizeNone, widgets.Fixed(rail), widgets.Grow(1, view.Content())))
	s.window.Resize(size)
	s.Reset(someTerminals())
	return s
}

// add opens the form of a protocol.
func (s *screen) add(title string) {
	s.tap(s.text("terminals.add"), 0)
	s.tap(title, 0)
	s.finishWork()
}

// change opens the form of the n-th terminal.
func (s *screen) change(n int) {
	s.tap(s.text("terminals.change"), n)
	s.finishWork()
}

func (s *screen) text(id message.ID, pairs ...string) string { return s.words.Text(id, pairs...) }

// save presses the one main button.
func (s *screen) save() {
	s.tap(s.text("terminals.save"), 0)
	s.finishWork()
}

// entry returns the field that is called so, nil if it is not in sight.
func (s *screen) entry(label string) (found *widgets.Entry) {
	s.walk(func(o fyne.CanvasObject) {
		if e, ok := o.(*widgets.Entry); ok && e.Label == label {
			found = e
		}
	})
	return found
}

// shown is everything that can be read, passwords that are hidden left out.
func (s *screen) shown() string {
	var all []string
	s.walk(func(o fyne.CanvasObject) {
		switch o := o.(type) {
		case *widgets.Line:
			all = append(all, o.Text())
		case *widgets.Paragraph:
			all = append(all, o.Text())
		case *widgets.Entry:
			if !o.Password {
				all = append(all, o.Text)
			}
		}
	})
	return strings.Join(all, "\n")
}

func (s *screen) finishWork() {
	for len(s.work) > 0 {
		next := s.work[0]
		s.work = s.work[1:]
		next(context.Background())
	}
}

func (s *screen) walk(visit func(fyne.CanvasObject)) { look.Walk(s.window.Canvas(), visit) }

// tap taps the n-th thing that is called so.
func (s *screen) tap(label string, n int) {
	var found []fyne.Tappable
	all := map[string]bool{}
	s.walk(func(o fyne.CanvasObject) {
		named, ok := o.(fyne.Accessible)
		tappable, can := o.(fyne.Tappable)
		if !ok || !can {
			return
		}
		all[named.AccessibilityLabel()] = true
		if named.AccessibilityLabel() == label {
			found = append(found, tappable)
		}
	})
	if n >= len(found) {
		var names []string
		for name := range maps.Keys(all) {
			names = append(names, name)
		}
		panic("nothing to tap is called " + label + "; there are " + strings.Join(names, ", "))
	}
	test.Tap(found[n])
}

func (s *screen) fill(label, text string) { s.entry(label).SetText(text) }

func (s *screen) says(text string) bool { return strings.Contains(s.shown(), text) }
