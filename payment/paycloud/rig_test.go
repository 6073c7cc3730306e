package paycloud_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"maps"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tillkeeper/payment"
	"tillkeeper/payment/paycloud"
	"tillkeeper/payment/paycloud/paycloudsim"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is a driver and a fake cloud, in fake time and over pipes.
type rig struct {
	*paycloud.Driver
	t     *testing.T
	cloud *paycloudsim.Cloud
	log   bytes.Buffer

	mu    sync.Mutex
	told  []payment.Progress
	links []payment.LinkState
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
		r := &rig{t: t, cloud: newCloud(t, s.cloud)}
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
			if strings.Contains(r.log.String(), secret) {
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
	d, err := s.protocol.Open(payment.Terminal{
		Name: "Front", Address: s.protocol.Name + "+http://127.0.0.1:18080", Settings: settings,
	}, payment.Env{
		Dial: r.dial, Now: r.now, KeepAlive: s.keepAlive, Deliver: s.deliver,
		Log:    slog.New(slog.NewTextHandler(&r.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Link:   func(s payment.LinkState) { r.mu.Lock(); defer r.mu.Unlock(); r.links = append(r.links, s) },
		Secret: func(key string) (string, error) { return secrets[key], nil },
	})
	if err == nil {
		r.Driver = d.(*paycloud.Driver)
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
	return payment.Request{Order: payment.Order{
		Number: number, Operation: op, Asked: payment.Amounts{Amount: sum(amount, "USD")},
	}}
}

func sale(number, amount string) payment.Request { return request(payment.Sale, number, amount) }

func followUp(op payment.Operation, number, original, amount string, of payment.Operation) payment.Request {
	req := request(op, number, amount)
	req.Order.Original, req.OriginalOperation = original, of
	return req
}

// do runs an order under a generous deadline.
func (r *rig) do(req payment.Request) (payment.Result, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	return r.Do(ctx, req, func(p payment.Progress) { r.told = append(r.told, p) })
}

// must runs an order that has to come to an outcome.
func (r *rig) must(req payment.Request, want payment.Outcome, codes ...payment.Code) payment.Result {
	r.t.Helper()
	res, err := r.do(req)
	if err != nil || res.Outcome != want || len(codes) > 0 && !slices.Contains(codes, res.Code) {
		r.t.Fatalf("%s %s: %+v, %v; want %s %s", req.Order.Operation, req.Order.Number, res, err, want, codes)
	}
	return res
}

// unknown runs an order that must stay unknown, with a code.
func (r *rig) unknown(req payment.Request, code payment.Code) {
	r.t.Helper()
	res, err := r.do(req)
	if err == nil || errors.Is(err, payment.ErrNotSent) || payment.CodeOf(err) != code {
		r.t.Fatalf("%+v, %v (%s); want unknown with %s", res, err, payment.CodeOf(err), code)
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
	for _, c := range r.cloud.Charges() {
		got = append(got, c.Order+" "+c.Operation+" "+c.Amount+" "+c.Currency)
	}
	if strings.Join(got, ", ") != strings.Join(charges, ", ") {
		r.t.Errorf("charges %q, want %q", got, charges)
	}
}

func (r *rig) steps() (kinds []payment.ProgressKind) {
	for _, p := range r.told {
		kinds = append(kinds, p.Kind)
	}
	return kinds
}
