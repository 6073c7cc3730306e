package till

import (
	"context"
	"sync"
	"time"
)

// leash is the context of one Driver.Do. A driver asks the terminal to withdraw the
// order when its context is cancelled, and just stops waiting at a deadline; a
// leash lets the till choose which, at any time. It inherits neither end nor values
// from a caller, because an answer to what was sent must be recorded even when the
// caller is gone.
type leash struct {
	done chan struct{}

	mu    sync.Mutex
	err   error
	timer *time.Timer
}

// newLeash returns a leash that ends like a deadline after limit.
func newLeash(limit time.Duration) *leash {
	l := &leash{done: make(chan struct{})}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.timer = time.AfterFunc(limit, func() { l.end(context.DeadlineExceeded) })
	return l
}

// end ends the leash with context.Canceled or context.DeadlineExceeded. The first
// end stands.
func (l *leash) end(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return
	}
	l.err = err
	l.timer.Stop()
	close(l.done)
}

// Deadline reports none: the till may end the leash earlier or later.
func (l *leash) Deadline() (time.Time, bool) { return time.Time{}, false }

// Done is closed when the leash has ended.
func (l *leash) Done() <-chan struct{} { return l.done }

// Err says how the leash has ended.
func (l *leash) Err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

// Value has none.
func (l *leash) Value(any) any { return nil }
