package till

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"

	"tillkeeper/payment"
)

// Pace of asking about an unknown order: at once, after firstPause, then growing to
// lastPause, for ever.
const (
	firstPause = 2 * time.Second
	lastPause  = 30 * time.Second
	pauseGrows = 1.6
)

// A terminal that is not reached is tried again every unreachedPause while the
// doubt is fresh: that costs a connection attempt and no question, and staff stand
// waiting for it to come back.
const (
	unreachedPause = 3 * time.Second
	freshDoubt     = time.Hour
)

// proofPause is how far apart two "not found" must be, at least, to prove anything:
// one may be early (PayCloud's text, §11.3).
const proofPause = 30 * time.Second

// askLimit is how long one status query may take.
const askLimit = 30 * time.Second

// resolver knows which orders are to be asked about and when. It sleeps while there
// are none. Its times are the system's monotonic ones: a clock that is set must not
// stop the questions.
type resolver struct {
	mu      sync.Mutex
	due     map[string]*schedule
	wake    chan struct{}
	changed chan struct{}
}

type schedule struct {
	at       time.Time
	terminal string
	pause    *backoff.ExponentialBackOff
	asking   bool
}

func (r *resolver) init() {
	r.due = map[string]*schedule{}
	r.wake = make(chan struct{}, 1)
	r.changed = make(chan struct{})
}

// follow asks about the order from at on, until it is settled or dropped.
func (r *resolver) follow(number string, at time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.due[number] == nil {
		r.due[number] = &schedule{at: at, pause: pauses()}
		r.nudge()
	}
}

func pauses() *backoff.ExponentialBackOff {
	b := backoff.NewExponentialBackOff()
	b.InitialInterval, b.MaxInterval, b.Multiplier, b.RandomizationFactor = firstPause, lastPause, pauseGrows, 0
	return b
}

func (r *resolver) drop(number string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.due, number)
}

// wakeTerminal asks about all orders of a terminal that was just reached.
func (r *resolver) wakeTerminal(id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.due {
		if s.terminal == id {
			s.at = time.Time{}
			s.pause.Reset()
		}
	}
	r.nudge()
}

// nudge is called with mu held.
func (r *resolver) nudge() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// announce wakes everybody who waits for an order to change.
func (r *resolver) announce() {
	r.mu.Lock()
	defer r.mu.Unlock()
	close(r.changed)
	r.changed = make(chan struct{})
}

func (r *resolver) change() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.changed
}

// take returns the orders to ask about now and when the next one is due, zero if
// none is.
func (r *resolver) take(now time.Time) (numbers []string, next time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for number, s := range r.due {
		switch {
		case s.asking:
		case !s.at.After(now):
			s.asking = true
			numbers = append(numbers, number)
		case next.IsZero() || s.at.Before(next):
			next = s.at
		}
	}
	return numbers, next
}

// asked plans the next question about the order; soon is for a terminal that was not reached.
func (r *resolver) asked(number, terminal string, now time.Time, soon bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.due[number]
	if s == nil {
		return
	}
	pause := unreachedPause
	if !soon {
		pause = s.pause.NextBackOff()
	}
	s.asking, s.terminal, s.at = false, terminal, now.Add(pause)
	r.nudge()
}

// resolve asks about followed orders until the till closes.
func (t *Till) resolve() {
	for {
		numbers, next := t.resolver.take(time.Now())
		for _, number := range numbers {
			t.spawn(func() { t.pursue(number) })
		}
		var timer <-chan time.Time
		if !next.IsZero() {
			timer = time.After(time.Until(next))
		}
		select {
		case <-t.ctx.Done():
			return
		case <-t.resolver.wake:
		case <-timer:
		}
	}
}

// pursue asks once about a followed order and plans the next time.
func (t *Till) pursue(number string) {
	record, err := t.cfg.Journal.Find(t.ctx, number)
	if err == nil {
		record, err = t.ask(t.ctx, record, false)
	}
	if err != nil {
		t.log.Debug("an open order could not be asked about", "order", number, "error", err)
	} else if !record.State().Status.Open() {
		// Also an order that somebody followed after it was settled.
		t.resolver.drop(number)
		return
	}
	soon := errors.Is(err, payment.ErrNotSent) && t.clocks.known(number) < freshDoubt
	t.resolver.asked(number, record.Order.Terminal, time.Now(), soon)
}

// ask sends one status query about an order and records what came of it. An order
// that a living process carries is left to it, unless a person insists. The error
// says that there was no usable answer; the record is valid whatever happened.
func (t *Till) ask(ctx context.Context, r payment.Record, insist bool) (payment.Record, error) {
	r, err := t.orphan(ctx, r)
	if err != nil {
		return r, err
	}
	status := r.State().Status
	if !insist && status != payment.StatusUnknown {
		return r, nil
	}
	d, err := t.driverOf(ctx, r.Order)
	if err != nil {
		return r, err
	}
	original, err := t.original(ctx, r.Order)
	if err != nil {
		return r, err
	}
	limited, cancel := context.WithTimeout(ctx, askLimit)
	defer cancel()
	result, asked := d.Status(limited, request(r, original))
	if ctx.Err() != nil && asked != nil {
		return r, ctx.Err()
	}
	r, err = t.noteStatus(r, result, asked, d.Capabilities(), insist)
	return r, errors.Join(asked, err)
}

// noteStatus records a status answer about r. It is written even if the caller has gone by now.
func (t *Till) noteStatus(r payment.Record, result payment.Result, asked error, can payment.Capabilities, insist bool) (payment.Record, error) {
	r, err := t.fresh(r)
	if err != nil {
		return r, err
	}
	entry := t.entry(payment.FromTill, payment.KindNoAnswer)
	if asked != nil {
		entry.Code, entry.Detail = payment.CodeOf(asked), payment.Mask(asked.Error())
	} else {
		entry = withdrawnByUs(r, t.answer(payment.KindStatus, r.Order, result))
	}
	if !insist && sameAsLast(r, entry, can) {
		return r, nil
	}
	entries := []payment.Entry{entry}
	if proof, ok := t.notCharged(r, entry, can); ok {
		entries = append(entries, proof)
	}
	if err := t.append(t.ctx, r.Order.Number, entries...); err != nil {
		return r, err
	}
	return t.fresh(r)
}

// fresh reads the order again; if that fails, the record is the one there was.
func (t *Till) fresh(r payment.Record) (payment.Record, error) {
	now, err := t.cfg.Journal.Find(t.ctx, r.Order.Number)
	if err != nil {
		return r, err
	}
	return now, nil
}

// repeatAfter is how long the same fruitless answer is not written down again, at
// least; it grows with the age of the order.
const repeatAfter = 10 * time.Minute

// sameAsLast keeps an order that is asked about for months from filling the journal
// with one sentence. What may settle the order is always written down.
func sameAsLast(r payment.Record, e payment.Entry, can payment.Capabilities) bool {
	if e.Kind == payment.KindStatus && (e.Outcome.Final() || e.Outcome == payment.NotFound && can.NotFoundProves) {
		return false
	}
	if len(r.Entries) == 0 {
		return false
	}
	last := r.Entries[len(r.Entries)-1]
	pause := max(repeatAfter, last.Time.Sub(r.Order.Created)/10)
	since := e.Time.Sub(last.Time) // less than nothing after the clock was set back
	return last.Kind == e.Kind && last.Outcome == e.Outcome && last.Code == e.Code && since >= 0 && since < pause
}

// notCharged draws the one conclusion that "not found" allows: the source must know
// every order, the payment's own time limit must have passed, and it must have been
// asked twice since.
func (t *Till) notCharged(r payment.Record, e payment.Entry, can payment.Capabilities) (payment.Entry, bool) {
	if !can.NotFoundProves || e.Kind != payment.KindStatus || e.Outcome != payment.NotFound || r.State().Status != payment.StatusUnknown {
		return payment.Entry{}, false
	}
	over := r.Order.Created.Add(can.Limit)
	if t.clocks.known(r.Order.Number) <= can.Limit {
		// The wall clock may have been set forward; the time this process has known
		// the order cannot. After a restart this waits one limit more, which is
		// safe.
		return payment.Entry{}, false
	}
	for _, earlier := range r.Entries {
		if earlier.Kind == payment.KindStatus && earlier.Outcome == payment.NotFound && earlier.Time.After(over) && e.Time.Sub(earlier.Time) >= proofPause {
			proof := t.entry(payment.FromRecovery, payment.KindStatus)
			proof.Outcome, proof.Code = payment.Expired, payment.CodeNotFound
			proof.Detail = "twice not found after the payment's own time limit, by a source that must know it"
			return proof, true
		}
	}
	return payment.Entry{}, false
}

// orphan marks an order whose process died: proven not sent if the request could
// not have left, else unknown.
func (t *Till) orphan(ctx context.Context, r payment.Record) (payment.Record, error) {
	if !r.State().Status.UnderWay() || r.Holder != payment.HeldByNone {
		return r, nil
	}
	kind := payment.KindOrphaned
	if r.State().Status == payment.StatusCreated {
		kind = payment.KindNotSent
	}
	e := t.entry(payment.FromRecovery, kind)
	e.Code, e.Detail = payment.CodeProgramStopped, "the program stopped while the order was under way"
	if err := t.append(ctx, r.Order.Number, e); err != nil {
		return r, err
	}
	return t.fresh(r)
}

// adopt marks all orphans and returns the orders that are open then, also those
// that another process carries.
func (t *Till) adopt(ctx context.Context) ([]payment.Record, error) {
	all, err := t.cfg.Journal.Open(ctx)
	if err != nil {
		return nil, err
	}
	var open []payment.Record
	for _, r := range all {
		marked, err := t.orphan(ctx, r)
		if err != nil {
			// A journal that cannot be written can still be read: list it as it is.
			t.log.Error("an order left by a crash cannot be marked", "order", r.Order.Number, "error", err)
		}
		if marked.State().Status.Open() {
			open = append(open, marked)
		}
	}
	return open, nil
}

// askAll asks about the orders side by side, for firstRound at most.
func (t *Till) askAll(ctx context.Context, open []payment.Record) {
	sideBySide(ctx, open, t.askAbout)
}

// askAbout is ask for those who go on without an answer.
func (t *Till) askAbout(ctx context.Context, r payment.Record) payment.Record {
	r, err := t.ask(ctx, r, false)
	if err != nil {
		t.log.Info("an open order could not be asked about yet", "order", r.Order.Number, "error", err)
	}
	return r
}

// sideBySide does something about each of the orders, for firstRound at most, and
// returns them as they are then.
func sideBySide(ctx context.Context, orders []payment.Record, do func(context.Context, payment.Record) payment.Record) []payment.Record {
	ctx, cancel := context.WithTimeout(ctx, firstRound)
	defer cancel()
	now := make([]payment.Record, len(orders))
	var all sync.WaitGroup
	for i, r := range orders {
		all.Go(func() { now[i] = do(ctx, r) })
	}
	all.Wait()
	return now
}

// original returns the order that o points at, nil where it points at none.
func (t *Till) original(ctx context.Context, o payment.Order) (*payment.Record, error) {
	if o.Original == "" {
		return nil, nil
	}
	r, err := t.cfg.Journal.Find(ctx, o.Original)
	return &r, err
}
