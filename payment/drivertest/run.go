package drivertest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tillkeeper/payment"
)

// scenario is one row of the suite. Its name is a sentence that is true of
// every driver.
type scenario struct {
	name string
	// currency of the terminal; empty means the first that it takes.
	currency payment.Currency
	// turns and statuses are scripted before run begins.
	turns    []Turn
	statuses []StatusManner
	// needs says why the scenario is not applicable, "" if it is.
	needs func(Harness, payment.Capabilities) string
	run   func(r *rig)
	// steps runs it again, in a new shop, as long as it asks for another round.
	steps bool
	// brief is a till that does not follow: one command, not a window.
	brief bool
	// rude: the suite itself breaks the protocol, so the terminal may complain.
	rude bool
	// doubtful: money may stay in doubt, because the terminal never tells.
	doubtful bool
	// sockets: it is also run over real sockets, so it never lets time pass.
	sockets bool
}

// Run runs every scenario against the driver of h, in fake time, prints the
// table and returns it.
func Run(t *testing.T, h Harness) Report {
	t.Helper()
	return run(t, h, scenarios(), false)
}

// RunSockets runs the scenarios that need no time over real loopback sockets.
func RunSockets(t *testing.T, h Harness) Report {
	t.Helper()
	var some []scenario
	for _, s := range scenarios() {
		if s.sockets {
			some = append(some, s)
		}
	}
	return run(t, h, some, true)
}

func run(t *testing.T, h Harness, all []scenario, sockets bool) Report {
	t.Helper()
	report := Report{Driver: strings.TrimSpace(h.Protocol.Name + " " + h.Dialect), Sockets: sockets}
	for _, s := range all {
		row := Row{Scenario: s.name}
		t.Run(s.name, func(t *testing.T) {
			row = try(t, h, s, sockets)
			for _, f := range row.Failures {
				t.Error(f)
			}
		})
		report.Rows = append(report.Rows, row)
	}
	var text strings.Builder
	if err := Table(&text, report); err != nil {
		t.Error(err)
	}
	t.Log("\n" + text.String())
	if err := report.save(); err != nil {
		t.Error(err)
	}
	return report
}

// mostSteps bounds scenarios that run in steps; a driver that makes more moments
// of one order than this is a case of its own.
const mostSteps = 400

// try runs one scenario, all of its steps.
func try(t *testing.T, h Harness, s scenario, sockets bool) Row {
	row := Row{Scenario: s.name}
	if s.currency == "" {
		s.currency = h.currencies()[0]
	}
	if why := h.lacks(s.currency); why != "" {
		row.NotApplicable = why
		return row
	}
	for row.Moments < mostSteps && len(row.Failures) == 0 {
		r := &rig{h: h, currency: s.currency, step: row.Moments, follow: !s.brief, atOnce: sockets}
		why := ""
		if sockets {
			why = r.play(t, s)
		} else {
			synctest.Test(t, func(t *testing.T) { why = r.play(t, s) })
		}
		if row.NotApplicable = why; why != "" {
			return row
		}
		row.Failures = r.failures
		row.Moments++
		if !r.again {
			return row
		}
	}
	if len(row.Failures) == 0 {
		row.Failures = append(row.Failures, fmt.Sprintf("it does not end after %d moments", mostSteps))
	}
	return row
}

// play runs a scenario once. It returns why it is not applicable, or "".
func (r *rig) play(t *testing.T, s scenario) (inapplicable string) {
	before := goleak.IgnoreCurrent()
	watchdog := time.AfterFunc(aDay, func() { panic("drivertest: a call hangs in: " + s.name) })
	defer watchdog.Stop()
	r.sim = r.h.New(Setup{Currency: s.currency, AtOnce: r.atOnce})
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	r.ctx = ctx
	inapplicable = r.script(s)
	if inapplicable == "" {
		inapplicable = r.act(s)
	}
	r.close()
	cancel()
	if err := goleak.Find(before); err != nil {
		r.errorf("goroutines are left: %v", err)
	}
	return inapplicable
}

// script tells the simulator what is to come.
func (r *rig) script(s scenario) (inapplicable string) {
	words := map[string]error{}
	for _, turn := range s.turns {
		words["order"] = errors.Join(words["order"], r.sim.Script(turn))
	}
	for _, manner := range s.statuses {
		words["status"] = errors.Join(words["status"], r.sim.ScriptStatus(manner))
	}
	for _, err := range words {
		switch {
		case errors.Is(err, ErrInexpressible):
			inapplicable = strings.ReplaceAll(err.Error(), "\n", "; ")
		case err != nil:
			r.errorf("script: %v", err)
		}
	}
	return inapplicable
}

// act plays the scenario and audits what came of it, at once and when all is
// settled.
func (r *rig) act(s scenario) (inapplicable string) {
	defer func() {
		p := recover()
		if _, ok := p.(abandon); p != nil && !ok {
			panic(p)
		}
	}()
	r.open()
	if s.needs != nil {
		if inapplicable = s.needs(r.h, r.driver.Capabilities()); inapplicable != "" {
			return inapplicable
		}
	}
	s.run(r)
	r.rest()
	r.audit("at the end")
	r.settle()
	r.audit("when all is settled")
	if !s.doubtful {
		r.auditSettled()
	}
	r.auditSecrets()
	if !s.rude {
		r.auditManners()
	}
	return ""
}

// currencies are those that the scenarios use.
func (h Harness) currencies() []payment.Currency {
	if len(h.Quirks.Currencies) > 0 {
		return h.Quirks.Currencies
	}
	return []payment.Currency{"USD", "JPY", "KWD"}
}

// lacks says why a currency cannot be tried, "" if it can.
func (h Harness) lacks(c payment.Currency) string {
	for _, have := range h.currencies() {
		if have == c {
			return ""
		}
	}
	return "its terminals do not charge in " + string(c)
}

// aDay is more time than all calls of any scenario take together; in real
// time the test's own limit is earlier.
const aDay = 24 * time.Hour

// soon is the most that ending something may take: a cancel with its grace, a
// close. It is far below any terminal's time limit for an order.
const soon = 45 * time.Second
