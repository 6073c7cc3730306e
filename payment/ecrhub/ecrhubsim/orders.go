package ecrhubsim

import (
	"fmt"
	"time"

	"tillkeeper/payment"
)

// The states of an order (§7.2).
const (
	statusCreated   = "9"
	statusPaying    = "0"
	statusFailed    = "1"
	statusDone      = "2"
	statusCancelled = "3"
	statusCaptured  = "4"
)

// The transaction types (§7.1).
const (
	typeSale             = "1"
	typeVoid             = "2"
	typeRefund           = "3"
	typePreAuth          = "4"
	typePreAuthCancel    = "5"
	typeCompletion       = "6"
	typeCompletionCancel = "7"
	typeCompletionRefund = "8"
	typeCashback         = "11"
)

// operations are the types taken, in the words of the command line.
var operations = map[string]payment.Operation{
	typeSale:             payment.Sale,
	typeCashback:         payment.Sale,
	typeVoid:             payment.Void,
	typePreAuthCancel:    payment.Void,
	typeCompletionCancel: payment.Void,
	typeRefund:           payment.Refund,
	typeCompletionRefund: payment.Refund,
	typePreAuth:          payment.PreAuth,
	typeCompletion:       payment.Completion,
}

// order is what the terminal knows about one order number. All of it is
// guarded by Terminal.mu, but for the fields that never change after creation.
type order struct {
	number, original string
	transType        string
	operation        payment.Operation
	amount           payment.Amount
	tip, cashback    payment.Amount
	expires          time.Duration
	confirm          bool // waits for the operator
	newestFirst      bool // order_queue_mode FILO
	arrived          time.Time
	req              *request // how to answer
	conn             *conn    // where it came from
	outcome          Outcome

	status   string
	transNo  string
	ended    string // trans_end_time
	batch    int
	refunded payment.Amount

	start     chan struct{} // closed when it is its turn on the screen
	withdrawn chan struct{} // closed by a close request that was accepted
}

func (o *order) final() bool { return o.status != statusCreated && o.status != statusPaying }

func (o *order) total() payment.Amount { return o.amount.Add(o.tip).Add(o.cashback) }

// store holds the orders: the status machine 9 → 0 → {1, 2, 3}, the batch, and
// what is left to give back. It knows no connection and no clock.
type store struct {
	orders map[string]*order
	batch  int // the open one
	serial int
}

func newStore() store { return store{orders: map[string]*order{}, batch: 1} }

// find looks an order up by its number or by the gateway's.
func (s *store) find(number string) *order {
	if o := s.orders[number]; o != nil || number == "" {
		return o
	}
	for _, o := range s.orders {
		if o.transNo == number {
			return o
		}
	}
	return nil
}

// create takes a new order in, or says why not.
func (s *store) create(o *order) *refusal {
	if s.orders[o.number] != nil {
		return refuseRepeated
	}
	if no := s.check(o); no != nil {
		return no
	}
	s.serial++
	o.transNo = fmt.Sprintf("5099000000%s%06d", o.arrived.Format("060102"), s.serial)
	o.status, o.batch = statusCreated, s.batch
	o.start, o.withdrawn = make(chan struct{}), make(chan struct{})
	s.orders[o.number] = o
	return nil
}

// check compares an order with the one it is about (§10.7).
func (s *store) check(o *order) *refusal {
	switch o.operation {
	case payment.Void:
		return s.checkVoid(o)
	case payment.Refund:
		return s.checkRefund(o)
	case payment.Completion:
		return s.checkCompletion(o)
	}
	return nil
}

// checkVoid allows a void of a whole payment while its batch is open.
func (s *store) checkVoid(o *order) *refusal {
	orig := s.orders[o.original]
	switch {
	case orig == nil:
		return refuseNotFound
	case orig.status == statusCancelled:
		return refuseReversed
	case orig.status != statusDone || orig.batch != s.batch || orig.refunded.IsPositive():
		return refuseVoid
	case orig.operation == payment.Void || orig.operation == payment.Refund:
		return refuseVoid
	case o.transType == typePreAuthCancel && orig.operation != payment.PreAuth,
		o.transType == typeCompletionCancel && orig.operation != payment.Completion:
		return refuseVoid
	}
	if !o.amount.Known() {
		o.amount = orig.amount // the Android SDK omits it
	}
	if !o.amount.Equal(orig.amount) {
		return refuseAmount
	}
	return nil
}

// checkRefund allows what is left of a payment to be given back. Without an
// original it is an unreferenced refund, and the customer presents a card.
func (s *store) checkRefund(o *order) *refusal {
	if o.original == "" {
		return nil
	}
	orig := s.orders[o.original]
	switch {
	case orig == nil:
		return refuseNotFound
	case orig.status == statusCancelled:
		return refuseReversed
	case orig.status != statusDone || (orig.operation != payment.Sale && orig.operation != payment.Completion):
		return refuseVoid
	case orig.amount.Currency() != o.amount.Currency():
		return refuseCurrency
	case orig.total().Sub(orig.refunded).Less(o.total()):
		return refuseLimit
	}
	return nil
}

// checkCompletion allows one completion per reserve, up to the reserved sum.
func (s *store) checkCompletion(o *order) *refusal {
	orig := s.orders[o.original]
	switch {
	case orig == nil || orig.operation != payment.PreAuth:
		return refuseNotFound
	case orig.status != statusDone:
		return refuseReversed
	case orig.amount.Currency() != o.amount.Currency():
		return refuseCurrency
	case orig.total().Less(o.amount):
		return refuseLimit
	}
	return nil
}

// moves is what an approval of o moves: for a void, all that the original did.
func (s *store) moves(o *order) payment.Amount {
	if o.operation == payment.Void {
		return s.orders[o.original].total()
	}
	return o.total()
}

// approve ends o well and marks its original. The caller has checked again:
// much may have happened to the original while the customer thought.
func (s *store) approve(o *order) {
	o.status = statusDone
	orig := s.orders[o.original]
	if orig == nil {
		return
	}
	switch o.operation {
	case payment.Void:
		orig.status = statusCancelled
	case payment.Refund:
		orig.refunded = orig.refunded.Add(o.total())
	case payment.Completion:
		orig.status = statusCaptured
	}
}

// parseAmount reads a decimal sum as the protocol writes it (§6.1).
func parseAmount(s string, c payment.Currency) (payment.Amount, error) {
	if !plainAmount.MatchString(s) {
		return payment.Amount{}, fmt.Errorf("%q is not a plain decimal", s)
	}
	if s == "0" || s == "0.0" || s == "0.00" || s == "0.000" {
		return payment.FromMinor(0, c), nil
	}
	return payment.ParseAmount(s, c)
}
