package till

import (
	"context"
	"slices"
	"time"

	"github.com/cenkalti/backoff/v5"

	"tillkeeper/payment"
)

// add creates an order and publishes it.
func (t *Till) add(ctx context.Context, o payment.Order, entries []payment.Entry) (payment.Record, error) {
	t.write.Lock()
	defer t.write.Unlock()
	r, err := t.cfg.Journal.Create(ctx, o, entries...)
	if err != nil {
		return r, err
	}
	t.advance(r, len(entries))
	t.publish(ctx, r)
	return r, nil
}

// append adds entries to an order and publishes it.
func (t *Till) append(ctx context.Context, number string, entries ...payment.Entry) error {
	t.write.Lock()
	defer t.write.Unlock()
	r, err := t.cfg.Journal.Append(ctx, number, entries...)
	if err != nil {
		return err
	}
	t.advance(r, len(entries))
	t.publish(ctx, r)
	return nil
}

// advance notes that the journal is read up to the n entries just written, unless
// another process wrote in between: then its entries come first. It is called with
// write held.
func (t *Till) advance(r payment.Record, n int) {
	switch {
	case !t.watching:
	case r.Seq() == t.seq+int64(n):
		t.seq = r.Seq()
	default:
		t.spawn(t.catchUp)
	}
}

// publish tells subscribers of a committed change, and of the original whose state
// follows from it. It is called with write held.
func (t *Till) publish(ctx context.Context, r payment.Record) {
	t.notice(r)
	t.bus.publish(Event{Record: &r})
	if r.Order.Original == "" {
		return
	}
	original, err := t.cfg.Journal.Find(context.WithoutCancel(ctx), r.Order.Original)
	if err != nil {
		t.log.Error("the original cannot be read", "order", r.Order.Original, "error", err)
		return
	}
	t.bus.publish(Event{Record: &original})
}

// notice wakes those who wait for the order, and remembers orders that were unknown
// and turned out paid; see wasPaid.
func (t *Till) notice(r payment.Record) {
	s := r.State()
	number := r.Order.Number
	if s.Status.Moved() && r.Order.Operation.Charges() {
		t.news.arrived(number, doubted(r) && t.justNow(s))
	}
	if s.Status.Open() {
		t.clocks.known(number)
	}
	if t.cfg.Follow && s.Status == payment.StatusUnknown {
		t.resolver.follow(number, time.Now())
	}
	if !s.Status.Open() {
		t.clocks.end(number)
		t.news.settled(number)
		t.resolver.drop(number)
		if c := t.carrier(number); c != nil {
			// Somebody else proved the outcome: stop waiting, without a request to withdraw.
			c.ctx.end(context.DeadlineExceeded)
		}
	}
	if t.cfg.Follow && s.Owes() {
		t.wakeDuties()
	}
	t.resolver.announce()
}

// insist records an entry whatever the disk says: at once, and then again and again
// in the background. The error says that it is not durable yet.
func (t *Till) insist(number string, e payment.Entry) error {
	return t.keepTrying(number, e, t.append(t.ctx, number, e))
}

// insistFor is how long the caller waits for a disk that refuses an answer; it goes
// on being tried after that.
const insistFor = 3 * time.Second

// keepTrying records an entry that the disk refused with err, nil if it did not.
func (t *Till) keepTrying(number string, e payment.Entry, err error) error {
	if err == nil {
		return nil
	}
	t.log.Error("the answer is not recorded yet", "order", number, "outcome", e.Outcome, "error", err)
	t.news.failed(number)
	recorded := make(chan struct{})
	t.spawn(func() {
		// A read-only journal heals when the disk does; the answer waits for it.
		_, failed := backoff.Retry(t.ctx, func() (struct{}, error) {
			return struct{}{}, t.append(t.ctx, number, e)
		}, backoff.WithBackOff(pauses()), backoff.WithMaxElapsedTime(0))
		if failed == nil {
			close(recorded)
		}
	})
	timer := time.NewTimer(insistFor)
	defer timer.Stop()
	select {
	case <-recorded:
		return nil
	case <-timer.C:
	case <-t.ctx.Done():
	}
	return payment.Errorf(payment.CodeNotRecorded, "the terminal's word about order %s (%s) could not be recorded: %w", number, e.Outcome, err).About(number)
}

// late records an answer that no call was waiting for: late truth wins.
func (t *Till) late(term payment.Terminal, r payment.Result) {
	if r.Number == "" {
		t.log.Warn("an answer without an order number came unasked", "terminal", term.Name, "outcome", r.Outcome)
		return
	}
	record, err := t.cfg.Journal.Find(t.ctx, r.Number)
	if err != nil || record.Order.Terminal != term.ID {
		t.log.Warn("an answer came for an order that is not of this till", "order", payment.Mask(r.Number), "terminal", term.Name, "outcome", r.Outcome)
		return
	}
	if err := t.heard(r.Number, t.answer(payment.KindAnswer, record.Order, r)); err != nil {
		t.log.Error("a late answer is lost for now", "order", r.Number, "error", err)
	}
}

// deliver records an answer that may be acknowledged only when it is durable. An
// answer to an order that is not of this till is refused.
func (t *Till) deliver(ctx context.Context, term payment.Terminal, r payment.Result) error {
	record, err := t.cfg.Journal.Find(ctx, r.Number)
	if err != nil {
		return err
	}
	if record.Order.Terminal != term.ID {
		return payment.Errorf(payment.CodeUnknownOrder, "order %s is of another terminal", payment.Mask(r.Number))
	}
	return t.hearOnce(r.Number, t.answer(payment.KindAnswer, record.Order, r))
}

// heard records an answer, unless it is the one heard last, delivered twice.
func (t *Till) heard(number string, e payment.Entry) error {
	return t.keepTrying(number, e, t.hearOnce(number, e))
}

// hearOnce takes answers one by one, so that a repeated one is seen to be one.
func (t *Till) hearOnce(number string, e payment.Entry) error {
	t.hearing.Lock()
	defer t.hearing.Unlock()
	record, err := t.cfg.Journal.Find(t.ctx, number)
	if err == nil && repeats(record, e) {
		return nil
	}
	if err == nil {
		e = withdrawnByUs(record, e)
	}
	return t.append(t.ctx, number, e)
}

// withdrawnByUs keeps "cancelled" from being said of a payment while a void of it is
// not settled: it may be that void which shows, and then the payment was charged. What
// became of the void says what became of the payment.
func withdrawnByUs(r payment.Record, e payment.Entry) payment.Entry {
	voiding := slices.ContainsFunc(r.FollowUps, func(f payment.FollowUp) bool {
		return f.Operation == payment.Void && f.Status.Open()
	})
	if voiding && e.Outcome == payment.Cancelled && (e.Kind == payment.KindStatus || e.Kind == payment.KindAnswer) {
		e.Kind, e.Outcome, e.Code = payment.KindStatus, payment.Pending, payment.CodePending
	}
	return e
}

// repeats reports whether e says only what the order's last answer said: terminals
// deliver results twice.
func repeats(r payment.Record, e payment.Entry) bool {
	for i := len(r.Entries) - 1; i >= 0; i-- {
		if have := r.Entries[i]; have.Kind == payment.KindAnswer || have.Kind == payment.KindMismatch {
			return have.Kind == e.Kind && have.Outcome == e.Outcome && have.Code == e.Code && sameFacts(have.Facts, e.Facts)
		}
	}
	return false
}

// sameFacts reports whether the second answer tells nothing new.
func sameFacts(a, b *payment.Facts) bool {
	if a == nil || b == nil {
		return a == b
	}
	x, y := *a, *b
	x.Amounts, y.Amounts = payment.Amounts{}, payment.Amounts{}
	return x == y && a.Amounts.Equal(b.Amounts)
}

// watch publishes what other processes of this till write, and obeys a request to
// withdraw an order that this process carries.
func (t *Till) watch() error {
	changes, err := t.cfg.Journal.Watch(t.ctx)
	if err != nil {
		return err
	}
	t.write.Lock()
	_, t.seq, err = t.cfg.Journal.Since(t.ctx, 1<<62)
	t.watching = err == nil
	t.write.Unlock()
	if err != nil {
		return err
	}
	t.spawn(func() {
		for range changes {
			t.catchUp()
		}
	})
	return nil
}

func (t *Till) catchUp() {
	t.write.Lock()
	records, last, err := t.cfg.Journal.Since(t.ctx, t.seq)
	if err != nil {
		t.write.Unlock()
		t.log.Error("the journal cannot be read", "error", err)
		return
	}
	for _, r := range records {
		t.publish(t.ctx, r)
	}
	t.seq = max(t.seq, last)
	t.write.Unlock()
	for _, r := range records {
		if c := t.carrier(r.Order.Number); c != nil && r.Has(payment.KindCancelRequested) {
			c.ctx.end(context.Canceled)
		}
		if t.cfg.Follow && r.State().Status.Open() {
			t.resolver.follow(r.Order.Number, time.Now())
		}
	}
}
