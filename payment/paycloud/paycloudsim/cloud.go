package paycloudsim

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"io"
	"log/slog"
	"net"
	"slices"
	"sync"
	"time"
)

// Cloud is a fake cloud. All its methods may be called at any time and from any
// goroutine.
type Cloud struct {
	opts Options
	log  *slog.Logger

	done context.Context // ended by Close
	stop context.CancelFunc
	work sync.WaitGroup // connections, orders and notifications under way

	mu        sync.Mutex
	listeners []net.Listener
	conns     map[net.Conn]bool
	accepted  int

	apps      map[string]App
	merchants map[string]*merchant
	online    map[string]bool // terminals, by serial number
	orders    map[string]*order
	refunds   map[string]*order // without the terminal (§6.8)
	screens   map[string]*screen
	batches   map[string]int // the open batch of each terminal
	cuts      map[string]*Outcome
	serial    int
	script    []Outcome
	queries   []Reply
	ledger    []Charge
	findings  []Finding
	notified  []Delivery
}

// App is an application that may talk to the platform.
type App struct {
	ID        string
	PublicKey *rsa.PublicKey
	// Unauthorised are the methods it may not use.
	Unauthorised []string
}

// merchant is who takes money, with the stores and terminals that are bound to it.
type merchant struct {
	stores    map[string]bool
	terminals map[string]bool
}

// New makes a cloud. It hears nothing until [Cloud.Listen], [Cloud.Serve],
// [Cloud.ServeConn] or [Cloud.DialContext]. It makes the keys that opts lacks,
// which takes a moment.
func New(opts Options) *Cloud {
	for _, name := range []struct {
		into     *string
		standard string
	}{
		{&opts.AppID, "wzsim0000000000001"}, {&opts.MerchantNo, "312300000001"},
		{&opts.StoreNo, "4123000001"}, {&opts.TerminalSN, "WPYB000000000001"},
	} {
		if *name.into == "" {
			*name.into = name.standard
		}
	}
	if opts.AppKey == nil {
		opts.AppKey = MakeKey()
	}
	if opts.PlatformKey == nil {
		opts.PlatformKey = MakeKey()
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.NotifyScale == 0 {
		opts.NotifyScale = 1
	}
	if opts.Dial == nil {
		opts.Dial = (&net.Dialer{}).DialContext
	}
	c := &Cloud{
		opts: opts, log: opts.Log, conns: map[net.Conn]bool{},
		apps: map[string]App{}, merchants: map[string]*merchant{}, online: map[string]bool{},
		orders: map[string]*order{}, refunds: map[string]*order{}, screens: map[string]*screen{}, batches: map[string]int{},
		cuts: map[string]*Outcome{},
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	c.done, c.stop = context.WithCancel(context.Background())
	c.Register(App{ID: opts.AppID, PublicKey: &opts.AppKey.PublicKey, Unauthorised: opts.Unauthorised})
	c.RegisterTerminal(opts.MerchantNo, opts.StoreNo, opts.TerminalSN)
	c.SetOnline(opts.TerminalSN, !opts.Offline)
	return c
}

// MakeKey makes a key as long as the platform's, nil if the system has no
// randomness to give.
func MakeKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, keyBits)
	if err != nil {
		return nil
	}
	return key
}

// Register makes an application known, or changes it.
func (c *Cloud) Register(a App) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.apps[a.ID] = a
}

// RegisterTerminal binds a terminal to a merchant's store. Both may be new.
func (c *Cloud) RegisterTerminal(merchantNo, storeNo, serial string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	m := c.merchants[merchantNo]
	if m == nil {
		m = &merchant{map[string]bool{}, map[string]bool{}}
		c.merchants[merchantNo] = m
	}
	m.stores[storeNo], m.terminals[serial] = true, true
	c.online[serial] = true
}

// SetOnline connects a terminal to the cloud, or takes it away. Orders that wait
// for it stay in state 9 until it is back, or until they expire.
func (c *Cloud) SetOnline(serial string, online bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.online[serial] = online
	c.screen(serial).advance(online)
}

// Credentials are the secrets that a till must have, by the keys of the driver.
func (c *Cloud) Credentials() map[string]string {
	all := map[string]string{
		"private_key": privateText(c.opts.AppKey), "platform_key": publicText(c.opts.PlatformKey.Public()),
	}
	if c.opts.BasicUser != "" {
		all["basic_user"], all["basic_password"] = c.opts.BasicUser, c.opts.BasicPassword
	}
	return all
}

// Settings are the settings that a till's terminal must be added with.
func (c *Cloud) Settings() map[string]string {
	return map[string]string{
		"app_id": c.opts.AppID, "merchant_no": c.opts.MerchantNo, "store_no": c.opts.StoreNo, "terminal_sn": c.opts.TerminalSN,
	}
}

// Listen opens a listening socket and serves it in the background; address is
// host:port, and port 0 takes any free one. See [Cloud.Addr].
func (c *Cloud) Listen(address string) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	if !c.begin(func() { c.listeners = append(c.listeners, l) }) {
		return errors.Join(net.ErrClosed, l.Close())
	}
	go func() {
		defer c.work.Done()
		_ = c.accept(l) // it ends when the listener is closed
	}()
	return nil
}

// Serve accepts connections from l until l or the cloud is closed.
func (c *Cloud) Serve(l net.Listener) error {
	if !c.begin(func() { c.listeners = append(c.listeners, l) }) {
		return errors.Join(net.ErrClosed, l.Close())
	}
	defer c.work.Done()
	return c.accept(l)
}

func (c *Cloud) accept(l net.Listener) error {
	for {
		conn, err := l.Accept()
		if err != nil {
			return err
		}
		go c.ServeConn(conn)
	}
}

// ServeConn talks to one client over an open connection until it ends.
func (c *Cloud) ServeConn(conn net.Conn) {
	if !c.begin(func() { c.conns[conn] = true; c.accepted++ }) {
		conn.Close()
		return
	}
	defer c.work.Done()
	c.serve(conn)
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.conns, conn)
}

// DialContext connects to the cloud in memory. It has the form of a dial function,
// and ignores where it is asked to connect to.
func (c *Cloud) DialContext(ctx context.Context, _, _ string) (net.Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if c.done.Err() != nil {
		return nil, net.ErrClosed
	}
	client, server := net.Pipe()
	go c.ServeConn(server)
	return client, nil
}

// Addr is the address of the first listening socket, or nil without one.
func (c *Cloud) Addr() net.Addr {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.listeners) == 0 {
		return nil
	}
	return c.listeners[0].Addr()
}

// Connections tells how many connections there ever were.
func (c *Cloud) Connections() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.accepted
}

// HangUp cuts all present connections.
func (c *Cloud) HangUp() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for conn := range c.conns {
		conn.Close()
	}
}

// Close cuts all connections, forgets orders under way and returns when all
// goroutines have ended. It may be called twice.
func (c *Cloud) Close() error {
	c.mu.Lock()
	c.stop()
	closers := []io.Closer{}
	for _, l := range c.listeners {
		closers = append(closers, l)
	}
	for conn := range c.conns {
		closers = append(closers, conn)
	}
	c.mu.Unlock()
	for _, x := range closers {
		x.Close() // the second close of a connection is no news
	}
	c.work.Wait()
	return nil
}

// begin registers a goroutine about to start, unless the cloud is closed. The work
// group is only ever added to here, so that Close can wait for it.
func (c *Cloud) begin(also func()) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.beginLocked(also)
}

func (c *Cloud) beginLocked(also func()) bool {
	if c.done.Err() != nil {
		return false
	}
	if also != nil {
		also()
	}
	c.work.Add(1)
	return true
}

// sleep waits, and reports false when the cloud closed meanwhile.
func (c *Cloud) sleep(d time.Duration) bool {
	if d <= 0 {
		return c.done.Err() == nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-c.done.Done():
		return false
	}
}

// Charge is one movement of money, as the platform's own ledger has it.
type Charge struct {
	// Order is the number of the order that moved the money; for a tip adjustment,
	// which has no number of its own, the sale's.
	Order string `json:"order"`
	// Operation is what the order did, in the words of the command line.
	Operation string `json:"operation"`
	// Amount is all that moved, tip and cashback included. For a tip adjustment it is
	// the tip as it is from then on.
	Amount string `json:"amount"`
	// Currency is the ISO 4217 code.
	Currency string `json:"currency"`
}

// Charges is the ledger, oldest first.
func (c *Cloud) Charges() []Charge {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.ledger)
}

// Finding is something a client did that the protocol does not allow.
type Finding struct {
	Order  string
	Rule   string
	Detail string
}

// Findings are all of them, oldest first.
func (c *Cloud) Findings() []Finding {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.findings)
}

// report keeps a finding. With c.mu held.
func (c *Cloud) report(order, rule, detail string) {
	c.findings = append(c.findings, Finding{order, rule, detail})
	c.log.Warn("finding", "order", order, "rule", rule, "detail", detail)
}
