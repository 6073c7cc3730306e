package message

import "tillkeeper/payment"

// reserveTaken returns what was taken of a reserve, and whether it was taken.
func reserveTaken(r payment.Record) (payment.Amount, bool) {
	for _, f := range r.FollowUps {
		if f.Operation == payment.Completion && f.Status.Moved() && f.Status != payment.StatusVoided {
			return f.Amounts.Total(), true
		}
	}
	return payment.Amount{}, false
}

// reserved says what became of the money of a reserve.
func (c *Catalogue) reserved(r payment.Record, s payment.State) string {
	if s.Status == payment.StatusVoided {
		return c.Text(MoneyReleased, "Amount", c.Amount(s.Moved.Total()))
	}
	if taken, ok := reserveTaken(r); ok {
		return c.Text(MoneyReserveTook, "Amount", c.Amount(taken))
	}
	return c.Text(MoneyReserved, "Amount", c.Amount(s.Moved.Total()))
}

func (c *Catalogue) reserveNext(r payment.Record) string {
	if _, ok := reserveTaken(r); ok {
		return c.Text(NextDone)
	}
	return c.Text(NextReserve)
}

func (c *Catalogue) reserveBrief(r payment.Record, s payment.State) string {
	if s.Status == payment.StatusVoided {
		return c.Text(StatusReleased)
	}
	if _, ok := reserveTaken(r); ok {
		return c.Text(StatusReserveTaken)
	}
	return c.Text(StatusReserved)
}

// VerdictOn puts a follow-up into words, knowing the order it is about: a void of a reserve gives nothing back, because
// nothing was taken.
func (c *Catalogue) VerdictOn(r, original payment.Record) Verdict {
	v := c.Verdict(r)
	if r.Order.Operation != payment.Void || original.Order.Operation != payment.PreAuth {
		return v
	}
	s, amount := r.State(), c.Amount(r.Order.Asked.Total())
	switch {
	case s.Status == payment.StatusApproved:
		v.Title, v.Money, v.Next = c.Text(ResultReleased), c.Text(MoneyReleased, "Amount", amount), c.Text(NextDone)
	case s.Status == payment.StatusUnknown:
		v.Money = c.Text(MoneyUnknownFree, "Amount", amount)
	case !s.Status.Open() && !s.Status.Moved():
		v.Money = c.Text(MoneyReserveRest)
	}
	return v
}

// unknownMoney is what to say about the money of an order that nobody knows the outcome of.
func unknownMoney(op payment.Operation) ID {
	switch op {
	case payment.PreAuth:
		return MoneyUnknownHold
	case payment.TipAdjustment:
		return MoneyUnknownTip
	case payment.Refund, payment.Void:
		return MoneyUnknownBack
	default:
		return MoneyUnknown
	}
}

// noMoney is the same for an order that moved none.
func noMoney(op payment.Operation) ID {
	switch op {
	case payment.Completion:
		return MoneyReserveRest
	case payment.TipAdjustment:
		return MoneyTipStands
	case payment.Refund, payment.Void:
		return MoneyStands
	default:
		return MoneyNothing
	}
}
