package ecrhubsim

import (
	"encoding/binary"
	"errors"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	handshakeTime = 10 * time.Second
	writeTime     = 10 * time.Second
	// The server library of real terminals pings every minute and gives up
	// after one and a half (§10.2).
	pingEvery = 60 * time.Second
	deadAfter = 90 * time.Second
	// No limit is documented (§14); this one only protects the simulator.
	maxRequest = 1 << 20
)

// conn is one client's connection.
type conn struct {
	id  int
	pos string // the id in the path /mac_address=<id>, or ""
	raw net.Conn
	ws  *websocket.Conn

	// writing holds one token. A channel, because a goroutine that waits for a
	// mutex would keep the fake clock of testing/synctest from moving.
	writing chan struct{}
	// later holds what the reader wants to say. It does not write itself: over a
	// pipe, which has no buffer, two readers that both write wait for each other.
	later chan func()
	gone  chan struct{}
	once  sync.Once
}

// Close cuts the connection without a farewell.
func (c *conn) Close() error {
	c.once.Do(func() {
		close(c.gone)
		c.raw.Close()
	})
	return nil
}

func (c *conn) alive() bool {
	select {
	case <-c.gone:
		return false
	default:
		return true
	}
}

// write sends one frame, whole or not at all as far as the other side can tell.
func (c *conn) write(kind int, frame []byte) error {
	return c.exclusive(func() error { return c.ws.WriteMessage(kind, frame) })
}

// writeTorn promises a whole frame, sends half of it and cuts the connection.
func (c *conn) writeTorn(frame []byte) error {
	header := []byte{0x81, 127, 0, 0, 0, 0, 0, 0, 0, 0} // final text frame, 64-bit length
	binary.BigEndian.PutUint64(header[2:], uint64(len(frame)))
	torn := append(header, frame[:len(frame)/2]...)
	err := c.exclusive(func() error {
		_, err := c.raw.Write(torn)
		return err
	})
	return errors.Join(err, c.Close())
}

// say has something written soon. A client that lets a hundred answers pile
// up is cut off.
func (c *conn) say(write func()) {
	select {
	case c.later <- write:
	default:
		c.Close()
	}
}

func (c *conn) speak() {
	for {
		select {
		case write := <-c.later:
			write()
		case <-c.gone:
			return
		}
	}
}

func (c *conn) exclusive(write func() error) error {
	select {
	case c.writing <- struct{}{}:
	case <-c.gone:
		return net.ErrClosed
	}
	defer func() { <-c.writing }()
	deadline := time.Now().Add(writeTime)
	if err := c.ws.SetWriteDeadline(deadline); err != nil {
		return err
	}
	if err := c.raw.SetWriteDeadline(deadline); err != nil {
		return err
	}
	if err := write(); err != nil {
		c.Close()
		return err
	}
	return nil
}

// serve runs one connection from upgrade to end.
func (t *Terminal) serve(raw net.Conn) {
	if t.refuses() {
		return
	}
	ws, path, err := t.upgrade(raw)
	if err != nil {
		t.log.Info("upgrade refused", "error", err)
		return
	}
	_, pos, _ := strings.Cut(path, "mac_address=")
	c := &conn{pos: pos, raw: raw, ws: ws, writing: make(chan struct{}, 1), later: make(chan func(), 100), gone: make(chan struct{})}
	if !t.register(c) {
		return
	}
	defer t.unregister(c)
	t.log.Info("connected", "connection", c.id, "pos", pos)

	var side sync.WaitGroup
	side.Go(func() { t.keepAlive(c) })
	side.Go(c.speak)
	side.Go(func() { t.redeliver(c) })
	t.read(c)
	c.Close()
	side.Wait()
	t.log.Info("disconnected", "connection", c.id)
}

func (t *Terminal) refuses() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.refuse == 0 {
		return false
	}
	if t.refuse > 0 {
		t.refuse--
	}
	return true
}

func (t *Terminal) register(c *conn) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.life.Over() {
		return false
	}
	t.accepted++
	c.id = t.accepted
	t.conns = append(t.conns, c)
	return true
}

func (t *Terminal) unregister(c *conn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, other := range t.conns {
		if other == c {
			t.conns = append(t.conns[:i:i], t.conns[i+1:]...)
			return
		}
	}
}

// read hears frames until the connection ends.
func (t *Terminal) read(c *conn) {
	c.ws.SetReadLimit(maxRequest)
	c.ws.SetPingHandler(func(data string) error {
		t.extend(c)
		if t.silenced() {
			return nil
		}
		c.say(func() {
			// An error here shows at the next read.
			_ = c.ws.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(time.Second))
		})
		return nil
	})
	c.ws.SetPongHandler(func(string) error { t.extend(c); return nil })
	for {
		t.extend(c)
		kind, frame, err := c.ws.ReadMessage()
		if err != nil {
			return
		}
		if !t.hear(c, kind == websocket.BinaryMessage, frame) {
			return
		}
	}
}

func (t *Terminal) extend(c *conn) {
	// An error here shows at the next read.
	_ = c.ws.SetReadDeadline(time.Now().Add(deadAfter))
}

func (t *Terminal) silenced() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.mute
}

func (t *Terminal) keepAlive(c *conn) {
	tick := time.NewTicker(pingEvery)
	defer tick.Stop()
	for {
		select {
		case <-c.gone:
			return
		case <-tick.C:
			if t.silenced() {
				continue
			}
			if err := c.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(time.Second)); err != nil {
				c.Close()
				return
			}
		}
	}
}

// refuseFrame ends a connection that does not speak JSON (§1).
func (c *conn) refuseFrame() {
	farewell := websocket.FormatCloseMessage(websocket.CloseUnsupportedData, "JSON only")
	_ = c.ws.WriteControl(websocket.CloseMessage, farewell, time.Now().Add(time.Second))
	c.Close()
}
