package till

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"tillkeeper/payment"
)

// TerminalState is a terminal with what is known about it at the moment.
type TerminalState struct {
	Terminal payment.Terminal
	Link     payment.LinkState
	// Can is empty where the driver cannot be opened; Problem then says why.
	Can     payment.Capabilities
	Problem error
}

// NewTerminal is what a person types to add a terminal.
type NewTerminal struct {
	Name     string
	Address  string
	Settings map[string]string
	// Secrets by the keys of the protocol; they never reach the journal's file.
	Secrets map[string]string
}

// TerminalChange is what a person types to change a terminal; its protocol stays.
type TerminalChange struct {
	Name    string
	Address string
	// Settings replace all there were.
	Settings map[string]string
	// Secrets replace those that they name; "" wipes one.
	Secrets map[string]string
}

// Protocols returns what this program speaks, sorted by title.
func (t *Till) Protocols() []payment.Protocol {
	return slices.SortedFunc(maps.Values(t.cfg.Protocols), func(a, b payment.Protocol) int { return strings.Compare(a.Title, b.Title) })
}

// Terminals returns the terminals in use, oldest first.
func (t *Till) Terminals(ctx context.Context) ([]TerminalState, error) {
	all, err := t.cfg.Terminals.All(ctx)
	if err != nil {
		return nil, err
	}
	states := make([]TerminalState, 0, len(all))
	for _, term := range all {
		states = append(states, t.terminalState(term))
	}
	return states, nil
}

// Terminal returns the terminal with that name or id; "" is the default one.
func (t *Till) Terminal(ctx context.Context, name string) (TerminalState, error) {
	term, err := t.cfg.Terminals.Find(ctx, name)
	if err != nil {
		return TerminalState{}, err
	}
	return t.terminalState(term), nil
}

func (t *Till) terminalState(term payment.Terminal) TerminalState {
	s := TerminalState{Terminal: term}
	d, err := t.driver(term)
	if err != nil {
		s.Problem = err
		return s
	}
	s.Can = d.Capabilities()
	s.Can.Operations = slices.DeleteFunc(slices.Clone(s.Can.Operations), func(op payment.Operation) bool {
		_, not := term.Learnt[op]
		return not
	})
	s.Link = t.drivers.link(term.ID)
	return s
}

// CheckAddress returns the protocol and the normal form of an address as people type it:
// PROTOCOL[+http|+https]://host[:port][/path]; without a protocol it is ecrhub.
func (t *Till) CheckAddress(text string) (protocol payment.Protocol, address string, err error) {
	text = strings.TrimSpace(text)
	name := "ecrhub"
	if scheme, _, ok := strings.Cut(text, "://"); ok && scheme != "ws" && scheme != "wss" {
		name, _, _ = strings.Cut(strings.ToLower(scheme), "+")
	}
	p, ok := t.cfg.Protocols[name]
	if !ok {
		return p, "", payment.Errorf(payment.CodeBadAddress, "%q is not a protocol this till speaks", payment.Mask(name))
	}
	address, err = p.Address(text)
	return p, address, err
}

// AddTerminal checks and stores a terminal. It does not touch the network.
func (t *Till) AddTerminal(ctx context.Context, n NewTerminal) (TerminalState, error) {
	p, address, err := t.CheckAddress(n.Address)
	if err != nil {
		return TerminalState{}, err
	}
	term := payment.Terminal{
		Name: strings.TrimSpace(n.Name), Protocol: p.Name, Address: address, Settings: withCurrency(p, n.Settings),
	}
	if err := t.fits(p, term, n.Secrets); err != nil {
		return TerminalState{}, err
	}
	if term, err = t.cfg.Terminals.Add(ctx, term); err != nil {
		return TerminalState{}, err
	}
	if err := t.keepSecrets(term, n.Secrets); err != nil {
		return TerminalState{}, errors.Join(err, t.cfg.Terminals.Remove(ctx, term.ID))
	}
	s := t.terminalState(term)
	t.bus.publish(Event{Terminal: &s})
	return s, nil
}

// withCurrency returns the settings with the currency written out, so that the
// terminal charges in the same one whatever the protocol's default becomes.
func withCurrency(p payment.Protocol, settings map[string]string) map[string]string {
	all := map[string]string{}
	for _, s := range p.Settings {
		if s.Key == payment.SettingCurrency && s.Default != "" {
			all[s.Key] = s.Default
		}
	}
	maps.Copy(all, settings)
	return all
}

// ChangeTerminal changes the named terminal. It is refused while an order is under
// way on it, and does not touch the network.
func (t *Till) ChangeTerminal(ctx context.Context, name string, c TerminalChange) (TerminalState, error) {
	term, err := t.cfg.Terminals.Find(ctx, name)
	if err != nil {
		return TerminalState{}, err
	}
	p, address, err := t.CheckAddress(c.Address)
	if err != nil {
		return TerminalState{}, err
	}
	if p.Name != term.Protocol {
		return TerminalState{}, payment.Errorf(payment.CodeBadAddress, "terminal %s speaks %s; add another terminal for %s", term.Name, term.Protocol, p.Name)
	}
	term.Name, term.Address, term.Settings = strings.TrimSpace(c.Name), address, withCurrency(p, c.Settings)
	if err := t.fits(p, term, c.Secrets); err != nil {
		return TerminalState{}, err
	}
	free, err := t.claim(term.ID)
	if err != nil {
		return TerminalState{}, err
	}
	defer free()
	if err := t.cfg.Terminals.Update(ctx, term); err != nil {
		return TerminalState{}, err
	}
	if err := t.keepSecrets(term, c.Secrets); err != nil {
		return TerminalState{}, err
	}
	if err := t.drivers.forget(term.ID); err != nil {
		t.log.Warn("the old driver did not close properly", "terminal", term.Name, "error", err)
	}
	s := t.terminalState(term)
	t.bus.publish(Event{Terminal: &s})
	return s, nil
}

// claim keeps a terminal from being used for an order until free is called.
func (t *Till) claim(id string) (free func(), err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if number, ok := t.busy[id]; ok {
		return nil, payment.NotSent(payment.CodeBusy, "the terminal is busy with order %s", number).About(number)
	}
	t.busy[id] = ""
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		delete(t.busy, id)
	}, nil
}

// fits refuses settings and secrets with which the terminal's driver cannot open,
// before anything is stored. Secrets that are not named are the stored ones.
func (t *Till) fits(p payment.Protocol, term payment.Terminal, secrets map[string]string) error {
	if c, ok := term.Settings[payment.SettingCurrency]; ok {
		if _, err := payment.ParseCurrency(c); err != nil {
			return err
		}
	}
	if err := p.Check(term.Settings); err != nil {
		return err
	}
	for key := range secrets {
		if !slices.ContainsFunc(p.Secrets, func(s payment.Setting) bool { return s.Key == key }) {
			return payment.Errorf(payment.CodeBadSetting, "%s has no secret %q", p.Name, payment.Mask(key))
		}
	}
	env := t.env(term)
	env.KeepAlive, env.Late, env.Link, env.Deliver = false, nil, nil, nil
	stored := env.Secret
	env.Secret = func(key string) (string, error) {
		if value, ok := secrets[key]; ok || term.ID == "" {
			return value, nil
		}
		return stored(key)
	}
	d, err := p.Open(term, env)
	if err != nil {
		return err
	}
	return d.Close()
}

func (t *Till) keepSecrets(term payment.Terminal, secrets map[string]string) error {
	if len(secrets) == 0 {
		return nil
	}
	if t.cfg.Secrets == nil {
		return payment.NotSent(payment.CodeSecretsLocked, "there is no place to keep secrets")
	}
	for key, value := range secrets {
		if err := t.cfg.Secrets.Set(term.ID, key, value); err != nil {
			return err
		}
	}
	return nil
}

// HasSecret reports whether a secret of a terminal was given.
func (t *Till) HasSecret(_ context.Context, terminalID, key string) (bool, error) {
	if t.cfg.Secrets == nil {
		return false, nil
	}
	value, err := t.cfg.Secrets.Get(terminalID, key)
	return value != "", err
}

// SecretsPlace says where secrets are kept and what that protects against.
func (t *Till) SecretsPlace() string {
	if t.cfg.Secrets == nil {
		return ""
	}
	return t.cfg.Secrets.Place()
}

// SetDefaultTerminal makes the named terminal the default.
func (t *Till) SetDefaultTerminal(ctx context.Context, name string) error {
	term, err := t.cfg.Terminals.Find(ctx, name)
	if err != nil {
		return err
	}
	if err := t.cfg.Terminals.SetDefault(ctx, term.ID); err != nil {
		return err
	}
	return t.publishTerminals(ctx)
}

// RemoveTerminal takes the named terminal out of use. It is refused while an order
// on it is open.
func (t *Till) RemoveTerminal(ctx context.Context, name string) error {
	term, err := t.cfg.Terminals.Find(ctx, name)
	if err != nil {
		return err
	}
	if err := t.cfg.Terminals.Remove(ctx, term.ID); err != nil {
		return err
	}
	t.bus.publish(Event{Removed: term.ID})
	err = t.drivers.forget(term.ID)
	if t.cfg.Secrets != nil {
		err = errors.Join(err, t.cfg.Secrets.Wipe(term.ID))
	}
	return errors.Join(err, t.publishTerminals(ctx))
}

// publishTerminals tells subscribers of all terminals, as the default may have moved.
func (t *Till) publishTerminals(ctx context.Context) error {
	all, err := t.Terminals(ctx)
	for i := range all {
		t.bus.publish(Event{Terminal: &all[i]})
	}
	return err
}

// testLimit is how long a terminal has to prove that it listens.
const testLimit = 10 * time.Second

// TestTerminal proves that the named terminal listens. It moves no money.
func (t *Till) TestTerminal(ctx context.Context, name string) (payment.Identity, error) {
	term, err := t.cfg.Terminals.Find(ctx, name)
	if err != nil {
		return payment.Identity{}, err
	}
	d, err := t.driver(term)
	if err != nil {
		return payment.Identity{}, err
	}
	tester, ok := d.(payment.Tester)
	if !ok {
		return payment.Identity{}, payment.Errorf(payment.CodeUnsupported, "%s cannot be tested", term.Name)
	}
	limited, cancel := context.WithTimeout(ctx, testLimit)
	defer cancel()
	id, err := tester.Test(limited)
	if err == nil && len(term.Learnt) > 0 {
		// Perhaps the provider has enabled it by now; whoever tests wants to know.
		err = errors.Join(t.cfg.Terminals.Learn(ctx, term.ID, nil), t.publishTerminals(ctx))
	}
	return id, err
}

// learn remembers what the provider has not enabled for a terminal.
func (t *Till) learn(o payment.Order, code payment.Code) {
	if code != payment.CodeNotEnabled {
		return
	}
	term, err := t.cfg.Terminals.Find(t.ctx, o.Terminal)
	if err == nil {
		learnt := maps.Clone(term.Learnt)
		if learnt == nil {
			learnt = map[payment.Operation]string{}
		}
		learnt[o.Operation] = t.cfg.Now().Format(time.DateOnly)
		err = errors.Join(t.cfg.Terminals.Learn(t.ctx, o.Terminal, learnt), t.publishTerminals(t.ctx))
	}
	if err != nil {
		t.log.Error("what the terminal cannot do was not stored", "terminal", o.TerminalName, "operation", o.Operation, "error", err)
	}
}

// drivers are the open drivers and the last state of their links, by terminal id.
type drivers struct {
	mu     sync.Mutex
	open   map[string]payment.Driver
	links  map[string]payment.LinkState
	closed bool
}

// driver returns the terminal's driver, opening it the first time.
func (t *Till) driver(term payment.Terminal) (payment.Driver, error) {
	p, ok := t.cfg.Protocols[term.Protocol]
	if !ok {
		return nil, payment.NotSent(payment.CodeUnsupported, "this program does not speak %q", term.Protocol)
	}
	t.drivers.mu.Lock()
	defer t.drivers.mu.Unlock()
	if t.drivers.closed {
		return nil, payment.NotSent(payment.CodeClosed, "the till is closing")
	}
	if d, ok := t.drivers.open[term.ID]; ok {
		return d, nil
	}
	d, err := p.Open(term, t.env(term))
	if err != nil {
		return nil, err
	}
	t.drivers.open[term.ID] = d
	return d, nil
}

// driverOf returns the driver of an order's terminal, also of one taken out of use.
func (t *Till) driverOf(ctx context.Context, o payment.Order) (payment.Driver, error) {
	term, err := t.cfg.Terminals.Find(ctx, o.Terminal)
	if err != nil {
		return nil, err
	}
	return t.driver(term)
}

func (t *Till) env(term payment.Terminal) payment.Env {
	return payment.Env{
		Dial:      t.cfg.Dial,
		Now:       t.cfg.Now,
		Log:       t.log.With("terminal", term.Name),
		KeepAlive: t.cfg.Follow,
		Late:      func(r payment.Result) { t.spawn(func() { t.late(term, r) }) },
		Link:      func(s payment.LinkState) { t.linkChanged(term, s) },
		Deliver:   func(ctx context.Context, r payment.Result) error { return t.deliver(ctx, term, r) },
		Roots:     t.cfg.Roots,
		Secret: func(key string) (string, error) {
			if t.cfg.Secrets == nil {
				return "", nil
			}
			return t.cfg.Secrets.Get(term.ID, key)
		},
	}
}

// linkChanged is called by drivers and does not block. A link that came up is the
// moment to ask about the terminal's open orders.
func (t *Till) linkChanged(term payment.Terminal, s payment.LinkState) {
	t.drivers.mu.Lock()
	was := t.drivers.links[term.ID]
	t.drivers.links[term.ID] = s
	t.drivers.mu.Unlock()
	if s.Up && !was.Up {
		t.resolver.wakeTerminal(term.ID)
		t.wakeDuties()
	}
	t.bus.publish(Event{Link: &LinkChange{Terminal: term.ID, Link: s}})
}

// openAll opens every terminal's driver so that its link comes up.
func (t *Till) openAll(ctx context.Context) {
	all, err := t.cfg.Terminals.All(ctx)
	if err != nil {
		t.log.Error("terminals cannot be read", "error", err)
	}
	for _, term := range all {
		if _, err := t.driver(term); err != nil {
			t.log.Error("terminal cannot be opened", "terminal", term.Name, "error", err)
		}
	}
}

func (d *drivers) link(id string) payment.LinkState {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.links[id]
}

func (d *drivers) forget(id string) error {
	d.mu.Lock()
	driver, ok := d.open[id]
	delete(d.open, id)
	delete(d.links, id)
	d.mu.Unlock()
	if !ok {
		return nil
	}
	return driver.Close()
}

func (d *drivers) close() error {
	d.mu.Lock()
	d.closed = true
	all := d.open
	d.open = nil
	d.mu.Unlock()
	var errs []error
	for _, driver := range all {
		errs = append(errs, driver.Close())
	}
	return errors.Join(errs...)
}
