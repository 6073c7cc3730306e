package pay

import (
	"context"

	"tillkeeper/payment"
)

// Break makes the running attempt's work panic, as a defect below would.
func (a *Attempt) Break() {
	a.start = func(context.Context, []string) (payment.Record, error) { panic("defect") }
}
