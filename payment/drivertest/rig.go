package drivertest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing/synctest"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/journaltest"
	"tillkeeper/payment/till"
)

// rig is one scenario's shop: a journal, a simulated terminal, and the process of
// the till that is alive at the moment.
type rig struct {
	*process
	h       Harness
	ctx     context.Context
	sim     Simulator
	journal *journaltest.Memory
	// currency is the terminal's; step is the round of a scenario that runs in
	// steps, and again asks for the next one.
	currency payment.Currency
	step     int
	again    bool
	follow   bool
	atOnce   bool // real sockets and real time
	ahead    time.Duration

	log      logbook
	mu       sync.Mutex
	failures []string
	numbers  int
	// refused are the numbers of orders of which a caller was told that nothing was sent.
	refused []string
	dead    []*process
}

// process is one life of the till's program.
type process struct {
	till   *till.Till
	desk   *desk
	net    *plug
	driver payment.Driver
}

// logbook collects what is logged, at debug level.
type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// abandon ends a scenario that makes no sense any more.
type abandon struct{}

func (r *rig) errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	text := fmt.Sprintf(format, args...)
	if r.step > 0 {
		text = fmt.Sprintf("moment %d: %s", r.step, text)
	}
	r.failures = append(r.failures, text)
}

func (r *rig) fatalf(format string, args ...any) {
	r.errorf(format, args...)
	panic(abandon{})
}

// now is the till's clock: of the wall only, so that it can jump.
func (r *rig) now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return time.Now().Round(0).Add(r.ahead)
}

// jump moves the till's clock.
func (r *rig) jump(by time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ahead += by
}

func (r *rig) number() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.numbers++
	return fmt.Sprintf("DT%06d", r.numbers)
}

// open sets the shop up with its first process.
func (r *rig) open() {
	r.journal = journaltest.NewMemory()
	address := r.h.Address
	if r.atOnce {
		var err error
		if address, err = r.sim.Listen(); err != nil {
			r.fatalf("listen: %v", err)
		}
	}
	settings := map[string]string{payment.SettingCurrency: string(r.currency)}
	for key, value := range r.h.Settings {
		settings[key] = value
	}
	_, err := r.journal.Terminals().Add(r.ctx, payment.Terminal{
		Name: "Front", Protocol: r.h.Protocol.Name, Address: address, Settings: settings,
	})
	if err != nil {
		r.fatalf("add the terminal: %v", err)
	}
	r.start()
}

// start begins a process of the till.
func (r *rig) start() {
	dial := r.sim.Dial
	if r.atOnce {
		dial = loopback
	}
	p := &process{desk: newDesk(r.journal), net: newPlug(dial)}
	protocol := r.h.Protocol
	open := protocol.Open
	protocol.Open = func(t payment.Terminal, env payment.Env) (payment.Driver, error) {
		d, err := open(t, env)
		p.driver = d
		return d, err
	}
	p.till = till.New(till.Config{
		Journal: p.desk, Terminals: r.journal.Terminals(),
		Protocols: map[string]payment.Protocol{protocol.Name: protocol},
		Now:       r.now, NewNumber: r.number, Dial: p.net.Dial, Follow: r.follow,
		Log:     slog.New(slog.NewTextHandler(&r.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Secrets: journaltest.NewSecrets(r.h.Secrets),
	})
	r.process = p
	if err := p.till.Start(r.ctx); err != nil {
		r.fatalf("start the till: %v", err)
	}
	if _, err := p.till.Terminal(r.ctx, ""); err != nil || p.driver == nil {
		r.fatalf("open the driver: %v", err)
	}
	r.rest()
}

// kill ends the process as a power cut does. It may be called from inside it.
func (r *rig) kill() {
	p := r.process
	p.desk.fail(errDead)
	p.net.pull()
}

// restart begins the next process after the present one was killed.
func (r *rig) restart() {
	r.mu.Lock()
	r.dead = append(r.dead, r.process)
	r.mu.Unlock()
	if err := r.till.Close(); err != nil {
		r.errorf("close the dead till: %v", err)
	}
	r.journal.Crash()
	r.start()
}

// close ends everything that the scenario began.
func (r *rig) close() {
	if r.process != nil {
		if err := r.till.Close(); err != nil {
			r.errorf("close the till: %v", err)
		}
	}
	if err := r.sim.Close(); err != nil {
		r.errorf("close the simulator: %v", err)
	}
}

// rest lets everything come to a stand where it is.
func (r *rig) rest() {
	if !r.atOnce {
		synctest.Wait()
	}
}

// sleep lets time pass.
func (r *rig) sleep(d time.Duration) {
	time.Sleep(d)
	r.rest()
}

// longEnough is more than any driver, terminal and background of a till need.
const longEnough = 10 * time.Minute

// settle repairs everything and gives it time.
func (r *rig) settle() {
	r.net.heal()
	r.desk.fail(nil)
	r.rest()
	if !r.follow {
		if _, err := r.till.Recover(r.ctx, 0); err != nil {
			r.errorf("recover: %v", err)
		}
	}
	if !r.atOnce {
		r.sleep(longEnough)
	}
	if !r.follow {
		if _, err := r.till.Recover(r.ctx, 0); err != nil {
			r.errorf("recover: %v", err)
		}
	}
}

// sum reads an amount in the terminal's currency.
func (r *rig) sum(text string) payment.Amount {
	a, err := payment.ParseAmount(text, r.currency)
	if err != nil {
		r.fatalf("amount %q: %v", text, err)
	}
	return a
}

func (r *rig) charge(text string) till.Charge {
	return till.Charge{Asked: payment.Amounts{Amount: r.sum(text)}}
}

// try runs a call of the till and remembers the orders that it says were not sent.
func (r *rig) try(call func() (payment.Record, error)) (payment.Record, error) {
	r.mu.Lock()
	before := r.numbers
	r.mu.Unlock()
	rec, err := call()
	if err != nil && payment.CodeOf(err) != payment.CodeNotRecorded && !errors.Is(err, errDead) {
		r.mu.Lock()
		defer r.mu.Unlock()
		if r.numbers == before+1 {
			r.refused = append(r.refused, fmt.Sprintf("DT%06d", r.numbers))
		}
	}
	return rec, err
}

func (r *rig) tryPay(c till.Charge) (payment.Record, error) {
	return r.try(func() (payment.Record, error) { return r.till.Pay(r.ctx, c) })
}

// pay runs a sale that has to become an order, whatever its outcome.
func (r *rig) pay(text string) payment.Record {
	rec, err := r.tryPay(r.charge(text))
	if err != nil {
		r.fatalf("pay %s: %v", text, err)
	}
	return rec
}

// paid runs a sale that has to be approved.
func (r *rig) paid(text string) payment.Record {
	rec := r.pay(text)
	if s := rec.State(); s.Status != payment.StatusApproved {
		r.fatalf("the sale over %s is %s (%s, %s); want approved", text, s.Status, s.Code, s.Text)
	}
	return rec
}

func (r *rig) refund(original payment.Record, text string) (payment.Record, error) {
	b := till.Takeback{Original: original.Order.Number}
	if text != "" {
		b.Amount = r.sum(text)
	}
	return r.try(func() (payment.Record, error) { return r.till.Refund(r.ctx, b) })
}

func (r *rig) void(original payment.Record) (payment.Record, error) {
	b := till.Takeback{Original: original.Order.Number}
	return r.try(func() (payment.Record, error) { return r.till.Void(r.ctx, b) })
}

// running is a sale in the background.
type running struct {
	done chan struct{}
	rec  payment.Record
	err  error
}

// begin starts a sale and waits until it is on its way.
func (r *rig) begin(ctx context.Context, text string) *running {
	run := &running{done: make(chan struct{})}
	c := r.charge(text)
	till := r.till
	go func() {
		defer close(run.done)
		run.rec, run.err = till.Pay(ctx, c)
	}()
	r.rest()
	return run
}

func (run *running) wait() (payment.Record, error) {
	<-run.done
	return run.rec, run.err
}

// fresh returns the order as the journal has it now.
func (r *rig) fresh(rec payment.Record) payment.Record {
	now, err := r.journal.Find(r.ctx, rec.Order.Number)
	if err != nil {
		r.fatalf("find order %q: %v", rec.Order.Number, err)
	}
	return now
}

// last returns the newest order.
func (r *rig) last() payment.Record {
	list, err := r.journal.List(r.ctx, payment.Filter{Limit: 1})
	if err != nil || len(list) == 0 {
		r.fatalf("there is no order: %v", err)
	}
	return list[0]
}

// want checks the status of an order. One of which nobody can be asked must be
// unknown, whatever the terminal could tell.
func (r *rig) want(rec payment.Record, statuses ...payment.Status) {
	s := rec.State()
	if r.unaskable(rec) {
		statuses = []payment.Status{payment.StatusUnknown}
	}
	for _, want := range statuses {
		if s.Status == want {
			return
		}
	}
	r.errorf("order %s is %s (%s, %s); want %v; its story: %s", rec.Order.Number, s.Status, s.Code, s.Text, statuses, story(rec))
}

// wantCharges checks how many movements of money the terminal has.
func (r *rig) wantCharges(n int) {
	if have := r.sim.Charges(); len(have) != n {
		r.errorf("the terminal moved money %d times, want %d: %v", len(have), n, have)
	}
}

// wantCode checks that a call was refused, and nothing sent.
func (r *rig) wantCode(what string, err error, codes ...payment.Code) {
	for _, c := range codes {
		if payment.CodeOf(err) == c {
			return
		}
	}
	r.errorf("%s: %v (%q); want %q", what, err, payment.CodeOf(err), codes)
}

// story tells the entries of an order in one line.
func story(rec payment.Record) string {
	var b bytes.Buffer
	for i, e := range rec.Entries {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(string(e.Kind))
		if e.Outcome != "" || e.Code != "" {
			fmt.Fprintf(&b, "(%s %s)", e.Outcome, e.Code)
		}
	}
	return b.String()
}
