package drivertest

import (
	"time"

	"tillkeeper/payment"
)

// takebacks is point 6: what Capabilities claims works, the rest is unsupported.
func takebacks() []scenario {
	return []scenario{
		{name: "a void takes the whole sale back, once, or is unsupported as claimed", sockets: true, run: func(r *rig) {
			sale := r.paid("12")
			rec, err := r.void(sale)
			if !r.driver.Capabilities().Can(payment.Void) {
				r.wantCode("a void", err, payment.CodeUnsupported)
				r.wantCharges(1)
				return
			}
			r.wantApproved("void", rec, err)
			r.want(r.fresh(sale), payment.StatusVoided)
			_, err = r.void(sale)
			r.wantCode("a second void", err, payment.CodeAlreadyVoided)
			_, err = r.refund(sale, "1")
			why := payment.CodeAlreadyVoided
			if !r.driver.Capabilities().Can(payment.Refund) {
				why = payment.CodeUnsupported
			}
			r.wantCode("a refund after the void", err, why)
			r.wantCharges(2)
		}},
		{name: "a refund gives the whole sale back, once, or is unsupported as claimed", sockets: true, run: func(r *rig) {
			sale := r.paid("12")
			rec, err := r.refund(sale, "")
			if !r.driver.Capabilities().Can(payment.Refund) {
				r.wantCode("a refund", err, payment.CodeUnsupported)
				r.wantCharges(1)
				return
			}
			r.wantApproved("refund", rec, err)
			r.want(r.fresh(sale), payment.StatusRefunded)
			_, err = r.refund(sale, "")
			r.wantCode("a second refund", err, payment.CodeAlreadyRefunded)
			r.wantCharges(2)
		}},
		{name: "a sale is refunded in parts down to nothing, or only whole as claimed", needs: can(payment.Refund), run: func(r *rig) {
			sale := r.paid("12")
			rec, err := r.refund(sale, "5")
			if !r.driver.Capabilities().PartialRefund {
				r.wantCode("a part", err, payment.CodeUnsupported)
				r.wantCharges(1)
				return
			}
			r.wantApproved("the first part", rec, err)
			r.want(r.fresh(sale), payment.StatusPartlyRefunded)
			_, err = r.refund(sale, "8")
			r.wantCode("more than the rest", err, payment.CodeRefundTooHigh)
			rec, err = r.refund(sale, "")
			r.wantApproved("the rest", rec, err)
			r.want(r.fresh(sale), payment.StatusRefunded)
			r.wantCharges(3)
		}},
		{name: "a refund above the sale is refused by the till", needs: can(payment.Refund), run: func(r *rig) {
			_, err := r.refund(r.paid("12"), "13")
			r.wantCode("more than the sale", err, payment.CodeRefundTooHigh)
			r.wantCharges(1)
		}},
		{name: "a refund above the sale that passes the till is not approved", needs: can(payment.Refund), rude: true, run: func(r *rig) {
			sale := r.paid("12")
			res, err := r.driver.Do(r.ctx, r.request(r.followUp(payment.Refund, sale, "13")), unheard)
			if err == nil && res.Outcome == payment.Approved {
				r.errorf("the driver says %s", res.Outcome)
			}
			r.wantCharges(1)
		}},
		{name: "a sale that was refunded in part is not voided", needs: func(h Harness, c payment.Capabilities) string {
			if why := can(payment.Void)(h, c); why != "" {
				return why
			}
			return canPart(h, c)
		}, run: func(r *rig) {
			sale := r.paid("12")
			rec, err := r.refund(sale, "5")
			r.wantApproved("the part", rec, err)
			_, err = r.void(sale)
			r.wantCode("a void after it", err, payment.CodeAlreadyRefunded)
			r.wantCharges(2)
		}},
		{name: "what was declined has nothing to take back", turns: []Turn{{Verdict: Decline}}, needs: can(payment.Refund), run: func(r *rig) {
			_, err := r.refund(r.pay("12"), "")
			r.wantCode("a refund of nothing", err, payment.CodeNotPaid)
			r.wantCharges(0)
		}},
		{name: "a declined refund gives nothing back and leaves the sale as it was", turns: []Turn{{}, {Verdict: Decline}}, needs: can(payment.Refund), run: func(r *rig) {
			sale := r.paid("12")
			rec, err := r.refund(sale, "")
			if err != nil {
				r.fatalf("refund: %v", err)
			}
			r.want(rec, noMoney...)
			r.want(r.fresh(sale), payment.StatusApproved)
			r.wantCharges(1)
		}},
		{name: "a reserve is completed for less than it holds", needs: can(payment.PreAuth, payment.Completion), run: func(r *rig) {
			reserve := r.order(payment.PreAuth, "200")
			if res, err := r.do(reserve, nil); err != nil || res.Outcome != payment.Approved {
				r.fatalf("reserve: %s, %v", res.Outcome, err)
			}
			held, err := r.journal.Find(r.ctx, reserve.Number)
			if err != nil {
				r.fatalf("find the reserve: %v", err)
			}
			if res, err := r.do(r.followUp(payment.Completion, held, "185"), nil); err != nil || res.Outcome != payment.Approved {
				r.errorf("completion: %s, %v", res.Outcome, err)
			}
			r.wantCharges(2)
		}},
		{name: "an operation that is not claimed is unsupported, and nothing is sent", needs: func(_ Harness, c payment.Capabilities) string {
			if len(unclaimed(c)) == 0 {
				return "it claims every operation"
			}
			return ""
		}, run: func(r *rig) {
			sale := r.paid("12")
			for _, op := range unclaimed(r.driver.Capabilities()) {
				_, err := r.driver.Do(r.ctx, r.request(r.followUp(op, sale, "12")), unheard)
				r.wantNotSent(string(op), err, payment.CodeUnsupported)
			}
			r.wantCharges(1)
		}},
	}
}

func unclaimed(c payment.Capabilities) (ops []payment.Operation) {
	for _, op := range []payment.Operation{
		payment.Sale, payment.Void, payment.Refund, payment.PreAuth, payment.Completion, payment.TipAdjustment,
	} {
		if !c.Can(op) {
			ops = append(ops, op)
		}
	}
	return ops
}

func (r *rig) wantApproved(what string, rec payment.Record, err error) {
	if err != nil {
		r.fatalf("%s: %v", what, err)
	}
	r.want(rec, payment.StatusApproved)
}

// lostTakebacks are refunds and voids under faults: a doubled one is money lost, too.
func lostTakebacks() []scenario {
	lost := []Turn{{}, {Cut: BeforeAnswer, Forgotten: true}}
	return []scenario{
		{name: "a refund whose answer is lost goes back once, and is settled by query", turns: lost, needs: can(payment.Refund), run: func(r *rig) {
			sale := r.paid("12")
			rec, err := r.refund(sale, "")
			if err != nil {
				r.fatalf("refund: %v", err)
			}
			r.wantDoubt(rec)
			r.settle()
			r.want(r.fresh(rec), payment.StatusApproved)
			r.wantCharges(2)
		}},
		{name: "a void whose answer is lost is settled by query", turns: lost, needs: can(payment.Void), run: func(r *rig) {
			sale := r.paid("12")
			rec, err := r.void(sale)
			if err != nil {
				r.fatalf("void: %v", err)
			}
			r.wantDoubt(rec)
			r.settle()
			r.want(r.fresh(sale), payment.StatusVoided)
			r.wantCharges(2)
		}},
		{name: "an unknown refund counts as given until it is settled", needs: can(payment.Refund), turns: []Turn{{}, {Slow: 10 * time.Second}}, run: func(r *rig) {
			sale := r.paid("12")
			r.loseRefund(sale)
			_, err := r.refund(sale, "")
			r.wantCode("a second refund", err, payment.CodeRefundTooHigh, payment.CodeOpenUnknown, payment.CodeFollowUpOpen, payment.CodeAlreadyRefunded)
			_, err = r.void(sale)
			r.wantCode("a void beside it", err, payment.CodeFollowUpOpen, payment.CodeUnsupported)
			r.settle()
			r.wantCharges(2)
		}},
		{name: "a refund cut at every single read and write goes back at most once", needs: can(payment.Refund), steps: true, run: func(r *rig) {
			sale := r.paid("12")
			r.net.arm(r.step/2, r.step%2 == 0)
			if _, err := r.refund(sale, ""); err != nil {
				r.fatalf("refund: %v", err)
			}
			r.again = r.net.burnt()
		}},
		{name: "a void cut at every single read and write is done at most once", needs: can(payment.Void), steps: true, run: func(r *rig) {
			sale := r.paid("12")
			r.net.arm(r.step/2, r.step%2 == 0)
			if _, err := r.void(sale); err != nil {
				r.fatalf("void: %v", err)
			}
			r.again = r.net.burnt()
		}},
		{name: "a refund of a sale that is unknown is refused until the sale is settled", turns: []Turn{{Slow: 10 * time.Second}}, needs: can(payment.Refund), run: func(r *rig) {
			sale := r.lose("12")
			_, err := r.refund(sale, "12")
			r.wantCode("a refund of an unknown sale", err, payment.CodeOriginalOpen)
			r.settle()
			rec, err := r.refund(sale, "")
			r.wantApproved("a refund of a settled sale", rec, err)
			r.wantCharges(2)
		}},
	}
}

// loseRefund runs a refund whose network goes away on the way, and stays away.
func (r *rig) loseRefund(sale payment.Record) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		if rec, err := r.refund(sale, ""); err != nil || rec.State().Status != payment.StatusUnknown {
			r.errorf("the lost refund is %s, %v", rec.State().Status, err)
		}
	}()
	r.sleep(time.Second)
	r.net.pull()
	<-done
}
