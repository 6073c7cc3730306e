package drivertest

import (
	"slices"
	"strings"
	"sync"
	"time"

	"tillkeeper/payment"
)

// crashes: the process dies at each persisted step, and the next one recovers.
func crashes() []scenario {
	sale := func(r *rig) { r.begin(r.ctx, "12"); r.sleep(time.Minute) }
	all := []scenario{
		{name: "the process dies while the customer pays, and the next one learns that it was paid", turns: []Turn{{Slow: 10 * time.Second}}, run: func(r *rig) {
			r.begin(r.ctx, "12")
			r.sleep(time.Second)
			r.kill()
			r.restart()
			r.sleep(time.Minute)
			r.want(r.last(), payment.StatusApproved)
		}},
		{name: "the process dies, and the terminal is away when the next one starts", turns: []Turn{{Slow: 10 * time.Second}}, run: func(r *rig) {
			r.begin(r.ctx, "12")
			r.sleep(time.Second)
			r.kill()
			r.restart()
			r.net.pull()
			r.sleep(time.Hour)
			r.want(r.last(), payment.StatusUnknown, payment.StatusApproved)
			r.settle()
			r.want(r.last(), payment.StatusApproved)
		}},
	}
	for _, c := range []struct {
		name  string
		turns []Turn
		needs func(Harness, payment.Capabilities) string
		act   func(r *rig)
	}{
		{"a sale", nil, nil, sale},
		{"a declined sale", []Turn{{Verdict: Decline}}, nil, sale},
		{"a sale whose answer is lost", []Turn{{Cut: BeforeAnswer}}, nil, sale},
		{"a refund", nil, can(payment.Refund), func(r *rig) { r.inBackground(func() { _, _ = r.refund(r.last(), "") }) }},
		{"a void", nil, can(payment.Void), func(r *rig) { r.inBackground(func() { _, _ = r.void(r.last()) }) }},
	} {
		all = append(all, scenario{
			name:  "the process dies before and after every write of " + c.name + ", and nothing is lost or doubled",
			needs: c.needs, steps: true, turns: c.turns, run: func(r *rig) {
				if c.needs != nil {
					r.paid("12")
				}
				r.desk.arm(r.step/2, r.step%2 == 1, errDead, r.net.pull)
				c.act(r)
				r.again = r.desk.tripped()
				if r.again {
					r.restart()
				}
			},
		})
	}
	return all
}

// inBackground runs f and gives it a minute.
func (r *rig) inBackground(f func()) {
	go f()
	r.sleep(time.Minute)
}

// disks: if the journal cannot write, the till does not send; once sent, the
// answer is recorded as soon as it can be.
func disks() []scenario {
	return []scenario{
		{name: "a full disk before the sale: nothing is sent", sockets: true, run: func(r *rig) {
			r.desk.fail(errFull)
			_, err := r.tryPay(r.charge("12"))
			r.wantCode("a full disk", err, payment.CodeCannotRecord)
			r.wantCharges(0)
			r.desk.fail(nil)
			r.paid("12")
		}},
		{name: "a disk that fills up at any write of a sale loses nothing", steps: true, run: func(r *rig) { r.fillUp() }},
		{name: "a disk that fills up at any write of a declined sale loses nothing", steps: true, turns: []Turn{{Verdict: Decline}}, run: func(r *rig) { r.fillUp() }},
		{name: "a disk that fills up at any write over a connection made for the sale loses nothing", steps: true, brief: true, run: func(r *rig) { r.fillUp() }},
		{name: "a disk that is full while a lost sale is asked about loses nothing", turns: []Turn{{Slow: 10 * time.Second}}, run: func(r *rig) {
			rec := r.lose("12")
			r.desk.fail(errFull)
			r.net.heal()
			r.sleep(10 * time.Minute)
			r.settle()
			r.want(r.fresh(rec), payment.StatusApproved)
		}},
	}
}

// fillUp runs a sale whose disk is full from one write on, for a minute.
func (r *rig) fillUp() {
	r.desk.arm(r.step/2, r.step%2 == 1, errFull, nil)
	run := r.begin(r.ctx, "12")
	r.sleep(time.Minute)
	r.again = r.desk.tripped()
	r.desk.fail(nil)
	if _, err := run.wait(); err != nil {
		r.wantCode("pay", err, payment.CodeCannotRecord, payment.CodeNotRecorded)
	}
}

// clocks: the till's clock jumps while an order is under way or unknown.
func clocks() (all []scenario) {
	for _, jump := range []struct {
		name string
		by   time.Duration
	}{
		{"a day forward", 24 * time.Hour}, {"an hour back", -time.Hour}, {"to a year ago", -365 * 24 * time.Hour},
	} {
		all = append(all,
			scenario{name: "the clock jumps " + jump.name + " while the customer pays, and the sale is approved", turns: []Turn{{Slow: 10 * time.Second}}, run: func(r *rig) {
				run := r.begin(r.ctx, "12")
				r.sleep(time.Second)
				r.jump(jump.by)
				rec, err := run.wait()
				if err != nil {
					r.fatalf("pay: %v", err)
				}
				r.want(rec, payment.StatusApproved)
			}},
			scenario{name: "the clock jumps " + jump.name + " while a sale is unknown, and the truth is still found", turns: []Turn{{Slow: 40 * time.Second, Forgotten: true}}, run: func(r *rig) {
				rec := r.lose("12")
				r.jump(jump.by)
				r.sleep(time.Minute)
				r.net.heal()
				r.settle()
				r.want(r.fresh(rec), payment.StatusApproved)
			}},
		)
	}
	return all
}

// manners are points 8 and 9: progress in order and before the result; nothing
// written holds a card number or a secret. Every scenario looks for those.
func manners() []scenario {
	return []scenario{
		{name: "progress comes in order, in time, and before the result", turns: []Turn{{Slow: 10 * time.Second}}, run: func(r *rig) { r.listen() }},
		{name: "a driver that nobody asked for progress works the same", run: func(r *rig) {
			o := r.order(payment.Sale, "12")
			if err := r.book(o); err != nil {
				r.fatalf("book: %v", err)
			}
			res, err := r.driver.Do(r.ctx, r.request(o), nil)
			r.hear(o, res, err)
			if err != nil || res.Outcome != payment.Approved {
				r.errorf("%s, %v", res.Outcome, err)
			}
		}},
		{name: "of a full card number that a terminal sends, only the last four digits are kept", turns: []Turn{{Manner: CardNumber}}, run: func(r *rig) {
			rec := r.paid("12")
			if card := rec.State().Facts.Card; !strings.HasSuffix(r.h.Card, card) || len(card) > 4 {
				r.errorf("of the card, %q is kept", card)
			}
		}},
	}
}

// listen runs an order and checks what the driver tells of it.
func (r *rig) listen() {
	var told progress
	done := make(chan struct{})
	go func() {
		defer close(done)
		res, err := r.do(r.order(payment.Sale, "12"), told.hear)
		told.end()
		if err != nil || res.Outcome != payment.Approved {
			r.errorf("do: %s, %v", res.Outcome, err)
		}
	}()
	r.sleep(5 * time.Second)
	if early := told.kinds(); len(early) == 0 || early[0] != payment.ProgressSent {
		r.errorf("while the customer pays, the driver has told %v; want %q first", early, payment.ProgressSent)
	}
	<-done
	r.sleep(time.Minute)
	if told.late {
		r.errorf("progress is told after the result")
	}
	order := []payment.ProgressKind{payment.ProgressSent, payment.ProgressAccepted, payment.ProgressWaiting, payment.ProgressProcessing}
	if !slices.IsSortedFunc(told.kinds(), func(a, b payment.ProgressKind) int {
		return slices.Index(order, a) - slices.Index(order, b)
	}) {
		r.errorf("told %v", told.kinds())
	}
}

// progress collects what a driver tells.
type progress struct {
	mu         sync.Mutex
	told       []payment.ProgressKind
	over, late bool
}

func (p *progress) hear(step payment.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.told, p.late = append(p.told, step.Kind), p.late || p.over
}

func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.over = true
}

func (p *progress) kinds() []payment.ProgressKind {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.told)
}

// endings is point 10: after Close no goroutine is left and every call fails. Every
// scenario looks for goroutines.
func endings() []scenario {
	return []scenario{
		{name: "after Close, twice, every call fails as closed", sockets: true, run: func(r *rig) {
			rec := r.paid("12")
			for range 2 {
				if err := r.driver.Close(); err != nil {
					r.errorf("close: %v", err)
				}
			}
			r.wantClosed(rec.Order)
		}},
		{name: "a driver that was never used closes without a word", sockets: true, brief: true, run: func(r *rig) {
			if err := r.driver.Close(); err != nil {
				r.errorf("close: %v", err)
			}
			r.wantClosed(r.order(payment.Sale, "12"))
		}},
		{name: "Close in the middle of an order ends it at once, unknown", turns: []Turn{{Slow: 10 * time.Second}}, run: func(r *rig) {
			o := r.order(payment.Sale, "12")
			done := make(chan struct{})
			go func() {
				defer close(done)
				res, err := r.do(o, nil)
				r.wantUnknown("a closed driver", res, err)
			}()
			r.sleep(2 * time.Second)
			start := time.Now()
			if err := r.driver.Close(); err != nil {
				r.errorf("close: %v", err)
			}
			<-done
			if took := time.Since(start); took > soon {
				r.errorf("closing took %s", took)
			}
			r.reopen()
		}},
	}
}

// wantClosed checks every method of a driver that was closed.
func (r *rig) wantClosed(o payment.Order) {
	_, err := r.driver.Do(r.ctx, r.request(o), unheard)
	r.wantNotSent("Do", err, payment.CodeClosed)
	_, err = r.driver.Status(r.ctx, r.request(o))
	r.wantCode("Status", err, payment.CodeClosed)
	if a, ok := r.driver.(payment.Aborter); ok {
		r.wantCode("Abort", a.Abort(r.ctx, r.request(o)), payment.CodeClosed)
	}
	if d, ok := r.driver.(payment.Tester); ok {
		_, err := d.Test(r.ctx)
		r.wantCode("Test", err, payment.CodeClosed)
	}
	if d, ok := r.driver.(payment.Readier); ok && d.Ready() {
		r.errorf("a closed driver says that it is ready")
	}
}
