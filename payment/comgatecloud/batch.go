package comgatecloud

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"

	"tillkeeper/payment"
)

// CloseBatch has the terminal close its batch (B.2); see payment.BatchCloser. The
// number is not sent: the request has no body.
func (d *Driver) CloseBatch(ctx context.Context, number string) (payment.Totals, error) {
	free, err := d.lane.Take()
	switch {
	case payment.CodeOf(err) == payment.CodeBusy:
		return payment.Totals{}, payment.NotSent(payment.CodeBusy, "%s: an order is under way", name)
	case err != nil:
		return payment.Totals{}, err
	}
	defer free()
	conn, err := d.ready(ctx, payment.Request{})
	if err != nil {
		return payment.Totals{}, err
	}
	defer conn.Close()
	limited, cancel := d.during(ctx, d.settings.closingTime)
	defer cancel()
	d.log.Debug("said", "method", http.MethodPost, "batch", number)
	answer, err := conn.Do(limited, d.request(http.MethodPost, pathClosing, nil))
	if err != nil {
		return payment.Totals{}, d.broken(err, "close the batch")
	}
	r := d.heard(answer)
	if code, why, no := d.settings.turnedDown(r); no {
		return payment.Totals{}, payment.NotSent(code, "%s: the batch was not closed: %s", name, why)
	}
	if !r.ok() {
		return payment.Totals{}, inDoubt(r.failure("close the batch"))
	}
	return d.totals(r), nil
}

// totals reads what a closing says. The members of batchData are not documented: one
// object with "count" and "amount", as in the example of B.6, is taken for the
// payments, unless batch_totals is off. Anything else stays unsaid.
func (d *Driver) totals(r reply) payment.Totals {
	t := payment.Totals{
		Batch: words(r.fields["batchNumber"]), Sales: payment.Unsaid, Refunds: payment.Unsaid, Adjustments: payment.Unsaid,
		Text: words(r.fields["message"]), Raw: r.raw,
	}
	data, _ := r.object["batchData"].([]any)
	if !d.settings.batchTotals || len(data) != 1 {
		return t
	}
	only, _ := data[0].(map[string]any)
	count, counted := integer(only["count"])
	if _, summed := integer(only["amount"]); !counted || !summed {
		return t
	}
	curr, _ := only["curr"].(string)
	sum, err := minor(only["amount"].(json.Number).String(), curr, d.settings.currency)
	if err != nil {
		return t
	}
	t.Sales = payment.Subtotal{Count: count, Amount: sum}
	return t
}

// integer reads a JSON number that is a whole one of at most twelve digits.
func integer(value any) (int, bool) {
	number, ok := value.(json.Number)
	if !ok || !whole.MatchString(number.String()) {
		return 0, false
	}
	n, err := strconv.Atoi(number.String())
	return n, err == nil
}
