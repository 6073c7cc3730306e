package comgatecloudsim

import (
	"cmp"
	"crypto/rand"
	"log/slog"
	"sync"
	"time"

	"tillkeeper/payment/internal/finding"
	"tillkeeper/payment/internal/ledger"
	"tillkeeper/payment/internal/script"
	"tillkeeper/payment/internal/serve"
)

// Options describe a simulated gateway. The zero value is one whose terminal
// answers at once; [Defaults] gives one that takes its time like a real one.
type Options struct {
	// BasePath is the path before the methods; empty means /v2.0.
	BasePath string
	// Merchant and Secret are the terminal's login; [New] makes what is empty.
	Merchant, Secret string
	// CustomerTime passes between an order's arrival and its end, ReversalTime
	// between an accepted DELETE and "reversed".
	CustomerTime, ReversalTime time.Duration
	// Patience is how long the terminal waits for a card; 0 means two minutes.
	Patience time.Duration
	// Currency, if set, is the only one taken.
	Currency string
	// Terminal is what GET terminal.json says while nothing runs; empty means ONLINE.
	Terminal string
	// OutcomesByAmount lets the price choose the outcome; see the package comment.
	OutcomesByAmount bool

	// Now is the gateway's clock; nil means time.Now.
	Now func() time.Time
	// Log hears what the gateway does; nil means silence.
	Log *slog.Logger
	// Charged is told every movement of money before anybody hears of it. If it fails,
	// the money does not move.
	Charged func(Charge) error
}

// Defaults are the options of a gateway whose customers take three seconds.
func Defaults() Options {
	return Options{CustomerTime: 3 * time.Second, ReversalTime: time.Second}
}

// Server is a simulated gateway. All its methods may be called at any time and from
// any goroutine.
type Server struct {
	*serve.Server
	life *serve.Life // connections and orders under way
	opts Options

	script   script.Script[Outcome, Reply]
	ledger   *ledger.Ledger
	findings *finding.List[Rule]

	mu      sync.Mutex
	store   store
	offline bool // the terminal reboots
}

// New makes a gateway. It hears nothing until [Server.Listen], [Server.ServeConn]
// or [Server.DialContext].
func New(opts Options) *Server {
	opts.BasePath = cmp.Or(opts.BasePath, "/v2.0")
	opts.Merchant = cmp.Or(opts.Merchant, "123456")
	opts.Secret = cmp.Or(opts.Secret, rand.Text())
	opts.Terminal = cmp.Or(opts.Terminal, terminalOnline)
	opts.Patience = cmp.Or(opts.Patience, 2*time.Minute)
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{
		opts: opts, store: newStore(),
		ledger: ledger.New(opts.Charged, opts.Log), findings: finding.NewList[Rule](opts.Now, opts.Log),
	}
	s.Server, s.life = serve.New(s.serve)
	return s
}

// Credentials are the secrets that a driver needs, by its own keys.
func (s *Server) Credentials() map[string]string {
	return map[string]string{"secret": s.opts.Secret}
}

// Settings are the settings that a terminal must be added with.
func (s *Server) Settings() map[string]string {
	settings := map[string]string{"merchant": s.opts.Merchant}
	if s.opts.Currency != "" {
		settings["currency"] = s.opts.Currency
	}
	return settings
}

// Address is where a terminal can be added, "" before Listen.
func (s *Server) Address() string {
	if addr := s.Addr(); addr != nil {
		return "comgate-cloud+http://" + addr.String() + s.opts.BasePath
	}
	return ""
}
