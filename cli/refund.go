package cli

import (
	"context"

	"github.com/spf13/cobra"

	"tillkeeper/payment"
	"tillkeeper/payment/till"
)

// takeback is what the flags of a refund or void say.
type takeback struct {
	reason  string
	despite []string
	timeout span
}

func (b *takeback) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&b.reason, "reason", "", "why it is taken back")
	patience(f, &b.timeout)
	override(f, &b.despite)
}

func (b *takeback) of(order, staff string) till.Takeback {
	return till.Takeback{Original: order, Reason: b.reason, Staff: staff, Despite: b.despite, Timeout: b.timeout.limit()}
}

func (a *app) refundCommand() *cobra.Command {
	var b takeback
	cmd := &cobra.Command{
		Use:               "refund ORDER [AMOUNT]",
		Short:             "Give money of an order back: the rest of it, or AMOUNT",
		ValidArgsFunction: a.completeOrders,
	}
	b.add(cmd)
	return a.command(cmd, cobra.RangeArgs(1, 2), func(ctx context.Context, args []string) error {
		return a.money(ctx, a.follow(b, args, (*till.Till).Refund))
	})
}

func (a *app) voidCommand() *cobra.Command {
	var b takeback
	cmd := &cobra.Command{
		Use:               "void ORDER",
		Short:             "Take back a whole order before its batch is closed",
		ValidArgsFunction: a.completeOrders,
	}
	b.add(cmd)
	return a.command(cmd, cobra.ExactArgs(1), func(ctx context.Context, args []string) error {
		return a.money(ctx, func(_ context.Context, t *till.Till) (mover, error) {
			return func(ctx context.Context) (payment.Record, error) {
				return t.Void(ctx, b.of(args[0], a.flags.actor()))
			}, nil
		})
	})
}
