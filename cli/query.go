package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"tillkeeper/payment"
)

func (a *app) queryCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:               "query ORDER",
		Short:             "Ask the terminal what became of an order",
		ValidArgsFunction: a.completeOrders,
	}
	return a.command(cmd, cobra.ExactArgs(1), func(ctx context.Context, args []string) error {
		return a.with(ctx, func(s *Session) error {
			r, err := s.Till.Query(ctx, args[0])
			return a.report(r, err)
		})
	})
}

func (a *app) recoverCommand() *cobra.Command {
	var wait span
	cmd := &cobra.Command{
		Use:   "recover",
		Short: "Ask about every open order",
		Long:  "Asks about every open order once; with --for, again and again until none is open or the time is over.",
	}
	cmd.Flags().Var(&wait, "for", "how long to go on asking")
	return a.command(cmd, cobra.NoArgs, func(ctx context.Context, _ []string) error {
		return a.with(ctx, func(s *Session) error {
			touched, err := s.Till.Recover(ctx, time.Duration(wait))
			if err != nil {
				return err
			}
			return a.recovered(touched)
		})
	})
}

// recovered prints each order that was touched.
func (a *app) recovered(touched []payment.Record) error {
	code := exitDone
	for i, r := range touched {
		if i > 0 {
			a.out.say("")
		}
		a.out.order(r, nil)
		if r.Apparent().Status.Open() {
			code = exitUnknown
		}
	}
	if len(touched) == 0 {
		a.out.say("No order is open.")
	}
	return exitWith(code)
}
