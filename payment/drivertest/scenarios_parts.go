package drivertest

import (
	"time"

	"tillkeeper/payment"
)

// parts takes back sales that have more than a price: tip and cashback.
func parts() (all []scenario) {
	for _, sale := range []struct {
		name  string
		needs func(payment.Capabilities) bool
		make  func(r *rig) payment.Record
	}{
		{"a sale with a tip", func(c payment.Capabilities) bool { return c.Tip }, func(r *rig) payment.Record {
			return r.paidParts(payment.Amounts{Amount: r.sum("40"), Tip: r.sum("6")}, false)
		}},
		{"a sale with a tip asked for on the terminal", func(c payment.Capabilities) bool { return c.AskTip }, func(r *rig) payment.Record {
			return r.paidParts(payment.Amounts{Amount: r.sum("40")}, true)
		}},
		{"a sale with cashback", func(c payment.Capabilities) bool { return c.Cashback }, func(r *rig) payment.Record {
			return r.paidParts(payment.Amounts{Amount: r.sum("40"), Cashback: r.sum("20")}, false)
		}},
	} {
		claims := func(next func(Harness, payment.Capabilities) string) func(Harness, payment.Capabilities) string {
			return func(h Harness, c payment.Capabilities) string {
				if !sale.needs(c) {
					return "it claims no " + sale.name[len("a sale with "):]
				}
				return next(h, c)
			}
		}
		all = append(all,
			scenario{name: sale.name + " is voided over all that moved", needs: claims(can(payment.Void)), run: func(r *rig) {
				rec := sale.make(r)
				back, err := r.void(rec)
				r.wantApproved("void", back, err)
				if got, want := back.State().Moved.Total(), rec.State().Moved.Total(); !got.Equal(want) {
					r.errorf("%s went back of %s", got, want)
				}
			}},
			scenario{name: sale.name + " is refunded in parts down to what may go back", needs: claims(canPart), run: func(r *rig) {
				rec := sale.make(r)
				back, err := r.refund(rec, "39")
				r.wantApproved("the first part", back, err)
				back, err = r.refund(rec, "1")
				r.wantApproved("the second part", back, err)
				if r.fresh(rec).State().Refundable.IsPositive() {
					back, err = r.refund(rec, "")
					r.wantApproved("the rest", back, err)
				}
				r.want(r.fresh(rec), payment.StatusRefunded)
			}},
		)
	}
	return all
}

// paidParts runs a sale that has to be approved.
func (r *rig) paidParts(asked payment.Amounts, askTip bool) payment.Record {
	c := r.charge("40")
	c.Asked, c.AskTip = asked, askTip
	rec, err := r.tryPay(c)
	r.wantApproved("the sale", rec, err)
	return rec
}

// absences: "not found" counts only from a source that must know, after the payment's
// own time limit, and never because a clock says so.
func absences() []scenario {
	early := []StatusManner{StatusNotFound, StatusNotFound, StatusNotFound}
	proves := func(_ Harness, c payment.Capabilities) string {
		if !c.NotFoundProves {
			return "\"not found\" proves nothing with it"
		}
		return ""
	}
	run := func(jump time.Duration) func(r *rig) {
		return func(r *rig) {
			rec := r.lose("12")
			r.jump(jump)
			r.net.heal()
			r.sleep(20 * time.Second)
			r.audit("after \"not found\" came early")
			r.settle()
			r.want(r.fresh(rec), payment.StatusApproved)
		}
	}
	return []scenario{
		{name: "\"not found\" before the payment's own time limit proves nothing", needs: proves, statuses: early,
			turns: []Turn{{Slow: 4 * time.Minute, Forgotten: true}}, run: run(0)},
		{name: "\"not found\" proves nothing because the clock jumped a day forward", needs: proves, statuses: early,
			turns: []Turn{{Slow: 4 * time.Minute, Forgotten: true}}, run: run(24 * time.Hour)},
	}
}
