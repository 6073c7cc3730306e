package comgate_test

import (
	"strings"
	"testing"
	"testing/synctest"

	"go.uber.org/goleak"

	"tillkeeper/payment"
	"tillkeeper/payment/comgate"
	"tillkeeper/payment/comgate/comgatesim"
	"tillkeeper/payment/drivertest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is a driver and a simulated terminal, in fake time and over pipes.
type rig struct {
	*comgate.Driver
	drivertest.Bench
	sim *comgatesim.Terminal
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
		r := &rig{Bench: drivertest.Bench{T: t}, sim: comgatesim.New(s.sim)}
		defer r.sim.Close()
		if s.address == "" {
			s.address = "comgate://192.168.1.50"
		}
		env := r.Env(r.sim.DialContext)
		env.KeepAlive = s.keepAlive
		env.Secret = func(string) (string, error) { return s.secret, nil }
		driver, err := comgate.Open(payment.Terminal{Name: "Front", Address: s.address, Settings: s.settings}, env)
		if err != nil {
			t.Fatal(err)
		}
		r.Driver, r.Tried = driver, driver
		defer driver.Close()
		test(t, r)
		if findings := r.sim.Findings(); len(findings) > 0 && !s.rude {
			t.Errorf("the terminal complains: %v", findings)
		}
		if s.secret != "" && strings.Contains(r.Logged(), s.secret) {
			t.Errorf("the log holds the password")
		}
	})
}

// network pulls the plug, or puts it back.
func (r *rig) network(up bool) {
	r.Cut(!up)
	if !up {
		r.sim.HangUp()
	}
}

// story is the progress heard, in words.
func (r *rig) story() string {
	var words []string
	for _, p := range r.Told() {
		words = append(words, strings.TrimSpace(string(p.Kind)+" "+p.Text))
	}
	return strings.Join(words, ", ")
}

func czk(text string) payment.Amount { return drivertest.Sum(text, "CZK") }

func sale(number, amount string) payment.Request {
	return drivertest.Request(payment.Sale, number, czk(amount))
}

func followUp(op payment.Operation, number, original, amount string) payment.Request {
	req := sale(number, amount)
	req.Order.Operation, req.Order.Original = op, original
	return req
}

// must runs an order that has to come to an outcome, and checks that it is its own.
func (r *rig) must(req payment.Request, want payment.Outcome, code payment.Code) payment.Result {
	r.T.Helper()
	res := r.Must(req, want, code)
	if no := payment.Compare(req.Order, res); no != nil {
		r.T.Errorf("%s %s: %v", req.Order.Operation, req.Order.Number, no)
	}
	return res
}

func wantCode(t *testing.T, err error, code payment.Code) {
	t.Helper()
	if payment.CodeOf(err) != code {
		t.Fatalf("%v (%s); want %s", err, payment.CodeOf(err), code)
	}
}

func (r *rig) wantCharges(charges ...string) {
	r.T.Helper()
	drivertest.WantCharges(r.T, r.sim.Charges(), charges...)
}

// calls are the last words of the paths that the terminal has heard.
func (r *rig) calls() (all []string) {
	for _, q := range r.sim.Requests() {
		all = append(all, strings.TrimPrefix(q.Path, "/paya/"))
	}
	return all
}
