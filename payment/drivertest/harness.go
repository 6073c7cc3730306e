package drivertest

import (
	"context"
	"errors"
	"net"
	"time"

	"tillkeeper/payment"
)

// Harness is what a driver brings to the suite.
type Harness struct {
	// Protocol opens the driver.
	Protocol payment.Protocol
	// Dialect tells harnesses of the same protocol apart, "" where there is one.
	Dialect string
	// Address is a terminal's address in the protocol's normal form; nothing
	// listens there, as the simulator is dialled in memory.
	Address string
	// Settings and Secrets are those of the terminal; the suite adds the currency.
	// None of the secrets may ever be logged or recorded.
	Settings map[string]string
	Secrets  map[string]string
	// Card is the full card number that the simulator sends with the manner CardNumber.
	Card string
	// New starts a fresh simulated terminal.
	New    func(Setup) Simulator
	Quirks Quirks
}

// Quirks are the differences between protocols that no Capabilities tell.
type Quirks struct {
	// Currencies the terminals charge in; empty means any.
	Currencies []payment.Currency
	// Redelivers: a result that could not be delivered is pushed on the next
	// connection, unasked.
	Redelivers bool
	// PartialApproval: the protocol has a word for a bank that grants a part. Without
	// it an answer over less than was asked is a mismatch.
	PartialApproval bool
	// AsksItself: after a lost answer to a sale the driver asks for a while by itself, as
	// its protocol wants it, so that a sale may be settled without ever having been in
	// doubt in the journal.
	AsksItself bool
}

// Setup says what simulated terminal is wanted.
type Setup struct {
	Currency payment.Currency
	// AtOnce: customers and bank take no time, for runs in real time. Otherwise the
	// customer takes some seconds, and there is a moment to cancel.
	AtOnce bool
}

// Simulator is the terminal's side, which the harness makes of a protocol's own
// simulator. All methods may be called at any time.
type Simulator interface {
	// Dial connects to the terminal in memory, for runs inside testing/synctest.
	Dial(ctx context.Context, network, address string) (net.Conn, error)
	// Listen opens a loopback socket and returns the terminal's address there, in the
	// protocol's normal form.
	Listen() (address string, err error)
	// Script adds what becomes of the next order that the terminal accepts. An error
	// that wraps ErrInexpressible says that the protocol has no such thing.
	Script(Turn) error
	// ScriptStatus adds how the next status query is answered, likewise.
	ScriptStatus(StatusManner) error
	// Charges is the terminal's own ledger, oldest first.
	Charges() []Charge
	// Findings are what the driver did that the protocol does not allow.
	Findings() []string
	Close() error
}

// ErrInexpressible is what a Simulator answers when its protocol has no way to
// do what was asked. The scenario is then not applicable.
var ErrInexpressible = errors.New("the protocol cannot express it")

// Charge is one movement of money as a terminal's ledger has it.
type Charge struct {
	// Number of the order that moved the money.
	Number    string
	Operation payment.Operation
	// Amount is all that moved, tip and cashback included.
	Amount payment.Amount
}

// Turn is what becomes of one order. The zero Turn is an approval, properly
// answered.
type Turn struct {
	Verdict Verdict
	Manner  Manner
	Cut     Cut
	// Granted is what the bank gives, for the verdict Part.
	Granted payment.Amount
	// Slow is the customer's time on top of the terminal's own.
	Slow time.Duration
	// Late passes between the payment and the answer to it.
	Late time.Duration
	// DeafToCancel: the payment overtakes a request to withdraw it.
	DeafToCancel bool
	// Forgotten: an answer that could not be delivered is never delivered again.
	Forgotten bool
}

// Verdict is what customer and bank do.
type Verdict string

// The verdicts. Only Approve and Part move money.
const (
	Approve Verdict = ""        // the bank pays
	Decline Verdict = "decline" // the bank says no
	Walk    Verdict = "walk"    // the customer presses cancel
	Expire  Verdict = "expire"  // nobody presents a card in time
	Part    Verdict = "part"    // the bank grants less than was asked
	Refuse  Verdict = "refuse"  // the terminal turns the request down before any card
)

// Manner is how an answer to an order is said.
type Manner string

// The manners.
const (
	Proper         Manner = ""                // as it should be
	Silent         Manner = "silent"          // never
	Torn           Manner = "torn"            // half of it, then the connection ends
	Malformed      Manner = "malformed"       // cut short inside a whole frame
	Garbage        Manner = "garbage"         // bytes of no meaning
	Oversized      Manner = "oversized"       // far longer than any answer
	Hollow         Manner = "hollow"          // without its content
	WrongNumber    Manner = "wrong-number"    // for another order
	WrongAmount    Manner = "wrong-amount"    // over another sum
	WrongCurrency  Manner = "wrong-currency"  // in another currency
	WrongOperation Manner = "wrong-operation" // for another operation
	Contradictory  Manner = "contradictory"   // yes and no at once
	Twice          Manner = "twice"           // two times
	CardNumber     Manner = "card-number"     // with a full card number in it
	TimedOut       Manner = "timed-out"       // as a time-out that says nothing of the money
)

// Cut is when the terminal loses the connection by itself.
type Cut string

// The cuts.
const (
	NoCut        Cut = ""
	OnArrival    Cut = "on-arrival"    // the order is never seen
	AtCard       Cut = "at-card"       // the payment goes on
	BeforeAnswer Cut = "before-answer" // the payment is over
)

// StatusManner is how a status query is answered.
type StatusManner string

// The manners of answering a status query.
const (
	StatusProper        StatusManner = ""              // the truth
	StatusSilent        StatusManner = "silent"        // never
	StatusNotFound      StatusManner = "not-found"     // the number is not known
	StatusPending       StatusManner = "pending"       // still being paid
	StatusMalformed     StatusManner = "malformed"     // cut short
	StatusFault         StatusManner = "fault"         // an error of the gateway
	StatusWrongNumber   StatusManner = "wrong-number"  // about another order
	StatusWrongAmount   StatusManner = "wrong-amount"  // over another sum
	StatusContradictory StatusManner = "contradictory" // yes and no at once
	StatusHangUp        StatusManner = "hang-up"       // the connection ends
)
