package drivertest

import (
	"tillkeeper/payment"
)

// amounts is point 1: the right outcome and the exact sum, in currencies of
// 0, 2 and 3 places.
func amounts() (all []scenario) {
	for _, c := range []struct {
		currency    payment.Currency
		places      string
		asked, part string
	}{
		{"JPY", "no", "1203", "501"},
		{"USD", "two", "12.03", "5.01"},
		{"KWD", "three", "12.003", "5.001"},
	} {
		part, err := payment.ParseAmount(c.part, c.currency)
		if err != nil {
			panic(err) // a defect of the table above
		}
		in := "a sale in a currency of " + c.places + " decimals "
		all = append(all,
			scenario{name: in + "is approved over the exact sum", currency: c.currency, sockets: true, run: func(r *rig) {
				rec := r.paid(c.asked)
				if got := rec.State().Moved.Total(); got.Text() != c.asked || got.Currency() != c.currency {
					r.errorf("%s moved, want %s", got, c.asked)
				}
				r.wantCharges(1)
			}},
			scenario{name: in + "is declined and not charged", currency: c.currency, turns: []Turn{{Verdict: Decline}}, sockets: true, run: func(r *rig) {
				r.want(r.pay(c.asked), payment.StatusDeclined)
				r.wantCharges(0)
			}},
			scenario{name: in + "is cancelled by the customer and not charged", currency: c.currency, turns: []Turn{{Verdict: Walk}}, run: func(r *rig) {
				r.want(r.pay(c.asked), payment.StatusCancelled)
				r.wantCharges(0)
			}},
			scenario{name: in + "is never taken for paid when the bank grants a part", currency: c.currency,
				turns: []Turn{{Verdict: Part, Granted: part}}, run: func(r *rig) { r.partly(c.asked, part) }},
		)
	}
	return append(all,
		scenario{name: "the largest sum that an order can hold is charged exactly or not sent", run: func(r *rig) {
			largest := payment.FromMinor(999_999_999_999, r.currency)
			r.want(r.pay(largest.Text()), payment.StatusApproved, payment.StatusNotSent)
		}},
		scenario{name: "the smallest sum is charged exactly", run: func(r *rig) {
			r.paid(payment.FromMinor(1, r.currency).Text())
			r.wantCharges(1)
		}},
		scenario{name: "nobody presents a card and nothing is charged", turns: []Turn{{Verdict: Expire}}, run: func(r *rig) {
			rec := r.pay("12")
			r.settle()
			r.want(r.fresh(rec), noMoney...)
			r.wantCharges(0)
		}},
		scenario{name: "an order refused before any card is not charged", turns: []Turn{{Verdict: Refuse}}, run: func(r *rig) {
			r.want(r.pay("12"), noMoney...)
			r.wantCharges(0)
		}},
		scenario{name: "a declined customer pays with another card under a new number", turns: []Turn{{Verdict: Decline}}, run: func(r *rig) {
			r.want(r.pay("12"), payment.StatusDeclined)
			r.paid("12")
			r.wantCharges(1)
		}},
	)
}

// partly expects the part where the protocol can say so, and a doubt where not.
func (r *rig) partly(asked string, part payment.Amount) {
	rec := r.pay(asked)
	s := rec.State()
	if r.h.Quirks.PartialApproval {
		if s.Status != payment.StatusApproved || !s.Facts.Partial || !s.Moved.Total().Equal(part) {
			r.errorf("the part of %s is %s over %s, said to be a part: %v", part, s.Status, s.Moved.Total(), s.Facts.Partial)
		}
		return
	}
	r.want(rec, payment.StatusUnknown)
}

// extras are the other parts of a sum, as far as Capabilities claims them.
func extras() []scenario {
	claimed := func(r *rig, claims bool, asked payment.Amounts, askTip bool) {
		c := r.charge("40")
		c.Asked, c.AskTip = asked, askTip
		rec, err := r.tryPay(c)
		if !claims {
			r.wantCode("what is not claimed", err, payment.CodeUnsupported)
			r.wantCharges(0)
			return
		}
		if err != nil {
			r.fatalf("pay: %v", err)
		}
		r.want(rec, payment.StatusApproved)
		if moved := rec.State().Moved.Total(); moved.Less(c.Asked.Total()) {
			r.errorf("%s moved of %s", moved, c.Asked.Total())
		}
		r.wantCharges(1)
	}
	return []scenario{
		{name: "a tip given at the till is charged with the sale, or unsupported as claimed", run: func(r *rig) {
			claimed(r, r.driver.Capabilities().Tip, payment.Amounts{Amount: r.sum("40"), Tip: r.sum("6")}, false)
		}},
		{name: "a tip asked for on the terminal is charged with the sale, or unsupported as claimed", run: func(r *rig) {
			claimed(r, r.driver.Capabilities().AskTip, payment.Amounts{Amount: r.sum("40")}, true)
		}},
		{name: "cashback is charged with the sale, or unsupported as claimed", run: func(r *rig) {
			claimed(r, r.driver.Capabilities().Cashback, payment.Amounts{Amount: r.sum("40"), Cashback: r.sum("20")}, false)
		}},
	}
}
