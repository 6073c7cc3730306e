package cases_test

import (
	"context"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"tillkeeper/gui/cases"
	"tillkeeper/gui/message"
	"tillkeeper/gui/theme"
	"tillkeeper/gui/widgets"
	"tillkeeper/payment"
	"tillkeeper/payment/till"
)

// noon is when every test begins.
var noon = time.Date(2026, 3, 9, 14, 5, 0, 0, time.UTC)

// fakeTill answers what the test tells it to and notes what it was asked.
type fakeTill struct {
	queries   []string
	decisions []till.Decision
	filters   []payment.Filter
	answer    payment.Record
	orders    []payment.Record
	err       error
}

func (f *fakeTill) Query(_ context.Context, number string) (payment.Record, error) {
	f.queries = append(f.queries, number)
	return f.answer, f.err
}

func (f *fakeTill) Decide(_ context.Context, d till.Decision) (payment.Record, error) {
	f.decisions = append(f.decisions, d)
	return f.answer, f.err
}

func (f *fakeTill) Order(context.Context, string) (payment.Record, error) { return f.answer, f.err }

func (f *fakeTill) Orders(_ context.Context, filter payment.Filter) ([]payment.Record, error) {
	f.filters = append(f.filters, filter)
	return f.orders, f.err
}

// fakePrinter keeps the pages.
type fakePrinter struct {
	pages [][]string
	err   error
}

func (p *fakePrinter) Print(_ string, lines []string) error {
	p.pages = append(p.pages, lines)
	return p.err
}

// stage is a model with everything around it under the test's hand: work waits until the test lets it run.
type stage struct {
	*cases.Model
	till    *fakeTill
	printer *fakePrinter
	now     time.Time
	work    []func(context.Context)
	ticks   func()
}

func newStage(printer bool) *stage {
	s := &stage{till: &fakeTill{}, now: noon}
	d := cases.Deps{
		Till: s.till,
		Now:  func() time.Time { return s.now },
		Run:  func(work func(context.Context)) { s.work = append(s.work, work) },
		Post: func(f func()) { f() },
		EverySecond: func(f func()) func() {
			s.ticks = f
			return func() { s.ticks = nil }
		},
	}
	if printer {
		s.printer = &fakePrinter{}
		d.Printer = s.printer
	}
	s.Model = cases.NewModel(d)
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

func (s *stage) event(r payment.Record) { s.Take(till.Event{Record: &r}) }

// begin opens a day at one terminal that may take a card for three minutes.
func (s *stage) begin(orders ...payment.Record) {
	s.Reset(till.Snapshot{
		Terminals: []till.TerminalState{{
			Terminal: payment.Terminal{ID: "t1", Name: "Counter 1"},
			Can:      payment.Capabilities{Limit: 3 * time.Minute, NotFoundProves: true},
		}},
		Recent: orders,
	})
}

// order builds an order with its story: each entry comes as long after the one before as it says.
func order(number string, op payment.Operation, minor int64, age time.Duration, story ...told) payment.Record {
	at := noon.Add(-age)
	r := payment.Record{Holder: payment.HeldByNone, Order: payment.Order{
		Number: number, Operation: op, Terminal: "t1", TerminalName: "Counter 1", Protocol: "ecrhub", Created: at,
		Asked: payment.Amounts{Amount: payment.FromMinor(minor, "EUR")},
	}}
	r.Entries = []payment.Entry{{Seq: 1, Time: at, Kind: payment.KindCreated, Source: payment.FromTill}}
	for i, t := range story {
		at = at.Add(t.after)
		t.entry.Time, t.entry.Seq = at, int64(i+2)
		r.Entries = append(r.Entries, t.entry)
	}
	return r
}

type told struct {
	after time.Duration
	entry payment.Entry
}

const second = time.Second

func sent() told { return told{0, payment.Entry{Kind: payment.KindSent, Source: payment.FromTill}} }

func waiting() told {
	return told{second, payment.Entry{Kind: payment.KindWaiting, Source: payment.FromTerminal}}
}

func lost(after time.Duration) told {
	return told{after, payment.Entry{Kind: payment.KindUnanswered, Source: payment.FromTill, Code: payment.CodeLinkLost}}
}

func silence(after time.Duration) told {
	return told{after, payment.Entry{Kind: payment.KindNoAnswer, Source: payment.FromTill, Code: payment.CodeNotReached}}
}

func status(after time.Duration, o payment.Outcome) told {
	return told{after, payment.Entry{Kind: payment.KindStatus, Source: payment.FromTerminal, Outcome: o}}
}

func answer(after time.Duration, o payment.Outcome) told {
	return told{after, payment.Entry{Kind: payment.KindAnswer, Source: payment.FromTerminal, Outcome: o, Facts: &payment.Facts{}}}
}

func decided(after time.Duration, paid bool) told {
	return told{after, payment.Entry{Kind: payment.KindDecided, Source: payment.FromStaff, Paid: paid,
		Staff: "Jana", Reason: "Customer left", Proof: "Terminal's list"}}
}

// The cases of the tests.

func fresh() payment.Record {
	return order("T260309K7RX2M", payment.Sale, 2490, 70*second, sent(), waiting(), lost(20*second),
		silence(3*second), silence(4*second), silence(6*second))
}

func stubborn() payment.Record {
	return order("T260309KB41QD", payment.Sale, 18900, 40*time.Minute, sent(), waiting(), lost(60*second),
		silence(3*second), silence(3*second), silence(4*second), status(time.Minute, payment.Pending),
		status(2*time.Minute, payment.Pending), status(3*time.Minute, payment.Pending))
}

// unheard is a sale of which not even the acceptance was heard.
func unheard() payment.Record {
	return order("T260309KQ7C1V", payment.Sale, 4500, 25*time.Minute, sent(), lost(20*second))
}

func byDecision() payment.Record {
	return order("T260309K0YH5T", payment.Sale, 3200, 3*time.Hour, sent(), lost(30*second), silence(5*second),
		decided(20*time.Minute, false))
}

func overruled() payment.Record {
	return order("T260309KX9ZZ4", payment.Sale, 5600, 5*time.Hour, sent(), waiting(), lost(30*second), silence(5*second),
		decided(20*time.Minute, false), answer(40*time.Minute, payment.Approved))
}

func settled() payment.Record {
	return order("T260308KPM3C8", payment.Sale, 1275, 26*time.Hour, sent(), waiting(), lost(25*second), silence(3*second),
		status(10*second, payment.Approved))
}

// screen is a stage with its view in a window.
type screen struct {
	*stage
	view    *cases.View
	dialogs *widgets.Dialogs
	window  fyne.Window
	words   *message.Catalogue
}

func newScreen(t *testing.T, variant theme.Variant, language string, printer bool) *screen {
	t.Helper()
	test.NewTempApp(t).Settings().SetTheme(theme.New(variant))
	words, err := message.New(language)
	if err != nil {
		t.Fatal(err)
	}
	s := &screen{stage: newStage(printer), words: words}
	s.window = test.NewTempWindow(t, widgets.Space())
	s.window.SetPadded(false)
	s.dialogs = widgets.NewDialogs(s.window.Canvas(), &widgets.Guard{Now: func() time.Time { return s.now }})
	s.view = cases.NewView(s.Model, words, s.dialogs)
	// A band as wide as the navigation leaves the screen the room it has in the window.
	rail := widgets.NewBand(theme.ColourRail, widgets.AtLeast(theme.SizeRail, "", widgets.Space()))
	s.window.SetContent(widgets.Row(theme.SizeNone, widgets.Fixed(rail), widgets.Grow(1, s.view.Content())))
	s.window.Resize(fyne.NewSize(1024, 600))
	s.Show(true)
	s.finishWork()
	return s
}
