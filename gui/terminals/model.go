package terminals

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/till"
)

// Till is what the screen needs of the till. Only CheckAddress is quick; the others are called off the window's
// goroutine.
type Till interface {
	CheckAddress(text string) (payment.Protocol, string, error)
	AddTerminal(ctx context.Context, n till.NewTerminal) (till.TerminalState, error)
	SetDefaultTerminal(ctx context.Context, name string) error
	RemoveTerminal(ctx context.Context, name string) error
	TestTerminal(ctx context.Context, name string) (payment.Identity, error)
}

// Deps is what a Model is made of. All fields must be set.
type Deps struct {
	Till Till
	Now  func() time.Time
	// Run starts work in a goroutine of its own and survives its panics.
	Run func(work func(context.Context))
	// Post runs a function on the window's goroutine, soon, in order.
	Post func(func())
}

// Test is how a test of a terminal went.
type Test struct {
	Running  bool
	Identity payment.Identity
	Code     payment.Code // why it failed, "" if it did not
}

// Model is the Terminals screen without its looks. It belongs to the window's goroutine.
type Model struct {
	deps Deps

	// Changed is called after every change.
	Changed func()

	terminals []till.TerminalState
	tests     map[string]Test
	problem   map[string]payment.Code // what the last default or remove failed with
}

// NewModel returns the model of a screen that knows no terminal yet.
func NewModel(d Deps) *Model {
	return &Model{deps: d, Changed: func() {}, tests: map[string]Test{}, problem: map[string]payment.Code{}}
}

// Reset takes what there is at the beginning of a subscription.
func (m *Model) Reset(s till.Snapshot) {
	m.terminals = slices.Clone(s.Terminals)
	m.Changed()
}

// Take takes what changed, several changes at once.
func (m *Model) Take(events ...till.Event) {
	changed := false
	for _, e := range events {
		switch {
		case e.Terminal != nil:
			m.put(*e.Terminal)
		case e.Link != nil:
			m.putLink(*e.Link)
		case e.Removed != "":
			m.terminals = slices.DeleteFunc(m.terminals, func(t till.TerminalState) bool { return t.Terminal.ID == e.Removed })
			delete(m.tests, e.Removed)
			delete(m.problem, e.Removed)
		default:
			continue
		}
		changed = true
	}
	if changed {
		m.Changed()
	}
}

func (m *Model) putLink(l till.LinkChange) {
	for i := range m.terminals {
		if m.terminals[i].Terminal.ID == l.Terminal {
			m.terminals[i].Link = l.Link
		}
	}
}

func (m *Model) put(s till.TerminalState) {
	for i := range m.terminals {
		if m.terminals[i].Terminal.ID == s.Terminal.ID {
			m.terminals[i] = s
			return
		}
	}
	m.terminals = append(m.terminals, s)
}

// Terminals returns all terminals in use.
func (m *Model) Terminals() []till.TerminalState { return m.terminals }

// Now is the model's clock.
func (m *Model) Now() time.Time { return m.deps.Now() }

// Test returns how the last test of a terminal went, if there was one.
func (m *Model) Test(id string) (Test, bool) {
	t, ok := m.tests[id]
	return t, ok
}

// Problem returns why the last change of a terminal was refused, "" if it was not.
func (m *Model) Problem(id string) payment.Code { return m.problem[id] }

// StartTest asks a terminal for a sign of life. It moves no money.
func (m *Model) StartTest(id string) {
	if m.tests[id].Running {
		return
	}
	m.tests[id] = Test{Running: true}
	m.Changed()
	m.background(func(ctx context.Context) func() {
		who, err := m.deps.Till.TestTerminal(ctx, id)
		return func() { m.tested(id, Test{Identity: who, Code: payment.CodeOf(err)}) }
	}, func() { m.tested(id, Test{Code: payment.CodeInternal}) })
}

func (m *Model) tested(id string, t Test) {
	m.tests[id] = t
	m.Changed()
}

// MakeDefault makes a terminal the one that payments go to.
func (m *Model) MakeDefault(id string) {
	m.change(id, func(ctx context.Context) error { return m.deps.Till.SetDefaultTerminal(ctx, id) })
}

// Remove takes a terminal out of use.
func (m *Model) Remove(id string) {
	m.change(id, func(ctx context.Context) error { return m.deps.Till.RemoveTerminal(ctx, id) })
}

func (m *Model) change(id string, work func(context.Context) error) {
	done := func(code payment.Code) {
		delete(m.problem, id)
		if code != "" {
			m.problem[id] = code
		}
		m.Changed()
	}
	m.background(func(ctx context.Context) func() {
		code := payment.CodeOf(work(ctx))
		return func() { done(code) }
	}, func() { done(payment.CodeInternal) })
}

// Form is what a person types to add a terminal.
type Form struct{ Name, Address, AppID, Currency string }

// Field names a field of the form.
type Field string

// The fields. General is for problems of none of them.
const (
	General  Field = ""
	Name     Field = "name"
	Address  Field = "address"
	AppID    Field = "app-id"
	Currency Field = "currency"
)

// Check returns what is wrong with each field that was typed into, and the address in its normal form. It is quick
// enough to be called at every key.
func (m *Model) Check(f Form) (problems map[Field]payment.Code, address string) {
	problems = map[Field]payment.Code{}
	if strings.TrimSpace(f.Address) != "" {
		_, normal, err := m.deps.Till.CheckAddress(f.Address)
		if err != nil {
			problems[Address] = payment.CodeOf(err)
		}
		address = normal
	}
	if c := strings.TrimSpace(f.Currency); c != "" {
		if _, err := payment.ParseCurrency(c); err != nil {
			problems[Currency] = payment.CodeOf(err)
		}
	}
	name := strings.TrimSpace(f.Name)
	if slices.ContainsFunc(m.terminals, func(t till.TerminalState) bool { return name != "" && strings.EqualFold(t.Terminal.Name, name) }) {
		problems[Name] = payment.CodeNameTaken
	}
	return problems, address
}

// Complete reports whether the form can be stored.
func (m *Model) Complete(f Form) bool {
	problems, address := m.Check(f)
	return len(problems) == 0 && address != "" && strings.TrimSpace(f.Name) != ""
}

// Add stores a terminal and tells what came of it: nothing, or what was wrong with which field.
func (m *Model) Add(f Form, then func(Field, payment.Code)) {
	settings := map[string]string{
		payment.SettingCurrency: strings.ToUpper(strings.TrimSpace(f.Currency)), "app_id": strings.TrimSpace(f.AppID),
	}
	maps.DeleteFunc(settings, func(_, value string) bool { return value == "" })
	m.background(func(ctx context.Context) func() {
		s, err := m.deps.Till.AddTerminal(ctx, till.NewTerminal{Name: strings.TrimSpace(f.Name), Address: f.Address, Settings: settings})
		return func() {
			if err == nil {
				m.put(s)
				m.Changed()
			}
			then(fieldOf(err), payment.CodeOf(err))
		}
	}, func() { then(General, payment.CodeInternal) })
}

// fieldOf says which field an error is about.
func fieldOf(err error) Field {
	var e *payment.Error
	if !errors.As(err, &e) {
		return General
	}
	switch e.Code {
	case payment.CodeBadName, payment.CodeNameTaken:
		return Name
	case payment.CodeBadAddress, payment.CodeAddressTaken:
		return Address
	case payment.CodeBadCurrency:
		return Currency
	case payment.CodeBadSetting:
		return AppID
	default:
		return General
	}
}

// background runs work off the window's goroutine and what it returns on it; if the work panics, instead runs.
func (m *Model) background(work func(context.Context) func(), instead func()) {
	m.deps.Run(func(ctx context.Context) {
		done := instead
		defer func() { m.deps.Post(done) }()
		done = work(ctx)
	})
}
