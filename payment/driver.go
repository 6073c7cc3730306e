package payment

import (
	"context"
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
	// OriginalReference is the terminal's own reference of the original, and
	// OriginalMoved what the original moved; both empty where there is none.
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
}

// ProgressKind is a step of Progress.
type ProgressKind string

// The steps a driver may report.
const (
	// ProgressSent: the whole request has left.
	ProgressSent ProgressKind = "sent"
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
// it; Late and Link may be nil.
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
	// Link hears when the link goes up or down and at each sign of life. It must
	// not block.
	Link func(LinkState)
	// Secret returns a secret of the terminal by its key.
	Secret func(key string) (string, error)
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
