package cli

import (
	"context"

	"github.com/spf13/cobra"

	"tillkeeper/payment"
)

// completeTerminal offers the names of the terminals to the shell, for the one
// argument of a command.
func (a *app) completeTerminal(c *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return a.completeTerminals(c, args, begun)
}

// completeTerminals offers the names of the terminals for a flag.
func (a *app) completeTerminals(c *cobra.Command, _ []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return a.offer(c.Context(), func(ctx context.Context, s *Session) (names []cobra.Completion, err error) {
		all, err := s.Till.Terminals(ctx)
		for _, t := range all {
			names = append(names, cobra.CompletionWithDesc(t.Terminal.Name, t.Terminal.Address))
		}
		return names, err
	})
}

// completeOrders offers the numbers of the last orders to the shell.
func (a *app) completeOrders(c *cobra.Command, args []string, begun string) ([]cobra.Completion, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return a.offer(c.Context(), func(ctx context.Context, s *Session) (numbers []cobra.Completion, err error) {
		last, err := s.Till.Orders(ctx, payment.Filter{Search: begun, Limit: 20})
		for _, r := range last {
			state := r.Apparent()
			numbers = append(numbers, cobra.CompletionWithDesc(r.Order.Number,
				string(r.Order.Operation)+" "+sumsOf(r.Order, state).Total().String()+", "+string(state.Status)))
		}
		return numbers, err
	})
}

func (a *app) offer(ctx context.Context, read func(context.Context, *Session) ([]cobra.Completion, error)) (words []cobra.Completion, d cobra.ShellCompDirective) {
	err := a.with(ctx, func(s *Session) (err error) {
		words, err = read(ctx, s)
		return err
	})
	if err != nil {
		return nil, cobra.ShellCompDirectiveError
	}
	return words, cobra.ShellCompDirectiveNoFileComp
}

func completeStatuses(*cobra.Command, []string, string) (words []cobra.Completion, d cobra.ShellCompDirective) {
	for _, s := range statuses {
		words = append(words, string(s))
	}
	return words, cobra.ShellCompDirectiveNoFileComp
}
