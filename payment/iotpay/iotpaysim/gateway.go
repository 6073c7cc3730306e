package iotpaysim

import (
	"cmp"
	"crypto/rand"
	"log/slog"
	"net"
	"strings"
	"sync"
	"time"

	"tillkeeper/payment/internal/finding"
	"tillkeeper/payment/internal/ledger"
	"tillkeeper/payment/internal/recent"
	"tillkeeper/payment/internal/script"
	"tillkeeper/payment/internal/serve"
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
	*serve.Server
	life *serve.Life // connections and orders under way
	opts Options

	script   script.Script[Outcome, QueryOutcome]
	ledger   *ledger.Ledger
	findings *finding.List[Rule]
	heard    recent.List[Heard]

	mu      sync.Mutex
	orders  map[string]*order // by mchOrderNo or mchRefundNo
	asked   map[string]bool   // numbers that any create or refund named
	running map[string]*order // by jobNo
	serial  int
}

// New makes a gateway. It hears nothing until [Gateway.Listen], [Gateway.ServeConn]
// or [Gateway.DialContext].
func New(opts Options) *Gateway {
	opts.MchID = cmp.Or(opts.MchID, "10009999")
	opts.JobNo = cmp.Or(opts.JobNo, "cashier1")
	opts.Key = cmp.Or(opts.Key, rand.Text())
	opts.Layout = cmp.Or(opts.Layout, Flat)
	opts.Signing = cmp.Or(opts.Signing, Exact)
	opts.Expires = cmp.Or(opts.Expires, 90*time.Second)
	opts.Late = cmp.Or(opts.Late, 150*time.Second)
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	g := &Gateway{
		opts: opts, orders: map[string]*order{}, asked: map[string]bool{}, running: map[string]*order{},
		ledger: ledger.New(opts.Charged, opts.Log), findings: finding.NewList[Rule](opts.Now, opts.Log),
	}
	g.Server, g.life = serve.New(g.serve)
	return g
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

// Serve accepts connections from l, in the background, until l or the gateway is
// closed. The listener may be one of TLS.
func (g *Gateway) Serve(l net.Listener) error { return g.Attach(l) }
