package iotpay_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"maps"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tillkeeper/payment"
	"tillkeeper/payment/iotpay"
	"tillkeeper/payment/iotpay/iotpaysim"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is a driver and a simulated gateway, in fake time and over pipes.
type rig struct {
	*iotpay.Driver
	t   *testing.T
	sim *iotpaysim.Gateway
	log bytes.Buffer

	mu     sync.Mutex
	states []payment.LinkState
	cut    bool // the network is down: no dial succeeds
}

type setup struct {
	sim       iotpaysim.Options
	settings  map[string]string
	keepAlive bool
	key       string // "" is the right one
	rude      bool   // the gateway may complain
}

func in(t *testing.T, s setup, test func(t *testing.T, r *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s.sim.Key = merchantKey
		r := &rig{t: t, sim: iotpaysim.New(s.sim)}
		defer r.sim.Close()
		settings := r.sim.Settings()
		maps.Copy(settings, s.settings)
		if s.key == "" {
			s.key = merchantKey
		}
		terminal := payment.Terminal{Name: "Front", Address: "iotpay+http://127.0.0.1:1", Settings: settings}
		driver, err := iotpay.Open(terminal, payment.Env{
			Dial:      r.dial,
			Log:       slog.New(slog.NewTextHandler(&r.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
			KeepAlive: s.keepAlive,
			Link:      func(s payment.LinkState) { r.mu.Lock(); defer r.mu.Unlock(); r.states = append(r.states, s) },
			Secret:    func(string) (string, error) { return s.key, nil },
		})
		if err != nil {
			t.Fatal(err)
		}
		r.Driver = driver
		defer driver.Close()
		test(t, r)
		if findings := r.sim.Findings(); len(findings) > 0 && !s.rude {
			t.Errorf("the gateway complains: %v", findings)
		}
		if strings.Contains(r.log.String(), merchantKey) {
			t.Error("the log holds the merchant key")
		}
	})
}

func (r *rig) dial(ctx context.Context, network, address string) (net.Conn, error) {
	r.mu.Lock()
	cut := r.cut
	r.mu.Unlock()
	if cut {
		return nil, errors.New("network is unreachable")
	}
	return r.sim.DialContext(ctx, network, address)
}

// network pulls the plug, or puts it back.
func (r *rig) network(up bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cut = !up
}

// state is the last health that the driver told.
func (r *rig) state() payment.LinkState {
	synctest.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.states[len(r.states)-1]
}

func cad(text string) payment.Amount { return sum(text, "CAD") }

func sum(text string, c payment.Currency) payment.Amount {
	a, err := payment.ParseAmount(text, c)
	if err != nil {
		panic(err)
	}
	return a
}

func sale(number, amount string) payment.Request {
	return payment.Request{Order: payment.Order{
		Number: number, Operation: payment.Sale, Asked: payment.Amounts{Amount: cad(amount)},
	}}
}

func refund(number, original, amount, reference string) payment.Request {
	req := sale(number, amount)
	req.Order.Operation, req.Order.Original, req.OriginalReference = payment.Refund, original, reference
	return req
}

// do runs an order under a generous deadline.
func (r *rig) do(req payment.Request) (payment.Result, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	return r.Do(ctx, req, nil)
}

// must runs an order that has to come to an outcome, and to be compared with success.
func (r *rig) must(req payment.Request, want payment.Outcome) payment.Result {
	r.t.Helper()
	res, err := r.do(req)
	if err != nil || res.Outcome != want {
		r.t.Fatalf("%s %s: %+v, %v; want %s", req.Order.Operation, req.Order.Number, res, err, want)
	}
	if err := payment.Compare(req.Order, res); err != nil {
		r.t.Errorf("%s: %v", req.Order.Number, err)
	}
	return res
}

func wantUnknown(t *testing.T, res payment.Result, err error, code payment.Code) {
	t.Helper()
	switch {
	case err == nil:
		t.Fatalf("outcome %s; want unknown", res.Outcome)
	case errors.Is(err, payment.ErrNotSent):
		t.Fatalf("%v says that nothing was sent; want unknown", err)
	case payment.CodeOf(err) != code:
		t.Fatalf("%v has code %s, want %s", err, payment.CodeOf(err), code)
	}
}

func wantNotSent(t *testing.T, err error, code payment.Code) {
	t.Helper()
	if !errors.Is(err, payment.ErrNotSent) || payment.CodeOf(err) != code {
		t.Fatalf("%v (%s); want ErrNotSent with %s", err, payment.CodeOf(err), code)
	}
}

func (r *rig) status(req payment.Request, want payment.Outcome) payment.Result {
	r.t.Helper()
	res, err := r.Status(r.t.Context(), req)
	if err != nil || res.Outcome != want {
		r.t.Fatalf("status of %s: %+v, %v; want %s", req.Order.Number, res, err, want)
	}
	return res
}

func (r *rig) wantCharges(charges ...string) {
	r.t.Helper()
	var got []string
	for _, c := range r.sim.Charges() {
		got = append(got, c.Order+" "+c.Operation+" "+c.Amount+" "+c.Currency)
	}
	if strings.Join(got, ", ") != strings.Join(charges, ", ") {
		r.t.Errorf("charges %q, want %q", got, charges)
	}
}

// heard returns when the gateway was asked on a path, since the first of all requests.
func (r *rig) heard(path string) (at []time.Duration) {
	all := r.sim.Heard()
	for _, h := range all {
		if strings.HasSuffix(h.Path, path) {
			at = append(at, h.Time.Sub(all[0].Time))
		}
	}
	return at
}
