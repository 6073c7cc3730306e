package comgatesim

import (
	"time"

	"tillkeeper/payment"
)

// Outcome says what becomes of one order: what the customer and the bank do, how it
// is answered, and what the network does. The zero Outcome is an approval, properly
// answered.
type Outcome struct {
	// Kind is what happens to the money.
	Kind Kind `json:"outcome"`
	// Reply is how the start, or the first result, is said.
	Reply Reply `json:"reply"`
	// Fault is what happens to the connection.
	Fault Fault `json:"fault"`
	// Delay is the customer's time with the card, on top of the terminal's own.
	Delay time.Duration `json:"-"`
	// ReplyDelay passes between the payment and "Finished": the money has moved and
	// nobody knows.
	ReplyDelay time.Duration `json:"-"`
	// Amount is what the bank grants, for Partial; empty means half.
	Amount string `json:"amount"`
	// Code and Text replace responseCode and responseMessage of an order that is not
	// approved, and Text the status of one that is refused.
	Code string `json:"code"`
	Text string `json:"text"`
	// IgnoreCancel lets the payment overtake a request to cancel.
	IgnoreCancel bool `json:"ignore_cancel"`
	// Always answers every result like the first one.
	Always bool `json:"always"`
}

// Kind is what happens to the money of an order.
type Kind string

// The kinds. The first five move money, no other does.
const (
	Approve     Kind = "approve"      // the default
	Pin         Kind = "pin"          // approved with a PIN
	Sign        Kind = "signature"    // approved, and the till is to have it signed
	ReversalDue Kind = "reversal-due" // approved, and the till is to reverse it
	Partial     Kind = "partial"      // approved over another amount
	Decline     Kind = "decline"      // the host says no
	Cancel      Kind = "cancel"       // the cardholder presses cancel
	Expire      Kind = "expire"       // nobody presents a card
	Refuse      Kind = "refuse"       // isStarted is false
	Busy        Kind = "busy"         // isStarted is false, because another order is under way
	Never       Kind = "never"        // it stays at WaitForCard
)

// Reply is how something is said.
type Reply string

// The ways to answer: those about the start call first, then those about the first
// result.
const (
	Proper        Reply = ""              // as it should be
	None          Reply = "none"          // start: never
	Torn          Reply = "torn"          // start: half of it, then the connection is cut
	Oversized     Reply = "oversized"     // start: two megabytes
	StartLate     Reply = "start-late"    // start: after 30 seconds
	StartError    Reply = "start-error"   // start: HTTP 500, though it runs
	GatewayTime   Reply = "timeout"       // start: HTTP 504, though it runs
	Contradictory Reply = "contradictory" // start: HTTP 500 with isStarted true
	Twice         Reply = "twice"         // start: two times
	Malformed     Reply = "malformed"     // result: broken JSON
	Garbage       Reply = "garbage"       // result: no JSON at all
	NoCode        Reply = "no-code"       // result: without responseCode
	WrongOrder    Reply = "wrong-order"   // result: for another order
	WrongAmount   Reply = "wrong-amount"  // result: one unit more than was asked
	WrongCurrency Reply = "wrong-currency"
	WrongType     Reply = "wrong-type"  // result: of another operation
	CardNumber    Reply = "card-number" // result: with a full card number in it
	Numbers       Reply = "numbers"     // everywhere: numbers and text swapped
)

// Fault is what happens to the connection of a start call.
type Fault string

// The faults.
const (
	NoFault     Fault = ""
	CloseBefore Fault = "close-before" // cut on arrival; the order is never processed
	CloseDuring Fault = "close-during" // cut at once, though the order was accepted
	CloseAfter  Fault = "close-after"  // cut when the payment is over, before the answer
	Reboot      Fault = "reboot"       // answered; then no connections for 20 seconds
)

// QueryOutcome says how one status call is answered.
type QueryOutcome string

// The ways to answer a status call. Those about a result are for the result call
// after it, where the order is finished.
const (
	QueryProper        QueryOutcome = ""              // the truth
	QueryNone          QueryOutcome = "none"          // no answer
	QueryNotFound      QueryOutcome = "not-found"     // the id is not known
	QueryPending       QueryOutcome = "pending"       // still being processed
	QueryMalformed     QueryOutcome = "malformed"     // broken JSON
	QueryError         QueryOutcome = "error"         // HTTP 500
	QueryWrongOrder    QueryOutcome = "wrong-order"   // about another order
	QueryWrongAmount   QueryOutcome = "wrong-amount"  // result: another amount
	QueryContradictory QueryOutcome = "contradictory" // result: HTTP 500 with a good body
	QueryHangUp        QueryOutcome = "hang-up"       // the connection is cut
)

var (
	kinds   = []Kind{Approve, Pin, Sign, ReversalDue, Partial, Decline, Cancel, Expire, Refuse, Busy, Never}
	replies = []Reply{
		Proper, None, Torn, Oversized, StartLate, StartError, GatewayTime, Contradictory, Twice, Malformed, Garbage,
		NoCode, WrongOrder, WrongAmount, WrongCurrency, WrongType, CardNumber, Numbers,
	}
	faults        = []Fault{NoFault, CloseBefore, CloseDuring, CloseAfter, Reboot}
	queryOutcomes = []QueryOutcome{
		QueryProper, QueryNone, QueryNotFound, QueryPending, QueryMalformed, QueryError, QueryWrongOrder,
		QueryWrongAmount, QueryContradictory, QueryHangUp,
	}
)

// Script appends outcomes for the next orders the terminal accepts, one each. When
// none is left, orders are approved. A request that is refused for what it says
// takes none, nor does a closing.
func (t *Terminal) Script(outcomes ...Outcome) { t.script.Add(outcomes...) }

// ScriptQueries appends outcomes for the next status calls, one each.
func (t *Terminal) ScriptQueries(outcomes ...QueryOutcome) { t.script.AddQueries(outcomes...) }

// nextOutcome takes the outcome of an order.
func (t *Terminal) nextOutcome(o *order) Outcome {
	if o.kind == closing {
		return Outcome{}
	}
	if next, given := t.script.Next(); given {
		return next
	}
	if t.opts.OutcomesByAmount && o.amount.Known() {
		return byAmount(o.amount)
	}
	return Outcome{}
}

// byAmount is the table of A.12.
func byAmount(a payment.Amount) Outcome {
	switch a.Minor() % 100 {
	case 10:
		return Outcome{Kind: Pin}
	case 20:
		return Outcome{Kind: Sign}
	case 30:
		return Outcome{Kind: ReversalDue}
	case 40:
		return Outcome{Kind: Partial}
	case 90:
		return Outcome{Kind: Decline}
	case 91:
		return Outcome{Kind: Cancel}
	case 92:
		return Outcome{Kind: Never}
	case 93:
		return Outcome{Reply: StartLate}
	case 94:
		return Outcome{Fault: CloseDuring}
	case 95:
		return Outcome{Reply: StartError}
	case 96:
		return Outcome{Reply: Garbage, Always: true}
	case 97:
		return Outcome{Reply: NoCode, Always: true}
	case 98:
		return Outcome{Kind: Busy}
	case 99:
		return Outcome{Fault: Reboot}
	}
	return Outcome{}
}
