package ecrhub

import (
	"context"
	"errors"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/link"
	"tillkeeper/payment/internal/sentence"
)

// Do runs one order; see payment.Driver. The terminal tells nothing between
// taking an order and its result, so progress ends with "sent".
func (d *Driver) Do(ctx context.Context, req payment.Request, tell func(payment.Progress)) (payment.Result, error) {
	if tell == nil {
		tell = func(payment.Progress) {}
	}
	free, err := d.lane.Take()
	if err != nil {
		return payment.Result{}, err
	}
	defer free()
	topic, biz, err := compose(req, d.settings)
	if err != nil {
		return payment.Result{}, payment.NotSent(payment.CodeUnsupported, "ecrhub: %w", err)
	}
	conn, err := d.ready(ctx, req)
	if err != nil {
		return payment.Result{}, err
	}
	number := req.Order.Number
	if topic == topicTip {
		number = req.Order.Original
	}
	c, err := d.post(conn, topic, number, biz)
	if err != nil {
		return payment.Result{}, err // from here on, an error is an unknown outcome
	}
	defer d.box.close(c)
	tell(payment.Progress{Kind: payment.ProgressSent})
	w := &waiting{driver: d, order: req.Order, conn: conn, call: c, tell: tell}
	return w.answer(ctx)
}

// ready brings the link up and has it recorded that the order may leave. All of
// its errors mean that nothing was sent.
func (d *Driver) ready(ctx context.Context, req payment.Request) (*link.Conn, error) {
	conn, err := d.connect(ctx)
	if err != nil {
		return nil, err
	}
	if err := d.lane.Record(ctx, req.BeforeSend); err != nil {
		return nil, err
	}
	// Recording may have taken a while.
	if err := conn.Err(); err != nil {
		return nil, payment.NotSent(payment.CodeNotReached, "ecrhub: the link was lost before the order was sent: %w", err)
	}
	return conn, d.lane.Wanted(ctx)
}

// waiting is an order that has left.
type waiting struct {
	driver *Driver
	order  payment.Order
	conn   *link.Conn
	call   *call
	tell   func(payment.Progress)
}

// answer waits for the terminal's word on the order.
func (w *waiting) answer(ctx context.Context) (payment.Result, error) {
	timer := time.NewTimer(w.driver.settings.patience())
	defer timer.Stop()
	select {
	case r := <-w.call.reply:
		return w.read(r, false)
	case <-w.call.broken:
		return payment.Result{}, errBroken()
	case <-w.conn.Down():
		return w.lost(false)
	case <-timer.C:
		return payment.Result{}, payment.Errorf(payment.CodeNoAnswer, "ecrhub: no answer to the order")
	case <-ctx.Done():
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return w.withdraw()
	}
	return payment.Result{}, payment.Errorf(payment.CodeNoAnswer, "ecrhub: no answer to the order in time: %w", ctx.Err())
}

// patience is how long an order's reply is waited for (§10.1).
func (s settings) patience() time.Duration { return max(s.limit()+replyMargin, leastOrder) }

// withdraw asks the terminal to close the order, and gives it a while for its
// last word: the order's own reply decides, not the one to the request (§10.6).
func (w *waiting) withdraw() (payment.Result, error) {
	timer := time.NewTimer(graceTime)
	defer timer.Stop()
	refused := (chan response)(nil)
	if w.call.topic == topicOrder {
		closing, err := w.driver.post(w.conn, topicClose, w.order.Number, numberBiz{w.order.Number})
		if err == nil {
			defer w.driver.box.close(closing)
			refused = closing.reply
		}
	}
	for {
		select {
		case r := <-w.call.reply:
			return w.read(r, true)
		case r := <-refused:
			refused = nil
			if !success(r.code) {
				w.tell(payment.Progress{Kind: payment.ProgressCancelRefused, Text: sentence.Parse(r.text).Words()})
			}
		case <-w.call.broken:
			return payment.Result{}, errBroken()
		case <-w.conn.Down():
			return w.lost(true)
		case <-timer.C:
			return payment.Result{}, payment.Errorf(payment.CodeNoAnswer, "ecrhub: asked to withdraw the order, and no answer to it")
		}
	}
}

// lost is the end of the connection; a reply that came just before it counts.
func (w *waiting) lost(withdrawn bool) (payment.Result, error) {
	select {
	case r := <-w.call.reply:
		return w.read(r, withdrawn)
	default:
		return payment.Result{}, w.driver.linkError(w.conn.Err())
	}
}

// read turns the reply into the result.
func (w *waiting) read(r response, withdrawn bool) (payment.Result, error) {
	outcome, code, err := verdict(r, withdrawn)
	if err != nil {
		return payment.Result{}, err
	}
	if w.call.topic == topicTip {
		return w.driver.tipResult(w.order, r, outcome, code)
	}
	return w.driver.result(r, outcome, code, w.order.Asked.Currency())
}
