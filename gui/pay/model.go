package pay

import (
	"context"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/till"
)

// Till is what the screen needs of the till. All of it may take long; none of it is called on the window's goroutine.
type Till interface {
	Pay(ctx context.Context, c till.Charge) (payment.Record, error)
	Refund(ctx context.Context, b till.Takeback) (payment.Record, error)
	Void(ctx context.Context, b till.Takeback) (payment.Record, error)
	Query(ctx context.Context, number string) (payment.Record, error)
	Cancel(ctx context.Context, number string) (payment.Record, error)
	Order(ctx context.Context, number string) (payment.Record, error)
	Clear(ctx context.Context, terminal string) ([]payment.Record, error)
	Sign(ctx context.Context, number string, accepted bool, staff string) (payment.Record, error)
	PreAuth(ctx context.Context, c till.Charge) (payment.Record, error)
	Complete(ctx context.Context, b till.Takeback) (payment.Record, error)
	AdjustTip(ctx context.Context, b till.Takeback) (payment.Record, error)
	Orders(ctx context.Context, f payment.Filter) ([]payment.Record, error)
	CloseBatch(ctx context.Context, terminal, staff string, despite []string) (payment.Batch, error)
}

// Deps is what a Model is made of. All fields must be set.
type Deps struct {
	Till Till
	Now  func() time.Time
	// Run starts work in a goroutine of its own and survives its panics.
	Run func(work func(context.Context))
	// Post runs a function on the window's goroutine, soon, in order.
	Post func(func())
	// EverySecond runs a function on the window's goroutine once a second until stop is called.
	EverySecond func(func()) (stop func())
}

// Face is what the right half of the screen shows.
type Face string

// The faces.
const (
	Ready   Face = "ready"   // latest outcomes and the four buttons
	Running Face = "running" // an order is with the terminal
	Asking  Face = "asking"  // the terminal is asked about an order; no money moves
	Result  Face = "result"  // what came of an order
	Refused Face = "refused" // the till said no; there is no order
	Closing Face = "closing" // a terminal closes its day
	Closed  Face = "closed"  // what came of that
)

// settle is how long a new face ignores presses, because they were meant for the one before.
const settle = 600 * time.Millisecond

// breath is the pause between two amounts; keys that come quicker belong together.
const breath = time.Second

// Model is the Pay screen without its looks. It belongs to the window's goroutine.
type Model struct {
	deps  Deps
	book  book
	typed digits
	scan  scan

	// Changed is called after every change.
	Changed func()
	// Scanned is called with the order whose number a scanner typed, or the error.
	Scanned func(payment.Record, error)

	current string // terminal id chosen by hand; "" follows the default
	face    Face
	since   time.Time // when the face came up

	attempt  *Attempt
	shown    string // order number of the result
	asked    bool   // the result was asked for, not just reached
	refusal  Refusal
	checking string          // order that is being asked about
	checked  payment.Code    // what the last check failed with, "" if it did not
	agreed   map[string]bool // unknown orders that staff has taken note of
	news     string          // order that was settled late
	clearing map[string]bool // terminals that are asked to take an order off their screen
	cash     string          // order that staff want to take in cash instead
	// cashAsking is that order while the terminal is asked to stop.
	cashAsking string
	ignored    time.Time // when a key for the amount last came at the wrong moment
	signing    signing
	batch      payment.Batch // the close that is shown
	stop       func()
}

// Attempt is the order that is with the terminal. Its number is not known before the till's first event.
type Attempt struct {
	Operation payment.Operation
	Amount    payment.Amount
	Terminal  string
	Started   time.Time
	Number    string
	Cancelled bool // staff asked to withdraw it
	Cash      bool // to take the money in cash instead
	// Of is what the order was meant to do that this one is about, "" for none.
	Of payment.Operation

	start   starter
	despite []string        // unknown orders that staff overrides
	known   map[string]bool // orders there were before
}

// starter hands an attempt to the till, despite unknown orders that staff overrides.
type starter func(ctx context.Context, despite []string) (payment.Record, error)

// Refusal is a no of the till: nothing was sent.
type Refusal struct {
	Code payment.Code
	// Order is the order in the way, "" for none.
	Order string
	// Attempt is what was refused.
	Attempt *Attempt
}

// Overridable reports whether staff may insist, with an approval on record.
func (r Refusal) Overridable() bool {
	return r.Order != "" && (r.Code == payment.CodeOpenUnknown || r.Code == payment.CodeWasPaid)
}

// NewModel returns the model of a screen that knows nothing yet.
func NewModel(d Deps) *Model {
	return &Model{deps: d, face: Ready, agreed: map[string]bool{}, clearing: map[string]bool{}, Changed: func() {}, Scanned: func(payment.Record, error) {}}
}

// Reset takes what there is at the beginning of a subscription.
func (m *Model) Reset(s till.Snapshot) {
	m.book.reset(s)
	for _, r := range m.book.orders {
		m.follow(r)
	}
	m.fitCurrency()
	m.changed()
}

// changed brings up what cannot wait and tells the view.
func (m *Model) changed() {
	m.raise()
	m.Changed()
}

// Take takes what changed, several changes at once.
func (m *Model) Take(events ...till.Event) {
	for _, e := range events {
		m.noteNews(e.Record)
		m.book.take(e)
		if e.Record != nil {
			m.follow(*e.Record)
		}
	}
	m.fitCurrency()
	m.changed()
}

// noteNews notices that an order nobody knew the outcome of is settled, or that an answer came which disagrees with an
// earlier one. Staff that has moved on should hear of it.
func (m *Model) noteNews(r *payment.Record) {
	if r == nil || m.face == Result && m.shown == r.Order.Number {
		return
	}
	before, ok := m.book.order(r.Order.Number)
	if !ok {
		return
	}
	was, is := before.State(), r.State()
	if was.Status == payment.StatusUnknown && !is.Status.Open() || is.Contradicted && !was.Contradicted || tookBack(before, *r) {
		m.news = r.Order.Number
	}
}

// News returns the order that was settled late, until staff has looked at it or takes the next payment.
func (m *Model) News() (payment.Record, bool) {
	if m.news == "" {
		return payment.Record{}, false
	}
	return m.book.order(m.news)
}

// ReadNews takes the news away.
func (m *Model) ReadNews() {
	m.news = ""
	m.changed()
}

// follow looks whether an event is about the order that runs.
func (m *Model) follow(r payment.Record) {
	a := m.attempt
	if a == nil {
		return
	}
	if a.Number == "" && a.isOf(r) {
		a.Number = r.Order.Number
		if a.Cancelled {
			m.withdraw(a)
		}
	}
	if s := r.State().Status; a.Number == r.Order.Number && !s.UnderWay() {
		m.finish(r.Order.Number)
	}
}

// isOf reports whether r is the order of the attempt: the till carries one order per terminal and process at a time.
func (a *Attempt) isOf(r payment.Record) bool {
	o := r.Order
	return !a.known[o.Number] && o.Operation == a.Operation && o.Terminal == a.Terminal &&
		r.Holder != payment.HeldThere && o.Asked.Total().Equal(a.Amount)
}

// Face returns what the screen shows.
func (m *Model) Face() Face { return m.face }

// Loaded reports whether the till has said anything yet.
func (m *Model) Loaded() bool { return m.book.loaded }

// Terminals returns all terminals in use.
func (m *Model) Terminals() []till.TerminalState { return m.book.terminals }

// Terminal returns the terminal that the next payment goes to.
func (m *Model) Terminal() (till.TerminalState, bool) {
	var chosen, standard *till.TerminalState
	for i := range m.book.terminals {
		t := &m.book.terminals[i]
		if t.Terminal.ID == m.current {
			chosen = t
		}
		if standard == nil || t.Terminal.Default {
			standard = t
		}
	}
	switch {
	case chosen != nil:
		return *chosen, true
	case standard != nil:
		return *standard, true
	}
	return till.TerminalState{}, false
}

// SelectTerminal sends the next payments to another terminal.
func (m *Model) SelectTerminal(id string) {
	if m.Busy() {
		return
	}
	m.current = id
	m.fitCurrency()
	m.changed()
}

// Currency is that of the terminal chosen.
func (m *Model) Currency() payment.Currency {
	t, ok := m.Terminal()
	if !ok {
		return payment.DefaultCurrency
	}
	return t.Terminal.Currency()
}

// fitCurrency drops what was typed in a currency of other decimal places.
func (m *Model) fitCurrency() {
	if places := int(m.Currency().Places()); places != m.typed.places {
		m.typed = digits{places: places}
	}
}

// Typed returns the amount as it stands, the zero Amount for none.
func (m *Model) Typed() payment.Amount { return m.typed.amount(m.Currency()) }

// Attempt returns the order that runs, nil for none.
func (m *Model) Attempt() *Attempt { return m.attempt }

// Busy reports whether a terminal carries out an order or closes its day.
func (m *Model) Busy() bool { return m.face == Running || m.face == Closing }

// Elapsed is how long the order, the question about one, or the closing of a day, has been running.
func (m *Model) Elapsed() time.Duration {
	switch {
	case m.attempt != nil:
		return m.deps.Now().Sub(m.attempt.Started)
	case m.face == Asking || m.face == Closing:
		return m.deps.Now().Sub(m.since)
	}
	return 0
}

// Now is the model's clock.
func (m *Model) Now() time.Time { return m.deps.Now() }

// Running returns the running order as the journal holds it, once it does.
func (m *Model) Running() (payment.Record, bool) {
	if m.attempt == nil {
		return payment.Record{}, false
	}
	return m.book.order(m.attempt.Number)
}

// Shown returns the order whose result is shown.
func (m *Model) Shown() (payment.Record, bool) { return m.book.order(m.shown) }

// Refusal returns what the till refused and why.
func (m *Model) Refusal() Refusal { return m.refusal }

// Checking returns the number of the order that is being asked about, "" for none.
func (m *Model) Checking() string { return m.checking }

// Checked returns what the last check failed with, "" if it brought an answer.
func (m *Model) Checked() payment.Code { return m.checked }

// Recent returns the latest orders, newest first.
func (m *Model) Recent(n int) []payment.Record { return m.book.orders[:min(n, len(m.book.orders))] }

// Cases returns the orders nobody knows the outcome of.
func (m *Model) Cases() []payment.Record { return m.book.cases() }

// CaseHere returns an order of the chosen terminal that nobody knows the outcome of.
func (m *Model) CaseHere() (payment.Record, bool) {
	t, ok := m.Terminal()
	if !ok {
		return payment.Record{}, false
	}
	for _, r := range m.book.cases() {
		if r.Order.Terminal == t.Terminal.ID {
			return r, true
		}
	}
	return payment.Record{}, false
}

// MustAgree reports whether staff has to take note of the result before anything else.
func (m *Model) MustAgree() bool {
	r, ok := m.Shown()
	return ok && m.face == Result && r.State().Status == payment.StatusUnknown && !m.agreed[m.shown]
}

// Held reports whether staff has to say something about the result before anything else: that they took note of it, or
// what they think of a signature.
func (m *Model) Held() bool {
	_, asked := m.Question()
	return asked || m.MustAgree()
}

// show brings up a face.
func (m *Model) show(f Face) {
	m.face, m.since = f, m.deps.Now()
	m.changed()
}

// fresh reports whether the face has only just come up, so that a press was meant for the one before.
func (m *Model) fresh() bool { return m.deps.Now().Sub(m.since) < settle }
