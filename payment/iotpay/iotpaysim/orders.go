package iotpaysim

import (
	"fmt"
	"strconv"
	"time"

	"tillkeeper/payment"
)

// The states of an order (§6).
const (
	statusCreated  int64 = 0
	statusPaying   int64 = 1
	statusPaid     int64 = 2
	statusNotified int64 = 3
	statusSystem   int64 = 4
	statusFailed   int64 = 9
	// statusOdd is one that the table does not have.
	statusOdd int64 = 7
)

// order is what the gateway knows about one number. What changes is guarded by
// Gateway.mu.
type order struct {
	number   string
	params   map[string]string
	amount   payment.Amount
	tip      payment.Amount
	outcome  Outcome
	original *order // of a refund

	payOrderID string
	serial     int
	created    time.Time
	updated    time.Time
	status     int64
	extra      string
	refunded   payment.Amount

	card chan struct{} // closed when the terminal asks for a card
	over chan struct{} // closed when the status is final, or will not change any more
}

func (o *order) paid() bool { return o.status == statusPaid || o.status == statusNotified }

func (o *order) total() payment.Amount { return o.amount.Add(o.tip) }

// create is a sale (§4): it blocks until the order is over.
func (g *Gateway) create(r *request) reply {
	amount, no := g.checkCreate(r)
	if no != nil {
		return g.refuse(no)
	}
	o := &order{number: r.number(), params: r.params, amount: amount}
	if tip, err := strconv.ParseInt(r.params["tip"], 10, 64); err == nil {
		o.tip = payment.FromMinor(tip, amount.Currency())
	}
	switch no := g.admit(o); {
	case no == refuseRepeated:
		g.report(o.number, RuleRepeated, "mchOrderNo was used before")
		return g.refuse(no)
	case no == refuseBusy:
		g.report(o.number, RuleBusy, "another order is running for "+r.params["jobNo"])
		return g.refuse(no)
	case no != nil:
		return g.refuse(no)
	case o.outcome.Fault == CloseBefore:
		return reply{hangUp: true}
	}
	return g.follow(o)
}

// admit takes an order in and gives it its outcome, or says why not.
func (g *Gateway) admit(o *order) *refusal {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.orders[o.number] != nil {
		return refuseRepeated
	}
	login := o.params["jobNo"]
	if g.running[login] != nil && o.original == nil {
		return refuseBusy
	}
	g.asked[o.number] = true
	o.outcome = g.nextOutcome(o)
	switch {
	case o.outcome.Kind == Refuse:
		return badParameter("refused by script")
	case o.outcome.Fault == CloseBefore:
		return nil
	}
	g.serial++
	o.serial, o.created = g.serial, g.opts.Now()
	o.updated = o.created
	utc := o.created.UTC()
	o.payOrderID = fmt.Sprintf("CP%s%03d%09d", utc.Format("20060102150405"), utc.Nanosecond()/int(time.Millisecond), o.serial)
	o.card, o.over = make(chan struct{}), make(chan struct{})
	g.orders[o.number] = o
	if o.original == nil {
		g.running[login] = o
	}
	return nil
}

// follow sets an order going and waits for what is to be said about it. The order
// does not need its client.
func (g *Gateway) follow(o *order) reply {
	if !g.life.Go(func() { g.process(o) }) || !g.life.Await(o.card) || o.outcome.Fault == CloseDuring {
		return reply{hangUp: true}
	}
	if o.outcome.Reply == SystemError {
		return g.refuse(refuseSystem)
	}
	if !g.life.Await(o.over) || o.outcome.Fault == CloseAfter || !g.life.Sleep(o.outcome.ReplyDelay) {
		return reply{hangUp: true}
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.answer(o)
}

// process is the life of one order: cardholder, bank, result.
func (g *Gateway) process(o *order) {
	if !g.life.Sleep(g.opts.CardDelay) {
		return
	}
	g.mu.Lock()
	o.status, o.updated = statusPaying, g.opts.Now()
	g.mu.Unlock()
	close(o.card)
	thinks := g.opts.ResultDelay + o.outcome.Delay
	if o.outcome.Kind == Expire {
		thinks = g.opts.Expires
	}
	if !g.life.Sleep(thinks) {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.settle(o)
	if login := o.params["jobNo"]; g.running[login] == o {
		delete(g.running, login)
	}
	close(o.over)
}

// settle decides an order and moves the money. With g.mu held.
func (g *Gateway) settle(o *order) {
	o.updated = g.opts.Now()
	switch o.outcome.Kind {
	case Decline, Cancel:
		o.status = statusFailed
	case Expire:
		o.status = statusSystem
	case Stuck:
		return
	default:
		o.status = g.pay(o)
	}
	if o.original == nil {
		o.extra = o.cardData(o.updated).text(false)
	}
}

// pay is the bank. With g.mu held.
func (g *Gateway) pay(o *order) int64 {
	if o.outcome.Kind == Partial {
		o.amount, o.tip = o.outcome.part(o.amount), payment.Amount{}
	}
	operation := payment.Sale
	if o.original != nil {
		operation = payment.Refund
		if o.original.rest().Less(o.amount) {
			return statusFailed
		}
	}
	if err := g.ledger.Move(o.number, operation, o.total()); err != nil {
		return statusFailed
	}
	if o.original != nil {
		o.original.refunded = o.original.refunded.Add(o.amount)
	}
	if o.outcome.Kind == Notified {
		return statusNotified
	}
	return statusPaid
}

// rest is what can still be given back.
func (o *order) rest() payment.Amount { return o.total().Sub(o.refunded) }

// part is what the bank grants: what the script says, if it is less than asked, else
// half of it.
func (out Outcome) part(asked payment.Amount) payment.Amount {
	part, err := payment.ParseAmount(out.Amount, asked.Currency())
	if err != nil || !part.Less(asked) {
		return payment.FromMinor((asked.Minor()+1)/2, asked.Currency())
	}
	return part
}
