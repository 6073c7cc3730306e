package payment

import (
	"context"
	"crypto/x509"
	"log/slog"
	"net"
	"slices"
	"time"
)

// Driver speaks one protocol to one terminal. It is blocking, takes contexts first,
// may be used from several goroutines, and is thin: it translates, and leaves
// comparing, journalling and asking again to the till.
//
// The outcome rule: a nil error means the terminal has spoken. Declined is a
// result, not an error. Any error means unknown, unless it wraps ErrNotSent.
type Driver interface {
	// Capabilities returns the static facts about this terminal.
	Capabilities() Capabilities

	// Do runs one money-moving request and waits for the terminal's word. It calls
	// req.BeforeSend, where set, after the link is up and right before the first
	// byte may leave; if that fails, nothing is sent and Do returns ErrNotSent. It
	// sends the request once, whatever happens.
	//
	// tell hears of progress, in order, before Do returns; it does not block.
	//
	// Cancelling ctx (context.Canceled) asks the terminal to withdraw the order and
	// still waits a short grace for its last word, which decides. A deadline of ctx
	// asks for nothing: Do just stops waiting, which is unknown.
	//
	// A second Do while one runs fails at once with CodeBusy and ErrNotSent.
	Do(ctx context.Context, req Request, tell func(Progress)) (Result, error)

	// Status asks what became of an order; it moves no money and may run beside Do.
	// An answer that the number is not known is the outcome NotFound, not an error.
	Status(ctx context.Context, req Request) (Result, error)

	// Close drops the link and ends all goroutines. It is safe to call twice; every
	// later call of another method fails with CodeClosed.
	Close() error
}

// Request is an order with what a driver needs beside it. All of it is durable
// before Do is called.
type Request struct {
	Order Order
	// Reference is the terminal's or gateway's own number of this very order, as
	// far as it is known: see Progress.Reference. Empty before.
	Reference string
	// OriginalOperation, OriginalReference and OriginalMoved are what the original
	// was meant to do, the terminal's own reference of it, and what it moved; empty
	// where there is none.
	OriginalOperation Operation
	OriginalReference string
	OriginalMoved     Amounts
	// BeforeSend records durably that the request may leave from now on. It is nil
	// when that is recorded already.
	BeforeSend func(ctx context.Context) error
}

// Progress is what a driver can tell while the terminal works.
type Progress struct {
	Kind ProgressKind
	// Text is the terminal's own words, masked, where it sent some.
	Text string
	// Reference comes with ProgressAccepted: the number under which the terminal or
	// gateway knows the order.
	Reference string
}

// ProgressKind is a step of Progress.
type ProgressKind string

// The steps a driver may report.
const (
	// ProgressSent: the whole request has left.
	ProgressSent ProgressKind = "sent"
	// ProgressAccepted: the terminal or gateway has taken the order and says under
	// which number. That number is durable when tell returns, so that the order can
	// be asked about after a crash.
	ProgressAccepted ProgressKind = "accepted"
	// ProgressWaiting: the terminal shows the order to the customer.
	ProgressWaiting ProgressKind = "waiting"
	// ProgressProcessing: a card was presented.
	ProgressProcessing ProgressKind = "processing"
	// ProgressCancelRefused: the terminal did not agree to withdraw the order, so
	// the payment is probably going on or done.
	ProgressCancelRefused ProgressKind = "cancel-refused"
)

// Aborter is a driver that can ask a terminal to withdraw an order that no Do of
// this driver is running, such as one of a process that died. A nil error means the
// terminal agreed; the order's own outcome still has to be asked for.
type Aborter interface {
	Abort(ctx context.Context, req Request) error
}

// Tester is a driver that can prove that its terminal listens without moving money.
type Tester interface {
	// Test returns what the terminal says about itself. Fields may be empty: an
	// answer at all is the proof.
	Test(ctx context.Context) (Identity, error)
}

// Acknowledger is a driver whose terminal wants to hear that the till has the
// outcome. The till calls it only after the outcome is in the journal, for answers
// with Facts.HandOver, and again later if it fails. It moves no money.
type Acknowledger interface {
	Acknowledge(ctx context.Context, req Request) error
}

// BatchCloser is a driver that can have a terminal close its batch.
type BatchCloser interface {
	// CloseBatch asks for it once, under a number of ours, and waits for the totals.
	// The outcome rule holds: an error that does not wrap ErrNotSent means that the
	// batch may be closed.
	CloseBatch(ctx context.Context, number string) (Totals, error)
}

// Totals are what a terminal says of a batch. Parts it did not say are empty.
type Totals struct {
	// Batch is the terminal's own number of the batch.
	Batch string
	// Sales, Refunds and Adjustments are counts and sums; a count below zero was not
	// said.
	Sales, Refunds, Adjustments Subtotal
	// Text is the terminal's own sentence and Raw the whole message, both masked.
	Text string
	Raw  string
}

// Subtotal is a number of movements and their sum.
type Subtotal struct {
	Count  int
	Amount Amount
}

// Unsaid is a subtotal that the terminal did not give.
var Unsaid = Subtotal{Count: -1}

// Readier is a driver that knows whether its link is up at this moment, so that one
// durable write can cover "created" and "sent".
type Readier interface {
	Ready() bool
}

// Identity is what a terminal says about itself.
type Identity struct {
	Serial string
	Name   string
	Model  string
	// Delay is how long the answer took.
	Delay time.Duration
}

// Capabilities are static facts about a terminal behind a driver. Screens hide what
// is missing.
type Capabilities struct {
	// Operations the terminal takes.
	Operations []Operation
	// PartialRefund: less than the rest may be given back.
	PartialRefund bool
	// Cancel: an order under way can be asked to be withdrawn.
	Cancel bool
	// Tip and Cashback can be sent with a sale; AskTip: the terminal can ask.
	Tip, AskTip, Cashback bool
	// VoidPreAuth and VoidCompletion: a void may be of a pre-authorisation, or of a
	// completion, too.
	VoidPreAuth, VoidCompletion bool
	// BatchClose: the driver is a BatchCloser, and the terminal can.
	BatchClose bool
	// SwitchedOff names, for an operation that is not in Operations because the
	// provider must enable it first, the setting that switches it on, as
	// "refund=on".
	SwitchedOff map[Operation]string
	// Unaskable: an order of which not even the acceptance was heard cannot be asked
	// about, because only the terminal's own number leads to it.
	Unaskable bool
	// NotFoundProves: this source must know every order that was charged, so two
	// NotFound answers after Limit mean that nothing was charged.
	NotFoundProves bool
	// Limit is how long after sending the terminal may still take a card.
	Limit time.Duration
}

// Can reports whether op is among the operations.
func (c Capabilities) Can(op Operation) bool {
	return slices.Contains(c.Operations, op)
}

// Env is what the program lends to a driver. The functions are set by whoever opens
// it; Late, Deliver and Link may be nil.
type Env struct {
	// Dial opens a connection; tests hand out pipes.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	Now  func() time.Time
	Log  *slog.Logger
	// KeepAlive asks the driver to hold its link up all the time, to notice when it
	// is lost, and to reconnect with back-off. Without it the driver connects when
	// it is used.
	KeepAlive bool
	// Late takes answers to orders that no call is waiting for, such as results
	// delivered on a new connection. It must not block.
	Late func(Result)
	// Deliver takes an answer like Late, and returns only when it is durable, or with
	// the reason why not; for answers that may be acknowledged only then. nil as Late.
	Deliver func(ctx context.Context, r Result) error
	// Link hears when the link goes up or down and at each sign of life. It must
	// not block.
	Link func(LinkState)
	// Secret returns a secret of the terminal by its key, "" for one that was never
	// given. Errors are *Error with CodeSecretsLocked.
	Secret func(key string) (string, error)
	// Roots are the certificate authorities trusted; nil is the system's.
	Roots *x509.CertPool
}

// LinkState is the health of the way to a terminal.
type LinkState struct {
	// Tried is false before the first attempt; Up says that the terminal answers.
	Tried bool
	Up    bool
	// Alive is when the terminal was last heard, zero if never; Delay is how long
	// its last answer to a keep-alive took, zero if not measured.
	Alive time.Time
	Delay time.Duration
	// Err says why the link is down, nil when it is up.
	Err error
}
