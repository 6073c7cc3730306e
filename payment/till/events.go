package till

import (
	"context"
	"sync"

	"tillkeeper/payment"
)

// Event says that something changed. Exactly one of its parts is set.
type Event struct {
	// Record is an order as the journal holds it after the change.
	Record *payment.Record
	// Terminal is a terminal that was added or changed.
	Terminal *TerminalState
	// Link is a terminal's link that went up or down or gave a sign of life.
	Link *LinkChange
	// Removed is the id of a terminal that was taken out of use.
	Removed string
}

// LinkChange is the new state of the link to the terminal with that id.
type LinkChange struct {
	Terminal string
	Link     payment.LinkState
}

// Snapshot is what there is when a subscription begins.
type Snapshot struct {
	Terminals []TerminalState
	// Recent are the last orders, newest first; Open all open ones, oldest first.
	Recent []payment.Record
	Open   []payment.Record
	// Owing are settled orders about which something is still to be done; see
	// payment.State.Owes.
	Owing []payment.Record
}

// recent is how many orders a snapshot has.
const recent = 20

// Subscribe returns what there is and a channel of what changes from then on, in
// the order of the journal. A change may be in both. The channel is closed when ctx
// ends, when the till closes, and when the subscriber is too slow: then subscribe
// again.
func (t *Till) Subscribe(ctx context.Context) (Snapshot, <-chan Event, error) {
	events := t.bus.subscribe()
	context.AfterFunc(ctx, func() { t.bus.drop(events) })
	s, err := t.snapshot(ctx)
	if err != nil {
		t.bus.drop(events)
		return Snapshot{}, nil, err
	}
	return s, events, nil
}

func (t *Till) snapshot(ctx context.Context) (s Snapshot, err error) {
	if s.Terminals, err = t.Terminals(ctx); err != nil {
		return s, err
	}
	if s.Recent, err = t.cfg.Journal.List(ctx, payment.Filter{Limit: recent}); err != nil {
		return s, err
	}
	if s.Open, err = t.cfg.Journal.Open(ctx); err != nil {
		return s, err
	}
	s.Owing, err = t.Owing(ctx)
	return s, err
}

// backlog is how many events a subscriber may be behind before it is cut off.
const backlog = 256

// bus hands events to subscribers without ever waiting for one.
type bus struct {
	mu     sync.Mutex
	subs   map[chan Event]bool
	closed bool
}

func (b *bus) subscribe() chan Event {
	b.mu.Lock()
	defer b.mu.Unlock()
	events := make(chan Event, backlog)
	if b.closed {
		close(events)
		return events
	}
	if b.subs == nil {
		b.subs = map[chan Event]bool{}
	}
	b.subs[events] = true
	return events
}

func (b *bus) publish(e Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for events := range b.subs {
		select {
		case events <- e:
		default:
			b.remove(events)
		}
	}
}

func (b *bus) drop(events chan Event) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.remove(events)
}

func (b *bus) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed = true
	for events := range b.subs {
		b.remove(events)
	}
}

// remove is called with mu held.
func (b *bus) remove(events chan Event) {
	if b.subs[events] {
		delete(b.subs, events)
		close(events)
	}
}
