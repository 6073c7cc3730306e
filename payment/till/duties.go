package till

import (
	"context"
	"errors"
	"time"

	"tillkeeper/payment"
)

// Duties are what the till still owes about a settled order: to tell the terminal
// that it has the outcome, and to take back a payment that must not stand. The
// comparison of a signature is a person's duty; see Sign. A duty survives the
// process, because it follows from the journal.

// acknowledgeLimit is how long a terminal may take to be told.
const acknowledgeLimit = 10 * time.Second

// A till that follows waits so long before it tries again what could not be done, at
// first and at most: each try to take a payment back is an order of its own.
const (
	dutyPause        = 30 * time.Second
	longestDutyPause = 30 * time.Minute
)

// acknowledge tells the terminal that the outcome is in the journal, if it wants to
// hear that; once, whoever calls.
func (t *Till) acknowledge(ctx context.Context, r payment.Record) error {
	if s := r.State(); !s.HandOverDue || s.Status.Open() {
		return nil
	}
	_, err, _ := t.handOvers.Do(r.Order.Number, func() (any, error) { return nil, t.handOver(ctx, r.Order.Number) })
	return err
}

func (t *Till) handOver(ctx context.Context, number string) error {
	r, err := t.cfg.Journal.Find(ctx, number)
	if err != nil || !r.State().HandOverDue {
		return err
	}
	d, err := t.driverOf(ctx, r.Order)
	if err != nil {
		return err
	}
	a, ok := d.(payment.Acknowledger)
	if !ok {
		return nil
	}
	original, err := t.original(ctx, r.Order)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, acknowledgeLimit)
	defer cancel()
	if err := a.Acknowledge(ctx, request(r, original)); err != nil {
		return err
	}
	return t.append(t.ctx, r.Order.Number, t.entry(payment.FromTill, payment.KindAcknowledged))
}

// settled does at once what an order that has just been settled asks for, while its
// caller waits, and returns the order as it is then. What fails stays owed.
func (t *Till) settled(r payment.Record) payment.Record {
	if s := r.State(); !s.Owes() && !s.TakingBack() {
		return r
	}
	if err := t.acknowledge(t.ctx, r); err != nil {
		t.log.Warn("the terminal was not told that its answer is stored", "order", r.Order.Number, "error", err)
	}
	if r.State().TakingBack() { // or payOff was quicker: then this waits for it
		if err := t.reverse(r.Order.Number); err != nil {
			t.log.Error("a payment that must not stand was not taken back", "order", r.Order.Number, "error", err)
		}
	}
	now, err := t.fresh(r)
	if now.State().HandOverDue || now.State().ReversalDue {
		t.wakeDuties()
	}
	if err != nil {
		t.log.Error("an order cannot be read", "order", r.Order.Number, "error", err)
	}
	return now
}

// reverse takes a payment back because the terminal or the signature asks for it:
// as a void of its own, once, whoever calls.
func (t *Till) reverse(number string) error {
	_, err, _ := t.reversals.Do(number, func() (any, error) {
		r, err := t.cfg.Journal.Find(t.ctx, number)
		if err != nil || !r.State().ReversalDue {
			return nil, err
		}
		why := "the terminal asked for it"
		if r.State().Signature == payment.SignatureRejected {
			why = "the signature is not the customer's"
		}
		void, err := t.Void(t.ctx, Takeback{Original: number, Reason: why})
		if err == nil && !void.State().Status.Moved() {
			err = payment.Errorf(payment.CodeFollowUpOpen, "void %s is %s", void.Order.Number, void.State().Status).About(void.Order.Number)
		}
		return nil, err
	})
	return err
}

// errNoLink puts a reversal off: there is no use in a void that cannot leave, and the
// link tells when it is up again.
var errNoLink = errors.New("the terminal is not reached")

// owed does what is owed about orders of a terminal, "" for all, and reports
// whether all of it is done.
func (t *Till) owed(ctx context.Context, terminal string) (done bool) {
	all, err := t.cfg.Journal.List(ctx, payment.Filter{Owing: true, Terminal: terminal})
	if err != nil {
		t.log.Error("what is owed cannot be read", "error", err)
		return false
	}
	done = true
	for _, r := range all {
		if t.carrier(r.Order.Number) != nil {
			continue // its caller does it in a moment, when the terminal is free
		}
		err := t.acknowledge(ctx, r)
		switch link := t.drivers.link(r.Order.Terminal); {
		case !r.State().ReversalDue:
		case link.Tried && !link.Up:
			err = errors.Join(err, link.Err, errNoLink)
		default:
			err = errors.Join(err, t.reverse(r.Order.Number))
		}
		if err != nil {
			done = false
			t.log.Info("a duty is left", "order", r.Order.Number, "error", err)
		}
	}
	return done
}

// acknowledgeAll tells a terminal what it has not heard yet, before it gets another
// order. That it cannot be told is no reason not to go on.
func (t *Till) acknowledgeAll(ctx context.Context, terminal string) {
	all, err := t.cfg.Journal.List(ctx, payment.Filter{Owing: true, Terminal: terminal})
	if err != nil {
		t.log.Error("what is owed cannot be read", "error", err)
	}
	for _, r := range all {
		if err := t.acknowledge(ctx, r); err != nil {
			t.log.Info("the terminal was not told that its answer is stored", "order", r.Order.Number, "error", err)
		}
	}
}

// payOff does what is owed, for a till that follows, as soon as it can be done.
func (t *Till) payOff() {
	pause := dutyPause
	for {
		// Not while they are done: a void that fails frees the terminal, too, and must
		// not be the reason for the next one.
		t.dutiesLeft.Store(false)
		var again <-chan time.Time
		if t.owed(t.ctx, "") {
			pause = dutyPause
		} else {
			again = time.After(pause)
			pause = min(2*pause, longestDutyPause)
			t.dutiesLeft.Store(true)
		}
		select {
		case <-t.owing:
		case <-again:
		case <-t.ctx.Done():
			return
		}
	}
}

// wakeDuties makes payOff look again. It does not block.
func (t *Till) wakeDuties() {
	select {
	case t.owing <- struct{}{}:
	default:
	}
}

// Sign records that a person compared the signature of a payment. A rejected one is
// taken back at once; the record returned shows what came of that. CodeNoQuestion:
// nothing is to be compared.
func (t *Till) Sign(ctx context.Context, number string, accepted bool, staff string) (payment.Record, error) {
	if err := t.ready(ctx); err != nil {
		return payment.Record{}, err
	}
	r, err := t.cfg.Journal.Find(ctx, number)
	if err != nil {
		return r, err
	}
	if s := r.State(); s.Signature != payment.SignatureWanted {
		return r, payment.Errorf(payment.CodeNoQuestion, "no signature of order %s is to be compared", number).About(number)
	}
	e := t.entry(payment.FromStaff, payment.KindSigned)
	e.Paid, e.Staff = accepted, staff
	if err := t.append(ctx, number, e); err != nil {
		return r, err
	}
	if !accepted {
		err = t.reverse(number)
	}
	now, read := t.fresh(r)
	return now, errors.Join(err, read)
}

// Owing returns settled orders about which something is still to be done, newest
// first: signatures to compare, payments to take back.
func (t *Till) Owing(ctx context.Context) ([]payment.Record, error) {
	return t.cfg.Journal.List(ctx, payment.Filter{Owing: true})
}
