package cli

import (
	"context"

	"github.com/spf13/cobra"

	"tillkeeper/payment"
)

func (a *app) cancelCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:               "cancel ORDER",
		Short:             "Ask the terminal to withdraw an order under way",
		ValidArgsFunction: a.completeOrders,
	}
	return a.command(cmd, cobra.ExactArgs(1), func(ctx context.Context, args []string) error {
		return a.with(ctx, func(s *Session) error {
			// Another process may carry the order: only a started till hears of its word.
			if err := s.Till.Start(ctx); err != nil {
				return stopped(err)
			}
			r, err := s.Till.Cancel(ctx, args[0])
			return a.withdrawn(r, err)
		})
	})
}

// withdrawn prints what came of the request. That approval overtook it is no
// failure of anybody, and must not be missed.
func (a *app) withdrawn(r payment.Record, err error) error {
	if r.Order.Number == "" {
		return err
	}
	s := r.Apparent().Status
	if err == nil && s.Moved() {
		e := payment.Errorf(payment.CodeNotOpen, "the approval overtook the request: order %s was not withdrawn", r.Order.Number)
		e.Order = r.Order.Number
		err = e
	}
	a.out.order(r, err)
	switch {
	case payment.CodeOf(err) == payment.CodeNotOpen:
		return exitCode(exitRefused)
	case s.Open():
		return exitCode(exitUnknown)
	case err != nil:
		return exitCode(errorExit(err))
	}
	return nil
}
