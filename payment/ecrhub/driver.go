package ecrhub

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/google/uuid"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/lane"
	"tillkeeper/payment/internal/link"
	"tillkeeper/payment/internal/sentence"
	"tillkeeper/payment/internal/setting"
)

// The times of §10.1 and §10.2.
const (
	connectTime = 5 * time.Second
	writeTime   = 10 * time.Second
	replyTime   = 30 * time.Second // query, close, tip adjustment
	infoTime    = 5 * time.Second
	// A reply may follow the expiry; a client that gives up just before it
	// would not know of a charge.
	replyMargin = 60 * time.Second
	leastOrder  = 180 * time.Second
	// graceTime is how long an order that we asked to withdraw may still answer.
	graceTime = 10 * time.Second
	pingEvery = 15 * time.Second
	deadAfter = 25 * time.Second
	// The waits between attempts to reconnect (§10.3).
	firstWait, longestWait = time.Second, 30 * time.Second
)

// maxFrame is the longest message accepted.
const maxFrame = 1 << 20

// Protocol describes the protocol to the program.
func Protocol() payment.Protocol {
	return payment.Protocol{
		Name: name, Title: "CodePay Register / WiseCashier (LAN)",
		Settings: Settings(), Address: ParseAddress,
		Open: func(t payment.Terminal, env payment.Env) (payment.Driver, error) { return Open(t, env) },
	}
}

// Driver speaks to one terminal over one connection, and never sends an order
// twice.
type Driver struct {
	settings settings
	env      payment.Env
	log      *slog.Logger
	link     *link.Link
	box      mailbox
	lane     *lane.Lane
}

var (
	_ payment.Driver  = (*Driver)(nil)
	_ payment.Aborter = (*Driver)(nil)
	_ payment.Tester  = (*Driver)(nil)
	_ payment.Readier = (*Driver)(nil)

	_ payment.BatchCloser = (*Driver)(nil)
)

// Open makes a driver for t. Without env.KeepAlive it touches no network until
// it is used.
func Open(t payment.Terminal, env payment.Env) (*Driver, error) {
	address, err := ParseAddress(t.Address)
	if err != nil {
		return nil, err
	}
	s, err := readSettings(t)
	if err != nil {
		return nil, err
	}
	env = setting.Complete(env)
	d := &Driver{
		settings: s, env: env, log: env.Log.With("terminal", t.Name),
		box: mailbox{patience: s.patience()}, lane: lane.Open(name),
	}
	url := "ws" + strings.TrimPrefix(address, name) + "/"
	if s.clientID != "" {
		url += "mac_address=" + s.clientID // a path, not a query (§2)
	}
	d.link = link.New(link.Config{
		URL: url, Dial: env.Dial, ConnectTime: connectTime, WriteTime: writeTime,
		PingEvery: pingEvery, DeadAfter: deadAfter, MaxFrame: maxFrame,
		Hold: env.KeepAlive, FirstWait: firstWait, LongestWait: longestWait,
		Frame: d.hear, State: d.linkState, Now: env.Now, Log: d.log,
	})
	return d, nil
}

// Capabilities returns what terminals of this protocol can do (§5.3). "Not found" never
// proves anything here (§10.4).
func (d *Driver) Capabilities() payment.Capabilities {
	return payment.Capabilities{
		Operations: []payment.Operation{
			payment.Sale, payment.Void, payment.Refund, payment.PreAuth, payment.Completion, payment.TipAdjustment,
		},
		PartialRefund: true, Cancel: true, Tip: true, AskTip: true, Cashback: true,
		VoidPreAuth: true, VoidCompletion: true, BatchClose: true,
		Limit: d.settings.limit() + replyMargin,
	}
}

// Ready reports whether the connection is up at this moment.
func (d *Driver) Ready() bool { return d.link.Up() }

// Status asks what became of an order (§10.4). It may run beside Do.
func (d *Driver) Status(ctx context.Context, req payment.Request) (payment.Result, error) {
	o := req.Order
	number := o.Number
	if o.Operation == payment.TipAdjustment {
		number = o.Original // an adjustment has no number of its own
	}
	r, err := d.exchange(ctx, replyTime, topicQuery, number, numberBiz{number})
	if err != nil {
		return payment.Result{}, err
	}
	if o.Operation == payment.TipAdjustment {
		return d.tipStatus(o, r)
	}
	outcome, code, err := queryVerdict(r)
	if err != nil {
		return payment.Result{}, err
	}
	return d.result(r, outcome, code, o.Asked.Currency())
}

// Abort asks the terminal to withdraw an order (§10.6). The order's own outcome
// still has to be asked for.
func (d *Driver) Abort(ctx context.Context, req payment.Request) error {
	if req.Order.Operation == payment.TipAdjustment {
		return payment.Errorf(payment.CodeUnsupported, "ecrhub: a tip adjustment cannot be withdrawn")
	}
	r, err := d.exchange(ctx, replyTime, topicClose, req.Order.Number, numberBiz{req.Order.Number})
	if err != nil {
		return err
	}
	if !success(r.code) {
		return payment.Errorf(payment.CodeNotOpen, "ecrhub: the terminal did not withdraw the order: %s", sentence.Parse(r.text).Words())
	}
	return nil
}

// Test connects and asks the terminal who it is. Old terminals do not answer
// that (§4); for them the open connection is the proof.
func (d *Driver) Test(ctx context.Context) (payment.Identity, error) {
	begin := time.Now()
	if _, err := d.connect(ctx); err != nil {
		return payment.Identity{}, err
	}
	id := payment.Identity{Delay: time.Since(begin)}
	begin = time.Now()
	r, err := d.exchange(ctx, infoTime, topicInfo, "", nil)
	switch {
	case err == nil:
		id.Delay = time.Since(begin)
		id.Serial = payment.Mask(r.device["device_name"])
		id.Name = payment.Mask(r.device["alias_name"])
		return id, nil
	case payment.CodeOf(err) == payment.CodeNoAnswer && ctx.Err() == nil && d.link.Up():
		return id, nil
	}
	return payment.Identity{}, err
}

// Close drops the connection and ends all goroutines. It may be called twice.
func (d *Driver) Close() error {
	d.lane.Close()
	return d.link.Close()
}

// linkState passes the link's health on.
func (d *Driver) linkState(s link.State) {
	if d.env.Link == nil {
		return
	}
	state := payment.LinkState{Tried: true, Up: s.Up, Alive: s.Alive, Delay: s.Delay}
	if s.Err != nil {
		state.Err = d.linkError(s.Err)
	}
	d.env.Link(state)
}

// connect returns the connection, made if need be. Its errors wrap ErrNotSent.
func (d *Driver) connect(ctx context.Context) (*link.Conn, error) {
	conn, err := d.link.Connect(ctx)
	switch {
	case err == nil:
		return conn, nil
	case errors.Is(err, link.ErrClosed):
		return nil, payment.NotSent(payment.CodeClosed, "ecrhub: connect: %w", err)
	case errors.Is(err, context.Canceled):
		return nil, payment.NotSent(payment.CodeWithdrawn, "ecrhub: connect: %w", err)
	}
	return nil, payment.NotSent(payment.CodeNotReached, "ecrhub: connect: %w", err)
}

// request makes an envelope with an id of its own.
func (d *Driver) request(topic string, biz any) request {
	r := request{
		Topic: topic, RequestID: uuid.NewString(), AppID: d.settings.appID, Version: "1.0",
		Timestamp: fmt.Sprintf("%013d", d.env.Now().UnixMilli()), Biz: biz,
	}
	if topic == topicInfo {
		r.Device = &deviceData{Name: "Tillkeeper"}
	}
	return r
}
