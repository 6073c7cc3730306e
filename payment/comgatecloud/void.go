package comgatecloud

import (
	"context"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/web"
)

// void takes a whole payment back (B.4, rules 5 and 6). Whatever became of the DELETE,
// what the payment says of itself decides: see the package comment.
func (d *Driver) void(life context.Context, j *job, conn *web.Conn) (payment.Result, error) {
	r, lost := d.send(life, j, conn)
	if lost != nil && d.lane.Closed() {
		return payment.Result{}, lost
	}
	code, why, no := d.settings.turnedDown(r)
	switch {
	case lost != nil:
	case no && (code == payment.CodeWrongPassword || code == payment.CodeWrongMerchant):
		return d.refused(j, r, code, why), nil
	case no:
		return d.turnedDownVoid(life, j, r, why)
	case r.ok() && !d.settings.confirmVoid:
		return payment.Result{
			Outcome: payment.Approved, Number: j.order.Number, Operation: payment.Void, Raw: r.raw,
			Facts: payment.Facts{Reference: j.transID},
		}, nil
	case !r.ok():
		lost = inDoubt(r.failure("void"))
	}
	res, err := d.follow(life, j, d.settings.voidLimit)
	if err != nil && lost != nil && payment.CodeOf(err) == payment.CodePending {
		err = lost // why it is not known whether the request was ever taken
	}
	return res, err
}

// turnedDownVoid is the outcome of a DELETE that was turned down: declined, if the
// payment is as it was. Why the server does not take it back is in its own words.
func (d *Driver) turnedDownVoid(life context.Context, j *job, r reply, why string) (payment.Result, error) {
	for failures := 1; ; failures++ {
		res, err := d.inquire(life, j.order, j.method, j.transID)
		switch {
		case err == nil && res.Outcome == payment.Approved:
			return res, nil
		case err == nil:
			res.Outcome, res.Code, res.Text, res.Raw = payment.Declined, payment.CodeDeclined, why, r.raw
			return res, nil
		case life.Err() != nil:
			return payment.Result{}, d.left()
		case failures >= d.settings.failures:
			return payment.Result{}, asDoubt(err)
		}
		if !sleep(life, d.settings.pollFast) {
			return payment.Result{}, d.left()
		}
	}
}

// voidNumber is the number of the void that an answer is about. The server knows only
// the payment, so its refId stands for the void's number.
func voidNumber(o payment.Order, r reply) string {
	if said := r.fields["refId"]; said != "" && said != o.Original {
		return payment.Mask(said) // about another payment: for the till to find out
	}
	return o.Number
}
