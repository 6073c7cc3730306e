package comgatesim

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"slices"
	"strings"
	"sync"
	"time"
)

// The values of A.1 and A.2.
const (
	defaultBase     = "/paya"
	defaultPassword = "27924505"
)

// Options describe a simulated terminal. The zero value is a terminal that answers
// at once; [Defaults] gives one that takes its time like a real one.
type Options struct {
	// BasePath is where the endpoints are; empty means "/paya".
	BasePath string
	// Paths of the endpoints whose wire form is not public (A.4.11), by the name of
	// the driver's setting without "path.": preauth, preauth_complete,
	// preauth_cancel, moto, print. Those without a path do not exist.
	Paths map[string]string
	// SecureString is the password; empty means the published one.
	SecureString string
	// WrongPassword and UnknownIDs are how those are answered; empty means ByStatus.
	WrongPassword, UnknownIDs Manner
	// Currency is the terminal's, or a list of those it takes, the batch's own first,
	// divided by commas. Empty takes any.
	Currency string
	// TipField is the member of a payment that holds a tip; empty takes no tips.
	TipField string
	// NoRefunds refuses refunds, as terminals do for which they are not enabled.
	NoRefunds bool
	// Offline: the link to the authorisation server is down.
	Offline bool
	// Serial is the terminal's serial number.
	Serial string

	// CardDelay passes until a card is presented, PinDelay until the PIN is entered,
	// ResultDelay until the bank has answered.
	CardDelay, PinDelay, ResultDelay time.Duration
	// ClosingDelay is how long a closing takes.
	ClosingDelay time.Duration
	// CardTimeout ends an order without a card; 0 only for the kind Expire, after a
	// minute.
	CardTimeout time.Duration
	// AutoReverse takes back an approved payment that is not confirmed by then; 0
	// never does.
	AutoReverse time.Duration
	// OutcomesByAmount lets the amount choose the outcome; see the package comment.
	OutcomesByAmount bool

	// Now is the terminal's clock; nil means time.Now.
	Now func() time.Time
	// Log hears what the terminal does; nil means silence.
	Log *slog.Logger
	// Charged is told every movement of money before the answer about it leaves. If
	// it fails, the money does not move and the order is declined.
	Charged func(Charge) error
}

// Manner is how something is refused.
type Manner string

// The manners.
const (
	ByStatus Manner = "http" // a status of HTTP: 401 for the password, 404 for an id
	ByBody   Manner = "body" // 200, and the body says so
)

// Defaults are the options of a terminal that behaves like one on a counter: 1.5
// seconds to the card and 2 more to the result.
func Defaults() Options {
	return Options{
		Currency: "CZK,EUR", CardDelay: 1500 * time.Millisecond, PinDelay: 2 * time.Second,
		ResultDelay: 2 * time.Second, ClosingDelay: 3 * time.Second, CardTimeout: 2 * time.Minute,
	}
}

// Terminal is a simulated terminal. All its methods may be called at any time and
// from any goroutine.
type Terminal struct {
	opts      Options
	log       *slog.Logger
	endpoints map[string]endpoint

	done context.Context // ended by Close
	stop context.CancelFunc
	work sync.WaitGroup // connections and orders under way

	mu      sync.Mutex
	sockets []*socket
	conns   []*conn
	down    bool // it reboots: no connection is taken
	script  []Outcome
	queries []QueryOutcome
	orders  map[string]*order
	running *order
	serial  int
	batch   batch
	ledger  []Charge
	journal journal
}

// New makes a terminal. It hears nothing until [Terminal.Listen],
// [Terminal.ServeConn] or [Terminal.DialContext].
func New(opts Options) *Terminal {
	opts.fill()
	done, stop := context.WithCancel(context.Background())
	t := &Terminal{opts: opts, log: opts.Log, done: done, stop: stop, orders: map[string]*order{}, batch: batch{number: 1}}
	t.endpoints = endpoints(opts)
	return t
}

func (o *Options) fill() {
	for _, f := range []struct {
		field    *string
		standard string
	}{
		{&o.BasePath, defaultBase}, {&o.SecureString, defaultPassword}, {&o.Serial, "SIM000000001"},
		{(*string)(&o.WrongPassword), string(ByStatus)}, {(*string)(&o.UnknownIDs), string(ByStatus)},
	} {
		if *f.field == "" {
			*f.field = f.standard
		}
	}
	o.BasePath = "/" + strings.Trim(o.BasePath, "/")
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
}

// Credentials are the secrets that a client needs, by the driver's keys.
func (t *Terminal) Credentials() map[string]string {
	return map[string]string{"secure_string": t.opts.SecureString}
}

// Settings are the driver settings that a terminal must be added with. The base
// path is part of the address: see [Terminal.Address].
func (t *Terminal) Settings() map[string]string {
	s := map[string]string{"currency": t.opts.currencies()[0]}
	for name, path := range t.opts.Paths {
		if path != "" {
			s["path."+name] = path
		}
	}
	if t.opts.TipField != "" {
		s["tip_field_name"] = t.opts.TipField
	}
	return s
}

func (o Options) currencies() []string {
	if o.Currency == "" {
		return []string{"CZK"}
	}
	return strings.Split(o.Currency, ",")
}

// takes reports whether the terminal takes a currency.
func (o Options) takes(c string) bool {
	return o.Currency == "" || slices.Contains(o.currencies(), c)
}

// ServeConn talks to one client over an open connection until it ends.
func (t *Terminal) ServeConn(c net.Conn) {
	if !t.begin() {
		c.Close()
		return
	}
	defer t.work.Done()
	t.serve(c)
}

var errRefused = errors.New("connection refused")

// DialContext connects to the terminal in memory. It has the form of a dial
// function, and ignores where it is asked to connect to.
func (t *Terminal) DialContext(ctx context.Context, _, _ string) (net.Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if t.isDown() || !t.begin() {
		return nil, errRefused
	}
	client, server := net.Pipe()
	go func() {
		defer t.work.Done()
		t.serve(server)
	}()
	return client, nil
}

// Close cuts all connections, forgets orders under way and returns when all
// goroutines have ended. It may be called twice.
func (t *Terminal) Close() error {
	t.mu.Lock()
	t.stop()
	conns, sockets := slices.Clone(t.conns), slices.Clone(t.sockets)
	t.mu.Unlock()
	for _, s := range sockets {
		s.close()
	}
	for _, c := range conns {
		c.Close()
	}
	t.work.Wait()
	return nil
}

// begin registers a goroutine about to start, unless the terminal is closed. The
// work group is only ever added to here, so that Close can wait for it.
func (t *Terminal) begin() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.done.Err() != nil {
		return false
	}
	t.work.Add(1)
	return true
}

// spawn runs f in a goroutine that Close waits for.
func (t *Terminal) spawn(f func()) {
	if !t.begin() {
		return
	}
	go func() {
		defer t.work.Done()
		f()
	}()
}

// sleep waits, and reports whether the terminal is still there.
func (t *Terminal) sleep(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-t.done.Done():
		return false
	}
}

// HangUp cuts all present connections without a farewell.
func (t *Terminal) HangUp() {
	t.mu.Lock()
	conns := slices.Clone(t.conns)
	t.mu.Unlock()
	for _, c := range conns {
		c.Close()
	}
}

// Reset forgets all transactions, the script, the ledger and what was heard. An
// order under way ends without an outcome.
func (t *Terminal) Reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.running != nil {
		t.running.forget()
	}
	t.orders, t.running = map[string]*order{}, nil
	t.script, t.queries, t.ledger, t.journal, t.batch = nil, nil, nil, journal{}, batch{number: 1}
}
