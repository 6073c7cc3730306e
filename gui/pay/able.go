package pay

import (
	"tillkeeper/gui/message"
	"tillkeeper/payment"
)

// Lack says why a terminal cannot do an operation.
type Lack string

// The lacks.
const (
	LackNothing     Lack = ""             // it can
	LackNever       Lack = "never"        // it is not made for it
	LackSwitchedOff Lack = "switched-off" // a technician can switch it on
	LackNotEnabled  Lack = "not-enabled"  // its provider turned it down
	LackGone        Lack = "gone"         // the terminal is not in use any more
)

// LackOf says why the terminal of an order cannot do an operation about it.
func (m *Model) LackOf(op payment.Operation, r payment.Record) Lack {
	t, ok := m.book.terminal(r.Order.Terminal)
	if !ok {
		return LackGone
	}
	_, off := t.Can.SwitchedOff[op]
	_, learnt := t.Terminal.Learnt[op]
	switch {
	case off:
		return LackSwitchedOff
	case learnt:
		return LackNotEnabled
	case !t.Can.Can(op), op == payment.Void && !voids(t.Can, r.Order.Operation):
		return LackNever
	}
	return LackNothing
}

// voids reports whether a void may be of an order of that operation.
func voids(can payment.Capabilities, op payment.Operation) bool {
	switch op {
	case payment.PreAuth:
		return can.VoidPreAuth
	case payment.Completion:
		return can.VoidCompletion
	}
	return true
}

// Offers reports whether any terminal in use can do an operation; without a terminal nobody knows yet.
func (m *Model) Offers(op payment.Operation) bool {
	for _, t := range m.book.terminals {
		if t.Can.Can(op) {
			return true
		}
	}
	return len(m.book.terminals) == 0
}

// Candidates returns the remembered orders that an operation makes sense for; every one for "". Reserves are released
// elsewhere: see Reserves.
func (m *Model) Candidates(op payment.Operation) []payment.Record {
	return m.book.filter(func(r payment.Record) bool {
		return m.Allows(op, r) && (op != payment.Void || r.Order.Operation != payment.PreAuth)
	})
}

// Allows reports whether an operation makes sense for an order and its terminal can do it; the till has the last word.
func (m *Model) Allows(op payment.Operation, r payment.Record) bool {
	return op == "" || makesSense(op, r) && m.LackOf(op, r) == LackNothing
}

// makesSense reports whether an operation makes sense for an order as it stands, whatever its terminal can do.
func makesSense(op payment.Operation, r payment.Record) bool {
	s, of := r.State(), r.Order.Operation
	paid := s.Status == payment.StatusApproved || s.Status == payment.StatusDecidedPaid
	switch t := message.TakingBackOf(r); {
	case s.Signature == payment.SignatureWanted, t == message.BeingTakenBack, t == message.TakeBackDoubt:
		return false // the till is at it
	}
	switch op {
	case payment.Refund:
		return s.Status.Moved() && s.Refundable.IsPositive()
	case payment.Void:
		return paid && (of == payment.Sale || of == payment.Completion || of == payment.PreAuth && !followed(r, payment.Completion))
	case payment.Completion:
		return paid && of == payment.PreAuth && !followed(r, payment.Completion)
	case payment.TipAdjustment:
		return paid && of == payment.Sale
	default:
		return true
	}
}

// followed reports whether such a follow-up moved money, or may have.
func followed(r payment.Record, op payment.Operation) bool {
	for _, f := range r.FollowUps {
		if f.Operation == op && (f.Status.Open() || f.Status.Moved() && f.Status != payment.StatusVoided) {
			return true
		}
	}
	return false
}

// PartialRefund reports whether less than the rest of an order may be given back.
func (m *Model) PartialRefund(r payment.Record) bool {
	t, ok := m.book.terminal(r.Order.Terminal)
	return ok && t.Can.PartialRefund
}

// CanCancel reports whether the terminal that runs an order can be asked to stop.
func (m *Model) CanCancel() bool {
	if m.attempt == nil {
		return false
	}
	t, ok := m.book.terminal(m.attempt.Terminal)
	return ok && t.Can.Cancel
}

// AskingIsVain reports whether nobody can be asked about the unknown order on the screen, because only the terminal's own
// number leads to it and was never heard.
func (m *Model) AskingIsVain() bool {
	r, ok := m.Shown()
	if !ok || m.face != Result {
		return false
	}
	t, ok := m.book.terminal(r.Order.Terminal)
	s := r.State()
	vain := ok && t.Can.Unaskable && r.Order.Operation != payment.Void // that is asked about by its original
	return vain && s.Status == payment.StatusUnknown && s.Facts.Reference == ""
}
