package payment

import "slices"

// On is what may happen to an order, as the table of steps sees it.
type On string

// What may happen. OnClaimPaid and OnClaim are answers that do not match what was
// asked, with and without a claim that money moved.
const (
	OnSent           On = "sent"
	OnWaiting        On = "waiting"
	OnProcessing     On = "processing"
	OnApproved       On = "approved"
	OnDeclined       On = "declined"
	OnCancelled      On = "cancelled"
	OnExpired        On = "expired"
	OnRefused        On = "refused"
	OnNotSent        On = "not-sent"
	OnDoubt          On = "doubt"
	OnClaim          On = "mismatch"
	OnClaimPaid      On = "mismatch-paid"
	OnDecidedPaid    On = "decided-paid"
	OnDecidedNotPaid On = "decided-not-paid"
)

// Step is one row of the table: from any status of From, On leads to To.
type Step struct {
	From []Status
	On   On
	To   Status
}

var (
	early    = []Status{StatusCreated, StatusSent}
	underWay = []Status{StatusCreated, StatusSent, StatusWaiting, StatusProcessing}
	noMoney  = []Status{StatusDeclined, StatusCancelled, StatusExpired, StatusNotSent}
	decided  = []Status{StatusDecidedPaid, StatusDecidedNotPaid}
	unproven = slices.Concat(underWay, []Status{StatusUnknown}, noMoney, decided)
	// unsettled are the statuses that a first "no" settles; the first of several stands.
	unsettled = slices.Concat(underWay, []Status{StatusUnknown, StatusNotSent}, decided)
)

// steps is the whole life of an order up to its follow-ups. What is not in it
// changes nothing.
var steps = []Step{
	{[]Status{StatusCreated}, OnSent, StatusSent},
	{underWay, OnWaiting, StatusWaiting},
	{underWay, OnProcessing, StatusProcessing},
	{early, OnNotSent, StatusNotSent},
	{underWay, OnDoubt, StatusUnknown},
	{underWay, OnClaim, StatusUnknown},
	{slices.Concat(underWay, noMoney), OnClaimPaid, StatusUnknown},
	{[]Status{StatusUnknown}, OnDecidedPaid, StatusDecidedPaid},
	{[]Status{StatusUnknown}, OnDecidedNotPaid, StatusDecidedNotPaid},
	{unproven, OnApproved, StatusApproved},
	{unsettled, OnDeclined, StatusDeclined},
	{unsettled, OnCancelled, StatusCancelled},
	{unsettled, OnExpired, StatusExpired},
	{unsettled, OnRefused, StatusNotSent},
}

// Steps returns the table of steps, for diagrams and tests. It is the caller's to
// keep.
func Steps() []Step { return slices.Clone(steps) }

// Next returns where on leads from a status, and whether the table has such a step.
func Next(from Status, on On) (Status, bool) {
	for _, s := range steps {
		if s.On == on && slices.Contains(s.From, from) {
			return s.To, true
		}
	}
	return from, false
}
