package payment

import (
	"context"
	"time"
)

// Journal keeps every order for ever. Nothing in it is changed or removed. Several
// processes may have the same journal open; it is the one place that decides
// between them.
type Journal interface {
	// Create stores the order with its first entries, durable when it returns. In
	// the same step it applies MayStart against the orders that are open on the
	// terminal and against the original, so that two processes cannot both be
	// right. From then on the order is held by this process.
	Create(ctx context.Context, o Order, entries ...Entry) (Record, error)

	// Append adds entries to an order, durable when it returns, and returns the
	// order as it is then.
	Append(ctx context.Context, number string, entries ...Entry) (Record, error)

	// Find returns one order. CodeUnknownOrder: there is no such number.
	Find(ctx context.Context, number string) (Record, error)

	// Open returns all orders whose status is open, oldest first.
	Open(ctx context.Context) ([]Record, error)

	// List returns orders, newest first.
	List(ctx context.Context, f Filter) ([]Record, error)

	// Since returns the orders that got entries after seq, in the order of their
	// last entry, and the last seq there is.
	Since(ctx context.Context, seq int64) ([]Record, int64, error)

	// Watch signals when another process may have written. The channel is closed
	// when ctx ends. Signals are hints: several writes may give one, and one may be
	// empty.
	Watch(ctx context.Context) (<-chan struct{}, error)
}

// Record is an order with all that is known about it.
type Record struct {
	Order     Order
	Entries   []Entry
	FollowUps []FollowUp
	// Holder says whether a living process carries the order.
	Holder Holder
}

// State computes the order's state.
func (r Record) State() State { return Assess(r.Order, r.Entries, r.FollowUps) }

// Apparent is State as people should read it now: an order under way that no living
// process carries is already as unknown, or as surely not sent, as recovery is
// going to write down.
func (r Record) Apparent() State {
	s := r.State()
	if !s.Status.UnderWay() || r.Holder != HeldByNone {
		return s
	}
	orphan := Entry{Time: s.Since, Source: FromRecovery, Kind: KindOrphaned, Code: CodeProgramStopped}
	if s.Status == StatusCreated {
		orphan.Kind = KindNotSent
	}
	return Assess(r.Order, append(r.Entries[:len(r.Entries):len(r.Entries)], orphan), r.FollowUps)
}

// Has reports whether the order has an entry of that kind.
func (r Record) Has(k Kind) bool {
	for _, e := range r.Entries {
		if e.Kind == k {
			return true
		}
	}
	return false
}

// Seq returns the number of the record's last entry.
func (r Record) Seq() int64 {
	if len(r.Entries) == 0 {
		return 0
	}
	return r.Entries[len(r.Entries)-1].Seq
}

// Holder says who carries an order.
type Holder string

// The holders: this process, another living one, or none that lives.
const (
	HeldHere   Holder = "here"
	HeldThere  Holder = "there"
	HeldByNone Holder = "none"
)

// Filter chooses orders. Zero fields choose everything.
type Filter struct {
	Since, Until time.Time
	Status       Status
	Operation    Operation
	Terminal     string
	// Search finds order numbers, notes, last four digits and sums.
	Search string
	// Owing chooses settled orders about which the till still has something to do;
	// see State.Owes.
	Owing bool
	// Limit is how many at most; 0 means 100.
	Limit int
}
