package drivertest

import (
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/till"
)

// answers is point 7: an answer that cannot be trusted is an error before the
// deadline, never a panic and never an approval; the status query then tells.
func answers() (all []scenario) {
	for _, a := range []struct {
		name    string
		manner  Manner
		sockets bool
	}{
		{"no answer at all", Silent, false},
		{"a torn answer", Torn, true},
		{"an answer cut short", Malformed, false},
		{"an answer of garbage", Garbage, false},
		{"an oversized answer", Oversized, true},
		{"an answer without content", Hollow, false},
		{"an answer for another order", WrongNumber, false},
		{"an answer over another sum", WrongAmount, true},
		{"an answer in another currency", WrongCurrency, false},
		{"an answer for another operation", WrongOperation, false},
		{"an answer that says yes and no", Contradictory, false},
		{"an answer that says only that time ran out", TimedOut, false},
	} {
		all = append(all, scenario{
			name: a.name + " is no approval; the query tells that it was paid", sockets: a.sockets,
			turns: []Turn{{Manner: a.manner, Forgotten: true}}, run: func(r *rig) {
				rec := r.distrusted()
				r.want(rec, payment.StatusApproved)
				r.wantCharges(1)
			},
		}, scenario{
			name:  a.name + " to a refused sale never makes it paid",
			turns: []Turn{{Verdict: Decline, Manner: a.manner, Forgotten: true}}, run: func(r *rig) {
				rec := r.pay("12")
				r.settle()
				r.want(r.fresh(rec), noMoney...)
				r.wantCharges(0)
			},
		})
	}
	return all
}

// distrusted runs a sale whose answer proves nothing, and returns it when it is
// settled.
func (r *rig) distrusted() payment.Record {
	rec := r.pay("12")
	r.wantDoubt(rec)
	for _, e := range rec.Entries {
		if e.Kind == payment.KindAnswer && e.Outcome == payment.Approved && !r.h.Quirks.AsksItself {
			r.errorf("the answer was taken for an approval; the story: %s", story(rec))
		}
	}
	r.settle()
	return r.fresh(rec)
}

// statuses are answers to a status query that settle nothing.
func statuses() (all []scenario) {
	for _, a := range []struct {
		name   string
		manner StatusManner
	}{
		{"no answer", StatusSilent},
		{"\"not found\" too early", StatusNotFound},
		{"\"pending\"", StatusPending},
		{"an answer cut short", StatusMalformed},
		{"a fault of the gateway", StatusFault},
		{"an answer about another order", StatusWrongNumber},
		{"another sum", StatusWrongAmount},
		{"yes and no at once", StatusContradictory},
		{"a lost connection", StatusHangUp},
	} {
		for _, sale := range []string{"a paid", "a declined"} {
			verdict := Approve
			if sale == "a declined" {
				verdict = Decline
			}
			all = append(all, scenario{
				name:  "a status query about " + sale + " sale that gets " + a.name + " settles nothing, and is asked again",
				turns: []Turn{{Verdict: verdict, Cut: BeforeAnswer, Forgotten: true}}, statuses: []StatusManner{a.manner},
				run: func(r *rig) {
					rec := r.pay("12")
					r.wantDoubt(rec)
					r.settle()
					want := noMoney
					if verdict == Approve {
						want = []payment.Status{payment.StatusApproved}
					}
					r.want(r.fresh(rec), want...)
				},
			})
		}
	}
	return all
}

// lates: late truth wins.
func lates() []scenario {
	return []scenario{
		{name: "an answer after the till gave up is recorded all the same", turns: []Turn{{Late: 6 * time.Minute}}, run: func(r *rig) {
			rec := r.pay("12")
			r.settle()
			r.want(r.fresh(rec), payment.StatusApproved)
			r.wantCharges(1)
		}},
		{name: "a customer who pays after the till gave up is found out", turns: []Turn{{Slow: 50 * time.Second}}, run: func(r *rig) {
			c := r.charge("12")
			c.Timeout = 10 * time.Second
			rec, err := r.tryPay(c)
			if err != nil {
				r.fatalf("pay: %v", err)
			}
			r.want(rec, payment.StatusUnknown)
			r.settle()
			r.want(r.fresh(rec), payment.StatusApproved)
		}},
		decided("a sale decided as not paid turns out paid: the truth stands, and the contradiction shows", Approve, false, payment.StatusApproved),
		decided("a sale decided as paid turns out refused: the truth stands, and the contradiction shows", Decline, true, noMoney...),
		{name: "an answer delivered twice is recorded once", turns: []Turn{{Manner: Twice}}, run: func(r *rig) {
			rec := r.paid("12")
			r.settle()
			r.wantOneAnswer(r.fresh(rec))
		}},
		{name: "an answer delivered twice does not settle the next order", turns: []Turn{{Manner: Twice}, {Verdict: Decline}}, run: func(r *rig) {
			r.paid("12")
			r.want(r.pay("12"), payment.StatusDeclined)
			r.wantCharges(1)
		}},
		{name: "a late approval of the last order neither settles nor disturbs the next", turns: []Turn{{Late: 20 * time.Second}, {Verdict: Decline, Slow: 30 * time.Second}}, run: func(r *rig) {
			c := r.charge("12")
			c.Timeout = 10 * time.Second
			first, err := r.tryPay(c)
			if err != nil {
				r.fatalf("pay: %v", err)
			}
			rec := r.pay("13")
			if rec.Has(payment.KindMismatch) {
				r.errorf("the late answer was taken for one to the next order; the story: %s", story(rec))
			}
			r.settle()
			r.want(r.fresh(first), payment.StatusApproved)
			r.want(r.fresh(rec), noMoney...)
			r.wantCharges(1)
		}},
		{name: "a result pushed on the next connection settles the order without asking", needs: redelivers,
			turns:    []Turn{{Slow: 10 * time.Second}},
			statuses: []StatusManner{StatusSilent, StatusSilent, StatusSilent, StatusSilent, StatusSilent, StatusSilent},
			run: func(r *rig) {
				rec := r.lose("12")
				r.sleep(time.Minute)
				r.net.heal()
				r.sleep(2 * time.Minute)
				rec = r.fresh(rec)
				r.want(rec, payment.StatusApproved)
				r.wantOneAnswer(rec)
			}},
		{name: "a refusal pushed on the next connection settles the order", needs: redelivers,
			turns: []Turn{{Verdict: Decline, Slow: 10 * time.Second}}, run: func(r *rig) {
				rec := r.lose("12")
				r.sleep(time.Minute)
				r.net.heal()
				r.sleep(2 * time.Minute)
				r.want(r.fresh(rec), noMoney...)
			}},
	}
}

// decided is a sale of which a person decides what happened, before the truth comes.
func decided(name string, verdict Verdict, paid bool, want ...payment.Status) scenario {
	return scenario{name: name, turns: []Turn{{Verdict: verdict, Slow: 10 * time.Second}}, run: func(r *rig) {
		rec := r.lose("12")
		_, err := r.till.Decide(r.ctx, till.Decision{
			Order: rec.Order.Number, Paid: paid, Reason: "the customer had to leave", Proof: "slip 17", Staff: "Eva",
		})
		if err != nil {
			r.fatalf("decide: %v", err)
		}
		r.net.heal()
		r.rest()
		if _, err := r.till.Query(r.ctx, rec.Order.Number); err != nil {
			r.errorf("query: %v", err)
		}
		rec = r.fresh(rec)
		r.want(rec, want...)
		if !rec.State().Contradicted {
			r.errorf("the contradiction does not show; the story: %s", story(rec))
		}
	}}
}

func (r *rig) wantOneAnswer(rec payment.Record) {
	n := 0
	for _, e := range rec.Entries {
		if e.Kind == payment.KindAnswer || e.Kind == payment.KindMismatch {
			n++
		}
	}
	if n != 1 {
		r.errorf("%d answers are recorded; the story: %s", n, story(rec))
	}
}
