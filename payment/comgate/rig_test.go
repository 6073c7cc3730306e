package comgate_test

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
	"tillkeeper/payment/comgate"
	"tillkeeper/payment/comgate/comgatesim"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is a driver and a simulated terminal, in fake time and over pipes.
type rig struct {
	*comgate.Driver
	t   *testing.T
	sim *comgatesim.Terminal
	log bytes.Buffer

	mu     sync.Mutex
	states []payment.LinkState
	told   []payment.Progress
	cut    bool // the network is down: no dial succeeds
}

type setup struct {
	sim       comgatesim.Options
	settings  map[string]string
	secret    string
	address   string
	keepAlive bool
	rude      bool // the terminal may complain
}

func in(t *testing.T, s setup, test func(t *testing.T, r *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := &rig{t: t, sim: comgatesim.New(s.sim)}
		defer r.sim.Close()
		if s.address == "" {
			s.address = "comgate://192.168.1.50"
		}
		driver, err := comgate.Open(payment.Terminal{Name: "Front", Address: s.address, Settings: s.settings}, payment.Env{
			Dial:      r.dial,
			Log:       slog.New(slog.NewTextHandler(&r.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
			KeepAlive: s.keepAlive,
			Link:      func(s payment.LinkState) { r.mu.Lock(); defer r.mu.Unlock(); r.states = append(r.states, s) },
			Secret:    func(string) (string, error) { return s.secret, nil },
		})
		if err != nil {
			t.Fatal(err)
		}
		r.Driver = driver
		defer driver.Close()
		test(t, r)
		if findings := r.sim.Findings(); len(findings) > 0 && !s.rude {
			t.Errorf("the terminal complains: %v", findings)
		}
		if s.secret != "" && strings.Contains(r.log.String(), s.secret) {
			t.Errorf("the log holds the password")
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
		r.sim.HangUp()
	}
}

// state is the last health that the driver told.
func (r *rig) state() payment.LinkState {
	synctest.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.states[len(r.states)-1]
}

func (r *rig) hear(p payment.Progress) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.told = append(r.told, p)
}

// story is the progress heard, in words.
func (r *rig) story() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var words []string
	for _, p := range r.told {
		words = append(words, strings.TrimSpace(string(p.Kind)+" "+p.Text))
	}
	return strings.Join(words, ", ")
}

func czk(text string) payment.Amount { return sum(text, "CZK") }

func sale(number, amount string) payment.Request {
	return payment.Request{Order: payment.Order{
		Number: number, Operation: payment.Sale, Asked: payment.Amounts{Amount: czk(amount)},
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
	return r.Do(ctx, req, r.hear)
}

// must runs an order that has to come to an outcome, and checks that it is its own.
func (r *rig) must(req payment.Request, want payment.Outcome, code payment.Code) payment.Result {
	r.t.Helper()
	res, err := r.do(req)
	if err != nil || res.Outcome != want || res.Code != code {
		r.t.Fatalf("%s %s: %+v, %v; want %s %q", req.Order.Operation, req.Order.Number, res, err, want, code)
	}
	if no := payment.Compare(req.Order, res); no != nil {
		r.t.Errorf("%s %s: %v", req.Order.Operation, req.Order.Number, no)
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

func wantCode(t *testing.T, err error, code payment.Code) {
	t.Helper()
	if payment.CodeOf(err) != code {
		t.Fatalf("%v (%s); want %s", err, payment.CodeOf(err), code)
	}
}

// status asks once.
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

// calls are the last words of the paths that the terminal has heard.
func (r *rig) calls() (all []string) {
	for _, q := range r.sim.Requests() {
		all = append(all, strings.TrimPrefix(q.Path, "/paya/"))
	}
	return all
}
