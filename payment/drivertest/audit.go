package drivertest

import (
	"encoding/json"
	"slices"
	"strings"

	"tillkeeper/payment"
)

// audit compares the terminal's ledger with the journal. It holds at every
// moment, not only when all is settled:
//
//   - every movement of money belongs to an order that is paid, or still open,
//     in the journal, and over exactly the sum that the journal says moved;
//   - every order that the terminal said is paid has its movement;
//   - no order moved money twice;
//   - what went back of a sale is not more than the sale;
//   - no order that moved money was ever said to be not charged, in the journal
//     or to a caller.
func (r *rig) audit(when string) {
	moved := map[string]Charge{}
	for _, c := range r.sim.Charges() {
		if before, twice := moved[c.Number]; twice && c.Operation == before.Operation {
			r.errorf("%s: order %s moved money twice: %v and %v", when, c.Number, before, c)
		}
		if c.Operation != payment.TipAdjustment {
			moved[c.Number] = c
		}
	}
	back := map[string]payment.Amount{}
	for number, c := range moved {
		rec, err := r.journal.Find(r.ctx, number)
		if err != nil {
			r.errorf("%s: the terminal moved %s for order %s, of which the journal knows nothing", when, c.Amount, number)
			continue
		}
		r.auditCharge(when, rec, c)
		if rec.Order.Original != "" && c.Operation != payment.Completion {
			back[rec.Order.Original] = back[rec.Order.Original].Add(c.Amount)
		}
	}
	for number, sum := range back {
		if sale := moved[number]; sale.Amount.Less(sum) {
			r.errorf("%s: of order %s over %s, %s went back", when, number, sale.Amount, sum)
		}
	}
	r.auditPaid(when, moved)
}

// auditCharge looks at the order of one movement of money.
func (r *rig) auditCharge(when string, rec payment.Record, c Charge) {
	s, number := rec.State(), rec.Order.Number
	switch {
	case !s.Status.Moved() && !s.Status.Open() && s.Status != payment.StatusDecidedNotPaid:
		r.errorf("%s: the terminal moved %s for order %s, and the journal says %s; its story: %s", when, c.Amount, number, s.Status, story(rec))
	case s.Status.Moved() && s.Status != payment.StatusDecidedPaid && !s.Moved.Total().Equal(c.Amount):
		r.errorf("%s: the terminal moved %s for order %s, and the journal says %s", when, c.Amount, number, s.Moved.Total())
	}
	for i := range rec.Entries {
		if before := payment.Assess(rec.Order, rec.Entries[:i+1], nil); denies(before.Status) {
			r.errorf("%s: order %s, which moved %s, was once said to be %s; its story: %s", when, number, c.Amount, before.Status, story(rec))
			return
		}
	}
	if slices.Contains(r.refused, number) {
		r.errorf("%s: the caller was told that order %s was not sent, and it moved %s", when, number, c.Amount)
	}
}

// denies reports whether a status says that nothing was charged.
func denies(s payment.Status) bool {
	switch s {
	case payment.StatusDeclined, payment.StatusCancelled, payment.StatusExpired, payment.StatusNotSent:
		return true
	}
	return false
}

func (r *rig) auditPaid(when string, moved map[string]Charge) {
	all, err := r.journal.List(r.ctx, payment.Filter{Limit: 1000})
	if err != nil {
		r.errorf("%s: list the orders: %v", when, err)
	}
	for _, rec := range all {
		s := rec.State().Status
		if _, ok := moved[rec.Order.Number]; !ok && s.Moved() && s != payment.StatusDecidedPaid && rec.Order.Operation != payment.TipAdjustment {
			r.errorf("%s: the journal says that order %s is %s, and the terminal moved nothing; its story: %s", when, rec.Order.Number, s, story(rec))
		}
	}
}

// auditSettled checks, once the terminal is reachable and has had time, that no
// money it moved as it was asked to is still in doubt.
func (r *rig) auditSettled() {
	for _, c := range r.sim.Charges() {
		rec, err := r.journal.Find(r.ctx, c.Number)
		if err == nil && r.unaskable(rec) {
			r.auditUnaskable(rec)
			continue
		}
		if err == nil && rec.State().Status.Open() && c.Amount.Equal(rec.Order.Asked.Total()) {
			r.errorf("order %s moved %s, and is still %s in the end; its story: %s", c.Number, c.Amount, rec.State().Status, story(rec))
		}
	}
}

// auditSecrets looks for card numbers and secrets in everything that was written.
func (r *rig) auditSecrets() {
	books, err := r.journal.List(r.ctx, payment.Filter{Limit: 1000})
	if err != nil {
		r.errorf("list the orders: %v", err)
	}
	text, err := json.Marshal(books)
	if err != nil {
		r.errorf("write the journal as text: %v", err)
	}
	for where, text := range map[string]string{"the log": r.log.String(), "the journal": string(text)} {
		if strings.Contains(strings.NewReplacer(" ", "", "-", "").Replace(text), r.h.Card) {
			r.errorf("%s holds a full card number", where)
		}
		for key, secret := range r.h.Secrets {
			if strings.Contains(text, secret) {
				r.errorf("%s holds the secret %q", where, key)
			}
		}
	}
}

// auditManners reports what the driver did that its protocol does not allow.
func (r *rig) auditManners() {
	for _, f := range r.sim.Findings() {
		r.errorf("the terminal complains: %s", f)
	}
}
