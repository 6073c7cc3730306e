package torture

import (
	"slices"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/drivertest"
)

// sentence holds the books against the ledger at the end of a day.
func (j *judge) sentence(clients []*customer) {
	books := map[string]payment.Record{}
	notes := map[string]payment.Record{}
	all := j.all()
	for _, r := range all {
		books[r.Order.Number] = r
		note := r.Order.Note + r.Order.Reason
		if before, twice := notes[note]; twice {
			j.violate("one press made the orders %s and %s", before.Order.Number, r.Order.Number)
		}
		notes[note] = r
	}
	moved := j.movements()
	for number, movements := range moved {
		j.inBooks(number, movements, books)
	}
	for _, r := range all {
		j.inLedger(r, moved[r.Order.Number])
		j.takenBack(r, moved, books)
	}
	for note, err := range j.refused {
		if r, ok := notes[note]; ok && (len(moved[r.Order.Number]) > 0 || r.Has(payment.KindSent)) {
			j.violate("staff were told that nothing was sent (%v), but %s was", err, r.Order.Number)
		}
	}
	for _, c := range clients {
		j.once(c, notes, moved)
	}
}

// inBooks: what the terminal moved must stand in the journal, once.
func (j *judge) inBooks(number string, movements []drivertest.Charge, books map[string]payment.Record) {
	r, ok := books[number]
	switch s := r.State(); {
	case !ok:
		j.violate("%s moved money and is not in the journal", number)
	case len(movements) > 1:
		j.violate("%s moved money %d times", number, len(movements))
	case !r.Has(payment.KindSent):
		j.violate("%s moved money and is not recorded as sent", number)
	case movements[0].Operation != r.Order.Operation:
		j.violate("%s is a %s in the journal, a %s at the terminal", number, r.Order.Operation, movements[0].Operation)
	case s.Status.Open() || byPerson(r):
		if !j.isCase(r) {
			j.violate("%s moved money, the terminal says so, and it is %s", number, s.Status)
		}
	case !s.Status.Moved():
		j.violate("%s moved money and is %s in the journal", number, s.Status)
	case !s.Moved.Total().Equal(movements[0].Amount):
		j.violate("%s moved %s, the journal says %s", number, movements[0].Amount, s.Moved.Total())
	}
}

// inLedger: what the journal says was paid, or was not, must be so, and must
// have been so whenever it was said.
func (j *judge) inLedger(r payment.Record, movements []drivertest.Charge) {
	number, status := r.Order.Number, r.State().Status
	if status.Moved() && len(movements) == 0 && !byPerson(r) {
		j.violate("%s is %s, and no money has moved", number, status)
	}
	if status.UnderWay() {
		j.violate("%s is %s for ever", number, status)
	}
	if len(movements) == 0 {
		return
	}
	for _, no := range none {
		if _, said := j.first[number][no]; said {
			j.violate("%s was said to be %s, and it moved money", number, no)
		}
	}
}

// takenBack: no more goes back than was paid, by the ledger and by the journal.
func (j *judge) takenBack(r payment.Record, moved map[string][]drivertest.Charge, books map[string]payment.Record) {
	if r.Order.Operation != payment.Sale || len(r.FollowUps) == 0 {
		return
	}
	var back, claimed payment.Amount
	for _, f := range r.FollowUps {
		if j.unlinked && books[f.Number].Has(payment.KindDecided) {
			continue
		}
		for _, m := range moved[f.Number] {
			back = back.Add(m.Amount)
		}
		if f.Status.Moved() || f.Status.Open() && !overridden(f.Number, r.FollowUps, books) {
			claimed = claimed.Add(f.Amounts.Total())
		}
	}
	var paid payment.Amount
	for _, m := range moved[r.Order.Number] {
		paid = paid.Add(m.Amount)
	}
	if paid.Less(back) {
		j.violate("%s moved %s, and %s went back", r.Order.Number, paid, back)
	}
	asked := r.Order.Asked.Total()
	if counted := r.State().Moved.Total(); byPerson(r) && asked.Less(counted) {
		asked = counted // a person confirmed an approval over more than was asked for
	}
	if asked.Less(claimed) {
		j.violate("%s was over %s, and %s may have gone back", r.Order.Number, asked, claimed)
	}
}

// overridden reports whether a person started another order beside number.
func overridden(number string, all []payment.FollowUp, books map[string]payment.Record) bool {
	return slices.ContainsFunc(all, func(f payment.FollowUp) bool {
		return slices.Contains(books[f.Number].Order.Despite, number)
	})
}

// informed is how long after an order turned out paid a press for the same sum still
// counts as made without knowing it.
const informed = time.Minute

// once: a customer pays once, unless a person allowed otherwise, or pressed
// again long after the truth was on the screen.
func (j *judge) once(c *customer, notes map[string]payment.Record, moved map[string][]drivertest.Charge) {
	var before []payment.Record
	var allowed []string
	for _, note := range c.notes {
		r := notes[note]
		allowed = append(allowed, r.Order.Despite...)
		if len(moved[r.Order.Number]) == 0 {
			continue
		}
		for _, b := range before {
			if !slices.Contains(allowed, b.Order.Number) && !j.excused(b, r) {
				j.violate("a customer was charged by %s and again by %s", b.Order.Number, r.Order.Number)
			}
		}
		before = append(before, r)
	}
}

// excused reports whether a person had decided about the first order, or it had
// been known as paid for a while when the second one began.
func (j *judge) excused(before, again payment.Record) bool {
	if before.Has(payment.KindDecided) {
		return true
	}
	created := j.first[again.Order.Number]
	start := time.Now()
	for _, at := range created {
		if at.Before(start) {
			start = at
		}
	}
	for status, at := range j.first[before.Order.Number] {
		if status.Moved() && start.Sub(at) >= informed {
			return true
		}
	}
	return false
}
