package till

import (
	"context"
	"errors"
	"slices"
	"time"

	"tillkeeper/payment"
)

// batchLimit is how long a terminal may take to close its batch: it prints totals
// and talks to its host.
const batchLimit = 6 * time.Minute

// CloseBatch has a terminal close its batch, "" being the default one, and returns
// what came of it. It is refused while an order is under way, and over unknown
// orders that despite does not name, because what a closed batch holds cannot be
// voided any more. An error means that nothing was asked for.
func (t *Till) CloseBatch(ctx context.Context, terminal, staff string, despite []string) (payment.Batch, error) {
	if err := t.ready(ctx); err != nil {
		return payment.Batch{}, err
	}
	term, err := t.cfg.Terminals.Find(ctx, terminal)
	if err != nil {
		return payment.Batch{}, err
	}
	d, err := t.driver(term)
	if err != nil {
		return payment.Batch{}, err
	}
	closer, ok := d.(payment.BatchCloser)
	if !ok || !d.Capabilities().BatchClose || t.cfg.Batches == nil {
		return payment.Batch{}, payment.Errorf(payment.CodeUnsupported, "terminal %s cannot close its batch from here", term.Name)
	}
	free, err := t.claim(term.ID)
	if err != nil {
		return payment.Batch{}, err
	}
	defer free()
	open, err := t.openAt(ctx, term, despite)
	if err != nil {
		return payment.Batch{}, err
	}
	b := payment.Batch{
		Number: t.cfg.NewNumber(), Terminal: term.ID, TerminalName: term.Name, Protocol: term.Protocol,
		Staff: staff, Asked: t.cfg.Now(), Outcome: payment.BatchUnknown,
		Totals: payment.Totals{Sales: payment.Unsaid, Refunds: payment.Unsaid, Adjustments: payment.Unsaid},
	}
	if err := t.cfg.Batches.BeginBatch(ctx, b); err != nil {
		return payment.Batch{}, err
	}
	return t.closeBatch(ctx, closer, b, open), nil
}

// openAt settles what it can of a terminal's open orders and returns the rest, if a
// person overrides all of them.
func (t *Till) openAt(ctx context.Context, term payment.Terminal, despite []string) (left []payment.Record, err error) {
	open, err := t.adopt(ctx)
	if err != nil {
		return nil, err
	}
	open = slices.DeleteFunc(open, func(r payment.Record) bool { return r.Order.Terminal != term.ID })
	for _, r := range sideBySide(ctx, open, t.askAbout) {
		s := r.State()
		switch {
		case !s.Status.Open():
			continue
		case s.Status.UnderWay():
			return nil, payment.NotSent(payment.CodeBusy, "order %s is under way on terminal %s", r.Order.Number, term.Name).About(r.Order.Number)
		case !slices.Contains(despite, r.Order.Number):
			return nil, payment.Errorf(payment.CodeOrdersOpen, "it is not known yet whether order %s over %s moved money", r.Order.Number, r.Order.Asked.Total()).About(r.Order.Number)
		}
		left = append(left, r)
	}
	return left, nil
}

// closeBatch asks once and records what came of it, whoever is gone by then.
func (t *Till) closeBatch(ctx context.Context, closer payment.BatchCloser, b payment.Batch, open []payment.Record) payment.Batch {
	limited, cancel := context.WithTimeout(ctx, batchLimit)
	defer cancel()
	totals, err := closer.CloseBatch(limited, b.Number)
	b.Answered = t.cfg.Now()
	switch code := payment.CodeOf(err); {
	case err == nil:
		b.Outcome, b.Totals = payment.BatchClosed, totals
	case errors.Is(err, payment.ErrNotSent):
		b.Outcome, b.Code = payment.BatchNotSent, code
	case code.Class() == payment.NoMoney || code.Class() == payment.NothingSent:
		b.Outcome, b.Code = payment.BatchRefused, code
	default:
		b.Code = code
	}
	if err != nil {
		b.Totals.Text = payment.Mask(err.Error())
	}
	if b.Outcome == payment.BatchClosed {
		t.witness(b, open)
	}
	if err := t.cfg.Batches.FinishBatch(t.ctx, b); err != nil {
		t.log.Error("the answer about a batch is not recorded", "batch", b.Number, "outcome", b.Outcome, "error", err)
	}
	return b
}

// Batches returns requests to close batches of a terminal, "" for all, newest
// first.
func (t *Till) Batches(ctx context.Context, terminal string, limit int) ([]payment.Batch, error) {
	if t.cfg.Batches == nil {
		return nil, nil
	}
	return t.cfg.Batches.ListBatches(ctx, terminal, limit)
}

// witness writes down what the totals of a closed batch say about the orders that
// were unknown when it was closed. It is evidence for a person and settles nothing.
func (t *Till) witness(b payment.Batch, open []payment.Record) {
	held, err := t.inBatch(b)
	if err != nil {
		t.log.Error("the batch cannot be compared", "batch", b.Number, "error", err)
		return
	}
	for number, code := range payment.TotalsProve(b.Totals, held, open) {
		e := t.entry(payment.FromTerminal, payment.KindTotals)
		e.Code, e.Detail, e.Raw = code, b.Totals.Text, b.Totals.Raw
		if err := t.append(t.ctx, number, e); err != nil {
			t.log.Error("evidence was not recorded", "order", number, "error", err)
		}
	}
}

// inBatch returns the terminal's orders since its last close.
func (t *Till) inBatch(b payment.Batch) ([]payment.Record, error) {
	before, err := t.cfg.Batches.ListBatches(t.ctx, b.Terminal, 100)
	if err != nil {
		return nil, err
	}
	f := payment.Filter{Terminal: b.Terminal, Until: b.Asked, Limit: 100_000}
	for _, old := range before {
		if old.Number != b.Number && old.Outcome == payment.BatchClosed {
			f.Since = old.Asked
			break
		}
	}
	return t.cfg.Journal.List(t.ctx, f)
}

// batchStillOpen refuses a void of what a closed batch holds.
func (t *Till) batchStillOpen(ctx context.Context, original payment.Record) error {
	last, err := t.Batches(ctx, original.Order.Terminal, 20)
	if err != nil {
		return err
	}
	for _, b := range last {
		if b.Outcome == payment.BatchClosed && b.Asked.After(original.State().Finished) {
			return payment.Errorf(payment.CodeVoidAfterClose, "order %s is in a batch that was closed at %s", original.Order.Number, b.Asked.Format(time.DateTime)).About(original.Order.Number)
		}
	}
	return nil
}
