package paycloudsim

import (
	"fmt"

	"tillkeeper/payment"
)

// create takes an order in and sets it going (§6.1).
func (c *Cloud) create(m message, signed bool) response {
	o, no := c.readOrder(m)
	if no != nil {
		return c.refuse(no, signed)
	}
	reject := m.value("reject_trade_when_terminal_offline") == "true"
	out, no := c.admit(o, reject)
	switch {
	case no != nil:
		return c.respondTo(out, result{no: no}, signed)
	case out.Fault == CloseBefore:
		return response{how: HangUp}
	}
	a := c.respondTo(out, result{data: map[string]any{
		"trans_no": o.transNo, "message_id": o.messageID, "terminal_online_status": c.onlineText(o.serial),
		"trans_amount": plain(o.total()),
	}}, signed)
	c.engage(o)
	switch out.Fault {
	case CloseDuring:
		a.how = HangUp
	case CloseAfter:
		a.how, a.after = HangUp, o.ended
	}
	if out.Notice == NoticeEarly {
		a.after = o.ended
	}
	return a
}

// respondTo answers a create as the outcome says.
func (c *Cloud) respondTo(out Outcome, r result, signed bool) response {
	a := c.respond(r, signed, out.Reply)
	a.delay = out.ReplyDelay
	return a
}

// admit stores the order with its outcome, or says why not. An order that is lost
// by CloseBefore was never there.
func (c *Cloud) admit(o *order, rejectOffline bool) (Outcome, *refusal) {
	c.mu.Lock()
	defer c.mu.Unlock()
	store := c.orders
	if o.host {
		store = c.refunds
	}
	if before := store[o.number]; before != nil {
		return Outcome{Reply: before.outcome.Reply.again()}, refuseRepeated
	}
	if no := c.check(o); no != nil {
		return Outcome{}, no
	}
	if rejectOffline && !c.online[o.serial] {
		return Outcome{}, refuseOffline
	}
	out := c.outcomeOf(o)
	switch {
	case out.Fault == CloseBefore:
		return out, nil
	case out.Kind == Refuse && out.Code != "":
		return out, &refusal{out.Code, out.Text}
	case out.Kind == Refuse:
		return out, refuseMethod
	}
	c.serial++
	o.outcome, o.created, o.status = out, c.opts.Now(), stateWaiting
	o.transNo = fmt.Sprintf("512300000%s%08d", o.created.UTC().Format("060102"), c.serial)
	o.messageID = fmt.Sprintf("M%08d", c.serial)
	o.batch = c.batches[o.serial]
	o.start, o.withdrawn = make(chan struct{}), make(chan struct{})
	o.ended = make(chan struct{})
	store[o.number] = o
	return out, nil
}

// again is how a create of a number that exists is answered: a client that was not
// answered the first time is not answered again.
func (r Reply) again() Reply {
	switch r {
	case None, HangUp, Torn, ErrorPage, Unavailable:
		return r
	}
	return Proper
}

// outcomeOf takes the outcome of a number: a new one, or what is left of the one
// whose earlier creates were cut. With c.mu held.
func (c *Cloud) outcomeOf(o *order) Outcome {
	if left := c.cuts[o.number]; left != nil {
		if left.Cuts--; left.Cuts == 0 {
			left.Fault = NoFault
		}
		return *left
	}
	out := c.nextOutcome(o)
	if out.Fault == CloseBefore {
		if out.Cuts == 0 {
			out.Cuts = 1
		}
		kept := out
		c.cuts[o.number] = &kept
	}
	return out
}

func (c *Cloud) onlineText(serial string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.online[serial] {
		return "ONLINE"
	}
	return "OFFLINE"
}

// engage gives the order to its terminal.
func (c *Cloud) engage(o *order) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case !c.life.Go(func() { c.process(o) }):
	case o.host:
		o.status = stateProcessing
		close(o.start)
	default:
		c.screen(o.serial).enter(o, c.online[o.serial])
	}
}

// screen is one terminal's display: one order is on it, others wait.
type screen struct {
	showing *order
	waiting []*order
}

// screen returns the display of a terminal. With c.mu held, like all of screen.
func (c *Cloud) screen(serial string) *screen {
	s := c.screens[serial]
	if s == nil {
		s = &screen{}
		c.screens[serial] = s
	}
	return s
}

func (s *screen) enter(o *order, online bool) {
	s.waiting = append(s.waiting, o)
	s.advance(online)
}

// leave takes an order away, from the display or from the line.
func (s *screen) leave(o *order, online bool) {
	if s.showing == o {
		s.showing = nil
	}
	for i, w := range s.waiting {
		if w == o {
			s.waiting = append(s.waiting[:i:i], s.waiting[i+1:]...)
			break
		}
	}
	s.advance(online)
}

// advance shows the next order: the oldest, or the newest that asked to be first.
func (s *screen) advance(online bool) {
	if s.showing != nil || len(s.waiting) == 0 || !online {
		return
	}
	next := 0
	for i, o := range s.waiting {
		if o.newestFirst {
			next = i
		}
	}
	s.showing = s.waiting[next]
	s.waiting = append(s.waiting[:next:next], s.waiting[next+1:]...)
	close(s.showing.start)
}

// submitRefund takes a refund that no terminal sees (§6.8).
func (c *Cloud) submitRefund(m message, signed bool) response {
	o := &order{
		number: m.value("merchant_order_no"), original: m.value("orig_merchant_order_no"), transType: "3",
		operation: payment.Refund, merchant: m.value("merchant_no"), notifyURL: m.value("notify_url"), host: true,
		expires: defaultLife, serial: c.opts.TerminalSN,
	}
	if !numberForm.MatchString(o.number) || o.original == "" {
		return c.refuse(c.badField(o.number, "merchant_order_no", o.number), signed)
	}
	if no := c.readSums(o, m); no != nil {
		return c.refuse(no, signed)
	}
	out, no := c.admit(o, false)
	switch {
	case no != nil:
		return c.respondTo(out, result{no: no}, signed)
	case out.Fault == CloseBefore:
		return response{how: HangUp}
	}
	a := c.respondTo(out, result{data: map[string]any{"trans_no": o.transNo, "trans_amount": plain(o.amount)}}, signed)
	c.engage(o)
	if out.Fault == CloseDuring || out.Fault == CloseAfter {
		a.how = HangUp
	}
	return a
}
