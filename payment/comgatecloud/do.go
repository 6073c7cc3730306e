package comgatecloud

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/web"
)

// Do runs one order; see payment.Driver. It tells "sent" and "accepted" once the
// server has answered, because only then is it known, and "waiting" when the order
// runs on the terminal.
func (d *Driver) Do(ctx context.Context, req payment.Request, tell func(payment.Progress)) (payment.Result, error) {
	if tell == nil {
		tell = func(payment.Progress) {}
	}
	free, err := d.lane.Take()
	if err != nil {
		return payment.Result{}, err
	}
	defer free()
	j, err := d.compose(req)
	if err != nil {
		return payment.Result{}, err
	}
	j.tell = tell
	conn, err := d.ready(ctx, req)
	if err != nil {
		return payment.Result{}, err
	}
	defer conn.Close()
	if !d.sent.add(req.Order.Number) {
		return payment.Result{}, repeated(req.Order.Number)
	}
	life, end := d.lane.Follow(ctx, graceTime)
	defer end()
	if req.Order.Operation == payment.Void {
		return d.void(life, j, conn)
	}
	return d.start(life, j, conn)
}

// job is an order on its way.
type job struct {
	order   payment.Order
	request web.Request
	// method and transID are what the order is asked about with; transID is empty
	// until the server has said it.
	method, transID string
	tell            func(payment.Progress)
}

// compose turns an order into the request that asks for it. Its errors mean that
// nothing was sent.
func (d *Driver) compose(req payment.Request) (*job, error) {
	o := req.Order
	j := &job{order: o, method: methodOf[o.Operation]}
	switch {
	case !d.Capabilities().Can(o.Operation):
		return nil, payment.NotSent(payment.CodeUnsupported, "%s: no %q with this terminal", name, o.Operation)
	case o.Asked.Tip.IsPositive() || o.Asked.Cashback.IsPositive() || o.AskTip:
		return nil, payment.NotSent(payment.CodeUnsupported, "%s: neither tips nor cashback over this protocol", name)
	case req.Reference != "":
		return nil, repeated(o.Number)
	case o.Operation == payment.Void && !transIDForm.MatchString(req.OriginalReference):
		return nil, payment.NotSent(payment.CodeOriginalNotFound,
			"%s: the number under which the server knows the payment is not known; it can be refunded, or taken back in the portal", name)
	case o.Operation == payment.Void:
		j.transID = req.OriginalReference
		j.request = d.request(http.MethodDelete, about(j.method, j.transID), nil)
		j.request.Header.Set(headerOrder, o.Number)
		return j, nil
	case o.Operation == payment.Refund && req.OriginalMoved.Amount.Known() && req.OriginalMoved.Total().Less(o.Asked.Total()):
		// The protocol links a refund to nothing, so that nobody else looks.
		return nil, payment.NotSent(payment.CodeRefundTooHigh, "%s: the refund is above the payment", name)
	}
	body, err := json.Marshal(order{Price: o.Asked.Amount.Minor(), Curr: string(o.Asked.Currency()), RefID: o.Number})
	if err != nil {
		return nil, payment.NotSent(payment.CodeInternal, "%s: %w", name, err)
	}
	j.request = d.request(http.MethodPost, j.method+".json", body)
	return j, nil
}

// repeated is what a number gets that was sent before. It does not wrap ErrNotSent,
// because the order did leave.
func repeated(number string) error {
	return payment.Errorf(payment.CodeNumberRepeated, "%s: order %s was sent before; ask about it", name, payment.Mask(number))
}

// ready looks at the terminal, connects, and has it recorded that the order may
// leave. All of its errors mean that nothing was sent.
func (d *Driver) ready(ctx context.Context, req payment.Request) (*web.Conn, error) {
	if d.settings.check {
		if err := d.free(ctx); err != nil {
			return nil, err
		}
	}
	connecting, cancel := d.during(ctx, d.settings.connectTime)
	defer cancel()
	conn, err := d.client.Connect(connecting, d.base)
	if err != nil {
		return nil, d.unsent(ctx, err, "connect")
	}
	if err := d.lane.Record(ctx, req.BeforeSend); err != nil {
		_ = conn.Close() // nothing was said on it
		return nil, err
	}
	// Recording may have taken a while.
	if ctx.Err() != nil || d.lane.Closed() {
		_ = conn.Close()
		return nil, d.unsent(ctx, payment.ErrNotSent, "given up")
	}
	return conn, nil
}

// free asks whether the terminal can take an order now (B.4, rule 1): where the answer
// to an order is lost, nobody can be asked, so nothing is sent into the blue.
func (d *Driver) free(ctx context.Context) error {
	status, err := d.look(ctx)
	switch {
	case err != nil:
		return d.unsent(ctx, err, "look at the terminal")
	case status == terminalBusy:
		return payment.NotSent(payment.CodeBusy, "%s: the terminal is busy", name)
	}
	return nil
}

// unsent is err as an error of an order that has not left.
func (d *Driver) unsent(ctx context.Context, err error, what string) error {
	code := payment.CodeOf(err)
	switch {
	case d.lane.Closed():
		code = payment.CodeClosed
	case errors.Is(ctx.Err(), context.Canceled):
		code = payment.CodeWithdrawn
	case code.Class() != payment.NothingSent:
		code = payment.CodeNotReached
	}
	return payment.NotSent(code, "%s: %s: %w", name, what, err)
}

// start sends a payment or refund, learns its transId, and follows it. The answer is
// waited for even when the caller has gone: it holds the order's only number.
func (d *Driver) start(life context.Context, j *job, conn *web.Conn) (payment.Result, error) {
	r, err := d.send(d.lane.Life(), j, conn)
	if err != nil {
		return payment.Result{}, err // from here on, an error is an unknown outcome
	}
	j.transID = r.transID()
	if code, why, no := d.settings.turnedDown(r); no {
		return d.refused(j, r, code, why), nil
	}
	if j.transID == "" {
		if r.ok() {
			return payment.Result{}, payment.Errorf(payment.CodeBadAnswer, "%s: accepted under no number that can be asked with", name)
		}
		return payment.Result{}, inDoubt(r.failure("order"))
	}
	j.tell(payment.Progress{Kind: payment.ProgressAccepted, Reference: j.transID})
	return d.follow(life, j, d.settings.limit)
}

// send sends the order, once.
func (d *Driver) send(ctx context.Context, j *job, conn *web.Conn) (reply, error) {
	ctx, cancel := d.during(ctx, d.settings.requestTime)
	defer cancel()
	d.log.Debug("said", "method", j.request.Method, "order", j.order.Number, "operation", j.order.Operation)
	answer, err := conn.Do(ctx, j.request)
	if err != nil {
		return reply{}, d.broken(err, "send the order")
	}
	j.tell(payment.Progress{Kind: payment.ProgressSent})
	return d.heard(answer), nil
}

// refused is the result of an order that was turned down before any card.
func (d *Driver) refused(j *job, r reply, code payment.Code, why string) payment.Result {
	return payment.Result{
		Outcome: payment.Refused, Code: code, Text: why, Number: j.order.Number, Operation: j.order.Operation, Raw: r.raw,
	}
}

// follow asks about an order until it has its outcome (B.4, rule 3). Questions
// without a usable answer are asked again, up to a number in a row.
func (d *Driver) follow(life context.Context, j *job, limit time.Duration) (payment.Result, error) {
	begin, failures, waiting := time.Now(), 0, false
	for {
		res, err := d.inquire(life, j.order, j.method, j.transID)
		switch {
		case err == nil && res.Outcome.Final():
			return res, nil
		case err == nil && res.Outcome == payment.Pending:
			failures = 0
			if !waiting {
				waiting = true
				j.tell(payment.Progress{Kind: payment.ProgressWaiting})
			}
		case err == nil && j.order.Operation == payment.Void:
			failures = 0
		case err == nil:
			err = payment.Errorf(payment.CodeNotFound, "%s: the server does not know the order", name)
			failures++
		case settled(err):
			return payment.Result{}, err
		default:
			failures++
		}
		if life.Err() != nil {
			return payment.Result{}, d.left()
		}
		if failures >= d.settings.failures {
			return payment.Result{}, asDoubt(err)
		}
		since := time.Since(begin)
		if since >= limit {
			return payment.Result{}, payment.Errorf(payment.CodePending, "%s: still not over after %s", name, limit)
		}
		if !sleep(life, min(d.settings.pause(since), limit-since)) {
			return payment.Result{}, d.left()
		}
	}
}

// settled reports whether asking again at once is of no use: somebody has to look,
// or the till asks later.
func settled(err error) bool {
	switch payment.CodeOf(err) {
	case payment.CodeUnknownStatus, payment.CodeTerminalTimeout:
		return true
	}
	return errors.Is(err, errTechnical)
}

// asDoubt is err as an error of an order that did leave.
func asDoubt(err error) error {
	code := payment.CodeOf(err)
	if code.Class() != payment.InDoubt {
		code = payment.CodeLinkLost
	}
	// Not wrapped: that a question was not sent says nothing about the order.
	return payment.Errorf(code, "%s", err.Error())
}

// left is the end of following without an outcome.
func (d *Driver) left() error {
	if d.lane.Closed() {
		return payment.Errorf(payment.CodeProgramStopped, "%s: closed while the order was under way", name)
	}
	return payment.Errorf(payment.CodeNoAnswer, "%s: no outcome in time", name)
}

func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// inquire asks once what became of an order.
func (d *Driver) inquire(ctx context.Context, o payment.Order, method, transID string) (payment.Result, error) {
	r, err := d.ask(ctx, about(method, transID))
	if err != nil {
		return payment.Result{}, err
	}
	return d.read(o, transID, r)
}

// read turns a status object into what it says about the order.
func (d *Driver) read(o payment.Order, transID string, r reply) (payment.Result, error) {
	outcome, code, err := d.settings.verdict(o.Operation, transID, r)
	if err != nil {
		return payment.Result{}, err
	}
	res := payment.Result{
		Outcome: outcome, Code: code, Number: payment.Mask(r.fields["refId"]), Operation: o.Operation, Raw: r.raw,
	}
	if o.Operation == payment.Void {
		res.Number = voidNumber(o, r)
	} else if outcome != payment.Approved {
		res.Text = words(r.fields["paymentErrorReason"])
	}
	res.Facts, err = r.facts(transID, o.Asked.Currency())
	if err != nil && outcome == payment.Approved {
		return payment.Result{}, payment.Errorf(payment.CodeBadAnswer, "%s: an answer that cannot be read: %w", name, err)
	}
	return res, nil
}
