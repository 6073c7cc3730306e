// Package serve is a simulator's life on the network: its sockets, its connections
// over them or in memory, and its goroutines, which all end before Close returns.
package serve

import (
	"context"
	"sync"
	"time"
)

// Life is what the goroutines of a simulator have in common: they start only while it
// lasts, and [Server.Close] ends it and waits for them.
type Life struct {
	over context.Context
	end  context.CancelFunc

	mu   sync.Mutex // nothing begins once end was called
	work sync.WaitGroup
}

func newLife() *Life {
	over, end := context.WithCancel(context.Background())
	return &Life{over: over, end: end}
}

// Go runs f in a goroutine of its own. It reports false, and does nothing, when the
// life is over.
func (l *Life) Go(f func()) bool {
	if !l.begin() {
		return false
	}
	go func() {
		defer l.work.Done()
		f()
	}()
	return true
}

// Sleep waits, and reports whether the life still lasts then.
func (l *Life) Sleep(d time.Duration) bool {
	if d <= 0 {
		return !l.Over()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-l.Done():
		return false
	}
}

// Await waits for a moment, and reports whether it came while the life lasted.
func (l *Life) Await(moment <-chan struct{}) bool {
	select {
	case <-moment:
		return true
	case <-l.Done():
		return false
	}
}

// Over reports whether the life is over.
func (l *Life) Over() bool { return l.over.Err() != nil }

// Done is closed when the life is over.
func (l *Life) Done() <-chan struct{} { return l.over.Done() }

// Context ends with the life.
func (l *Life) Context() context.Context { return l.over }

// begin registers a goroutine, whose last word is work.Done. The work group is only
// ever added to here, so that Close can wait for it.
func (l *Life) begin() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.Over() {
		return false
	}
	l.work.Add(1)
	return true
}

func (l *Life) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.end()
}
