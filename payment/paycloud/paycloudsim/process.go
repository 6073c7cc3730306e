package paycloudsim

import (
	"time"

	"tillkeeper/payment"
)

// doubtFor is how long an order that timed out on the terminal shows a reason that
// proves nothing, before the truth is known.
const doubtFor = 30 * time.Second

// reason is why an order was closed: trans_error_code and trans_error_msg (§7.4).
type reason struct{ code, text string }

var (
	becauseFunds    = &reason{"TS-D2012", "Insufficient Funds"}
	becauseOperator = &reason{"110", "Operator cancellation[[K026]Manual cancelation by operator]"}
	becauseExpired  = &reason{"112", "Transaction timeout"}
	becauseTimeout  = &reason{"106", "Transaction failed[[K027]Transaction timeout]"}
	becauseClosed   = &reason{}
	becauseLedger   = &reason{"106", "Transaction failed[[E0950]Host malfunction]"}
)

// process is the life of one order, from the line to its notification.
func (c *Cloud) process(o *order) {
	expiry := time.NewTimer(o.expires)
	defer expiry.Stop()
	why, alive := c.pay(o, expiry.C)
	if !alive {
		return
	}
	c.settle(o, why)
	c.notify(o)
}

// pay is the time from the order's arrival to the bank's word. It returns why the
// payment did not get that far, or alive false when the cloud closed.
func (c *Cloud) pay(o *order, expiry <-chan time.Time) (why *reason, alive bool) {
	out := o.outcome
	why = c.untilCard(o, expiry)
	switch {
	case why != nil || c.life.Over():
		return why, !c.life.Over()
	case out.Kind == Cancel:
		return becauseOperator, true
	}
	c.mu.Lock()
	if o.status == stateWaiting {
		o.status = stateProcessing
	}
	c.mu.Unlock()
	return nil, c.life.Sleep(c.opts.ResultDelay + out.Paying)
}

// untilCard is the time in state 9: it ends with a card, a close, or the expiry.
func (c *Cloud) untilCard(o *order, expiry <-chan time.Time) *reason {
	wait := func(until <-chan time.Time, turn <-chan struct{}) *reason {
		select {
		case <-turn:
		case <-until:
		case <-o.withdrawn:
			return becauseClosed
		case <-expiry:
			return becauseExpired
		case <-c.life.Done():
		}
		return nil
	}
	if why := wait(nil, o.start); why != nil || o.host {
		return why
	}
	if o.outcome.Kind == Expire {
		return wait(nil, nil)
	}
	timer := time.NewTimer(c.opts.CardDelay + o.outcome.Delay)
	defer timer.Stop()
	return wait(timer.C, nil)
}

// settle decides the order, moves the money and frees the terminal, in one step.
func (c *Cloud) settle(o *order, why *reason) {
	c.mu.Lock()
	defer c.mu.Unlock()
	defer close(o.ended)
	now := c.opts.Now()
	o.final, o.endTime = now, now.UTC().Format(time.DateTime)
	if !o.host {
		c.screen(o.serial).leave(o, c.online[o.serial])
	}
	if o.status == stateClosed {
		return // a close won the race
	}
	if why == nil {
		why = c.decide(o)
	}
	if why != nil {
		o.status, o.code, o.why = stateClosed, why.code, why.text
	}
}

// decide is the bank: nil means that the money has moved.
func (c *Cloud) decide(o *order) *reason {
	out := o.outcome
	switch {
	case out.Kind == Decline && out.Code+out.Text != "":
		return &reason{out.Code, out.Text}
	case out.Kind == Decline, out.Kind == Timeout:
		return becauseFunds
	}
	if no := c.check(o); no != nil {
		return &reason{"119", "Transaction failed[[" + no.code + "]" + no.text + "]"}
	}
	if no := c.agree(o); no != nil {
		return no
	}
	if err := c.ledger.Move(o.number, o.operation, o.paid); err != nil {
		return becauseLedger
	}
	o.status = stateDone
	orig := c.orders[o.original]
	if orig == nil {
		return nil
	}
	switch o.operation {
	case payment.Void:
		orig.status = stateVoided
	case payment.Refund:
		orig.refunded = orig.refunded.Add(o.total())
	case payment.Completion:
		orig.completed = true
	}
	return nil
}

// agree fixes the sums: what the customer adds, what the bank grants, what a void
// gives back.
func (c *Cloud) agree(o *order) *reason {
	if o.askTip && !o.tip.Known() {
		o.tip = payment.FromMinor(o.amount.Minor()/5, o.amount.Currency())
		if o.outcome.Tip != "" {
			tip, err := payment.ParseAmount(o.outcome.Tip, o.amount.Currency())
			if err != nil {
				return becauseLedger
			}
			o.tip = tip
		}
	}
	if orig := c.orders[o.original]; o.operation == payment.Void && orig != nil {
		o.tip, o.cashback = orig.tip, orig.cashback
	}
	o.paid = c.moves(o)
	if o.outcome.Kind == Partial {
		part, err := payment.ParseAmount(o.outcome.Amount, o.amount.Currency())
		if err != nil || !part.Less(o.paid) {
			return becauseLedger
		}
		o.paid = part
	}
	return nil
}
