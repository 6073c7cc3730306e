package paycloud

import (
	"context"
	"errors"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/sentence"
	"tillkeeper/payment/internal/web"
)

// following is an order that has left, or is about to, with what was heard of it.
type following struct {
	*Driver
	req      payment.Request
	tell     func(payment.Progress)
	method   string
	biz      fields
	deadline time.Duration // after begin

	begin time.Time // when it was first sent
	sends int
	// unsure says why it is not known whether the platform took the order, nil
	// once it is known.
	unsure error
	// last says why the last question had no usable answer; heardAt is when there
	// was one.
	last      error
	heardAt   time.Time
	found     bool
	state     state
	step      int // how far tell has been told
	withdrawn bool
	closed    bool // the platform agreed to withdraw it
}

// send sends the order and sorts the answer (§11.1). settled: that was all.
func (w *following) send(life context.Context, conn *web.Conn) (res payment.Result, settled bool, err error) {
	limited, cancel := context.WithTimeout(life, w.settings.create)
	defer cancel()
	w.sends++
	r, err := w.say(limited, conn, w.method, w.biz)
	_ = conn.Close() // what was to be heard was heard
	switch {
	case errors.Is(err, payment.ErrNotSent):
		return res, w.sends == 1, err
	case err != nil:
		w.unsure = err
		return res, false, nil
	}
	w.heardAt = time.Now()
	w.progress(payment.ProgressSent, "")
	switch f := r.failure(); {
	case r.ok():
		w.unsure = nil
		w.accepted(r.biz["trans_no"])
	case f.effect == exists:
		w.unsure = nil
	case w.sends == 1 && (f.effect == nothing || f.effect == refused):
		return refusedBy(r), true, nil
	default:
		// What a repeated call says of itself proves nothing about the first one.
		w.unsure = r.err(w.method)
	}
	return res, false, nil
}

// refusedBy is the result of a call that the platform turned down.
func refusedBy(r reply) payment.Result {
	f := r.failure()
	res := payment.Result{Outcome: payment.Refused, Code: f.code, Text: sentence.Parse(r.msg).Words(), Raw: r.raw}
	if f.effect == refused {
		res.Outcome = payment.Declined
	}
	return res
}

// follow asks until the order is final (§10, §11.2).
func (w *following) follow(ctx, life context.Context) (payment.Result, error) {
	for w.pause(ctx, life) {
		if time.Since(w.begin) >= w.deadline && !w.withdrawn {
			return w.atDeadline(life)
		}
		a, err := w.hear(life)
		switch {
		case err != nil:
			if w.settings.giveUp > 0 && time.Since(w.heardAt) >= w.settings.giveUp && !w.withdrawn {
				return w.unresolved()
			}
		case a.Outcome.Final():
			return w.final(a.Result), nil
		case a.Outcome == payment.NotFound && w.unsure != nil && !w.withdrawn:
			if res, settled, err := w.again(ctx, life); settled {
				return res, err
			}
		}
	}
	return w.unresolved()
}

// pause waits until the next question is due. It reports false when there is to
// be none. A cancelled ctx is answered here, once.
func (w *following) pause(ctx, life context.Context) bool {
	cancelled := ctx.Done()
	if w.withdrawn {
		cancelled = nil
	}
	timer := time.NewTimer(w.interval())
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-cancelled:
		if !errors.Is(ctx.Err(), context.Canceled) {
			return false
		}
		w.askToWithdraw(life)
	case <-life.Done():
	}
	return life.Err() == nil
}

// withdrawnPause is the pace of questions during the grace.
const withdrawnPause = time.Second

func (w *following) interval() time.Duration {
	since := time.Since(w.begin)
	switch slow := w.settings.pollSlow; {
	case w.withdrawn:
		return min(withdrawnPause, w.settings.pollEvery)
	case since < w.settings.pollFirst && since+w.settings.pollEvery < w.deadline:
		return w.settings.pollEvery
	case since+slow <= w.settings.expires+w.settings.pollAfter && since+slow < w.deadline:
		return slow
	}
	return max(w.deadline-since, 0)
}

// hear asks once and notes what the answer shows.
func (w *following) hear(life context.Context) (answer, error) {
	a, err := w.look(life, w.req)
	if err != nil {
		if life.Err() == nil { // else the grace ended in the middle of a question
			w.last = err
		}
		return a, err
	}
	w.last = nil
	w.heardAt = time.Now()
	w.found = a.Outcome != payment.NotFound
	if w.found && (a.Number == "" || a.Number == w.req.Order.Number) {
		w.unsure = nil
		w.note(a)
	}
	return a, nil
}

// look asks after an order in the way that fits it.
func (d *Driver) look(ctx context.Context, req payment.Request) (answer, error) {
	if req.Order.Operation == payment.TipAdjustment {
		return d.tipStatus(ctx, req)
	}
	return d.query(ctx, req.Order)
}

// note tells of the steps that an answer shows.
func (w *following) note(a answer) {
	w.state = a.state
	w.progress(payment.ProgressSent, "")
	w.accepted(a.Facts.Reference)
	switch a.state {
	case waiting:
		w.progress(payment.ProgressWaiting, "")
	case processing:
		w.progress(payment.ProgressProcessing, "")
	}
}

func (w *following) accepted(reference string) {
	if reference != "" {
		w.progress(payment.ProgressAccepted, reference)
	}
}

var steps = map[payment.ProgressKind]int{
	payment.ProgressSent: 1, payment.ProgressAccepted: 2, payment.ProgressWaiting: 3, payment.ProgressProcessing: 4,
}

// progress tells of a step, once and never backwards.
func (w *following) progress(kind payment.ProgressKind, reference string) {
	if steps[kind] <= w.step {
		return
	}
	w.step = steps[kind]
	w.tell(payment.Progress{Kind: kind, Reference: payment.Mask(reference)})
}

// askToWithdraw asks to close the order (§6.3). Whatever comes of it, the order's
// own state decides. An order whose card is being processed is left alone (§7.2).
func (w *following) askToWithdraw(life context.Context) {
	w.withdrawn = true
	if w.method != methodOrder || w.state == processing {
		w.tell(payment.Progress{Kind: payment.ProgressCancelRefused})
		return
	}
	err := w.withdraw(life, w.req.Order.Number)
	if w.closed = err == nil; !w.closed && life.Err() == nil {
		w.tell(payment.Progress{Kind: payment.ProgressCancelRefused, Text: payment.Mask(err.Error())})
	}
}

// final is the order's last word. A close that was agreed to has no code of its
// own, so it is known by having been asked for.
func (w *following) final(res payment.Result) payment.Result {
	unnamed := res.Outcome == payment.Cancelled && res.Code == payment.CodeCancelledThere ||
		res.Outcome == payment.Declined && res.Code == payment.CodeDeclined
	if w.closed && unnamed {
		res.Outcome, res.Code = payment.Cancelled, payment.CodeWithdrawn
		if !w.withdrawn {
			res.Outcome, res.Code = payment.Expired, payment.CodeExpired
		}
	}
	return res
}

// atDeadline never invents a result (§10): an order that still waits for a card is
// closed, and then asked after; any other goes to the background.
func (w *following) atDeadline(life context.Context) (payment.Result, error) {
	a, err := w.hear(life)
	if err == nil && a.state == waiting && w.method == methodOrder {
		w.closed = w.withdraw(life, w.req.Order.Number) == nil
		a, err = w.hear(life)
	}
	if err == nil && a.Outcome.Final() {
		return w.final(a.Result), nil
	}
	return w.unresolved()
}

// unresolved is the end without an outcome. It wraps no cause: the connection
// that failed last is not the one that carried the order.
func (w *following) unresolved() (payment.Result, error) {
	if w.lane.Closed() {
		return payment.Result{}, errClosed()
	}
	code, why := payment.CodeNoAnswer, "no answer to the order"
	cause := w.unsure
	switch {
	case w.last != nil:
		cause = w.last
	case w.found && w.unsure == nil:
		code, why = payment.CodePending, "the order is not final yet"
	case w.sends > 0 && w.unsure == nil:
		code, why = payment.CodeNotFound, "the platform does not show the order yet"
	}
	if cause != nil {
		why = payment.Mask(cause.Error())
		if said := payment.CodeOf(cause); said.Class() == payment.InDoubt {
			code = said
		}
	}
	return payment.Result{}, payment.Errorf(code, "paycloud: what became of the order is not known: %s", why)
}
