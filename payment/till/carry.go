package till

import (
	"context"
	"errors"
	"time"

	"tillkeeper/payment"
)

// carrier brings one order to its terminal and back.
type carrier struct {
	order   payment.Order
	driver  payment.Driver
	ctx     *leash
	started bool
	// done is closed when the driver has returned and its word is recorded.
	done chan struct{}
	// err is set before done is closed: the disk did not take the answer.
	err error
}

// newCarrier claims the order's terminal within this process; the journal does the
// same between processes. Whoever gets a carrier starts or drops it.
func (t *Till) newCarrier(o payment.Order, d payment.Driver) (*carrier, error) {
	c := &carrier{order: o, driver: d, done: make(chan struct{})}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return nil, payment.NotSent(payment.CodeClosed, "the till is closing")
	}
	if number, ok := t.busy[o.Terminal]; ok {
		return nil, payment.NotSent(payment.CodeBusy, "the terminal is busy with order %s", number).About(number)
	}
	t.busy[o.Terminal] = o.Number
	return c, nil
}

// start makes the order durable and begins to carry it, for limit at most.
func (t *Till) start(ctx context.Context, c *carrier, original *payment.Record, limit time.Duration) error {
	c.order.Created = t.cfg.Now()
	o := c.order
	entries := []payment.Entry{{Time: o.Created, Source: payment.FromTill, Kind: payment.KindCreated}}
	entries = append(entries, approvals(o)...)
	ready, knows := c.driver.(payment.Readier)
	linked := knows && ready.Ready()
	if linked {
		// The link is up: the same durable write covers the moment before the first byte.
		entries = append(entries, payment.Entry{Time: o.Created, Source: payment.FromTill, Kind: payment.KindSent})
	}
	c.ctx = newLeash(limit)
	if err := t.enlist(c); err != nil {
		return err
	}
	if _, err := t.add(ctx, o, entries); err != nil {
		return err
	}
	req := request(payment.Record{Order: o}, original)
	if !linked {
		req.BeforeSend = func(ctx context.Context) error {
			return t.append(ctx, o.Number, t.entry(payment.FromTill, payment.KindSent))
		}
	}
	c.started = true
	t.spawn(func() { t.carry(c, req) })
	return nil
}

// enlist makes the carrier one that Close and Cancel know.
func (t *Till) enlist(c *carrier) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return payment.NotSent(payment.CodeClosed, "the till is closing")
	}
	t.carriers[c.order.Number] = c
	t.clocks.begin(c.order.Number)
	return nil
}

// drop gives up a carrier that was not started.
func (t *Till) drop(c *carrier) {
	if c.started {
		return
	}
	if c.ctx != nil {
		c.ctx.end(context.Canceled)
	}
	t.clocks.end(c.order.Number)
	t.release(c)
	close(c.done)
}

// approvals are the entries for what a person allowed against a rule.
func approvals(o payment.Order) (entries []payment.Entry) {
	for _, number := range o.Despite {
		entries = append(entries, payment.Entry{
			Time: o.Created, Source: payment.FromStaff, Kind: payment.KindApproval, Staff: o.Staff,
			Reason: o.Reason, Detail: "started beside order " + number + " of the same sum, which a person overrode",
		})
	}
	return entries
}

// request is an order with what is known about it and its original.
func request(r payment.Record, original *payment.Record) payment.Request {
	req := payment.Request{Order: r.Order, Reference: r.State().Facts.Reference}
	if original != nil {
		s := original.State()
		req.OriginalOperation, req.OriginalReference, req.OriginalMoved = original.Order.Operation, s.Facts.Reference, s.Moved
	}
	return req
}

func (t *Till) release(c *carrier) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.busy, c.order.Terminal)
	delete(t.carriers, c.order.Number)
	if t.dutiesLeft.Load() {
		t.wakeDuties() // the terminal is free now
	}
}

// carrier returns the carrier of an order under way in this process.
func (t *Till) carrier(number string) *carrier {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.carriers[number]
}

// waitCarriers waits until no order is under way in this process.
func (t *Till) waitCarriers() {
	t.mu.Lock()
	all := make([]*carrier, 0, len(t.carriers))
	for _, c := range t.carriers {
		all = append(all, c)
	}
	t.mu.Unlock()
	for _, c := range all {
		<-c.done
	}
}

// carry runs the request and records what came of it. It does not know callers.
func (t *Till) carry(c *carrier, req payment.Request) {
	defer close(c.done)
	defer t.release(c)
	defer c.ctx.end(context.DeadlineExceeded)
	t.spawn(func() { t.listen(c) })
	start := t.cfg.Now()
	result, err := t.do(c, req)
	log := t.log.With("order", c.order.Number, "operation", c.order.Operation, "terminal", c.order.TerminalName, "duration", t.cfg.Now().Sub(start))
	if err == nil {
		log.Info("the terminal answered", "outcome", result.Outcome, "code", result.Code)
		c.err = t.heard(c.order.Number, t.answer(payment.KindAnswer, c.order, result))
		t.learn(c.order, result.Code)
		return
	}
	log.Info("no answer to the order", "error", err)
	r, found := t.cfg.Journal.Find(t.ctx, c.order.Number)
	if found == nil && !r.State().Status.Open() {
		return // a query or another process proved the outcome meanwhile
	}
	c.err = t.insist(c.order.Number, t.doubt(r, err))
}

// listen looks for another process's request to withdraw the order while it is carried.
func (t *Till) listen(c *carrier) {
	look := time.NewTicker(lookEvery)
	defer look.Stop()
	for {
		select {
		case <-look.C:
			t.catchUp()
		case <-c.done:
			return
		}
	}
}

// do calls the driver and turns a panic of it into what it is: not known.
func (t *Till) do(c *carrier, req payment.Request) (result payment.Result, err error) {
	defer func() {
		if p := recover(); p != nil {
			t.log.Error("defect in a driver", "order", c.order.Number, "panic", p)
			err = payment.Errorf(payment.CodeBadAnswer, "the driver failed")
		}
	}()
	return c.driver.Do(c.ctx, req, func(p payment.Progress) { t.progress(c.order.Number, p) })
}

// progress records a step. A step that cannot be recorded is only logged: the
// answer is what counts.
func (t *Till) progress(number string, p payment.Progress) {
	var kind payment.Kind
	switch p.Kind {
	case payment.ProgressAccepted:
		t.accepted(number, p)
		return
	case payment.ProgressWaiting:
		kind = payment.KindWaiting
	case payment.ProgressProcessing:
		kind = payment.KindProcessing
	default:
		return
	}
	e := t.entry(payment.FromTerminal, kind)
	e.Detail = payment.Mask(p.Text)
	if err := t.append(t.ctx, number, e); err != nil {
		t.log.Error("a step was not recorded", "order", number, "step", kind, "error", err)
	}
}

// accepted records the number under which the terminal knows the order. It is
// insisted on: after a crash the order may be asked about only by it.
func (t *Till) accepted(number string, p payment.Progress) {
	e := t.entry(payment.FromTerminal, payment.KindAccepted)
	e.Detail, e.Facts = payment.Mask(p.Text), &payment.Facts{Reference: p.Reference}
	if err := t.insist(number, e); err != nil {
		t.log.Error("the terminal's number for an order is not recorded yet", "order", number, "error", err)
	}
}

// doubt turns a driver's error into an entry: proven not sent, or unknown. A
// terminal that gave a sign of life contradicts "not sent".
func (t *Till) doubt(r payment.Record, err error) payment.Entry {
	kind, code := payment.KindUnanswered, payment.CodeNoAnswer
	if errors.Is(err, payment.ErrNotSent) && !r.Has(payment.KindWaiting) && !r.Has(payment.KindProcessing) {
		kind, code = payment.KindNotSent, payment.CodeNotReached
	}
	e := t.entry(payment.FromTill, kind)
	e.Code, e.Detail = code, payment.Mask(err.Error())
	if said := payment.CodeOf(err); said != payment.CodeInternal {
		e.Code = said
	}
	return e
}

// answer turns a result into an entry of kind, or into a mismatch when it is not
// the answer to what was asked.
func (t *Till) answer(kind payment.Kind, o payment.Order, r payment.Result) payment.Entry {
	e := t.entry(payment.FromTerminal, kind)
	facts := r.Facts
	facts.Card = payment.LastFour(facts.Card)
	e.Outcome, e.Code, e.Detail, e.Facts, e.Raw = r.Outcome, r.Code, payment.Mask(r.Text), &facts, payment.Mask(r.Raw)
	if err := payment.Compare(o, r); err != nil {
		e.Kind, e.Code, e.Detail = payment.KindMismatch, payment.CodeOf(err), err.Error()
	}
	return e
}

func (t *Till) entry(source payment.Source, kind payment.Kind) payment.Entry {
	return payment.Entry{Time: t.cfg.Now(), Source: source, Kind: kind}
}
