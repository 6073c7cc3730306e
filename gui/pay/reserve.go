package pay

import (
	"context"
	"slices"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/till"
)

// Extra is something the chosen terminal can do beside paying, refunding and voiding.
type Extra string

// The extras, in the order in which they are offered.
const (
	ExtraReserve Extra = "reserve"
	ExtraTake    Extra = "take"
	ExtraRelease Extra = "release"
	ExtraTip     Extra = "tip"
	ExtraClose   Extra = "close"
)

// Extras lists what the chosen terminal can do beside the usual.
func (m *Model) Extras() (all []Extra) {
	t, ok := m.Terminal()
	if !ok {
		return nil
	}
	for _, e := range []struct {
		extra Extra
		can   bool
	}{
		{ExtraReserve, t.Can.Can(payment.PreAuth)},
		{ExtraTake, t.Can.Can(payment.Completion)},
		{ExtraRelease, t.Can.Can(payment.Void) && t.Can.VoidPreAuth},
		{ExtraTip, t.Can.Can(payment.TipAdjustment)},
		{ExtraClose, t.Can.BatchClose},
	} {
		if e.can {
			all = append(all, e.extra)
		}
	}
	return all
}

// CanReserve reports whether Reserve would start something.
func (m *Model) CanReserve() bool { return m.CanPay() && slices.Contains(m.Extras(), ExtraReserve) }

// Reserve holds what was typed on the customer's card.
func (m *Model) Reserve() {
	t, _ := m.Terminal()
	amount := m.Typed()
	if !m.CanReserve() {
		return
	}
	m.begin(&Attempt{
		Operation: payment.PreAuth, Amount: amount, Terminal: t.Terminal.ID,
		start: func(ctx context.Context, despite []string) (payment.Record, error) {
			return m.deps.Till.PreAuth(ctx, till.Charge{
				Terminal: t.Terminal.ID, Asked: payment.Amounts{Amount: amount}, Despite: despite,
			})
		},
	})
}

// TakeReserve takes all or part of a reserve.
func (m *Model) TakeReserve(r payment.Record, sum payment.Amount) {
	m.takeBack(r, payment.Completion, sum, func(ctx context.Context, despite []string) (payment.Record, error) {
		return m.deps.Till.Complete(ctx, till.Takeback{Original: r.Order.Number, Amount: sum, Despite: despite})
	})
}

// SetTip changes the tip of a payment.
func (m *Model) SetTip(r payment.Record, tip payment.Amount) {
	m.takeBack(r, payment.TipAdjustment, tip, func(ctx context.Context, despite []string) (payment.Record, error) {
		return m.deps.Till.AdjustTip(ctx, till.Takeback{Original: r.Order.Number, Amount: tip, Despite: despite})
	})
}

// reservesFor is how far back reserves are looked for; after that they have lapsed everywhere.
const reservesFor = 31 * 24 * time.Hour

// mostReserves is how many of them a list takes.
const mostReserves = 100

// Reserves returns the reserves that may still be taken, or released.
func (m *Model) Reserves(op payment.Operation) []payment.Record {
	return m.book.filter(func(r payment.Record) bool { return r.Order.Operation == payment.PreAuth && m.Allows(op, r) })
}

// FetchReserves looks up reserves that are older than what the screen remembers, and then calls back.
func (m *Model) FetchReserves(then func()) {
	f := payment.Filter{Operation: payment.PreAuth, Status: payment.StatusApproved, Since: m.deps.Now().Add(-reservesFor), Limit: mostReserves}
	m.background(func(ctx context.Context) func() {
		found, err := m.deps.Till.Orders(ctx, f)
		return func() {
			if err != nil {
				return // those that are remembered can be chosen all the same, others by number
			}
			for _, r := range found {
				if makesSense(payment.Completion, r) {
					m.book.pin(r)
				}
			}
			then()
		}
	}, func() {})
}

// CloseBatch has the chosen terminal close its day. Payments before can then not be voided any more.
func (m *Model) CloseBatch() {
	t, ok := m.Terminal()
	if m.face != Ready || !ok || !t.Can.BatchClose {
		return
	}
	m.tick()
	m.news = ""
	m.show(Closing)
	m.background(func(ctx context.Context) func() {
		b, err := m.deps.Till.CloseBatch(ctx, t.Terminal.ID, "", nil)
		return func() { m.batchEnded(b, err) }
	}, func() { m.batchEnded(payment.Batch{Outcome: payment.BatchUnknown, Code: payment.CodeInternal}, nil) })
}

func (m *Model) batchEnded(b payment.Batch, err error) {
	m.untick()
	if err != nil {
		m.refuse(nil, err)
		return
	}
	m.batch = b
	m.show(Closed)
}

// Batch returns what came of closing a day.
func (m *Model) Batch() payment.Batch { return m.batch }
