package comgate

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/url"
	"sync"
	"time"

	"tillkeeper/payment"
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
	running  chan struct{} // holds one token while an order or a closing runs
	life     context.Context
	end      context.CancelFunc

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
	env = complete(env)
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
		client:  web.Client{Dial: env.Dial, Private: true, ConnectTime: s.connect},
		running: make(chan struct{}, 1),
	}
	d.life, d.end = context.WithCancel(context.Background())
	if env.KeepAlive && env.Link != nil {
		d.pulse = web.Pulse{
			Every: pulseEvery, FirstWait: firstWait, LongestWait: longestWait, Probe: d.probe, Tell: env.Link, Now: env.Now,
		}
		d.pulse.Start()
	}
	return d, nil
}

// complete fills in what whoever opens the driver did not set.
func complete(env payment.Env) payment.Env {
	if env.Dial == nil {
		env.Dial = (&net.Dialer{}).DialContext
	}
	if env.Now == nil {
		env.Now = time.Now
	}
	if env.Log == nil {
		env.Log = slog.New(slog.DiscardHandler)
	}
	if env.Secret == nil {
		env.Secret = func(string) (string, error) { return "", nil }
	}
	return env
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
	d.end()
	d.pulse.Close()
	return nil
}

// errClosed is for calls after Close. It wraps ErrNotSent: such a call sends nothing.
func errClosed() error {
	return payment.NotSent(payment.CodeClosed, "comgate: the driver is closed")
}

// claim takes the terminal for one order or closing (A.5, rule 5).
func (d *Driver) claim() (release func(), err error) {
	if d.life.Err() != nil {
		return nil, errClosed()
	}
	select {
	case d.running <- struct{}{}:
		d.hear(nil)
		return func() { <-d.running }, nil
	default:
		return nil, payment.NotSent(payment.CodeBusy, "comgate: another order is under way")
	}
}

func (d *Driver) hear(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.heard = err
}

// probe asks whether the terminal is there.
func (d *Driver) probe(ctx context.Context) error {
	if len(d.running) > 0 {
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
	if d.life.Err() != nil {
		return errClosed()
	}
	return payment.NotSent(payment.CodeOf(err), "comgate: %w", err)
}

// lost says why a call that may have been taken has no answer. It never wraps
// ErrNotSent.
func (d *Driver) lost(err error) error {
	if d.life.Err() != nil {
		return payment.Errorf(payment.CodeProgramStopped, "comgate: the driver was closed: %v", err)
	}
	code := payment.CodeOf(err)
	if errors.Is(err, payment.ErrNotSent) {
		code = payment.CodeLinkLost
	}
	return payment.Errorf(inDoubt(code), "comgate: %v", err)
}
