package cli

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tillkeeper/payment"
	"tillkeeper/payment/till"
)

// terminalJSON is a terminal for programs.
type terminalJSON struct {
	Name     string            `json:"name"`
	Protocol string            `json:"protocol"`
	Address  string            `json:"address"`
	Currency payment.Currency  `json:"currency"`
	Default  bool              `json:"default"`
	Settings map[string]string `json:"settings,omitempty"`
	Problem  string            `json:"problem,omitempty"`
}

func (a *app) terminalCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "terminal",
		Short: "Add, change, list, test and remove terminals",
	}
	a.command(cmd, cobra.ArbitraryArgs, func(_ context.Context, args []string) error {
		if len(args) > 0 {
			return usage("there is no command %q of terminal", payment.Mask(args[0]))
		}
		return usage("say what to do with terminals: add, set, list, test, default or remove")
	})
	cmd.AddCommand(a.terminalAdd(), a.terminalSet(), a.terminalList(), a.terminalTest(), a.terminalDefault(), a.terminalRemove())
	return cmd
}

func (a *app) terminalAdd() *cobra.Command {
	var set, secrets []string
	cmd := &cobra.Command{
		Use:     "add NAME ADDRESS",
		Short:   "Store a terminal; the first one is the default",
		Example: "  tillkeeper terminal add bar 192.0.2.40\n  tillkeeper terminal add bar ecrhub://192.0.2.40:35779 --set app_id=wz1234 --set currency=EUR",
	}
	cmd.Flags().StringArrayVar(&set, "set", nil, "a setting, as `KEY=VALUE` (repeatable)")
	cmd.Flags().StringArrayVar(&secrets, "secret", nil, "where a secret is found, as `KEY=SOURCE` with env:VAR, file:PATH or - for stdin (repeatable)")
	return a.command(cmd, cobra.ExactArgs(2), func(ctx context.Context, args []string) error {
		settings, err := pairs("--set", set)
		if err != nil {
			return err
		}
		kept, err := a.secretsFrom(secrets)
		if err != nil {
			return err
		}
		return a.with(ctx, func(s *Session) error {
			added, err := s.Till.AddTerminal(ctx, till.NewTerminal{Name: args[0], Address: args[1], Settings: settings, Secrets: kept})
			if err != nil {
				return err
			}
			a.terminalLine(added, "Terminal %s at %s is stored%s. Try it with: tillkeeper terminal test %[1]s.")
			return nil
		})
	})
}

// pairs reads KEY=VALUE.
func pairs(flag string, texts []string) (map[string]string, error) {
	all := map[string]string{}
	for _, text := range texts {
		key, value, ok := strings.Cut(text, "=")
		if key = strings.TrimSpace(key); !ok || key == "" {
			return nil, payment.Errorf(payment.CodeBadSetting, "%s wants KEY=VALUE", flag)
		}
		if _, twice := all[key]; twice {
			return nil, payment.Errorf(payment.CodeBadSetting, "%s %s is given twice", flag, payment.Mask(key))
		}
		all[key] = value
	}
	return all, nil
}

// terminalSet changes a terminal. Settings that are not named stay; KEY= without a
// value goes back to the default.
func (a *app) terminalSet() *cobra.Command {
	var set, secrets, wipe []string
	var name, address string
	cmd := &cobra.Command{
		Use:               "set NAME",
		Short:             "Change the name, address, settings or secrets of a terminal",
		Example:           "  tillkeeper terminal set bar --set refund=on\n  tillkeeper terminal set cloud --secret private_key=file:new.pem",
		ValidArgsFunction: a.completeTerminal,
	}
	f := cmd.Flags()
	f.StringVar(&name, "name", "", "the new name")
	f.StringVar(&address, "address", "", "the new address")
	f.StringArrayVar(&set, "set", nil, "a setting, as `KEY=VALUE`; without a value it goes back to the default (repeatable)")
	f.StringArrayVar(&secrets, "secret", nil, "where a new secret is found, as `KEY=SOURCE` with env:VAR, file:PATH or - for stdin (repeatable)")
	f.StringArrayVar(&wipe, "wipe", nil, "forget the secret with this `KEY` (repeatable)")
	return a.command(cmd, cobra.ExactArgs(1), func(ctx context.Context, args []string) error {
		settings, err := pairs("--set", set)
		if err != nil {
			return err
		}
		kept, err := a.secretsFrom(secrets)
		if err != nil {
			return err
		}
		for _, key := range wipe {
			kept[key] = ""
		}
		return a.with(ctx, func(s *Session) error {
			was, err := s.Till.Terminal(ctx, args[0])
			if err != nil {
				return err
			}
			changed, err := s.Till.ChangeTerminal(ctx, args[0], till.TerminalChange{
				Name: cmp.Or(name, was.Terminal.Name), Address: cmp.Or(address, was.Terminal.Address),
				Settings: merged(was.Terminal.Settings, settings), Secrets: kept,
			})
			if err != nil {
				return err
			}
			a.terminalLine(changed, "Terminal %s at %s is changed%s. Try it with: tillkeeper terminal test %[1]s.")
			return nil
		})
	})
}

// merged lays changes over settings; an empty value takes one away.
func merged(settings, changes map[string]string) map[string]string {
	all := map[string]string{}
	maps.Copy(all, settings)
	for key, value := range changes {
		if all[key] = value; value == "" {
			delete(all, key)
		}
	}
	return all
}

func (a *app) terminalList() *cobra.Command {
	cmd := &cobra.Command{Use: "list", Short: "List the terminals"}
	return a.command(cmd, cobra.NoArgs, func(ctx context.Context, _ []string) error {
		return a.with(ctx, func(s *Session) error {
			all, err := s.Till.Terminals(ctx)
			if err != nil {
				return err
			}
			for _, t := range all {
				a.terminalLine(t, "%s  %s%s")
			}
			if len(all) == 0 {
				a.out.say("No terminals. Add one with: tillkeeper terminal add NAME ADDRESS.")
			}
			return nil
		})
	})
}

// terminalLine prints a terminal; words take its name, its address and " (default)".
func (a *app) terminalLine(s till.TerminalState, words string) {
	t := s.Terminal
	j := terminalJSON{
		Name: t.Name, Protocol: t.Protocol, Address: t.Address, Currency: t.Currency(), Default: t.Default, Settings: t.Settings,
	}
	mark := ""
	if t.Default {
		mark = " (default)"
	}
	if s.Problem != nil {
		j.Problem = s.Problem.Error()
		a.out.note("Terminal %s cannot be used: %s", t.Name, sentence(j.Problem))
	}
	if a.out.json {
		a.out.object(j)
	}
	a.out.say(words, t.Name, t.Address, mark)
}

func (a *app) terminalTest() *cobra.Command {
	cmd := &cobra.Command{
		Use:               "test NAME",
		Short:             "Prove that a terminal listens; no money is moved",
		ValidArgsFunction: a.completeTerminal,
	}
	return a.command(cmd, cobra.ExactArgs(1), func(ctx context.Context, args []string) error {
		return a.with(ctx, func(s *Session) error {
			id, err := s.Till.TestTerminal(ctx, args[0])
			switch class := payment.CodeOf(err).Class(); {
			case err == nil:
				a.reached(args[0], id)
				return nil
			case class == payment.InDoubt:
				// No money is in doubt here: whatever went wrong, it was not reached.
				return payment.NotSent(payment.CodeNotReached, "terminal %s did not answer: %w", payment.Mask(args[0]), err)
			}
			return err
		})
	})
}

func (a *app) reached(name string, id payment.Identity) {
	if a.out.json {
		a.out.object(struct {
			Terminal string `json:"terminal"`
			Reached  bool   `json:"reached"`
			Serial   string `json:"serial,omitempty"`
			Name     string `json:"name,omitempty"`
			Model    string `json:"model,omitempty"`
			Millis   int64  `json:"milliseconds"`
		}{name, true, id.Serial, id.Name, id.Model, id.Delay.Milliseconds()})
	}
	says := strings.Join(slices.DeleteFunc([]string{id.Name, id.Model, id.Serial}, func(s string) bool { return s == "" }), ", ")
	a.out.say("Terminal %s answers after %d ms (%s). No money was moved.", name, id.Delay.Milliseconds(), cmp.Or(says, "it gives no name"))
}

func (a *app) terminalDefault() *cobra.Command {
	cmd := &cobra.Command{
		Use:               "default NAME",
		Short:             "Choose the terminal that is taken where none is named",
		ValidArgsFunction: a.completeTerminal,
	}
	return a.command(cmd, cobra.ExactArgs(1), func(ctx context.Context, args []string) error {
		return a.with(ctx, func(s *Session) error {
			if err := s.Till.SetDefaultTerminal(ctx, args[0]); err != nil {
				return err
			}
			t, err := s.Till.Terminal(ctx, args[0])
			if err == nil {
				a.terminalLine(t, "Terminal %s at %s is the default now.%.0s")
			}
			return err
		})
	})
}

func (a *app) terminalRemove() *cobra.Command {
	cmd := &cobra.Command{
		Use:               "remove NAME",
		Short:             "Take a terminal out of use; its orders stay",
		ValidArgsFunction: a.completeTerminal,
	}
	return a.command(cmd, cobra.ExactArgs(1), func(ctx context.Context, args []string) error {
		return a.with(ctx, func(s *Session) error {
			if err := s.Till.RemoveTerminal(ctx, args[0]); err != nil {
				return err
			}
			if a.out.json {
				a.out.object(struct {
					Name    string `json:"name"`
					Removed bool   `json:"removed"`
				}{args[0], true})
			}
			a.out.say("Terminal %s is out of use. Its orders stay in the history.", args[0])
			return nil
		})
	})
}
