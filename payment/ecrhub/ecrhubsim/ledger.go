package ecrhubsim

import "tillkeeper/payment/internal/ledger"

// Charge is one movement of money, as the terminal's own ledger has it. A tip
// adjustment has no number of its own: its order is the payment's.
type Charge = ledger.Charge

// Charges is the ledger, oldest first.
func (t *Terminal) Charges() []Charge { return t.ledger.Charges() }
