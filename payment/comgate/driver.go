package comgate

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"sync"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/lane"
	"tillkeeper/payment/internal/setting"
	"tillkeeper/payment/internal/web"
)

const (
	// pulseEvery is how often a till that holds its links up asks who is there; after
	// a failure it waits from firstWait to longestWait.
	pulseEvery             = 15 * time.Second
	firstWait, longestWait = time.Second, 30 * time.Second
	// confirmPause is between two attempts to confirm (A.2).
	confirmPause = time.Second
	// startLinger is how long the answer to a start call is still waited for when
	// the order is to be withdrawn: terminals give it at once.
	startLinger = time.Second
)

// Protocol describes the protocol to the program.
func Protocol() payment.Protocol {
	return payment.Protocol{
		Name: name, Title: "Comgate touch-screen terminal (LAN)",
		Settings: Settings(), Secrets: Secrets(), Address: ParseAddress,
		Open: func(t payment.Terminal, env payment.Env) (payment.Driver, error) { return Open(t, env) },
	}
}

// Driver speaks to one terminal, a connection for each call, and never sends an
// order twice.
type Driver struct {
	settings settings
	calls    map[string]*url.URL
	env      payment.Env
	log      *slog.Logger
	client   web.Client
	pulse    web.Pulse
	lane     *lane.Lane // for orders and closings

	mu sync.Mutex
	// heard is what the last question about a running order came to: while one runs,
	// the pulse does not ask beside it (A.6).
	heard error
}

var (
	_ payment.Driver       = (*Driver)(nil)
	_ payment.Aborter      = (*Driver)(nil)
	_ payment.Tester       = (*Driver)(nil)
	_ payment.Acknowledger = (*Driver)(nil)
	_ payment.BatchCloser  = (*Driver)(nil)
)

// Open makes a driver for t. Without env.KeepAlive it touches no network until it is
// used.
func Open(t payment.Terminal, env payment.Env) (*Driver, error) {
	_, base, err := form.Parse(t.Address)
	if err != nil {
		return nil, err
	}
	env = setting.Complete(env)
	secret, err := env.Secret(secretPassword)
	if err != nil && payment.CodeOf(err) == payment.CodeSecretsLocked {
		return nil, err // else there is none, which is as good as the published one
	}
	s, err := readSettings(t, secret)
	if err != nil {
		return nil, err
	}
	d := &Driver{
		settings: s, calls: endpoints(base, s.paths), env: env, log: env.Log.With("terminal", t.Name),
		client: web.Client{Dial: env.Dial, Private: true, ConnectTime: s.connect}, lane: lane.Open(name),
	}
	if env.KeepAlive && env.Link != nil {
		d.pulse = web.Pulse{
			Every: pulseEvery, FirstWait: firstWait, LongestWait: longestWait, Probe: d.probe, Tell: env.Link, Now: env.Now,
		}
		d.pulse.Start()
	}
	return d, nil
}

// Capabilities returns what this terminal can do, by its settings. "Not found" never
// proves anything here: how long terminals remember is not known (A.13).
func (d *Driver) Capabilities() payment.Capabilities {
	s := d.settings
	c := payment.Capabilities{
		Operations:    []payment.Operation{payment.Sale, payment.Void},
		PartialRefund: true, Cancel: true, Tip: s.tipField != "", BatchClose: true,
		VoidPreAuth: s.paths["preauth_cancel"] != "", SwitchedOff: map[payment.Operation]string{},
		Limit: s.transaction,
	}
	for _, o := range []struct {
		op      payment.Operation
		on      bool
		setting string
	}{
		{payment.Refund, s.refund, "refund=on"},
		{payment.PreAuth, s.paths["preauth"] != "", "path.preauth"},
		{payment.Completion, s.paths["preauth_complete"] != "", "path.preauth_complete"},
	} {
		if o.on {
			c.Operations = append(c.Operations, o.op)
		} else {
			c.SwitchedOff[o.op] = o.setting
		}
	}
	return c
}

// Close ends whatever is under way and all goroutines. It may be called twice.
func (d *Driver) Close() error {
	d.lane.Close()
	d.pulse.Close()
	return nil
}

// claim takes the terminal for one order or closing (A.5, rule 5).
func (d *Driver) claim() (release func(), err error) {
	release, err = d.lane.Take()
	if err == nil {
		d.hear(nil)
	}
	return release, err
}

func (d *Driver) hear(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.heard = err
}

// probe asks whether the terminal is there.
func (d *Driver) probe(ctx context.Context) error {
	if d.lane.Taken() {
		d.mu.Lock()
		defer d.mu.Unlock()
		return d.heard
	}
	_, err := d.info(ctx)
	return err
}

// debug logs a message, masked.
func (d *Driver) debug(what, call string, body []byte) {
	if d.log.Enabled(context.Background(), slog.LevelDebug) {
		text := ""
		if body != nil {
			text = d.settings.record(body)
		}
		d.log.Debug(what, "call", call, "message", text)
	}
}

// unsent says why nothing could be sent, and keeps its code.
func (d *Driver) unsent(err error) error {
	if d.lane.Closed() {
		return d.lane.ErrClosed()
	}
	return payment.NotSent(payment.CodeOf(err), "comgate: %w", err)
}

// lost says why a call that may have been taken has no answer. It never wraps
// ErrNotSent.
func (d *Driver) lost(err error) error {
	if d.lane.Closed() {
		return payment.Errorf(payment.CodeProgramStopped, "comgate: the driver was closed: %v", err)
	}
	code := payment.CodeOf(err)
	if errors.Is(err, payment.ErrNotSent) {
		code = payment.CodeLinkLost
	}
	return payment.Errorf(inDoubt(code), "comgate: %v", err)
}
