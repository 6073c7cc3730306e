package till

import (
	"context"
	"slices"
	"sync"
	"time"

	"tillkeeper/payment"
)

// justNow is how long after an unknown order turned out paid a charge of the same
// sum still looks like the same customer's.
const justNow = time.Minute

// news are orders that turned out paid after staff had been left in doubt. Whoever
// presses again within justNow has perhaps not read it yet.
type news struct {
	mu sync.Mutex
	// paid says when each order turned out paid, and when a caller was told, zero if none was.
	paid map[string]paidNews
	// untold are orders whose answer the disk did not take in time: their caller
	// heard of a failure, not of a payment.
	untold map[string]bool
}

type paidNews struct{ at, told time.Time }

func (n *news) init() {
	n.paid, n.untold = map[string]paidNews{}, map[string]bool{}
}

// arrived notes that an order's money moved. It is news if it is so just after a
// doubt, or if a caller heard of a failure, however long ago.
func (n *news) arrived(number string, doubted bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if _, ok := n.paid[number]; !ok && (doubted || n.untold[number]) {
		n.paid[number] = paidNews{at: time.Now()}
	}
	delete(n.untold, number)
}

// failed notes that a caller is about to hear of a failure in place of an answer.
func (n *news) failed(number string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.untold[number] = true
}

// settled forgets the failure that a caller heard of: the order has its outcome.
func (n *news) settled(number string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.untold, number)
}

// told notes that a caller has the truth: from now on the same sum is the next
// customer's. A press that began before is not.
func (n *news) told(number string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if p, ok := n.paid[number]; ok && p.told.IsZero() {
		p.told = time.Now()
		n.paid[number] = p
	}
}

// unread returns the orders that whoever pressed at that moment cannot have read
// of, and forgets what is older than justNow or overridden.
func (n *news) unread(pressed time.Time, overridden []string) (numbers []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for number, p := range n.paid {
		switch {
		case time.Since(p.at) > justNow || slices.Contains(overridden, number):
			delete(n.paid, number)
		case p.told.IsZero() || p.told.After(pressed):
			numbers = append(numbers, number)
		}
	}
	return numbers
}

// remember counts orders that were paid just before this till started as news, too:
// if the program died between the answer and the screen, nobody has read it.
func (t *Till) remember(ctx context.Context) {
	last, err := t.cfg.Journal.List(ctx, payment.Filter{Limit: recent})
	if err != nil {
		t.log.Error("the last orders cannot be read", "error", err)
	}
	for _, r := range last {
		if s := r.State(); s.Status.Moved() && r.Order.Operation.Charges() && t.justNow(s) {
			t.news.arrived(r.Order.Number, true)
		}
	}
}

// justNow reports whether the state was reached a moment ago.
func (t *Till) justNow(s payment.State) bool { return t.cfg.Now().Sub(s.Since) < justNow }

// wasPaid refuses a charge of the same sum right after an unknown order turned out
// paid: whoever pressed has not read that yet.
func (t *Till) wasPaid(ctx context.Context, o payment.Order, pressed time.Time) error {
	if !o.Operation.Charges() {
		return nil
	}
	for _, number := range t.news.unread(pressed, o.Despite) {
		r, err := t.cfg.Journal.Find(ctx, number)
		if err != nil {
			return err
		}
		if r.Order.Terminal == o.Terminal && payment.DoubleRisk(o, r.Order) {
			return payment.Errorf(payment.CodeWasPaid, "order %s over %s has just turned out to be paid; nothing was sent now", number, r.Order.Asked.Total()).About(number)
		}
	}
	return nil
}

// tell notes that a caller gets this record.
func (t *Till) tell(r payment.Record) {
	if r.State().Status.Moved() {
		t.news.told(r.Order.Number)
	}
}

// doubted reports whether the order was ever unknown.
func doubted(r payment.Record) bool {
	return r.Has(payment.KindUnanswered) || r.Has(payment.KindOrphaned) || r.Has(payment.KindMismatch)
}
