package torture

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"tillkeeper/payment"
	"tillkeeper/payment/journaltest"
)

// TestStateMachine checks the till by properties: any sequence of commands,
// answers, crashes and decisions keeps what package torture's judge demands.
func TestStateMachine(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var broke any
		synctest.Test(t, func(*testing.T) {
			defer func() { broke = recover() }() // rapid stops a test by a panic, which is to leave the bubble
			m := newMachine(rt)
			defer m.end()
			rt.Repeat(rapid.StateMachineActions(m))
			m.settle()
			m.Check(rt)
		})
		if broke != nil {
			panic(broke)
		}
	})
}

// machine is a day whose steps rapid chooses one by one.
type machine struct {
	*day
	terminal *fake
	link     bool
}

func newMachine(rt *rapid.T) *machine {
	terminal := &fake{proves: rapid.Bool().Draw(rt, "not found proves"), orders: map[string]*fakeOrder{}}
	m := &machine{terminal: terminal, link: rapid.Bool().Draw(rt, "link up")}
	m.day = &day{
		plan: plan{follow: rapid.Bool().Draw(rt, "follow")}, sim: terminal, journal: journaltest.NewMemory(), start: time.Now(),
		harness: Harness{Protocol: payment.Protocol{Name: "fake", Open: m.driver}},
	}
	m.judge = newJudge(m.journal, terminal, m.start)
	m.net = &network{}
	if _, err := m.journal.Terminals().Add(context.Background(), payment.Terminal{Name: "Front", Protocol: "fake", Address: "fake://1"}); err != nil {
		rt.Fatal(err)
	}
	m.open(nil)
	return m
}

func (m *machine) driver(_ payment.Terminal, env payment.Env) (payment.Driver, error) {
	m.mu.Lock()
	d := &fakeDriver{fake: m.terminal, p: m.now, env: env, link: m.link}
	m.mu.Unlock()
	m.terminal.mu.Lock()
	defer m.terminal.mu.Unlock()
	m.terminal.latest = d
	return d, nil
}

// end leaves nothing behind in the bubble.
func (m *machine) end() {
	if t := m.present(); t != nil {
		_ = t.Close()
	}
	m.work.Wait()
	time.Sleep(time.Hour) // timers of the terminal
}

// Check is asked after every step.
func (m *machine) Check(rt *rapid.T) {
	m.judge.mu.Lock()
	defer m.judge.mu.Unlock()
	if len(m.judge.violations) > 0 {
		rt.Fatalf("%s", failure{m.plan, m.judge}.story())
	}
}

// Terminal changes how the terminal behaves.
func (m *machine) Terminal(rt *rapid.T) {
	m.terminal.behave(fakeAct{
		Act: Act{
			Money:    rapid.SampledFrom([]Money{Approve, Approve, Approve, Decline, Abandon, Expire, TimeOutCharged}).Draw(rt, "money"),
			Reply:    rapid.SampledFrom([]Reply{Proper, Proper, Silent, Torn, WrongAmount, Foreign}).Draw(rt, "reply"),
			Think:    time.Duration(rapid.IntRange(0, 50).Draw(rt, "think")) * time.Second,
			Late:     time.Duration(rapid.IntRange(0, 90).Draw(rt, "late")) * time.Second,
			Stubborn: rapid.Bool().Draw(rt, "stubborn"),
		},
		unreached: rapid.IntRange(0, 5).Draw(rt, "unreached") == 5,
		lost:      rapid.IntRange(0, 5).Draw(rt, "lost") == 5,
		late:      rapid.Bool().Draw(rt, "late answer"),
		question:  rapid.SampledFrom([]Reply{Proper, Proper, Silent, Unfound, Pending, WrongAmount, Foreign}).Draw(rt, "question"),
	})
}

// Serve lets somebody do something at the till; it need not be over when the
// next step comes.
func (m *machine) Serve(rt *rapid.T) {
	s := step{
		what:  rapid.SampledFrom([]what{pay, pay, pay, press, press, refund, void, query, cancel, decide, wipe}).Draw(rt, "what"),
		who:   rapid.IntRange(0, 3).Draw(rt, "who"),
		sum:   rapid.SampledFrom([]int64{1000, 1250}).Draw(rt, "sum"),
		flag:  rapid.IntRange(0, 3).Draw(rt, "flag") == 3,
		after: rapid.SampledFrom([]int{0, 0, 1, 5}).Draw(rt, "cancelled after"),
		by:    time.Duration(rapid.IntRange(0, 60).Draw(rt, "timeout")) * time.Second,
	}
	if s.what == refund && rapid.Bool().Draw(rt, "all") {
		s.sum = 0
	}
	m.work.Go(func() { m.take(s) })
	m.Wait(rt)
}

// Wait lets time pass.
func (m *machine) Wait(rt *rapid.T) {
	time.Sleep(time.Duration(rapid.SampledFrom([]int{0, 1, 20, 1500, 5000, 30_000, 100_000}).Draw(rt, "milliseconds")) * time.Millisecond)
	synctest.Wait()
}

// Process ends the program in one of the ways it can end.
func (m *machine) Process(rt *rapid.T) {
	s := step{
		what:  rapid.SampledFrom([]what{crash, crash, kill, restart}).Draw(rt, "end"),
		after: rapid.IntRange(1, 5).Draw(rt, "writes"),
		flag:  rapid.Bool().Draw(rt, "before"),
	}
	m.work.Go(func() { m.take(s) })
	m.Wait(rt)
}

// Clock sets the wall clock.
func (m *machine) Clock(rt *rapid.T) {
	m.befall(step{what: clock, by: time.Duration(rapid.IntRange(-7200, 7200).Draw(rt, "seconds")) * time.Second})
}

// Disk is full for a while.
func (m *machine) Disk(rt *rapid.T) {
	s := step{what: disk, by: time.Duration(rapid.IntRange(1, 60).Draw(rt, "seconds")) * time.Second}
	m.work.Go(func() { m.take(s) })
	m.Wait(rt)
}

// settle ends all trouble and all work, and then the day.
func (m *machine) settle() {
	m.terminal.behave(fakeAct{})
	m.work.Wait()
	m.day.settle()
}
