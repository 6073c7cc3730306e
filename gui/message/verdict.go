package message

import (
	"tillkeeper/payment"
)

// Mark is the sign that stands beside a verdict: one colour and one shape for each.
type Mark string

// The marks.
const (
	MarkPaid      Mark = "paid"
	MarkDeclined  Mark = "declined"
	MarkCancelled Mark = "cancelled"
	MarkUnknown   Mark = "unknown"
	MarkNotSent   Mark = "not-sent"
	MarkTakenBack Mark = "taken-back" // a refund or void that went through
	MarkReversed  Mark = "reversed"   // a payment that was taken back later
	MarkWorking   Mark = "working"
	MarkQuestion  Mark = "question" // staff is asked something
	MarkNote      Mark = "note"
	MarkNone      Mark = "" // nothing to point at
)

// Verdict is what staff read about an order.
type Verdict struct {
	Mark  Mark
	Title string // the outcome, in a word where one will do
	Why   string // what happened
	Money string // what happened to the money
	Next  string // what to do now
}

// Verdict puts an order into words.
func (c *Catalogue) Verdict(r payment.Record) Verdict {
	s := r.State()
	switch {
	case s.Signature == payment.SignatureWanted:
		return c.signatureWanted(s)
	case TakingBackOf(r) != NotTakenBack:
		return c.takingBack(r, s)
	}
	v := Verdict{Mark: markOf(r.Order.Operation, s), Title: c.title(r, s), Money: c.money(r, s)}
	v.Why, v.Next = c.reason(r, s)
	if s.Contradicted {
		v.Next = c.Text(ResultContradiction)
	}
	return v
}

// MarkOf returns the sign for an order as it stands.
func MarkOf(r payment.Record) Mark {
	s := r.State()
	if s.Signature == payment.SignatureWanted {
		return MarkQuestion
	}
	if t := TakingBackOf(r); t != NotTakenBack {
		return t.mark()
	}
	return markOf(r.Order.Operation, s)
}

func markOf(op payment.Operation, s payment.State) Mark {
	switch s.Status {
	case payment.StatusApproved, payment.StatusDecidedPaid, payment.StatusPartlyRefunded:
		switch {
		case takesBack(op):
			return MarkTakenBack
		case s.Facts.Partial:
			return MarkNote
		}
		return MarkPaid
	case payment.StatusDeclined:
		return MarkDeclined
	case payment.StatusCancelled, payment.StatusExpired, payment.StatusDecidedNotPaid:
		return MarkCancelled
	case payment.StatusUnknown:
		return MarkUnknown
	case payment.StatusNotSent:
		return MarkNotSent
	case payment.StatusVoided, payment.StatusRefunded:
		return MarkReversed
	default:
		return MarkWorking
	}
}

func takesBack(op payment.Operation) bool { return op == payment.Refund || op == payment.Void }

func (c *Catalogue) title(r payment.Record, s payment.State) string {
	back := takesBack(r.Order.Operation)
	either := func(charge, giveBack ID) string {
		if back {
			return c.Text(giveBack)
		}
		return c.Text(charge)
	}
	switch s.Status {
	case payment.StatusApproved:
		return c.approved(r, s)
	case payment.StatusDeclined:
		return either(ResultDeclined, ResultDeclinedBack)
	case payment.StatusCancelled:
		return either(ResultCancelled, ResultCancelledBack)
	case payment.StatusExpired:
		return either(ResultExpired, ResultExpiredBack)
	case payment.StatusUnknown:
		return either(ResultUnknown, ResultUnknownBack)
	case payment.StatusNotSent:
		if s.Code == payment.CodeNotReached || s.Code == "" {
			return c.Text(ResultNotReached)
		}
		return c.Text(ResultNotSent, "Why", c.Code(s.Code).Title)
	case payment.StatusDecidedPaid:
		return c.Text(ResultDecidedPaid)
	case payment.StatusDecidedNotPaid:
		return c.Text(ResultDecidedNotPaid)
	case payment.StatusPartlyRefunded:
		return c.Text(ResultPartlyRefunded)
	case payment.StatusRefunded:
		return c.Text(ResultWasRefunded)
	case payment.StatusVoided:
		if r.Order.Operation == payment.PreAuth {
			return c.Text(ResultReleased)
		}
		return c.Text(ResultWasVoided)
	default:
		return c.Status(s.Status)
	}
}

func (c *Catalogue) approved(r payment.Record, s payment.State) string {
	switch r.Order.Operation {
	case payment.Refund:
		return c.Text(ResultRefunded)
	case payment.Void:
		return c.Text(ResultVoided)
	case payment.PreAuth:
		if _, taken := reserveTaken(r); taken {
			return c.Text(ResultReserveTaken)
		}
		return c.Text(ResultReserved)
	case payment.TipAdjustment:
		return c.Text(ResultTipSet)
	}
	if rest := owed(r, s); rest.IsPositive() {
		return c.Text(ResultPartial, "Rest", c.Amount(rest))
	}
	return c.Text(ResultPaid)
}

// owed is what was asked and not granted.
func owed(r payment.Record, s payment.State) payment.Amount {
	if !s.Facts.Partial {
		return payment.Amount{}
	}
	return r.Order.Asked.Total().Sub(s.Moved.Total())
}

func (c *Catalogue) money(r payment.Record, s payment.State) string {
	asked, moved, back := c.Amount(r.Order.Asked.Total()), c.Amount(s.Moved.Total()), takesBack(r.Order.Operation)
	switch {
	case s.Status == payment.StatusDecidedPaid, s.Status == payment.StatusDecidedNotPaid:
		return c.Text(MoneyDecided)
	case s.Status.Moved() && r.Order.Operation == payment.PreAuth:
		return c.reserved(r, s)
	case s.Status.Moved() && r.Order.Operation == payment.TipAdjustment:
		return c.Text(MoneyTip, "Amount", moved)
	case s.Status == payment.StatusVoided, s.Status == payment.StatusRefunded:
		return c.Text(MoneyTaken, "Amount", moved)
	case s.Status.Moved() && back:
		return c.Text(MoneyBack, "Amount", moved)
	case s.Status.Moved():
		return c.Text(MoneyCharged, "Amount", moved)
	case s.Status.Open():
		return c.Text(unknownMoney(r.Order.Operation), "Amount", asked)
	default:
		return c.Text(noMoney(r.Order.Operation))
	}
}

// reason says why, and what to do: by the order's code where it has one.
func (c *Catalogue) reason(r payment.Record, s payment.State) (why, next string) {
	switch s.Status {
	case payment.StatusDecidedPaid, payment.StatusDecidedNotPaid:
		return c.decision(r), c.Text(NextDecided)
	case payment.StatusApproved, payment.StatusPartlyRefunded, payment.StatusRefunded, payment.StatusVoided:
		return c.approval(r, s)
	}
	if s.Code != "" {
		w := c.Code(s.Code)
		return w.Sentence, w.Next
	}
	switch s.Status {
	case payment.StatusDeclined:
		return c.Text(WhyDeclined), c.Code(payment.CodeDeclined).Next
	case payment.StatusCancelled:
		return c.Text(WhyCancelled), c.Text(NextRetry)
	case payment.StatusExpired:
		return c.Text(WhyExpired), c.Text(NextRetry)
	case payment.StatusNotSent:
		return c.Text(WhyNotSent), c.Code(payment.CodeNotReached).Next
	default:
		return c.Text(WhyUnknown), c.Code(payment.CodeNoAnswer).Next
	}
}

func (c *Catalogue) approval(r payment.Record, s payment.State) (why, next string) {
	why, next = c.Text(WhyPaid), c.Text(NextPaid)
	if takesBack(r.Order.Operation) {
		why, next = c.Text(WhyBack), c.Text(NextBack)
	}
	if s.Facts.Brand != "" && s.Facts.Card != "" {
		why = c.Text(WhyCard, "Brand", s.Facts.Brand, "Card", s.Facts.Card)
	}
	switch {
	case s.Status == payment.StatusVoided || s.Status == payment.StatusRefunded:
		next = c.Code(payment.CodeAlreadyVoided).Next
	case r.Order.Operation == payment.PreAuth:
		next = c.reserveNext(r)
	case r.Order.Operation == payment.TipAdjustment:
		next = c.Text(NextDone)
	case owed(r, s).IsPositive():
		next = c.Text(NextOwed)
	}
	return why, next
}

// decision names who decided, from the last decision there is.
func (c *Catalogue) decision(r payment.Record) string {
	for i := len(r.Entries) - 1; i >= 0; i-- {
		if e := r.Entries[i]; e.Kind == payment.KindDecided && e.Staff != "" {
			return c.Text(WhyDecided, "Staff", e.Staff)
		}
	}
	return c.Text(WhyDecidedNobody)
}

// Brief is the few words for a list: "Paid", "Refund", "Void · Not sure yet".
func (c *Catalogue) Brief(r payment.Record) string {
	s := r.State()
	if s.Signature == payment.SignatureWanted {
		return c.Text(StatusSignature)
	}
	if t := TakingBackOf(r); t != NotTakenBack {
		return c.Text(t.brief())
	}
	switch op := r.Order.Operation; {
	case op == payment.Sale, op == payment.Completion && s.Status.Moved():
		return c.Status(s.Status)
	case op == payment.PreAuth && s.Status.Moved():
		return c.reserveBrief(r, s)
	case s.Status == payment.StatusApproved:
		return c.Operation(op)
	default:
		return c.Operation(op) + " · " + c.Status(s.Status)
	}
}
