package iotpay_test

import (
	"maps"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tillkeeper/payment"
	"tillkeeper/payment/drivertest"
	"tillkeeper/payment/iotpay"
	"tillkeeper/payment/iotpay/iotpaysim"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is a driver and a simulated gateway, in fake time and over pipes.
type rig struct {
	*iotpay.Driver
	drivertest.Bench
	sim *iotpaysim.Gateway
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
		r := &rig{Bench: drivertest.Bench{T: t}, sim: iotpaysim.New(s.sim)}
		defer r.sim.Close()
		settings := r.sim.Settings()
		maps.Copy(settings, s.settings)
		if s.key == "" {
			s.key = merchantKey
		}
		terminal := payment.Terminal{Name: "Front", Address: "iotpay+http://127.0.0.1:1", Settings: settings}
		env := r.Env(r.sim.DialContext)
		env.KeepAlive = s.keepAlive
		env.Secret = func(string) (string, error) { return s.key, nil }
		driver, err := iotpay.Open(terminal, env)
		if err != nil {
			t.Fatal(err)
		}
		r.Driver, r.Tried = driver, driver
		defer driver.Close()
		test(t, r)
		if findings := r.sim.Findings(); len(findings) > 0 && !s.rude {
			t.Errorf("the gateway complains: %v", findings)
		}
		if strings.Contains(r.Logged(), merchantKey) {
			t.Error("the log holds the merchant key")
		}
	})
}

func cad(text string) payment.Amount { return drivertest.Sum(text, "CAD") }

func sale(number, amount string) payment.Request {
	return drivertest.Request(payment.Sale, number, cad(amount))
}

func refund(number, original, amount, reference string) payment.Request {
	req := sale(number, amount)
	req.Order.Operation, req.Order.Original, req.OriginalReference = payment.Refund, original, reference
	return req
}

// must runs an order that has to come to an outcome, and to be compared with success.
func (r *rig) must(req payment.Request, want payment.Outcome) payment.Result {
	r.T.Helper()
	res := r.Must(req, want)
	if err := payment.Compare(req.Order, res); err != nil {
		r.T.Errorf("%s: %v", req.Order.Number, err)
	}
	return res
}

func (r *rig) wantCharges(charges ...string) {
	r.T.Helper()
	drivertest.WantCharges(r.T, r.sim.Charges(), charges...)
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
