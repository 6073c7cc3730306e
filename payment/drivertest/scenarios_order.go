package drivertest

import (
	"context"
	"errors"
	"time"

	"tillkeeper/payment"
)

// numbers is point 3: one number is one attempt.
func numbers() []scenario {
	return []scenario{
		{name: "the same order number sent twice is charged once, or is refused", rude: true, sockets: true, run: func(r *rig) {
			rec := r.paid("12")
			r.repeat(rec)
			r.wantCharges(1)
		}},
		{name: "the same order number sent again after a lost answer is charged once, or is refused", rude: true,
			turns: []Turn{{Cut: BeforeAnswer, Forgotten: true}}, run: func(r *rig) {
				rec := r.pay("12")
				r.settle() // the customer may still be paying
				r.repeat(r.fresh(rec))
				r.wantCharges(1)
			}},
		{name: "a declined number is not paid by sending it again", rude: true, turns: []Turn{{Verdict: Decline}}, run: func(r *rig) {
			rec := r.pay("12")
			r.want(rec, payment.StatusDeclined)
			if res, err := r.driver.Do(r.ctx, r.request(rec.Order), unheard); err == nil && res.Outcome == payment.Approved {
				r.errorf("the driver says %s of a number that was declined", res.Outcome)
			}
			r.wantCharges(0)
		}},
		{name: "a number never seen is reported as not found", sockets: true, run: func(r *rig) {
			res, err := r.ask(r.order(payment.Sale, "12"))
			if r.driver.Capabilities().Unaskable {
				r.wantCode("a number never seen", err, payment.CodeCannotAsk)
				return
			}
			if err != nil || res.Outcome != payment.NotFound {
				r.errorf("a number never seen: %s, %v; want not found", res.Outcome, err)
			}
		}},
		{name: "a status query tells the truth of a paid and of a declined order", turns: []Turn{{}, {Verdict: Decline}}, run: func(r *rig) {
			paid, declined := r.pay("12"), r.pay("13")
			res, err := r.ask(paid.Order)
			if err != nil || res.Outcome != payment.Approved || payment.Compare(paid.Order, res) != nil {
				r.errorf("of a paid order: %s, %v", res.Outcome, err)
			}
			res, err = r.ask(declined.Order)
			if err != nil || !res.Outcome.Final() || res.Outcome == payment.Approved {
				r.errorf("of a declined order: %s, %v", res.Outcome, err)
			}
		}},
		{name: "a status query while the customer pays says pending, and disturbs nothing", turns: []Turn{{Slow: 10 * time.Second}}, run: func(r *rig) {
			run := r.begin(r.ctx, "12")
			r.sleep(time.Second)
			res, err := r.ask(r.last().Order)
			if err == nil && res.Outcome.Final() {
				r.errorf("of an order that is being paid: %s", res.Outcome)
			}
			rec, err := run.wait()
			if err != nil {
				r.fatalf("pay: %v", err)
			}
			r.want(rec, payment.StatusApproved)
		}},
	}
}

// unheard takes progress that no scenario looks at.
func unheard(payment.Progress) {}

// repeat sends an order once more, past the till. Whatever the driver says, it must not
// say that the order was not charged.
func (r *rig) repeat(rec payment.Record) {
	ctx, cancel := context.WithTimeout(r.ctx, bareLimit)
	defer cancel()
	res, err := r.driver.Do(ctx, r.request(rec.Order), unheard)
	if err == nil && res.Outcome != payment.Approved && payment.Compare(rec.Order, res) == nil {
		r.errorf("sent again, the driver says %s of an order that was charged", res.Outcome)
	}
}

// withdrawals is point 4: a cancel is a request.
func withdrawals() []scenario {
	slow := []Turn{{Slow: 10 * time.Second}}
	return []scenario{
		{name: "a cancel while the customer looks for the card charges nothing, and the next order works", turns: slow, needs: canCancel, run: func(r *rig) {
			run := r.begin(r.ctx, "12")
			r.sleep(time.Second)
			r.withdraw()
			rec, err := run.wait()
			if err != nil {
				r.fatalf("pay: %v", err)
			}
			r.want(rec, payment.StatusCancelled)
			r.paid("13")
			r.wantCharges(1)
		}},
		{name: "an approval overtakes the cancel, and is recorded as paid", turns: []Turn{{DeafToCancel: true}}, run: func(r *rig) {
			run := r.begin(r.ctx, "12")
			r.sleep(time.Second)
			r.withdraw()
			rec, err := run.wait()
			if err != nil {
				r.fatalf("pay: %v", err)
			}
			r.settle()
			r.want(r.fresh(rec), payment.StatusApproved)
			r.paid("13")
		}},
		{name: "a cancel that the terminal ignores for minutes ends in time, unknown, and the truth comes later",
			turns: []Turn{{DeafToCancel: true, Slow: 50 * time.Second}}, run: func(r *rig) {
				run := r.begin(r.ctx, "12")
				r.sleep(time.Second)
				r.withdraw()
				rec, err := run.wait()
				if err != nil {
					r.fatalf("pay: %v", err)
				}
				r.settle()
				r.want(r.fresh(rec), payment.StatusApproved)
			}},
		{name: "a caller who goes away asks to withdraw, and the last word is recorded", turns: slow, run: func(r *rig) {
			ctx, cancel := context.WithCancel(r.ctx)
			run := r.begin(ctx, "12")
			r.sleep(time.Second)
			start := time.Now()
			cancel()
			rec, err := run.wait()
			if took := time.Since(start); err != nil || took > soon {
				r.errorf("it took %s, %v", took, err)
			}
			if r.driver.Capabilities().Cancel {
				r.want(rec, payment.StatusCancelled)
			}
		}},
		{name: "a caller who is gone before anything is sent charges nothing", run: func(r *rig) {
			ctx, cancel := context.WithCancel(r.ctx)
			cancel()
			rec, err := r.begin(ctx, "12").wait()
			if err == nil {
				r.want(rec, noMoney...)
			}
			r.wantCharges(0)
		}},
		{name: "a cancel while the link is down ends in time, and the truth comes later", turns: slow, run: func(r *rig) {
			run := r.begin(r.ctx, "12")
			r.sleep(time.Second)
			r.net.hush()
			r.withdraw()
			rec, err := run.wait()
			if err != nil {
				r.fatalf("pay: %v", err)
			}
			r.want(rec, payment.StatusUnknown)
			r.settle()
			r.want(r.fresh(rec), payment.StatusApproved, payment.StatusCancelled)
		}},
		{name: "a till that closes while the customer pays withdraws the order or leaves it unknown", turns: slow, run: func(r *rig) {
			run := r.begin(r.ctx, "12")
			r.sleep(time.Second)
			r.reopen()
			rec, err := run.wait()
			if err == nil {
				r.want(rec, payment.StatusCancelled, payment.StatusUnknown)
			}
		}},
		{name: "an order that a dead process left can be withdrawn by the next", turns: []Turn{{Slow: 40 * time.Second}}, needs: canCancel, run: func(r *rig) {
			r.begin(r.ctx, "12")
			r.sleep(time.Second)
			r.kill()
			r.restart()
			number := r.last().Order.Number
			if _, err := r.till.Cancel(r.ctx, number); err != nil {
				r.errorf("cancel: %v", err)
			}
			r.settle()
			r.want(r.last(), noMoney...)
			r.wantCharges(0)
		}},
	}
}

// withdraw asks the till to cancel the newest order, and checks that it comes back in time.
func (r *rig) withdraw() {
	start := time.Now()
	if _, err := r.till.Cancel(r.ctx, r.last().Order.Number); err != nil {
		r.errorf("cancel: %v", err)
	}
	if took := time.Since(start); took > soon {
		r.errorf("the cancel took %s", took)
	}
}

// reopen closes the till properly and begins the next process.
func (r *rig) reopen() {
	start := time.Now()
	if err := r.till.Close(); err != nil {
		r.errorf("close: %v", err)
	}
	if took := time.Since(start); took > soon {
		r.errorf("closing the till took %s", took)
	}
	r.journal.Crash()
	r.start()
}

// oneAtATime is point 5: busy.
func oneAtATime() []scenario {
	slow := []Turn{{Slow: 10 * time.Second}}
	return []scenario{
		{name: "a second sale on a busy terminal is refused by the till at once", turns: slow, run: func(r *rig) {
			run := r.begin(r.ctx, "12")
			start := time.Now()
			_, err := r.tryPay(r.charge("13"))
			r.wantNotSent("a second sale", err, payment.CodeBusy)
			if took := time.Since(start); took > 0 {
				r.errorf("it took %s", took)
			}
			if _, err := run.wait(); err != nil {
				r.fatalf("pay: %v", err)
			}
			r.wantCharges(1)
		}},
		{name: "a second order straight at a busy driver fails at once with ErrNotSent", turns: slow, run: func(r *rig) {
			run := r.begin(r.ctx, "12")
			r.sleep(time.Second)
			start := time.Now()
			_, err := r.driver.Do(r.ctx, r.request(r.order(payment.Sale, "13")), unheard)
			r.wantNotSent("a second order", err, payment.CodeBusy)
			if took := time.Since(start); took > 0 {
				r.errorf("it took %s", took)
			}
			rec, err := run.wait()
			if err != nil {
				r.fatalf("pay: %v", err)
			}
			r.want(rec, payment.StatusApproved)
			r.wantCharges(1)
		}},
		{name: "a journal that cannot say \"sent\" keeps the order from leaving", run: func(r *rig) {
			o := r.order(payment.Sale, "12")
			req := payment.Request{Order: o, BeforeSend: func(context.Context) error { return errors.New("the disk is full") }}
			_, err := r.driver.Do(r.ctx, req, unheard)
			if !errors.Is(err, payment.ErrNotSent) {
				r.errorf("%v; want ErrNotSent", err)
			}
			r.wantCharges(0)
		}},
		{name: "the till records \"sent\" before the terminal can know of the order", run: func(r *rig) {
			o := r.order(payment.Sale, "12")
			if err := r.book(o); err != nil {
				r.fatalf("book: %v", err)
			}
			recorded := false
			req := payment.Request{Order: o, BeforeSend: func(context.Context) error {
				recorded = true
				r.sleep(time.Minute)
				r.wantCharges(0)
				return r.note(o.Number, payment.Entry{Kind: payment.KindSent})
			}}
			res, err := r.driver.Do(r.ctx, req, unheard)
			r.hear(o, res, err)
			if !recorded || err != nil {
				r.errorf("recorded: %v, %v", recorded, err)
			}
		}},
	}
}
