package cli

import (
	"context"

	"github.com/spf13/cobra"

	"tillkeeper/payment"
)

func (a *app) signCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "sign ORDER accept|reject",
		Short: "Say whether the customer's signature is right",
		Long: "Answers the question that a terminal left to the till: whether the signature on the slip is that on the\n" +
			"card. Reject takes the payment back at once.",
		ValidArgsFunction: a.completeOrders,
	}
	return a.command(cmd, cobra.ExactArgs(2), func(ctx context.Context, args []string) error {
		if args[1] != "accept" && args[1] != "reject" {
			return usage("a signature is accepted or rejected: say accept or reject")
		}
		accepted := args[1] == "accept"
		return a.with(ctx, func(s *Session) error {
			if err := s.Till.Start(ctx); err != nil {
				return stopped(err)
			}
			r, err := s.Till.Sign(ctx, args[0], accepted, a.flags.actor())
			if code := payment.CodeOf(err).Class(); r.Order.Number == "" || code == payment.RuleRefusal && r.State().Signature != payment.SignatureRejected {
				return err
			}
			a.out.order(r, err)
			return exitWith(signExit(r, accepted))
		})
	})
}

// signExit is 0 when the command did what it says: after a rejected signature that
// means that nothing stays charged.
func signExit(r payment.Record, accepted bool) int {
	if s := r.Apparent(); !accepted && s.Status != payment.StatusVoided {
		return exitUnknown
	}
	return exitDone
}
