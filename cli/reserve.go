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
	f := cmd.Flags()
	f.StringVar(&c.terminal, "terminal", "", "name of the terminal (default: the default one)")
	f.StringVar(&c.currency, "currency", "", "currency code (default: the terminal's)")
	f.StringVar(&c.note, "note", "", "free text kept with the order")
	patience(f, &c.timeout)
	override(f, &c.despite)
	_ = cmd.RegisterFlagCompletionFunc("terminal", a.completeTerminals)
	return a.command(cmd, cobra.ExactArgs(1), func(ctx context.Context, args []string) error {
		return a.money(ctx, func(ctx context.Context, t *till.Till) (mover, error) {
			asked, err := c.amounts(ctx, t, args[0])
			return func(ctx context.Context) (payment.Record, error) {
				return t.PreAuth(ctx, c.of(asked, a.flags.actor()))
			}, err
		})
	})
}

func (a *app) completeCommand() *cobra.Command {
	var b takeback
	cmd := &cobra.Command{
		Use:               "complete ORDER [AMOUNT]",
		Short:             "Take what was reserved: all of it, or AMOUNT",
		ValidArgsFunction: a.completeOrders,
	}
	b.add(cmd)
	return a.command(cmd, cobra.RangeArgs(1, 2), func(ctx context.Context, args []string) error {
		return a.money(ctx, a.follow(b, args, (*till.Till).Complete))
	})
}

func (a *app) tipCommand() *cobra.Command {
	var b takeback
	cmd := &cobra.Command{
		Use:               "tip ORDER AMOUNT",
		Short:             "Set the tip of a payment whose batch is still open",
		ValidArgsFunction: a.completeOrders,
	}
	b.add(cmd)
	return a.command(cmd, cobra.ExactArgs(2), func(ctx context.Context, args []string) error {
		return a.money(ctx, a.follow(b, args, (*till.Till).AdjustTip))
	})
}

// follow plans an order about another one, ORDER [AMOUNT], in the currency of that
// one.
func (a *app) follow(b takeback, args []string, run func(*till.Till, context.Context, till.Takeback) (payment.Record, error)) func(context.Context, *till.Till) (mover, error) {
	return func(ctx context.Context, t *till.Till) (mover, error) {
		ask := b.of(args[0], a.flags.actor())
		original, err := t.Order(ctx, ask.Original)
		if err == nil && len(args) == 2 {
			ask.Amount, err = payment.ParseAmount(args[1], original.Order.Asked.Currency())
		}
		return func(ctx context.Context) (payment.Record, error) { return run(t, ctx, ask) }, err
	}
}
