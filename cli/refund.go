package cli

import (
	"context"

	"github.com/spf13/cobra"

	"tillkeeper/payment"
	"tillkeeper/payment/till"
)

// takeback is what the flags of an order about another order say.
type takeback struct {
	reason  string
	despite []string
	timeout span
}

func (b *takeback) of(order, staff string) till.Takeback {
	return till.Takeback{Original: order, Reason: b.reason, Staff: staff, Despite: b.despite, Timeout: b.timeout.limit()}
}

func (a *app) refundCommand() *cobra.Command {
	return a.followUp("refund ORDER [AMOUNT]", "Give money of an order back: the rest of it, or AMOUNT",
		cobra.RangeArgs(1, 2), (*till.Till).Refund)
}

func (a *app) voidCommand() *cobra.Command {
	return a.followUp("void ORDER", "Take back a whole order before its batch is closed", cobra.ExactArgs(1), (*till.Till).Void)
}

func (a *app) completeCommand() *cobra.Command {
	return a.followUp("complete ORDER [AMOUNT]", "Take what was reserved: all of it, or AMOUNT",
		cobra.RangeArgs(1, 2), (*till.Till).Complete)
}

func (a *app) tipCommand() *cobra.Command {
	return a.followUp("tip ORDER AMOUNT", "Set the tip of a payment whose batch is still open",
		cobra.ExactArgs(2), (*till.Till).AdjustTip)
}

// followUp is a command for an order about another one, ORDER [AMOUNT], in the
// currency of that one.
func (a *app) followUp(use, short string, args cobra.PositionalArgs,
	run func(*till.Till, context.Context, till.Takeback) (payment.Record, error)) *cobra.Command {
	var b takeback
	cmd := &cobra.Command{Use: use, Short: short, ValidArgsFunction: a.completeOrders}
	f := cmd.Flags()
	f.StringVar(&b.reason, "reason", "", "why, kept with the order")
	patience(f, &b.timeout)
	override(f, &b.despite)
	return a.command(cmd, args, func(ctx context.Context, args []string) error {
		return a.money(ctx, func(ctx context.Context, t *till.Till) (mover, error) {
			ask := b.of(args[0], a.flags.actor())
			original, err := t.Order(ctx, ask.Original)
			if err == nil && len(args) == 2 {
				ask.Amount, err = payment.ParseAmount(args[1], original.Order.Asked.Currency())
			}
			return func(ctx context.Context) (payment.Record, error) { return run(t, ctx, ask) }, err
		})
	})
}
