package link

import (
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// Conn is one connection of a link.
type Conn struct {
	cfg Config
	ws  *websocket.Conn

	// writing holds one token. A channel, because a goroutine that waits for a
	// mutex would keep the fake clock of testing/synctest from moving.
	writing chan struct{}
	pong    chan string   // payloads of pings to answer
	down    chan struct{} // closed once the connection is of no more use
	ended   chan struct{} // closed when its goroutines have ended

	mu     sync.Mutex
	err    error
	pinged time.Time // when the last ping left
	state  State
}

func newConn(cfg Config, ws *websocket.Conn) *Conn {
	c := &Conn{
		cfg: cfg, ws: ws, writing: make(chan struct{}, 1), pong: make(chan string, 8),
		down: make(chan struct{}), ended: make(chan struct{}),
	}
	ws.SetReadLimit(cfg.MaxFrame)
	ws.SetPongHandler(c.answered)
	ws.SetPingHandler(c.asked)
	return c
}

// Send writes one text frame. After an error it is not known whether any of it
// arrived.
func (c *Conn) Send(frame []byte) error {
	select {
	case c.writing <- struct{}{}:
	case <-c.down:
		return c.Err()
	}
	defer func() { <-c.writing }()
	if err := c.Err(); err != nil {
		return err
	}
	err := c.ws.SetWriteDeadline(time.Now().Add(c.cfg.WriteTime))
	if err == nil {
		err = c.ws.WriteMessage(websocket.TextMessage, frame)
	}
	if err != nil {
		c.fail(err)
	}
	return err
}

// Down is closed when the connection is lost.
func (c *Conn) Down() <-chan struct{} { return c.down }

// Err is nil while the connection is up, else why it is not.
func (c *Conn) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// run reads and pings until the connection ends.
func (c *Conn) run() {
	defer close(c.ended)
	c.alive(0)
	var side sync.WaitGroup
	side.Go(c.keep)
	for {
		_, frame, err := c.ws.ReadMessage()
		if err != nil {
			c.fail(err)
			break
		}
		c.alive(0)
		c.cfg.Frame(frame)
	}
	side.Wait()
}

// keep pings, and answers pings. The reader does not write by itself: over a
// pipe, which has no buffer, two readers that both write wait for each other.
func (c *Conn) keep() {
	tick := time.NewTicker(c.cfg.PingEvery)
	defer tick.Stop()
	for {
		kind, data := websocket.PingMessage, ""
		select {
		case <-c.down:
			return
		case data = <-c.pong:
			kind = websocket.PongMessage
		case <-tick.C:
			c.mu.Lock()
			c.pinged = time.Now()
			c.mu.Unlock()
		}
		if err := c.ws.WriteControl(kind, []byte(data), time.Now().Add(c.cfg.WriteTime)); err != nil {
			c.fail(err)
			return
		}
	}
}

func (c *Conn) asked(data string) error {
	c.alive(0)
	select {
	case c.pong <- data:
	default: // it pings faster than it reads; the answers it gets are enough
	}
	return nil
}

func (c *Conn) answered(string) error {
	c.mu.Lock()
	delay := time.Since(c.pinged)
	c.mu.Unlock()
	c.alive(max(delay, 1))
	return nil
}

// alive notes a sign of life and gives the other side time for the next one.
func (c *Conn) alive(delay time.Duration) {
	// An error here shows at the next read.
	_ = c.ws.SetReadDeadline(time.Now().Add(c.cfg.DeadAfter))
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return
	}
	c.state.Up, c.state.Alive = true, c.cfg.Now()
	if delay > 0 {
		c.state.Delay = delay
	}
	c.cfg.State(c.state) // under the lock, so that "down" is never followed by an older "up"
}

func (c *Conn) last() State {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state
}

// fail ends the connection without a word. Only the first reason counts.
func (c *Conn) fail(err error) {
	defer c.ws.Close()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.err != nil {
		return
	}
	c.err = err
	c.state.Up, c.state.Err = false, err
	close(c.down)
	c.cfg.Log.Debug("link lost", "url", c.cfg.URL, "error", err)
	c.cfg.State(c.state)
}

// leave ends the connection with the farewell that tells it from a lost one.
func (c *Conn) leave(err error) {
	if c.Err() == nil {
		farewell := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
		// Nobody has to hear it.
		_ = c.ws.WriteControl(websocket.CloseMessage, farewell, time.Now().Add(time.Second))
	}
	c.fail(err)
}
