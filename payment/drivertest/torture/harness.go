package torture

import (
	"net"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/drivertest"
)

// Harness is what a driver brings to a campaign.
type Harness struct {
	Protocol payment.Protocol
	// Address, Settings and Secrets of the terminal, as a technician would enter them.
	Address  string
	Settings map[string]string
	Secrets  map[string]string
	// New makes a fresh simulated terminal.
	New func() Simulator
	// Split returns the length of the first whole message of a stream, 0 while it
	// is not complete; first tells that nothing was said before it. See WebSocket and Whole.
	Split func(stream []byte, first bool) int
	// Unaskable: only the terminal's own number leads to an order, so one of which not
	// even the acceptance was heard stays unknown until a person decides. Then the driver
	// has to say so when it is asked, and to say nothing else.
	Unaskable bool
	// Unlinked: a refund points at no sale, so the terminal cannot refuse one that is too
	// much. A person who decides wrongly about a refund then gives money away, and
	// nothing can stop that.
	Unlinked bool
	// Without leaves out what the simulator cannot do or the transport cannot suffer.
	Without []Fault
}

// Simulator is the terminal's side, which keeps a ledger of its own.
type Simulator interface {
	// Serve talks to one client until the connection ends.
	Serve(conn net.Conn)
	// Script says what becomes of the next orders, and how the next questions are answered.
	// After them all is well: orders are approved, and answers true.
	Script(orders []Act, questions []Reply)
	// Charges is the ledger, oldest first.
	Charges() []drivertest.Charge
	// Close ends it and waits for its goroutines.
	Close() error
}

// Act is what becomes of one order. The zero Act is an approval, properly
// answered. A simulator does what is nearest to an act it does not know.
type Act struct {
	Money Money
	Reply Reply
	// Think is the customer's time at the terminal; Late passes between the movement of
	// money and the answer about it.
	Think, Late time.Duration
	// Stubborn: an approval overtakes a request to withdraw.
	Stubborn bool
	// Forgetful: an answer that cannot be delivered is dropped for good, as by a
	// terminal that reboots.
	Forgetful bool
}

// Money is what happens to the money of an order.
type Money string

// What may happen to the money.
const (
	Approve        Money = ""
	Partial        Money = "partial"         // less than asked is charged
	Decline        Money = "decline"         // the bank says no
	Abandon        Money = "abandon"         // the customer presses cancel
	Refuse         Money = "refuse"          // turned down before a card was asked for
	TimeOut        Money = "time-out"        // the host does not answer; not charged
	TimeOutCharged Money = "time-out-charge" // the host does not answer; charged all the same
	Expire         Money = "expire"          // nobody presents a card
)

// Reply is how something is answered, an order or a question.
type Reply string

// The ways to answer. Unfound and Pending are for questions only.
const (
	Proper         Reply = ""
	Silent         Reply = "silent"
	Garbled        Reply = "garbled"
	Torn           Reply = "torn"
	Empty          Reply = "empty"
	Foreign        Reply = "foreign" // about another order
	WrongAmount    Reply = "wrong-amount"
	WrongCurrency  Reply = "wrong-currency"
	WrongOperation Reply = "wrong-operation"
	Contradictory  Reply = "contradictory"
	Twice          Reply = "twice"
	Odd            Reply = "odd" // proper, in an unusual form
	HangUp         Reply = "hang-up"
	Failing        Reply = "failing" // an error of the terminal's own
	Unfound        Reply = "unfound" // though it may know the order
	Pending        Reply = "pending" // though it may be final
)

// Fault is what happens to a message, the network or the process.
type Fault string

// The faults at message boundaries.
const (
	Drop       Fault = "drop"
	Delay      Fault = "delay"
	Duplicate  Fault = "duplicate"
	Reorder    Fault = "reorder"
	Truncate   Fault = "truncate"
	HalfOpen   Fault = "half-open"
	Reset      Fault = "reset"
	ResetAfter Fault = "reset-after"
)

// The faults that have a moment rather than a message.
const (
	Outage    Fault = "outage"
	Reboot    Fault = "reboot"
	Crash     Fault = "crash"      // the process dies at a write
	Kill      Fault = "kill"       // the process dies at any moment
	DiskFull  Fault = "disk-full"  // the journal cannot be written
	ClockJump Fault = "clock-jump" // the wall clock is set
	BadReply  Fault = "bad-reply"  // an act or a question answered otherwise than properly
	LateReply Fault = "late-reply"
	// DoublePress: staff press again while the first press is under way.
	DoublePress Fault = "double-press"
	// PressUnrecorded: staff press again after an answer that the disk did not take.
	PressUnrecorded Fault = "press-unrecorded"
	// VoidDecided: an order that was only decided to be paid is voided.
	VoidDecided Fault = "void-decided"
	// RefundDecided: an order that was only decided to be paid is refunded, of which a
	// terminal that links no refund to its sale knows nothing.
	RefundDecided Fault = "refund-decided"
)

// boundaryFaults are drawn evenly.
var boundaryFaults = []Fault{Drop, Delay, Duplicate, Reorder, Truncate, HalfOpen, Reset, ResetAfter}
