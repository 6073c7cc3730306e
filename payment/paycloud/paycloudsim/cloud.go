package paycloudsim

import (
	"cmp"
	"crypto/rand"
	"crypto/rsa"
	"log/slog"
	"net"
	"sync"
	"time"

	"tillkeeper/payment/internal/finding"
	"tillkeeper/payment/internal/ledger"
	"tillkeeper/payment/internal/script"
	"tillkeeper/payment/internal/serve"
)

// Cloud is a fake cloud. All its methods may be called at any time and from any
// goroutine.
type Cloud struct {
	*serve.Server
	life *serve.Life // connections, orders and notifications under way
	opts Options

	script   script.Script[Outcome, Reply]
	ledger   *ledger.Ledger
	findings *finding.List[string]

	mu        sync.Mutex
	apps      map[string]App
	merchants map[string]*merchant
	online    map[string]bool // terminals, by serial number
	orders    map[string]*order
	refunds   map[string]*order // without the terminal (§6.8)
	screens   map[string]*screen
	batches   map[string]int // the open batch of each terminal
	cuts      map[string]*Outcome
	serial    int
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
	opts.AppID = cmp.Or(opts.AppID, "wzsim0000000000001")
	opts.MerchantNo = cmp.Or(opts.MerchantNo, "312300000001")
	opts.StoreNo = cmp.Or(opts.StoreNo, "4123000001")
	opts.TerminalSN = cmp.Or(opts.TerminalSN, "WPYB000000000001")
	if opts.AppKey == nil {
		opts.AppKey = MakeKey()
	}
	if opts.PlatformKey == nil {
		opts.PlatformKey = MakeKey()
	}
	opts.NotifyScale = cmp.Or(opts.NotifyScale, 1)
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	if opts.Dial == nil {
		opts.Dial = (&net.Dialer{}).DialContext
	}
	c := &Cloud{
		opts: opts, ledger: ledger.New(opts.Charged, opts.Log), findings: finding.NewList[string](opts.Now, opts.Log),
		apps: map[string]App{}, merchants: map[string]*merchant{}, online: map[string]bool{},
		orders: map[string]*order{}, refunds: map[string]*order{}, screens: map[string]*screen{}, batches: map[string]int{},
		cuts: map[string]*Outcome{},
	}
	c.Server, c.life = serve.New(c.serve)
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

// Connections tells how many connections there ever were.
func (c *Cloud) Connections() int {
	_, ever := c.Server.Connections()
	return ever
}

// Charge is one movement of money, as the platform's own ledger has it. A tip
// adjustment has no number of its own: its order is the sale's.
type Charge = ledger.Charge

// Charges is the ledger, oldest first.
func (c *Cloud) Charges() []Charge { return c.ledger.Charges() }

// Finding is something a client did that the protocol does not allow.
type Finding = finding.Finding[string]

// Findings are all of them, oldest first.
func (c *Cloud) Findings() []Finding { return c.findings.All() }

func (c *Cloud) report(order, rule, detail string) { c.findings.Report(order, rule, detail) }
