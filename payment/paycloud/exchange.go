package paycloud

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/sentence"
	"tillkeeper/payment/internal/web"
	"tillkeeper/payment/internal/wire"
)

// reply is an answer of the platform whose signature is good, or need not be.
type reply struct {
	code, msg, psn string
	biz            fields
	found          bool // there is a result
	raw            string
	clockOff       bool // this computer's clock is too far from the platform's
}

// ok reports whether the call was accepted, which is never "paid" (§4.2).
func (r reply) ok() bool { return r.code == "0" }

// failure sorts an answer that is not ok.
func (r reply) failure() failure {
	f := failureOf(r.code)
	if f.effect == unsure && r.clockOff {
		f.code = payment.CodeClockOff
	}
	return f
}

// err is the failure as an error: of a question, or of a call whose effect is
// not known.
func (r reply) err(what string) error {
	return payment.Errorf(r.failure().code, "paycloud: %s: code %s (%s)", what, payment.Mask(r.code), sentence.Parse(r.msg).Words())
}

// ask runs a request that moves no money.
func (d *Driver) ask(ctx context.Context, method string, biz fields) (reply, error) {
	if d.lane.Closed() {
		return reply{}, errClosed()
	}
	ctx, cancel := context.WithTimeout(ctx, d.settings.query)
	defer cancel()
	defer context.AfterFunc(d.lane.Life(), cancel)()
	conn, err := d.client.Connect(ctx, d.url(method))
	if err != nil {
		return reply{}, d.named(method, err)
	}
	defer conn.Close()
	r, err := d.say(ctx, conn, method, biz)
	return r, d.named(method, err)
}

// say sends one request over a connection made for it, once, and reads the answer.
func (d *Driver) say(ctx context.Context, conn *web.Conn, method string, biz fields) (reply, error) {
	body, err := d.envelope(method, biz)
	if err != nil {
		return reply{}, payment.NotSent(payment.CodeInternal, "sign: %w", err)
	}
	req := web.Request{Method: http.MethodPost, URL: d.url(method), Body: body, Header: d.header()}
	d.debug(ctx, "said", body)
	resp, err := conn.Do(ctx, req)
	if err != nil {
		return reply{}, err
	}
	d.debug(ctx, "heard", resp.Body)
	return d.read(resp)
}

func (d *Driver) header() http.Header {
	h := http.Header{}
	h.Set("Content-Type", "application/json;charset=UTF-8")
	h.Set("Accept", "application/json")
	h.Set("Http-Request-Psn", d.serial())
	if d.settings.basic {
		r := http.Request{Header: h}
		r.SetBasicAuth(d.keys.user, d.keys.password)
	}
	return h
}

// read checks an answer and takes it apart. An error is: not known (§11.1).
func (d *Driver) read(resp web.Response) (reply, error) {
	switch {
	case resp.Status == http.StatusUnauthorized || resp.Status == http.StatusForbidden:
		return reply{}, payment.Errorf(payment.CodeWrongPassword, "the platform answers with HTTP status %d", resp.Status)
	case resp.Status == http.StatusNotFound:
		return reply{}, payment.Errorf(payment.CodeWrongPath, "the platform answers with HTTP status %d", resp.Status)
	case resp.Status != http.StatusOK:
		return reply{}, payment.Errorf(payment.CodeErrorPage, "the platform answers with HTTP status %d", resp.Status)
	}
	envelope, err := decode(resp.Body)
	if err != nil {
		code := payment.CodeBadAnswer
		if strings.HasPrefix(strings.TrimSpace(string(resp.Body)), "<") {
			code = payment.CodeErrorPage
		}
		return reply{}, payment.Errorf(code, "the answer is %w", err)
	}
	top, err := envelope.texts()
	if err != nil {
		return reply{}, payment.Errorf(payment.CodeBadAnswer, "the answer cannot be read")
	}
	if d.settings.verify {
		if err := top.verify(d.keys.platform); err != nil {
			d.log.Error("an answer is not from the platform, or the platform key is wrong", "psn", payment.Mask(top["psn"]))
			return reply{}, payment.Errorf(payment.CodeBadSignature, "the answer: %w", err)
		}
	}
	r := reply{code: top["code"], msg: top["msg"], psn: top["psn"], clockOff: d.clock.compare(resp.Header.Get("Date"))}
	inner, found, err := content(envelope["data"])
	if err != nil {
		return reply{}, payment.Errorf(payment.CodeBadAnswer, "the result in the answer cannot be read")
	}
	r.found, r.raw = found, masked(envelope, inner)
	if r.biz, err = inner.texts(); err != nil {
		return reply{}, payment.Errorf(payment.CodeBadAnswer, "the result in the answer cannot be read")
	}
	if r.code == "" {
		return reply{}, payment.Errorf(payment.CodeBadAnswer, "an answer without a code")
	}
	return r, nil
}

// named says in which call an error came up. What came up because the driver was
// closed is just that.
func (d *Driver) named(method string, err error) error {
	switch {
	case err == nil:
		return nil
	case d.lane.Closed():
		return errClosed()
	}
	return payment.Errorf(payment.CodeOf(err), "paycloud: %s: %w", method, err)
}

func errClosed() error { return payment.Errorf(payment.CodeClosed, "paycloud: the driver is closed") }

// debug logs a message, masked.
func (d *Driver) debug(ctx context.Context, what string, message []byte) {
	if d.log.Enabled(ctx, levelDebug) {
		d.log.Debug(what, "message", wire.MaskJSON(bytes.TrimSpace(message)))
	}
}

// clock is this computer's, put right where the platform's differs so much that
// requests are refused for it (§3). Payments go on then; Test says what is wrong.
type clock struct {
	wall func() time.Time
	skew chan time.Duration // holds one value: what to add to the wall clock
}

// The platform takes timestamps within 15 minutes of its own time. Half of that
// is put right before it is too late.
const (
	clockTolerance = 15 * time.Minute
	clockCorrects  = clockTolerance / 2
)

func newClock(wall func() time.Time) *clock {
	c := &clock{wall: wall, skew: make(chan time.Duration, 1)}
	c.skew <- 0
	return c
}

func (c *clock) now() time.Time {
	skew := <-c.skew
	c.skew <- skew
	return c.wall().Add(skew)
}

// compare takes the platform's time from the header of a trusted answer, and
// reports whether this computer's clock is too far from it.
func (c *clock) compare(date string) (off bool) {
	at, err := http.ParseTime(date)
	if err != nil {
		return false
	}
	skew := at.Sub(c.wall())
	<-c.skew
	if skew.Abs() <= clockCorrects {
		c.skew <- 0
	} else {
		c.skew <- skew
	}
	return skew.Abs() > clockTolerance
}
