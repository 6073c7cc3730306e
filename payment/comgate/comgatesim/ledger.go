package comgatesim

import (
	"tillkeeper/payment"
	"tillkeeper/payment/internal/ledger"
)

// Charge is one movement of money, as the terminal's own ledger has it. A payment
// that the terminal takes back by itself is a void under the payment's own id.
type Charge = ledger.Charge

// Charges is the ledger, oldest first.
func (t *Terminal) Charges() []Charge { return t.ledger.Charges() }

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
