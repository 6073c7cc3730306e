package message

import (
	"time"

	"tillkeeper/payment"
)

// CaseNext says the one safe next step of a case.
func (c *Catalogue) CaseNext(k payment.Case, now time.Time) string {
	back := takesBack(k.Record.Order.Operation)
	switch k.Next {
	case payment.NextWait:
		return c.Text(pick(back, CaseWaitBack, CaseWait), "Time", c.Moment(k.Until, now))
	case payment.NextCheck:
		return c.Text(CaseCheck)
	case payment.NextDecide:
		return c.Text(CaseDecide)
	case payment.NextCorrect:
		return c.correction(k.Record)
	default:
		if s := k.Record.State().Status; s == payment.StatusDecidedPaid || s == payment.StatusDecidedNotPaid {
			return c.Text(CaseDecided)
		}
		return c.Text(CaseNothing)
	}
}

// correction says what a real answer after a wrong decision means.
func (c *Catalogue) correction(r payment.Record) string {
	s, back := r.State(), takesBack(r.Order.Operation)
	if !Overruled(r) {
		return c.Text(ResultContradiction)
	}
	amount := c.Amount(r.Order.Asked.Total())
	if s.Status.Moved() {
		return c.Text(pick(back, CaseCorrectPaidBack, CaseCorrectPaid), "Amount", amount)
	}
	return c.Text(pick(back, CaseCorrectNotPaidBack, CaseCorrectNotPaid), "Amount", amount)
}

// Overruled reports whether a person's decision about the order was replaced by a real answer that says otherwise.
func Overruled(r payment.Record) bool {
	s := r.State()
	if s.Status.Open() || s.Status == payment.StatusDecidedPaid || s.Status == payment.StatusDecidedNotPaid {
		return false
	}
	for i := len(r.Entries) - 1; i >= 0; i-- {
		if e := r.Entries[i]; e.Kind == payment.KindDecided {
			return e.Paid != s.Status.Moved()
		}
	}
	return false
}

// Ground puts one reason of a verdict into words.
func (c *Catalogue) Ground(op payment.Operation, g payment.Ground, now time.Time) string {
	at := c.Moment(g.Time, now)
	switch g.Kind {
	case payment.GroundAnswer:
		return c.Text(GroundAnswer, "Time", at, "Outcome", c.Outcome(op, g.Outcome))
	case payment.GroundStatus:
		return c.Text(GroundStatus, "Time", at, "Outcome", c.Outcome(op, g.Outcome))
	case payment.GroundNotFoundProves:
		return c.Text(GroundNotFoundProves, "Delay", Elapsed(g.After))
	case payment.GroundDecision:
		return c.Text(GroundDecision, "Time", at, "Staff", c.somebody(g.Staff), "Reason", g.Reason, "Proof", g.Proof)
	case payment.GroundTotals:
		if g.Code == "" {
			return c.Text(GroundTotalsNeither, "Time", at)
		}
		return c.Text(GroundTotals, "Time", at, "Why", c.Code(g.Code).Sentence)
	case payment.GroundMismatch:
		return c.Text(GroundMismatch, "Time", at, "Why", c.Code(g.Code).Sentence)
	case payment.GroundPending:
		return c.Text(GroundPending, "Time", at)
	case payment.GroundNotFoundEarly:
		return c.Text(GroundNotFoundEarly, "Time", at)
	case payment.GroundNotFoundWeak:
		return c.Text(GroundNotFoundWeak, "Time", at)
	case payment.GroundSilence:
		return c.Count(GroundSilence, g.Count, "Time", at)
	default:
		return c.Text(GroundDoubt, "Time", at, "Why", c.Code(g.Code).Sentence)
	}
}

// Outcome is the word for what was said about an order of that operation.
func (c *Catalogue) Outcome(op payment.Operation, o payment.Outcome) string {
	switch {
	case o == payment.Approved && op == payment.PreAuth:
		return c.Text(OutcomeReserved)
	case o == payment.Approved && (takesBack(op) || op == payment.TipAdjustment):
		return c.Text(OutcomeApprovedBack)
	}
	return c.Text(ID("outcome." + string(o)))
}

func (c *Catalogue) somebody(staff string) string {
	if staff == "" {
		return c.Text(CaseSomebody)
	}
	return staff
}

// Moment writes a time to the second, with its day unless that is today.
func (c *Catalogue) Moment(t, now time.Time) string {
	t = t.In(now.Location())
	if t.Year() == now.Year() && t.YearDay() == now.YearDay() {
		return t.Format(c.Text(FormatMoment))
	}
	return t.Format(c.Text(FormatMomentDay))
}

func pick(back bool, giveBack, charge ID) ID {
	if back {
		return giveBack
	}
	return charge
}

// MarkOfGround returns the sign for a reason.
func MarkOfGround(g payment.Ground) Mark {
	switch g.Kind {
	case payment.GroundAnswer, payment.GroundStatus:
		return markOfOutcome(g.Outcome)
	case payment.GroundNotFoundProves:
		return MarkCancelled
	case payment.GroundDecision:
		return MarkNote
	default:
		return MarkUnknown
	}
}
