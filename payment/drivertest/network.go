package drivertest

import (
	"context"
	"errors"
	"net"
	"os"
	"sync"
	"time"
)

// dialFunc opens a connection.
type dialFunc func(ctx context.Context, network, address string) (net.Conn, error)

// plug is the network between one process of the till and its terminal.
type plug struct {
	dial dialFunc

	mu     sync.Mutex
	cables map[*cable]bool
	pulled bool // no dial succeeds
	hushed bool // dials hang, present connections swallow everything
	// fuse counts reads and writes down and blows after the last; half blows it in
	// the middle of it. Below zero there is none.
	fuse  int
	half  bool
	blown bool
}

func newPlug(dial dialFunc) *plug {
	return &plug{dial: dial, cables: map[*cable]bool{}, fuse: -1}
}

var errUnreachable = errors.New("network is unreachable")

// Dial opens a connection as far as the plug allows.
func (p *plug) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	p.mu.Lock()
	pulled, hushed := p.pulled, p.hushed
	p.mu.Unlock()
	switch {
	case pulled:
		return nil, errUnreachable
	case hushed:
		<-ctx.Done()
		return nil, ctx.Err()
	}
	raw, err := p.dial(ctx, network, address)
	if err != nil {
		return nil, err
	}
	c := &cable{Conn: raw, plug: p, closed: make(chan struct{})}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pulled {
		return nil, errors.Join(errUnreachable, raw.Close())
	}
	p.cables[c] = true
	return c, nil
}

// cut ends all present connections; new ones may be made.
func (p *plug) cut() {
	p.mu.Lock()
	var all []*cable
	for c := range p.cables {
		all = append(all, c)
	}
	p.mu.Unlock()
	for _, c := range all {
		c.Close()
	}
}

// pull ends all connections and allows no new one.
func (p *plug) pull() {
	p.mu.Lock()
	p.pulled = true
	p.mu.Unlock()
	p.cut()
}

// hush makes the network swallow everything without a word.
func (p *plug) hush() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hushed = true
	for c := range p.cables {
		c.hushed = true
	}
}

// heal lets new connections through; hushed ones stay lost.
func (p *plug) heal() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.pulled, p.hushed, p.fuse = false, false, -1
}

// arm cuts everything after n more reads and writes, or in the middle of the last.
func (p *plug) arm(n int, half bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fuse, p.half, p.blown = n, half, false
}

// burnt reports whether the fuse has blown.
func (p *plug) burnt() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.blown
}

// spend counts one read or write; it returns how much of n bytes pass and
// whether the fuse blows then.
func (p *plug) spend(n int) (pass int, blow bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fuse < 0 {
		return n, false
	}
	if p.fuse > 0 {
		p.fuse--
		return n, false
	}
	p.fuse, p.blown = -1, true
	if p.half {
		n /= 2
	}
	return n, true
}

// cable is the till's end of one connection.
type cable struct {
	net.Conn
	plug     *plug
	hushed   bool // guarded by plug.mu
	deadline time.Time
	closed   chan struct{}
	once     sync.Once
}

func (c *cable) isHushed() bool {
	c.plug.mu.Lock()
	defer c.plug.mu.Unlock()
	return c.hushed
}

// Write passes p on, swallows it, or loses the connection on the way.
func (c *cable) Write(p []byte) (int, error) {
	if c.isHushed() {
		return len(p), nil
	}
	pass, blow := c.plug.spend(len(p))
	n, err := c.Conn.Write(p[:pass])
	if blow {
		c.plug.cut()
		return len(p), nil // as a socket does, which has only buffered it
	}
	return n, err
}

// Read is the way back, with the same fate.
func (c *cable) Read(p []byte) (int, error) {
	for {
		n, err := c.Conn.Read(p)
		switch {
		case !c.isHushed() && err != nil:
			return n, err
		case !c.isHushed():
			pass, blow := c.plug.spend(n)
			if blow {
				c.plug.cut()
			}
			if pass == 0 {
				return 0, net.ErrClosed
			}
			return pass, nil
		case errors.Is(err, os.ErrDeadlineExceeded), err != nil && c.isClosed():
			return 0, err
		case err != nil:
			return 0, c.silence() // the other side's farewell does not arrive
		}
	}
}

// silence lasts until the deadline, or until this side closes.
func (c *cable) silence() error {
	c.plug.mu.Lock()
	deadline := c.deadline
	c.plug.mu.Unlock()
	var end <-chan time.Time
	if !deadline.IsZero() {
		end = time.After(time.Until(deadline))
	}
	select {
	case <-end:
		return os.ErrDeadlineExceeded
	case <-c.closed:
		return net.ErrClosed
	}
}

// SetDeadline notes the deadline for a hushed connection.
func (c *cable) SetDeadline(t time.Time) error {
	c.note(t)
	return c.Conn.SetDeadline(t)
}

// SetReadDeadline notes the deadline for a hushed connection.
func (c *cable) SetReadDeadline(t time.Time) error {
	c.note(t)
	return c.Conn.SetReadDeadline(t)
}

func (c *cable) note(t time.Time) {
	c.plug.mu.Lock()
	defer c.plug.mu.Unlock()
	c.deadline = t
}

func (c *cable) isClosed() bool {
	select {
	case <-c.closed:
		return true
	default:
		return false
	}
}

// Close ends the connection on both sides.
func (c *cable) Close() error {
	err := c.Conn.Close()
	c.once.Do(func() {
		close(c.closed)
		c.plug.mu.Lock()
		delete(c.plug.cables, c)
		c.plug.mu.Unlock()
	})
	return err
}
