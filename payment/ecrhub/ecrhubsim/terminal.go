package ecrhubsim

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"sync"
	"time"
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
	opts Options
	log  *slog.Logger

	done context.Context // ended by Close
	stop context.CancelFunc
	work sync.WaitGroup // connections and orders under way

	mu        sync.Mutex
	listeners []net.Listener
	conns     []*conn // alive, oldest first
	accepted  int     // connections ever
	refuse    int     // connections still to refuse; below zero: all
	mute      bool    // pings stay unanswered

	orders  store
	screen  screen
	script  []Outcome
	queries []QueryOutcome
	pending []result // finished, not delivered
	ledger  []Charge
	journal journal
}

// New makes a terminal. It hears nothing until [Terminal.Listen],
// [Terminal.Serve], [Terminal.ServeConn] or [Terminal.DialContext].
func New(opts Options) *Terminal {
	if opts.Dialect == "" {
		opts.Dialect = G2
	}
	if opts.Serial == "" {
		opts.Serial = "SIM000000000001"
	}
	if opts.Busy == "" {
		opts.Busy = BusyQueue
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	log := opts.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	done, stop := context.WithCancel(context.Background())
	return &Terminal{opts: opts, log: log, done: done, stop: stop, orders: newStore()}
}

// Listen opens a listening socket and serves it in the background; address is
// host:port, and port 0 takes any free one. See [Terminal.Addr].
func (t *Terminal) Listen(address string) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	if !t.begin(func() { t.listeners = append(t.listeners, l) }) {
		return errors.Join(net.ErrClosed, l.Close())
	}
	go func() {
		defer t.work.Done()
		t.accept(l)
	}()
	return nil
}

// Serve accepts connections from l until l or the terminal is closed.
func (t *Terminal) Serve(l net.Listener) error {
	if !t.begin(func() { t.listeners = append(t.listeners, l) }) {
		return errors.Join(net.ErrClosed, l.Close())
	}
	defer t.work.Done()
	return t.accept(l)
}

func (t *Terminal) accept(l net.Listener) error {
	for {
		c, err := l.Accept()
		if err != nil {
			return err
		}
		if !t.begin(nil) {
			c.Close()
			continue
		}
		go func() {
			defer t.work.Done()
			t.serve(c)
		}()
	}
}

// ServeConn talks to one client over an open connection until it ends.
func (t *Terminal) ServeConn(c net.Conn) {
	if !t.begin(nil) {
		c.Close()
		return
	}
	defer t.work.Done()
	t.serve(c)
}

// DialContext connects to the terminal in memory. It has the form of a dial
// function, and ignores where it is asked to connect to.
func (t *Terminal) DialContext(ctx context.Context, _, _ string) (net.Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	client, server := net.Pipe()
	if !t.begin(nil) {
		return nil, errors.Join(net.ErrClosed, client.Close(), server.Close())
	}
	go func() {
		defer t.work.Done()
		t.serve(server)
	}()
	return client, nil
}

// Addr is the address of the first listening socket, or nil without one.
func (t *Terminal) Addr() net.Addr {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.listeners) == 0 {
		return nil
	}
	return t.listeners[0].Addr()
}

// Close cuts all connections, forgets orders under way and returns when all
// goroutines have ended. It may be called twice.
func (t *Terminal) Close() error {
	t.mu.Lock()
	t.stop()
	closers := make([]io.Closer, 0, len(t.listeners)+len(t.conns))
	for _, l := range t.listeners {
		closers = append(closers, l)
	}
	for _, c := range t.conns {
		closers = append(closers, c)
	}
	t.mu.Unlock()

	for _, c := range closers {
		c.Close() // the second close of a connection is no news
	}
	t.work.Wait()
	return nil
}

// begin registers a goroutine about to start, unless the terminal is closed.
// The work group is only ever added to here, so that Close can wait for it.
func (t *Terminal) begin(also func()) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.done.Err() != nil {
		return false
	}
	if also != nil {
		also()
	}
	t.work.Add(1)
	return true
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

// HangUp cuts all present connections without a farewell.
func (t *Terminal) HangUp() {
	t.mu.Lock()
	conns := append([]*conn(nil), t.conns...)
	t.mu.Unlock()
	for _, c := range conns {
		c.Close()
	}
}

// Connections tells how many clients are connected now, and how many ever were.
func (t *Terminal) Connections() (now, ever int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.conns), t.accepted
}
