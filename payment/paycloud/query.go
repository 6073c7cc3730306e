package paycloud

import (
	"context"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/sentence"
)

// query asks after an order by its number (§6.2). A refund may have been given
// with the terminal or without it (§6.8), whatever the setting says by now, so
// it is not found only where neither way knows it.
func (d *Driver) query(ctx context.Context, o payment.Order) (answer, error) {
	methods := []string{d.settings.queryMethod}
	if o.Operation == payment.Refund && d.settings.hostRefund {
		methods = []string{methodRefundQuery, d.settings.queryMethod}
	} else if o.Operation == payment.Refund {
		methods = []string{d.settings.queryMethod, methodRefundQuery}
	}
	a, err := d.queryBy(ctx, methods[0], o)
	if len(methods) == 1 || err != nil || a.Outcome != payment.NotFound {
		return a, err
	}
	other, err := d.queryBy(ctx, methods[1], o)
	switch {
	case err == nil:
		return other, nil
	case payment.CodeOf(err) == payment.CodeNotEnabled:
		return a, nil // the other way was never open
	}
	return answer{}, err
}

// answer is what the platform says of an order, and in which state it is.
type answer struct {
	payment.Result
	state state
}

func (d *Driver) queryBy(ctx context.Context, method string, o payment.Order) (answer, error) {
	r, err := d.ask(ctx, method, about(o.Number, d.settings))
	if err != nil {
		return answer{}, err
	}
	switch {
	case !r.ok() && r.failure().effect == absent:
		return answer{Result: payment.Result{
			Outcome: payment.NotFound, Code: payment.CodeNotFound, Text: sentence.Parse(r.msg).Words(), Raw: r.raw,
		}}, nil
	case !r.ok():
		return answer{}, r.err(method)
	case !r.found:
		return answer{}, payment.Errorf(payment.CodeBadAnswer, "paycloud: %s: an answer without a result", method)
	}
	res, err := d.resultOf(o, r.biz, r.raw)
	return answer{res, states[r.biz["trans_status"]]}, err
}

// resultOf reads an answer about an order, which must be of our merchant.
func (d *Driver) resultOf(o payment.Order, biz fields, raw string) (payment.Result, error) {
	if m := biz["merchant_no"]; m != "" && m != d.settings.merchant {
		return payment.Result{}, payment.Errorf(payment.CodeWrongOrder, "paycloud: an answer about merchant %s", payment.Mask(m))
	}
	res, err := result(o, biz, raw)
	if err != nil {
		return payment.Result{}, payment.Errorf(payment.CodeOf(err), "paycloud: %w", err)
	}
	return res, nil
}
