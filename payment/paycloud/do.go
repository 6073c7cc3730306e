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
	free, err := d.claim()
	if err != nil {
		return payment.Result{}, err
	}
	defer free()
	w, err := d.plan(req)
	if err != nil {
		return payment.Result{}, payment.NotSent(payment.CodeUnsupported, "paycloud: %w", err)
	}
	w.tell = tell
	life, end := d.span(ctx)
	defer end()
	conn, err := d.ready(ctx, life, w.method, req.BeforeSend)
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

// claim takes the one token that moves money.
func (d *Driver) claim() (free func(), err error) {
	if d.life.Err() != nil {
		return nil, payment.NotSent(payment.CodeClosed, "paycloud: the driver is closed")
	}
	select {
	case d.running <- struct{}{}:
		return func() { <-d.running }, nil
	default:
		return nil, payment.NotSent(payment.CodeBusy, "paycloud: another order is under way")
	}
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

// span is how long Do works on an order: until a deadline of ctx, until the
// driver closes, and for a grace after ctx was cancelled.
func (d *Driver) span(ctx context.Context) (life context.Context, end func()) {
	life, cancel := context.WithCancel(d.life)
	stop := context.AfterFunc(ctx, func() {
		if errors.Is(ctx.Err(), context.Canceled) {
			timer := time.NewTimer(d.settings.grace)
			defer timer.Stop()
			select {
			case <-timer.C:
			case <-life.Done():
			}
		}
		cancel()
	})
	return life, func() { stop(); cancel() }
}

// ready connects and has it recorded that the request may leave. All of its
// errors mean that nothing was sent.
func (d *Driver) ready(ctx, life context.Context, method string, record func(context.Context) error) (*web.Conn, error) {
	dial, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(life, cancel)()
	conn, err := d.client.Connect(dial, d.url(method))
	switch {
	case d.life.Err() != nil:
		err = payment.NotSent(payment.CodeClosed, "paycloud: the driver is closed")
	case err != nil:
		err = payment.Errorf(payment.CodeOf(err), "paycloud: %w", err)
	default:
		if err = recorded(ctx, record); err == nil {
			return conn, nil
		}
	}
	if conn != nil {
		err = errors.Join(err, conn.Close())
	}
	return nil, err
}

func recorded(ctx context.Context, record func(context.Context) error) error {
	if record != nil {
		if err := record(ctx); err != nil {
			return payment.NotSent(payment.CodeCannotRecord, "paycloud: record that the order is sent: %w", err)
		}
	}
	// Recording may have taken a while.
	switch err := ctx.Err(); {
	case errors.Is(err, context.Canceled):
		return payment.NotSent(payment.CodeWithdrawn, "paycloud: withdrawn before it was sent: %w", err)
	case err != nil:
		return payment.NotSent(payment.CodeNotReached, "paycloud: no time was left to send: %w", err)
	}
	return nil
}
