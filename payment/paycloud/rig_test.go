package paycloud_test

import (
	"context"
	"errors"
	"maps"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tillkeeper/payment"
	"tillkeeper/payment/drivertest"
	"tillkeeper/payment/paycloud"
	"tillkeeper/payment/paycloud/paycloudsim"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is a driver and a fake cloud, in fake time and over pipes.
type rig struct {
	*paycloud.Driver
	drivertest.Bench
	cloud *paycloudsim.Cloud

	mu    sync.Mutex
	drop  int // dials that fail from now on
	ahead time.Duration
	sends int
}

type setup struct {
	protocol  payment.Protocol // CodePay if it has no name
	cloud     paycloudsim.Options
	settings  map[string]string
	secrets   map[string]string // on top of the cloud's
	keepAlive bool
	deliver   func(context.Context, payment.Result) error
}

func in(t *testing.T, s setup, test func(t *testing.T, r *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := &rig{Bench: drivertest.Bench{T: t}, cloud: newCloud(t, s.cloud)}
		defer r.cloud.Close()
		if err := r.open(s); err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		test(t, r)
		if findings := r.cloud.Findings(); len(findings) > 0 {
			t.Errorf("the cloud complains: %v", findings)
		}
		for _, secret := range r.cloud.Credentials() {
			if strings.Contains(r.Logged(), secret) {
				t.Error("the log holds a secret")
			}
		}
	})
}

func (r *rig) open(s setup) error {
	if s.protocol.Name == "" {
		s.protocol = paycloud.CodePay()
	}
	settings, secrets := r.cloud.Settings(), r.cloud.Credentials()
	maps.Copy(settings, everything)
	maps.Copy(settings, s.settings)
	maps.Copy(secrets, s.secrets)
	env := r.Env(r.dial)
	env.Now, env.KeepAlive, env.Deliver = r.now, s.keepAlive, s.deliver
	env.Secret = func(key string) (string, error) { return secrets[key], nil }
	d, err := s.protocol.Open(payment.Terminal{
		Name: "Front", Address: s.protocol.Name + "+http://127.0.0.1:18080", Settings: settings,
	}, env)
	if err == nil {
		r.Driver, r.Tried = d.(*paycloud.Driver), d
	}
	return err
}

func (r *rig) now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return time.Now().Round(0).Add(r.ahead)
}

func (r *rig) dial(ctx context.Context, network, address string) (net.Conn, error) {
	r.mu.Lock()
	r.sends++
	drop := r.drop > 0
	if drop {
		r.drop--
	}
	r.mu.Unlock()
	if drop {
		return nil, errors.New("network is unreachable")
	}
	return r.cloud.DialContext(ctx, network, address)
}

func request(op payment.Operation, number, amount string) payment.Request {
	return drivertest.Request(op, number, drivertest.Sum(amount, "USD"))
}

func sale(number, amount string) payment.Request { return request(payment.Sale, number, amount) }

func followUp(op payment.Operation, number, original, amount string, of payment.Operation) payment.Request {
	req := request(op, number, amount)
	req.Order.Original, req.OriginalOperation = original, of
	return req
}

func (r *rig) wantCharges(charges ...string) {
	r.T.Helper()
	drivertest.WantCharges(r.T, r.cloud.Charges(), charges...)
}

func (r *rig) steps() (kinds []payment.ProgressKind) {
	for _, p := range r.Told() {
		kinds = append(kinds, p.Kind)
	}
	return kinds
}
