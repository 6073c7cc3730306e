package pay

import (
	"context"

	"tillkeeper/gui/message"
	"tillkeeper/payment"
)

// Some terminals leave it to the till to have the customer's signature compared. Until somebody has, the payment stands
// on the screen as a question: nothing puts it away but one of two buttons.

// signing is how far the answer to the question about a signature is.
type signing struct {
	order    string // whose question is on the screen
	under    bool   // the answer is being carried out
	accepted bool   // what was answered
	failed   payment.Code
}

// Question returns the order on the screen whose signature is to be compared, if there is one.
func (m *Model) Question() (payment.Record, bool) {
	r, ok := m.Shown()
	if !ok || m.face != Result || r.State().Signature != payment.SignatureWanted {
		return payment.Record{}, false
	}
	return r, true
}

// raise brings up the oldest question about a signature as soon as the screen has room for it. A question that has just
// come up, also in place of another result of the same order, ignores presses like a new face.
func (m *Model) raise() {
	if m.face == Ready {
		if r, ok := m.book.unsigned(); ok {
			m.shown, m.asked, m.checked = r.Order.Number, true, ""
			m.face, m.since = Result, m.deps.Now()
		}
	}
	if r, ok := m.Question(); ok && m.signing.order != r.Order.Number {
		m.signing = signing{order: r.Order.Number}
		m.since = m.deps.Now()
	}
}

// Signing reports whether an answer is being carried out, which one, and what the last one failed with.
func (m *Model) Signing() (under, accepted bool, failed payment.Code) {
	if m.signing.order != m.shown {
		return false, false, ""
	}
	return m.signing.under, m.signing.accepted, m.signing.failed
}

// Sign answers whether the signature on the slip is the customer's. If it is not, the payment is taken back.
func (m *Model) Sign(same bool) {
	r, ok := m.Question()
	if !ok || m.signing.under || m.fresh() {
		return
	}
	number := r.Order.Number
	m.signing = signing{order: number, under: true, accepted: same}
	m.changed()
	m.background(func(ctx context.Context) func() {
		now, err := m.deps.Till.Sign(ctx, number, same, "")
		return func() { m.signed(number, now, payment.CodeOf(err)) }
	}, func() { m.signed(number, payment.Record{}, payment.CodeInternal) })
}

func (m *Model) signed(number string, now payment.Record, failed payment.Code) {
	if m.signing.order == number {
		m.signing.under, m.signing.failed = false, failed
		m.since = m.deps.Now()
	}
	m.heard(now)
}

// tookBack reports whether it turned out meanwhile what became of a payment that had to be taken back.
func tookBack(before, now payment.Record) bool {
	was, is := message.TakingBackOf(before), message.TakingBackOf(now)
	return was != is && was != message.NotTakenBack && (is == message.TakenBack || is == message.TakeBackFailed)
}
