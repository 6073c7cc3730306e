package torture

import (
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// wire is one connection. What is written to one end is cut into messages and
// arrives at the other end later, in order, unless the plan says otherwise.
type wire struct {
	net            *network
	id             int
	owner          *process
	till, terminal *end

	mu     sync.Mutex
	silent bool  // half-open: nothing arrives any more
	err    error // the connection was reset
}

// end is one side of a wire. It is guarded by the wire's mutex.
type end struct {
	w        *wire
	terminal bool
	peer     *end

	said    []byte // written, not a whole message yet
	count   int    // messages said
	last    time.Time
	heard   []byte // arrived, not read yet
	eof     bool
	closed  bool
	readBy  time.Time
	writeBy time.Time
	wake    chan struct{}
}

func newWire(n *network, id int, owner *process) *wire {
	w := &wire{net: n, id: id, owner: owner}
	w.till = &end{w: w, wake: make(chan struct{}, 1)}
	w.terminal = &end{w: w, wake: make(chan struct{}, 1), terminal: true, peer: w.till}
	w.till.peer = w.terminal
	return w
}

// cut ends the connection: both sides are told, or neither.
func (w *wire) cut(silent bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.cutLocked(silent)
}

func (w *wire) cutLocked(silent bool) {
	if silent {
		w.silent = true
		return
	}
	if w.err == nil {
		w.err = errReset
	}
	w.till.signal()
	w.terminal.signal()
}

// signal wakes a reader. With the wire's mutex held.
func (e *end) signal() {
	select {
	case e.wake <- struct{}{}:
	default:
	}
}

// Write says something. It never blocks: a network has buffers.
func (e *end) Write(b []byte) (int, error) {
	w := e.w
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case e.closed:
		return 0, net.ErrClosed
	case w.err != nil:
		return 0, w.err
	case e.eof:
		return 0, errReset
	case expired(e.writeBy):
		return 0, os.ErrDeadlineExceeded
	}
	e.said = append(e.said, b...)
	for {
		n := w.net.split(e.said, e.count == 0)
		if n <= 0 {
			return len(b), nil
		}
		message := append([]byte(nil), e.said[:n]...)
		e.said = append(e.said[:0], e.said[n:]...)
		e.send(message)
	}
}

// send puts one message on its way, and does to it what the plan says. With
// the wire's mutex held, like all below.
func (e *end) send(message []byte) {
	at := place{wire: e.w.id, message: e.count, terminal: e.terminal}
	e.count++
	delay, again, ordered := e.w.net.latency(at), time.Duration(-1), true
	after := Fault("")
	for _, f := range e.w.net.take(at) {
		e.w.net.struck(f.kind)
		switch f.kind {
		case Drop:
			return
		case Delay:
			delay += f.by
		case Reorder:
			delay, ordered = delay+f.by, false
		case Duplicate:
			again = f.by
		case Truncate:
			message, after = message[:len(message)/2], Reset
		case HalfOpen:
			e.w.cutLocked(true)
		case Reset:
			e.w.cutLocked(false)
		case ResetAfter:
			after = Reset
		}
	}
	e.schedule(message, delay, ordered, after)
	if again >= 0 {
		e.schedule(message, delay+again, false, "")
	}
}

// schedule has a message arrive after a while. An ordered one waits for those
// before it.
func (e *end) schedule(message []byte, delay time.Duration, ordered bool, after Fault) {
	now := time.Now()
	at := now.Add(delay)
	if ordered {
		if !at.After(e.last) {
			at = e.last.Add(time.Microsecond)
		}
		e.last = at
	}
	time.AfterFunc(at.Sub(now), func() {
		e.w.mu.Lock()
		defer e.w.mu.Unlock()
		if e.w.silent || e.w.err != nil || e.peer.closed || e.peer.eof {
			return
		}
		e.peer.heard = append(e.peer.heard, message...)
		e.peer.signal()
		if after == Reset {
			e.w.cutLocked(false)
		}
	})
}

// Read hears what arrived.
func (e *end) Read(b []byte) (int, error) {
	for {
		n, by, err := e.take(b)
		if n > 0 || err != nil {
			return n, err
		}
		if by.IsZero() {
			<-e.wake
			continue
		}
		timer := time.NewTimer(time.Until(by))
		select {
		case <-e.wake:
		case <-timer.C:
		}
		timer.Stop()
	}
}

func (e *end) take(b []byte) (n int, by time.Time, err error) {
	e.w.mu.Lock()
	defer e.w.mu.Unlock()
	switch {
	case e.closed:
		return 0, by, net.ErrClosed
	case expired(e.readBy):
		return 0, by, os.ErrDeadlineExceeded
	case len(e.heard) > 0:
		n = copy(b, e.heard)
		e.heard = e.heard[n:]
		return n, by, nil
	case e.w.err != nil:
		return 0, by, e.w.err
	case e.eof:
		return 0, by, io.EOF
	}
	return 0, e.readBy, nil
}

// Close says what is left and ends this side; the other side hears of it
// after what was said before.
func (e *end) Close() error {
	e.w.mu.Lock()
	defer e.w.mu.Unlock()
	if e.closed {
		return net.ErrClosed
	}
	e.closed = true
	e.signal()
	if len(e.said) > 0 {
		e.send(e.said)
	}
	wait := max(time.Until(e.last), 0) + time.Millisecond
	time.AfterFunc(wait, func() {
		e.w.mu.Lock()
		defer e.w.mu.Unlock()
		if !e.w.silent {
			e.peer.eof = true
			e.peer.signal()
		}
	})
	return nil
}

func expired(by time.Time) bool { return !by.IsZero() && !time.Now().Before(by) }

func (e *end) SetDeadline(t time.Time) error {
	_ = e.SetReadDeadline(t) // neither fails
	return e.SetWriteDeadline(t)
}

func (e *end) SetReadDeadline(t time.Time) error {
	e.w.mu.Lock()
	defer e.w.mu.Unlock()
	e.readBy = t
	e.signal()
	return nil
}

func (e *end) SetWriteDeadline(t time.Time) error {
	e.w.mu.Lock()
	defer e.w.mu.Unlock()
	e.writeBy = t
	return nil
}

func (e *end) LocalAddr() net.Addr  { return address("till") }
func (e *end) RemoteAddr() net.Addr { return address("terminal") }

// address is what an end has for an address.
type address string

func (address) Network() string  { return "torture" }
func (a address) String() string { return string(a) }
