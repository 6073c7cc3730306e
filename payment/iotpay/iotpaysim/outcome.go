package iotpaysim

import "time"

// Outcome says what becomes of one order: what cardholder and bank do, how the
// answer is said, and what the network does. The zero Outcome is an approval by a
// tap, properly answered.
type Outcome struct {
	// Kind is what happens to the money.
	Kind Kind `json:"outcome"`
	// Reply is how the answer is said.
	Reply Reply `json:"reply"`
	// Fault is what happens to the connection.
	Fault Fault `json:"fault"`
	// Variant is how the card was read and the cardholder verified.
	Variant Variant `json:"variant"`
	// Delay is the cardholder's time on top of the terminal's own.
	Delay time.Duration `json:"-"`
	// ReplyDelay passes between the result and the answer about it.
	ReplyDelay time.Duration `json:"-"`
	// Amount is what the bank grants, for Partial, in major units.
	Amount string `json:"amount"`
	// Text replaces receiptDisp of a decline.
	Text string `json:"text"`
}

// Kind is what happens to the money of an order.
type Kind string

// The kinds. Approve, Notified and Partial move money; no other does.
const (
	Approve  Kind = "approve"  // the default; status 2
	Notified Kind = "notified" // status 3
	Partial  Kind = "partial"  // less than asked is charged; the protocol has no word for it
	Decline  Kind = "decline"  // the bank says no; status 9
	Cancel   Kind = "cancel"   // the cardholder presses cancel; status 9
	Expire   Kind = "expire"   // nobody comes; status 4, cancelled by the system
	Refuse   Kind = "refuse"   // retCode FAIL before anything; the order is never created
	Stuck    Kind = "stuck"    // status 1 for ever; not charged
)

// Reply is how an answer is said.
type Reply string

// The ways to answer.
const (
	Proper         Reply = ""                // as it should be
	None           Reply = "none"            // never, and the connection stays open
	Torn           Reply = "torn"            // half of it, then the connection ends
	Malformed      Reply = "malformed"       // broken JSON
	Garbage        Reply = "garbage"         // bytes that are no JSON at all
	Oversized      Reply = "oversized"       // 2 MiB
	NoOrder        Reply = "no-order"        // success without a payOrder
	WrongOrder     Reply = "wrong-order"     // the number of another order
	WrongAmount    Reply = "wrong-amount"    // one unit more than was asked
	WrongCurrency  Reply = "wrong-currency"  // another currency
	WrongOperation Reply = "wrong-operation" // payType of a refund
	Contradictory  Reply = "contradictory"   // two statuses, one yes and one no
	Twice          Reply = "twice"           // two times
	Odd            Reply = "odd"             // numbers as text, times in another form
	CardNumber     Reply = "card-number"     // with a full card number in it
	NotJSON        Reply = "extra-not-json"  // card data that is no JSON
	WrongSign      Reply = "wrong-sign"      // signed with another key
	NoSign         Reply = "no-sign"         // not signed
	BadGateway     Reply = "bad-gateway"     // HTTP 502 and a page
	SystemError    Reply = "system-error"    // resCode FAIL, SYSTEMERROR, as soon as a card is asked for
)

// Fault is what happens to the connection of an order.
type Fault string

// The faults.
const (
	NoFault     Fault = ""
	CloseBefore Fault = "close-before" // cut on arrival; the order is never created
	CloseDuring Fault = "close-during" // cut at the card screen; the payment goes on
	CloseAfter  Fault = "close-after"  // cut after the result, before the answer
)

// Variant is how a card was read and its holder verified.
type Variant string

// The variants.
const (
	Tap       Variant = ""          // contactless, no verification
	PIN       Variant = "pin"       // chip and online PIN
	Signature Variant = "signature" // chip and signature
	French    Variant = "french"    // a cardholder who reads French
	Interac   Variant = "interac"   // debit from the savings account, with PIN
	Swipe     Variant = "swipe"     // stripe
)

// QueryOutcome says how one query is answered.
type QueryOutcome string

// The ways to answer a query.
const (
	QueryProper        QueryOutcome = ""              // the truth
	QueryNone          QueryOutcome = "none"          // no answer
	QueryNotFound      QueryOutcome = "not-found"     // the order is not known
	QueryPending       QueryOutcome = "pending"       // still being paid
	QueryUnknownStatus QueryOutcome = "odd-status"    // a status that the protocol text does not have
	QueryMalformed     QueryOutcome = "malformed"     // broken JSON
	QueryError         QueryOutcome = "error"         // a system error
	QueryWrongOrder    QueryOutcome = "wrong-order"   // about another order
	QueryWrongAmount   QueryOutcome = "wrong-amount"  // with another amount
	QueryContradictory QueryOutcome = "contradictory" // two statuses, one yes and one no
	QueryWrongSign     QueryOutcome = "wrong-sign"    // signed with another key
	QueryBadGateway    QueryOutcome = "bad-gateway"   // HTTP 502 and a page
	QueryHangUp        QueryOutcome = "hang-up"       // the connection is cut
)

var (
	kinds   = []Kind{Approve, Notified, Partial, Decline, Cancel, Expire, Refuse, Stuck}
	replies = []Reply{
		Proper, None, Torn, Malformed, Garbage, Oversized, NoOrder, WrongOrder, WrongAmount, WrongCurrency, WrongOperation,
		Contradictory, Twice, Odd, CardNumber, NotJSON, WrongSign, NoSign, BadGateway, SystemError,
	}
	faults        = []Fault{NoFault, CloseBefore, CloseDuring, CloseAfter}
	variants      = []Variant{Tap, PIN, Signature, French, Interac, Swipe}
	queryOutcomes = []QueryOutcome{
		QueryProper, QueryNone, QueryNotFound, QueryPending, QueryUnknownStatus, QueryMalformed, QueryError, QueryWrongOrder,
		QueryWrongAmount, QueryContradictory, QueryWrongSign, QueryBadGateway, QueryHangUp,
	}
)

// Script appends outcomes for the next orders the gateway accepts, refunds
// included, one each. When none is left, orders are approved. A request that is
// refused for what it says (a repeated number, a bad signature) takes none.
func (g *Gateway) Script(outcomes ...Outcome) { g.script.Add(outcomes...) }

// ScriptQueries appends outcomes for the next queries, one each. A query about a
// number that no order ever had, as of a client that only tests the way, takes none.
func (g *Gateway) ScriptQueries(outcomes ...QueryOutcome) { g.script.AddQueries(outcomes...) }

// nextOutcome takes the outcome of an order just accepted.
func (g *Gateway) nextOutcome(o *order) Outcome {
	if next, given := g.script.Next(); given {
		return next
	}
	if g.opts.OutcomesByAmount && o.original == nil {
		return g.byAmount(o.amount.Minor())
	}
	return Outcome{}
}

// nextQuery takes the outcome of a query about a number.
func (g *Gateway) nextQuery(number string) QueryOutcome {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.asked[number] {
		return QueryProper
	}
	return g.script.NextQuery()
}

// byAmount is the table of the package comment.
func (g *Gateway) byAmount(minor int64) Outcome {
	if minor%100 == 70 {
		return Outcome{ReplyDelay: g.opts.Late}
	}
	return scenarios[minor%100]
}

var scenarios = map[int64]Outcome{
	5:  {Kind: Decline},
	51: {Kind: Decline, Text: "Insufficient Funds 51"},
	60: {Variant: PIN},
	61: {Variant: Signature},
	62: {Variant: French},
	63: {Variant: Interac},
	71: {Fault: CloseDuring},
	72: {Fault: CloseDuring, Kind: Decline},
	73: {Kind: Stuck},
	74: {Fault: CloseBefore},
	75: {Kind: Notified},
	76: {Reply: NotJSON},
	77: {Reply: WrongSign},
	78: {Reply: BadGateway},
	79: {Reply: SystemError},
	80: {Reply: WrongAmount},
	81: {Reply: NoOrder},
}
