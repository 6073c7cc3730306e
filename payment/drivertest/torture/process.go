package torture

import (
	"context"
	"errors"
	"sync"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/journaltest"
)

// process is one life of the program. It is the journal of its till, so that
// it can die at a write, and it shows the journal's times as its wall clock,
// which jumps, would have them.
type process struct {
	*journaltest.Memory
	// wall is how far the wall clock is from where it began.
	wall func() time.Duration
	// wrote sees every record after a write, died hears of the end.
	wrote func(payment.Record)
	died  func(at Fault)

	mu     sync.Mutex
	gone   bool
	writes int
	// crashAt is the write to die at, 0 for none; before: without it taking effect.
	crashAt int
	before  bool
}

var errDead = errors.New("the process is dead")

func (p *process) dead() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.gone
}

// arm makes the process die at the n-th write from now.
func (p *process) arm(n int, before bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.crashAt, p.before = p.writes+n, before
}

// disarm lets it live.
func (p *process) disarm() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.crashAt = 0
}

// kill ends the process now, and reports whether it lived.
func (p *process) kill(how Fault) bool {
	p.mu.Lock()
	lived := !p.gone
	p.gone = true
	p.mu.Unlock()
	if lived {
		p.died(how)
	}
	return lived
}

// Create stores an order; see payment.Journal.
func (p *process) Create(ctx context.Context, o payment.Order, entries ...payment.Entry) (payment.Record, error) {
	return p.write(func() (payment.Record, error) {
		o.Created = p.toWall(o.Created)
		return p.Memory.Create(ctx, o, p.stamped(entries)...)
	})
}

// Append adds entries; see payment.Journal.
func (p *process) Append(ctx context.Context, number string, entries ...payment.Entry) (payment.Record, error) {
	return p.write(func() (payment.Record, error) { return p.Memory.Append(ctx, number, p.stamped(entries)...) })
}

func (p *process) write(do func() (payment.Record, error)) (payment.Record, error) {
	p.mu.Lock()
	if p.gone {
		p.mu.Unlock()
		return payment.Record{}, errDead
	}
	p.writes++
	last := p.crashAt > 0 && p.writes >= p.crashAt
	if last && p.before {
		p.mu.Unlock()
		p.kill(Crash)
		return payment.Record{}, errDead
	}
	r, err := do()
	p.mu.Unlock()
	if err == nil {
		p.wrote(r)
	}
	if last {
		p.kill(Crash)
		return payment.Record{}, errDead
	}
	return p.fromWall(r), err
}

// Find returns one order; see payment.Journal.
func (p *process) Find(ctx context.Context, number string) (payment.Record, error) {
	if p.dead() {
		return payment.Record{}, errDead
	}
	r, err := p.Memory.Find(ctx, number)
	return p.fromWall(r), err
}

// Open returns the open orders; see payment.Journal.
func (p *process) Open(ctx context.Context) ([]payment.Record, error) {
	return p.all(p.Memory.Open(ctx))
}

// List returns orders; see payment.Journal.
func (p *process) List(ctx context.Context, f payment.Filter) ([]payment.Record, error) {
	return p.all(p.Memory.List(ctx, f))
}

// Since returns what changed; see payment.Journal.
func (p *process) Since(ctx context.Context, seq int64) ([]payment.Record, int64, error) {
	list, last, err := p.Memory.Since(ctx, seq)
	list, err = p.all(list, err)
	return list, last, err
}

func (p *process) all(list []payment.Record, err error) ([]payment.Record, error) {
	if p.dead() {
		return nil, errDead
	}
	for i := range list {
		list[i] = p.fromWall(list[i])
	}
	return list, err
}

// toWall is the wall clock's time at a moment of the process's steady clock;
// fromWall takes a record to where the steady clock, by today's setting of the
// wall clock, would place it. Between the two a jump is what it is in life: a
// stored time that looks older or newer than it is, while timers run on.
func (p *process) toWall(t time.Time) time.Time { return t.Round(0).Add(p.wall()) }

func (p *process) fromWall(r payment.Record) payment.Record {
	jump := p.wall()
	if jump == 0 {
		return r
	}
	r.Order.Created = r.Order.Created.Add(-jump)
	for i := range r.Entries {
		r.Entries[i].Time = r.Entries[i].Time.Add(-jump)
	}
	return r
}

func (p *process) stamped(entries []payment.Entry) []payment.Entry {
	stamped := make([]payment.Entry, len(entries))
	for i, e := range entries {
		e.Time = p.toWall(e.Time)
		stamped[i] = e
	}
	return stamped
}
