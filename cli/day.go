package cli

import (
	"context"

	"github.com/spf13/cobra"

	"tillkeeper/payment"
)

func (a *app) dayCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "day", Short: "Close the terminals' batches"}
	a.command(cmd, cobra.ArbitraryArgs, func(_ context.Context, args []string) error {
		if len(args) > 0 {
			return usage("there is no command %q of day", payment.Mask(args[0]))
		}
		return usage("say what to do with the day: batch")
	})
	cmd.AddCommand(a.dayBatch())
	return cmd
}

func (a *app) dayBatch() *cobra.Command {
	var terminal string
	var despite []string
	cmd := &cobra.Command{
		Use:   "batch",
		Short: "Have the terminals close their batches and print their totals",
		Long: "Has each terminal that can, or the one that is named, close its batch. What a closed batch holds can only\n" +
			"be refunded, no longer voided. It is refused while an order on the terminal is not settled.",
	}
	cmd.Flags().StringVar(&terminal, "terminal", "", "name of the terminal (default: all that can)")
	override(cmd.Flags(), &despite)
	_ = cmd.RegisterFlagCompletionFunc("terminal", a.completeTerminals)
	return a.command(cmd, cobra.NoArgs, func(ctx context.Context, _ []string) error {
		return a.with(ctx, func(s *Session) error {
			if err := s.Till.Start(ctx); err != nil {
				return stopped(err)
			}
			names, err := a.closers(ctx, s, terminal)
			if err != nil {
				return err
			}
			return a.closeBatches(ctx, s, names, despite)
		})
	})
}

// closers are the terminals whose batches are to be closed: the named one, or all
// that can.
func (a *app) closers(ctx context.Context, s *Session, terminal string) (names []string, err error) {
	if terminal != "" {
		return []string{terminal}, nil
	}
	all, err := s.Till.Terminals(ctx)
	for _, t := range all {
		if t.Can.BatchClose {
			names = append(names, t.Terminal.Name)
		}
	}
	switch {
	case err != nil:
		return nil, err
	case len(all) == 0:
		return nil, payment.Errorf(payment.CodeNoTerminal, "no terminal is set up yet")
	case len(names) == 0:
		return nil, payment.Errorf(payment.CodeUnsupported, "none of the terminals can close its batch from here")
	}
	return names, nil
}

// closeBatches goes through all of them, whatever becomes of one; the worst outcome
// is the command's.
func (a *app) closeBatches(ctx context.Context, s *Session, names, despite []string) error {
	worst := exitDone
	for _, name := range names {
		b, err := s.Till.CloseBatch(ctx, name, a.flags.actor(), despite)
		if err != nil && len(names) == 1 {
			return err
		}
		if err != nil {
			a.out.failure(err)
			worst = max(worst, errorExit(err))
			continue
		}
		a.batch(b)
		worst = max(worst, batchExit[b.Outcome])
	}
	return exitWith(worst)
}

var batchExit = map[payment.BatchOutcome]int{
	payment.BatchClosed: exitDone, payment.BatchRefused: exitDeclined,
	payment.BatchNotSent: exitNotSent, payment.BatchUnknown: exitUnknown,
}

// batchJSON is the closing of a batch for programs.
type batchJSON struct {
	Terminal string               `json:"terminal"`
	Outcome  payment.BatchOutcome `json:"outcome"`
	Number   string               `json:"number"`
	Totals   *totalsJSON          `json:"totals,omitempty"`
	Code     payment.Code         `json:"code,omitempty"`
	Message  string               `json:"message"`
}

// totalsJSON are totals as the terminal gave them; what is absent it did not say.
type totalsJSON struct {
	Batch       string           `json:"batch,omitempty"`
	Sales       string           `json:"sales,omitempty"`
	SalesCount  *int             `json:"sales_count,omitempty"`
	Refunds     string           `json:"refunds,omitempty"`
	RefundCount *int             `json:"refunds_count,omitempty"`
	Adjustments string           `json:"adjustments,omitempty"`
	AdjustCount *int             `json:"adjustments_count,omitempty"`
	Currency    payment.Currency `json:"currency,omitempty"`
}

func (a *app) batch(b payment.Batch) {
	message := batchWords[b.Outcome]
	if b.Totals.Text != "" {
		message += " " + sentence(b.Totals.Text)
	}
	if a.out.json {
		j := batchJSON{Terminal: b.TerminalName, Outcome: b.Outcome, Number: b.Number, Code: b.Code, Message: message}
		if b.Outcome == payment.BatchClosed {
			j.Totals = totalsOf(b.Totals)
		}
		a.out.object(j)
		return
	}
	a.out.say("%s: %s", b.TerminalName, message)
	if t := b.Totals; b.Outcome == payment.BatchClosed && t.Sales.Count >= 0 {
		a.out.say("  %d payments, %s; %d refunds, %s.", t.Sales.Count, t.Sales.Amount, max(t.Refunds.Count, 0), t.Refunds.Amount)
	}
}

var batchWords = map[payment.BatchOutcome]string{
	payment.BatchClosed:  "The batch is closed.",
	payment.BatchRefused: "The terminal refused to close its batch.",
	payment.BatchNotSent: "Terminal not reached, its batch is as it was.",
	payment.BatchUnknown: "It is not known whether the batch was closed: look at the terminal.",
}

func totalsOf(t payment.Totals) *totalsJSON {
	count := func(s payment.Subtotal) *int {
		if s.Count < 0 {
			return nil
		}
		return &s.Count
	}
	return &totalsJSON{
		Batch: t.Batch, Currency: t.Sales.Amount.Currency(),
		Sales: t.Sales.Amount.Text(), SalesCount: count(t.Sales),
		Refunds: t.Refunds.Amount.Text(), RefundCount: count(t.Refunds),
		Adjustments: t.Adjustments.Amount.Text(), AdjustCount: count(t.Adjustments),
	}
}
