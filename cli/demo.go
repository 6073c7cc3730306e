package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
)

func (a *app) demoCommand() *cobra.Command {
	var headless bool
	cmd := &cobra.Command{
		Use:   "demo --headless",
		Short: "Run a shop's day against a simulated terminal, without a display",
		Long: "Runs a shop's day against a simulated terminal in a process of its own: pays, refunds, voids, loses an\n" +
			"answer, kills a paying process, and recovers. Every step is checked; at the end the terminal's own list\n" +
			"of charges is compared with the journal. It uses data of its own and leaves none behind.",
	}
	cmd.Flags().BoolVar(&headless, "headless", false, "without a display")
	return a.command(cmd, cobra.NoArgs, func(ctx context.Context, _ []string) error {
		if !headless {
			return usage("the demo with a window is: tillkeeper gui --demo; without a display: tillkeeper demo --headless")
		}
		return a.demo(ctx)
	})
}

// demo runs every step, and stops at the first that is not as it must be.
func (a *app) demo(ctx context.Context) (err error) {
	dir, err := os.MkdirTemp("", "tillkeeper-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	executable, err := a.program.Executable()
	if err != nil {
		return err
	}
	d := &demo{
		program: a.program, executable: executable,
		data: filepath.Join(dir, "data"), charges: filepath.Join(dir, "charges.jsonl"),
	}
	script := filepath.Join(dir, "script.jsonl")
	if err := os.WriteFile(script, []byte(demoScript), 0o600); err != nil {
		return err
	}
	terminal, err := StartSimulator(ctx, executable, "ecrhub", "--listen", "127.0.0.1:0", "--script", script,
		"--charges", d.charges, "--set", "card_delay=0s", "--set", "result_delay=200ms")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, terminal.Close()) }()
	d.terminal = terminal
	return a.play(ctx, d)
}

func (a *app) play(ctx context.Context, d *demo) error {
	for i, step := range demoSteps() {
		said, err := step.run(ctx, d)
		if a.out.json {
			a.out.object(struct {
				Step int    `json:"step"`
				Name string `json:"name"`
				Done bool   `json:"done"`
				Said string `json:"message,omitempty"`
			}{i + 1, step.name, err == nil, said})
		}
		if err != nil {
			a.out.say("✗ %2d %s", i+1, step.name)
			a.out.note("The demo failed at step %d, %s: %v.", i+1, step.name, err)
			return exitCode(exitInternal)
		}
		a.out.say("✓ %2d %s – %s", i+1, step.name, said)
	}
	a.out.say("Everything came out as it must.")
	return nil
}

// demo is a till and its terminal, and the orders that later steps need.
type demo struct {
	program    Program
	executable string
	data       string
	charges    string
	terminal   *Child

	paid, lost string // numbers of orders
}

// answered is what a command said in its last line.
type answered struct {
	orderJSON
	code int
	// all are the lines that are orders.
	all []orderJSON
	err string
}

// run runs a command on the demo's data.
func (d *demo) run(ctx context.Context, args ...string) answered {
	var stdout, stderr bytes.Buffer
	got := answered{}
	got.code = Run(ctx, d.program, append(args, "--json", "--data", d.data), bytes.NewReader(nil), &stdout, &stderr)
	got.err = string(bytes.TrimSpace(stderr.Bytes()))
	for line := range bytes.Lines(stdout.Bytes()) {
		var o orderJSON
		if json.Unmarshal(line, &o) != nil {
			continue
		}
		got.orderJSON = o
		if o.Order != "" && o.Operation != "" {
			got.all = append(got.all, o)
		}
	}
	return got
}

// must returns an error unless the command ended with that code and, where one is
// named, its order in that status.
func (got answered) must(code int, status string) error {
	switch {
	case got.code != code:
		return fmt.Errorf("exit code %d in place of %d (%s)", got.code, code, got.err)
	case status != "" && string(got.Status) != status:
		return fmt.Errorf("the order is %q in place of %q", got.Status, status)
	}
	return nil
}
