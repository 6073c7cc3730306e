package comgatecloudsim

import "time"

// Outcome says what becomes of one order: what the customer and the bank do, how
// the answers are said, and what the network does. The zero Outcome is an approval,
// properly answered.
type Outcome struct {
	// Kind is what happens to the money.
	Kind Kind `json:"outcome"`
	// Start is how the POST or DELETE is answered.
	Start Reply `json:"start"`
	// Reply is how a GET is answered once the order is over.
	Reply Reply `json:"reply"`
	// Fault is what happens to connections.
	Fault Fault `json:"fault"`
	// Times is how many GETs Reply or Fault strike; 0 means one, below zero all.
	Times int `json:"times"`
	// Delay is the customer's time on top of the terminal's own.
	Delay time.Duration `json:"-"`
	// ReplyDelay passes between the movement of money and the first GET that tells.
	ReplyDelay time.Duration `json:"-"`
	// StartDelay passes before the POST or DELETE is answered.
	StartDelay time.Duration `json:"-"`
	// Amount is what the bank grants, for Partial; empty means a part.
	Amount string `json:"amount"`
	// Reason replaces the paymentErrorReason of an order that was not paid.
	Reason string `json:"reason"`
}

// Kind is what happens to the money of an order.
type Kind string

// The kinds. Approve, Partial and Reboot move money; no other does.
const (
	Approve Kind = "approve" // the default
	Partial Kind = "partial" // PAID over a smaller price
	Decline Kind = "decline" // the bank says no; of a DELETE: refused
	Cancel  Kind = "cancel"  // the customer presses cancel
	Expire  Kind = "expire"  // nobody presents a card
	Refuse  Kind = "refuse"  // code 1400, no card asked for
	Busy    Kind = "busy"    // code 1500, as when another payment runs
	Fail    Kind = "error"   // status ERROR, and no money moved
	Stuck   Kind = "stuck"   // PENDING for ten minutes, then CANCELLED
	Reboot  Kind = "reboot"  // the terminal is OFFLINE for 20 seconds, then PAID
)

// Reply is how something is answered: a POST, a DELETE or a GET.
type Reply string

// The ways to answer. The last ones are for GET only.
const (
	Proper        Reply = ""              // as it should be
	None          Reply = "none"          // never
	HangUp        Reply = "hang-up"       // the connection is cut
	Malformed     Reply = "malformed"     // broken JSON
	Garbage       Reply = "garbage"       // bytes that are no JSON at all
	Oversized     Reply = "oversized"     // a body of 2 MiB
	Torn          Reply = "torn"          // a part of it, then the connection is cut
	Empty         Reply = "empty"         // code 0 and nothing else
	NoCode        Reply = "no-code"       // without the code
	ErrorPage     Reply = "error-page"    // HTTP 500 with a page for people
	ErrorCode     Reply = "error"         // code 1500
	Contradictory Reply = "contradictory" // the truth with code 1500
	Numbers       Reply = "numbers"       // numbers and text swapped
	NotFound      Reply = "not-found"     // HTTP 404 with code 1400
	Pending       Reply = "pending"       // PENDING, whatever it is
	StatusError   Reply = "status-error"  // status ERROR, whatever it is
	OddStatus     Reply = "odd-status"    // a status nobody knows
	WrongOrder    Reply = "wrong-order"   // the refId and transId of another order
	WrongAmount   Reply = "wrong-amount"
	WrongCurrency Reply = "wrong-currency"
	CardNumber    Reply = "card-number" // with a full card number in it
)

// Fault is what happens to the connections of an order.
type Fault string

// The faults.
const (
	NoFault     Fault = ""
	CloseBefore Fault = "close-before" // cut on arrival; the order is never processed
	AnswerLost  Fault = "answer-lost"  // taken, and cut before the POST or DELETE is answered
	CloseDuring Fault = "close-during" // GETs are cut until the order is over
	CloseAfter  Fault = "close-after"  // GETs are cut once it is over
)

var (
	kinds   = []Kind{Approve, Partial, Decline, Cancel, Expire, Refuse, Busy, Fail, Stuck, Reboot}
	replies = []Reply{
		Proper, None, HangUp, Malformed, Garbage, Oversized, Torn, Empty, NoCode, ErrorPage, ErrorCode,
		Contradictory, Numbers, NotFound, Pending, StatusError, OddStatus, WrongOrder, WrongAmount,
		WrongCurrency, CardNumber,
	}
	faults = []Fault{NoFault, CloseBefore, AnswerLost, CloseDuring, CloseAfter}
)

// The times that kinds and amounts bring about.
const (
	stuckTime  = 10 * time.Minute
	rebootTime = 20 * time.Second
	lateStart  = 30 * time.Second
)

// forever is a Times that does not end.
const forever = -1

// Script appends outcomes for the next orders the gateway accepts, one each:
// payments, refunds and DELETEs. When none is left, orders are approved. A request
// that is refused for what it says takes none.
func (s *Server) Script(outcomes ...Outcome) { s.script.Add(outcomes...) }

// ScriptQueries says how the next GETs about orders that are over are answered, one
// each, after those that an order's own outcome speaks of.
func (s *Server) ScriptQueries(replies ...Reply) { s.script.AddQueries(replies...) }

// nextOutcome takes the outcome of an order just accepted.
func (s *Server) nextOutcome(minor int64) Outcome {
	if next, given := s.script.Next(); given {
		return next
	}
	if s.opts.OutcomesByAmount && minor > 0 {
		return byAmount[minor%100]
	}
	return Outcome{}
}

// byAmount is the table of the package comment.
var byAmount = map[int64]Outcome{
	40: {Kind: Partial},
	90: {Kind: Decline},
	91: {Kind: Cancel},
	92: {Kind: Stuck},
	93: {StartDelay: lateStart},
	94: {Fault: AnswerLost},
	95: {Start: ErrorPage},
	96: {Reply: Garbage, Times: forever},
	97: {Reply: NoCode, Times: forever},
	98: {Kind: Busy},
	99: {Kind: Reboot},
}
