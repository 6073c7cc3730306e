package drivertest

import (
	"fmt"
	"time"

	"tillkeeper/payment"
)

// beat is the pace of scenarios that try a trouble at every moment of an order.
const beat = 250 * time.Millisecond

// moments tries each trouble at every quarter of a second of an order's life.
func moments() (all []scenario) {
	for _, trouble := range []struct {
		name  string
		needs func(Harness, payment.Capabilities) string
		do    func(r *rig, run *running)
	}{
		{"is cut", nil, func(r *rig, _ *running) { r.net.cut() }},
		{"loses its network for a minute", nil, func(r *rig, _ *running) { r.net.pull(); r.sleep(time.Minute); r.net.heal() }},
		{"finds its link half open", nil, func(r *rig, _ *running) { r.net.hush(); r.sleep(time.Minute); r.net.heal() }},
		{"is asked to be withdrawn", canCancel, func(r *rig, run *running) { r.withdrawIfOpen(run) }},
		{"is asked about", nil, func(r *rig, _ *running) { _, _ = r.till.Query(r.ctx, r.last().Order.Number) }},
		{"loses its process", nil, func(r *rig, _ *running) { r.kill(); r.restart() }},
		{"sees its till closed", nil, func(r *rig, _ *running) { r.reopen() }},
	} {
		for _, order := range []struct {
			name  string
			turns []Turn
			paid  int
		}{
			{"a sale", nil, 1},
			{"a declined sale", []Turn{{Verdict: Decline}}, 0},
		} {
			all = append(all, scenario{
				name:  order.name + " that " + trouble.name + " at any quarter of a second is settled, and the next works",
				needs: trouble.needs, turns: order.turns, steps: true,
				run: func(r *rig) { r.disturb(trouble.do, order.paid) },
			})
		}
	}
	return append(all, scenario{
		name: "a till that gives up at any quarter of a second of a sale finds out that it was paid", steps: true, run: func(r *rig) {
			c := r.charge("12")
			c.Timeout = time.Duration(r.step+1) * beat
			rec, err := r.tryPay(c)
			if err != nil {
				r.fatalf("pay: %v", err)
			}
			r.again = rec.State().Status != payment.StatusApproved || rec.Has(payment.KindUnanswered)
			r.settle()
			r.want(r.fresh(rec), payment.StatusApproved)
		},
	})
}

// disturb runs a sale with a trouble in it, and one more after it.
func (r *rig) disturb(trouble func(*rig, *running), paid int) {
	run := r.begin(r.ctx, "12")
	r.sleep(time.Duration(r.step) * beat)
	select {
	case <-run.done:
		return
	default:
		r.again = true
	}
	trouble(r, run)
	<-run.done
	r.settle()
	first := r.last()
	r.want(first, append([]payment.Status{payment.StatusApproved}, noMoney...)...)
	if n := len(r.sim.Charges()); n > paid {
		r.errorf("the sale moved money %d times", n)
	}
	r.paid("13")
}

// withdrawIfOpen cancels the sale; one that is over by then is no fault.
func (r *rig) withdrawIfOpen(run *running) {
	if _, err := r.till.Cancel(r.ctx, r.last().Order.Number); err != nil {
		r.wantCode("cancel", err, payment.CodeNotOpen)
	}
	<-run.done
}

// neighbours: several processes of one till share the journal and the terminal.
func neighbours() []scenario {
	return []scenario{
		{name: "a second process is refused at once while the first one's order is under way", turns: []Turn{{Slow: 10 * time.Second}}, run: func(r *rig) {
			first := r.process
			run := r.begin(r.ctx, "12")
			r.beside()
			start := time.Now()
			_, err := r.tryPay(r.charge("13"))
			r.wantNotSent("the second process", err, payment.CodeBusy)
			if took := time.Since(start); took > soon {
				r.errorf("it took %s", took)
			}
			if rec, err := run.wait(); err != nil || rec.State().Status != payment.StatusApproved {
				r.errorf("the first one's order is %s, %v", rec.State().Status, err)
			}
			r.leave(first)
			r.wantCharges(1)
		}},
		{name: "two processes pay in turn, and every sale is one charge", run: func(r *rig) {
			first := r.process
			r.beside()
			second := r.process
			for i := range 6 {
				r.process = first
				if i%2 == 1 {
					r.process = second
				}
				r.paid(fmt.Sprint(10 + i))
			}
			r.process = second
			r.leave(first)
			r.wantCharges(6)
		}},
		{name: "a sale that one process lost is settled by another", turns: []Turn{{Slow: 10 * time.Second}}, run: func(r *rig) {
			first := r.process
			rec := r.lose("12")
			r.beside()
			r.sleep(time.Minute)
			if _, err := r.till.Recover(r.ctx, 0); err != nil {
				r.errorf("recover: %v", err)
			}
			r.want(r.fresh(rec), payment.StatusApproved)
			r.leave(first)
		}},
	}
}

// beside begins a second process while the present one lives on.
func (r *rig) beside() { r.start() }

// leave closes a process that is not the present one.
func (r *rig) leave(p *process) {
	if err := p.till.Close(); err != nil {
		r.errorf("close the other till: %v", err)
	}
}
