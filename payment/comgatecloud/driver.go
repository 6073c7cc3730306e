package comgatecloud

import (
	"context"
	"encoding/base64"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/lane"
	"tillkeeper/payment/internal/setting"
	"tillkeeper/payment/internal/web"
)

const (
	// graceTime is how long an order that somebody gave up may still come to its end.
	graceTime = 10 * time.Second
	// pulseEvery is how often the terminal is looked at while nobody uses it; after a
	// failure the pauses grow from firstWait to longestWait.
	pulseEvery             = 30 * time.Second
	firstWait, longestWait = time.Second, 30 * time.Second
	// maxBody is the longest answer accepted.
	maxBody = 1 << 20
)

// Protocol describes the protocol to the program.
func Protocol() payment.Protocol {
	return payment.Protocol{
		Name: name, Title: "Comgate terminal over the internet",
		Settings: Settings(), Secrets: Secrets(), Address: ParseAddress,
		Open: func(t payment.Terminal, env payment.Env) (payment.Driver, error) { return Open(t, env) },
	}
}

// Driver speaks to one terminal through Comgate's server. Each request has a
// connection of its own, and none is ever sent twice.
type Driver struct {
	settings settings
	env      payment.Env
	log      *slog.Logger
	base     *url.URL
	client   web.Client
	login    string // the value of Authorization
	pulse    *web.Pulse
	lane     *lane.Lane // for orders and batch closes
	sent     numbers
}

var (
	_ payment.Driver      = (*Driver)(nil)
	_ payment.Tester      = (*Driver)(nil)
	_ payment.BatchCloser = (*Driver)(nil)
)

// Open makes a driver for t. It touches no network; with env.KeepAlive it looks at
// the terminal from time to time until Close.
func Open(t payment.Terminal, env payment.Env) (*Driver, error) {
	_, base, err := form.Parse(t.Address)
	if err != nil {
		return nil, err
	}
	s, err := readSettings(t)
	if err != nil {
		return nil, err
	}
	env = setting.Complete(env)
	secret, err := env.Secret(keySecret)
	switch {
	case err != nil:
		return nil, err
	case secret == "":
		return nil, payment.Errorf(payment.CodeSecretMissing, "%s: the terminal's password (secret %q) is missing", name, keySecret)
	}
	d := &Driver{
		settings: s, env: env, log: env.Log.With("terminal", t.Name), base: base,
		client: web.Client{Dial: env.Dial, Roots: env.Roots, ConnectTime: s.connectTime, MaxBody: maxBody, Now: env.Now},
		login:  "Basic " + base64.StdEncoding.EncodeToString([]byte(s.merchant+":"+secret)),
		lane:   lane.Open(name),
	}
	d.pulse = &web.Pulse{
		Every: pulseEvery, FirstWait: firstWait, LongestWait: longestWait, Now: env.Now, Tell: env.Link,
		Probe: func(ctx context.Context) error { _, err := d.look(ctx); return err },
	}
	if env.KeepAlive && env.Link != nil {
		d.pulse.Start()
	}
	return d, nil
}

// Capabilities returns what terminals can do through this API (B.2). A payment under
// way cannot be withdrawn (B.4, rule 5).
func (d *Driver) Capabilities() payment.Capabilities {
	c := payment.Capabilities{
		Operations: []payment.Operation{payment.Sale, payment.Void}, BatchClose: true,
		Unaskable: true, Limit: d.settings.limit,
	}
	if d.settings.refund {
		c.Operations, c.PartialRefund = append(c.Operations, payment.Refund), true
	} else {
		c.SwitchedOff = map[payment.Operation]string{payment.Refund: "refund=on"}
	}
	return c
}

// Status asks what became of an order (B.3). It may run beside Do.
func (d *Driver) Status(ctx context.Context, req payment.Request) (payment.Result, error) {
	o, transID := req.Order, req.Reference
	if o.Operation == payment.Void {
		transID = req.OriginalReference // a void has no number of its own
	}
	method, ok := methodOf[o.Operation]
	switch {
	case d.lane.Closed():
		return payment.Result{}, payment.Errorf(payment.CodeClosed, "%s: the driver is closed", name)
	case !ok:
		return payment.Result{}, payment.Errorf(payment.CodeUnsupported, "%s: no %q over this protocol", name, o.Operation)
	case !transIDForm.MatchString(transID):
		return payment.Result{}, payment.Errorf(payment.CodeCannotAsk,
			"%s: the lost answer held the only number by which this payment can be asked about", name)
	}
	return d.inquire(ctx, o, method, transID)
}

// Test asks how the terminal is. An offline terminal does not listen, though the
// server does.
func (d *Driver) Test(ctx context.Context) (payment.Identity, error) {
	begin := time.Now()
	if d.lane.Closed() {
		return payment.Identity{}, payment.Errorf(payment.CodeClosed, "%s: the driver is closed", name)
	}
	if _, err := d.look(ctx); err != nil {
		return payment.Identity{}, err
	}
	return payment.Identity{Delay: time.Since(begin)}, nil
}

// Close ends everything. It may be called twice.
func (d *Driver) Close() error {
	d.lane.Close()
	d.pulse.Close()
	return nil
}

// request makes a request with the login (B.1). A nil body is none at all.
func (d *Driver) request(method, path string, body []byte) web.Request {
	return web.Request{
		Method: method, URL: at(d.base, path), Body: body,
		Header: http.Header{
			"Authorization": {d.login}, "Content-Type": {"application/json"}, "Accept": {"application/json"},
		},
	}
}

// ask runs a request that moves no money.
func (d *Driver) ask(ctx context.Context, path string) (reply, error) {
	ctx, cancel := d.during(ctx, d.settings.requestTime)
	defer cancel()
	r, err := d.client.Ask(ctx, d.request(http.MethodGet, path, nil))
	if err != nil {
		return reply{}, d.broken(err, path)
	}
	return d.heard(r), nil
}

// during is ctx for limit at most, ended by Close, too.
func (d *Driver) during(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	ctx, release := d.lane.While(ctx)
	ctx, cancel := context.WithTimeout(ctx, limit)
	return ctx, func() { cancel(); release() }
}

// heard reads an answer.
func (d *Driver) heard(r web.Response) reply {
	read := decode(r.Status, r.Body)
	d.log.Debug("heard", "status", r.Status, "message", read.raw)
	return read
}

// broken says why a request has no answer, and keeps whether anything left.
func (d *Driver) broken(err error, what string) error {
	code, notSent := payment.CodeOf(err), errors.Is(err, payment.ErrNotSent)
	switch {
	case d.lane.Closed() && notSent:
		code = payment.CodeClosed
	case d.lane.Closed():
		code = payment.CodeProgramStopped
	}
	return payment.Errorf(code, "%s: %s: %w", name, what, err)
}

// look asks how the terminal is (B.3), and returns its status or why it cannot be
// known; an OFFLINE terminal is an error.
func (d *Driver) look(ctx context.Context) (string, error) {
	r, err := d.ask(ctx, pathTerminal)
	if err != nil {
		return "", err
	}
	code := r.fields["code"] // not required here (B.2)
	switch {
	case r.object == nil && r.status == http.StatusNotFound:
		return "", payment.Errorf(payment.CodeWrongPath, "%s: HTTP 404: the path of the address is wrong", name)
	case code == codeMerchant && !r.denied():
		return "", payment.Errorf(payment.CodeWrongMerchant, "%s: %s", name, r.sentence())
	case r.object == nil || r.status/100 != 2 || code != "" && code != codeOK:
		return "", r.failure("terminal")
	case r.statusText() == terminalOffline:
		return "", payment.Errorf(payment.CodeOffline, "%s: the server answers, but the terminal is not connected to it", name)
	}
	return r.statusText(), nil
}

// numbers remembers the orders that were sent, so that none is sent twice: the
// server would charge twice.
type numbers struct {
	mu   sync.Mutex
	seen map[string]bool
	list []string
}

// maxNumbers bounds the memory; a till never comes back to a number.
const maxNumbers = 4096

// add reports whether the number is new.
func (n *numbers) add(number string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.seen[number] {
		return false
	}
	if n.seen == nil {
		n.seen = map[string]bool{}
	}
	n.seen[number] = true
	if n.list = append(n.list, number); len(n.list) > maxNumbers {
		delete(n.seen, n.list[0])
		n.list = n.list[1:]
	}
	return true
}
