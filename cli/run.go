package cli

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"tillkeeper/payment"
)

// Run runs the command that args (without the program's name) ask for and returns
// the exit code. Two requests to stop make it return while work is still going on:
// the caller is expected to end the process then.
func Run(ctx context.Context, p Program, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if p.Now == nil {
		p.Now = time.Now
	}
	if p.Executable == nil {
		p.Executable = os.Executable
	}
	ctx, again, stop := interruptible(ctx, p.Notify)
	defer stop()

	a := &app{program: p, stdin: stdin, again: again}
	a.out.stdout, a.out.stderr = stdout, stderr
	root := a.root()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitDone
	}
	if code := exitCode(0); errors.As(err, &code) {
		return int(code)
	}
	if !a.began && payment.CodeOf(err) == payment.CodeInternal {
		err = usage("%w", err) // cobra's own words about a wrong call
	}
	a.out.json = a.out.json || slices.Contains(args, "--json") // flags may not have been read
	a.out.failure(err)
	return errorExit(err)
}

// app is one run of the program.
type app struct {
	program Program
	stdin   io.Reader
	out     output
	flags   globals
	// again is closed at the second request to stop.
	again <-chan struct{}
	// began: a command has begun, so its errors are not about the call.
	began bool
}

func (a *app) root() *cobra.Command {
	gui := a.guiCommand()
	root := &cobra.Command{
		Use:               "tillkeeper",
		Short:             "A till for card payments",
		Long:              "Tillkeeper takes card payments on payment terminals and never charges twice.\nWithout a command it opens the window.",
		Version:           a.program.Version,
		RunE:              gui.RunE,
		SilenceErrors:     true,
		SilenceUsage:      true,
		Args:              cobra.NoArgs,
		TraverseChildren:  true, // a wrong flag before a command is a wrong flag, not a wrong command
		DisableAutoGenTag: true,
	}
	root.SetVersionTemplate("tillkeeper {{.Version}}\n")
	root.SetFlagErrorFunc(flagError)
	root.Flags().AddFlagSet(gui.Flags())
	a.flags.add(root.PersistentFlags(), &a.out)
	root.AddCommand(
		gui, a.payCommand(), a.refundCommand(), a.voidCommand(), a.preauthCommand(), a.completeCommand(),
		a.tipCommand(), a.queryCommand(), a.cancelCommand(), a.recoverCommand(), a.decideCommand(),
		a.signCommand(), a.ordersCommand(), a.dayCommand(), a.terminalCommand(), a.simulateCommand(),
		a.demoCommand(), a.versionCommand(),
	)
	return root
}

// command finishes a command: its errors are its own from the moment it runs.
func (a *app) command(c *cobra.Command, args cobra.PositionalArgs, run func(ctx context.Context, args []string) error) *cobra.Command {
	c.Args = func(c *cobra.Command, have []string) error {
		if args(c, have) != nil {
			return usage("call it so: %s", c.UseLine())
		}
		return nil
	}
	c.RunE = func(c *cobra.Command, have []string) error {
		a.began = true
		return run(c.Context(), have)
	}
	if c.ValidArgsFunction == nil {
		c.ValidArgsFunction = cobra.NoFileCompletions
	}
	return c
}

var negative = regexp.MustCompile(`shorthand flag: '\d'`)

// flagError explains a flag that is none. "pay -5" looks like one, and is an amount
// that cannot be.
func flagError(_ *cobra.Command, err error) error {
	if negative.MatchString(err.Error()) {
		return payment.Errorf(payment.CodeNegative, "the amount must be more than nothing")
	}
	return usage("%w", err)
}

// log is stderr with --verbose, else nowhere.
func (a *app) log() *slog.Logger {
	if !a.flags.verbose {
		return slog.New(slog.DiscardHandler)
	}
	return slog.New(slog.NewTextHandler(a.out.stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

// sentence makes an error's text one: a capital and a full stop.
func sentence(text string) string {
	text = strings.TrimSpace(text)
	if text == "" {
		return ""
	}
	first := []rune(text)[0]
	text = strings.ToUpper(string(first)) + text[len(string(first)):]
	if strings.ContainsAny(text[len(text)-1:], ".!?") {
		return text
	}
	return text + "."
}
