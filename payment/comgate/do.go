package comgate

import (
	"context"
	"errors"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/web"
)

// Do runs one order: start, status until it is finished, result (A.5); see
// payment.Driver.
func (d *Driver) Do(ctx context.Context, req payment.Request, tell func(payment.Progress)) (payment.Result, error) {
	if tell == nil {
		tell = func(payment.Progress) {}
	}
	release, err := d.claim()
	if err != nil {
		return payment.Result{}, err
	}
	defer release()
	call, request, err := d.settings.compose(req)
	if err != nil {
		return payment.Result{}, err
	}
	if err := d.mayGiveBack(ctx, req); err != nil {
		return payment.Result{}, err
	}
	conn, err := d.ready(ctx, req, call)
	if err != nil {
		return payment.Result{}, err
	}
	w := &waiting{driver: d, order: req.Order, tell: tell}
	a, err := d.start(ctx, conn, call, request)
	if err == nil {
		tell(payment.Progress{Kind: payment.ProgressSent})
		var refusal *payment.Result
		if refusal, err = d.settings.begun(req.Order, a); refusal != nil {
			return *refusal, nil
		}
	}
	switch {
	case errors.Is(ctx.Err(), context.Canceled) && !d.lane.Closed():
		return w.withdraw()
	case err != nil:
		return payment.Result{}, err // unknown: it is asked after with the same number
	}
	w.state(a.fields.text("status"))
	return w.answer(ctx)
}

// mayGiveBack asks after the sale of a refund that the terminal was never heard to
// approve, such as one that a person decided to be paid. A refund here is not linked
// to its sale (A.4.9), so the terminal would give back what was never charged. One
// that it does not know, as after a closing, is left to the person. All errors mean
// that nothing was sent.
func (d *Driver) mayGiveBack(ctx context.Context, req payment.Request) error {
	o := req.Order
	if o.Operation != payment.Refund || o.Original == "" || req.OriginalReference != "" {
		return nil
	}
	sale := payment.Order{Number: o.Original, Operation: payment.Sale, Asked: payment.Amounts{Amount: o.Asked.Amount}}
	res, err := d.Status(ctx, payment.Request{Order: sale})
	switch {
	case d.lane.Closed():
		return d.lane.ErrClosed()
	case err != nil:
		return payment.NotSent(payment.CodeNotReached, "comgate: the terminal does not say whether order %s was paid: %w", o.Original, err)
	case res.Outcome == payment.Pending:
		return payment.NotSent(payment.CodeOriginalOpen, "comgate: order %s is still under way on the terminal", o.Original)
	case res.Code == payment.CodeReversed:
		return payment.NotSent(payment.CodeAlreadyReversed, "comgate: the terminal has taken order %s back already", o.Original)
	case res.Outcome != payment.Approved && res.Outcome != payment.NotFound:
		return payment.NotSent(payment.CodeNotPaid, "comgate: the terminal says that order %s was not paid: %s", o.Original, res.Text)
	}
	return nil
}

// ready connects and has it recorded that the order may leave. All of its errors
// mean that nothing was sent.
func (d *Driver) ready(ctx context.Context, req payment.Request, call string) (*web.Conn, error) {
	conn, err := d.connect(ctx, call)
	if err != nil {
		return nil, err
	}
	if err := d.lane.Leave(ctx, req.BeforeSend); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// start sends the one call that may move money, once. Its errors are unknown
// outcomes.
func (d *Driver) start(ctx context.Context, conn *web.Conn, call string, request map[string]any) (answer, error) {
	defer conn.Close()
	bounded, cancel := d.bound(ctx, d.settings.request, startLinger)
	defer cancel()
	a, err := d.send(bounded, conn, call, startRequest{Password: d.settings.password, Request: request})
	if err != nil {
		return answer{}, d.lost(err)
	}
	return a, nil
}
