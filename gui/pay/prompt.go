package pay

import (
	"context"

	"tillkeeper/payment"
)

// A terminal may go on showing an order after the till has stopped waiting for it, and the next customer's card would
// pay for the last one's goods. So when staff turn away from an unknown order the terminal is asked to take it off its
// screen, and cash is not taken before the terminal has said that the card was not charged.

// CashAnswer is what to tell staff who want to take the money in cash instead.
type CashAnswer string

// The answers.
const (
	CashNone    CashAnswer = ""        // nobody asked
	CashAsking  CashAnswer = "asking"  // the terminal is being asked to stop
	CashTake    CashAnswer = "take"    // nothing was charged
	CashPaid    CashAnswer = "paid"    // the card has paid
	CashUnknown CashAnswer = "unknown" // the card may have paid
)

// Prompt returns the order that the chosen terminal may still show although nobody waits for it, and whether it is being
// taken off its screen.
func (m *Model) Prompt() (r payment.Record, clearing, shown bool) {
	t, ok := m.Terminal()
	if !ok {
		return payment.Record{}, false, false
	}
	r, shown = m.promptOf(t.Terminal.ID)
	return r, m.clearing[t.Terminal.ID], shown
}

// promptOf returns the oldest unknown order that a terminal may still take a card for.
func (m *Model) promptOf(terminal string) (found payment.Record, ok bool) {
	for _, t := range m.book.terminals {
		if t.Terminal.ID != terminal {
			continue
		}
		for _, r := range m.book.cases() {
			c, is := payment.CaseOf(r, t.Can, m.deps.Now())
			if is && r.Order.Terminal == terminal && c.Next == payment.NextWait {
				found, ok = r, true
			}
		}
	}
	return found, ok
}

// Leave is called when staff go to another screen. An unknown result they leave behind does not stay on the terminal.
func (m *Model) Leave() {
	if r, ok := m.Shown(); ok && m.MustAgree() {
		m.clear(r.Order.Terminal)
	}
}

// clear asks a terminal in the background to take from its screen what nobody waits for.
func (m *Model) clear(terminal string) {
	if _, ok := m.promptOf(terminal); !ok || m.clearing[terminal] {
		return
	}
	m.clearing[terminal] = true
	m.background(func(ctx context.Context) func() {
		now, _ := m.deps.Till.Clear(ctx, terminal) // what cannot be cleared stays on the screen here, too
		return func() { m.cleared(terminal, now) }
	}, func() { m.cleared(terminal, nil) })
}

func (m *Model) cleared(terminal string, now []payment.Record) {
	delete(m.clearing, terminal)
	for _, r := range now {
		m.noteNews(&r)
		m.heard(r)
	}
	m.changed()
}

// OffersCash reports whether staff may ask to take the money of the sale before them in cash instead.
func (m *Model) OffersCash() bool {
	if m.face == Running {
		return m.attempt.Operation == payment.Sale && !m.attempt.Cash && m.CanCancel()
	}
	r, ok := m.Shown()
	if !ok || m.face != Result || r.Order.Operation != payment.Sale || m.Cash() != CashNone {
		return false
	}
	s := r.State().Status
	return s == payment.StatusUnknown && !m.AskingIsVain() || s == payment.StatusDeclined
}

// WantCash begins to make it safe to take cash instead: the terminal is asked to stop, and only its word that nothing
// was charged frees the cash.
func (m *Model) WantCash() {
	if !m.OffersCash() || m.fresh() {
		return
	}
	if m.face == Running {
		m.attempt.Cash = true
		m.Cancel()
		m.changed()
		return
	}
	m.cash = m.shown
	if r, ok := m.Shown(); ok && r.State().Status.Open() {
		m.askForCash(r)
	}
	m.changed()
}

// askForCash clears the terminal and asks what became of the order.
func (m *Model) askForCash(r payment.Record) {
	number, terminal := r.Order.Number, r.Order.Terminal
	m.cashAsking = number
	done := func(now ...payment.Record) {
		if m.cashAsking == number {
			m.cashAsking = ""
		}
		m.cleared(terminal, now)
	}
	m.background(func(ctx context.Context) func() {
		now, _ := m.deps.Till.Clear(ctx, terminal)
		for _, r := range now {
			if r.Order.Number == number && !r.State().Status.Open() {
				return func() { done(now...) }
			}
		}
		r, _ := m.deps.Till.Query(ctx, number)
		return func() { done(append(now, r)...) }
	}, func() { done() })
}

// Cash is what to tell staff who want to take the shown sale in cash. It follows what is known: a late answer changes it.
func (m *Model) Cash() CashAnswer {
	r, ok := m.Shown()
	if !ok || m.face != Result || m.cash != m.shown {
		return CashNone
	}
	switch s := r.State().Status; {
	case s == payment.StatusVoided && m.cashAsking == "":
		return CashTake
	case r.State().TakingBack():
		return CashUnknown
	case s.Moved():
		return CashPaid
	case !s.Open():
		return CashTake
	case m.cashAsking == m.shown:
		return CashAsking
	default:
		return CashUnknown
	}
}
