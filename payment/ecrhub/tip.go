package ecrhub

import "tillkeeper/payment"

// An adjustment of a tip is an order of ours, but the terminal knows only the
// payment that it changes (§11.8). What the terminal says about the payment's
// tip is what we hear about the adjustment's amount.

// tipResult reads the reply to an adjustment.
func (d *Driver) tipResult(o payment.Order, r response, outcome payment.Outcome, code payment.Code) (payment.Result, error) {
	said := r.biz
	r.biz = fields{
		"order_amount":   said["tip_amount"],
		"price_currency": said["price_currency"],
		"trans_no":       said["trans_no"],
	}
	res, err := d.result(r, outcome, code, o.Asked.Currency())
	if err != nil {
		return payment.Result{}, err
	}
	res.Operation, res.Number = payment.TipAdjustment, o.Number
	if number := said["merchant_order_no"]; number != "" && number != o.Original {
		res.Number = number // about another payment: for the till to find out
	}
	return res, nil
}

// tipStatus reads the state of the payment after an adjustment. Only a tip as
// asked proves anything: a different one may be from before or from after.
func (d *Driver) tipStatus(o payment.Order, r response) (payment.Result, error) {
	outcome, code, err := queryVerdict(r)
	if err != nil {
		return payment.Result{}, err
	}
	if outcome == payment.Approved {
		f, err := facts(r.biz, o.Asked.Currency())
		if err != nil {
			return payment.Result{}, payment.Errorf(payment.CodeBadAnswer, "ecrhub: an answer that cannot be read: %w", err)
		}
		if !f.Amounts.Tip.Equal(o.Asked.Amount) {
			outcome, code = payment.NotFound, payment.CodeNotFound
		}
	} else {
		outcome, code = payment.NotFound, payment.CodeNotFound
	}
	return d.tipResult(o, r, outcome, code)
}
