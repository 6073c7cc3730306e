package ecrhubsim

import (
	"time"

	"tillkeeper/payment"
)

// Outcome says what becomes of one order: what the customer and the bank do,
// how the answer is said, and what the network does. The zero Outcome is an
// approval, properly answered.
type Outcome struct {
	// Kind is what happens to the money.
	Kind Kind `json:"outcome"`
	// Reply is how the answer is said.
	Reply Reply `json:"reply"`
	// Fault is what happens to the connection.
	Fault Fault `json:"fault"`
	// Delay is the customer's time at the card screen, on top of the
	// terminal's own. If it reaches the order's expiry, the order ends there.
	Delay time.Duration `json:"-"`
	// ReplyDelay passes between the result and the answer about it: the money
	// has moved and nobody knows, perhaps until after the expiry.
	ReplyDelay time.Duration `json:"-"`
	// Amount is what the bank grants, for Partial.
	Amount string `json:"amount"`
	// Tip is what the customer chooses when asked on screen; empty means 20 %.
	Tip string `json:"tip"`
	// Code and Text replace the response code and text of a decline.
	Code string `json:"code"`
	Text string `json:"text"`
	// IgnoreClose lets the payment overtake a close request.
	IgnoreClose bool `json:"ignore_close"`
	// NoRedeliver drops the answer if its connection is gone.
	NoRedeliver bool `json:"no_redeliver"`
	// RefuseNext hangs up on that many connections after the fault.
	RefuseNext int `json:"refuse_next"`
}

// Kind is what happens to the money of an order.
type Kind string

// The kinds. Approve and Partial and TimeoutCharged move money; no other does.
const (
	Approve        Kind = "approve"         // the default
	Partial        Kind = "partial"         // less than asked is charged
	Decline        Kind = "decline"         // the bank says no
	Cancel         Kind = "cancel"          // the customer presses cancel
	ParameterError Kind = "parameter-error" // code 202, no card asked for
	AppIDError     Kind = "app-id-error"    // code 106/M009, empty business data
	Timeout        Kind = "timeout"         // code 112, not charged
	TimeoutCharged Kind = "timeout-charged" // code 112, and charged all the same
	Expire         Kind = "expire"          // the customer does nothing until the expiry
)

// Reply is how an answer is said.
type Reply string

// The ways to answer.
const (
	Proper         Reply = ""                 // as it should be
	None           Reply = "none"             // never
	Malformed      Reply = "malformed"        // broken JSON
	Garbage        Reply = "garbage"          // bytes that are no JSON at all
	Oversized      Reply = "oversized"        // a frame of 2 MiB
	Torn           Reply = "torn"             // half a frame, then the connection is cut
	EmptyBiz       Reply = "empty-biz-data"   // biz_data is an empty string
	WrongRequestID Reply = "wrong-request-id" // the request_id of nobody
	WrongOrder     Reply = "wrong-order"      // the number of another order
	WrongAmount    Reply = "wrong-amount"     // one unit more than was asked
	WrongCurrency  Reply = "wrong-currency"   // another currency
	WrongType      Reply = "wrong-type"       // another transaction type
	Contradictory  Reply = "contradictory"    // code and status disagree
	Twice          Reply = "twice"            // the same answer two times
	Numbers        Reply = "numbers"          // numbers and text swapped
	Binary         Reply = "binary"           // in a binary frame
	NoRequestID    Reply = "no-request-id"    // without the request_id
	CardNumber     Reply = "card-number"      // with a full card number in it
)

// Fault is what happens to the connection of an order.
type Fault string

// The faults.
const (
	NoFault     Fault = ""
	CloseBefore Fault = "close-before" // cut on arrival; the order is never processed
	CloseDuring Fault = "close-during" // cut at the card screen; the payment goes on
	CloseAfter  Fault = "close-after"  // cut after the result, before the answer
	StopPongs   Fault = "stop-pongs"   // pings stay unanswered from the card screen on
)

// QueryOutcome says how one query is answered.
type QueryOutcome string

// The ways to answer a query.
const (
	QueryProper        QueryOutcome = ""              // the truth
	QueryNone          QueryOutcome = "none"          // no answer
	QueryNotFound      QueryOutcome = "not-found"     // the order is not known
	QueryPending       QueryOutcome = "pending"       // still being paid
	QueryMalformed     QueryOutcome = "malformed"     // broken JSON
	QueryError         QueryOutcome = "error"         // a gateway error
	QueryWrongOrder    QueryOutcome = "wrong-order"   // about another order
	QueryWrongAmount   QueryOutcome = "wrong-amount"  // with another amount
	QueryContradictory QueryOutcome = "contradictory" // code and status disagree
	QueryHangUp        QueryOutcome = "hang-up"       // the connection is cut
)

var (
	kinds   = []Kind{Approve, Partial, Decline, Cancel, ParameterError, AppIDError, Timeout, TimeoutCharged, Expire}
	replies = []Reply{
		Proper, None, Malformed, Garbage, Oversized, Torn, EmptyBiz, WrongRequestID, WrongOrder, WrongAmount,
		WrongCurrency, WrongType, Contradictory, Twice, Numbers, Binary, NoRequestID, CardNumber,
	}
	faults        = []Fault{NoFault, CloseBefore, CloseDuring, CloseAfter, StopPongs}
	queryOutcomes = []QueryOutcome{
		QueryProper, QueryNone, QueryNotFound, QueryPending, QueryMalformed, QueryError,
		QueryWrongOrder, QueryWrongAmount, QueryContradictory, QueryHangUp,
	}
)

// Script appends outcomes for the next orders the terminal accepts, one each.
// When none is left, orders are approved. A request that is refused for what it
// says (a repeated number, a bad amount) takes none.
func (t *Terminal) Script(outcomes ...Outcome) { t.script.Add(outcomes...) }

// ScriptQueries appends outcomes for the next queries, one each.
func (t *Terminal) ScriptQueries(outcomes ...QueryOutcome) { t.script.AddQueries(outcomes...) }

// nextOutcome takes the outcome of an order just accepted.
func (t *Terminal) nextOutcome(o *order) Outcome {
	if next, given := t.script.Next(); given {
		return next
	}
	if t.opts.OutcomesByAmount {
		return byAmount(o.amount)
	}
	return Outcome{}
}

// byAmount is the table of the package comment.
func byAmount(a payment.Amount) Outcome {
	switch a.Minor() % 100 {
	case 51:
		return Outcome{Kind: Decline}
	case 52:
		return Outcome{Kind: Cancel}
	case 53:
		return Outcome{Fault: CloseAfter, NoRedeliver: true}
	case 54:
		return Outcome{Kind: Decline, Reply: None}
	case 55:
		return Outcome{Delay: 20 * time.Second}
	}
	return Outcome{}
}

// cardScreen tells whether a customer ever sees the order.
func (k Kind) cardScreen() bool { return k != ParameterError && k != AppIDError }

// tip is what the customer adds when the terminal asks.
func (out Outcome) tip(base payment.Amount) (payment.Amount, error) {
	if out.Tip != "" {
		return parseAmount(out.Tip, base.Currency())
	}
	return payment.FromMinor(base.Minor()/5, base.Currency()), nil
}
