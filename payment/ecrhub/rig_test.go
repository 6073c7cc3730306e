package ecrhub_test

import (
	"sync"
	"testing"
	"testing/synctest"

	"go.uber.org/goleak"

	"tillkeeper/payment"
	"tillkeeper/payment/drivertest"
	"tillkeeper/payment/ecrhub"
	"tillkeeper/payment/ecrhub/ecrhubsim"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is a driver and a simulated terminal, in fake time and over pipes.
type rig struct {
	*ecrhub.Driver
	drivertest.Bench
	sim *ecrhubsim.Terminal

	mu    sync.Mutex
	lates []payment.Result
}

type setup struct {
	sim       ecrhubsim.Options
	settings  map[string]string
	keepAlive bool
}

func in(t *testing.T, s setup, test func(t *testing.T, r *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := &rig{Bench: drivertest.Bench{T: t}, sim: ecrhubsim.New(s.sim)}
		defer r.sim.Close()
		terminal := payment.Terminal{Name: "Front", Address: "ecrhub://192.0.2.40:35779", Settings: s.settings}
		env := r.Env(r.sim.DialContext)
		env.KeepAlive = s.keepAlive
		env.Late = func(res payment.Result) { r.mu.Lock(); defer r.mu.Unlock(); r.lates = append(r.lates, res) }
		driver, err := ecrhub.Open(terminal, env)
		if err != nil {
			t.Fatal(err)
		}
		r.Driver, r.Tried = driver, driver
		defer driver.Close()
		test(t, r)
		if findings := r.sim.Findings(); len(findings) > 0 {
			t.Errorf("the terminal complains: %v", findings)
		}
	})
}

// network pulls the plug, or puts it back.
func (r *rig) network(up bool) {
	r.Cut(!up)
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

func usd(text string) payment.Amount { return drivertest.Sum(text, "USD") }

func sale(number, amount string) payment.Request {
	return drivertest.Request(payment.Sale, number, usd(amount))
}

func followUp(op payment.Operation, number, original, amount string) payment.Request {
	req := sale(number, amount)
	req.Order.Operation, req.Order.Original = op, original
	return req
}

func (r *rig) wantCharges(charges ...string) {
	r.T.Helper()
	drivertest.WantCharges(r.T, r.sim.Charges(), charges...)
}
