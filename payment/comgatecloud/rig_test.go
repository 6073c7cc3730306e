package comgatecloud_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tillkeeper/payment"
	"tillkeeper/payment/comgatecloud"
	"tillkeeper/payment/comgatecloud/comgatecloudsim"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is a driver and the other side, in fake time and over pipes.
type rig struct {
	*comgatecloud.Driver
	t    *testing.T
	sim  *comgatecloudsim.Server
	log  bytes.Buffer
	told []payment.Progress

	mu     sync.Mutex
	states []payment.LinkState
	cut    bool // the network is down: no dial succeeds
}

type setup struct {
	sim       comgatecloudsim.Options
	settings  map[string]string
	keepAlive bool
	// server takes the simulator's place, request by request.
	server func(req *http.Request, body string) (status int, answer string)
}

func in(t *testing.T, s setup, test func(t *testing.T, r *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		s.sim.Merchant, s.sim.Secret = merchant, secret
		r := &rig{t: t, sim: comgatecloudsim.New(s.sim)}
		defer r.sim.Close()
		dial := r.sim.DialContext
		if s.server != nil {
			dial = canned(s.server)
		}
		settings := map[string]string{"merchant": merchant}
		for key, value := range s.settings {
			settings[key] = value
		}
		driver, err := comgatecloud.Open(payment.Terminal{Name: "Front", Address: "comgate-cloud+http://127.0.0.1:1", Settings: settings}, payment.Env{
			Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
				r.mu.Lock()
				defer r.mu.Unlock()
				if r.cut {
					return nil, errors.New("network is unreachable")
				}
				return dial(ctx, network, address)
			},
			Log:       slog.New(slog.NewTextHandler(&r.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
			KeepAlive: s.keepAlive,
			Secret:    func(string) (string, error) { return secret, nil },
			Link:      func(s payment.LinkState) { r.mu.Lock(); defer r.mu.Unlock(); r.states = append(r.states, s) },
		})
		if err != nil {
			t.Fatal(err)
		}
		r.Driver = driver
		defer driver.Close()
		test(t, r)
		if findings := r.sim.Findings(); len(findings) > 0 {
			t.Errorf("the gateway complains: %v", findings)
		}
		if strings.Contains(r.log.String(), secret) || strings.Contains(r.log.String(), "Basic ") {
			t.Error("the log holds the login")
		}
	})
}

// canned is a server that answers as a test says; status 0 cuts the connection.
func canned(server func(req *http.Request, body string) (int, string)) func(context.Context, string, string) (net.Conn, error) {
	return func(context.Context, string, string) (net.Conn, error) {
		client, side := net.Pipe()
		go func() {
			defer side.Close()
			req, err := http.ReadRequest(bufio.NewReader(side))
			if err != nil {
				return
			}
			body, _ := io.ReadAll(req.Body)
			status, answer := server(req, string(body))
			if status != 0 {
				fmt.Fprintf(side, "HTTP/1.1 %d x\r\nContent-Length: %d\r\n\r\n%s", status, len(answer), answer)
			}
		}()
		return client, nil
	}
}

// online answers GET terminal.json as it should be, and everything else by next.
func online(next func(req *http.Request, body string) (int, string)) func(*http.Request, string) (int, string) {
	return func(req *http.Request, body string) (int, string) {
		if strings.HasSuffix(req.URL.Path, "/terminal.json") {
			return 200, `{"status":"ONLINE"}`
		}
		return next(req, body)
	}
}

func sale(number, amount string) payment.Request {
	return payment.Request{Order: payment.Order{
		Number: number, Operation: payment.Sale, Asked: payment.Amounts{Amount: sum(amount, "CZK")},
	}}
}

// voidOf takes back a sale that was approved.
func voidOf(number string, original payment.Request, res payment.Result) payment.Request {
	req := original
	req.Order.Number, req.Order.Operation, req.Order.Original = number, payment.Void, original.Order.Number
	req.OriginalOperation, req.OriginalReference, req.OriginalMoved = payment.Sale, res.Facts.Reference, res.Facts.Amounts
	return req
}

// do runs an order under a generous deadline and keeps what is told.
func (r *rig) do(req payment.Request) (payment.Result, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Minute)
	defer cancel()
	r.told = nil
	return r.Do(ctx, req, func(p payment.Progress) { r.told = append(r.told, p) })
}

func (r *rig) must(req payment.Request, want payment.Outcome) payment.Result {
	r.t.Helper()
	res, err := r.do(req)
	if err != nil || res.Outcome != want {
		r.t.Fatalf("%s %s: %+v, %v; want %s", req.Order.Operation, req.Order.Number, res, err, want)
	}
	return res
}

func (r *rig) unknown(req payment.Request, code payment.Code) {
	r.t.Helper()
	res, err := r.do(req)
	switch {
	case err == nil:
		r.t.Errorf("outcome %s; want unknown", res.Outcome)
	case errors.Is(err, payment.ErrNotSent):
		r.t.Errorf("%v says that nothing was sent; want unknown", err)
	case payment.CodeOf(err) != code:
		r.t.Errorf("%v has code %s, want %s", err, payment.CodeOf(err), code)
	case code.Class() != payment.InDoubt:
		r.t.Errorf("%s is no code of a doubt", code)
	}
}

func (r *rig) notSent(req payment.Request, code payment.Code) {
	r.t.Helper()
	_, err := r.do(req)
	if !errors.Is(err, payment.ErrNotSent) || payment.CodeOf(err) != code {
		r.t.Errorf("%v (%s); want ErrNotSent with %s", err, payment.CodeOf(err), code)
	}
}

// status asks about an order; the reference is the one that was told.
func (r *rig) status(req payment.Request) (payment.Result, error) {
	for _, p := range r.told {
		if p.Kind == payment.ProgressAccepted {
			req.Reference = p.Reference
		}
	}
	return r.Status(r.t.Context(), req)
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
