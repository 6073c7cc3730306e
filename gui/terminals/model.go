package terminals

import (
	"context"
	"slices"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/till"
)

// Till is what the screen needs of the till. Only Protocols and CheckAddress are quick; the others are called off the
// window's goroutine.
type Till interface {
	Protocols() []payment.Protocol
	CheckAddress(text string) (payment.Protocol, string, error)
	AddTerminal(ctx context.Context, n till.NewTerminal) (till.TerminalState, error)
	ChangeTerminal(ctx context.Context, name string, c till.TerminalChange) (till.TerminalState, error)
	HasSecret(ctx context.Context, terminalID, key string) (bool, error)
	SecretsPlace() string
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

// background runs work off the window's goroutine and what it returns on it; if the work panics, instead runs.
func (m *Model) background(work func(context.Context) func(), instead func()) {
	m.deps.Run(func(ctx context.Context) {
		done := instead
		defer func() { m.deps.Post(done) }()
		done = work(ctx)
	})
}
