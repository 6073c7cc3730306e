package iotpay

import (
	"context"
	"net"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/web"
)

// Do runs one order; see payment.Driver. The gateway tells nothing between taking an
// order and its result, so progress ends with "sent".
//
// It cannot withdraw anything: when ctx is cancelled, it waits a grace for the last
// word (§8).
func (d *Driver) Do(ctx context.Context, req payment.Request, tell func(payment.Progress)) (payment.Result, error) {
	if tell == nil {
		tell = func(payment.Progress) {}
	}
	free, err := d.lane.Take()
	if err != nil {
		return payment.Result{}, err
	}
	defer free()
	if err := d.able(req.Order); err != nil {
		return payment.Result{}, err
	}
	if req.Order.Operation == payment.Refund {
		return d.refund(ctx, req, tell)
	}
	return d.sale(ctx, req, tell)
}

// able refuses what cannot be said over this protocol.
func (d *Driver) able(o payment.Order) error {
	switch {
	case !d.Capabilities().Can(o.Operation):
		return payment.NotSent(payment.CodeUnsupported, "iotpay: no %q over this protocol", o.Operation)
	case o.AskTip || o.Asked.Cashback.IsPositive() || o.Asked.Tip.IsPositive() && !d.settings.tip && o.Operation == payment.Sale:
		return payment.NotSent(payment.CodeUnsupported, "iotpay: no tip and no cash-back over this protocol")
	case len(o.Number) > longestNumber:
		return payment.NotSent(payment.CodeBadParameter, "iotpay: an order number has %d characters at most", longestNumber)
	}
	return nil
}

// sale runs a sale, and asks after it where its answer proves nothing (§7).
func (d *Driver) sale(ctx context.Context, req payment.Request, tell func(payment.Progress)) (payment.Result, error) {
	out, err := d.ready(ctx, req)
	if err != nil {
		return payment.Result{}, err
	}
	defer out.conn.Close()
	waiting, release := d.lane.Follow(ctx, graceTime)
	defer release()
	a, err := d.send(waiting, out, d.settings.create, d.settings.compose(req.Order, out.clientIP), tell)
	if err == nil {
		var res payment.Result
		if res, err = d.read(a, verdict, req.Order); err == nil {
			return res, nil
		}
	}
	d.log.Info("the answer to a sale proves nothing", "order", req.Order.Number, "error", err)
	return d.resolve(waiting, req, err)
}

// refund runs a refund (§8). It is not asked after here: there may be no way to.
func (d *Driver) refund(ctx context.Context, req payment.Request, tell func(payment.Progress)) (payment.Result, error) {
	sale, err := d.reference(ctx, req)
	if err != nil {
		return payment.Result{}, err
	}
	out, err := d.ready(ctx, req)
	if err != nil {
		return payment.Result{}, err
	}
	defer out.conn.Close()
	waiting, release := d.lane.Follow(ctx, graceTime)
	defer release()
	a, err := d.send(waiting, out, d.settings.refund, d.settings.composeRefund(req.Order, sale, out.clientIP), tell)
	if err != nil {
		return payment.Result{}, err
	}
	return d.read(a.ofRefund(), refundVerdict, req.Order)
}

// reference is the gateway's own number of the sale that a refund is about. A sale
// that was settled by a flat answer to a query has none (§7); then the gateway is
// asked once more.
func (d *Driver) reference(ctx context.Context, req payment.Request) (string, error) {
	if req.OriginalReference != "" {
		return req.OriginalReference, nil
	}
	a, err := d.query(ctx, req.Order.Original)
	if err != nil {
		return "", payment.NotSent(payment.CodeNotReached, "iotpay: ask for the gateway's number of the sale: %w", err)
	}
	if a.number() == req.Order.Original && a.order("payOrderId") != "" {
		return a.order("payOrderId"), nil
	}
	return "", payment.NotSent(payment.CodeOriginalNotFound, "iotpay: the gateway does not tell its own number of the sale; refund it on the terminal")
}

// outgoing is a connection that is up, for an order that is recorded as sent.
type outgoing struct {
	conn     *web.Conn
	raw      *watched
	clientIP string
}

// ready brings a connection up and has it recorded that the order may leave. All of
// its errors mean that nothing was sent.
func (d *Driver) ready(ctx context.Context, req payment.Request) (outgoing, error) {
	linking, release := d.lane.While(ctx)
	defer release()
	var out outgoing
	client := d.client
	client.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		c, err := d.client.Dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		out.raw, out.clientIP = &watched{Conn: c}, localIP(c)
		return out.raw, nil
	}
	var err error
	if out.conn, err = d.connect(linking, client); err != nil {
		return outgoing{}, err
	}
	if d.settings.clientIP != "" {
		out.clientIP = d.settings.clientIP
	}
	if err := d.lane.Leave(ctx, req.BeforeSend); err != nil {
		_ = out.conn.Close() // nothing was said on it
		return outgoing{}, err
	}
	return out, nil
}

// send says the order, once, and waits for the answer to it. From here on an error is
// an unknown outcome.
func (d *Driver) send(ctx context.Context, out outgoing, path string, p params, tell func(payment.Progress)) (answer, error) {
	ctx, cancel := context.WithTimeout(ctx, d.settings.createTime)
	defer cancel()
	out.raw.armed = func() { tell(payment.Progress{Kind: payment.ProgressSent}) }
	return d.say(ctx, out.conn, path, p)
}

// read turns an answer into the result.
func (d *Driver) read(a answer, sort func(answer) (payment.Outcome, payment.Code, error), o payment.Order) (payment.Result, error) {
	outcome, code, err := sort(a)
	if err != nil {
		return payment.Result{}, err
	}
	return d.result(a, outcome, code, o)
}

// resolve asks after a sale until its outcome is final, for as long as the protocol
// wants it at least (§7). Then the outcome is unknown: not because it failed, but
// because nobody said.
func (d *Driver) resolve(ctx context.Context, req payment.Request, cause error) (payment.Result, error) {
	over := time.NewTimer(d.settings.queryLong)
	defer over.Stop()
	next := time.NewTicker(d.settings.queryEvery)
	defer next.Stop()
	code := payment.CodeOf(cause)
	for {
		res, err := d.Status(ctx, req)
		switch {
		case err == nil && res.Outcome.Final():
			return res, nil
		case err == nil:
			code = res.Code
		}
		select {
		case <-next.C:
			continue
		case <-over.C:
		case <-ctx.Done():
		}
		if d.lane.Closed() {
			code = payment.CodeProgramStopped
		}
		// Not %w: that a query was not sent says nothing of the sale.
		return payment.Result{}, payment.Errorf(code, "iotpay: no final word on the sale: %v", cause)
	}
}
