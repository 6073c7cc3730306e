package drivertest

import (
	"context"
	"errors"
	"net"
	"time"

	"tillkeeper/payment"
)

// loopback is the dialer of runs over real sockets.
func loopback(ctx context.Context, network, address string) (net.Conn, error) {
	return (&net.Dialer{}).DialContext(ctx, network, address)
}

// order makes an order for the driver alone, past the till.
func (r *rig) order(op payment.Operation, text string) payment.Order {
	term, err := r.journal.Terminals().Find(r.ctx, "")
	if err != nil {
		r.fatalf("find the terminal: %v", err)
	}
	return payment.Order{
		Number: r.number(), Operation: op, Created: r.now(), Asked: payment.Amounts{Amount: r.sum(text)},
		Terminal: term.ID, TerminalName: term.Name, Protocol: term.Protocol,
	}
}

// followUp makes an order that points at another.
func (r *rig) followUp(op payment.Operation, original payment.Record, text string) payment.Order {
	o := r.order(op, text)
	o.Original = original.Order.Number
	return o
}

// request is what the till would hand to the driver for o.
func (r *rig) request(o payment.Order) payment.Request {
	req := payment.Request{Order: o}
	if rec, err := r.journal.Find(r.ctx, o.Number); err == nil {
		req.Reference = rec.State().Facts.Reference // none before the order is booked
	}
	if o.Original != "" {
		original, err := r.journal.Find(r.ctx, o.Original)
		if err != nil {
			r.fatalf("find the original: %v", err)
		}
		s := original.State()
		req.OriginalOperation, req.OriginalReference, req.OriginalMoved = original.Order.Operation, s.Facts.Reference, s.Moved
	}
	return req
}

// bareLimit is more than any driver may wait for an answer.
const bareLimit = 15 * time.Minute

// do runs o straight at the driver and keeps the book about it, without the
// rules of the till. It fails the scenario if the driver does not end in time.
func (r *rig) do(o payment.Order, tell func(payment.Progress)) (payment.Result, error) {
	ctx, cancel := context.WithTimeout(r.ctx, bareLimit)
	defer cancel()
	return r.doUntil(ctx, o, tell)
}

func (r *rig) doUntil(ctx context.Context, o payment.Order, tell func(payment.Progress)) (payment.Result, error) {
	if tell == nil {
		tell = func(payment.Progress) {}
	}
	req := r.request(o)
	// The rules are the till's; past them the book takes any order, as one without
	// an original of its own kind.
	if err := r.book(o); err != nil {
		r.fatalf("book order %s: %v", o.Number, err)
	}
	req.BeforeSend = func(context.Context) error {
		return r.note(o.Number, payment.Entry{Kind: payment.KindSent})
	}
	start := time.Now()
	res, err := r.driver.Do(ctx, req, func(p payment.Progress) {
		if p.Kind == payment.ProgressAccepted {
			e := payment.Entry{Kind: payment.KindAccepted, Facts: &payment.Facts{Reference: p.Reference}}
			if err := r.note(o.Number, e); err != nil {
				r.errorf("note the terminal's number of order %s: %v", o.Number, err)
			}
		}
		tell(p)
	})
	if took := time.Since(start); took >= bareLimit {
		r.errorf("the driver took %s for an order", took)
	}
	r.hear(o, res, err)
	return res, err
}

// book creates the order's record, as Create would after its rules.
func (r *rig) book(o payment.Order) error {
	_, err := r.journal.Create(r.ctx, o, payment.Entry{Time: o.Created, Kind: payment.KindCreated})
	return err
}

func (r *rig) note(number string, e payment.Entry) error {
	e.Time = r.now()
	_, err := r.journal.Append(r.ctx, number, e)
	return err
}

// hear writes down what the driver said, as the till would.
func (r *rig) hear(o payment.Order, res payment.Result, err error) {
	e := payment.Entry{Kind: payment.KindAnswer, Outcome: res.Outcome, Code: res.Code, Detail: res.Text, Facts: &res.Facts, Raw: res.Raw}
	switch {
	case errors.Is(err, payment.ErrNotSent):
		e = payment.Entry{Kind: payment.KindNotSent, Code: payment.CodeOf(err), Detail: err.Error()}
	case err != nil:
		e = payment.Entry{Kind: payment.KindUnanswered, Code: payment.CodeOf(err), Detail: err.Error()}
	case payment.Compare(o, res) != nil:
		e.Kind = payment.KindMismatch
	}
	if err := r.note(o.Number, e); err != nil {
		r.fatalf("note what order %s came to: %v", o.Number, err)
	}
}

// ask sends a status query past the till.
func (r *rig) ask(o payment.Order) (payment.Result, error) {
	ctx, cancel := context.WithTimeout(r.ctx, bareLimit)
	defer cancel()
	return r.driver.Status(ctx, r.request(o))
}

// wantUnknown checks that err leaves the outcome open.
func (r *rig) wantUnknown(what string, res payment.Result, err error) {
	switch {
	case err == nil:
		r.errorf("%s: the driver says %s; want an error", what, res.Outcome)
	case errors.Is(err, payment.ErrNotSent):
		r.errorf("%s: the driver says that nothing was sent: %v", what, err)
	}
}

// wantNotSent checks that err proves that nothing left.
func (r *rig) wantNotSent(what string, err error, code payment.Code) {
	if !errors.Is(err, payment.ErrNotSent) || payment.CodeOf(err) != code {
		r.errorf("%s: %v (%q); want ErrNotSent with %q", what, err, payment.CodeOf(err), code)
	}
}
