package drivertest

import (
	"tillkeeper/payment"
)

// unaskable reports whether nobody can be asked about an order: the driver claims that
// only the terminal's own number leads to an order, and the answer that held it is
// lost. Such an order stays unknown until a person decides. A void is asked about by
// its original.
func (r *rig) unaskable(rec payment.Record) bool {
	return r.driver.Capabilities().Unaskable && rec.Order.Operation != payment.Void &&
		!rec.Has(payment.KindAccepted) && rec.State().Facts.Reference == "" &&
		(rec.Has(payment.KindUnanswered) || rec.Has(payment.KindOrphaned))
}

// auditUnaskable checks that an order of which nobody can be asked is said to be
// unknown, and that the driver makes nothing up about it.
func (r *rig) auditUnaskable(rec payment.Record) {
	if s := rec.State().Status; s != payment.StatusUnknown && s != payment.StatusDecidedPaid && s != payment.StatusDecidedNotPaid {
		r.errorf("nobody can be asked about order %s, and it is %s; its story: %s", rec.Order.Number, s, story(rec))
	}
	_, err := r.ask(rec.Order)
	r.wantCode("a question about order "+rec.Order.Number, err, payment.CodeCannotAsk)
}
