package comgatecloudsim

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"tillkeeper/payment"
)

// The statuses of an order (B.3). What a refund that is done says is not
// documented; this is what a fixture of others has.
const (
	statusPending   = "PENDING"
	statusPaid      = "PAID"
	statusCancelled = "CANCELLED"
	statusError     = "ERROR"
	statusRefunded  = "REFUNDED"
)

// cardNumber is the card that everybody pays with.
const cardNumber = "4111111111111111"

// order is a payment or refund. All of it is guarded by Server.mu.
type order struct {
	id, refID string
	op        payment.Operation
	price     payment.Amount
	granted   payment.Amount
	status    string
	reason    string
	batch     int
	// reversing: a DELETE was accepted; reversed: it took effect.
	reversing, reversed bool
	// tellFrom is when the end, or the reversal, is told at the earliest.
	tellFrom time.Time
	outcome  Outcome
	left     int // GETs that the outcome still strikes; below zero all
}

// store holds the orders and the batch. It knows no connection and no clock.
type store struct {
	orders  map[string]*order
	refs    map[string]bool
	running *order
	serial  int
	batch   int
}

func newStore() store { return store{orders: map[string]*order{}, refs: map[string]bool{}, batch: 1} }

// add stores an order that the terminal is to run now.
func (s *store) add(op payment.Operation, p posted, out Outcome) *order {
	n := s.serial
	s.serial++
	t := &order{
		id: fmt.Sprintf("AB%02d-CD%02d-EF%02d", n/10_000%100, n/100%100, n%100), refID: p.refID, op: op,
		price: p.price, granted: p.price, status: statusPending,
	}
	t.take(out)
	s.orders[t.id], s.refs[p.refID], s.running = t, true, t
	return t
}

// take makes an outcome the one that counts for the order from now on.
func (t *order) take(out Outcome) {
	t.outcome, t.left = out, out.Times
	if out.Times == 0 && out.Fault != AnswerLost {
		t.left = 1
	}
}

// strike reports whether the outcome's fault or reply is for one more GET.
func (t *order) strike() bool {
	if t.left == 0 {
		return false
	}
	if t.left > 0 {
		t.left--
	}
	return true
}

// over reports whether the order's end, or its reversal, may be told.
func (t *order) over(now time.Time) bool {
	return t.status != statusPending && !t.reversing && !now.Before(t.tellFrom)
}

// manner is how a GET about t is answered. With s.mu held.
func (s *Server) manner(t *order, now time.Time) Reply {
	over := t.over(now)
	switch out := t.outcome; {
	case out.Fault == AnswerLost && t.strike(), out.Fault == CloseDuring && !over && t.strike():
		return HangUp
	case !over:
		return Proper
	case out.Fault == CloseAfter && t.strike():
		return HangUp
	case out.Reply != Proper && t.strike():
		return out.Reply
	}
	return s.script.NextQuery()
}

// show is the status object of B.3.
func (t *order) show(now time.Time) object {
	o := object{
		"code": codeOK, "message": "OK", "transId": t.id, "price": t.granted.Minor(), "curr": string(t.price.Currency()),
		"status": t.status,
	}
	if t.refID != "" {
		o["refId"] = t.refID
	}
	told := !now.Before(t.tellFrom)
	switch {
	case t.status == statusPaid || t.status == statusRefunded:
		if t.reversed || t.reversing || told {
			break
		}
		o["status"], o["price"] = statusPending, t.price.Minor()
		return o
	case !told:
		o["status"] = statusPending
		return o
	default:
		if t.reason != "" && t.op == payment.Sale {
			o["paymentErrorReason"] = t.reason
		}
		return o
	}
	o["cardNumber"], o["reversed"] = strings.Repeat("*", 12)+cardNumber[12:], t.reversed && told
	if t.op == payment.Sale {
		o["fee"], o["cardValid"] = "0", "12/29"
	}
	return o
}

// run sets an order going. With s.mu held, like all below.
func (s *Server) run(t *order) {
	wait := s.opts.CustomerTime + t.outcome.Delay
	switch kind := t.outcome.Kind; {
	case kind == Stuck:
		wait = stuckTime
	case kind == Reboot:
		s.offline, wait = true, rebootTime
	case kind == Expire || wait > s.opts.Patience:
		wait, t.outcome.Kind = s.opts.Patience, Expire
	}
	s.later(wait, func() { s.end(t) })
}

// runReversal sets the reversal of an order going.
func (s *Server) runReversal(t *order, number string, out Outcome) {
	if !payment.ValidNumber(number) {
		number = t.refID
	}
	t.take(out)
	t.reversing = true
	s.later(s.opts.ReversalTime+out.Delay, func() {
		t.reversing = false
		if out.Kind == Fail || s.ledger.Move(number, payment.Void, t.granted) != nil {
			return // never reversed
		}
		t.reversed, t.tellFrom = true, s.opts.Now().Add(out.ReplyDelay)
	})
}

// later does something after a while, or at once if that is no time at all.
func (s *Server) later(wait time.Duration, do func()) {
	if wait == 0 {
		do()
		return
	}
	s.life.Go(func() {
		if !s.life.Sleep(wait) {
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		do()
	})
}

// end decides an order, moves the money and frees the terminal, all in one step.
func (s *Server) end(t *order) {
	if s.store.running == t {
		s.store.running = nil
	}
	t.batch, t.tellFrom = s.store.batch, s.opts.Now().Add(t.outcome.ReplyDelay)
	t.status, t.reason = statusCancelled, t.outcome.Reason
	why := func(reason string) {
		if t.reason == "" {
			t.reason = reason
		}
	}
	switch t.outcome.Kind {
	case Decline:
		why("Card declined")
	case Cancel:
		why("Cancelled by customer")
	case Expire, Stuck:
		why("Timed out")
	case Fail:
		t.status = statusError
		why("Technical failure")
	default:
		s.pay(t)
	}
}

// pay moves the money of an order.
func (s *Server) pay(t *order) {
	switch t.outcome.Kind {
	case Partial:
		t.granted = part(t.price, t.outcome.Amount)
	case Reboot:
		s.offline = false
	}
	if s.ledger.Move(t.refID, t.op, t.granted) != nil {
		t.reason = "Not completed"
		return
	}
	t.status, t.reason = statusPaid, ""
	if t.op == payment.Refund {
		t.status = statusRefunded
	}
}

// part is what the bank grants of a price: the sum that was scripted, or nine
// tenths of it.
func part(price payment.Amount, scripted string) payment.Amount {
	if a, err := payment.ParseAmount(scripted, price.Currency()); err == nil && a.Less(price) {
		return a
	}
	return payment.FromMinor(max(price.Minor()*9/10, 1), price.Currency())
}

// closeBatch sums the batch up, by operation and currency, and opens the next.
func (s *store) closeBatch() (number int, data []object) {
	type pile struct {
		op       payment.Operation
		currency payment.Currency
	}
	counts, sums := map[pile]int{}, map[pile]int64{}
	for _, t := range s.orders {
		if t.batch == s.batch && (t.status == statusPaid || t.status == statusRefunded) && !t.reversed {
			p := pile{t.op, t.price.Currency()}
			counts[p]++
			sums[p] += t.granted.Minor()
		}
	}
	for p, n := range counts {
		o := object{"count": n, "amount": sums[p]}
		if len(counts) > 1 {
			o["type"], o["curr"] = strings.ToUpper(string(p.op)), string(p.currency)
		}
		data = append(data, o)
	}
	slices.SortFunc(data, func(a, b object) int {
		return strings.Compare(fmt.Sprint(a["type"], a["curr"]), fmt.Sprint(b["type"], b["curr"]))
	})
	if data == nil {
		data = []object{{"count": 0, "amount": 0}}
	}
	number = s.batch
	s.batch++
	return number, data
}
