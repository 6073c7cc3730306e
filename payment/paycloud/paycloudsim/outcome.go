package paycloudsim

import (
	"time"

	"tillkeeper/payment"
)

// Outcome says what becomes of one order. The zero Outcome is an approval, properly
// answered.
type Outcome struct {
	// Kind is what happens to the money.
	Kind Kind `json:"outcome"`
	// Reply is how the create is answered, each time that this number is created.
	Reply Reply `json:"reply"`
	// Answer is how queries about the order are answered: for AnswerFor from its
	// creation on, or, where that is 0, the first one after its end.
	Answer    Reply         `json:"answer"`
	AnswerFor time.Duration `json:"-"`
	// Fault is what happens to the connection of the create.
	Fault Fault `json:"fault"`
	// Cuts is how many creates of the number the fault CloseBefore strikes; 0 is
	// one, below zero all.
	Cuts int `json:"cuts"`
	// Delay is the customer's time in state 9, on top of the terminal's own. If it
	// reaches the expiry, the order ends there. Paying is time in state 0.
	Delay, Paying time.Duration `json:"-"`
	// ReplyDelay passes before the create is answered. Shown is how long after the
	// money moved a query still shows state 0.
	ReplyDelay, Shown time.Duration `json:"-"`
	// HiddenFor is how long queries say that there is no such order.
	HiddenFor time.Duration `json:"-"`
	// Amount is what the bank grants, for Partial; Tip what the customer adds when
	// asked, 20 % where it is empty.
	Amount string `json:"amount"`
	Tip    string `json:"tip"`
	// Code and Text replace trans_error_code and trans_error_msg of a decline, or,
	// for Refuse, the code and text of the answer.
	Code string `json:"code"`
	Text string `json:"text"`
	// Race lets a close be answered with success although the payment goes on;
	// IgnoreClose has it refused.
	Race        bool `json:"race"`
	IgnoreClose bool `json:"ignore_close"`
	// Notice is what becomes of the notifications; NoticeDelay passes before the
	// first.
	Notice      Notice        `json:"notice"`
	NoticeDelay time.Duration `json:"-"`
}

// Kind is what happens to the money of an order.
type Kind string

// The kinds. Approve, Partial and TimeoutCharged move money; no other does.
const (
	Approve        Kind = "approve"         // the default
	Partial        Kind = "partial"         // less than asked is paid
	Decline        Kind = "decline"         // the bank says no
	Cancel         Kind = "cancel"          // the operator cancels on the terminal
	Expire         Kind = "expire"          // nobody presents a card
	Refuse         Kind = "refuse"          // the call is refused, no order is made
	Timeout        Kind = "timeout"         // closed with K027, then declined
	TimeoutCharged Kind = "timeout-charged" // closed with K027, then approved
)

// Reply is how something is answered.
type Reply string

// The ways to answer. The second group says something about an order, and so is for
// queries only.
const (
	Proper         Reply = ""
	None           Reply = "none"            // never, the connection stays open
	HangUp         Reply = "hang-up"         // the connection is cut in place of an answer
	Torn           Reply = "torn"            // half of it, then the connection is cut
	Malformed      Reply = "malformed"       // broken JSON in a whole answer
	Garbage        Reply = "garbage"         // bytes of no meaning
	Oversized      Reply = "oversized"       // an answer of 2 MiB
	ErrorPage      Reply = "error-page"      // HTTP 502 and a page for people
	Unavailable    Reply = "unavailable"     // HTTP 503 and a page for people
	PageOK         Reply = "page-ok"         // a page for people with HTTP 200
	Unsigned       Reply = "unsigned"        // without a signature
	WrongSignature Reply = "wrong-signature" // with a wrong one
	Object         Reply = "object"          // data is an object, not a string
	Extra          Reply = "extra"           // with members nobody knows
	Hollow         Reply = "hollow"          // code 0 without data
	Failing        Reply = "failing"         // SYS001, of which nothing is published

	WrongOrder    Reply = "wrong-order"    // about another order
	WrongMerchant Reply = "wrong-merchant" // of another merchant
	WrongAmount   Reply = "wrong-amount"   // one unit more than was asked
	WrongCurrency Reply = "wrong-currency" // another currency
	WrongType     Reply = "wrong-type"     // another transaction type
	Contradictory Reply = "contradictory"  // failed and paid at once
	TimedOut      Reply = "timed-out"      // closed, with a reason that proves nothing
	UnknownStatus Reply = "unknown-status" // trans_status 4
	StatusText    Reply = "status-text"    // numbers as text and text as numbers
	CardNumber    Reply = "card-number"    // with a full card number in it
	Unfound       Reply = "not-found"      // E04111, though there is such an order
	Pending       Reply = "pending"        // state 0, though it may be final
)

// Fault is what happens to the connection of a create.
type Fault string

// The faults.
const (
	NoFault     Fault = ""
	CloseBefore Fault = "close-before" // cut on arrival; there is no order
	CloseDuring Fault = "close-during" // cut as soon as the order is made
	CloseAfter  Fault = "close-after"  // cut when the order is final, before any answer
)

// Notice is what becomes of an order's notifications.
type Notice string

// What may become of them.
const (
	Noticed     Notice = ""
	NoNotice    Notice = "none"
	NoticeEarly Notice = "early"           // the result, before the create is answered
	NoticeTwice Notice = "twice"           // delivered again although acknowledged
	NoticeStale Notice = "reordered"       // state 0 arrives after the result
	NoticeBad   Notice = "wrong-signature" // until the third attempt
)

var (
	kinds   = []Kind{Approve, Partial, Decline, Cancel, Expire, Refuse, Timeout, TimeoutCharged}
	replies = []Reply{
		Proper, None, HangUp, Torn, Malformed, Garbage, Oversized, ErrorPage, Unavailable, PageOK, Unsigned, WrongSignature,
		Object, Extra, Hollow, Failing, WrongOrder, WrongMerchant, WrongAmount, WrongCurrency, WrongType, Contradictory,
		TimedOut, UnknownStatus, StatusText, CardNumber, Unfound, Pending,
	}
	faults  = []Fault{NoFault, CloseBefore, CloseDuring, CloseAfter}
	notices = []Notice{Noticed, NoNotice, NoticeEarly, NoticeTwice, NoticeStale, NoticeBad}
)

// Script appends outcomes for the next orders, one each. When none is left, orders
// are approved. A request that is refused for what it says takes none, and a number
// that comes again has the outcome it had.
func (c *Cloud) Script(outcomes ...Outcome) { c.script.Add(outcomes...) }

// ScriptQueries appends how the next queries about orders that exist are answered,
// one each.
func (c *Cloud) ScriptQueries(answers ...Reply) { c.script.AddQueries(answers...) }

// nextOutcome takes the outcome of an order.
func (c *Cloud) nextOutcome(o *order) Outcome {
	if next, given := c.script.Next(); given {
		return next
	}
	if c.opts.OutcomesByAmount {
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
		return Outcome{Reply: None}
	case 54:
		return Outcome{Kind: Decline, Reply: None}
	case 55:
		return Outcome{Delay: 20 * time.Second}
	}
	return Outcome{}
}
