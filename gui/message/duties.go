package message

import (
	"slices"

	"tillkeeper/payment"
)

// TakingBack says how far the till is with a payment that must not stand: one that the terminal wants back, or whose
// signature is not the customer's.
type TakingBack string

// The steps of taking a payment back.
const (
	NotTakenBack   TakingBack = ""       // it may stand
	BeingTakenBack TakingBack = "being"  // its void is to come, or under way
	TakeBackDoubt  TakingBack = "doubt"  // nobody knows what became of its void
	TakeBackFailed TakingBack = "failed" // its void was turned down: the payment still stands
	TakenBack      TakingBack = "done"   // nothing stays charged
)

// TakingBackOf looks how far it is with an order.
func TakingBackOf(r payment.Record) TakingBack {
	s := r.State()
	due := s.Facts.ReversalDue || s.Signature == payment.SignatureRejected
	switch {
	case due && s.Status == payment.StatusVoided:
		return TakenBack
	case !s.TakingBack():
		return NotTakenBack
	case s.ReversalDue || voidStands(r, payment.Status.UnderWay):
		return BeingTakenBack
	case voidStands(r, payment.Status.Open):
		return TakeBackDoubt
	default:
		return TakeBackFailed
	}
}

// voidStands reports whether a void of the order stands so.
func voidStands(r payment.Record, so func(payment.Status) bool) bool {
	return slices.ContainsFunc(r.FollowUps, func(f payment.FollowUp) bool {
		return f.Operation == payment.Void && so(f.Status)
	})
}

func (t TakingBack) mark() Mark {
	switch t {
	case BeingTakenBack:
		return MarkNote
	case TakenBack:
		return MarkReversed
	default:
		return MarkUnknown
	}
}

func (t TakingBack) brief() ID {
	switch t {
	case TakeBackFailed:
		return StatusNotBack
	case TakenBack:
		return StatusVoided
	default:
		return StatusBeingBack
	}
}

// signatureWanted is the question that an approved order puts to staff.
func (c *Catalogue) signatureWanted(s payment.State) Verdict {
	return Verdict{
		Mark: MarkQuestion, Title: c.Text(SignTitle), Money: c.Text(MoneyCharged, "Amount", c.Amount(s.Moved.Total())), Next: c.Text(SignWhat),
	}
}

func (c *Catalogue) takingBack(r payment.Record, s payment.State) Verdict {
	t, amount := TakingBackOf(r), c.Amount(s.Moved.Total())
	v := Verdict{Mark: t.mark(), Why: c.Text(BackWhyTerminal)}
	if s.Signature == payment.SignatureRejected {
		v.Why = c.Text(BackWhySignature)
	}
	switch t {
	case BeingTakenBack:
		v.Title, v.Money, v.Next = c.Text(BackTitle), c.Text(BackMoney, "Amount", amount), c.Text(BackNext)
	case TakeBackDoubt:
		v.Title, v.Money, v.Next = c.Text(BackDoubt), c.Text(MoneyUnknownBack, "Amount", amount), c.Text(BackNextDoubt)
	case TakenBack:
		v.Title, v.Money, v.Next = c.Text(BackDone), c.Text(BackMoneyDone, "Amount", amount), c.Text(BackNextDone)
	case TakeBackFailed, NotTakenBack:
		v.Title, v.Money, v.Next = c.Text(BackFailed), c.Text(BackMoneyFailed, "Amount", amount), c.Text(BackNextFailed)
	}
	return v
}

// CannotTakeBack puts into words that the till cannot void a payment that must not stand, and why.
func (c *Catalogue) CannotTakeBack(r payment.Record, why payment.Code) Verdict {
	amount := c.Amount(r.State().Moved.Total())
	return Verdict{
		Mark: MarkUnknown, Title: c.Text(BackFailed), Why: c.Code(why).Sentence,
		Money: c.Text(BackMoneyFailed, "Amount", amount), Next: c.Text(BackNextNotVoided),
	}
}
