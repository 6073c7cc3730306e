package torture

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/journaltest"
	"tillkeeper/payment/till"
)

// day is one run: a shop that opens, has its troubles, and settles its books.
type day struct {
	harness Harness
	plan    plan
	net     *network
	sim     Simulator
	journal *journaltest.Memory
	judge   *judge
	start   time.Time
	work    sync.WaitGroup // people at work, and dead processes that are still warm

	mu      sync.Mutex
	now     *process
	till    *till.Till // nil while no process is ready
	orders  []string
	clients []*customer
	trouble int // when a disk or an outage heals, the last one decides
	healing bool

	jump      atomic.Int64 // of the wall clock
	takebacks atomic.Int64
}

// customer is somebody who pays once, however often staff press.
type customer struct {
	sum payment.Amount
	// told: staff have read that it was paid.
	told  bool
	notes []string
	// under is how many of the presses are under way; unrecorded: one ended with an answer
	// that the disk did not take.
	under      int
	unrecorded bool
}

var errDiskFull = payment.NotSent(payment.CodeCannotRecord, "the disk is full")

// live runs the plan to its end, within a bubble, and returns what it has seen.
func live(h Harness, p plan) *judge {
	d := &day{
		harness: h, plan: p, sim: h.New(), journal: journaltest.NewMemory(), start: time.Now(),
	}
	d.judge = newJudge(d.journal, d.sim, d.start)
	d.judge.unaskable, d.judge.unlinked = h.Unaskable, h.Unlinked
	faults := map[place][]boundaryFault{}
	for _, f := range p.faults {
		faults[f.at] = append(faults[f.at], f)
	}
	d.net = &network{seed: p.seed, split: h.Split, faults: faults, struck: d.judge.struck, serve: d.sim.Serve}
	d.sim.Script(p.acts, p.asked)
	d.judge.acts(p)
	if _, err := d.journal.Terminals().Add(context.Background(), payment.Terminal{
		Name: "Front", Protocol: h.Protocol.Name, Address: h.Address, Settings: h.Settings,
	}); err != nil {
		d.judge.violate("the terminal cannot be added: %v", err)
		return d.judge
	}
	d.open(nil)
	for _, s := range p.steps {
		time.Sleep(time.Until(d.start.Add(s.at)))
		d.work.Go(func() { d.take(s) })
	}
	time.Sleep(p.rest)
	d.settle()
	d.work.Wait()
	if err := d.sim.Close(); err != nil {
		d.judge.violate("the terminal does not close: %v", err)
	}
	return d.judge
}

// open starts the process after old, unless somebody else has.
func (d *day) open(old *process) {
	p := &process{Memory: d.journal, wall: d.wall, wrote: d.judge.wrote}
	d.mu.Lock()
	mine := d.now == old
	if mine {
		d.now = p
	}
	d.mu.Unlock()
	if !mine {
		return
	}
	t := till.New(till.Config{
		Journal: p, Terminals: d.journal.Terminals(), Now: time.Now, NewNumber: d.number, Follow: d.plan.follow,
		Protocols: map[string]payment.Protocol{d.harness.Protocol.Name: d.harness.Protocol},
		Dial:      d.dial(p), Secrets: journaltest.NewSecrets(d.harness.Secrets),
		Log: slog.New(slog.DiscardHandler),
	})
	p.died = func(how Fault) { d.bury(p, t, how) }
	d.judge.note("the program starts", "", nil)
	if err := t.Start(context.Background()); err != nil {
		d.judge.note("the program does not start", "", err)
		if p.kill(Kill) {
			time.Sleep(time.Second)
			d.open(p)
		}
		return
	}
	dead := p.dead()
	// Who starts a program looks at what it shows.
	for _, r := range d.judge.all() {
		d.told(r)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if !dead && d.now == p {
		d.till = t
	}
}

// bury is the end of a process: its connections end, its orders are orphans,
// and nothing that is left of it can do anything. It may be called from within
// the till's own write, and so waits for nothing.
func (d *day) bury(p *process, t *till.Till, how Fault) {
	d.judge.note("the program dies", string(how), nil)
	d.mu.Lock()
	if d.now == p {
		d.till = nil
	}
	d.mu.Unlock()
	d.net.die(p, how == Crash)
	d.journal.Crash()
	d.work.Go(func() {
		time.Sleep(time.Second)
		_ = t.Close() // what a dead till says of its end counts for nothing
	})
}

func (d *day) wall() time.Duration { return time.Duration(d.jump.Load()) }

func (d *day) number() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	number := fmt.Sprintf("N%04d", len(d.orders)+1)
	d.orders = append(d.orders, number)
	return number
}

// present is the till that staff can use at the moment, nil for none.
func (d *day) present() *till.Till {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.till
}

// order is the n-th order of the day, counted round; "" before the first.
func (d *day) order(n int) string {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.orders) == 0 {
		return ""
	}
	return d.orders[n%len(d.orders)]
}

// settle heals everything, lets the till recover, and holds the books against
// the ledger.
func (d *day) settle() {
	d.heal()
	d.work.Wait()
	d.until(func() bool { return d.present() != nil }, 5*time.Minute)
	t := d.present()
	if t == nil {
		d.judge.violate("the program does not start once all is well")
		return
	}
	ctx := context.Background()
	if !d.until(func() bool { return d.rests(ctx, t) }, 20*time.Minute) {
		d.judge.unsettled()
	}
	for _, number := range d.judge.decided() {
		d.ask(ctx, t, number)
	}
	d.judge.sentence(d.clients)
	if err := t.Close(); err != nil {
		d.judge.violate("the till does not close: %v", err)
	}
	d.mu.Lock()
	d.till = nil
	d.mu.Unlock()
}

// ask asks until the terminal's planned whims are over and its word is final.
func (d *day) ask(ctx context.Context, t *till.Till, number string) {
	var err error
	known := d.until(func() bool {
		var r payment.Record
		r, err = t.Query(ctx, number)
		heard := err == nil || payment.CodeOf(err) == payment.CodeCannotAsk
		return heard && (!byPerson(r) || d.judge.isCase(r))
	}, 20*time.Minute)
	if !known {
		d.judge.violate("nothing is known about %s once all is well: %v", number, err)
	}
}

// rests reports whether all that can be known is known. A till that does not
// follow by itself is told to ask.
func (d *day) rests(ctx context.Context, t *till.Till) bool {
	if !d.judge.answerable() {
		return true
	}
	if !d.plan.follow {
		if _, err := t.Recover(ctx, 20*time.Second); err != nil && !errors.Is(err, errDead) {
			d.judge.violate("recover: %v", err)
		}
	}
	return !d.judge.answerable()
}

// patience is how often until looks.
const patience = 5 * time.Second

// until waits for something, some time.
func (d *day) until(done func() bool, limit time.Duration) bool {
	for end := time.Now().Add(limit); !done(); time.Sleep(patience) {
		if time.Now().After(end) {
			return false
		}
	}
	return true
}

// heal ends every trouble and brings a process to life.
func (d *day) heal() {
	d.mu.Lock()
	d.healing = true
	p := d.now
	d.mu.Unlock()
	d.net.heal()
	d.journal.Break(nil)
	p.disarm()
	d.judge.heals()
	if p.dead() {
		d.open(p)
	}
}
