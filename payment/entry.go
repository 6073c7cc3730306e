package payment

import "time"

// Source says who knows a fact.
type Source string

// The sources of entries.
const (
	FromTill     Source = "till"
	FromTerminal Source = "terminal"
	FromStaff    Source = "staff"
	FromRecovery Source = "recovery"
)

// Kind is what sort of fact an entry is. Its text is stored and printed.
type Kind string

// The kinds of entries.
const (
	// KindCreated: the order and its whole request are durable.
	KindCreated Kind = "created"
	// KindSent: written before the first byte, so from here on the request may have
	// left. An order without it was certainly not sent.
	KindSent Kind = "sent"
	// KindAccepted: the terminal or gateway has taken the order; Facts.Reference is
	// its number for it.
	KindAccepted Kind = "accepted"
	// KindWaiting: the terminal shows the order and waits for the customer.
	KindWaiting Kind = "waiting"
	// KindProcessing: a card was presented; the bank is being asked.
	KindProcessing Kind = "processing"
	// KindCancelRequested: somebody asked to withdraw the order. A request only.
	KindCancelRequested Kind = "cancel-requested"
	// KindAnswer: the terminal's own answer to the order, compared and matching.
	KindAnswer Kind = "answer"
	// KindStatus: a matching answer to a status query; Outcome may be Pending or
	// NotFound.
	KindStatus Kind = "status"
	// KindMismatch: an answer whose number, operation, amount or currency is not
	// what was asked. It settles nothing; Outcome is what it claimed.
	KindMismatch Kind = "mismatch"
	// KindNotSent: proven that no byte of the request left.
	KindNotSent Kind = "not-sent"
	// KindUnanswered: the request may have left and no trustworthy answer came.
	KindUnanswered Kind = "unanswered"
	// KindOrphaned: the process that carried the order died.
	KindOrphaned Kind = "orphaned"
	// KindNoAnswer: a status query brought nothing usable.
	KindNoAnswer Kind = "no-answer"
	// KindDecided: a person decided about an unknown order; Paid says how.
	KindDecided Kind = "decided"
	// KindApproval: a person allowed what a rule forbids.
	KindApproval Kind = "approval"
	// KindAcknowledged: the terminal was told that the till has the outcome.
	KindAcknowledged Kind = "acknowledged"
	// KindSigned: a person compared the signature; Paid says that it is right.
	KindSigned Kind = "signed"
	// KindTotals: a batch was closed, and its totals are evidence about the order.
	// Code is CodeTotalsWith or CodeTotalsWithout, or "" where they prove neither.
	KindTotals Kind = "totals"
)

// Entry is one fact about an order, with its time and source. Entries are only ever
// added.
type Entry struct {
	// Seq is the journal's own running number over all orders, set when stored.
	Seq     int64
	Time    time.Time
	Source  Source
	Kind    Kind
	Outcome Outcome
	Code    Code
	// Detail is a sentence or the terminal's text, masked.
	Detail string
	// Facts come with answers and status answers.
	Facts *Facts
	// Paid, Staff, Reason and Proof belong to decisions, approvals and signatures.
	Paid   bool
	Staff  string
	Reason string
	Proof  string
	// Raw is the masked message as it came.
	Raw string
}

// on names the step that the entry is for the table of steps, "" where it changes
// no status.
func (e Entry) on() On {
	switch e.Kind {
	case KindSent:
		return OnSent
	case KindWaiting:
		return OnWaiting
	case KindProcessing:
		return OnProcessing
	case KindNotSent:
		return OnNotSent
	case KindUnanswered, KindOrphaned:
		return OnDoubt
	case KindMismatch:
		if e.Outcome == Approved {
			return OnClaimPaid
		}
		return OnClaim
	case KindAnswer, KindStatus:
		return onOutcome(e.Outcome)
	case KindDecided:
		if e.Paid {
			return OnDecidedPaid
		}
		return OnDecidedNotPaid
	}
	return ""
}

func onOutcome(o Outcome) On {
	switch o {
	case Approved:
		return OnApproved
	case Declined:
		return OnDeclined
	case Cancelled:
		return OnCancelled
	case Expired:
		return OnExpired
	case Refused:
		return OnRefused
	}
	return ""
}
