package till

import (
	"context"
	"time"

	"tillkeeper/payment"
)

// cancelWait is how long Cancel waits for the last word about an order that another
// part of the till carries: the driver's grace and a query after it.
const cancelWait = 20 * time.Second

// lookEvery is how often an order under way is looked at in the journal, should the
// system not tell of another process's writes, as on a network drive.
const lookEvery = time.Second

// Cancel asks the terminal to withdraw an order, whoever carries it: this process,
// another one, or none that lives. It returns the order as it is known then; only
// its status tells whether the withdrawal came in time. CodeNotOpen: there is
// nothing to withdraw.
func (t *Till) Cancel(ctx context.Context, number string) (payment.Record, error) {
	r, err := t.cfg.Journal.Find(ctx, number)
	if err != nil {
		return r, err
	}
	if !r.State().Status.Open() {
		return r, payment.Errorf(payment.CodeNotOpen, "order %s is %s; there is nothing to withdraw", number, r.State().Status).About(number)
	}
	if c := t.carrier(number); c != nil {
		t.withdraw(c, payment.FromStaff)
		return t.awaitSettled(ctx, number)
	}
	if err := t.append(ctx, number, t.entry(payment.FromStaff, payment.KindCancelRequested)); err != nil {
		return r, err
	}
	if r.State().Status.UnderWay() && r.Holder == payment.HeldThere {
		// The entry is the request: the process that carries the order watches for it.
		return t.awaitSettled(ctx, number)
	}
	return t.abort(ctx, r)
}

// withdraw asks the terminal to withdraw an order that this process carries.
func (t *Till) withdraw(c *carrier, source payment.Source) {
	if err := t.append(t.ctx, c.order.Number, t.entry(source, payment.KindCancelRequested)); err != nil {
		t.log.Error("the request to withdraw was not recorded", "order", c.order.Number, "error", err)
	}
	c.ctx.end(context.Canceled)
}

// abort asks the terminal directly, for an order that nobody carries, and then for its outcome.
func (t *Till) abort(ctx context.Context, r payment.Record) (payment.Record, error) {
	r, err := t.orphan(ctx, r)
	if err != nil || !r.State().Status.Open() {
		return r, err
	}
	d, err := t.driverOf(ctx, r.Order)
	if err != nil {
		return r, err
	}
	if a, ok := d.(payment.Aborter); ok {
		if err := a.Abort(ctx, request(r, nil)); err != nil {
			t.log.Info("the terminal did not agree to withdraw", "order", r.Order.Number, "error", err)
		}
	}
	return t.lastWord(r)
}

// awaitSettled waits until the order is not open any more, for cancelWait at most.
func (t *Till) awaitSettled(ctx context.Context, number string) (payment.Record, error) {
	timer := time.NewTimer(cancelWait)
	defer timer.Stop()
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		change := t.resolver.change()
		r, err := t.cfg.Journal.Find(ctx, number)
		if err != nil || !r.State().Status.Open() {
			return r, err
		}
		select {
		case <-change:
		case <-look.C:
		case <-timer.C:
			return r, nil
		case <-ctx.Done():
			return r, nil
		case <-t.ctx.Done():
			return r, nil
		}
	}
}
