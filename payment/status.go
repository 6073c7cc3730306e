package payment

import (
	"slices"
	"time"
)

// Status is where an order stands. Its text is stored, printed and promised to
// other programs.
type Status string

// The statuses of an order.
const (
	StatusCreated        Status = "created"
	StatusSent           Status = "sent"
	StatusWaiting        Status = "waiting"
	StatusProcessing     Status = "processing"
	StatusUnknown        Status = "unknown"
	StatusApproved       Status = "approved"
	StatusDeclined       Status = "declined"
	StatusCancelled      Status = "cancelled"
	StatusExpired        Status = "expired"
	StatusNotSent        Status = "not-sent"
	StatusDecidedPaid    Status = "decided-paid"
	StatusDecidedNotPaid Status = "decided-not-paid"
	// The last three are approved orders that later orders changed.
	StatusVoided         Status = "voided"
	StatusPartlyRefunded Status = "partly-refunded"
	StatusRefunded       Status = "refunded"
)

// UnderWay reports whether somebody should be waiting for the terminal.
func (s Status) UnderWay() bool {
	switch s {
	case StatusCreated, StatusSent, StatusWaiting, StatusProcessing:
		return true
	}
	return false
}

// Open reports whether it is not known yet what happened to the money.
func (s Status) Open() bool { return s.UnderWay() || s == StatusUnknown }

// Moved reports whether the order's money moved, by the terminal's word or by a
// person's decision.
func (s Status) Moved() bool {
	switch s {
	case StatusApproved, StatusDecidedPaid, StatusVoided, StatusPartlyRefunded, StatusRefunded:
		return true
	}
	return false
}

// FollowUp is what a void, refund or completion means to its original.
type FollowUp struct {
	Number    string
	Operation Operation
	Status    Status
	// Amounts moved, or asked for while the follow-up is open.
	Amounts Amounts
}

// State is all that follows from an order's entries and follow-ups.
type State struct {
	Status Status
	// Moved is what moved, known only when Status.Moved.
	Moved Amounts
	// Refundable is what may still be given back; unresolved refunds count as
	// given.
	Refundable Amount
	// Facts are the terminal's, gathered over all matching answers.
	Facts Facts
	// Code and Text say why the order stands where it stands.
	Code Code
	Text string
	// Contradicted: a person's decision or an earlier answer says otherwise.
	Contradicted bool
	// CancelRequested: somebody asked to withdraw the order.
	CancelRequested bool
	// Signature says whether a signature is still to be compared, or was.
	Signature Signature
	// ReversalDue: the payment is to be taken back, because the terminal wants it or
	// the signature is not the customer's.
	ReversalDue bool
	// HandOverDue: the terminal has not heard yet that the till has the outcome.
	HandOverDue bool
	// Since is when the present status was reached; Finished is the same for orders
	// that are not open, else zero.
	Since    time.Time
	Finished time.Time
}

// Signature is where the comparison of a signature stands.
type Signature string

// The states of a signature.
const (
	SignatureNone     Signature = ""
	SignatureWanted   Signature = "wanted"
	SignatureAccepted Signature = "accepted"
	SignatureRejected Signature = "rejected"
)

// TakingBack reports whether a payment stands that must not: it is being taken back,
// or that has failed so far.
func (s State) TakingBack() bool {
	return s.Status == StatusApproved && (s.Facts.ReversalDue || s.Signature == SignatureRejected)
}

// Owes reports whether the till still has something to do about the order although
// it is settled.
func (s State) Owes() bool {
	return !s.Status.Open() && (s.HandOverDue || s.ReversalDue || s.Signature == SignatureWanted)
}

// Assess computes the state of an order. It is pure: the same entries give the same
// state on every machine and for ever.
//
//	row | entries hold                                         | status
//	----+------------------------------------------------------+-----------------
//	 1  | a matching approval, whatever else                   | approved
//	 2  | else a matching "no" (declined, cancelled, expired)  | the first such no
//	 3  | else a matching "refused before any card"            | not-sent
//	 4  | a no, and later a mismatching claim of approval      | unknown
//	 5  | a decision while unknown, no answer after it         | decided-(not-)paid
//	 6  | not-sent, and no sign of life of the order           | not-sent
//	 7  | a doubt: no answer, orphaned, mismatch               | unknown
//	 8  | processing or waiting, the last of them              | processing, waiting
//	 9  | sent                                                 | sent
//	10  | nothing but created                                  | created
//	----+------------------------------------------------------+-----------------
//	    | moved (rows 1, 5), and its follow-ups moved           |
//	11  | a void                                               | voided
//	12  | refunds that leave nothing                           | refunded
//	13  | refunds that leave something                         | partly-refunded
//	----+------------------------------------------------------+-----------------
//	    | an adjustment of the tip that moved replaces the tip  |
//	14  | a no, but a void or refund of it was approved: it    | as 11 to 13
//	    | had been paid, and a voided sale shows as cancelled  |
//
// Late truth wins: an answer after a decision replaces it, and an approval replaces
// any no. Nothing ever replaces an approval, because "not charged" must never be
// said of something charged; what disagrees with it sets Contradicted.
func Assess(o Order, entries []Entry, followUps []FollowUp) State {
	s := State{Status: StatusCreated, Since: o.Created}
	var said evidence
	for _, e := range entries {
		s.take(e, &said)
	}
	if !s.Status.Open() && takenBack(followUps) && !s.Status.Moved() {
		s.Status = StatusApproved
	}
	if s.Status.Moved() {
		s.Moved = movedOf(o, s.Facts.Amounts)
		if s.Status == StatusDecidedPaid {
			// A person confirmed that money moved; how much, the terminal knows better.
			s.Moved = movedOf(o, said.claim)
		}
		s.follow(o, followUps)
	}
	s.duties(followUps)
	s.Contradicted = said.contradicts(s.Status)
	if !s.Status.Open() {
		s.Finished = s.Since
	}
	return s
}

// take moves the state on by one entry.
func (s *State) take(e Entry, said *evidence) {
	if e.Facts != nil && e.Outcome == Approved && e.Kind != KindMismatch {
		s.Facts = s.Facts.merge(*e.Facts)
	}
	s.CancelRequested = s.CancelRequested || e.Kind == KindCancelRequested
	s.takeDuty(e, said)
	if e.Facts != nil && e.Kind == KindMismatch && e.Code == CodeWrongAmount && e.Outcome == Approved {
		said.claim = e.Facts.Amounts
	}
	on := e.on()
	// What changes nothing may still contradict: a no after an approval.
	said.note(on)
	next, ok := Next(s.Status, on)
	if !ok {
		return
	}
	if next != s.Status {
		s.Status, s.Since = next, e.Time
	}
	s.Code, s.Text = e.Code, e.Detail
}

// takeDuty notes what the till has to do because of an entry, or has done.
func (s *State) takeDuty(e Entry, said *evidence) {
	switch {
	case e.Kind == KindAccepted && e.Facts != nil && s.Facts.Reference == "":
		s.Facts.Reference = e.Facts.Reference
	case e.Kind == KindAcknowledged:
		s.HandOverDue, said.acknowledged = false, true
	case e.Kind == KindSigned && e.Paid:
		s.Signature = SignatureAccepted
	case e.Kind == KindSigned:
		s.Signature = SignatureRejected
	case e.Kind == KindAnswer || e.Kind == KindStatus:
		if e.Facts != nil && e.Outcome.Final() && !said.acknowledged {
			s.HandOverDue = s.HandOverDue || e.Facts.HandOver
		}
	}
}

// duties leaves only what is still to be done. A payment that is taken back, or
// being taken back, needs no signature and no second reversal.
func (s *State) duties(followUps []FollowUp) {
	if s.Facts.Signature && s.Signature == SignatureNone {
		s.Signature = SignatureWanted
	}
	s.ReversalDue = s.Facts.ReversalDue || s.Signature == SignatureRejected
	tried := slices.ContainsFunc(followUps, func(f FollowUp) bool {
		return f.Operation == Void && f.Status != StatusNotSent
	})
	if s.Status != StatusApproved || tried {
		s.ReversalDue = false
	}
	if s.Signature == SignatureWanted && (s.Status != StatusApproved || s.ReversalDue || tried) {
		s.Signature = SignatureNone
	}
}

// takenBack reports whether the terminal approved a void or refund, which proves
// that the original had been paid.
func takenBack(followUps []FollowUp) bool {
	return slices.ContainsFunc(followUps, func(f FollowUp) bool {
		return (f.Operation == Void || f.Operation == Refund) && f.Status == StatusApproved
	})
}

// follow applies rows 11 to 13 and computes what may still be given back. Cash
// handed out is not part of it.
func (s *State) follow(o Order, followUps []FollowUp) {
	if o.Operation != Sale && o.Operation != Completion && o.Operation != PreAuth {
		return
	}
	for _, f := range followUps {
		if f.Operation == TipAdjustment && f.Status.Moved() {
			s.Moved.Tip = f.Amounts.Amount
		}
	}
	rest := s.Moved.Total().Sub(s.Moved.Cashback)
	back, voided, voiding := Amount{}, false, false
	for _, f := range followUps {
		switch {
		case f.Operation == Void:
			voided = voided || f.Status.Moved()
			voiding = voiding || f.Status.Open()
		case f.Operation == Refund && f.Status.Moved():
			back = back.Add(f.Amounts.Total())
			rest = rest.Sub(f.Amounts.Total())
		case f.Operation == Refund && f.Status.Open():
			rest = rest.Sub(f.Amounts.Total())
		}
	}
	nothing := FromMinor(0, o.Asked.Currency())
	if voided || voiding || o.Operation == PreAuth || rest.Less(nothing) {
		rest = nothing
	}
	s.Refundable = rest
	switch given := s.Moved.Total().Sub(s.Moved.Cashback); {
	case voided:
		s.Status = StatusVoided
	case back.IsPositive() && back.Less(given):
		s.Status = StatusPartlyRefunded
	case back.IsPositive():
		s.Status = StatusRefunded
	}
}

// movedOf is what the terminal said moved; for parts it did not say, what was
// asked.
func movedOf(o Order, said Amounts) Amounts {
	pick := func(said, asked Amount) Amount {
		if said.Known() {
			return said
		}
		return asked
	}
	return Amounts{
		Amount:    pick(said.Amount, o.Asked.Amount),
		Tip:       pick(said.Tip, o.Asked.Tip),
		Cashback:  pick(said.Cashback, o.Asked.Cashback),
		Surcharge: said.Surcharge,
	}
}

// merge fills what f does not say from the later answer, and lets the later
// answer's amounts stand where both speak.
func (f Facts) merge(later Facts) Facts {
	text := func(have *string, new string) {
		if new != "" {
			*have = new
		}
	}
	sum := func(have *Amount, new Amount) {
		if new.Known() {
			*have = new
		}
	}
	sum(&f.Amounts.Amount, later.Amounts.Amount)
	sum(&f.Amounts.Tip, later.Amounts.Tip)
	sum(&f.Amounts.Cashback, later.Amounts.Cashback)
	sum(&f.Amounts.Surcharge, later.Amounts.Surcharge)
	f.Partial = f.Partial || later.Partial
	f.Signature = f.Signature || later.Signature
	f.ReversalDue = f.ReversalDue || later.ReversalDue
	f.HandOver = f.HandOver || later.HandOver
	if later.Slip != (Slip{}) {
		f.Slip = later.Slip
	}
	text(&f.Card, later.Card)
	text(&f.Brand, later.Brand)
	text(&f.EntryMode, later.EntryMode)
	text(&f.AuthCode, later.AuthCode)
	text(&f.Reference, later.Reference)
	text(&f.Trace, later.Trace)
	text(&f.TerminalTime, later.TerminalTime)
	return f
}

// evidence remembers who said what, to find contradictions, and the amounts of an
// approval for our number over another sum.
type evidence struct {
	claim                                         Amounts
	yes, no, claimed, decidedPaid, decidedNotPaid bool
	acknowledged                                  bool
}

func (v *evidence) note(on On) {
	switch on {
	case OnApproved:
		v.yes = true
	case OnDeclined, OnCancelled, OnExpired, OnRefused:
		v.no = true
	case OnClaimPaid:
		v.claimed = true
	case OnDecidedPaid:
		v.decidedPaid = true
	case OnDecidedNotPaid:
		v.decidedNotPaid = true
	}
}

// contradicts reports whether something that was said disagrees with where the
// order stands. An original that shows "cancelled" after its own void agrees.
func (v evidence) contradicts(s Status) bool {
	switch s {
	case StatusVoided:
		return v.decidedNotPaid
	case StatusApproved, StatusPartlyRefunded, StatusRefunded, StatusDecidedPaid:
		return v.no || v.decidedNotPaid
	case StatusDeclined, StatusCancelled, StatusExpired, StatusNotSent:
		return v.yes || v.decidedPaid
	case StatusDecidedNotPaid:
		return v.claimed
	}
	return false
}
