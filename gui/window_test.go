package gui_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tillkeeper/gui"
	"tillkeeper/gui/internal/golden"
	"tillkeeper/payment"
	"tillkeeper/payment/till"
)

var noon = time.Date(2026, 3, 9, 14, 5, 0, 0, time.UTC)

// fakeTill has two terminals and a morning of orders, and takes no money.
type fakeTill struct {
	snapshot      till.Snapshot
	subscriptions chan chan till.Event
	identity      payment.Identity
}

func (f *fakeTill) Subscribe(ctx context.Context) (till.Snapshot, <-chan till.Event, error) {
	events := make(chan till.Event)
	over := make(chan till.Event)
	context.AfterFunc(ctx, func() { close(over) })
	select {
	case f.subscriptions <- events:
		return f.snapshot, merge(events, over), nil
	case <-ctx.Done():
		return till.Snapshot{}, nil, ctx.Err()
	}
}

// merge hands on what the test sends until the test or the subscriber ends it.
func merge(events, over chan till.Event) <-chan till.Event {
	out := make(chan till.Event)
	go func() {
		defer close(out)
		for {
			select {
			case e, ok := <-events:
				if !ok {
					return
				}
				out <- e
			case <-over:
				return
			}
		}
	}()
	return out
}

var errNotHere = errors.New("not part of this test")

func (f *fakeTill) Pay(context.Context, till.Charge) (payment.Record, error) {
	return payment.Record{}, errNotHere
}
func (f *fakeTill) Refund(context.Context, till.Takeback) (payment.Record, error) {
	return payment.Record{}, errNotHere
}
func (f *fakeTill) Void(context.Context, till.Takeback) (payment.Record, error) {
	return payment.Record{}, errNotHere
}
func (f *fakeTill) Query(context.Context, string) (payment.Record, error) {
	return payment.Record{}, errNotHere
}
func (f *fakeTill) Cancel(context.Context, string) (payment.Record, error) {
	return payment.Record{}, errNotHere
}
func (f *fakeTill) Order(context.Context, string) (payment.Record, error) {
	return payment.Record{}, errNotHere
}
func (f *fakeTill) Sign(context.Context, string, bool, string) (payment.Record, error) {
	return payment.Record{}, errNotHere
}
func (f *fakeTill) PreAuth(context.Context, till.Charge) (payment.Record, error) {
	return payment.Record{}, errNotHere
}
func (f *fakeTill) Complete(context.Context, till.Takeback) (payment.Record, error) {
	return payment.Record{}, errNotHere
}
func (f *fakeTill) AdjustTip(context.Context, till.Takeback) (payment.Record, error) {
	return payment.Record{}, errNotHere
}
func (f *fakeTill) CloseBatch(context.Context, string, string, []string) (payment.Batch, error) {
	return payment.Batch{}, errNotHere
}
func (f *fakeTill) Clear(context.Context, string) ([]payment.Record, error) { return nil, errNotHere }
func (f *fakeTill) Decide(context.Context, till.Decision) (payment.Record, error) {
	return payment.Record{}, errNotHere
}
func (f *fakeTill) Orders(context.Context, payment.Filter) ([]payment.Record, error) {
	return nil, errNotHere
}
func (f *fakeTill) AddTerminal(context.Context, till.NewTerminal) (till.TerminalState, error) {
	return till.TerminalState{}, errNotHere
}
func (f *fakeTill) ChangeTerminal(context.Context, string, till.TerminalChange) (till.TerminalState, error) {
	return till.TerminalState{}, errNotHere
}
func (f *fakeTill) Protocols() []payment.Protocol {
	return []payment.Protocol{{Name: "ecrhub", Title: "CodePay Register / WiseCashier (LAN)", Settings: []payment.Setting{
		{Key: payment.SettingCurrency, Default: "EUR", Help: "Currency the terminal charges in."},
		{Key: "app_id", Help: "Application id that the payment provider registered."},
		{Key: "expires", Default: "120", Help: "Seconds after which the terminal stops waiting for a card."},
	}}}
}
func (f *fakeTill) HasSecret(context.Context, string, string) (bool, error) { return false, nil }
func (f *fakeTill) SecretsPlace() string                                    { return "" }
func (f *fakeTill) SetDefaultTerminal(context.Context, string) error        { return errNotHere }
func (f *fakeTill) RemoveTerminal(context.Context, string) error            { return errNotHere }
func (f *fakeTill) TestTerminal(context.Context, string) (payment.Identity, error) {
	return f.identity, nil
}
func (f *fakeTill) CheckAddress(text string) (payment.Protocol, string, error) {
	return payment.Protocol{Name: "ecrhub"}, "ecrhub://" + strings.TrimPrefix(text, "ecrhub://") + ":35779", nil
}

func terminal(id, name, address string, standard, up bool) till.TerminalState {
	s := till.TerminalState{Terminal: payment.Terminal{
		ID: id, Name: name, Protocol: "ecrhub", Address: address, Default: standard, Settings: map[string]string{"currency": "EUR"},
	}}
	s.Link = payment.LinkState{Tried: true, Up: up, Alive: noon.Add(-3 * time.Second)}
	if !up {
		s.Link.Alive = noon.Add(-12 * time.Minute)
	}
	s.Can.Operations = []payment.Operation{payment.Sale, payment.Refund, payment.Void}
	return s
}

func sale(number string, minor int64, age time.Duration, outcome payment.Outcome) payment.Record {
	at := noon.Add(-age)
	return payment.Record{
		Order: payment.Order{Number: number, Operation: payment.Sale, Terminal: "t1", TerminalName: "Counter 1", Created: at,
			Asked: payment.Amounts{Amount: payment.FromMinor(minor, "EUR")}},
		Entries: []payment.Entry{{Seq: 1, Time: at, Kind: payment.KindSent},
			{Seq: 2, Time: at, Kind: payment.KindAnswer, Outcome: outcome, Facts: &payment.Facts{}}},
	}
}

func newTill() *fakeTill {
	return &fakeTill{
		subscriptions: make(chan chan till.Event, 1),
		identity:      payment.Identity{Name: "P5 SIM0001", Delay: 38 * time.Millisecond},
		snapshot: till.Snapshot{
			Terminals: []till.TerminalState{
				terminal("t1", "Counter 1", "ecrhub://192.0.2.40:35779", true, true),
				terminal("t2", "Terrace", "ecrhub://192.0.2.41:35779", false, false),
			},
			Recent: []payment.Record{
				sale("1003", 1840, 6*time.Minute, payment.Approved),
				sale("1002", 4250, 21*time.Minute, payment.Declined),
				sale("1001", 320, 95*time.Minute, payment.Cancelled),
			},
		},
	}
}

// memory remembers settings for a test.
type memory map[string]string

func (m memory) Get(key string) string { return m[key] }
func (m memory) Set(key, value string) { m[key] = value }

// desk is the window with the test as its goroutine: posted functions wait until the test runs them.
type desk struct {
	*gui.Window
	till   *fakeTill
	memory memory
	posts  chan func()
	events chan till.Event
	canvas fyne.Canvas
	asked  string // what was asked of a simulated terminal last
}

func newDesk(t *testing.T, remembered memory, size fyne.Size) *desk {
	t.Helper()
	d := &desk{till: newTill(), memory: remembered, posts: make(chan func(), 100)}
	w, err := gui.New(test.NewTempApp(t), gui.Deps{
		Till: d.till, Settings: remembered, Now: func() time.Time { return noon }, Demo: true,
		Post:     func(f func()) { d.posts <- f },
		DemoNext: func(terminal, outcome string) error { d.asked = terminal + ": " + outcome; return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	d.Window, d.canvas = w, w.Canvas()
	d.canvas.(interface{ Resize(fyne.Size) }).Resize(size)
	d.drain()
	w.Start(t.Context())
	d.events = <-d.till.subscriptions
	d.next() // the snapshot
	t.Cleanup(w.Close)
	return d
}

// next waits for something posted and runs it.
func (d *desk) next() { (<-d.posts)() }

// drain runs what was posted until now.
func (d *desk) drain() {
	for len(d.posts) > 0 {
		d.next()
	}
}

// doubt lets an order end in doubt.
func (d *desk) doubt() {
	r := sale("1004", 2490, 2*time.Minute, payment.Approved)
	r.Entries[1] = payment.Entry{Seq: 2, Time: r.Order.Created, Kind: payment.KindUnanswered, Source: payment.FromTill, Code: payment.CodeLinkLost}
	d.events <- till.Event{Record: &r}
	d.next()
}

var small = fyne.NewSize(1024, 600)

func TestPicturesOfTheWindow(t *testing.T) {
	golden.NotUnderRace(t)
	rows := []struct {
		name       string
		remembered memory
		size       fyne.Size
		play       func(d *desk)
	}{
		{"pay-light", memory{}, small, func(*desk) {}},
		{"pay-czech", memory{"language": "cs"}, small, func(*desk) {}},
		{"pay-1920", memory{}, fyne.NewSize(1920, 1080), func(*desk) {}},
		{"cases-light", memory{}, small, func(d *desk) { d.doubt(); d.tap("Cases, 1 open case"); d.next() }},
		{"cases-czech", memory{"language": "cs", "look": "dark"}, small, func(d *desk) { d.doubt(); d.tap("Případy, 1 otevřený případ"); d.next() }},
		{"terminals-light", memory{}, small, func(d *desk) { d.tap("Terminals"); d.tap("Test"); d.next() }},
		{"terminals-dark", memory{"look": "dark"}, small, func(d *desk) { d.tap("Terminals"); d.tap("Test"); d.next() }},
		{"terminals-czech", memory{"language": "cs"}, small, func(d *desk) { d.tap("Terminály") }},
		{"terminals-add", memory{}, small, func(d *desk) {
			d.tap("Terminals")
			d.tap("Add terminal")
			test.Type(d.canvas.Focused(), "Terrace")
		}},
		{"terminals-remove", memory{}, small, func(d *desk) { d.tap("Terminals"); d.tap("Remove") }},
		{"settings-light", memory{}, small, func(d *desk) { d.tap("Settings") }},
		{"settings-dark", memory{"look": "dark"}, small, func(d *desk) { d.tap("Settings") }},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			d := newDesk(t, r.remembered, r.size)
			r.play(d)
			golden.Match(t, r.name, d.canvas.Capture())
		})
	}
	t.Run("terminals-none", func(t *testing.T) {
		d := newDesk(t, memory{}, small)
		d.tap("Terminals")
		d.till.snapshot = till.Snapshot{}
		for _, id := range []string{"t1", "t2"} {
			d.Take(till.Event{Removed: id})
		}
		golden.Match(t, "terminals-none", d.canvas.Capture())
	})
}
