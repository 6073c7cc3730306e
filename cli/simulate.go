package cli

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"tillkeeper/payment"
)

// simulation is what the flags of a simulator say.
type simulation struct {
	listen, script, charges string
	set, secrets            []string
	untilStdinCloses        bool
}

func (a *app) simulateCommand() *cobra.Command {
	var c simulation
	protocols := slices.Sorted(maps.Keys(a.program.Simulators))
	cmd := &cobra.Command{
		Use:       "simulate PROTOCOL",
		Short:     "Run a simulated terminal",
		Long:      "Runs a simulated terminal until it is stopped. Prints its address as soon as it listens,\nthen the settings that a terminal must be added with.",
		Example:   "  tillkeeper simulate ecrhub --listen 127.0.0.1:0 --charges charges.jsonl",
		ValidArgs: protocols,
	}
	f := cmd.Flags()
	f.StringVar(&c.listen, "listen", "127.0.0.1:0", "where to listen, as `HOST:PORT`; port 0 is any free one")
	f.StringVar(&c.script, "script", "", "`FILE` that says what becomes of each order, a JSON object per line")
	f.StringVar(&c.charges, "charges", "", "`FILE` to which a JSON line is added for every movement of money")
	f.StringArrayVar(&c.set, "set", nil, "a setting of the simulator, as `KEY=VALUE` (repeatable)")
	f.StringArrayVar(&c.secrets, "secret", nil, "a secret of the simulator, as `KEY=SOURCE` (repeatable)")
	f.BoolVar(&c.untilStdinCloses, "until-stdin-closes", false, "take lines of a script from stdin, and end when it does, so that it dies with the process that started it")
	_ = f.MarkHidden("until-stdin-closes")
	return a.command(cmd, cobra.ExactArgs(1), func(ctx context.Context, args []string) error {
		start, ok := a.program.Simulators[args[0]]
		if !ok {
			return usage("there is no simulator of %q; there are %s", payment.Mask(args[0]), joined(protocols))
		}
		return a.simulate(ctx, c, start)
	})
}

// simulate runs the simulator until ctx ends or, where asked for, stdin does.
func (a *app) simulate(ctx context.Context, c simulation, start SimulatorFunc) error {
	o, done, err := a.simulatorOptions(c)
	if err != nil {
		return err
	}
	defer done()
	sim, err := start(ctx, o)
	if err != nil {
		if payment.CodeOf(err) == payment.CodeInternal {
			err = usage("the simulator cannot start: %w", err)
		}
		return err
	}
	a.announce(sim)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	if c.untilStdinCloses {
		// A read from stdin cannot be called off; it ends with the process.
		go a.obey(sim, stop)
	}
	<-ctx.Done()
	return sim.Close()
}

// obey takes lines of a script from stdin until it closes, and then stops the
// simulator.
func (a *app) obey(sim *Simulator, stop context.CancelFunc) {
	defer stop()
	for lines := bufio.NewScanner(a.stdin); lines.Scan(); {
		if sim.Script == nil {
			continue
		}
		if err := sim.Script(strings.NewReader(lines.Text())); err != nil {
			a.out.note("%s", sentence(err.Error()))
		}
	}
}

func (a *app) simulatorOptions(c simulation) (o SimulatorOptions, done func(), err error) {
	var files []io.Closer
	done = func() {
		for _, f := range files {
			_ = f.Close() // every line was synced when it was written
		}
	}
	o.Listen, o.Log = c.listen, a.log()
	if o.Set, err = pairs("--set", c.set); err != nil {
		return o, done, err
	}
	if o.Secrets, err = a.secretsFrom(c.secrets); err != nil {
		return o, done, err
	}
	if c.script != "" {
		script, err := os.Open(c.script)
		if err != nil {
			return o, done, usage("the script cannot be read: %w", err)
		}
		files, o.Script = append(files, script), script
	}
	if c.charges != "" {
		book, err := os.OpenFile(c.charges, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			done()
			return o, done, usage("the charges cannot be written: %w", err)
		}
		files, o.Charged = append(files, book), func(c Charge) error { return charged(book, c) }
	}
	return o, done, nil
}

// charged writes one movement of money down, durable before the answer about it
// leaves. The simulator calls it for one movement at a time.
func charged(book *os.File, c Charge) error {
	line, err := json.Marshal(c)
	if err != nil {
		return err
	}
	if _, err := book.Write(append(line, '\n')); err != nil {
		return err
	}
	return book.Sync()
}

// announce tells whoever started the simulator how to reach it.
func (a *app) announce(sim *Simulator) {
	if a.out.json {
		a.out.object(struct {
			Listening string            `json:"listening"`
			Set       map[string]string `json:"set,omitempty"`
			Secret    map[string]string `json:"secret,omitempty"`
		}{sim.Address, sim.Settings, sim.Secrets})
		return
	}
	text := "listening " + sim.Address
	for _, key := range slices.Sorted(maps.Keys(sim.Settings)) {
		text += fmt.Sprintf("\nset %s=%s", key, sim.Settings[key])
	}
	for _, key := range slices.Sorted(maps.Keys(sim.Secrets)) {
		text += fmt.Sprintf("\nsecret %s=%s", key, sim.Secrets[key])
	}
	a.out.say("%s", text)
}
