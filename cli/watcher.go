package cli

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/till"
)

// watcher tells of the progress of the one order that this command makes.
type watcher struct {
	out *output
	// since is when the command began.
	since time.Time

	mu    sync.Mutex
	mine  payment.Record
	known bool
}

// order returns the order this command made, as it was last heard of.
func (w *watcher) order() (payment.Record, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.mine, w.known
}

// follow hears events to their end.
func (w *watcher) follow(ctx context.Context, t *till.Till, events <-chan till.Event) {
	told := payment.Status("")
	for e := range events {
		if e.Record == nil || !w.take(*e.Record) {
			continue
		}
		if told == "" {
			w.warn(ctx, t, e.Record.Order)
		}
		// What is final is told by the order itself.
		if s := e.Record.State(); s.Status != told && s.Status.Open() {
			told = s.Status
			w.tell(e.Record.Order, s)
		}
	}
}

// take keeps the record if it is of the order this command made: the first that
// this process carries since it began.
func (w *watcher) take(r payment.Record) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	// The journal may keep times less exactly than the clock tells them.
	fresh := r.Holder == payment.HeldHere && !r.Order.Created.Before(w.since.Truncate(time.Second))
	if !w.known && !fresh || w.known && r.Order.Number != w.mine.Order.Number {
		return false
	}
	w.mine, w.known = r, true
	return true
}

func (w *watcher) tell(o payment.Order, s payment.State) {
	words := map[payment.Status]string{
		payment.StatusCreated:    "Order %s: calling the terminal …",
		payment.StatusSent:       "Order %s: sent to the terminal …",
		payment.StatusWaiting:    "Order %s: waiting for the customer …",
		payment.StatusProcessing: "Order %s: the card is being checked …",
		payment.StatusUnknown:    "Order %s: no clear answer; asking the terminal what became of it …",
	}
	w.out.event(eventJSON{Event: string(s.Status), Order: o.Number, Message: fmt.Sprintf(words[s.Status], o.Number)})
}

// warn tells of unknown charges on the same terminal that did not stand in the way,
// because they are over another sum.
func (w *watcher) warn(ctx context.Context, t *till.Till, o payment.Order) {
	if !o.Operation.Charges() {
		return
	}
	others, err := t.Orders(ctx, payment.Filter{Terminal: o.Terminal, Status: payment.StatusUnknown})
	if err != nil {
		return // the order under way matters more than the warning
	}
	for _, r := range others {
		other := r.Order.Number
		if other == o.Number || !r.Order.Operation.Charges() || slices.Contains(o.Despite, other) {
			continue
		}
		w.out.event(eventJSON{Event: "warning", Order: o.Number, About: other, Message: fmt.Sprintf(
			"Careful: it is not known yet whether order %s over %s was charged. If this is the same customer, find out first.",
			other, r.Order.Asked.Total())})
	}
}
