// Command tillkeeper takes card payments on the terminals of a shop and never
// charges a customer twice. Without a command it opens the window; the command line
// is a second face over the same till. See the README.
package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"gopkg.in/natefinch/lumberjack.v2"

	"tillkeeper/cli"
	"tillkeeper/gui/desktop"
	"tillkeeper/payment"
	"tillkeeper/payment/comgate"
	"tillkeeper/payment/comgate/comgatesim"
	"tillkeeper/payment/comgatecloud"
	"tillkeeper/payment/comgatecloud/comgatecloudsim"
	"tillkeeper/payment/ecrhub"
	"tillkeeper/payment/ecrhub/ecrhubsim"
	"tillkeeper/payment/iotpay"
	"tillkeeper/payment/iotpay/iotpaysim"
	"tillkeeper/payment/paycloud"
	"tillkeeper/payment/paycloud/paycloudsim"
	"tillkeeper/payment/till"
	"tillkeeper/storage"
	"tillkeeper/storage/secrets"
)

// version is set by release builds.
var version = "0.1.0"

// appID names the program to the desktop.
const appID = "app.tillkeeper.Tillkeeper"

func main() {
	program := cli.Program{
		Version:    version,
		Open:       openSession,
		Simulators: simulators(),
	}
	if desktop.Built {
		program.Window = openWindow
	}
	os.Exit(cli.Run(context.Background(), program, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// protocols are the drivers of this program, by the name in addresses.
func protocols() map[string]payment.Protocol {
	all := map[string]payment.Protocol{}
	for _, p := range []payment.Protocol{
		ecrhub.Protocol(), comgate.Protocol(), comgatecloud.Protocol(), paycloud.CodePay(), paycloud.SADAD(), iotpay.Protocol(),
	} {
		all[p.Name] = p
	}
	return all
}

// parts are what both faces stand on. close ends them in reverse.
type parts struct {
	store *storage.Store
	till  *till.Till
}

// assemble opens the data folder. throwaway keeps its secrets in it, too, because it
// is removed afterwards.
func assemble(ctx context.Context, dir string, follow, throwaway bool, log *slog.Logger) (*parts, error) {
	store, err := storage.Open(ctx, dir, storage.Options{Now: time.Now})
	if err != nil {
		return nil, err
	}
	keys, err := openSecrets(dir, throwaway)
	if err != nil {
		return nil, errors.Join(err, store.Close())
	}
	return &parts{store, till.New(till.Config{
		Journal:   store.Journal(),
		Terminals: store.Terminals(),
		Secrets:   keys,
		Batches:   store.Journal(),
		Protocols: protocols(),
		Now:       time.Now,
		NewNumber: func() string { return newNumber(time.Now()) },
		Log:       log,
		Follow:    follow,
	})}, nil
}

func openSecrets(dir string, throwaway bool) (*secrets.Store, error) {
	if throwaway {
		return secrets.Open(dir, secrets.Options{FileOnly: true, KeyDir: filepath.Join(dir, "keys")})
	}
	options, err := secrets.FromEnv(os.Getenv)
	if err != nil {
		return nil, err
	}
	return secrets.Open(dir, options)
}

func (p *parts) close() error { return errors.Join(p.till.Close(), p.store.Close()) }

// newNumber returns an order number that no other till will ever give: the day, for
// people, and 50 random bits. The letter between keeps it from looking like a card
// number.
func newNumber(now time.Time) string {
	var random [10]byte
	_, _ = rand.Read(random[:]) // never fails, by its documentation
	letters := base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").EncodeToString(random[:])
	return "T" + now.Format("060102") + "K" + letters[:10]
}

func openSession(ctx context.Context, dir string, o cli.OpenOptions) (*cli.Session, error) {
	p, err := assemble(ctx, dir, false, o.Throwaway, o.Log)
	if err != nil {
		return nil, err
	}
	return &cli.Session{Till: p.till, Close: p.close}, nil
}

// openWindow shows the window until it is closed or ctx ends.
func openWindow(ctx context.Context, o cli.WindowOptions) (err error) {
	dir := o.Data
	if dir == "" {
		if dir, err = os.MkdirTemp("", "tillkeeper-demo-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	claim, err := storage.ClaimWindow(dir)
	if errors.Is(err, storage.ErrWindowOpen) {
		fmt.Fprintln(os.Stderr, "The window of this till is open already; it comes to the front.")
		return nil
	} else if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, claim.Close()) }()

	log := logTo(dir, o.Log)
	p, err := assemble(ctx, dir, true, o.Demo && o.Data == "", log)
	if err != nil {
		log.Error("the till cannot start", "error", err)
		setAside := func() (string, error) {
			if err := claim.Close(); err != nil { // a book that a window holds cannot be set aside
				return "", err
			}
			return storage.SetAside(dir)
		}
		return errors.Join(err, desktop.Trouble(ctx, appID, language(), err, setAside))
	}
	defer func() { err = errors.Join(err, p.close()) }()
	var next func(terminal, outcome string) error
	if o.Demo {
		terminals, err := startDemo(ctx, p.till)
		if err != nil {
			return err
		}
		defer terminals.Close()
		next = terminals.Next
	}
	return desktop.Show(ctx, desktop.Options{
		AppID: appID, Till: p.till, Settings: remembered{ctx, p.store.Settings(), log}, Language: language(),
		Now: time.Now, Log: log, Demo: o.Demo, DemoNext: next, Kiosk: o.Kiosk, Raise: claim.Raised(),
		Printer: desktop.Printer{},
	})
}

// logTo adds a log file in the data folder, which is rotated and kept small, to the
// log that was asked for. Card numbers are cut down before they get there.
func logTo(dir string, also *slog.Logger) *slog.Logger {
	file := &lumberjack.Logger{Filename: filepath.Join(dir, "logs", "tillkeeper.log"), MaxSize: 5, MaxBackups: 5}
	handler := slog.NewTextHandler(file, &slog.HandlerOptions{ReplaceAttr: masked})
	return slog.New(slog.NewMultiHandler(handler, also.Handler()))
}

func masked(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey {
		return a
	}
	return slog.String(a.Key, payment.Mask(a.Value.String()))
}

// remembered are the window's small choices, kept in the journal's file. A choice
// that cannot be kept is only logged.
type remembered struct {
	ctx      context.Context
	settings *storage.Settings
	log      *slog.Logger
}

// Get returns what is remembered, "" for nothing.
func (r remembered) Get(key string) string {
	value, err := r.settings.Get(r.ctx, key)
	if err != nil {
		r.log.Warn("a choice was not read", "key", key, "error", err)
	}
	return value
}

// Set remembers a choice.
func (r remembered) Set(key, value string) {
	if err := r.settings.Set(r.ctx, key, value); err != nil {
		r.log.Warn("a choice was not kept", "key", key, "error", err)
	}
}

// language returns the system's language, such as "cs", "" if it does not say.
func language() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := os.Getenv(name); len(value) >= 2 {
			return value[:2]
		}
	}
	return ""
}

// demoTerminals are simulated terminals of every protocol, each in a process of its
// own that dies with this one.
type demoTerminals struct {
	mu     sync.Mutex
	byName map[string]*cli.Child
}

// startDemo starts them all at once and adds them to an empty till; one that was
// added before, in a data folder that somebody keeps, is given its new address.
func startDemo(ctx context.Context, t *till.Till) (*demoTerminals, error) {
	executable, err := os.Executable()
	if err != nil {
		return nil, err
	}
	d := &demoTerminals{byName: map[string]*cli.Child{}}
	all := cli.DemoTerminals()
	failures := make([]error, len(all))
	var starting sync.WaitGroup
	for i, shop := range all {
		starting.Go(func() {
			child, err := cli.StartDemo(ctx, executable, shop, "--set", "outcomes_by_amount=true")
			if err != nil {
				failures[i] = err
				return
			}
			d.mu.Lock()
			defer d.mu.Unlock()
			d.byName[shop.Name] = child
		})
	}
	starting.Wait()
	for i, shop := range all {
		if failures[i] == nil {
			failures[i] = d.add(ctx, t, shop.Name)
		}
	}
	if err := errors.Join(failures...); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return d, nil
}

func (d *demoTerminals) add(ctx context.Context, t *till.Till, name string) error {
	child := d.byName[name]
	_, err := t.AddTerminal(ctx, till.NewTerminal{Name: name, Address: child.Address, Settings: child.Settings, Secrets: child.Secrets})
	if payment.CodeOf(err) == payment.CodeNameTaken {
		_, err = t.ChangeTerminal(ctx, name, till.TerminalChange{Name: name, Address: child.Address, Settings: child.Settings, Secrets: child.Secrets})
	}
	return err
}

// Next says what becomes of the next order on the named terminal: a word that every
// simulator knows, or "lost" for an approval whose answer never comes.
func (d *demoTerminals) Next(terminal, outcome string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	child, ok := d.byName[terminal]
	if !ok {
		return payment.Errorf(payment.CodeUnknownTerminal, "%q is no terminal of the demo", terminal)
	}
	switch {
	case outcome == "lost" && strings.HasPrefix(child.Address, "ecrhub:"):
		return child.Script(`{"outcome":"approve","reply":"none","no_redeliver":true}`)
	case outcome == "lost":
		return child.Script(`{"outcome":"approve","no_answer":true,"delay":"5s"}`)
	}
	return child.Script(`{"outcome":"` + outcome + `"}`)
}

// Close ends them all.
func (d *demoTerminals) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	var errs []error
	for _, child := range d.byName {
		errs = append(errs, child.Close())
	}
	return errors.Join(errs...)
}

// simulators are the simulated terminals and clouds of this program, by the names
// of their protocols.
func simulators() map[string]cli.SimulatorFunc {
	return map[string]cli.SimulatorFunc{
		"ecrhub":        simulateECRHub,
		"comgate":       simulateComgate,
		"comgate-cloud": simulateComgateCloud,
		"codepay-cloud": simulatePayCloud("codepay-cloud"),
		"sadad":         simulatePayCloud("sadad"),
		"iotpay":        simulateIOTPay,
	}
}

// simulated is what all simulators have in common.
type simulated interface {
	ParseScript(io.Reader) error
	Listen(address string) error
	Addr() net.Addr
	Close() error
}

// credentialed is a simulator that a terminal must be added to with settings and
// secrets of its own.
type credentialed interface {
	Settings() map[string]string
	Credentials() map[string]string
}

// equip hands settings and secrets to a simulator's options.
func equip(o cli.SimulatorOptions, set func(key, value string) error) error {
	for _, given := range []map[string]string{o.Set, o.Secrets} {
		for key, value := range given {
			if err := set(key, value); err != nil {
				return err
			}
		}
	}
	return nil
}

// book passes movements of money on, if somebody wants to hear of them.
func book(o cli.SimulatorOptions) func(cli.Charge) error {
	if o.Charged == nil {
		return func(cli.Charge) error { return nil }
	}
	return o.Charged
}

// run makes a simulator listen; address turns its host and port into one that a
// terminal is added with.
func run(o cli.SimulatorOptions, s simulated, address func(host string) string) (*cli.Simulator, error) {
	if o.Script != nil {
		if err := s.ParseScript(o.Script); err != nil {
			return nil, errors.Join(err, s.Close())
		}
	}
	if err := s.Listen(o.Listen); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	running := &cli.Simulator{Address: address(s.Addr().String()), Script: s.ParseScript, Close: s.Close}
	if c, ok := s.(credentialed); ok {
		running.Settings, running.Secrets = maps.Clone(c.Settings()), maps.Clone(c.Credentials())
	}
	return running, nil
}

func simulateECRHub(_ context.Context, o cli.SimulatorOptions) (*cli.Simulator, error) {
	options, charged := ecrhubsim.Defaults(), book(o)
	options.Log, options.Charged = o.Log, func(c ecrhubsim.Charge) error { return charged(cli.Charge(c)) }
	if err := equip(o, options.Set); err != nil {
		return nil, err
	}
	options.AppID = cmp.Or(options.AppID, ecrhub.DefaultAppID)
	s, err := run(o, ecrhubsim.New(options), func(host string) string { return "ecrhub://" + host })
	if err == nil {
		s.Settings = map[string]string{"app_id": options.AppID}
	}
	return s, err
}

func simulateComgate(_ context.Context, o cli.SimulatorOptions) (*cli.Simulator, error) {
	options, charged := comgatesim.Defaults(), book(o)
	options.Log, options.Charged = o.Log, func(c comgatesim.Charge) error { return charged(cli.Charge(c)) }
	if err := equip(o, options.Set); err != nil {
		return nil, err
	}
	return run(o, comgatesim.New(options), func(host string) string { return "comgate://" + host + options.BasePath })
}

func simulateComgateCloud(_ context.Context, o cli.SimulatorOptions) (*cli.Simulator, error) {
	options, charged := comgatecloudsim.Defaults(), book(o)
	options.Log, options.Charged = o.Log, func(c comgatecloudsim.Charge) error { return charged(cli.Charge(c)) }
	if err := equip(o, options.Set); err != nil {
		return nil, err
	}
	return run(o, comgatecloudsim.New(options), func(host string) string { return "comgate-cloud+http://" + host + options.BasePath })
}

func simulatePayCloud(profile string) cli.SimulatorFunc {
	return func(_ context.Context, o cli.SimulatorOptions) (*cli.Simulator, error) {
		options, charged := paycloudsim.Defaults(), book(o)
		options.Log, options.Charged = o.Log, func(c paycloudsim.Charge) error { return charged(cli.Charge(c)) }
		if err := equip(o, options.Set); err != nil {
			return nil, err
		}
		return run(o, paycloudsim.New(options), func(host string) string { return profile + "+http://" + host })
	}
}

func simulateIOTPay(_ context.Context, o cli.SimulatorOptions) (*cli.Simulator, error) {
	options, charged := iotpaysim.Defaults(), book(o)
	options.Log, options.Charged = o.Log, func(c iotpaysim.Charge) error { return charged(cli.Charge(c)) }
	if err := equip(o, options.Set); err != nil {
		return nil, err
	}
	return run(o, iotpaysim.New(options), func(host string) string { return "iotpay+http://" + host + "/v1" })
}
