// Package ledger is a simulator's own book of the money it moved, with which tests
// compare a till's journal.
package ledger

import (
	"log/slog"
	"slices"
	"sync"

	"tillkeeper/payment"
)

// Charge is one movement of money.
type Charge struct {
	// Order is the number of the order that moved it.
	Order string `json:"order"`
	// Operation is what the order did, in the words of the command line.
	Operation string `json:"operation"`
	// Amount is all that moved: decimal text in major units, with the currency's own
	// places. For a tip adjustment it is the tip as it is from then on.
	Amount string `json:"amount"`
	// Currency is the ISO 4217 code.
	Currency string `json:"currency"`
}

// Ledger holds charges. Its methods may be called from any goroutine.
type Ledger struct {
	charged func(Charge) error
	log     *slog.Logger

	mu      sync.Mutex
	charges []Charge
}

// New makes an empty ledger. charged, unless it is nil, is told of each charge before
// it is booked, and can refuse it.
func New(charged func(Charge) error, log *slog.Logger) *Ledger {
	return &Ledger{charged: charged, log: log}
}

// Move writes a movement down; its caller does so before anybody hears of it. After
// an error nothing has moved.
func (l *Ledger) Move(number string, op payment.Operation, sum payment.Amount) error {
	c := Charge{number, string(op), sum.Text(), string(sum.Currency())}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.charged != nil {
		if err := l.charged(c); err != nil {
			l.log.Error("ledger", "order", number, "error", err)
			return err
		}
	}
	l.charges = append(l.charges, c)
	l.log.Info("money moved", "order", number, "operation", c.Operation, "amount", c.Amount, "currency", c.Currency)
	return nil
}

// Charges are all of them, oldest first.
func (l *Ledger) Charges() []Charge {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.charges)
}

// Clear empties the ledger.
func (l *Ledger) Clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.charges = nil
}
