package cases

import (
	"context"
	"errors"
	"slices"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/till"
)

// Till is what the screen needs of the till. None of it is called on the window's goroutine.
type Till interface {
	Query(ctx context.Context, number string) (payment.Record, error)
	Decide(ctx context.Context, d till.Decision) (payment.Record, error)
	Order(ctx context.Context, number string) (payment.Record, error)
	Orders(ctx context.Context, f payment.Filter) ([]payment.Record, error)
}

// Printer puts a page on paper. It may take long.
type Printer interface {
	Print(title string, lines []string) error
}

// Deps is what a Model is made of. All but Printer must be set.
type Deps struct {
	Till Till
	// Printer prints cases; without it there is no button for that.
	Printer Printer
	Now     func() time.Time
	// Run starts work in a goroutine of its own and survives its panics.
	Run func(work func(context.Context))
	// Post runs a function on the window's goroutine, soon, in order.
	Post func(func())
	// EverySecond runs a function on the window's goroutine once a second until stop is called.
	EverySecond func(func()) (stop func())
}

// days is how long a closed case stays in the list, and most how many orders are looked through for them.
const (
	days = 3 * 24 * time.Hour
	most = 500
)

// Model is the Cases screen without its looks. It belongs to the window's goroutine.
type Model struct {
	deps Deps

	// Changed is called after every change.
	Changed func()

	can      map[string]payment.Capabilities // by terminal id
	records  map[string]payment.Record       // orders that were ever in doubt, by number
	selected string
	visible  bool

	checking string                  // order that is being asked about
	failed   map[string]payment.Code // what the last question about an order failed with
	paper    map[string]Paper
	staff    string // who decided last
	stop     func()
}

// Paper is how far the printing of a case is.
type Paper string

// The steps of printing.
const (
	NotPrinted  Paper = ""
	Printing    Paper = "printing"
	Printed     Paper = "printed"
	PrintFailed Paper = "failed"
)

// NewModel returns the model of a screen that knows nothing yet.
func NewModel(d Deps) *Model {
	return &Model{
		deps: d, Changed: func() {}, can: map[string]payment.Capabilities{}, records: map[string]payment.Record{},
		failed: map[string]payment.Code{}, paper: map[string]Paper{},
	}
}

// Reset takes what there is at the beginning of a subscription. Older cases that are known already stay.
func (m *Model) Reset(s till.Snapshot) {
	for _, t := range s.Terminals {
		m.can[t.Terminal.ID] = t.Can
	}
	for _, r := range slices.Concat(s.Recent, s.Open) {
		m.put(r)
	}
	m.changed()
}

// Take takes what changed, several changes at once.
func (m *Model) Take(events ...till.Event) {
	touched := false
	for _, e := range events {
		switch {
		case e.Record != nil:
			touched = m.put(*e.Record) || touched
		case e.Terminal != nil:
			m.can[e.Terminal.Terminal.ID] = e.Terminal.Can
			touched = true
		}
	}
	if touched {
		m.changed()
	}
}

// put keeps an order that was ever in doubt, and reports whether that changed anything.
func (m *Model) put(r payment.Record) bool {
	if _, ok := m.caseOf(r); !ok {
		return false
	}
	// What comes back from a call may be older than what an event brought.
	if have, ok := m.records[r.Order.Number]; ok && have.Seq() > r.Seq() {
		return false
	}
	m.records[r.Order.Number] = r
	return true
}

func (m *Model) caseOf(r payment.Record) (payment.Case, bool) {
	c, ok := payment.CaseOf(r, m.can[r.Order.Terminal], m.deps.Now())
	if ok && c.Next == payment.NextCheck && m.AskingIsVain(r) {
		c.Next = payment.NextDecide
	}
	return c, ok
}

// AskingIsVain reports whether nobody can be asked about an order, because only the terminal's own number leads to it and
// was never heard.
func (m *Model) AskingIsVain(r payment.Record) bool {
	vain := m.can[r.Order.Terminal].Unaskable && r.Order.Operation != payment.Void // that is asked about by its original
	return vain && r.State().Facts.Reference == ""
}

// changed tends the clock and tells the view.
func (m *Model) changed() {
	m.tend()
	m.Changed()
}

// tend looks at the time once a second while the case on the screen waits for a moment.
func (m *Model) tend() {
	c, ok := m.Selected()
	waits := m.visible && ok && c.Next == payment.NextWait
	switch {
	case waits && m.stop == nil:
		m.stop = m.deps.EverySecond(m.changed)
	case !waits && m.stop != nil:
		m.stop()
		m.stop = nil
	}
}

// Show tells whether the screen is before somebody. Then the closed cases of the last days are fetched.
func (m *Model) Show(visible bool) {
	if visible && !m.visible {
		m.fetch()
	}
	m.visible = visible
	m.changed()
}

func (m *Model) fetch() {
	since := m.deps.Now().Add(-days)
	m.background(func(ctx context.Context) func() {
		orders, err := m.deps.Till.Orders(ctx, payment.Filter{Since: since, Limit: most})
		return func() {
			if err != nil {
				return // the cases that events brought are there all the same
			}
			for _, r := range orders {
				m.put(r)
			}
			m.changed()
		}
	}, func() {})
}

// Open returns the open cases, oldest first: the oldest waits longest.
func (m *Model) Open() []payment.Case {
	return m.list(true, func(a, b payment.Case) int { return a.Opened.Compare(b.Opened) })
}

// Closed returns the cases that were closed in the last days, the latest first.
func (m *Model) Closed() []payment.Case {
	return m.list(false, func(a, b payment.Case) int { return b.Closed.Compare(a.Closed) })
}

func (m *Model) list(open bool, by func(a, b payment.Case) int) (all []payment.Case) {
	since := m.deps.Now().Add(-days)
	for _, r := range m.records {
		c, ok := m.caseOf(r)
		if ok && c.Closed.IsZero() == open && (open || c.Closed.After(since) || r.Order.Number == m.selected) {
			all = append(all, c)
		}
	}
	slices.SortFunc(all, func(a, b payment.Case) int {
		if order := by(a, b); order != 0 {
			return order
		}
		return a.Opened.Compare(b.Opened)
	})
	return all
}

// Count is the number of open cases.
func (m *Model) Count() int { return len(m.Open()) }

// Now is the model's clock.
func (m *Model) Now() time.Time { return m.deps.Now() }

// Selected returns the case that is shown: the one chosen, else the oldest open one, else the latest.
func (m *Model) Selected() (payment.Case, bool) {
	if r, ok := m.records[m.selected]; ok {
		return m.caseOf(r)
	}
	if open := m.Open(); len(open) > 0 {
		return open[0], true
	}
	if closed := m.Closed(); len(closed) > 0 {
		return closed[0], true
	}
	return payment.Case{}, false
}

// Select shows a case. One that is not known yet is fetched.
func (m *Model) Select(number string) {
	m.selected = number
	m.changed()
	if _, ok := m.records[number]; ok || number == "" {
		return
	}
	m.background(func(ctx context.Context) func() {
		r, err := m.deps.Till.Order(ctx, number)
		return func() {
			if err == nil && m.put(r) {
				m.changed()
			}
		}
	}, func() {})
}

// Checking returns the number of the order that is being asked about, "" for none.
func (m *Model) Checking() string { return m.checking }

// Failed returns what the last question about an order failed with, "" if it brought an answer.
func (m *Model) Failed(number string) payment.Code { return m.failed[number] }

// Check asks the terminal about an order, one at a time. No money moves.
func (m *Model) Check(number string) {
	if m.checking != "" {
		return
	}
	m.checking = number
	delete(m.failed, number)
	m.changed()
	m.background(func(ctx context.Context) func() {
		r, err := m.deps.Till.Query(ctx, number)
		return func() { m.answered(number, r, payment.CodeOf(err)) }
	}, func() { m.answered(number, payment.Record{}, payment.CodeInternal) })
}

func (m *Model) answered(number string, r payment.Record, code payment.Code) {
	m.checking = ""
	if code != "" {
		m.failed[number] = code
	}
	if r.Order.Number != "" {
		m.put(r)
	}
	m.changed()
}

// Decision is what a person says about a case.
type Decision struct {
	Order                string
	Paid                 bool
	Reason, Proof, Staff string
}

// Complete reports whether nothing is missing that a decision needs.
func (d Decision) Complete() bool { return d.Reason != "" && d.Proof != "" && d.Staff != "" }

// Staff is who decided last, to be offered again.
func (m *Model) Staff() string { return m.staff }

// Decide records a decision. A real answer that comes later replaces it.
func (m *Model) Decide(d Decision) {
	if !d.Complete() {
		return
	}
	m.staff = d.Staff
	delete(m.failed, d.Order)
	m.background(func(ctx context.Context) func() {
		r, err := m.deps.Till.Decide(ctx, till.Decision{Order: d.Order, Paid: d.Paid, Reason: d.Reason, Proof: d.Proof, Staff: d.Staff})
		return func() { m.decided(d.Order, r, payment.CodeOf(err)) }
	}, func() { m.decided(d.Order, payment.Record{}, payment.CodeInternal) })
}

func (m *Model) decided(number string, r payment.Record, code payment.Code) {
	if code != "" {
		m.failed[number] = code
	}
	if r.Order.Number != "" {
		m.put(r)
	}
	m.changed()
}

// CanPrint reports whether there is a printer.
func (m *Model) CanPrint() bool { return m.deps.Printer != nil }

// Paper returns how far the printing of a case is.
func (m *Model) Paper(number string) Paper { return m.paper[number] }

// Print puts a page about a case on paper.
func (m *Model) Print(number, title string, lines []string) {
	if m.deps.Printer == nil || m.paper[number] == Printing {
		return
	}
	m.paper[number] = Printing
	m.changed()
	m.background(func(context.Context) func() {
		err := m.deps.Printer.Print(title, lines)
		return func() { m.printed(number, err) }
	}, func() { m.printed(number, errPanicked) })
}

// errPanicked stands for work that ended in a panic.
var errPanicked = errors.New("the work panicked")

func (m *Model) printed(number string, err error) {
	m.paper[number] = Printed
	if err != nil {
		m.paper[number] = PrintFailed
	}
	m.changed()
}

// background runs work off the window's goroutine and what it returns on it; if the work panics, instead runs.
func (m *Model) background(work func(context.Context) func(), instead func()) {
	m.deps.Run(func(ctx context.Context) {
		done := instead
		defer func() { m.deps.Post(done) }()
		done = work(ctx)
	})
}
