package paycloud

import (
	"context"
	"errors"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/sentence"
)

// CloseBatch has the platform close the terminal's batch (§6.7). There is no number
// in it that would be checked, so it is sent once, whatever comes. What is inside
// the list of the answer is not published: it is kept word for word.
func (d *Driver) CloseBatch(ctx context.Context, _ string) (payment.Totals, error) {
	none := payment.Totals{Sales: payment.Unsaid, Refunds: payment.Unsaid, Adjustments: payment.Unsaid}
	free, err := d.lane.Take()
	if err != nil {
		return none, err
	}
	defer free()
	if !d.settings.batch {
		return none, payment.NotSent(payment.CodeUnsupported, "paycloud: %w", errOff)
	}
	life, end := d.lane.Follow(ctx, d.settings.grace)
	defer end()
	conn, err := d.ready(ctx, methodBatch, nil)
	if err != nil {
		return none, err
	}
	defer conn.Close()
	limited, cancel := context.WithTimeout(life, d.settings.create)
	defer cancel()
	r, err := d.say(limited, conn, methodBatch, fields{"merchant_no": d.settings.merchant, "terminal_sn": d.settings.serial})
	switch {
	case errors.Is(err, payment.ErrNotSent):
		return none, err
	case err != nil:
		return none, d.named(methodBatch, err)
	case !r.ok() && (r.failure().effect == nothing || r.failure().effect == refused):
		return none, payment.NotSent(r.failure().code, "paycloud: the platform did not close the batch: %s", sentence.Parse(r.msg).Words())
	case !r.ok():
		return none, r.err(methodBatch)
	}
	none.Text, none.Raw = sentence.Parse(r.msg).Words(), r.raw
	return none, nil
}
