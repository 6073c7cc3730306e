package paycloud_test

import (
	"context"
	"errors"
	"testing"

	"tillkeeper/payment"
	"tillkeeper/payment/drivertest"
	"tillkeeper/payment/paycloud/paycloudsim"
)

// Recording that an order is sent may take a while: whatever happens in it that speaks
// against sending, nothing is sent.
func TestAnOrderThatIsNotWantedAnyMoreDoesNotLeave(t *testing.T) {
	for name, c := range map[string]struct {
		record func(r *rig, cancel func()) error
		want   payment.Code
	}{
		"it cannot be recorded": {func(*rig, func()) error { return errors.New("disk full") }, payment.CodeCannotRecord},
		"the caller goes":       {func(_ *rig, cancel func()) error { cancel(); return nil }, payment.CodeWithdrawn},
		"the till closes":       {func(r *rig, _ func()) error { return r.Close() }, payment.CodeClosed},
	} {
		t.Run(name, func(t *testing.T) {
			in(t, setup{cloud: paycloudsim.Options{}}, func(t *testing.T, r *rig) {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				req := sale("A1", "10")
				req.BeforeSend = func(context.Context) error { return c.record(r, cancel) }
				_, err := r.Do(ctx, req, nil)
				drivertest.WantNotSent(t, err, c.want)
				r.wantCharges()
			})
		})
	}
}
