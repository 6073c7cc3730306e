package pay_test

import (
	"context"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tillkeeper/gui/message"
	"tillkeeper/gui/pay"
	"tillkeeper/gui/theme"
	"tillkeeper/gui/widgets"
	"tillkeeper/payment"
	"tillkeeper/payment/till"
)

// noon is when every test begins.
var noon = time.Date(2026, 3, 9, 14, 5, 0, 0, time.UTC)

// fakeTill answers what the test tells it to and notes what it was asked.
type fakeTill struct {
	charges   []till.Charge
	takebacks []till.Takeback
	queries   []string
	cleared   []string
	now       []payment.Record // what Clear returns
	cancels   []string
	signs     []bool
	extras    map[string]int // how often PreAuth and the like were asked for, by name
	batches   []string
	batch     payment.Batch
	found     []payment.Record // what Orders returns
	answer    payment.Record
	err       error
	orders    map[string]payment.Record
}

func (f *fakeTill) Pay(_ context.Context, c till.Charge) (payment.Record, error) {
	f.charges = append(f.charges, c)
	return f.answer, f.err
}

func (f *fakeTill) Refund(_ context.Context, b till.Takeback) (payment.Record, error) {
	f.takebacks = append(f.takebacks, b)
	return f.answer, f.err
}

func (f *fakeTill) Void(_ context.Context, b till.Takeback) (payment.Record, error) {
	f.takebacks = append(f.takebacks, b)
	return f.answer, f.err
}

func (f *fakeTill) Query(_ context.Context, number string) (payment.Record, error) {
	f.queries = append(f.queries, number)
	return f.answer, f.err
}

func (f *fakeTill) Cancel(_ context.Context, number string) (payment.Record, error) {
	f.cancels = append(f.cancels, number)
	return payment.Record{}, f.err
}

func (f *fakeTill) Order(_ context.Context, number string) (payment.Record, error) {
	if r, ok := f.orders[number]; ok {
		return r, nil
	}
	return payment.Record{}, payment.Errorf(payment.CodeUnknownOrder, "there is no order %q", number)
}

func (f *fakeTill) Sign(_ context.Context, _ string, accepted bool, _ string) (payment.Record, error) {
	f.signs = append(f.signs, accepted)
	return f.answer, f.err
}

func (f *fakeTill) PreAuth(_ context.Context, c till.Charge) (payment.Record, error) {
	f.extras["preauth"]++
	f.charges = append(f.charges, c)
	return f.answer, f.err
}

func (f *fakeTill) Complete(_ context.Context, b till.Takeback) (payment.Record, error) {
	f.extras["complete"]++
	f.takebacks = append(f.takebacks, b)
	return f.answer, f.err
}

func (f *fakeTill) AdjustTip(_ context.Context, b till.Takeback) (payment.Record, error) {
	f.extras["tip"]++
	f.takebacks = append(f.takebacks, b)
	return f.answer, f.err
}

func (f *fakeTill) CloseBatch(_ context.Context, terminal, _ string, _ []string) (payment.Batch, error) {
	f.batches = append(f.batches, terminal)
	return f.batch, f.err
}

func (f *fakeTill) Orders(context.Context, payment.Filter) ([]payment.Record, error) {
	return f.found, f.err
}

func (f *fakeTill) Clear(_ context.Context, terminal string) ([]payment.Record, error) {
	f.cleared = append(f.cleared, terminal)
	return f.now, f.err
}

// stage is a model with everything around it under the test's hand: work waits until the test lets it run.
type stage struct {
	*pay.Model
	till  *fakeTill
	now   time.Time
	work  []func(context.Context)
	ticks func()
}

func newStage() *stage {
	s := &stage{till: &fakeTill{orders: map[string]payment.Record{}, extras: map[string]int{}}, now: noon}
	s.Model = pay.NewModel(pay.Deps{
		Till: s.till,
		Now:  func() time.Time { return s.now },
		Run:  func(work func(context.Context)) { s.work = append(s.work, work) },
		Post: func(f func()) { f() },
		EverySecond: func(f func()) func() {
			s.ticks = f
			return func() { s.ticks = nil }
		},
	})
	return s
}

// finishWork lets all background work run to its end.
func (s *stage) finishWork() {
	for len(s.work) > 0 {
		next := s.work[0]
		s.work = s.work[1:]
		next(context.Background())
	}
}

// wait lets time pass, longer than a new face ignores presses.
func (s *stage) wait() { s.now = s.now.Add(2 * time.Second) }

// typeDigits taps digits.
func (s *stage) typeDigits(text string) {
	for _, c := range text {
		s.Digit(string(c))
	}
}

func (s *stage) event(r payment.Record) { s.Take(till.Event{Record: &r}) }

var counter = payment.Terminal{
	ID: "t1", Name: "Counter 1", Protocol: "ecrhub", Address: "ecrhub://192.0.2.40:35779", Default: true,
	Settings: map[string]string{"currency": "EUR"},
}

var terrace = payment.Terminal{
	ID: "t2", Name: "Terrace", Protocol: "ecrhub", Address: "ecrhub://192.0.2.41:35779",
	Settings: map[string]string{"currency": "EUR"},
}

func up(t payment.Terminal) till.TerminalState {
	return till.TerminalState{
		Terminal: t,
		Link:     payment.LinkState{Tried: true, Up: true, Alive: noon.Add(-3 * time.Second)},
		Can: payment.Capabilities{
			Operations: []payment.Operation{payment.Sale, payment.Refund, payment.Void}, PartialRefund: true, Cancel: true,
		},
	}
}

// order builds an order with its story.
func order(number string, op payment.Operation, minor int64, age time.Duration, entries ...payment.Entry) payment.Record {
	created := noon.Add(-age)
	r := payment.Record{Holder: payment.HeldHere, Order: payment.Order{
		Number: number, Operation: op, Terminal: "t1", TerminalName: "Counter 1", Protocol: "ecrhub", Created: created,
		Asked: payment.Amounts{Amount: payment.FromMinor(minor, "EUR")},
	}}
	entries = append([]payment.Entry{{Kind: payment.KindCreated, Source: payment.FromTill}}, entries...)
	for i := range entries {
		entries[i].Time, entries[i].Seq = created.Add(time.Duration(i)*time.Second), int64(i+1)
	}
	r.Entries = entries
	return r
}

func entry(k payment.Kind) payment.Entry { return payment.Entry{Kind: k, Source: payment.FromTill} }

func said(k payment.Kind, text string) payment.Entry {
	return payment.Entry{Kind: k, Source: payment.FromTerminal, Detail: text}
}

func answer(o payment.Outcome, code payment.Code) payment.Entry {
	return payment.Entry{Kind: payment.KindAnswer, Source: payment.FromTerminal, Outcome: o, Code: code,
		Facts: &payment.Facts{Brand: "Visa", Card: "4242", AuthCode: "083194"}}
}

func doubt(code payment.Code) payment.Entry {
	return payment.Entry{Kind: payment.KindUnanswered, Source: payment.FromTill, Code: code}
}

// morning is what happened before the test.
func morning() []payment.Record {
	voided := order("1003", payment.Sale, 7990, 70*time.Minute, entry(payment.KindSent), answer(payment.Approved, ""))
	voided.FollowUps = []payment.FollowUp{{Number: "1004", Operation: payment.Void, Status: payment.StatusApproved}}
	return []payment.Record{
		order("1006", payment.Sale, 1840, 6*time.Minute, entry(payment.KindSent), answer(payment.Approved, "")),
		order("1005", payment.Sale, 4250, 21*time.Minute, entry(payment.KindSent), answer(payment.Declined, payment.CodeDeclined)),
		order("1004", payment.Void, 7990, 48*time.Minute, entry(payment.KindSent), answer(payment.Approved, "")),
		voided,
		order("1002", payment.Sale, 320, 95*time.Minute, entry(payment.KindSent), answer(payment.Cancelled, payment.CodeCancelledThere)),
		order("1001", payment.Sale, 129900, 130*time.Minute, entry(payment.KindSent), answer(payment.Approved, "")),
	}
}

// emptySnapshot is a till on its first day.
var emptySnapshot = till.Snapshot{}

// open begins a day at one terminal.
func (s *stage) open() *stage {
	s.Reset(till.Snapshot{Terminals: []till.TerminalState{up(counter)}, Recent: morning()})
	return s
}

// screen is a stage with its view in a window.
type screen struct {
	*stage
	view    *pay.View
	dialogs *widgets.Dialogs
	window  fyne.Window
	words   *message.Catalogue
	gone    int      // how often the Terminals screen was asked for
	files   []string // cases that were asked for
}

func newScreen(t *testing.T, variant theme.Variant, language string, size fyne.Size, scale float32) *screen {
	t.Helper()
	app := test.NewTempApp(t)
	app.Settings().SetTheme(theme.NewScaled(variant, scale))
	words, err := message.New(language)
	if err != nil {
		t.Fatal(err)
	}
	s := &screen{stage: newStage(), words: words}
	s.window = test.NewTempWindow(t, widgets.Space())
	s.window.SetPadded(false)
	guard := &widgets.Guard{Now: func() time.Time { return s.now }}
	s.dialogs = widgets.NewDialogs(s.window.Canvas(), guard)
	s.view = pay.NewView(s.Model, words, s.dialogs, pay.Links{
		Terminals: func() { s.gone++ }, Case: func(number string) { s.files = append(s.files, number) },
	})
	// A band as wide as the navigation leaves the screen the room it has in the window.
	rail := widgets.NewBand(theme.ColourRail, widgets.AtLeast(theme.SizeRail, "", widgets.Space()))
	s.window.SetContent(widgets.Row(theme.SizeNone, widgets.Fixed(rail), widgets.Grow(1, s.view.Content())))
	s.window.Resize(size)
	s.window.Canvas().SetOnTypedKey(func(k *fyne.KeyEvent) {
		if !s.dialogs.TypedKey(k) {
			enter := k.Name == fyne.KeyReturn || k.Name == fyne.KeyEnter
			s.view.TypedKey(k, enter && guard.Enter())
		}
	})
	s.window.Canvas().SetOnTypedRune(func(r rune) {
		guard.Other()
		if !s.dialogs.TypedRune(r) {
			s.view.TypedRune(r)
		}
	})
	return s
}
