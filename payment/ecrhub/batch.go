package ecrhub

import (
	"context"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/sentence"
	"tillkeeper/payment/internal/wire"
)

// batchTime is how long a terminal may take to settle its batch (§10.1).
const batchTime = 180 * time.Second

// CloseBatch has the terminal settle its open batch (§11.8). The answer holds no
// totals: they are on the terminal's own slip.
func (d *Driver) CloseBatch(ctx context.Context, number string) (payment.Totals, error) {
	r, err := d.exchange(ctx, batchTime, topicBatch, number, numberBiz{number})
	if err != nil {
		return payment.Totals{}, err
	}
	if !success(r.code) {
		_, code := refusal(r.code, sentence.Parse(r.text), false)
		return payment.Totals{}, payment.Errorf(code, "ecrhub: batch close: the terminal says: %s", sentence.Parse(r.text).Words())
	}
	return payment.Totals{
		Sales: payment.Unsaid, Refunds: payment.Unsaid, Adjustments: payment.Unsaid,
		Text: sentence.Parse(r.text).Words(), Raw: wire.MaskValue(r.message),
	}, nil
}
