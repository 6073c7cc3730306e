package comgatesim

import (
	"slices"

	"tillkeeper/payment"
)

// Charge is one movement of money, as the terminal's own ledger has it.
type Charge struct {
	// Order is the transactionId that moved the money.
	Order string `json:"order"`
	// Operation is what it did, in the words of the command line. A payment that the
	// terminal takes back by itself is a void under the payment's own id.
	Operation string `json:"operation"`
	// Amount is all that moved, in major units.
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
func (t *Terminal) move(id string, op payment.Operation, sum payment.Amount) error {
	c := Charge{id, string(op), sum.Text(), string(sum.Currency())}
	if t.opts.Charged != nil {
		if err := t.opts.Charged(c); err != nil {
			t.log.Error("ledger", "order", id, "error", err)
			return err
		}
	}
	t.ledger = append(t.ledger, c)
	t.log.Info("money moved", "order", id, "operation", c.Operation, "amount", c.Amount, "currency", c.Currency)
	return nil
}

// batch is what the next closing settles.
type batch struct {
	number int
	orders []*order
}

// totals are the batchTotals of A.4.5, in one currency: terminals have one.
func (b batch) totals(c payment.Currency) object {
	count, sum := map[string]int{}, map[string]int64{}
	for _, o := range b.orders {
		name := map[payment.Operation]string{payment.Sale: "debits", payment.Completion: "debits", payment.Refund: "credits"}[o.operation]
		if name == "" || o.reversed || o.moved.Currency() != c {
			continue
		}
		count[name]++
		sum[name] += o.moved.Minor()
	}
	t := object{"batchNumber": b.number, "shiftNumber": 1}
	for _, name := range []string{"debits", "credits", "adjs"} {
		t[name+"Count"], t[name+"Amount"] = count[name], sum[name]
	}
	return t
}
