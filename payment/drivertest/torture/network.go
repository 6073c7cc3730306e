package torture

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"
)

// network joins a till's process with the terminal, message by message, and
// does to the messages what the plan says. It starts no goroutine that waits:
// what is under way are timers.
type network struct {
	seed   uint64
	split  func(stream []byte, first bool) int
	serve  func(net.Conn)
	struck func(f Fault)

	mu     sync.Mutex
	faults map[place][]boundaryFault
	wires  []*wire
	down   bool // dials are refused
	mute   bool // dials get no answer
	healed bool
}

// place is a message boundary: the n-th message of one side of a connection.
type place struct {
	wire, message int
	terminal      bool // said by the terminal
}

var (
	errUnreachable = errors.New("network is unreachable")
	errReset       = errors.New("connection reset by peer")
)

// dial opens a connection for a process. alive is asked again when the
// connection is made: a dead process dials nothing.
func (n *network) dial(ctx context.Context, p *process) (net.Conn, error) {
	timer := time.NewTimer(n.latency(place{wire: -1}))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	n.mu.Lock()
	down, mute := n.down || p.dead(), n.mute
	n.mu.Unlock()
	if mute && !down {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	if down {
		return nil, errUnreachable
	}
	n.mu.Lock()
	w := newWire(n, len(n.wires), p)
	n.wires = append(n.wires, w)
	n.mu.Unlock()
	go n.serve(w.terminal)
	return w.till, nil
}

// latency differs from message to message, so that hardly anything happens at
// the same moment, and is the same whenever the same plan runs.
func (n *network) latency(at place) time.Duration {
	x := n.seed ^ uint64(at.wire+2)<<40 ^ uint64(at.message)<<8
	if at.terminal {
		x ^= 1 << 63
	}
	return 200*time.Microsecond + time.Duration(mix(x)%uint64(12*time.Millisecond))
}

// take returns the faults that the plan has for a boundary.
func (n *network) take(at place) []boundaryFault {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.healed {
		return nil
	}
	return n.faults[at]
}

// outage cuts all connections, loudly or without a word, and refuses new ones
// until it is over.
func (n *network) outage(silent bool) {
	n.mu.Lock()
	n.down, n.mute = !silent, silent
	n.mu.Unlock()
	n.each(func(w *wire) { w.cut(silent) })
}

// restore ends an outage. Silent connections stay silent: their ends have to
// notice for themselves.
func (n *network) restore() {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.down, n.mute = false, false
}

// heal ends all faults, also those that are still planned.
func (n *network) heal() {
	n.restore()
	n.mu.Lock()
	defer n.mu.Unlock()
	n.healed = true
}

// die ends the connections of a process that stopped: with a farewell of its
// system when it was killed, without a word when the power went.
func (n *network) die(p *process, silent bool) {
	n.each(func(w *wire) {
		if w.owner == p {
			w.cut(silent)
		}
	})
}

func (n *network) each(f func(*wire)) {
	n.mu.Lock()
	all := append([]*wire(nil), n.wires...)
	n.mu.Unlock()
	for _, w := range all {
		f(w)
	}
}

// mix is the finaliser of SplitMix64: a cheap function that looks random.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
