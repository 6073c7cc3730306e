package till

import (
	"context"
	"time"

	"tillkeeper/payment"
)

// Query asks the terminal about an order now, whatever its status, and returns what
// is known then. The error says that the terminal gave no usable answer; the record
// is valid all the same.
func (t *Till) Query(ctx context.Context, number string) (payment.Record, error) {
	r, err := t.cfg.Journal.Find(ctx, number)
	if err != nil {
		return r, err
	}
	r, err = t.ask(ctx, r, true)
	t.tell(r)
	return t.settled(r), err
}

// recoverPause is the longest pause of Recover: somebody is waiting for it.
const recoverPause = 5 * time.Second

// Recover asks about every open order: one round, or rounds until none is open or
// the time is over. It returns each order it touched, as it is then.
func (t *Till) Recover(ctx context.Context, wait time.Duration) ([]payment.Record, error) {
	open, err := t.cfg.Journal.Open(ctx)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, max(wait, 2*askLimit))
	defer cancel()
	until := time.Now().Add(wait)
	pause := pauses()
	defer t.owed(ctx, "")
	for {
		touched, left := t.round(ctx, open)
		next := min(pause.NextBackOff(), recoverPause)
		if left == 0 || time.Now().Add(next).After(until) {
			return touched, nil
		}
		select {
		case <-time.After(next):
		case <-t.resolver.change():
		case <-ctx.Done():
			return touched, nil
		}
	}
}

// round asks about each of the orders that is still open and returns them all as
// they are then, with the number still open.
func (t *Till) round(ctx context.Context, orders []payment.Record) (now []payment.Record, left int) {
	var open []payment.Record
	for _, r := range orders {
		if r, err := t.cfg.Journal.Find(ctx, r.Order.Number); err == nil && r.State().Status.Open() {
			open = append(open, r)
		}
	}
	t.askAll(ctx, open)
	for _, r := range orders {
		if fresh, err := t.cfg.Journal.Find(ctx, r.Order.Number); err == nil {
			r = fresh
		}
		now = append(now, r)
		if r.State().Status.Open() {
			left++
		}
	}
	return now, left
}

// Decision is a person's word about an unknown order.
type Decision struct {
	Order string
	// Paid: the money moved; for a refund or void, that movement happened.
	Paid   bool
	Reason string
	Proof  string
	Staff  string
}

// Decide records a person's decision about an unknown order. A real answer that
// comes later replaces it and is shown as a contradiction.
func (t *Till) Decide(ctx context.Context, d Decision) (payment.Record, error) {
	r, err := t.cfg.Journal.Find(ctx, d.Order)
	if err != nil {
		return r, err
	}
	if r, err = t.orphan(ctx, r); err != nil {
		return r, err
	}
	if s := r.State().Status; s != payment.StatusUnknown {
		return r, payment.Errorf(payment.CodeNotOpen, "order %s is %s; there is nothing to decide", d.Order, s).About(d.Order)
	}
	if d.Reason == "" || d.Proof == "" {
		return r, payment.Errorf(payment.CodeReasonMissing, "a decision needs its reason and the proof seen")
	}
	e := t.entry(payment.FromStaff, payment.KindDecided)
	e.Paid, e.Reason, e.Proof, e.Staff = d.Paid, payment.Mask(d.Reason), payment.Mask(d.Proof), d.Staff
	if err := t.append(ctx, d.Order, e); err != nil {
		return r, err
	}
	return t.cfg.Journal.Find(ctx, d.Order)
}
