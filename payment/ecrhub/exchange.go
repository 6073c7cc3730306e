package ecrhub

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/gorilla/websocket"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/link"
	"tillkeeper/payment/internal/sentence"
	"tillkeeper/payment/internal/wire"
)

// exchange sends a request that moves no money and waits for its reply.
func (d *Driver) exchange(ctx context.Context, within time.Duration, topic, number string, biz any) (response, error) {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	conn, err := d.connect(ctx)
	if err != nil {
		return response{}, err
	}
	c, err := d.post(conn, topic, number, biz)
	if err != nil {
		return response{}, err
	}
	defer d.box.close(c)
	select {
	case r := <-c.reply:
		return r, nil
	case <-c.broken:
		return response{}, errBroken()
	case <-conn.Down():
		return response{}, d.linkError(conn.Err())
	case <-ctx.Done():
		return response{}, payment.Errorf(payment.CodeNoAnswer, "ecrhub: no answer to %s: %w", topic, ctx.Err())
	}
}

// post sends one request and opens its letter box first, so that no reply can
// be missed. Whoever gets a call closes it.
func (d *Driver) post(conn *link.Conn, topic, number string, biz any) (*call, error) {
	req := d.request(topic, biz)
	frame, err := encode(req)
	if err != nil {
		return nil, payment.NotSent(payment.CodeInternal, "ecrhub: %w", err)
	}
	c := d.box.open(topic, req.RequestID, number)
	d.debug("said", frame)
	if err := conn.Send(frame); err != nil {
		d.box.close(c)
		return nil, d.linkError(err)
	}
	return c, nil
}

// hear takes every frame that comes, on whatever connection.
func (d *Driver) hear(frame []byte) {
	d.debug("heard", frame)
	r, err := decode(frame)
	if err != nil {
		spoilt := d.box.spoil(func(text string) bool { return bytes.Contains(frame, []byte(text)) })
		d.log.Warn("a message that cannot be read", "error", err, "bytes", len(frame), "awaited", spoilt)
		return
	}
	if d.box.deliver(r) {
		return
	}
	if r.topic == topicOrder && r.number() != "" {
		d.late(r)
		return
	}
	d.log.Debug("a message nobody waits for", "topic", payment.Mask(r.topic))
}

// late passes on the result of an order that no call is waiting for, such as
// one pushed on a new connection (§10.3). What proves nothing is dropped: the
// order stays unknown, and is asked after.
func (d *Driver) late(r response) {
	number := r.number()
	outcome, code, err := verdict(r, false)
	if err != nil {
		d.log.Warn("a late answer that proves nothing", "order", payment.Mask(number), "error", err)
		return
	}
	result, err := d.result(r, outcome, code, d.settings.currency)
	if err != nil {
		d.log.Warn("a late answer that cannot be read", "order", payment.Mask(number), "error", err)
		return
	}
	if d.env.Late != nil {
		d.env.Late(result)
	}
}

// result is what a response says, made fit for the journal.
func (d *Driver) result(r response, outcome payment.Outcome, code payment.Code, c payment.Currency) (payment.Result, error) {
	res := payment.Result{
		Outcome: outcome, Code: code, Number: r.number(), Operation: operations[r.biz["trans_type"]],
		Text: sentence.Parse(r.text).Words(), Raw: wire.MaskValue(r.message),
	}
	if kind := r.biz["trans_type"]; kind != "" && res.Operation == "" {
		return payment.Result{}, payment.Errorf(payment.CodeBadAnswer, "ecrhub: transaction type %q", payment.Mask(kind))
	}
	f, err := facts(r.biz, c)
	if outcome != payment.Approved {
		// A refusal may echo rubbish, such as the very amount that it refuses. What can be
		// read is compared all the same.
		if err == nil {
			res.Facts = f
		}
		return res, nil
	}
	if err != nil {
		return payment.Result{}, payment.Errorf(payment.CodeBadAnswer, "ecrhub: an answer that cannot be read: %w", err)
	}
	res.Facts = f
	return res, nil
}

// linkError says why a request that may have left has no answer.
func (d *Driver) linkError(err error) error {
	switch {
	case errors.Is(err, link.ErrClosed), d.lane.Closed():
		// While we close, the other side's good-bye may be heard first.
		return payment.Errorf(payment.CodeProgramStopped, "ecrhub: %w", err)
	case errors.Is(err, websocket.ErrReadLimit):
		return payment.Errorf(payment.CodeBadAnswer, "ecrhub: a message of more than %d bytes: %w", maxFrame, err)
	}
	return payment.Errorf(payment.CodeLinkLost, "ecrhub: the link was lost: %w", err)
}

func errBroken() error {
	return payment.Errorf(payment.CodeBadAnswer, "ecrhub: the answer cannot be read")
}

// debug logs a message, masked.
func (d *Driver) debug(what string, frame []byte) {
	if d.log.Enabled(context.Background(), slog.LevelDebug) {
		d.log.Debug(what, "message", wire.MaskJSON(frame))
	}
}
