package paycloud

import (
	"context"
	"log/slog"
	"net/url"
	"sync"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/lane"
	"tillkeeper/payment/internal/sentence"
	"tillkeeper/payment/internal/setting"
	"tillkeeper/payment/internal/web"
)

const levelDebug = slog.LevelDebug

// firstWait is the first pause after a probe that failed.
const firstWait = time.Second

// Driver speaks to the platform about one terminal. Each request has a
// connection of its own.
type Driver struct {
	profile  profile
	settings settings
	keys     credentials
	base     *url.URL
	env      payment.Env
	log      *slog.Logger
	client   *web.Client
	clock    *clock
	lane     *lane.Lane
	pulse    *web.Pulse
	receiver *receiver
	once     sync.Once
	failed   error // of closing
}

var (
	_ payment.Driver      = (*Driver)(nil)
	_ payment.Aborter     = (*Driver)(nil)
	_ payment.Tester      = (*Driver)(nil)
	_ payment.BatchCloser = (*Driver)(nil)
)

// open makes a driver for t. Without env.KeepAlive it touches no network until
// it is used.
func (p profile) open(t payment.Terminal, env payment.Env) (*Driver, error) {
	_, base, err := p.address(t.Address)
	if err != nil {
		return nil, err
	}
	s, err := p.readSettings(t)
	if err != nil {
		return nil, err
	}
	env = setting.Complete(env)
	keys, err := readCredentials(s, env.Secret)
	if err != nil {
		return nil, err
	}
	d := &Driver{
		profile: p, settings: s, keys: keys, base: base, env: env, log: env.Log.With("terminal", t.Name),
		client: &web.Client{Dial: env.Dial, Roots: env.Roots, ConnectTime: s.connect, Now: env.Now},
		clock:  newClock(env.Now), lane: lane.Open("paycloud"),
	}
	if !s.verify {
		d.log.Warn("answers are not verified: anybody on the way could forge them")
	}
	if env.KeepAlive {
		d.watch()
	}
	return d, nil
}

// watch begins what runs in the background: the pulse, and the receiver of
// notifications where there is to be one.
func (d *Driver) watch() {
	if d.settings.notifyListen != "" {
		d.receiver = d.listen()
	}
	tell := d.env.Link
	if tell == nil {
		return
	}
	d.pulse = &web.Pulse{
		Every: d.settings.pulse, FirstWait: min(firstWait, d.settings.pulseLongest), LongestWait: d.settings.pulseLongest,
		Probe: func(ctx context.Context) error { return d.probe(ctx) },
		Tell:  tell, Now: d.env.Now,
	}
	d.pulse.Start()
}

// Capabilities returns what the settings leave of what the platform can.
func (d *Driver) Capabilities() payment.Capabilities {
	s := d.settings
	c := payment.Capabilities{
		Operations:    []payment.Operation{payment.Sale},
		PartialRefund: true, Cancel: true, Tip: true, AskTip: true, Cashback: true,
		VoidPreAuth: s.void && s.preAuth, VoidCompletion: s.void && s.preAuth, BatchClose: s.batch,
		SwitchedOff: map[payment.Operation]string{},
		// One number is one order here, and the platform has them all (§11.3). What
		// is not signed proves nothing.
		NotFoundProves: s.verify, Limit: s.limit(),
	}
	for _, o := range []struct {
		op  payment.Operation
		key string
		on  bool
	}{
		{payment.Void, "void", s.void}, {payment.Refund, "refund", s.refund}, {payment.PreAuth, "preauth", s.preAuth},
		{payment.Completion, "preauth", s.preAuth}, {payment.TipAdjustment, "tip_adjustment", s.tip},
	} {
		if o.on {
			c.Operations = append(c.Operations, o.op)
		} else {
			c.SwitchedOff[o.op] = o.key + "=" + on
		}
	}
	return c
}

// lateness is how long after its expiry an order may still be paid (§11.3).
const lateness = 60 * time.Second

// limit is how long after it was first sent an order may still take a card: its
// expiry and some lateness, counted from the last time that it may be sent.
func (s settings) limit() time.Duration { return s.expires + lateness + againWithin }

// Status asks what became of an order (§6.2). It may run beside Do.
func (d *Driver) Status(ctx context.Context, req payment.Request) (payment.Result, error) {
	a, err := d.look(ctx, req)
	return a.Result, err
}

// Abort asks to withdraw an order (§6.3). The order's own outcome still has to
// be asked for.
func (d *Driver) Abort(ctx context.Context, req payment.Request) error {
	if o := req.Order; !d.lane.Closed() && (o.Operation == payment.TipAdjustment || o.Operation == payment.Refund && d.settings.hostRefund) {
		return payment.Errorf(payment.CodeUnsupported, "paycloud: a %s that no terminal shows cannot be withdrawn", o.Operation)
	}
	return d.withdraw(ctx, req.Order.Number)
}

func (d *Driver) withdraw(ctx context.Context, number string) error {
	r, err := d.ask(ctx, methodClose, withdrawal(number, d.settings))
	switch {
	case err != nil:
		return err
	case !r.ok():
		return payment.Errorf(payment.CodeNotOpen, "paycloud: the platform did not withdraw the order: %s", sentence.Parse(r.msg).Words())
	}
	return nil
}

// noOrder is a number that no order of ours can have: ours are letters and digits.
const noOrder = "TILLKEEPER-PROBE-0"

// Test asks after an order that cannot exist. A signed "no such order" proves the
// way, the application, the merchant and both keys.
func (d *Driver) Test(ctx context.Context) (payment.Identity, error) {
	begin := time.Now()
	if err := d.probe(ctx); err != nil {
		return payment.Identity{}, err
	}
	return payment.Identity{Serial: d.settings.serial, Name: d.profile.title, Delay: time.Since(begin)}, nil
}

func (d *Driver) probe(ctx context.Context) error {
	r, err := d.ask(ctx, d.settings.queryMethod, about(noOrder, d.settings))
	switch {
	case err != nil:
		return err
	case r.clockOff:
		return payment.Errorf(payment.CodeClockOff, "paycloud: this computer's clock is more than 15 minutes off the platform's")
	case r.failure().effect == absent:
		return nil
	case r.ok():
		return payment.Errorf(payment.CodeBadAnswer, "paycloud: the platform knows an order that does not exist")
	}
	return r.err("query")
}

// Close ends what runs. It may be called twice.
func (d *Driver) Close() error {
	d.once.Do(func() {
		d.lane.Close()
		if d.pulse != nil {
			d.pulse.Close()
		}
		if d.receiver != nil {
			d.failed = d.receiver.close()
		}
	})
	return d.failed
}
