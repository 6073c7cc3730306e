package drivertest

import (
	"context"
	"fmt"
	"time"

	"tillkeeper/payment"
)

// cuts is point 2: cut before the request is not sent; cut at any later moment
// is unknown, and then the status query tells the truth.
func cuts() []scenario {
	return []scenario{
		{name: "no network: the order is not sent, and says so", sockets: true, brief: true, run: func(r *rig) {
			r.net.pull()
			rec := r.pay("12")
			r.want(rec, payment.StatusNotSent)
			r.wantCode("no network", &payment.Error{Code: rec.State().Code}, payment.CodeNotReached)
			r.net.heal()
			r.paid("12")
			r.wantCharges(1)
		}},
		{name: "no network, straight at the driver: ErrNotSent", run: func(r *rig) {
			r.net.pull()
			r.rest() // until the driver has noticed, if it holds a link at all
			_, err := r.do(r.order(payment.Sale, "12"), nil)
			r.wantNotSent("no network", err, payment.CodeNotReached)
			r.wantCharges(0)
		}},
		{name: "cut between the journal's word and the first byte: nothing is charged", run: func(r *rig) {
			o := r.order(payment.Sale, "12")
			if err := r.book(o); err != nil {
				r.fatalf("book: %v", err)
			}
			req := payment.Request{Order: o, BeforeSend: func(context.Context) error { r.net.pull(); return nil }}
			res, err := r.driver.Do(r.ctx, req, func(payment.Progress) {})
			if err == nil {
				r.errorf("the driver says %s", res.Outcome)
			}
			r.hear(o, res, err)
			r.wantCharges(0)
		}},
		{name: "cut as the order arrives: unknown, and nothing is charged", turns: []Turn{{Cut: OnArrival}}, run: func(r *rig) {
			rec := r.pay("12")
			r.wantDoubt(rec)
			r.wantCharges(0)
			r.settle()
			if r.driver.Capabilities().NotFoundProves {
				r.want(r.fresh(rec), payment.StatusExpired)
			} else {
				r.want(r.fresh(rec), payment.StatusUnknown)
			}
		}},
		cutThen("cut while the customer pays: unknown, then approved by query", Turn{Cut: AtCard, Forgotten: true}, payment.StatusApproved),
		cutThen("cut while the customer pays, and the bank says no: unknown, then not charged by query", Turn{Verdict: Decline, Cut: AtCard, Forgotten: true}, noMoney...),
		cutThen("cut between payment and answer: unknown, then approved by query", Turn{Cut: BeforeAnswer, Forgotten: true}, payment.StatusApproved),
		cutThen("cut between refusal and answer: unknown, then not charged by query", Turn{Verdict: Decline, Cut: BeforeAnswer, Forgotten: true}, noMoney...),
		{name: "a sale cut at every single read and write is charged at most once and never denied", steps: true, run: func(r *rig) {
			r.net.arm(r.step/2, r.step%2 == 0)
			rec := r.pay("12")
			r.again = r.net.burnt()
			if !r.again {
				r.want(rec, payment.StatusApproved)
			}
		}},
		{name: "a sale over a connection made for it, cut at every single read and write, is never denied", steps: true, brief: true, run: func(r *rig) {
			r.net.arm(r.step/2, r.step%2 == 0)
			rec := r.pay("12")
			r.again = r.net.burnt()
			if !r.again {
				r.want(rec, payment.StatusApproved)
			}
		}},
		{name: "a declined sale cut at every single read and write is never paid", steps: true, turns: []Turn{{Verdict: Decline}}, run: func(r *rig) {
			r.net.arm(r.step/2, r.step%2 == 0)
			r.pay("12")
			r.again = r.net.burnt()
			r.wantCharges(0)
		}},
	}
}

// wantDoubt checks that the till was in doubt about an order at some time, and
// was so before the driver's limit. A driver that asks by itself may have settled a
// sale by now; whether that was the truth is for the caller to check.
func (r *rig) wantDoubt(rec payment.Record) {
	if r.h.Quirks.AsksItself && rec.Order.Operation == payment.Sale && !rec.State().Status.Open() {
		return
	}
	for _, e := range rec.Entries {
		if e.Kind != payment.KindUnanswered && e.Kind != payment.KindMismatch {
			continue
		}
		if took := e.Time.Sub(rec.Order.Created); took > bareLimit {
			r.errorf("the driver took %s to give up", took)
		}
		return
	}
	r.errorf("order %s was never in doubt; its story: %s", rec.Order.Number, story(rec))
}

// cutThen is an order that loses its connection and is settled by asking.
func cutThen(name string, turn Turn, want ...payment.Status) scenario {
	return scenario{name: name, turns: []Turn{turn}, sockets: turn.Cut == BeforeAnswer, run: func(r *rig) {
		rec := r.pay("12")
		r.wantDoubt(rec)
		r.want(rec, append(want, payment.StatusUnknown)...)
		r.settle()
		r.want(r.fresh(rec), want...)
	}}
}

// links are the slower troubles of a network.
func links() []scenario {
	return []scenario{
		{name: "a link that goes silent half open is noticed, and the sale settled", turns: []Turn{{Slow: 10 * time.Second}}, run: func(r *rig) {
			run := r.begin(r.ctx, "12")
			r.net.hush()
			r.sleep(time.Minute)
			r.net.heal()
			rec, err := run.wait()
			if err != nil {
				r.fatalf("pay: %v", err)
			}
			r.settle()
			r.want(r.fresh(rec), payment.StatusApproved, payment.StatusUnknown)
		}},
		{name: "a link that was half open before the sale does not charge twice", run: func(r *rig) {
			r.paid("3")
			r.net.hush()
			run := r.begin(r.ctx, "12")
			r.sleep(5 * time.Minute)
			r.net.heal()
			if _, err := run.wait(); err != nil {
				r.fatalf("pay: %v", err)
			}
			r.wantCharges(1)
		}},
		{name: "the network stays away for an hour: unknown all the while, then the truth", turns: []Turn{{Slow: 10 * time.Second}}, run: func(r *rig) {
			run := r.begin(r.ctx, "12")
			r.sleep(time.Second)
			r.net.pull()
			rec, err := run.wait()
			if err != nil {
				r.fatalf("pay: %v", err)
			}
			r.want(rec, payment.StatusUnknown)
			r.sleep(time.Hour)
			r.want(r.fresh(rec), payment.StatusUnknown)
			r.net.heal()
			r.sleep(2 * time.Minute)
			r.want(r.fresh(rec), payment.StatusApproved)
		}},
		{name: "the same sum is not charged again while the first is unknown", turns: []Turn{{Slow: 10 * time.Second}}, run: func(r *rig) {
			first := r.lose("12")
			_, err := r.tryPay(r.charge("12"))
			r.wantCode("the same sum", err, payment.CodeOpenUnknown)
			c := r.charge("12")
			c.Despite, c.Staff = []string{first.Order.Number}, "Eva"
			if _, err := r.tryPay(c); err != nil {
				r.errorf("despite an approval: %v", err)
			}
		}},
		{name: "the link drops and comes back ten times, and every sale is one charge", run: func(r *rig) {
			for i := range 10 {
				r.net.cut()
				r.sleep(time.Minute)
				r.paid(fmt.Sprint(10 + i))
			}
			r.wantCharges(10)
		}},
	}
}

// lose runs a sale whose network goes away while the customer pays. The network
// stays away.
func (r *rig) lose(text string) payment.Record {
	run := r.begin(r.ctx, text)
	r.sleep(time.Second)
	r.net.pull()
	rec, err := run.wait()
	if err != nil {
		r.fatalf("pay: %v", err)
	}
	r.want(rec, payment.StatusUnknown)
	return rec
}
