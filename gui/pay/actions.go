package pay

import (
	"context"
	"errors"
	"slices"

	"tillkeeper/payment"
	"tillkeeper/payment/till"
)

// Pay starts a sale over what was typed. It does nothing unless the screen is ready and there is an amount: a key held
// down or a button hit twice finds the screen busy.
func (m *Model) Pay() {
	t, ok := m.Terminal()
	amount := m.Typed()
	if m.face != Ready || !ok || !amount.IsPositive() {
		return
	}
	m.begin(&Attempt{
		Operation: payment.Sale, Amount: amount, Terminal: t.Terminal.ID,
		start: func(ctx context.Context, despite []string) (payment.Record, error) {
			return m.deps.Till.Pay(ctx, till.Charge{
				Terminal: t.Terminal.ID, Asked: payment.Amounts{Amount: amount}, Despite: despite,
			})
		},
	})
}

// CanPay reports whether Pay would start a sale.
func (m *Model) CanPay() bool {
	_, ok := m.Terminal()
	return ok && m.face == Ready && m.Typed().IsPositive()
}

// Refund gives back a sum of an order.
func (m *Model) Refund(r payment.Record, sum payment.Amount, reason string) {
	m.takeBack(r, payment.Refund, sum, func(ctx context.Context, despite []string) (payment.Record, error) {
		return m.deps.Till.Refund(ctx, till.Takeback{Original: r.Order.Number, Amount: sum, Reason: reason, Despite: despite})
	})
}

// Void takes back a whole order.
func (m *Model) Void(r payment.Record) {
	m.takeBack(r, payment.Void, r.State().Moved.Total(), func(ctx context.Context, despite []string) (payment.Record, error) {
		return m.deps.Till.Void(ctx, till.Takeback{Original: r.Order.Number, Despite: despite})
	})
}

func (m *Model) takeBack(r payment.Record, op payment.Operation, sum payment.Amount, start starter) {
	if m.Busy() || m.face == Asking || m.Held() {
		return
	}
	m.typed.clear()
	m.begin(&Attempt{Operation: op, Of: r.Order.Operation, Amount: sum, Terminal: r.Order.Terminal, start: start})
}

// begin locks the amount and hands the attempt to the till.
func (m *Model) begin(a *Attempt) {
	a.Started, a.Number, a.Cancelled, a.Cash, a.known = m.deps.Now(), "", false, false, map[string]bool{}
	for _, r := range m.book.orders {
		a.known[r.Order.Number] = true
	}
	m.attempt, m.checked, m.news, m.cash = a, "", "", ""
	m.tick()
	m.show(Running)
	m.background(func(ctx context.Context) func() {
		r, err := a.start(ctx, a.despite)
		return func() { m.ended(a, r, err) }
	}, func() { m.ended(a, payment.Record{}, errPanicked) })
}

// errPanicked stands for work that ended in a panic.
var errPanicked = errors.New("the work panicked")

// ended takes what the till returned for an attempt. Events may have told it before.
func (m *Model) ended(a *Attempt, r payment.Record, err error) {
	if r.Order.Number != "" {
		m.book.put(r)
	}
	switch {
	case m.attempt != a:
		m.changed()
	case err != nil && payment.CodeOf(err) == payment.CodeInternal && a.Number != "":
		// There is an order; what became of it is for its entries to say.
		m.finish(a.Number)
	case err != nil:
		m.attempt = nil
		m.untick()
		m.refuse(a, err)
	default:
		m.finish(r.Order.Number)
	}
}

func (m *Model) refuse(a *Attempt, err error) {
	m.refusal = Refusal{Code: payment.CodeOf(err), Attempt: a}
	var e *payment.Error
	if errors.As(err, &e) {
		m.refusal.Order = e.Order
	}
	m.show(Refused)
}

// finish shows what came of the running order. An unknown one is followed by events.
func (m *Model) finish(number string) {
	if a := m.attempt; a != nil && a.Cash {
		m.cash = number
	}
	m.attempt = nil
	m.untick()
	m.shown, m.asked, m.checked = number, false, ""
	m.show(Result)
}

// Cancel asks the terminal to withdraw the running order: a request, not a promise.
func (m *Model) Cancel() {
	a := m.attempt
	if a == nil || a.Cancelled || !m.CanCancel() || m.fresh() {
		return
	}
	a.Cancelled = true
	if a.Number != "" {
		m.withdraw(a)
	}
	m.changed()
}

func (m *Model) withdraw(a *Attempt) {
	number := a.Number
	m.background(func(ctx context.Context) func() {
		r, _ := m.deps.Till.Cancel(ctx, number) // what counts is the order's own outcome
		return func() { m.heard(r) }
	}, func() {})
}

// heard takes an order that a call returned.
func (m *Model) heard(r payment.Record) {
	if r.Order.Number != "" {
		m.book.put(r)
		m.follow(r)
	}
	m.changed()
}

// Query asks the terminal about an order now and then shows its result.
func (m *Model) Query(number string) {
	if _, asked := m.Question(); asked || m.Busy() || m.checking != "" || m.MustAgree() && m.shown != number {
		return
	}
	m.tick()
	m.show(Asking)
	m.check(number, func(r payment.Record) {
		if m.face != Asking {
			return // staff did not wait
		}
		m.untick()
		if r.Order.Number == "" {
			m.refuse(nil, payment.Errorf(m.checked, "no order"))
			return
		}
		m.shown, m.asked = number, true
		m.show(Result)
	})
}

// StopAsking goes back to work; the answer is kept when it comes.
func (m *Model) StopAsking() {
	if m.face == Asking && !m.fresh() {
		m.untick()
		m.show(Ready)
	}
}

// CheckShown asks again about the order that is shown or that is in the way.
func (m *Model) CheckShown() {
	switch m.face {
	case Result:
		m.check(m.shown, func(payment.Record) {})
	case Refused:
		m.check(m.refusal.Order, m.unblock)
	case Ready, Running, Asking, Closing, Closed:
	}
}

// unblock looks what became of the order that was in the way: paid is shown, not paid frees the amount.
func (m *Model) unblock(r payment.Record) {
	s := r.State().Status
	switch {
	case m.face != Refused || s.Open() || r.Order.Number == "":
	case s.Moved():
		m.shown, m.asked = r.Order.Number, true
		m.show(Result)
	default:
		m.show(Ready)
	}
}

// check asks the terminal about an order, one at a time.
func (m *Model) check(number string, then func(payment.Record)) {
	if number == "" || m.checking != "" {
		return
	}
	m.checking, m.checked = number, ""
	m.changed()
	m.background(func(ctx context.Context) func() {
		r, err := m.deps.Till.Query(ctx, number)
		return func() {
			m.checking, m.checked = "", payment.CodeOf(err)
			m.book.pin(r)
			m.heard(r)
			then(r)
			m.changed()
		}
	}, func() {
		m.checking, m.checked = "", payment.CodeInternal
		then(payment.Record{})
		m.changed()
	})
}

// Approve starts what was refused once more, although an order of the same sum is not settled. The till records it as an
// approval with that order's number.
func (m *Model) Approve() {
	r := m.refusal
	if m.face != Refused || !r.Overridable() || r.Attempt == nil {
		return
	}
	again := *r.Attempt
	again.despite = append(slices.Clone(again.despite), r.Order)
	m.begin(&again)
}

// Lookup finds an order by number, in the book or in the journal.
func (m *Model) Lookup(number string, then func(payment.Record, error)) {
	if r, ok := m.book.order(number); ok {
		then(r, nil)
		return
	}
	m.background(func(ctx context.Context) func() {
		r, err := m.deps.Till.Order(ctx, number)
		return func() {
			if err == nil {
				m.book.pin(r)
			}
			then(r, err)
		}
	}, func() { then(payment.Record{}, errPanicked) })
}

// background runs work off the window's goroutine and what it returns on it; if the work panics, instead runs.
func (m *Model) background(work func(context.Context) func(), instead func()) {
	m.deps.Run(func(ctx context.Context) {
		done := instead
		defer func() { m.deps.Post(done) }()
		done = work(ctx)
	})
}

// tick refreshes the elapsed time while an order runs.
func (m *Model) tick() {
	m.untick()
	m.stop = m.deps.EverySecond(func() { m.changed() })
}

func (m *Model) untick() {
	if m.stop != nil {
		m.stop()
		m.stop = nil
	}
}
