package cli

import (
	"context"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tillkeeper/payment"
	"tillkeeper/payment/till"
)

// charge is what the flags of a sale say.
type charge struct {
	terminal, currency, tip, cashback, note string
	askTip                                  bool
	despite                                 []string
	timeout                                 span
}

func (a *app) payCommand() *cobra.Command {
	var c charge
	cmd := &cobra.Command{
		Use:     "pay AMOUNT",
		Short:   "Take a payment",
		Example: "  tillkeeper pay 12.50\n  tillkeeper pay 1250 --currency JPY --terminal bar",
	}
	f := cmd.Flags()
	f.StringVar(&c.tip, "tip", "", "tip, beside the amount")
	f.BoolVar(&c.askTip, "ask-tip", false, "let the terminal ask the customer for a tip")
	f.StringVar(&c.cashback, "cashback", "", "cash to hand out, charged beside the amount")
	a.chargeFlags(cmd, &c)
	return a.command(cmd, cobra.ExactArgs(1), func(ctx context.Context, args []string) error {
		return a.money(ctx, func(ctx context.Context, t *till.Till) (mover, error) {
			asked, err := c.amounts(ctx, t, args[0])
			return func(ctx context.Context) (payment.Record, error) {
				return t.Pay(ctx, c.of(asked, a.flags.actor()))
			}, err
		})
	})
}

// chargeFlags adds the flags that every charge has.
func (a *app) chargeFlags(cmd *cobra.Command, c *charge) {
	f := cmd.Flags()
	f.StringVar(&c.terminal, "terminal", "", "name of the terminal (default: the default one)")
	f.StringVar(&c.currency, "currency", "", "currency code (default: the terminal's)")
	f.StringVar(&c.note, "note", "", "free text kept with the order")
	patience(f, &c.timeout)
	override(f, &c.despite)
	_ = cmd.RegisterFlagCompletionFunc("terminal", a.completeTerminals)
}

func (c *charge) of(asked payment.Amounts, staff string) till.Charge {
	return till.Charge{
		Terminal: c.terminal, Asked: asked, AskTip: c.askTip, Note: c.note, Staff: staff,
		Despite: c.despite, Timeout: c.timeout.limit(),
	}
}

// patience adds the flag that every money command has.
func patience(f *pflag.FlagSet, timeout *span) {
	*timeout = span(till.DefaultTimeout)
	f.Var(timeout, "timeout", "how long to wait for the terminal")
}

// limit is the till's limit for a flag of patience: not to wait at all is a limit
// too, and not the till's own.
func (s span) limit() time.Duration { return max(time.Duration(s), time.Nanosecond) }

func override(f *pflag.FlagSet, despite *[]string) {
	f.StringArrayVar(despite, "despite", nil, "go on although this `ORDER` of the same sum is not settled; kept as an approval (repeatable)")
}

// amounts reads the parts of the sale in its currency.
func (c *charge) amounts(ctx context.Context, t *till.Till, amount string) (asked payment.Amounts, err error) {
	currency, err := c.money(ctx, t)
	if err != nil {
		return asked, err
	}
	for _, part := range []struct {
		text string
		into *payment.Amount
	}{{amount, &asked.Amount}, {c.tip, &asked.Tip}, {c.cashback, &asked.Cashback}} {
		if part.text == "" && part.into != &asked.Amount {
			continue
		}
		if *part.into, err = payment.ParseAmount(part.text, currency); err != nil {
			return asked, err
		}
	}
	return asked, nil
}

// money is the currency of the sale: the one that was named, else the terminal's.
func (c *charge) money(ctx context.Context, t *till.Till) (payment.Currency, error) {
	terminal, err := t.Terminal(ctx, c.terminal)
	if err != nil {
		return "", err
	}
	if c.currency != "" {
		return payment.ParseCurrency(c.currency)
	}
	return terminal.Terminal.Currency(), nil
}
