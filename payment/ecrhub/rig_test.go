package ecrhub_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tillkeeper/payment"
	"tillkeeper/payment/ecrhub"
	"tillkeeper/payment/ecrhub/ecrhubsim"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is a driver and a simulated terminal, in fake time and over pipes.
type rig struct {
	*ecrhub.Driver
	t   *testing.T
	sim *ecrhubsim.Terminal
	log bytes.Buffer

	mu     sync.Mutex
	lates  []payment.Result
	states []payment.LinkState
	cut    bool // the network is down: no dial succeeds
}

type setup struct {
	sim       ecrhubsim.Options
	settings  map[string]string
	keepAlive bool
}

func in(t *testing.T, s setup, test func(t *testing.T, r *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := &rig{t: t, sim: ecrhubsim.New(s.sim)}
		defer r.sim.Close()
		terminal := payment.Terminal{Name: "Front", Address: "ecrhub://192.0.2.40:35779", Settings: s.settings}
		driver, err := ecrhub.Open(terminal, payment.Env{
			Dial:      r.dial,
			Log:       slog.New(slog.NewTextHandler(&r.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
			KeepAlive: s.keepAlive,
			Late:      func(res payment.Result) { r.mu.Lock(); defer r.mu.Unlock(); r.lates = append(r.lates, res) },
			Link:      func(s payment.LinkState) { r.mu.Lock(); defer r.mu.Unlock(); r.states = append(r.states, s) },
		})
		if err != nil {
			t.Fatal(err)
		}
		r.Driver = driver
		defer driver.Close()
		test(t, r)
		if findings := r.sim.Findings(); len(findings) > 0 {
			t.Errorf("the terminal complains: %v", findings)
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
	r.cut = !up
	r.mu.Unlock()
	if !up {
		synctest.Wait() // until the terminal has seen every connection
		r.sim.HangUp()
	}
}

func (r *rig) late() []payment.Result {
	synctest.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.lates
}

// state is the last health that the driver told.
func (r *rig) state() payment.LinkState {
	synctest.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.states[len(r.states)-1]
}

func usd(text string) payment.Amount { return sum(text, "USD") }

func sum(text string, c payment.Currency) payment.Amount {
	a, err := payment.ParseAmount(text, c)
	if err != nil {
		panic(err)
	}
	return a
}

func sale(number, amount string) payment.Request {
	return payment.Request{Order: payment.Order{
		Number: number, Operation: payment.Sale, Asked: payment.Amounts{Amount: usd(amount)},
	}}
}

func followUp(op payment.Operation, number, original, amount string) payment.Request {
	req := sale(number, amount)
	req.Order.Operation, req.Order.Original = op, original
	return req
}

// do runs an order under a generous deadline.
func (r *rig) do(req payment.Request) (payment.Result, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	return r.Do(ctx, req, nil)
}

// must runs an order that has to come to an outcome.
func (r *rig) must(req payment.Request, want payment.Outcome) payment.Result {
	r.t.Helper()
	res, err := r.do(req)
	if err != nil || res.Outcome != want {
		r.t.Fatalf("%s %s: %+v, %v; want %s", req.Order.Operation, req.Order.Number, res, err, want)
	}
	return res
}

// unknown runs an order that must stay unknown, with a code.
func (r *rig) unknown(req payment.Request, code payment.Code) {
	r.t.Helper()
	res, err := r.do(req)
	wantUnknown(r.t, res, err, code)
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

// status asks until the code of the outcome is there.
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
