package comgate

import (
	"context"
	"errors"
	"strings"
	"time"

	"tillkeeper/payment"
)

// lostAfter is after how many failures in a row the link counts as lost (A.6).
const lostAfter = 3

// waiting is an order, or a closing, that the terminal has been told to start.
type waiting struct {
	driver *Driver
	order  payment.Order
	tell   func(payment.Progress)

	kind     payment.ProgressKind // the last step told
	text     string
	failures int   // in a row
	trouble  error // why the last question brought nothing
	// withdrawn: the terminal has taken a request to cancel.
	withdrawn bool
	// confirmed: the terminal was told before the result, as confirm_mode wants.
	confirmed bool
}

// answer asks until the order is finished, and reads what became of it.
func (w *waiting) answer(ctx context.Context) (payment.Result, error) {
	a, err := w.finish(ctx, w.driver.settings.transaction)
	switch {
	case errors.Is(err, context.Canceled):
		return w.withdraw()
	case err != nil:
		return payment.Result{}, err
	}
	return w.read(a)
}

// finish polls until there is a result, for limit at most (A.6). It gives
// context.Canceled itself when ctx was cancelled, and else errors that leave the
// outcome open: neither a lost link nor a bad answer ends the waiting early.
func (w *waiting) finish(ctx context.Context, limit time.Duration) (answer, error) {
	d := w.driver
	over := time.NewTimer(limit)
	defer over.Stop()
	for {
		pause := time.NewTimer(d.settings.poll)
		select {
		case <-pause.C:
		case <-over.C:
			return answer{}, w.unknown("the order was not finished in time")
		case <-ctx.Done():
		case <-d.lane.Life().Done():
		}
		pause.Stop()
		switch {
		case d.lane.Closed():
			return answer{}, payment.Errorf(payment.CodeProgramStopped, "comgate: the driver was closed")
		case errors.Is(ctx.Err(), context.Canceled):
			return answer{}, context.Canceled
		case ctx.Err() != nil:
			return answer{}, w.unknown("no answer to the order in time")
		}
		if a, done, err := w.poll(ctx); done {
			return a, err
		}
	}
}

// unknown is why there is no answer, with the last trouble in it.
func (w *waiting) unknown(what string) error {
	if w.trouble == nil {
		return payment.Errorf(payment.CodeNoAnswer, "comgate: %s", what)
	}
	// Not wrapped: the trouble of one question says nothing of the order.
	return payment.Errorf(inDoubt(payment.CodeOf(w.trouble)), "comgate: %s: %v", what, w.trouble)
}

// poll asks once, and for the result where there is one. done says that the
// answer, or the error, ends the waiting.
func (w *waiting) poll(ctx context.Context) (result answer, done bool, err error) {
	d := w.driver
	a, err := d.ask(ctx, "status", d.follow(w.order.Number))
	if !w.usable(ctx, "status", a, err) {
		return answer{}, false, nil
	}
	state := a.fields.text("status")
	if !among(d.settings.finished, state) {
		w.state(state)
		return answer{}, false, nil
	}
	if d.settings.confirm == confirmBefore && !w.confirmed {
		w.confirmed = d.acknowledge(ctx, w.order.Number) == nil
	}
	result, err = d.ask(ctx, "result", d.follow(w.order.Number))
	if err == nil && result.status/100 == 2 && result.fields == nil {
		return answer{}, true, payment.Errorf(inDoubt(result.trouble()), "comgate: a result that cannot be read: %s", d.settings.record(result.body))
	}
	if err == nil && result.good() && result.fields.text("responseCode") != "" {
		return result, true, nil
	}
	if !w.usable(ctx, "result", result, err) {
		return answer{}, false, nil
	}
	return result, true, nil
}

// usable notes whether a question was answered, and tells when the link is lost.
func (w *waiting) usable(ctx context.Context, call string, a answer, err error) bool {
	if err != nil && ctx.Err() != nil {
		return false // we hung up ourselves
	}
	w.driver.hear(err)
	if err != nil {
		w.trouble = err
		if w.failures++; w.failures == lostAfter {
			w.lost(err)
		}
		return false
	}
	w.failures = 0
	w.trouble = w.driver.useless(call, a)
	id := a.fields.text("transactionId")
	switch {
	case call == "status" && w.driver.isUnknown(a):
		w.trouble = payment.Errorf(payment.CodeNotFound, "comgate: the terminal does not know the order")
	case w.trouble == nil && call == "status" && id != "" && id != w.order.Number:
		w.trouble = payment.Errorf(payment.CodeWrongOrder, "comgate: the terminal answers about order %s", w.driver.settings.words(id))
	}
	return w.trouble == nil
}

// lost tells that the terminal does not answer; it goes on being asked.
func (w *waiting) lost(err error) {
	w.driver.log.Warn("connection to the terminal lost", "order", w.order.Number, "error", err)
	if w.kind != "" {
		w.tell(payment.Progress{Kind: w.kind, Text: "connection to the terminal lost"})
	}
}

// state tells a status text, once each time it changes, word for word (A.4.4).
func (w *waiting) state(text string) {
	text = w.driver.settings.words(text)
	if text == "" || text == w.text || among(w.driver.settings.finished, text) {
		return
	}
	w.text = text
	w.tell(payment.Progress{Kind: w.step(text), Text: text})
}

// step is what a status text means: the customer is being waited for until it
// speaks of what comes after the card. It never goes back.
func (w *waiting) step(text string) payment.ProgressKind {
	text = strings.ToLower(text)
	for _, word := range []string{"pin", "process", "author", "online"} {
		if strings.Contains(text, word) {
			w.kind = payment.ProgressProcessing
		}
	}
	if w.kind == "" {
		w.kind = payment.ProgressWaiting
	}
	return w.kind
}

// withdraw asks the terminal to cancel the order, and gives it a while for its last
// word: the order's own result decides (A.4.7).
func (w *waiting) withdraw() (payment.Result, error) {
	d := w.driver
	ctx, cancel := context.WithTimeout(d.lane.Life(), d.settings.grace)
	defer cancel()
	asked := false
	for {
		if !asked {
			asked = w.cancel(ctx)
		}
		if a, done, err := w.poll(ctx); done && err == nil {
			return w.read(a)
		} else if done {
			return payment.Result{}, err
		}
		pause := time.NewTimer(d.settings.poll)
		select {
		case <-pause.C:
		case <-ctx.Done():
		}
		pause.Stop()
		switch {
		case d.lane.Closed():
			return payment.Result{}, payment.Errorf(payment.CodeProgramStopped, "comgate: the driver was closed")
		case ctx.Err() != nil:
			return payment.Result{}, w.unknown("asked to withdraw the order, and no answer to it")
		}
	}
}

// cancel asks once, and reports whether the terminal has heard it.
func (w *waiting) cancel(ctx context.Context) bool {
	d := w.driver
	a, err := d.ask(ctx, "cancel", d.follow(w.order.Number))
	if err != nil {
		return false
	}
	if err := d.agreed(a); err != nil {
		w.tell(payment.Progress{Kind: payment.ProgressCancelRefused, Text: d.settings.words(a.text())})
		return true
	}
	w.withdrawn = true
	if w.text != "" && !among(d.settings.cancelable, w.text) {
		// Heard, but past the moment at which it works (A.4.7).
		w.tell(payment.Progress{Kind: payment.ProgressCancelRefused, Text: w.text})
	}
	return true
}

// read turns the result of the order into ours.
func (w *waiting) read(a answer) (payment.Result, error) {
	res, err := w.driver.result(w.order, a, w.withdrawn)
	if w.confirmed {
		res.Facts.HandOver = false
	}
	return res, err
}
