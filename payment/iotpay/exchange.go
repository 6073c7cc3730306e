package iotpay

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"net/http"
	"net/netip"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/web"
)

// query asks about an order by its number of ours (§7).
func (d *Driver) query(ctx context.Context, number string) (answer, error) {
	ctx, release := d.lane.While(ctx)
	defer release()
	ctx, cancel := context.WithTimeout(ctx, queryTime)
	defer cancel()
	conn, err := d.connect(ctx, d.client)
	if err != nil {
		return answer{}, err
	}
	defer conn.Close()
	return d.say(ctx, conn, d.settings.query, d.settings.composeQuery(number))
}

// connect makes a connection for one request. Its errors wrap ErrNotSent.
func (d *Driver) connect(ctx context.Context, client web.Client) (*web.Conn, error) {
	conn, err := client.Connect(ctx, d.base)
	switch {
	case err == nil:
		return conn, nil
	case d.lane.Closed():
		return nil, d.lane.ErrClosed()
	}
	return nil, payment.NotSent(payment.CodeOf(err), "iotpay: %w", err)
}

// say sends one signed request and reads the answer to it.
func (d *Driver) say(ctx context.Context, conn *web.Conn, path string, p params) (answer, error) {
	p["sign"] = sign(p, d.settings.key)
	body, err := encode(p, d.settings.wrapped)
	if err != nil {
		return answer{}, payment.Errorf(payment.CodeInternal, "iotpay: write the request: %w", err)
	}
	d.debug("said", p)
	r, err := conn.Do(ctx, web.Request{Method: http.MethodPost, URL: d.base.JoinPath(path), Header: formHeader(), Body: body})
	switch {
	case err != nil && d.lane.Closed():
		return answer{}, payment.Errorf(payment.CodeProgramStopped, "iotpay: %s: %w", path, err)
	case err != nil && ctx.Err() != nil:
		return answer{}, payment.Errorf(payment.CodeNoAnswer, "iotpay: %s: no answer in time: %w", path, err)
	case err != nil:
		return answer{}, payment.Errorf(payment.CodeOf(err), "iotpay: %s: %w", path, err)
	}
	return d.hear(path, r)
}

// hear reads an answer and looks at its signature.
func (d *Driver) hear(path string, r web.Response) (answer, error) {
	if d.log.Enabled(context.Background(), slog.LevelDebug) {
		d.log.Debug("heard", "path", path, "status", r.Status, "message", masked(r.Body))
	}
	switch {
	case r.Status == http.StatusNotFound && path == d.settings.query:
		// Of a question only: an order is in doubt, whatever comes in place of an
		// answer (§9).
		return answer{}, payment.Errorf(payment.CodeWrongPath, "iotpay: %s: there is no such path", path)
	case r.Status != http.StatusOK:
		return answer{}, payment.Errorf(payment.CodeErrorPage, "iotpay: %s: HTTP status %d", path, r.Status)
	case bytes.HasPrefix(bytes.TrimSpace(r.Body), []byte("<")):
		return answer{}, payment.Errorf(payment.CodeErrorPage, "iotpay: %s: a page in place of an answer", path)
	}
	a, err := decode(r.Body)
	if err != nil {
		return answer{}, payment.Errorf(payment.CodeBadAnswer, "iotpay: %s: %w", path, err)
	}
	return a, d.believe(path, a)
}

// believe looks at the signature of an answer (§3.4). A refusal may be unsigned.
func (d *Driver) believe(path string, a answer) error {
	unsigned := a.top.text("sign") == ""
	if d.settings.responseSign == signOff || unsigned && a.ret() == wordFail || genuine(a.top, d.settings.key) {
		return nil
	}
	if d.settings.responseSign == signEnforce {
		return payment.Errorf(payment.CodeBadSignature, "iotpay: %s: the answer's signature is not the gateway's", path)
	}
	d.log.Warn("the signature of an answer is not the gateway's", "path", path, "order", payment.Mask(a.number()), "unsigned", unsigned)
	return nil
}

// number is the order that the answer is about: a refund's own number goes first.
func (a answer) number() string {
	if refund := a.order("mchRefundNo"); refund != "" {
		return refund
	}
	return a.order("mchOrderNo")
}

var operations = map[string]payment.Operation{"": "", payTypePay: payment.Sale, payTypeRefund: payment.Refund}

// result is what an answer says, made fit for the journal.
func (d *Driver) result(a answer, outcome payment.Outcome, code payment.Code, o payment.Order) (payment.Result, error) {
	operation, known := operations[a.order("payType")]
	if !known {
		return payment.Result{}, unclear(payment.CodeBadAnswer, a, "payType "+a.order("payType"))
	}
	res := payment.Result{
		Outcome: outcome, Code: code, Number: payment.Mask(a.number()), Operation: operation,
		Text: a.words(), Raw: masked(a.raw),
	}
	if outcome == payment.Approved {
		res.Text = a.card()["receiptDisp"]
	}
	a.card().fill(&res.Facts, outcome == payment.Approved)
	res.Facts.Reference = payment.Mask(a.order("payOrderId"))
	if res.Facts.Trace = payment.Mask(a.order("channelOrderNo")); res.Facts.Trace == "" {
		res.Facts.Trace = payment.Mask(a.order("transId"))
	}
	field := "amount"
	if a.order("refundAmount") != "" {
		field = "refundAmount"
	}
	amounts, err := a.amounts(field, o.Asked.Currency())
	if err != nil && outcome == payment.Approved {
		return payment.Result{}, payment.Errorf(payment.CodeBadAnswer, "iotpay: an answer that cannot be read: %w", err)
	}
	if o.Operation == payment.Refund && amounts.Amount.Equal(o.Asked.Total()) {
		// A refund has one sum on the wire, whatever it gives back of goods and tip.
		amounts = payment.Amounts{Amount: o.Asked.Amount, Tip: o.Asked.Tip}
	}
	// A refusal may echo rubbish; what can be read is compared all the same.
	res.Facts.Amounts = amounts
	return res, nil
}

// debug logs what is said, masked.
func (d *Driver) debug(what string, p params) {
	if !d.log.Enabled(context.Background(), slog.LevelDebug) {
		return
	}
	if text, err := compactJSON(p); err == nil {
		d.log.Debug(what, "message", masked([]byte(text)))
	}
}

// watched is a connection that tells when the first thing was written after it was
// armed: with TLS, the handshake's writes come before.
type watched struct {
	net.Conn
	armed func()
}

func (w *watched) Write(b []byte) (int, error) {
	n, err := w.Conn.Write(b)
	if tell := w.armed; err == nil && tell != nil {
		w.armed = nil
		tell()
	}
	return n, err
}

// localIP is the till's address on a connection, as the gateway wants to be told
// (§4.1): 32 characters at most, so a long IPv6 address is not said.
func localIP(c net.Conn) string {
	const loopback = "127.0.0.1"
	if c == nil {
		return loopback
	}
	local, ok := c.LocalAddr().(*net.TCPAddr)
	if !ok {
		return loopback
	}
	ip, ok := netip.AddrFromSlice(local.IP)
	if text := ip.Unmap().String(); ok && len(text) <= 32 {
		return text
	}
	return loopback
}
