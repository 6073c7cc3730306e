package paycloud

import (
	"context"
	"errors"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/web"
)

// Do runs one order; see payment.Driver. The platform takes the order and pushes
// it to the terminal; from then on Do asks until the order is final (§10), the
// caller is gone, or the deadline is over.
func (d *Driver) Do(ctx context.Context, req payment.Request, tell func(payment.Progress)) (payment.Result, error) {
	if tell == nil {
		tell = func(payment.Progress) {}
	}
	free, err := d.lane.Take()
	if err != nil {
		return payment.Result{}, err
	}
	defer free()
	w, err := d.plan(req)
	if err != nil {
		return payment.Result{}, payment.NotSent(payment.CodeUnsupported, "paycloud: %w", err)
	}
	w.tell = tell
	life, end := d.lane.Follow(ctx, d.settings.grace)
	defer end()
	conn, err := d.ready(ctx, w.method, req.BeforeSend)
	if err != nil {
		return payment.Result{}, err
	}
	w.begin = time.Now()
	w.heardAt = w.begin
	if res, settled, err := w.send(life, conn); settled {
		return res, err
	}
	return w.follow(ctx, life)
}

var errOff = errors.New("the operation is switched off")

// plan chooses the method that carries an order out, and composes its request.
func (d *Driver) plan(req payment.Request) (*following, error) {
	w := &following{Driver: d, req: req, method: methodOrder, deadline: d.settings.expires + d.settings.lastWord}
	o := req.Order
	if can := d.Capabilities(); !can.Can(o.Operation) || o.Operation == payment.Void && switchedOff(can, req.OriginalOperation) {
		return nil, errOff
	}
	var err error
	switch {
	case o.Operation == payment.TipAdjustment:
		w.method, w.deadline = methodTip, d.settings.query
		w.biz, err = composeTip(o, d.settings)
	case o.Operation == payment.Refund && d.settings.hostRefund:
		w.method = methodRefund
		w.biz, err = composeRefund(o, d.settings)
	default:
		w.biz, err = compose(req, d.settings)
	}
	return w, err
}

func switchedOff(can payment.Capabilities, original payment.Operation) bool {
	return original == payment.PreAuth && !can.VoidPreAuth || original == payment.Completion && !can.VoidCompletion
}

// ready connects and has it recorded that the request may leave. All of its
// errors mean that nothing was sent.
func (d *Driver) ready(ctx context.Context, method string, record func(context.Context) error) (*web.Conn, error) {
	dial, release := d.lane.While(ctx)
	defer release()
	conn, err := d.client.Connect(dial, d.url(method))
	switch {
	case d.lane.Closed():
		err = d.lane.ErrClosed()
	case err != nil:
		err = payment.Errorf(payment.CodeOf(err), "paycloud: %w", err)
	default:
		if err = d.lane.Leave(ctx, record); err == nil {
			return conn, nil
		}
	}
	if conn != nil {
		err = errors.Join(err, conn.Close())
	}
	return nil, err
}
