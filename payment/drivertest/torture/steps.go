package torture

import (
	"context"
	"fmt"
	"net"
	"slices"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/till"
)

func (d *day) dial(p *process) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, _, _ string) (net.Conn, error) { return d.net.dial(ctx, p) }
}

// take does one step of the plan.
func (d *day) take(s step) {
	switch s.what {
	case crash, kill, restart:
		d.end(s)
	case disk, clock, outage, reboot:
		d.befall(s)
	default:
		if t := d.present(); t != nil {
			d.serve(t, s)
		}
	}
}

// serve is what people do at the till.
func (d *day) serve(t *till.Till, s step) {
	ctx := context.Background()
	number := d.order(s.who)
	switch {
	case s.what == pay, s.what == press:
		d.pay(ctx, t, s)
	case s.what == wipe:
		cleared, err := t.Clear(ctx, "")
		d.judge.note("cleared the prompt", "", err)
		for _, r := range cleared {
			d.told(r)
		}
	case number == "":
	case s.what == refund, s.what == void:
		d.takeback(ctx, t, s, number)
	case s.what == query:
		r, err := t.Query(ctx, number)
		d.judge.note("asked", number, err)
		d.told(r)
	case s.what == cancel:
		r, err := t.Cancel(ctx, number)
		d.judge.note("asked to withdraw", number, err)
		d.told(r)
	case s.what == decide:
		_, err := t.Decide(ctx, till.Decision{Order: number, Paid: s.flag, Reason: "the customer says so", Proof: "slip"})
		d.judge.note(map[bool]string{true: "decided paid", false: "decided not paid"}[s.flag], number, err)
	}
}

// pay is one press on Pay: for the next customer, or once more for one of whom
// staff do not know that he has paid.
func (d *day) pay(ctx context.Context, t *till.Till, s step) {
	c, note := d.atTheTill(s)
	if c == nil {
		return
	}
	charge := till.Charge{Asked: payment.Amounts{Amount: c.sum}, Timeout: s.by, Note: note}
	if s.flag {
		charge.Despite = d.openOf(ctx, t, func(r payment.Record) bool { return r.Order.Asked.Total().Equal(c.sum) })
	}
	if s.what == pay && s.after > 0 {
		var stop context.CancelFunc
		ctx, stop = context.WithCancel(ctx)
		defer stop()
		time.AfterFunc(time.Duration(s.after)*time.Second, stop)
	}
	r, err := t.Pay(ctx, charge)
	d.pressed(t, note, r, err)
	d.told(r)
	d.mu.Lock()
	defer d.mu.Unlock()
	c.under--
	c.unrecorded = c.unrecorded || payment.CodeOf(err) == payment.CodeNotRecorded
}

// pressed hears how a press ended. What a dying program says is not heard.
func (d *day) pressed(t *till.Till, note string, r payment.Record, err error) {
	if d.present() == t {
		d.judge.pressed(note, r, err)
	}
}

// atTheTill finds the customer of a press, nil where there is none.
func (d *day) atTheTill(s step) (*customer, string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s.what == pay {
		d.clients = append(d.clients, &customer{sum: payment.FromMinor(s.sum, payment.DefaultCurrency)})
	}
	if len(d.clients) == 0 {
		return nil, ""
	}
	c := d.clients[len(d.clients)-1]
	if c.told || c.under > 0 && slices.Contains(d.harness.Without, DoublePress) {
		return nil, ""
	}
	if c.unrecorded && slices.Contains(d.harness.Without, PressUnrecorded) {
		return nil, ""
	}
	if c.under > 0 {
		d.judge.struck(DoublePress)
	}
	if c.unrecorded {
		d.judge.struck(PressUnrecorded)
	}
	c.under++
	note := fmt.Sprintf("customer %d press %d", len(d.clients), len(c.notes)+1)
	c.notes = append(c.notes, note)
	return c, note
}

// told remembers that staff have read what became of an order.
func (d *day) told(r payment.Record) {
	if r.Order.Number == "" || !r.State().Status.Moved() {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, c := range d.clients {
		c.told = c.told || slices.Contains(c.notes, r.Order.Note)
	}
}

// openOf names the open orders of a kind, for a person who overrides them all.
func (d *day) openOf(ctx context.Context, t *till.Till, kind func(payment.Record) bool) (numbers []string) {
	all, err := t.Orders(ctx, payment.Filter{})
	if err != nil {
		return nil
	}
	for _, r := range all {
		if r.State().Status.Open() && kind(r) {
			numbers = append(numbers, r.Order.Number)
		}
	}
	return numbers
}

func (d *day) takeback(ctx context.Context, t *till.Till, s step, number string) {
	if r, err := t.Order(ctx, number); err == nil && byPerson(r) {
		fault := map[what]Fault{void: VoidDecided, refund: RefundDecided}[s.what]
		if slices.Contains(d.harness.Without, fault) {
			return
		}
		d.judge.struck(fault)
	}
	note := fmt.Sprintf("%s %d of %s", s.what, d.takebacks.Add(1), number)
	b := till.Takeback{Original: number, Reason: note}
	if s.flag {
		b.Despite = d.openOf(ctx, t, func(r payment.Record) bool { return r.Order.Original == number })
	}
	if s.sum > 0 {
		b.Amount = payment.FromMinor(s.sum, payment.DefaultCurrency)
	}
	var r payment.Record
	var err error
	if s.what == void {
		r, err = t.Void(ctx, b)
	} else {
		r, err = t.Refund(ctx, b)
	}
	d.pressed(t, note, r, err)
}

// end is the end of a process, and the start of the next one.
func (d *day) end(s step) {
	d.mu.Lock()
	p, t := d.now, d.till
	d.mu.Unlock()
	switch {
	case t == nil:
		return
	case s.what == crash:
		p.arm(s.after, s.flag)
		d.judge.note("the program will die at a write", fmt.Sprint(s.after, " before: ", s.flag), nil)
		d.watch(p)
	case s.what == kill:
		d.judge.struck(Kill)
		p.kill(Kill)
	default:
		d.judge.note("the program is closed", "", nil)
		d.mu.Lock()
		d.till = nil
		d.mu.Unlock()
		if err := t.Close(); err != nil {
			d.judge.violate("the till does not close: %v", err)
		}
		p.kill(Kill)
	}
	time.Sleep(time.Second + s.by)
	if p.dead() {
		d.open(p)
	}
}

// watch waits until a process that is to die at a write has found one, for a while.
func (d *day) watch(p *process) {
	for range 60 {
		if p.dead() {
			d.judge.struck(Crash)
			return
		}
		time.Sleep(2 * time.Second)
	}
	p.disarm()
}

// befall is what happens to the shop rather than to the program.
func (d *day) befall(s step) {
	d.judge.note(string(s.what), s.by.String(), nil)
	if s.what == clock {
		d.judge.struck(ClockJump)
		d.jump.Add(int64(s.by))
		return
	}
	d.mu.Lock()
	d.trouble++
	mine := d.trouble
	d.mu.Unlock()
	switch s.what {
	case disk:
		d.judge.struck(DiskFull)
		d.journal.Break(errDiskFull)
	case outage:
		d.judge.struck(Outage)
		d.net.outage(s.flag)
	case reboot:
		d.judge.struck(Reboot)
		d.net.outage(false)
	}
	time.Sleep(s.by)
	d.mu.Lock()
	last := d.trouble == mine && !d.healing
	d.mu.Unlock()
	if !last {
		return
	}
	d.net.restore()
	d.journal.Break(nil)
}
