package comgatesim

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"time"

	"tillkeeper/payment"
)

// The statuses of a transaction. Only Finished is certain (A.4.4).
const (
	waitForCard = "WaitForCard"
	waitForPin  = "WaitForPin"
	processing  = "Processing"
	finished    = "Finished"
)

// order is one transaction.
type order struct {
	id, invoice, original string
	kind                  kind
	operation             payment.Operation
	amount, tip           payment.Amount // as asked
	outcome               Outcome

	// All below is guarded by the terminal's mutex.
	state     string
	approved  bool
	reversed  bool
	confirmed bool
	batch     int
	moved     payment.Amount
	facts     object // what the result says
	said      int    // how often
	whim      Reply  // how the next result is said
	asked     bool   // a cancel was asked for

	cancel   chan struct{} // closed by a cancel
	settled  chan struct{} // closed when the money has moved, or will not
	finished chan struct{} // closed with the status Finished
	gone     chan struct{} // closed by Reset
}

// forget ends an order that nobody will ask for. With t.mu held.
func (o *order) forget() { close(o.gone) }

// start accepts or refuses an order (A.4.3 and its kin).
func (t *Terminal) start(m *message) reply {
	o, why := t.parse(m)
	if why != "" {
		return refused(m.id(), why)
	}
	t.mu.Lock()
	known, busy := t.orders[o.id] != nil, t.running != nil
	if !known && !busy {
		why = t.check(o)
	}
	switch {
	case known:
		t.mu.Unlock()
		t.report(o.id, RuleRepeated, "transactionId")
		return say(http.StatusConflict, object{"transactionId": o.id, "status": "Duplicate transactionId"})
	case busy:
		why = "Terminal busy"
	case why == "":
		o.outcome = t.nextOutcome(o)
		why = o.outcome.refusal()
	}
	if why != "" || o.outcome.Fault == CloseBefore {
		t.mu.Unlock()
		if why == "" {
			return reply{hangUp: true} // as if it had never come
		}
		return refused(o.id, why)
	}
	o.state = processing
	if o.kind.asksCard() {
		o.state = waitForCard
	}
	t.orders[o.id], t.running = o, o
	started := o.state
	t.mu.Unlock()
	t.log.Info("started", "order", o.id, "kind", string(o.kind), "amount", o.amount.Text())
	t.life.Go(func() { t.run(o) })
	return t.started(o, started)
}

func refused(id, why string) reply {
	return say(http.StatusOK, object{"transactionId": id, "isStarted": false, "status": why})
}

// refusal is the reason for an order that is not started, "" for one that is.
func (out Outcome) refusal() string {
	switch {
	case out.Kind == Busy:
		return "Terminal busy"
	case out.Kind == Refuse && out.Text != "":
		return out.Text
	case out.Kind == Refuse:
		return "Not allowed"
	}
	return ""
}

// started is the answer to a start call that was accepted, said as the script wants.
func (t *Terminal) started(o *order, state string) reply {
	body := object{"transactionId": o.id, "isStarted": true, "status": state}
	if o.outcome.Reply == Numbers {
		body["isStarted"] = "true"
	}
	r := say(http.StatusOK, body)
	switch o.outcome.Fault {
	case CloseDuring:
		return reply{hangUp: true}
	case CloseAfter:
		t.await(o.settled, o)
		return reply{hangUp: true}
	case Reboot:
		r.after = t.reboot
		r.hangUp = true
	}
	switch o.outcome.Reply {
	case None, Torn, Twice:
		r.how = o.outcome.Reply
	case Oversized:
		r.body = append(r.body, bytes.Repeat([]byte(" "), 2<<20)...)
	case StartLate:
		t.life.Sleep(30 * time.Second)
	case StartError:
		return say(http.StatusInternalServerError, object{"status": "Internal error"})
	case GatewayTime:
		return say(http.StatusGatewayTimeout, object{"status": "Timeout"})
	case Contradictory:
		r.status = http.StatusInternalServerError
	}
	return r
}

// await waits for a moment of an order, or the end.
func (t *Terminal) await(moment chan struct{}, o *order) {
	select {
	case <-moment:
	case <-o.gone:
	case <-t.life.Done():
	}
}

// check says why an order cannot be, "" if it can. With t.mu held.
func (t *Terminal) check(o *order) string {
	if o.original == "" {
		return ""
	}
	original := t.orders[o.original]
	switch {
	case original == nil || !original.approved || original.kind.takesBack():
		return "Original not found"
	case (o.kind == completion || o.kind == preAuthCancel) != (original.kind == preAuth):
		return "Original not found"
	case original.reversed:
		return "Already reversed"
	case o.kind == reversal && original.batch != t.batch.number:
		return "Batch closed"
	case o.kind == completion && (original.amount.Currency() != o.amount.Currency() || original.moved.Less(o.amount)):
		return "Invalid amount"
	}
	return ""
}

// run is the life of an order from the card to Finished.
func (t *Terminal) run(o *order) {
	end := approvedEnd
	switch {
	case o.kind == closing:
		end = t.stage(o, processing, t.opts.ClosingDelay, end)
	case o.kind.asksCard():
		end = t.customer(o)
		if end == approvedEnd {
			end = t.stage(o, processing, t.opts.ResultDelay, end)
		}
	default:
		end = t.stage(o, processing, t.opts.ResultDelay+o.outcome.Delay, end)
	}
	if end == forgotten || !t.settle(o, end) {
		return
	}
	if o.outcome.ReplyDelay > 0 {
		if t.stage(o, processing, o.outcome.ReplyDelay, approvedEnd) == forgotten {
			return
		}
	}
	t.mu.Lock()
	o.state = finished
	if t.running == o {
		t.running = nil
	}
	close(o.finished)
	t.mu.Unlock()
	if t.opts.AutoReverse > 0 && o.operation == payment.Sale {
		t.autoReverse(o)
	}
}

// ending is how the part with the customer ends.
type ending string

const (
	approvedEnd  ending = ""
	cancelledEnd ending = "cancelled"
	expiredEnd   ending = "expired"
	forgotten    ending = "forgotten"
)

// customer is the part in which a cancel works.
func (t *Terminal) customer(o *order) ending {
	wait := t.opts.CardDelay + o.outcome.Delay
	limit := t.opts.CardTimeout
	switch {
	case o.outcome.Kind == Never:
		return t.stage(o, waitForCard, forEver, approvedEnd)
	case o.outcome.Kind == Expire && limit == 0:
		limit = time.Minute
	}
	if o.outcome.Kind == Expire || limit > 0 && wait >= limit {
		return t.stage(o, waitForCard, limit, expiredEnd)
	}
	if end := t.stage(o, waitForCard, wait, approvedEnd); end != approvedEnd {
		return end
	}
	switch o.outcome.Kind {
	case Cancel:
		return cancelledEnd
	case Pin:
		return t.stage(o, waitForPin, t.opts.PinDelay, approvedEnd)
	}
	return approvedEnd
}

// forEver is a stage that ends by a cancel only.
const forEver time.Duration = -1

// stage is one status of an order for a while; then is how it ends undisturbed.
func (t *Terminal) stage(o *order, state string, d time.Duration, then ending) ending {
	t.mu.Lock()
	o.state = state
	t.mu.Unlock()
	var over <-chan time.Time
	if d != forEver {
		timer := time.NewTimer(d)
		defer timer.Stop()
		over = timer.C
	}
	cancel := o.cancel
	if state == processing {
		cancel = nil
	}
	select {
	case <-over:
		return then
	case <-cancel:
		return cancelledEnd
	case <-o.gone:
	case <-t.life.Done():
	}
	return forgotten
}

// settle decides the order and moves the money, in one step. It reports whether the
// order is still there.
func (t *Terminal) settle(o *order, end ending) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.orders[o.id] != o {
		return false
	}
	o.state = processing
	code, text := "OK", "APPROVED"
	switch {
	case end == cancelledEnd:
		code, text = o.outcome.words("CANCELLED", "Transaction cancelled")
	case end == expiredEnd:
		code, text = o.outcome.words("TIMEOUT", "No card presented")
	case o.outcome.Kind == Decline:
		code, text = o.outcome.words("DECLINED", "Declined by host")
	default:
		if why := t.check(o); why != "" {
			code, text = "UNDEFINED", why
		} else if err := t.complete(o); err != nil {
			code, text = "UNDEFINED", err.Error()
		}
	}
	o.facts = t.resultOf(o, code, text)
	close(o.settled)
	return true
}

func (out Outcome) words(code, text string) (string, string) {
	if out.Code != "" && !strings.EqualFold(out.Code, "OK") {
		code = out.Code
	}
	if out.Text != "" {
		text = out.Text
	}
	return code, text
}

// complete is an approval. With t.mu held.
func (t *Terminal) complete(o *order) error {
	if o.kind == closing {
		t.close(o)
		return nil
	}
	original := t.orders[o.original]
	o.moved = o.amount.Add(o.tip)
	switch {
	case o.kind.takesBack():
		o.moved = original.moved
	case o.outcome.Kind == Partial:
		o.moved = o.outcome.granted(o.amount)
	}
	if err := t.ledger.Move(o.id, o.operation, o.moved); err != nil {
		return fmt.Errorf("the ledger cannot be written")
	}
	o.approved, o.batch = true, t.batch.number
	t.batch.orders = append(t.batch.orders, o)
	if original != nil {
		original.reversed = o.kind.takesBack() || o.kind == completion
	}
	return nil
}

// granted is what the bank gives of an amount.
func (out Outcome) granted(asked payment.Amount) payment.Amount {
	if part, err := payment.ParseAmount(out.Amount, asked.Currency()); err == nil {
		return part
	}
	return payment.FromMinor((asked.Minor()+1)/2, asked.Currency())
}

// close ends the batch (A.4.10). With t.mu held.
func (t *Terminal) close(o *order) {
	c := payment.Currency(t.opts.currencies()[0])
	if t.opts.Currency == "" && len(t.batch.orders) > 0 {
		c = t.batch.orders[0].moved.Currency()
	}
	o.approved = true
	o.facts = t.batch.totals(c)
	t.batch = batch{number: t.batch.number + 1}
}

// autoReverse takes a payment back that nobody confirms.
func (t *Terminal) autoReverse(o *order) {
	if t.life.Sleep(t.opts.AutoReverse) {
		t.mu.Lock()
		defer t.mu.Unlock()
		if !o.confirmed && t.orders[o.id] == o {
			t.undo(o)
		}
	}
}

// undo is the terminal's own reversal. With t.mu held.
func (t *Terminal) undo(o *order) {
	if !o.approved || o.reversed || o.operation != payment.Sale || o.batch != t.batch.number {
		return
	}
	if t.ledger.Move(o.id, payment.Void, o.moved) == nil {
		o.reversed = true
	}
}
