package main

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"

	"tillkeeper/cli"
	"tillkeeper/payment"
	"tillkeeper/payment/till"
)

// demoTerminals are simulated terminals of every protocol, each in a process of its
// own that dies with this one.
type demoTerminals struct {
	mu     sync.Mutex
	byName map[string]*cli.Child
}

// startDemo starts them all at once and adds them to an empty till; one that was
// added before, in a data folder that somebody keeps, is given its new address.
func startDemo(ctx context.Context, t *till.Till) (*demoTerminals, error) {
	executable, err := os.Executable()
	if err != nil {
		return nil, err
	}
	d := &demoTerminals{byName: map[string]*cli.Child{}}
	all := cli.DemoTerminals()
	failures := make([]error, len(all))
	var starting sync.WaitGroup
	for i, shop := range all {
		starting.Go(func() {
			child, err := cli.StartDemo(ctx, executable, shop, "--set", "outcomes_by_amount=true")
			if err != nil {
				failures[i] = err
				return
			}
			d.mu.Lock()
			defer d.mu.Unlock()
			d.byName[shop.Name] = child
		})
	}
	starting.Wait()
	for i, shop := range all {
		if failures[i] == nil {
			failures[i] = d.add(ctx, t, shop.Name)
		}
	}
	if err := errors.Join(failures...); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

func (d *demoTerminals) add(ctx context.Context, t *till.Till, name string) error {
	child := d.byName[name]
	_, err := t.AddTerminal(ctx, till.NewTerminal{Name: name, Address: child.Address, Settings: child.Settings, Secrets: child.Secrets})
	if payment.CodeOf(err) == payment.CodeNameTaken {
		_, err = t.ChangeTerminal(ctx, name, till.TerminalChange{Name: name, Address: child.Address, Settings: child.Settings, Secrets: child.Secrets})
	}
	return err
}

// Next says what becomes of the next order on the named terminal: a word that every
// simulator knows, or "lost" for an approval whose answer never comes.
func (d *demoTerminals) Next(terminal, outcome string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	child, ok := d.byName[terminal]
	if !ok {
		return payment.Errorf(payment.CodeUnknownTerminal, "%q is no terminal of the demo", terminal)
	}
	switch {
	case outcome == "lost" && strings.HasPrefix(child.Address, "ecrhub:"):
		return child.Script(`{"outcome":"approve","reply":"none","no_redeliver":true}`)
	case outcome == "lost":
		return child.Script(`{"outcome":"approve","no_answer":true,"delay":"5s"}`)
	}
	return child.Script(`{"outcome":"` + outcome + `"}`)
}

// Close ends them all.
func (d *demoTerminals) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	var errs []error
	for _, child := range d.byName {
		errs = append(errs, child.Close())
	}
	return errors.Join(errs...)
}
