package comgatecloud_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"go.uber.org/goleak"

	"tillkeeper/payment"
	"tillkeeper/payment/comgatecloud"
	"tillkeeper/payment/comgatecloud/comgatecloudsim"
	"tillkeeper/payment/drivertest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is a driver and the other side, in fake time and over pipes.
type rig struct {
	*comgatecloud.Driver
	drivertest.Bench
	sim *comgatecloudsim.Server
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
		r := &rig{Bench: drivertest.Bench{T: t}, sim: comgatecloudsim.New(s.sim)}
		defer r.sim.Close()
		dial := r.sim.DialContext
		if s.server != nil {
			dial = canned(s.server)
		}
		settings := map[string]string{"merchant": merchant}
		for key, value := range s.settings {
			settings[key] = value
		}
		env := r.Env(dial)
		env.KeepAlive = s.keepAlive
		env.Secret = func(string) (string, error) { return secret, nil }
		terminal := payment.Terminal{Name: "Front", Address: "comgate-cloud+http://127.0.0.1:1", Settings: settings}
		driver, err := comgatecloud.Open(terminal, env)
		if err != nil {
			t.Fatal(err)
		}
		r.Driver, r.Tried = driver, driver
		defer driver.Close()
		test(t, r)
		if findings := r.sim.Findings(); len(findings) > 0 {
			t.Errorf("the gateway complains: %v", findings)
		}
		if strings.Contains(r.Logged(), secret) || strings.Contains(r.Logged(), "Basic ") {
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
	return drivertest.Request(payment.Sale, number, drivertest.Sum(amount, "CZK"))
}

// voidOf takes back a sale that was approved.
func voidOf(number string, original payment.Request, res payment.Result) payment.Request {
	req := original
	req.Order.Number, req.Order.Operation, req.Order.Original = number, payment.Void, original.Order.Number
	req.OriginalOperation, req.OriginalReference, req.OriginalMoved = payment.Sale, res.Facts.Reference, res.Facts.Amounts
	return req
}

// unknown runs an order that must stay unknown, with a code of a doubt.
func (r *rig) unknown(req payment.Request, code payment.Code) {
	r.T.Helper()
	r.Unknown(req, code)
	if code.Class() != payment.InDoubt {
		r.T.Errorf("%s is no code of a doubt", code)
	}
}

// status asks about an order; the reference is the one that was told.
func (r *rig) status(req payment.Request) (payment.Result, error) {
	for _, p := range r.Told() {
		if p.Kind == payment.ProgressAccepted {
			req.Reference = p.Reference
		}
	}
	return r.Status(r.T.Context(), req)
}

func (r *rig) wantCharges(charges ...string) {
	r.T.Helper()
	drivertest.WantCharges(r.T, r.sim.Charges(), charges...)
}
