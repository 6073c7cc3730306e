package paycloud

import (
	"context"
	"errors"
	"time"

	"tillkeeper/payment"
)

// This file holds the one place of the program where an order is sent again. The
// protocol text asks for it (§11.2), and it is safe here for one reason: the
// platform takes a merchant_order_no once in the life of the merchant. If the
// first request arrived after all, however late, the second is answered with
// E04112, "number repeated", and changes nothing. So an order of which a signed
// answer says that there is no record of its number may be sent once more under
// that number: there cannot be two charges, and a request that was lost on the
// way does not leave staff with an order that nobody knows.
//
// It rests on all of this, and is not done without any of it:
//
//   - the method creates an order, whose number is checked: never a tip
//     adjustment, a batch close or a refund without the terminal;
//   - the outcome of the earlier request is unknown, and a question after it was
//     answered, signed, with "no such order";
//   - the caller of Do still waits: never after ctx was cancelled or is over, and
//     never by anybody else than the Do that sent it first;
//   - it is soon after the first time, so that the order's time limit, from which
//     "not found" proves something, covers every copy;
//   - it was not sent three times yet.
//
// Number and content are the same each time; the timestamp and the signature over
// it cannot be (§4.1).

const (
	// mostSends is how often an order may leave altogether.
	mostSends = 3
	// againWithin is how long after the first time the last one may leave: it lets
	// two requests run into their time limit of 30 seconds.
	againWithin = 75 * time.Second
)

// again sends the order once more if it may. settled: it is over, unresolved or
// not.
func (w *following) again(ctx, life context.Context) (payment.Result, bool, error) {
	if !w.mayAgain(ctx) {
		res, err := w.unresolved()
		return res, true, err
	}
	w.log.Info("the platform has no record of the order; it is sent again under its number", "order", w.req.Order.Number, "times", w.sends)
	conn, err := w.ready(ctx, w.method, nil)
	if err != nil {
		w.last = err // this copy did not leave; the next question tells more
		return payment.Result{}, false, nil
	}
	res, settled, err := w.send(life, conn)
	if errors.Is(err, payment.ErrNotSent) {
		// True of this copy only.
		w.last, err = err, nil
	}
	return res, settled, err
}

func (w *following) mayAgain(ctx context.Context) bool {
	return w.method == methodOrder && w.settings.verify && w.sends < mostSends && ctx.Err() == nil &&
		time.Since(w.begin) < againWithin
}
