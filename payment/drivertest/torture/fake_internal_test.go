package torture

import (
	"context"
	"net"
	"sync"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/drivertest"
)

// fake is a terminal without a protocol: its drivers call it directly.
type fake struct {
	proves bool // it knows every order, and says so

	mu        sync.Mutex
	next      fakeAct
	orders    map[string]*fakeOrder
	movements []drivertest.Charge
	latest    *fakeDriver
}

// fakeAct is how it behaves until told otherwise.
type fakeAct struct {
	Act
	unreached bool // no way to it
	lost      bool // the request leaves and never arrives
	late      bool // the answer comes by itself, after the call for it has ended
	question  Reply
}

// fakeOrder is what it knows of an order.
type fakeOrder struct {
	req     payment.Request
	act     fakeAct
	outcome payment.Outcome // "" while the customer thinks
	done    chan struct{}
}

// fakeLimit is how long a card is taken after an order came.
const fakeLimit = time.Minute

func (f *fake) Serve(net.Conn)        {}
func (f *fake) Script([]Act, []Reply) {}
func (f *fake) Close() error          { return nil }
func (f *fake) Charges() []drivertest.Charge {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]drivertest.Charge(nil), f.movements...)
}

func (f *fake) behave(a fakeAct) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.next = a
}

func (f *fake) behaviour() fakeAct {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.next
}

// accept takes an order in. The same number twice would be a violation: it moves twice.
func (f *fake) accept(req payment.Request) *fakeOrder {
	f.mu.Lock()
	defer f.mu.Unlock()
	o := &fakeOrder{req: req, act: f.next, done: make(chan struct{})}
	f.orders[req.Order.Number] = o
	time.AfterFunc(min(o.act.Think, fakeLimit), func() { f.decide(o, outcomes[o.act.Money]) })
	return o
}

var outcomes = map[Money]payment.Outcome{
	Approve: payment.Approved, Decline: payment.Declined, Abandon: payment.Cancelled, Expire: payment.Expired,
	TimeOutCharged: payment.Approved, TimeOut: payment.Declined, Refuse: payment.Refused, Partial: payment.Approved,
}

// decide ends an order that is not over, and reports whether it did.
func (f *fake) decide(o *fakeOrder, outcome payment.Outcome) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if o.outcome != "" {
		return false
	}
	if outcome == payment.Approved && !f.may(o.req.Order) {
		outcome = payment.Declined
	}
	o.outcome = outcome
	if outcome == payment.Approved {
		f.movements = append(f.movements, drivertest.Charge{
			Number: o.req.Order.Number, Operation: o.req.Order.Operation, Amount: o.req.Order.Asked.Total(),
		})
	}
	close(o.done)
	return true
}

// may reports whether as much is left of the original as an order takes back.
func (f *fake) may(o payment.Order) bool {
	if o.Original == "" {
		return true
	}
	var left payment.Amount
	for _, m := range f.movements {
		switch {
		case m.Number == o.Original:
			left = left.Add(m.Amount)
		case f.orders[m.Number].req.Order.Original == o.Original:
			left = left.Sub(m.Amount)
		}
	}
	return !left.Less(o.Asked.Total())
}

// says is its answer about an order.
func (f *fake) says(o *fakeOrder, how Reply) (payment.Result, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	r := payment.Result{Number: o.req.Order.Number, Outcome: o.outcome}
	r.Facts.Amounts = o.req.Order.Asked
	switch {
	case how == Pending || o.outcome == "":
		r.Outcome = payment.Pending
	case how == WrongAmount:
		r.Facts.Amounts.Amount = r.Facts.Amounts.Amount.Add(payment.FromMinor(100, payment.DefaultCurrency))
	case how == Foreign:
		r.Number = "FOREIGN"
	case how == Silent, how == Garbled, o.act.Money == TimeOutCharged:
		return payment.Result{}, payment.Errorf(payment.CodeHostTimeout, "no clear answer")
	}
	return r, nil
}

// fakeDriver is one process's way to the terminal.
type fakeDriver struct {
	*fake
	p    *process
	env  payment.Env
	link bool
}

func (d *fakeDriver) Capabilities() payment.Capabilities {
	return payment.Capabilities{
		Operations:    []payment.Operation{payment.Sale, payment.Refund, payment.Void},
		PartialRefund: true, Cancel: true, NotFoundProves: d.proves, Limit: fakeLimit,
	}
}

func (d *fakeDriver) Ready() bool  { return d.link }
func (d *fakeDriver) Close() error { return nil }

func (d *fakeDriver) Do(ctx context.Context, req payment.Request, tell func(payment.Progress)) (payment.Result, error) {
	a := d.behaviour()
	if a.unreached || d.p.dead() {
		return payment.Result{}, payment.NotSent(payment.CodeNotReached, "not reached")
	}
	if req.BeforeSend != nil {
		if err := req.BeforeSend(ctx); err != nil {
			return payment.Result{}, payment.NotSent(payment.CodeCannotRecord, "record: %w", err)
		}
	}
	if a.lost {
		return payment.Result{}, payment.Errorf(payment.CodeLinkLost, "link lost")
	}
	o := d.accept(req)
	tell(payment.Progress{Kind: payment.ProgressWaiting})
	select {
	case <-o.done:
	case <-ctx.Done():
		if ctx.Err() != context.Canceled || a.Stubborn || !d.decide(o, payment.Cancelled) {
			d.deliverLate(o)
			return payment.Result{}, payment.Errorf(payment.CodeNoAnswer, "no answer")
		}
	}
	if a.late || a.Reply == Torn {
		d.deliverLate(o)
		return payment.Result{}, payment.Errorf(payment.CodeLinkLost, "link lost")
	}
	return d.says(o, a.Reply)
}

// deliverLate brings the answer to whoever is there by then.
func (d *fakeDriver) deliverLate(o *fakeOrder) {
	if !o.act.late {
		return
	}
	time.AfterFunc(o.act.Late, func() {
		d.mu.Lock()
		now := d.latest
		d.mu.Unlock()
		if r, err := d.says(o, Proper); err == nil && r.Outcome.Final() && !now.p.dead() {
			now.env.Late(r)
		}
	})
}

func (d *fakeDriver) Status(_ context.Context, req payment.Request) (payment.Result, error) {
	a := d.behaviour()
	if a.unreached || d.p.dead() {
		return payment.Result{}, payment.NotSent(payment.CodeNotReached, "not reached")
	}
	d.mu.Lock()
	o := d.orders[req.Order.Number]
	d.mu.Unlock()
	if o == nil || a.question == Unfound && !d.proves {
		return payment.Result{Outcome: payment.NotFound}, nil
	}
	if a.question == Proper {
		d.mu.Lock()
		defer d.mu.Unlock()
		r := payment.Result{Number: req.Order.Number, Outcome: o.outcome, Facts: payment.Facts{Amounts: req.Order.Asked}}
		if o.outcome == "" {
			r.Outcome = payment.Pending
		}
		return r, nil
	}
	return d.says(o, a.question)
}

func (d *fakeDriver) Abort(_ context.Context, req payment.Request) error {
	d.mu.Lock()
	o := d.orders[req.Order.Number]
	d.mu.Unlock()
	if o == nil || o.act.Stubborn || !d.decide(o, payment.Cancelled) {
		return payment.Errorf(payment.CodeNotOpen, "too late")
	}
	return nil
}
