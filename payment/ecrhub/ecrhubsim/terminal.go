package ecrhubsim

import (
	"cmp"
	"log/slog"
	"sync"
	"time"

	"tillkeeper/payment/internal/ledger"
	"tillkeeper/payment/internal/script"
	"tillkeeper/payment/internal/serve"
)

// Options describe a simulated terminal. The zero value is a terminal that
// answers at once; [Defaults] gives one that takes its time like a real one.
type Options struct {
	// Dialect is what the terminal answers in; empty means G2.
	Dialect Dialect
	// CardDelay passes between an order's arrival and the card screen,
	// ResultDelay between the card screen and the result.
	CardDelay, ResultDelay time.Duration
	// Currency, if set, is the only one taken. If not, any is, and an order
	// that names none is in US dollars.
	Currency string
	// Serial is the terminal's serial number.
	Serial string
	// AppID, if set, is the only application id accepted; others get 106/M009.
	AppID string
	// NoRedeliver drops results that could not be delivered, in place of
	// sending them on the next connection.
	NoRedeliver bool
	// ExpiresFloor is the least time an order is given, whatever it asks for.
	ExpiresFloor time.Duration
	// OutcomesByAmount lets the amount choose the outcome; see the package comment.
	OutcomesByAmount bool
	// ManualConfirm makes orders with confirm_on_terminal wait for
	// [Terminal.Confirm]. Without it the operator confirms at once.
	ManualConfirm bool
	// Busy says what happens to an order that finds another one on the screen.
	Busy Busy
	// Lenient reports what a client does wrong, but refuses less of it.
	Lenient bool
	// AnswerUnknownTopics answers topics nobody knows with code 202.
	AnswerUnknownTopics bool
	// JavaReason makes the upgrade reply carry the reason text of the
	// Java-WebSocket library.
	JavaReason bool

	// Now is the terminal's clock; nil means time.Now.
	Now func() time.Time
	// Log hears what the terminal does; nil means silence.
	Log *slog.Logger
	// Charged is told every movement of money before the answer about it
	// leaves. If it fails, the money does not move and the order is declined.
	Charged func(Charge) error
}

// Defaults are the options of a terminal that behaves like one on a counter:
// 1.5 seconds to the card screen and 2 more to the result.
func Defaults() Options {
	return Options{CardDelay: 1500 * time.Millisecond, ResultDelay: 2 * time.Second}
}

// Busy is what a terminal does with an order while another is on its screen.
type Busy string

// The ways of being busy.
const (
	BusyQueue  Busy = "queue"  // it waits its turn (default)
	BusyRefuse Busy = "refuse" // it is refused with a failure code
	BusySilent Busy = "silent" // nothing happens, ever
)

// Terminal is a simulated terminal. All its methods may be called at any time
// and from any goroutine.
type Terminal struct {
	*serve.Server
	life *serve.Life // connections and orders under way
	opts Options
	log  *slog.Logger

	script  script.Script[Outcome, QueryOutcome]
	ledger  *ledger.Ledger
	journal journal

	mu       sync.Mutex
	conns    []*conn // upgraded and alive, oldest first
	accepted int     // of those, ever
	refuse   int     // connections still to refuse; below zero: all
	mute     bool    // pings stay unanswered
	orders   store
	screen   screen
	pending  []result // finished, not delivered
}

// New makes a terminal. It hears nothing until [Terminal.Listen],
// [Terminal.Serve], [Terminal.ServeConn] or [Terminal.DialContext].
func New(opts Options) *Terminal {
	opts.Dialect = cmp.Or(opts.Dialect, G2)
	opts.Serial = cmp.Or(opts.Serial, "SIM000000000001")
	opts.Busy = cmp.Or(opts.Busy, BusyQueue)
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	t := &Terminal{opts: opts, log: opts.Log, ledger: ledger.New(opts.Charged, opts.Log), orders: newStore()}
	t.Server, t.life = serve.New(t.serve)
	return t
}

// Refuse makes the terminal hang up on the next n connections before a word is
// said; below zero on all of them, and 0 ends it.
func (t *Terminal) Refuse(n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.refuse = n
}

// StopPongs leaves pings unanswered, as a terminal that lost its network does.
func (t *Terminal) StopPongs(stop bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.mute = stop
}

// Connections tells how many clients are connected now, and how many ever were.
func (t *Terminal) Connections() (now, ever int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.conns), t.accepted
}
