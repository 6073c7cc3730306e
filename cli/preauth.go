package cli

import (
	"context"

	"github.com/spf13/cobra"

	"tillkeeper/payment"
	"tillkeeper/payment/till"
)

func (a *app) preauthCommand() *cobra.Command {
	var c charge
	cmd := &cobra.Command{
		Use:     "preauth AMOUNT",
		Short:   "Reserve a sum on the customer's account",
		Example: "  tillkeeper preauth 200.00 --note \"room 12\"",
	}
	a.chargeFlags(cmd, &c)
	return a.command(cmd, cobra.ExactArgs(1), func(ctx context.Context, args []string) error {
		return a.money(ctx, func(ctx context.Context, t *till.Till) (mover, error) {
			asked, err := c.amounts(ctx, t, args[0])
			return func(ctx context.Context) (payment.Record, error) {
				return t.PreAuth(ctx, c.of(asked, a.flags.actor()))
			}, err
		})
	})
}
