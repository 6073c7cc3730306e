package paycloud

import (
	"context"

	"tillkeeper/payment"
)

// An adjustment of a tip is an order of ours, but the platform knows only the sale
// that it changes (§6.6). What a query says about the sale's tip is what we hear
// about the adjustment's amount.

func composeTip(o payment.Order, s settings) (fields, error) {
	if o.Original == "" {
		return nil, errUnreferenced
	}
	return fields{
		"merchant_no": s.merchant, "merchant_order_no": o.Original, "tip_adjustment_amount": o.Asked.Amount.Text(),
	}, nil
}

// tipStatus reads the sale back. Its tip is
//
//   - as asked: the adjustment is done;
//   - as it was before: there is no adjustment;
//   - any other sum: whether an adjustment replaces or adds is not published, so
//     it is reported as it is, for the till to see that it does not match.
func (d *Driver) tipStatus(ctx context.Context, req payment.Request) (answer, error) {
	o := req.Order
	sale := o
	sale.Operation, sale.Number = payment.Sale, o.Original
	a, err := d.query(ctx, sale)
	if err != nil || a.Outcome != payment.Approved {
		return answer{Result: noAdjustment(a.Result)}, err
	}
	tip := a.Facts.Amounts.Tip
	none := payment.FromMinor(0, o.Asked.Currency())
	before := none.Add(req.OriginalMoved.Tip)
	if !tip.Known() {
		tip = none
	}
	if tip.Equal(before) && !tip.Equal(o.Asked.Amount) {
		return answer{Result: noAdjustment(a.Result)}, nil
	}
	res := payment.Result{
		Outcome: payment.Approved, Number: o.Number, Operation: payment.TipAdjustment, Raw: a.Raw,
		Facts: payment.Facts{Amounts: payment.Amounts{Amount: tip}, Reference: a.Facts.Reference},
	}
	if a.Number != o.Original {
		res.Number = a.Number // about another sale: for the till to find out
	}
	return answer{res, a.state}, nil
}

func noAdjustment(seen payment.Result) payment.Result {
	return payment.Result{Outcome: payment.NotFound, Code: payment.CodeNotFound, Text: seen.Text, Raw: seen.Raw}
}
