package comgate

import (
	"context"
	"errors"

	"tillkeeper/payment"
)

// CloseBatch has the terminal settle its batch (A.4.10), under a number of its own
// that works like an order's. A terminal that refuses to start has closed nothing,
// so that error wraps ErrNotSent, too; every other one may have closed it.
func (d *Driver) CloseBatch(ctx context.Context, number string) (payment.Totals, error) {
	release, err := d.claim()
	if err != nil {
		return payment.Totals{}, err
	}
	defer release()
	o := payment.Order{Number: number}
	conn, err := d.ready(ctx, payment.Request{Order: o}, "closing")
	if err != nil {
		return payment.Totals{}, err
	}
	a, err := d.start(ctx, conn, "closing", map[string]any{"transactionId": number})
	if err != nil {
		return payment.Totals{}, err
	}
	refusal, err := d.settings.begun(o, a)
	switch {
	case err != nil:
		return payment.Totals{}, err
	case refusal != nil:
		return payment.Totals{}, payment.NotSent(refusal.Code, "comgate: the terminal does not close its batch: %s", refusal.Text)
	}
	w := &waiting{driver: d, order: o, tell: func(payment.Progress) {}}
	a, err = w.finish(ctx, d.settings.closing)
	switch {
	case errors.Is(err, context.Canceled):
		return payment.Totals{}, payment.Errorf(payment.CodeNoAnswer, "comgate: the batch close was not waited for")
	case err != nil:
		return payment.Totals{}, err
	}
	return d.closed(ctx, w, a)
}

// closed reads the totals and tells the terminal that they are here: the caller has
// them either way, so a confirmation that fails is no error.
func (d *Driver) closed(ctx context.Context, w *waiting, a answer) (payment.Totals, error) {
	s := d.settings
	if id := a.fields.text("transactionId"); id != "" && id != w.order.Number {
		return payment.Totals{}, payment.Errorf(payment.CodeWrongOrder, "comgate: the terminal answers about %s", s.words(id))
	}
	outcome, code, err := s.verdict("", a.fields, false)
	switch {
	case err != nil:
		return payment.Totals{}, err
	case outcome != payment.Approved:
		return payment.Totals{}, payment.Errorf(code, "comgate: the batch was not closed: %s", s.words(a.fields.text("responseMessage")))
	}
	if s.confirm != confirmOff && !w.confirmed {
		if err := d.acknowledge(ctx, w.order.Number); err != nil {
			d.log.Warn("the batch close was not confirmed", "number", w.order.Number, "error", err)
		}
	}
	totals := s.totals(a.fields.inner("batchTotals"))
	totals.Text, totals.Raw = s.words(a.fields.text("responseMessage")), s.record(a.body)
	return totals, nil
}

// totals reads batchTotals (A.4.5). They name no currency: it is the terminal's.
func (s settings) totals(f fields) payment.Totals {
	part := func(sum string, counts ...string) payment.Subtotal {
		t := payment.Subtotal{Count: f.count(counts...)}
		if minor, said, err := f.whole(sum); said && err == nil {
			t.Amount = payment.FromMinor(minor, s.currency)
		}
		return t
	}
	return payment.Totals{
		Batch: s.words(f.text("batchNumber")),
		Sales: part("debitsAmount", "debitsCount"), Refunds: part("creditsAmount", "creditsCount"),
		// One public client spells the counter differently.
		Adjustments: part("adjsAmount", "adjsCount", "adsjCount"),
	}
}
