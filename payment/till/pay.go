package till

import (
	"context"
	"slices"
	"time"

	"tillkeeper/payment"
)

// DefaultTimeout is how long the foreground waits for a terminal.
const DefaultTimeout = 180 * time.Second

// foreground is how long a caller is kept waiting for an answer to an order that is
// unknown.
const foreground = 2 * time.Minute

// Charge asks for a sale.
type Charge struct {
	// Terminal is a name or id; "" is the default terminal.
	Terminal string
	// Asked holds Amount always, Tip and Cashback where they are given.
	Asked  payment.Amounts
	AskTip bool
	Note   string
	Staff  string
	// Despite names open unknown orders of the same sum that a person overrides.
	Despite []string
	// Timeout is how long to wait; 0 means DefaultTimeout.
	Timeout time.Duration
}

// Takeback asks for a refund or void of an earlier order, on the terminal and in
// the currency of that order.
type Takeback struct {
	// Original is the number of the order to take back.
	Original string
	// Amount is what to refund; the zero Amount means all that is left.
	Amount  payment.Amount
	Reason  string
	Staff   string
	Despite []string
	Timeout time.Duration
}

// Pay runs a sale and returns the order as it stands when it is final or the
// foreground's time is over: then it is unknown. An error means that there is no
// order and nothing was sent, but for CodeNotRecorded.
//
// Cancelling ctx asks the terminal to withdraw the order, waits for its last word
// for a short grace, and returns what is known then.
func (t *Till) Pay(ctx context.Context, c Charge) (payment.Record, error) {
	return t.charge(ctx, payment.Sale, c)
}

// charge runs an order that takes or reserves money and points at no other.
func (t *Till) charge(ctx context.Context, op payment.Operation, c Charge) (payment.Record, error) {
	if err := t.ready(ctx); err != nil {
		return payment.Record{}, err
	}
	term, err := t.cfg.Terminals.Find(ctx, c.Terminal)
	if err != nil {
		return payment.Record{}, err
	}
	o := t.order(op, term)
	o.Asked, o.AskTip, o.Note, o.Staff, o.Despite = c.Asked, c.AskTip, payment.Mask(c.Note), c.Staff, c.Despite
	return t.carryOut(ctx, o, term, nil, c.Timeout)
}

// Refund gives back part or all of an order, as an order of its own. It returns as
// Pay does.
func (t *Till) Refund(ctx context.Context, b Takeback) (payment.Record, error) {
	r, err := t.reversal(ctx, payment.Refund, b)
	if err != nil {
		return payment.Record{}, err
	}
	sum := b.Amount
	if !sum.Known() {
		sum = r.original.State().Refundable
	}
	if sum.IsPositive() {
		r.order.Asked = payment.SplitRefund(sum, r.original)
	} else {
		// Nothing left: the rules say why, in the order's own words.
		r.order.Asked = r.original.Order.Asked
	}
	return t.carryOut(ctx, r.order, r.terminal, &r.original, b.Timeout)
}

// Void takes back a whole order before its batch is closed, as an order of its own.
// It returns as Pay does.
func (t *Till) Void(ctx context.Context, b Takeback) (payment.Record, error) {
	r, err := t.reversal(ctx, payment.Void, b)
	if err != nil {
		return payment.Record{}, err
	}
	if err := t.batchStillOpen(ctx, r.original); err != nil {
		return payment.Record{}, err
	}
	r.order.Asked = r.original.Order.Asked
	if s := r.original.State(); s.Status.Moved() {
		r.order.Asked = s.Moved
	}
	return t.carryOut(ctx, r.order, r.terminal, &r.original, b.Timeout)
}

// reversal is a refund or void to be, without its sum.
type reversal struct {
	original payment.Record
	order    payment.Order
	terminal payment.Terminal
}

func (t *Till) reversal(ctx context.Context, op payment.Operation, b Takeback) (reversal, error) {
	if err := t.ready(ctx); err != nil {
		return reversal{}, err
	}
	original, err := t.cfg.Journal.Find(ctx, b.Original)
	if err != nil {
		return reversal{}, err
	}
	term, err := t.cfg.Terminals.Find(ctx, original.Order.Terminal)
	if err != nil {
		return reversal{}, err
	}
	if term.Removed {
		return reversal{}, payment.Errorf(payment.CodeUnknownTerminal, "terminal %s of order %s is not in use any more", term.Name, b.Original)
	}
	o := t.order(op, term)
	o.Original, o.Reason, o.Staff, o.Despite = original.Order.Number, payment.Mask(b.Reason), b.Staff, b.Despite
	return reversal{original, o, term}, nil
}

// order returns a new order for the terminal.
func (t *Till) order(op payment.Operation, term payment.Terminal) payment.Order {
	return payment.Order{
		Number: t.cfg.NewNumber(), Operation: op,
		Terminal: term.ID, TerminalName: term.Name, Protocol: term.Protocol,
	}
}

// ready waits for Start, so that no sale begins before open orders are listed.
func (t *Till) ready(ctx context.Context) error {
	select {
	case <-t.started:
		return nil
	case <-ctx.Done():
		return payment.NotSent(payment.CodeClosed, "the till is not ready")
	case <-t.ctx.Done():
		return payment.NotSent(payment.CodeClosed, "the till is closing")
	}
}

// carryOut creates the order, has it carried, and waits for what comes of it.
func (t *Till) carryOut(ctx context.Context, o payment.Order, term payment.Terminal, original *payment.Record, timeout time.Duration) (payment.Record, error) {
	if timeout <= 0 {
		timeout = DefaultTimeout
	}
	d, err := t.driver(term)
	if err != nil {
		return payment.Record{}, err
	}
	if err := able(d.Capabilities(), term, o, original); err != nil {
		return payment.Record{}, err
	}
	pressed := time.Now()
	// The terminal is claimed at the moment of the press: whoever presses again
	// while older orders are asked about is told that it is busy.
	c, err := t.newCarrier(o, d)
	if err != nil {
		return payment.Record{}, err
	}
	defer t.drop(c)
	if err := t.settleFirst(ctx, o, d.Capabilities(), pressed); err != nil {
		return payment.Record{}, err
	}
	start := time.Now()
	if err := t.start(ctx, c, original, timeout); err != nil {
		return payment.Record{}, err
	}
	return t.attend(ctx, c, start.Add(timeout))
}

// able refuses what the terminal cannot do before anything is written.
func able(can payment.Capabilities, term payment.Terminal, o payment.Order, original *payment.Record) error {
	said, learnt := term.Learnt[o.Operation]
	setting, off := can.SwitchedOff[o.Operation]
	switch {
	case off:
		return payment.Errorf(payment.CodeUnsupported, "a %s is switched off for this terminal; once the provider has enabled it, set %s", o.Operation, setting)
	case !can.Can(o.Operation) && o.Operation == payment.Void && can.Can(payment.Refund):
		return payment.Errorf(payment.CodeUnsupported, "this terminal cannot void a payment; refund it instead")
	case !can.Can(o.Operation) && o.Operation != payment.Sale:
		return payment.Errorf(payment.CodeUnsupported, "this terminal cannot do a %s from the till; do it on the terminal itself", o.Operation)
	case !can.Can(o.Operation):
		return payment.Errorf(payment.CodeUnsupported, "this terminal cannot do a %s", o.Operation)
	case learnt:
		return payment.Errorf(payment.CodeUnsupported, "the provider has not enabled a %s for this terminal; it said so on %s, and testing the terminal forgets that", o.Operation, said)
	case o.Operation == payment.Void && original != nil && !voids(can, original.Order.Operation):
		return payment.Errorf(payment.CodeUnsupported, "this terminal cannot void a %s", original.Order.Operation)
	case o.Operation == payment.Sale && o.Asked.Tip.IsPositive() && !can.Tip,
		o.AskTip && !can.AskTip:
		return payment.Errorf(payment.CodeUnsupported, "this terminal cannot take a tip this way")
	case o.Operation == payment.Sale && o.Asked.Cashback.IsPositive() && !can.Cashback:
		return payment.Errorf(payment.CodeUnsupported, "this terminal cannot hand out cash")
	case o.Operation == payment.PreAuth && (o.Asked.Tip.IsPositive() || o.Asked.Cashback.IsPositive()):
		return payment.Errorf(payment.CodeUnsupported, "a reservation has neither tip nor cashback")
	case o.Operation == payment.Refund && !can.PartialRefund && original != nil && o.Asked.Total().Less(original.State().Moved.Total()):
		return payment.Errorf(payment.CodeUnsupported, "this terminal can only refund the whole sum")
	}
	return nil
}

// voids reports whether a void may be of an order of that operation.
func voids(can payment.Capabilities, op payment.Operation) bool {
	switch op {
	case payment.PreAuth:
		return can.VoidPreAuth
	case payment.Completion:
		return can.VoidCompletion
	}
	return true
}

// settleFirst clears what the terminal may still show for an older order, and,
// where no background does it all the time, asks about its older open orders,
// before a new one is created. An order that is in the way of the new one is only
// asked about: nothing will be shown in its place. It refuses a charge that was
// proven paid a moment ago.
func (t *Till) settleFirst(ctx context.Context, o payment.Order, can payment.Capabilities, pressed time.Time) error {
	open, err := t.adopt(ctx)
	if err != nil {
		return err
	}
	var ask []payment.Record
	for _, r := range open {
		if r.Order.Terminal == o.Terminal && r.State().Status == payment.StatusUnknown && (!t.cfg.Follow || t.mayShow(r, can)) {
			ask = append(ask, r)
		}
	}
	sideBySide(ctx, ask, func(ctx context.Context, r payment.Record) payment.Record {
		if payment.DoubleRisk(o, r.Order) && !slices.Contains(o.Despite, r.Order.Number) {
			return t.askAbout(ctx, r)
		}
		return t.clear(ctx, r)
	})
	if !t.cfg.Follow {
		t.acknowledgeAll(ctx, o.Terminal)
	}
	return t.wasPaid(ctx, o, pressed)
}

// attend waits until the order is final or the foreground's time is over; then it
// asks once more and says what is proven.
func (t *Till) attend(ctx context.Context, c *carrier, until time.Time) (payment.Record, error) {
	r, err := t.outcome(ctx, c, until)
	if s := r.State(); err == nil && (s.Owes() || s.TakingBack()) {
		if s.Status.Moved() {
			// The terminal is free again, and while the duties are done nobody has read
			// that it was paid.
			t.news.arrived(r.Order.Number, true)
		}
		r = t.settled(r)
	}
	t.tell(r)
	if err != nil && payment.CodeOf(err).Class() != payment.InDoubt {
		// The order was begun: whatever fails now must not sound as if nothing was sent.
		err = payment.Errorf(payment.CodeNotRecorded, "what became of order %s cannot be read: %w", c.order.Number, err).About(c.order.Number)
	}
	return r, err
}

func (t *Till) outcome(ctx context.Context, c *carrier, until time.Time) (payment.Record, error) {
	interrupted := false
	select {
	case <-c.done:
	case <-ctx.Done():
		interrupted = true
		t.withdraw(c, payment.FromTill)
		<-c.done
	}
	r, err := t.fresh(payment.Record{Order: c.order})
	switch {
	case c.err != nil:
		return r, c.err
	case err != nil:
		return r, err
	case !r.State().Status.Open():
		return r, nil
	}
	if interrupted || !time.Now().Before(until) {
		return t.lastWord(r)
	}
	t.resolver.follow(c.order.Number, time.Now())
	return t.pursueUntil(ctx, r, until)
}

// pursueUntil keeps the caller with the order while it is asked about.
func (t *Till) pursueUntil(ctx context.Context, r payment.Record, until time.Time) (payment.Record, error) {
	if latest := time.Now().Add(foreground); latest.Before(until) {
		until = latest
	}
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	if !t.cfg.Follow {
		defer t.resolver.drop(r.Order.Number)
	}
	for {
		change := t.resolver.change()
		r, err := t.fresh(r)
		if err != nil || !r.State().Status.Open() || nobodyKnows(r) {
			return r, err
		}
		select {
		case <-change:
		case <-timer.C:
			return t.lastWord(r)
		case <-ctx.Done():
			return t.lastWord(r)
		case <-t.ctx.Done():
			return r, nil
		}
	}
}

// nobodyKnows reports whether there is no way to ask about the order: waiting for an
// answer would only keep staff from looking at the terminal.
func nobodyKnows(r payment.Record) bool {
	last := r.Entries[len(r.Entries)-1]
	return last.Kind == payment.KindNoAnswer && last.Code == payment.CodeCannotAsk
}

// lastLimit is how long the one question at the end of the foreground may take.
const lastLimit = 5 * time.Second

// lastWord asks once more, whoever is gone by now, and returns what is proven.
func (t *Till) lastWord(r payment.Record) (payment.Record, error) {
	ctx, cancel := context.WithTimeout(t.ctx, lastLimit)
	defer cancel()
	r, err := t.ask(ctx, r, true)
	if err != nil {
		t.log.Info("the last question brought no answer", "order", r.Order.Number, "error", err)
	}
	return t.fresh(r)
}
