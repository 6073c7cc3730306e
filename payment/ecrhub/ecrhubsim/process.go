package ecrhubsim

import (
	"maps"
	"time"

	"tillkeeper/payment"
)

// takeOrder checks an order, stores it and sets it going.
func (t *Terminal) takeOrder(c *conn, req *request) {
	o, no := t.readOrder(c, req)
	if no != nil {
		t.refuseRequest(c, req, no, failedBiz(req))
		return
	}
	switch no := t.admit(o); {
	case no == refuseBusy && t.opts.Busy == BusySilent:
	case no == refuseRepeated:
		t.report(c, o.number, RuleRepeated, "merchant_order_no was used before")
		t.refuseRequest(c, req, no, failedBiz(req))
	case no != nil:
		t.refuseRequest(c, req, no, failedBiz(req))
	case o.outcome.Fault == CloseBefore:
		c.Close()
	default:
		t.life.Go(func() { t.process(o) })
	}
}

// admit stores the order and gives it its outcome, or says why not. An order
// lost by [CloseBefore] was never there.
func (t *Terminal) admit(o *order) *refusal {
	t.mu.Lock()
	defer t.mu.Unlock()
	occupied := t.screen.showing != nil || len(t.screen.waiting) > 0
	if occupied && t.opts.Busy != BusyQueue && t.orders.orders[o.number] == nil {
		return refuseBusy
	}
	if no := t.orders.create(o); no != nil {
		return no
	}
	o.outcome = t.nextOutcome(o)
	if o.outcome.Fault == CloseBefore {
		delete(t.orders.orders, o.number)
		t.refuse = o.outcome.RefuseNext
		return nil
	}
	t.screen.enter(o)
	return nil
}

// failedBiz is the echo that goes with a refusal (§11.3).
func failedBiz(req *request) object {
	biz := maps.Clone(req.biz)
	biz["trans_status"] = statusFailed
	return biz
}

// process is the life of one order, from the line to the delivered result.
func (t *Terminal) process(o *order) {
	expiry := time.NewTimer(o.expires)
	defer expiry.Stop()
	no, alive := t.pay(o, expiry.C)
	if !alive {
		return
	}
	r := t.settle(o, no)
	t.afterwards(o, r)
}

// pay is the time from the order's arrival to the bank's word. It returns why
// the payment did not get that far, or alive false when the terminal closed.
func (t *Terminal) pay(o *order, expiry <-chan time.Time) (no *refusal, alive bool) {
	wait := func(until <-chan time.Time, turn <-chan struct{}) bool {
		select {
		case <-turn:
			return true
		case <-until:
			return true
		case <-o.withdrawn:
			no = refuseClosed
		case <-expiry:
			no = refuseTimeout
		case <-t.life.Done():
		}
		return false
	}
	pause := func(d time.Duration) bool {
		timer := time.NewTimer(d)
		defer timer.Stop()
		return wait(timer.C, nil)
	}
	out := o.outcome
	ok := wait(nil, o.start)
	if ok && out.Kind.cardScreen() {
		ok = pause(t.opts.CardDelay) && t.showCard(o)
		switch {
		case ok && out.Kind == Expire:
			ok = wait(nil, nil)
		case ok:
			ok = pause(t.opts.ResultDelay + out.Delay)
		}
	}
	return no, ok || no != nil
}

// showCard moves the order to the card screen, where two of the faults strike.
func (t *Terminal) showCard(o *order) bool {
	t.mu.Lock()
	if !o.final() {
		o.status = statusPaying
	}
	if o.outcome.Fault == StopPongs {
		t.mute = true
	}
	t.mu.Unlock()
	if o.outcome.Fault == CloseDuring {
		t.cut(o)
	}
	return true
}

func (t *Terminal) cut(o *order) {
	t.mu.Lock()
	t.refuse = o.outcome.RefuseNext
	t.mu.Unlock()
	o.conn.Close()
}

// settle decides the order, moves the money and frees the screen, all in one
// step: after it a close request comes too late.
func (t *Terminal) settle(o *order, no *refusal) reply {
	t.mu.Lock()
	defer t.mu.Unlock()
	defer t.screen.leave(o)
	if o.final() {
		no = refuseClosed // a close request won the race
	}
	o.ended = t.localTime()
	if no == nil {
		no = t.decide(o)
	}
	biz := maps.Clone(o.req.biz)
	biz["trans_type"] = o.transType
	if no != nil {
		o.status = statusFailed
		return t.failure(o, no, biz)
	}
	t.complete(o, biz)
	if o.outcome.Kind == TimeoutCharged {
		delete(biz, "trans_no")
		biz["trans_status"] = statusPaying
		return reply{topic: o.req.topic, code: refuseTimeout.code, text: refuseTimeout.text, biz: biz}
	}
	return reply{topic: o.req.topic, code: codeSuccess, text: "Success", biz: biz}
}

// decide is the bank: nil means the money has moved.
func (t *Terminal) decide(o *order) *refusal {
	switch o.outcome.Kind {
	case Decline:
		if o.outcome.Code != "" {
			return &refusal{o.outcome.Code, o.outcome.Text}
		}
		return refuseFunds
	case Cancel:
		return refuseByCustomer
	case ParameterError:
		return refuseAmount
	case AppIDError:
		return refuseAppID
	case Timeout, Expire:
		return refuseTimeout
	}
	if no := t.orders.check(o); no != nil {
		return no
	}
	if no := o.agree(); no != nil {
		return no
	}
	if err := t.ledger.Move(o.number, o.operation, t.orders.moves(o)); err != nil {
		return refuseLedger
	}
	t.orders.approve(o)
	return nil
}

// agree fixes the sums: the tip the customer chose, the part the bank grants.
func (o *order) agree() *refusal {
	if truth(o.req.biz, "on_screen_tip") && !o.tip.Known() {
		tip, err := o.outcome.tip(o.amount)
		if err != nil {
			return refuseAmount
		}
		o.tip = tip
	}
	if o.outcome.Kind == Partial {
		part, err := parseAmount(o.outcome.Amount, o.amount.Currency())
		if err != nil || !part.Less(o.amount) {
			return refuseAmount
		}
		o.amount, o.tip, o.cashback = part, payment.Amount{}, payment.Amount{}
	}
	return nil
}

// failure is the reply to an order that did not work out.
func (t *Terminal) failure(o *order, no *refusal, biz object) reply {
	r := reply{topic: o.req.topic, code: no.code, text: no.text, biz: biz}
	biz["trans_status"] = statusFailed
	switch {
	case no == refuseTimeout:
		biz["trans_status"] = statusPaying // as seen, though the order is over (§11.3)
	case o.outcome.Kind == Decline:
		biz["trans_no"] = o.transNo // a decline uses one up, too (§12.3)
	case no == refuseAppID:
		r.emptyBiz = true
	}
	return r
}

// complete fills in what an approved order's reply has on top of the echo (§5.2).
func (t *Terminal) complete(o *order, biz object) {
	biz["order_amount"] = o.amount.Text()
	biz["price_currency"] = string(o.amount.Currency())
	delete(biz, "tip_amount")
	if o.tip.IsPositive() {
		biz["tip_amount"] = o.tip.Text()
	}
	if !o.cashback.Known() {
		delete(biz, "cashback_amount")
	}
	if o.expires > 0 && biz["expires"] != nil {
		biz["expires"] = int(o.expires / time.Second)
	}
	biz["trans_no"] = o.transNo
	biz["trans_status"] = o.status
	biz["trans_end_time"] = o.ended
	if o.operation == payment.Void {
		return
	}
	biz["pay_method_id"] = "Visa"
	biz["card_type"] = "2"
	biz["card_no"] = "411111******1111"
	biz["auth_code"] = "A" + o.transNo[len(o.transNo)-5:]
	biz["ref_no"] = o.transNo[len(o.transNo)-12:]
	biz["entry_mode"] = "3"
}

// afterwards gets the result to the client, or does to it what the script says.
func (t *Terminal) afterwards(o *order, r reply) {
	if o.outcome.Fault == CloseAfter {
		t.cut(o)
	}
	if !t.life.Sleep(o.outcome.ReplyDelay) || o.outcome.Reply == None {
		return
	}
	t.deliver(result{
		order: o.number, pos: o.conn.pos, dialect: o.req.dialect, how: o.outcome.Reply, frames: t.frames(o, r),
		// A client that refuses an oversized answer would never get past it.
		keep: !o.outcome.NoRedeliver && !t.opts.NoRedeliver && o.outcome.Reply != Oversized,
	}, o.conn)
}
