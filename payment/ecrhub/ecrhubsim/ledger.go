package ecrhubsim

import (
	"slices"

	"tillkeeper/payment"
)

// Charge is one movement of money, as the terminal's own ledger has it.
type Charge struct {
	// Order is the number of the order that moved the money; for a tip
	// adjustment, which has no number of its own, the payment's.
	Order string `json:"order"`
	// Operation is what the order did, in the words of the command line.
	Operation string `json:"operation"`
	// Amount is all that moved: order amount, tip and cashback together. For a
	// tip adjustment it is the tip as it is from then on.
	Amount string `json:"amount"`
	// Currency is the ISO 4217 code.
	Currency string `json:"currency"`
}

// Charges is the ledger, oldest first.
func (t *Terminal) Charges() []Charge {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.ledger)
}

// move writes a movement down, before anybody hears of it. With t.mu held.
func (t *Terminal) move(number string, op payment.Operation, total payment.Amount) error {
	c := Charge{number, string(op), total.Text(), string(total.Currency())}
	if t.opts.Charged != nil {
		if err := t.opts.Charged(c); err != nil {
			t.log.Error("ledger", "order", number, "error", err)
			return err
		}
	}
	t.ledger = append(t.ledger, c)
	t.log.Info("money moved", "order", number, "operation", c.Operation, "amount", c.Amount, "currency", c.Currency)
	return nil
}
