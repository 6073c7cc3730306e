package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"
)

func (a *app) demoCommand() *cobra.Command {
	var headless bool
	cmd := &cobra.Command{
		Use:   "demo --headless",
		Short: "Run a shop's day against simulated terminals, without a display",
		Long: "Runs a shop's day against simulated terminals of every protocol, each in a process of its own: pays,\n" +
			"refunds, voids, loses an answer, kills a paying process, recovers, and closes the batch. Every step is\n" +
			"checked; at the end each terminal's own list of charges is compared with the journal. It uses data of its\n" +
			"own and leaves none behind.",
	}
	cmd.Flags().BoolVar(&headless, "headless", false, "without a display")
	return a.command(cmd, cobra.NoArgs, func(ctx context.Context, _ []string) error {
		if !headless {
			return usage("the demo with a window is: tillkeeper gui --demo; without a display: tillkeeper demo --headless")
		}
		return a.demo(ctx)
	})
}

// demo runs every step of every protocol, and stops at the first that is not as it
// must be.
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
	program := a.program
	program.Open = func(ctx context.Context, dir string, o OpenOptions) (*Session, error) {
		o.Throwaway = true
		return a.program.Open(ctx, dir, o)
	}
	n := 0
	for _, shop := range demoShops() {
		if _, ok := a.program.Simulators[shop.Protocol]; !ok {
			continue
		}
		d := &demo{demoShop: shop, program: program, executable: executable, dir: filepath.Join(dir, shop.Protocol)}
		if n, err = a.demoDay(ctx, d, n); err != nil {
			return err
		}
	}
	a.out.say("Everything came out as it must.")
	return nil
}

// demoDay starts a simulated terminal and plays the day of its protocol; n counts
// steps over all days.
func (a *app) demoDay(ctx context.Context, d *demo, n int) (_ int, err error) {
	if err := os.MkdirAll(d.dir, 0o700); err != nil {
		return n, err
	}
	script := filepath.Join(d.dir, "script.jsonl")
	if err := os.WriteFile(script, []byte(d.script), 0o600); err != nil {
		return n, err
	}
	args := []string{"--listen", "127.0.0.1:0", "--script", script, "--charges", d.charges()}
	for key, value := range d.quick {
		args = append(args, "--set", key+"="+value)
	}
	if d.terminal, err = StartDemo(ctx, d.executable, d.DemoTerminal, args...); err != nil {
		return n, err
	}
	defer func() { err = errors.Join(err, d.terminal.Close()) }()
	return a.play(ctx, d, n)
}

func (a *app) play(ctx context.Context, d *demo, n int) (int, error) {
	a.out.say("%s", d.Protocol)
	for _, step := range d.steps {
		n++
		said, err := step.run(ctx, d)
		if a.out.json {
			a.out.object(struct {
				Step     int    `json:"step"`
				Protocol string `json:"protocol"`
				Name     string `json:"name"`
				Done     bool   `json:"done"`
				Said     string `json:"message,omitempty"`
			}{n, d.Protocol, step.name, err == nil, said})
		}
		if err != nil {
			a.out.say("✗ %2d %s", n, step.name)
			a.out.note("The demo failed at step %d of %s, %s: %v.", n, d.Protocol, step.name, err)
			return n, exitCode(exitInternal)
		}
		a.out.say("✓ %2d %s – %s", n, step.name, said)
	}
	return n, nil
}

// demo is a till and its terminal, and the orders that later steps need.
type demo struct {
	demoShop
	program    Program
	executable string
	dir        string
	terminal   *Child

	paid, lost string // numbers of orders
}

func (d *demo) data() string    { return filepath.Join(d.dir, "data") }
func (d *demo) charges() string { return filepath.Join(d.dir, "charges.jsonl") }

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
	got.code = Run(ctx, d.program, append(args, "--json", "--data", d.data()), bytes.NewReader(nil), &stdout, &stderr)
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

// add is the command that adds the terminal, with its secrets in files.
func (d *demo) add() ([]string, error) {
	args := []string{"terminal", "add", "Counter", d.terminal.Address}
	for _, key := range slices.Sorted(maps.Keys(d.terminal.Settings)) {
		args = append(args, "--set", key+"="+d.terminal.Settings[key])
	}
	for key, value := range d.terminal.Secrets {
		path := filepath.Join(d.dir, key)
		if err := os.WriteFile(path, []byte(value), 0o600); err != nil {
			return nil, err
		}
		args = append(args, "--secret", key+"=file:"+path)
	}
	return args, nil
}
