package drivertest

import (
	"context"
	"errors"
	"sync"

	"tillkeeper/payment"
	"tillkeeper/payment/journaltest"
)

// desk is the journal as one process of the till sees it: the process can die,
// and the disk can fill up, at any write.
type desk struct {
	*journaltest.Memory

	mu     sync.Mutex
	writes int   // so far
	broken error // what every write, and for the dead every read, gets
	dead   bool
	// at is the write at which it happens, below zero for none; after says that
	// this write itself still succeeds. trip is told, once.
	at    int
	after bool
	fault error
	trip  func()
}

var (
	errDead = errors.New("the process is dead")
	errFull = payment.NotSent(payment.CodeCannotRecord, "the disk is full")
)

func newDesk(m *journaltest.Memory) *desk { return &desk{Memory: m, at: -1} }

// arm breaks the desk with fault at the n-th write from now, or right after it.
func (d *desk) arm(n int, after bool, fault error, trip func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.at, d.after, d.fault, d.trip = d.writes+n, after, fault, trip
}

// tripped reports whether an armed desk has broken.
func (d *desk) tripped() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.at >= 0 && d.broken != nil
}

// fail breaks the desk at once; nil heals it.
func (d *desk) fail(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.broken, d.dead = err, errors.Is(err, errDead)
	if err == nil {
		d.at = -1
	}
}

// write does f unless the desk is broken by then.
func (d *desk) write(f func() (payment.Record, error)) (payment.Record, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	here := d.at == d.writes && d.broken == nil
	d.writes++
	if here && !d.after {
		d.blow()
	}
	if d.broken != nil {
		return payment.Record{}, d.broken
	}
	r, err := f()
	if here && d.after {
		d.blow()
		if d.dead {
			return payment.Record{}, d.broken
		}
	}
	return r, err
}

// blow is called with mu held.
func (d *desk) blow() {
	d.broken, d.dead = d.fault, errors.Is(d.fault, errDead)
	if d.trip != nil {
		d.trip()
	}
}

func (d *desk) read() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.dead {
		return d.broken
	}
	return nil
}

// Create stores an order; see payment.Journal.
func (d *desk) Create(ctx context.Context, o payment.Order, entries ...payment.Entry) (payment.Record, error) {
	return d.write(func() (payment.Record, error) { return d.Memory.Create(ctx, o, entries...) })
}

// Append adds entries; see payment.Journal.
func (d *desk) Append(ctx context.Context, number string, entries ...payment.Entry) (payment.Record, error) {
	return d.write(func() (payment.Record, error) { return d.Memory.Append(ctx, number, entries...) })
}

// Find returns one order; see payment.Journal.
func (d *desk) Find(ctx context.Context, number string) (payment.Record, error) {
	if err := d.read(); err != nil {
		return payment.Record{}, err
	}
	return d.Memory.Find(ctx, number)
}

// Open returns the open orders; see payment.Journal.
func (d *desk) Open(ctx context.Context) ([]payment.Record, error) {
	if err := d.read(); err != nil {
		return nil, err
	}
	return d.Memory.Open(ctx)
}
