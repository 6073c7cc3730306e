package comgatesim

import (
	"cmp"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"tillkeeper/payment/internal/finding"
	"tillkeeper/payment/internal/ledger"
	"tillkeeper/payment/internal/recent"
	"tillkeeper/payment/internal/script"
	"tillkeeper/payment/internal/serve"
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
	*serve.Server
	life      *serve.Life // connections and orders under way
	opts      Options
	log       *slog.Logger
	endpoints map[string]endpoint

	script   script.Script[Outcome, QueryOutcome]
	ledger   *ledger.Ledger
	requests recent.List[Request]
	findings *finding.List[Rule]

	mu      sync.Mutex
	orders  map[string]*order
	running *order
	serial  int
	batch   batch
}

// New makes a terminal. It hears nothing until [Terminal.Listen],
// [Terminal.ServeConn] or [Terminal.DialContext].
func New(opts Options) *Terminal {
	opts.fill()
	t := &Terminal{
		opts: opts, log: opts.Log, endpoints: endpoints(opts), orders: map[string]*order{}, batch: batch{number: 1},
		ledger: ledger.New(opts.Charged, opts.Log), findings: finding.NewList[Rule](opts.Now, opts.Log),
	}
	t.Server, t.life = serve.New(t.serve)
	return t
}

func (o *Options) fill() {
	o.BasePath = "/" + strings.Trim(cmp.Or(o.BasePath, defaultBase), "/")
	o.SecureString = cmp.Or(o.SecureString, defaultPassword)
	o.Serial = cmp.Or(o.Serial, "SIM000000001")
	o.WrongPassword = cmp.Or(o.WrongPassword, ByStatus)
	o.UnknownIDs = cmp.Or(o.UnknownIDs, ByStatus)
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

// Address is the address of the first listening socket as a terminal of the driver is
// added with it, "" without a socket.
func (t *Terminal) Address() string {
	if a := t.Addr(); a != nil {
		return "comgate://" + a.String() + t.opts.BasePath
	}
	return ""
}

// rebootTime is how long a reboot takes (A.12).
const rebootTime = 20 * time.Second

// reboot refuses connections for a while. What the terminal knows, it keeps.
func (t *Terminal) reboot() {
	t.Down()
	if !t.life.Sleep(rebootTime) {
		return
	}
	if err := t.Up(); err != nil {
		t.log.Error("the port is taken after the reboot", "error", err)
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
	t.batch = batch{number: 1}
	t.script.Clear()
	t.ledger.Clear()
	t.requests.Clear()
	t.findings.Clear()
}
