package comgatecloudsim

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"net"
	"sync"
	"time"
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
	opts Options
	log  *slog.Logger

	done context.Context // ended by Close
	stop context.CancelFunc
	work sync.WaitGroup // connections and orders under way

	mu        sync.Mutex
	listeners []net.Listener
	conns     map[net.Conn]bool
	store     store
	offline   bool // the terminal reboots
	script    []Outcome
	queries   []Reply
	ledger    []Charge
	findings  []Finding
}

// New makes a gateway. It hears nothing until [Server.Listen], [Server.ServeConn]
// or [Server.DialContext].
func New(opts Options) *Server {
	fill := func(field *string, value string) {
		if *field == "" {
			*field = value
		}
	}
	fill(&opts.BasePath, "/v2.0")
	fill(&opts.Merchant, "123456")
	fill(&opts.Secret, rand.Text())
	fill(&opts.Terminal, terminalOnline)
	if opts.Patience == 0 {
		opts.Patience = 2 * time.Minute
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	log := opts.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	done, stop := context.WithCancel(context.Background())
	return &Server{opts: opts, log: log, done: done, stop: stop, conns: map[net.Conn]bool{}, store: newStore()}
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

// Listen opens a listening socket and serves it in the background; address is
// host:port, and port 0 takes any free one. See [Server.Addr].
func (s *Server) Listen(address string) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	if !s.begin(func() { s.listeners = append(s.listeners, l) }) {
		return errors.Join(net.ErrClosed, l.Close())
	}
	go func() {
		defer s.work.Done()
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			if s.begin(nil) {
				go s.serve(c)
			} else {
				c.Close()
			}
		}
	}()
	return nil
}

// Addr is the address of the first listening socket, or nil without one.
func (s *Server) Addr() net.Addr {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.listeners) == 0 {
		return nil
	}
	return s.listeners[0].Addr()
}

// Address is where a terminal can be added, "" before Listen.
func (s *Server) Address() string {
	if addr := s.Addr(); addr != nil {
		return "comgate-cloud+http://" + addr.String() + s.opts.BasePath
	}
	return ""
}

// ServeConn talks to one client over an open connection until it ends.
func (s *Server) ServeConn(c net.Conn) {
	if !s.begin(nil) {
		c.Close()
		return
	}
	s.serve(c)
}

// DialContext connects to the gateway in memory. It has the form of a dial
// function, and ignores where it is asked to connect to.
func (s *Server) DialContext(ctx context.Context, _, _ string) (net.Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	client, server := net.Pipe()
	if !s.begin(nil) {
		return nil, errors.Join(net.ErrClosed, client.Close(), server.Close())
	}
	go s.serve(server)
	return client, nil
}

// Close cuts all connections, forgets orders under way and returns when all
// goroutines have ended. It may be called twice.
func (s *Server) Close() error {
	s.mu.Lock()
	s.stop()
	closers := make([]io.Closer, 0, len(s.listeners)+len(s.conns))
	for _, l := range s.listeners {
		closers = append(closers, l)
	}
	for c := range s.conns {
		closers = append(closers, c)
	}
	s.mu.Unlock()
	for _, c := range closers {
		c.Close() // the second close of a connection is no news
	}
	s.work.Wait()
	return nil
}

// begin registers a goroutine about to start, unless the gateway is closed. The
// work group is only ever added to here, so that Close can wait for it.
func (s *Server) begin(also func()) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.done.Err() != nil {
		return false
	}
	if also != nil {
		also()
	}
	s.work.Add(1)
	return true
}

// pause waits, and reports whether the gateway is still open then.
func (s *Server) pause(d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-s.done.Done():
		return false
	}
}
