package iotpay

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/lane"
	"tillkeeper/payment/internal/setting"
	"tillkeeper/payment/internal/web"
)

const (
	connectTime = 10 * time.Second
	// queryTime is how long one query may take (§7).
	queryTime = 5 * time.Second
	// graceTime is how long an order that nobody waits for any more may still answer.
	graceTime = 10 * time.Second
	// The pulse shows whether the gateway can be reached; it moves no money.
	pulseEvery             = time.Minute
	firstWait, longestWait = 2 * time.Second, time.Minute
)

// Protocol describes the protocol to the program.
func Protocol() payment.Protocol {
	return payment.Protocol{
		Name: name, Title: "IOT Pay (CC_PAX)",
		Settings: Settings(), Secrets: Secrets(), Address: ParseAddress,
		Open: func(t payment.Terminal, env payment.Env) (payment.Driver, error) { return Open(t, env) },
	}
}

// Driver speaks to the gateway about one login, and never sends an order twice.
type Driver struct {
	settings settings
	base     *url.URL
	env      payment.Env
	log      *slog.Logger
	client   web.Client
	pulse    *web.Pulse // nil without KeepAlive
	lane     *lane.Lane
}

var (
	_ payment.Driver = (*Driver)(nil)
	_ payment.Tester = (*Driver)(nil)
)

// Open makes a driver for t. Without env.KeepAlive it touches no network until it is
// used.
func Open(t payment.Terminal, env payment.Env) (*Driver, error) {
	_, base, err := parseAddress(t.Address)
	if err != nil {
		return nil, err
	}
	env = setting.Complete(env)
	s, err := readSettings(t, env.Secret)
	if err != nil {
		return nil, err
	}
	d := &Driver{
		settings: s, base: base, env: env, log: env.Log.With("terminal", t.Name),
		client: web.Client{Dial: env.Dial, Roots: env.Roots, ConnectTime: connectTime, Now: env.Now}, lane: lane.Open(name),
	}
	if env.KeepAlive {
		d.pulse = &web.Pulse{
			Every: pulseEvery, FirstWait: firstWait, LongestWait: longestWait,
			Probe: d.probe, Tell: d.tellLink, Now: env.Now,
		}
		d.pulse.Start()
	}
	return d, nil
}

// Capabilities returns what can be done over this protocol (§8). That the gateway
// does not know a number is no proof unless a technician says so: the text only
// assumes it (§7.4).
func (d *Driver) Capabilities() payment.Capabilities {
	can := payment.Capabilities{
		Operations: []payment.Operation{payment.Sale}, Tip: d.settings.tip,
		NotFoundProves: d.settings.notFoundProof, Limit: d.settings.limit(),
	}
	if d.settings.refund == "" {
		can.SwitchedOff = map[payment.Operation]string{payment.Refund: "path.refund=refund_order"}
		return can
	}
	can.Operations = append(can.Operations, payment.Refund)
	can.PartialRefund = true
	return can
}

// Status asks what became of an order (§7). It may run beside Do: the gateway answers
// queries while a sale blocks.
func (d *Driver) Status(ctx context.Context, req payment.Request) (payment.Result, error) {
	if d.lane.Closed() {
		return payment.Result{}, d.lane.ErrClosed()
	}
	if req.Order.Operation == payment.Refund {
		return d.refundStatus(ctx, req.Order)
	}
	a, err := d.query(ctx, req.Order.Number)
	if err != nil {
		return payment.Result{}, err
	}
	outcome, code, err := queryVerdict(a)
	if err != nil {
		return payment.Result{}, err
	}
	return d.result(a, outcome, code, req.Order)
}

// refundStatus asks about a refund. The path of the query for refunds is not public
// (§8), so all there is to see is whether the gateway shows it as an order: by its
// number, or by that of the sale. An answer that does not proves nothing.
func (d *Driver) refundStatus(ctx context.Context, o payment.Order) (payment.Result, error) {
	for _, number := range []string{o.Number, o.Original} {
		a, err := d.query(ctx, number)
		if err != nil {
			return payment.Result{}, err
		}
		if a.order("payType") != payTypeRefund || a.number() != o.Number {
			continue
		}
		outcome, code, err := queryVerdict(a)
		if err != nil {
			return payment.Result{}, err
		}
		if outcome != payment.NotFound {
			return d.result(a, outcome, code, o)
		}
	}
	return payment.Result{}, payment.Errorf(payment.CodeCannotAsk, "iotpay: the gateway shows no refunds; look at the terminal or ask IOT Pay about refund %s", o.Number)
}

// Test asks about an order that cannot exist: that the gateway does not know it, or
// anything else that it signs, proves the way and the key.
func (d *Driver) Test(ctx context.Context) (payment.Identity, error) {
	if d.lane.Closed() {
		return payment.Identity{}, d.lane.ErrClosed()
	}
	begin := time.Now()
	if err := d.probe(ctx); err != nil {
		return payment.Identity{}, err
	}
	return payment.Identity{Delay: time.Since(begin)}, nil
}

// probe is Test for the pulse.
func (d *Driver) probe(ctx context.Context) error {
	a, err := d.query(ctx, testNumber)
	if err != nil {
		return err
	}
	if !a.turnedDown() {
		if a.ret() == wordSuccess {
			return nil
		}
		return unclear(payment.CodeBadAnswer, a, "retCode "+a.ret())
	}
	switch why := a.reason(); why {
	case payment.CodeWrongKey, payment.CodeWrongMerchant, payment.CodeHostFault, payment.CodeHostTimeout:
		return unclear(why, a, "the gateway refuses to answer")
	case payment.CodeBadParameter:
		if a.ret() == wordFail && !genuine(a.top, d.settings.key) {
			return unclear(why, a, "the gateway does not understand the question")
		}
	}
	return nil
}

// tellLink passes on what the pulse heard.
func (d *Driver) tellLink(s payment.LinkState) {
	if d.env.Link != nil {
		d.env.Link(s)
	}
}

// Close ends everything that is under way. It may be called twice.
func (d *Driver) Close() error {
	d.lane.Close()
	if d.pulse != nil {
		d.pulse.Close()
	}
	return nil
}

// formHeader is what every request has (§2).
func formHeader() http.Header {
	return http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "Accept": {"application/json"}}
}
