// Command tillkeeper takes card payments on the terminals of a shop and never
// charges a customer twice. Without a command it opens the window; the command line
// is a second face over the same till. See the README.
package main

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"gopkg.in/natefinch/lumberjack.v2"

	"tillkeeper/cli"
	"tillkeeper/gui/desktop"
	"tillkeeper/payment"
	"tillkeeper/payment/comgate"
	"tillkeeper/payment/comgatecloud"
	"tillkeeper/payment/ecrhub"
	"tillkeeper/payment/iotpay"
	"tillkeeper/payment/paycloud"
	"tillkeeper/payment/till"
	"tillkeeper/secrets"
	"tillkeeper/storage"
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
