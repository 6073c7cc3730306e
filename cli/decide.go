package cli

import (
	"context"

	"github.com/spf13/cobra"

	"tillkeeper/payment/till"
)

func (a *app) decideCommand() *cobra.Command {
	var d till.Decision
	cmd := &cobra.Command{
		Use:   "decide ORDER paid|not-paid --reason TEXT --proof TEXT",
		Short: "Record a person's decision about an unknown order",
		Long: "Records what a person decided about an unknown order, why, and on what proof.\n" +
			"For a refund or void: whether that movement did happen. A real answer that comes later replaces the decision.",
	}
	cmd.Flags().StringVar(&d.Reason, "reason", "", "why it was decided so")
	cmd.Flags().StringVar(&d.Proof, "proof", "", "the proof that was seen")
	return a.command(cmd, cobra.ExactArgs(2), func(ctx context.Context, args []string) error {
		switch args[1] {
		case "paid":
			d.Paid = true
		case "not-paid":
		default:
			return usage("a decision is paid or not-paid")
		}
		d.Order, d.Staff = args[0], a.flags.actor()
		return a.with(ctx, func(s *Session) error {
			r, err := s.Till.Decide(ctx, d)
			if err == nil {
				a.out.order(r, nil)
			}
			return err
		})
	})
}
