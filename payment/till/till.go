package till

import (
	"context"
	"crypto/x509"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"tillkeeper/payment"
)

// Config is what a Till is made of. All fields but Log, Dial, Secrets, Batches and
// Roots must be set.
type Config struct {
	Journal   payment.Journal
	Terminals payment.Terminals
	// Protocols by name.
	Protocols map[string]payment.Protocol
	// Now and NewNumber are the clock and the source of order numbers.
	Now       func() time.Time
	NewNumber func() string
	// Dial is lent to the drivers; nil is the system's dialer.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Secrets keeps keys and passwords; without it there are none.
	Secrets payment.Secrets
	// Batches keeps the closing of batches; without it none can be closed.
	Batches payment.Batches
	// Roots are the certificate authorities trusted; nil is the system's.
	Roots *x509.CertPool
	Log   *slog.Logger
	// Follow is for a window that stays: links are held up, and every open order is
	// asked about in the background until it is settled. Without it, only orders
	// that a call waits for are.
	Follow bool
}

// Till is the one place where orders are carried. It may be used from several
// goroutines. Start it once, Close it once.
type Till struct {
	cfg Config
	log *slog.Logger

	// ctx ends with Close; it is not a caller's context but the life of the till's
	// own goroutines.
	ctx   context.Context
	stop  context.CancelFunc
	wait  sync.WaitGroup
	life  sync.Mutex // guards ended, and wait against beginning after the end
	ended bool

	drivers  drivers
	bus      bus
	resolver resolver
	news     news
	clocks   clocks

	// handOvers and reversals have each duty done once at a time, whoever asks; owing
	// wakes payOff, and dutiesLeft says that something could not be done.
	handOvers  singleflight.Group
	reversals  singleflight.Group
	owing      chan struct{}
	dutiesLeft atomic.Bool

	// write serialises writing with publishing, so that events have the order of
	// the journal; seq is the last entry published, once other processes are
	// watched.
	write    sync.Mutex
	watching bool
	seq      int64

	// hearing takes answers one by one; see hearOnce.
	hearing sync.Mutex

	mu       sync.Mutex
	carriers map[string]*carrier // by order number
	busy     map[string]string   // terminal id to order number
	started  chan struct{}
	closed   bool
}

// New returns a till that is not started.
func New(cfg Config) *Till {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Dial == nil {
		cfg.Dial = (&net.Dialer{}).DialContext
	}
	t := &Till{
		cfg:      cfg,
		log:      cfg.Log,
		carriers: map[string]*carrier{},
		busy:     map[string]string{},
		started:  make(chan struct{}),
		owing:    make(chan struct{}, 1),
	}
	t.ctx, t.stop = context.WithCancel(context.Background())
	t.drivers.open = map[string]payment.Driver{}
	t.drivers.links = map[string]payment.LinkState{}
	t.resolver.init()
	t.news.init()
	t.clocks.init()
	return t
}

// firstRound is how long Start, and a sale in a till that does not follow, wait for
// answers about older open orders. What is not settled by then is listed as open.
const firstRound = 5 * time.Second

// Start settles or lists every open order: those whose process died are marked, and
// each is asked about once. A till that follows then goes on asking in the
// background and watches what other processes write. No sale begins before Start is
// done.
func (t *Till) Start(ctx context.Context) error {
	open, err := t.adopt(ctx)
	if err != nil {
		return err
	}
	if err := t.watch(); err != nil {
		t.log.Warn("other processes of this till are not watched", "error", err)
	}
	t.spawn(t.resolve)
	if t.cfg.Follow {
		t.remember(ctx)
		t.openAll(ctx)
		t.askAll(ctx, open)
		for _, r := range open {
			t.resolver.follow(r.Order.Number, time.Now())
		}
	}
	close(t.started)
	if t.cfg.Follow {
		t.spawn(t.payOff)
	}
	return nil
}

// Close asks every order under way to be withdrawn, waits for their last word, and
// ends all goroutines and links. A till that follows also clears the prompts that
// terminals may still show for unknown orders. Orders still open stay so in the
// journal.
func (t *Till) Close() error {
	t.mu.Lock()
	if t.closed {
		t.mu.Unlock()
		return nil
	}
	t.closed = true
	for _, c := range t.carriers {
		c.ctx.end(context.Canceled)
	}
	t.mu.Unlock()
	t.waitCarriers()
	if t.cfg.Follow {
		t.clearPrompts()
	}
	t.stop()
	err := t.drivers.close()
	t.end()
	t.bus.close()
	return err
}

// spawn runs f in a goroutine that Close waits for, or not at all once the till has
// ended. A panic in it is logged and costs only that goroutine: money under way
// must not die with a defect elsewhere.
func (t *Till) spawn(f func()) {
	t.life.Lock()
	defer t.life.Unlock()
	if t.ended {
		return
	}
	t.wait.Go(func() {
		defer func() {
			if p := recover(); p != nil {
				t.log.Error("defect in a goroutine of the till", "panic", p)
			}
		}()
		f()
	})
}

// end lets no goroutine begin any more and waits for those there are.
func (t *Till) end() {
	t.life.Lock()
	t.ended = true
	t.life.Unlock()
	t.wait.Wait()
}

// Order returns one order.
func (t *Till) Order(ctx context.Context, number string) (payment.Record, error) {
	return t.cfg.Journal.Find(ctx, number)
}

// Orders returns orders, newest first.
func (t *Till) Orders(ctx context.Context, f payment.Filter) ([]payment.Record, error) {
	return t.cfg.Journal.List(ctx, f)
}
