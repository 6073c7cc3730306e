// Package link keeps one WebSocket connection to a terminal: it connects when
// asked, notices when the other side is dead, and, if told to hold the line,
// reconnects with back-off. It knows nothing about what is said.
package link

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"
	"github.com/gorilla/websocket"
)

// ErrClosed is the error of every call after Close.
var ErrClosed = errors.New("link is closed")

// Config says where a link leads and how it is kept. All times must be set.
type Config struct {
	// URL is where to connect, Dial how.
	URL  string
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// ConnectTime bounds one attempt, upgrade included; WriteTime one frame.
	ConnectTime, WriteTime time.Duration
	// PingEvery is the pace of pings; after DeadAfter without any frame the
	// other side counts as gone.
	PingEvery, DeadAfter time.Duration
	// MaxFrame bounds what is accepted; a longer frame ends the connection.
	MaxFrame int64
	// Hold keeps the link up all the time, with waits between attempts that
	// double from FirstWait to LongestWait, with jitter.
	Hold                   bool
	FirstWait, LongestWait time.Duration
	// Frame hears every message, one after the other. It must not block.
	Frame func(frame []byte)
	// State hears every change and every sign of life. It must not block and
	// must not call the link.
	State func(State)
	Now   func() time.Time
	Log   *slog.Logger
}

// State is the health of a link.
type State struct {
	Up    bool
	Alive time.Time     // last heard
	Delay time.Duration // of the last answered ping
	Err   error         // why it is down
}

// Link is the way to one terminal. There is never more than one connection.
type Link struct {
	cfg  Config
	ctx  context.Context // ended by Close
	stop context.CancelFunc
	work sync.WaitGroup

	mu      sync.Mutex
	conn    *Conn    // the last connection made, nil before
	attempt *attempt // under way, else nil
}

// attempt is one try to connect, which several callers may wait for.
type attempt struct {
	done chan struct{}
	conn *Conn
	err  error
}

// New makes a link. Without Hold it does nothing until Connect.
func New(cfg Config) *Link {
	ctx, stop := context.WithCancel(context.Background())
	l := &Link{cfg: cfg, ctx: ctx, stop: stop}
	if cfg.Hold {
		l.work.Go(l.hold)
	}
	return l
}

// Connect returns the connection that is up, or makes one. An attempt that
// ctx gives up waiting for goes on in the background and may serve the next caller.
func (l *Link) Connect(ctx context.Context) (*Conn, error) {
	conn, a, err := l.begin()
	if conn != nil || err != nil {
		return conn, err
	}
	select {
	case <-a.done:
		return a.conn, a.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// begin returns the living connection, or the attempt that may lead to one.
func (l *Link) begin() (*Conn, *attempt, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.ctx.Err() != nil:
		return nil, nil, ErrClosed
	case l.conn != nil && l.conn.Err() == nil:
		return l.conn, nil, nil
	case l.attempt == nil:
		a := &attempt{done: make(chan struct{})}
		l.attempt = a
		old := l.conn
		l.work.Go(func() { l.try(a, old) })
	}
	return nil, l.attempt, nil
}

func (l *Link) try(a *attempt, old *Conn) {
	if old != nil {
		<-old.ended // one connection at a time, and its last frame before the next one's first
	}
	ctx, cancel := context.WithTimeout(l.ctx, l.cfg.ConnectTime)
	defer cancel()
	a.conn, a.err = l.dial(ctx)
	l.mu.Lock()
	l.attempt = nil
	switch {
	case a.err != nil:
	case l.ctx.Err() != nil: // Close has looked for a connection already
		a.conn.ws.Close()
		a.conn, a.err = nil, ErrClosed
	default:
		l.conn = a.conn
		l.work.Go(a.conn.run)
	}
	l.mu.Unlock()
	if a.err != nil {
		l.failed(a.err, old)
	}
	close(a.done)
}

// failed reports an attempt that did not work, beside what is known from before.
func (l *Link) failed(err error, old *Conn) {
	var s State
	if old != nil {
		s = old.last()
	}
	s.Up, s.Err = false, err
	l.cfg.Log.Debug("connect", "url", l.cfg.URL, "error", err)
	l.cfg.State(s)
}

// dial opens a connection. The raw one is closed when ctx ends early, because
// the upgrade itself watches only a deadline.
func (l *Link) dial(ctx context.Context) (*Conn, error) {
	dialer := websocket.Dialer{HandshakeTimeout: l.cfg.ConnectTime}
	unwatch := func() bool { return true }
	dialer.NetDialContext = func(dialCtx context.Context, network, address string) (net.Conn, error) {
		raw, err := l.cfg.Dial(dialCtx, network, address)
		if err == nil {
			unwatch = context.AfterFunc(ctx, func() { raw.Close() })
		}
		return raw, err
	}
	ws, _, err := dialer.DialContext(ctx, l.cfg.URL, nil)
	if !unwatch() && err == nil {
		ws.Close()
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	return newConn(l.cfg, ws), nil
}

// hold keeps the link up until Close.
func (l *Link) hold() {
	waits := &backoff.ExponentialBackOff{
		InitialInterval: l.cfg.FirstWait, MaxInterval: l.cfg.LongestWait, Multiplier: 2,
	}
	waits.Reset()
	for {
		conn, err := l.Connect(l.ctx)
		if err == nil {
			waits.Reset()
			select {
			case <-conn.Down():
			case <-l.ctx.Done():
			}
		}
		timer := time.NewTimer(jitter(waits.NextBackOff(), l.cfg.Now()))
		select {
		case <-timer.C:
		case <-l.ctx.Done():
			timer.Stop()
			return
		}
	}
}

// jitter keeps the tills of a shop from knocking all at once: up to a fifth more
// or less. The clock's own nanoseconds are chance enough, and let a run under
// a fake clock be repeated.
func jitter(wait time.Duration, now time.Time) time.Duration {
	share := time.Duration(now.Nanosecond()/1000%401 - 200) // in thousandths
	return wait + wait*share/1000
}

// Up reports whether there is a living connection at this moment.
func (l *Link) Up() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.ctx.Err() == nil && l.conn != nil && l.conn.Err() == nil
}

// Close says goodbye, ends the connection and returns when all goroutines have
// ended. It may be called twice.
func (l *Link) Close() error {
	l.mu.Lock()
	l.stop()
	conn := l.conn
	l.mu.Unlock()
	if conn != nil {
		conn.leave(ErrClosed)
	}
	l.work.Wait()
	return nil
}
