package iotpaysim

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"time"
)

// Options say what gateway it is. The zero Options are one whose cardholders and
// bank take no time.
type Options struct {
	// Log hears what happens; nil is silence.
	Log *slog.Logger
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// CardDelay passes until a card is presented, ResultDelay from there to the
	// bank's word. Together they are the cardholder time.
	CardDelay, ResultDelay time.Duration
	// Expires is when an order that nobody pays is cancelled by the system; 0 is 90
	// seconds.
	Expires time.Duration
	// Late is how late the answer of …70 comes; 0 is 150 seconds.
	Late time.Duration
	// Currency is the only one taken; "" takes all.
	Currency string
	// MchID and JobNo are the merchant and its one login; Key signs. Where they are
	// empty, they are made up, the key at random.
	MchID, JobNo, Key string
	// Refund switches refund_order on; RefundQuery lets query_order find refunds by
	// their mchRefundNo, with payType "refund" (§8 leaves that open).
	Refund, RefundQuery bool
	// Layout is how query_order answers: flat or nested (§7).
	Layout Layout
	// Signing is how answers are signed (§3.4).
	Signing Signing
	// OutcomesByAmount lets the amount choose; see the package comment.
	OutcomesByAmount bool
	// Charged is told of a movement of money before it is booked and before any
	// answer leaves. If it fails, nothing moves and the order is declined.
	Charged func(Charge) error
}

// Defaults are the options of a gateway with a terminal like one on a counter: 1.5
// seconds to the card and 2 more to the result.
func Defaults() Options {
	return Options{CardDelay: 1500 * time.Millisecond, ResultDelay: 2 * time.Second}
}

// Layout is the form of a query's answer.
type Layout string

// The layouts.
const (
	Flat   Layout = "flat"   // the order's fields at the top (default)
	Nested Layout = "nested" // in payOrder, as create_order answers
)

// Signing is how an answer is signed.
type Signing string

// The ways to sign; the first three are the variants of §3.4.
const (
	Exact    Signing = "exact"    // payOrder counts as its text on the wire (default)
	LeftOut  Signing = "left-out" // payOrder does not count
	Compact  Signing = "compact"  // payOrder counts without the spaces it has on the wire
	Wrong    Signing = "wrong"    // with another key
	Unsigned Signing = "unsigned" // not at all
)

var (
	layouts  = []Layout{Flat, Nested}
	signings = []Signing{Exact, LeftOut, Compact, Wrong, Unsigned}
)

// Gateway is a simulated gateway. All its methods may be called at any time and
// from any goroutine.
type Gateway struct {
	opts Options
	log  *slog.Logger

	done context.Context // ended by Close
	stop context.CancelFunc
	work sync.WaitGroup // connections and orders under way

	mu        sync.Mutex
	listeners []net.Listener
	conns     map[net.Conn]bool
	orders    map[string]*order // by mchOrderNo or mchRefundNo
	asked     map[string]bool   // numbers that any create or refund named
	running   map[string]*order // by jobNo
	serial    int
	script    []Outcome
	queries   []QueryOutcome
	ledger    []Charge
	findings  []Finding
	heard     []Heard
}

// New makes a gateway. It hears nothing until [Gateway.Listen], [Gateway.ServeConn]
// or [Gateway.DialContext].
func New(opts Options) *Gateway {
	fill := func(field *string, value string) {
		if *field == "" {
			*field = value
		}
	}
	fill(&opts.MchID, "10009999")
	fill(&opts.JobNo, "cashier1")
	fill(&opts.Key, rand.Text())
	if opts.Layout == "" {
		opts.Layout = Flat
	}
	if opts.Signing == "" {
		opts.Signing = Exact
	}
	if opts.Expires == 0 {
		opts.Expires = 90 * time.Second
	}
	if opts.Late == 0 {
		opts.Late = 150 * time.Second
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	done, stop := context.WithCancel(context.Background())
	return &Gateway{
		opts: opts, log: opts.Log, done: done, stop: stop, conns: map[net.Conn]bool{},
		orders: map[string]*order{}, asked: map[string]bool{}, running: map[string]*order{},
	}
}

// Credentials are the secrets that a terminal must be added with, by the driver's
// keys.
func (g *Gateway) Credentials() map[string]string {
	return map[string]string{"merchant_key": g.opts.Key}
}

// Settings are the settings that a terminal must be added with.
func (g *Gateway) Settings() map[string]string {
	s := map[string]string{"mch_id": g.opts.MchID, "job_no": g.opts.JobNo, "currency": "CAD"}
	if g.opts.Currency != "" {
		s["currency"] = g.opts.Currency
	}
	if g.opts.Refund {
		s["path.refund"] = strings.TrimPrefix(pathRefund, base)
	}
	return s
}

// Listen opens a listening socket and serves it in the background; address is
// host:port, and port 0 takes any free one. See [Gateway.Addr].
func (g *Gateway) Listen(address string) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	return g.Serve(l)
}

// Serve accepts connections from l, in the background, until l or the gateway is
// closed. The listener may be one of TLS.
func (g *Gateway) Serve(l net.Listener) error {
	if !g.begin(func() { g.listeners = append(g.listeners, l) }) {
		return errors.Join(net.ErrClosed, l.Close())
	}
	go func() {
		defer g.work.Done()
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go g.ServeConn(c)
		}
	}()
	return nil
}

// ServeConn talks to one client over an open connection until it ends.
func (g *Gateway) ServeConn(c net.Conn) {
	if !g.begin(func() { g.conns[c] = true }) {
		c.Close()
		return
	}
	defer g.work.Done()
	g.serve(c)
	c.Close()
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.conns, c)
}

// DialContext connects to the gateway in memory. It has the form of a dial
// function, and ignores where it is asked to connect to.
func (g *Gateway) DialContext(ctx context.Context, _, _ string) (net.Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if g.done.Err() != nil {
		return nil, net.ErrClosed
	}
	client, server := net.Pipe()
	go g.ServeConn(server)
	return client, nil
}

// Addr is the address of the first listening socket, or nil without one.
func (g *Gateway) Addr() net.Addr {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.listeners) == 0 {
		return nil
	}
	return g.listeners[0].Addr()
}

// Close cuts all connections, forgets orders under way and returns when all
// goroutines have ended. It may be called twice.
func (g *Gateway) Close() error {
	g.mu.Lock()
	g.stop()
	closers := make([]io.Closer, 0, len(g.listeners)+len(g.conns))
	for _, l := range g.listeners {
		closers = append(closers, l)
	}
	for c := range g.conns {
		closers = append(closers, c)
	}
	g.mu.Unlock()
	for _, c := range closers {
		c.Close() // the second close of a connection is no news
	}
	g.work.Wait()
	return nil
}

// begin registers a goroutine about to start, unless the gateway is closed. The
// work group is only ever added to here, so that Close can wait for it.
func (g *Gateway) begin(also func()) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.done.Err() != nil {
		return false
	}
	if also != nil {
		also()
	}
	g.work.Add(1)
	return true
}

// pause waits, unless the gateway closes.
func (g *Gateway) pause(d time.Duration) bool {
	if d <= 0 {
		return g.done.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-g.done.Done():
		return false
	}
}
