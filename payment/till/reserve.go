package till

import (
	"context"

	"tillkeeper/payment"
)

// PreAuth reserves a sum on the customer's account. It returns as Pay does.
func (t *Till) PreAuth(ctx context.Context, c Charge) (payment.Record, error) {
	return t.charge(ctx, payment.PreAuth, c)
}

// Complete takes all or part of what was reserved; the zero Amount means all. It
// returns as Pay does.
func (t *Till) Complete(ctx context.Context, b Takeback) (payment.Record, error) {
	r, err := t.reversal(ctx, payment.Completion, b)
	if err != nil {
		return payment.Record{}, err
	}
	r.order.Asked = payment.Amounts{Amount: b.Amount}
	if !b.Amount.Known() {
		r.order.Asked.Amount = r.original.Order.Asked.Total()
		if s := r.original.State(); s.Status.Moved() {
			r.order.Asked.Amount = s.Moved.Total()
		}
	}
	return t.carryOut(ctx, r.order, r.terminal, &r.original, b.Timeout)
}

// AdjustTip sets the tip of a payment whose batch is still open. It returns as Pay
// does.
func (t *Till) AdjustTip(ctx context.Context, b Takeback) (payment.Record, error) {
	r, err := t.reversal(ctx, payment.TipAdjustment, b)
	if err != nil {
		return payment.Record{}, err
	}
	r.order.Asked = payment.Amounts{Amount: b.Amount}
	return t.carryOut(ctx, r.order, r.terminal, &r.original, b.Timeout)
}
