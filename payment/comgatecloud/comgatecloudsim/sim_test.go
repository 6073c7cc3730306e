package comgatecloudsim_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tillkeeper/payment/comgatecloud/comgatecloudsim"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type object = map[string]any

// client is a plain HTTP client: it says exactly what a test says.
type client struct {
	t    *testing.T
	sim  *comgatecloudsim.Server
	http http.Client
	base string
	user string
}

// in runs a test in fake time, over pipes.
func in(t *testing.T, opts comgatecloudsim.Options, test func(t *testing.T, c *client)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		sim := comgatecloudsim.New(opts)
		defer sim.Close()
		transport := &http.Transport{DialContext: sim.DialContext, DisableKeepAlives: true} // it would repeat a GET that is cut
		defer transport.CloseIdleConnections()
		test(t, &client{t: t, sim: sim, http: http.Client{Transport: transport}, base: "http://gateway/v2.0/", user: "123456"})
	})
}

// say sends a request with everything that belongs to it.
func (c *client) say(method, path, body string) (int, object, error) {
	c.t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), method, c.base+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if body == "" {
		req.Body = nil
	}
	req.SetBasicAuth(c.user, c.sim.Credentials()["secret"])
	req.Header.Set("Content-Type", "application/json")
	resp, err := c.http.Do(req)
	if err != nil {
		return 0, nil, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return resp.StatusCode, nil, err
	}
	if resp.ContentLength != int64(len(text)) {
		c.t.Errorf("Content-Length %d of %d", resp.ContentLength, len(text))
	}
	var o object
	if err := json.Unmarshal(text, &o); err != nil {
		return resp.StatusCode, object{"text": string(text)}, nil
	}
	return resp.StatusCode, o, nil
}

// want says something and compares members of the answer.
func (c *client) want(method, path, body string, members object) object {
	c.t.Helper()
	status, got, err := c.say(method, path, body)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	got["http"] = float64(status)
	for name, value := range members {
		if fmt.Sprint(got[name]) != fmt.Sprint(value) {
			c.t.Errorf("%s %s: %s is %v, want %v in %v", method, path, name, got[name], value, got)
		}
	}
	return got
}

// pay starts a payment and returns its path.
func (c *client) pay(ref string, price int) string {
	c.t.Helper()
	got := c.want("POST", "terminalPayment.json", fmt.Sprintf(`{"price":%d,"curr":"CZK","refId":%q}`, price, ref), object{"http": 200, "code": 0})
	return fmt.Sprintf("terminalPayment/transId/%s.json", got["transId"])
}

func (c *client) wantCharges(charges ...string) {
	c.t.Helper()
	var got []string
	for _, m := range c.sim.Charges() {
		got = append(got, m.Order+" "+m.Operation+" "+m.Amount+" "+m.Currency)
	}
	if fmt.Sprint(got) != fmt.Sprint(charges) {
		c.t.Errorf("charges %q, want %q", got, charges)
	}
}

func (c *client) wantRules(rules ...comgatecloudsim.Rule) {
	c.t.Helper()
	var got []comgatecloudsim.Rule
	for _, f := range c.sim.Findings() {
		got = append(got, f.Rule)
	}
	if !slices.Equal(got, rules) {
		c.t.Errorf("findings %q, want %q", got, rules)
	}
}

func TestPayment(t *testing.T) {
	in(t, comgatecloudsim.Defaults(), func(t *testing.T, c *client) {
		c.want("GET", "terminal.json", "", object{"http": 200, "status": "ONLINE", "code": nil})
		path := c.pay("2025000017", 24900)
		c.want("GET", path, "", object{"code": 0, "status": "PENDING", "price": 24900, "curr": "CZK", "refId": "2025000017", "cardNumber": nil})
		c.want("GET", "terminal.json", "", object{"status": "BUSY"})
		c.want("POST", "terminalPayment.json", `{"price":1,"curr":"CZK"}`, object{"code": 1500, "transId": nil})
		c.want("DELETE", path, "", object{"code": 1400})
		c.wantCharges()
		time.Sleep(4 * time.Second)
		c.wantCharges("2025000017 sale 249.00 CZK")
		c.want("GET", path, "", object{"status": "PAID", "cardNumber": "************1111", "reversed": false})
		c.want("DELETE", path, "", object{"code": 0})
		c.want("GET", path, "", object{"status": "PAID", "reversed": false})
		c.want("DELETE", path, "", object{"code": 1400})
		time.Sleep(2 * time.Second)
		c.want("GET", path, "", object{"status": "PAID", "reversed": true})
		c.wantCharges("2025000017 sale 249.00 CZK", "2025000017 void 249.00 CZK")
		c.wantRules(comgatecloudsim.RuleDelete)
	})
}

func TestRefundAndClosing(t *testing.T) {
	in(t, comgatecloudsim.Options{}, func(t *testing.T, c *client) {
		path := c.pay("A1", 1000)
		c.pay("A2", 250)
		got := c.want("POST", "terminalRefund.json", `{"price":300,"curr":"CZK","refId":"R1"}`, object{"code": 0})
		refund := fmt.Sprintf("terminalRefund/transId/%s.json", got["transId"])
		c.want("GET", refund, "", object{"status": "REFUNDED", "price": 300})
		c.want("DELETE", refund, "", object{"code": 0})
		c.want("GET", refund, "", object{"reversed": true})
		got = c.want("POST", "terminalClosing.json", "", object{"code": 0, "batchNumber": 1})
		if data := fmt.Sprint(got["batchData"]); data != "[map[amount:1250 count:2]]" {
			t.Errorf("batchData %s", data)
		}
		c.want("DELETE", path, "", object{"code": 1400})
		c.want("POST", "terminalClosing.json", "", object{"code": 0, "batchNumber": 2})
		c.wantCharges("A1 sale 10.00 CZK", "A2 sale 2.50 CZK", "R1 refund 3.00 CZK", "R1 void 3.00 CZK")
		c.wantRules()
	})
}

func TestStrictness(t *testing.T) {
	for _, tc := range []struct {
		method, path, body string
		code               any
		rule               comgatecloudsim.Rule
	}{
		{"POST", "terminalPayment.json", `{"price":0,"curr":"CZK"}`, 1309, comgatecloudsim.RulePrice},
		{"POST", "terminalPayment.json", `{"price":-1,"curr":"CZK"}`, 1309, comgatecloudsim.RulePrice},
		{"POST", "terminalPayment.json", `{"price":1.5,"curr":"CZK"}`, 1309, comgatecloudsim.RulePrice},
		{"POST", "terminalPayment.json", `{"price":1e3,"curr":"CZK"}`, 1309, comgatecloudsim.RulePrice},
		{"POST", "terminalPayment.json", `{"price":"100","curr":"CZK"}`, 1309, comgatecloudsim.RulePrice},
		{"POST", "terminalPayment.json", `{"curr":"CZK"}`, 1309, comgatecloudsim.RulePrice},
		{"POST", "terminalPayment.json", `{"price":100}`, 1310, comgatecloudsim.RuleCurrency},
		{"POST", "terminalPayment.json", `{"price":100,"curr":"czk"}`, 1310, comgatecloudsim.RuleCurrency},
		{"POST", "terminalPayment.json", `{"price":100,"curr":"203"}`, 1310, comgatecloudsim.RuleCurrency},
		{"POST", "terminalPayment.json", `{"price":100,"curr":"CZK","refId":7}`, 1400, comgatecloudsim.RuleRefID},
		{"POST", "terminalPayment.json", `{"price":100,"curr":"CZK","tip":1}`, 0, comgatecloudsim.RuleMember},
		{"POST", "terminalPayment.json", `price=100&curr=CZK`, 1400, comgatecloudsim.RuleJSON},
		{"POST", "terminalPayment.json", `{"price":100,"curr":"CZK"} {}`, 1400, comgatecloudsim.RuleJSON},
		{"POST", "terminalPayment.json", ``, 1400, comgatecloudsim.RuleJSON},
		{"GET", "terminalPayment/transId/NONE.json", ``, 1400, comgatecloudsim.RuleTransID},
		{"GET", "terminalPayment.json", ``, 1400, comgatecloudsim.RuleMethod},
		{"PUT", "terminalPayment.json", ``, 1400, comgatecloudsim.RuleMethod},
		{"GET", "terminalRefund/transId/AB00-CD00-EF00.json", ``, 1400, comgatecloudsim.RuleTransID},
		{"POST", "terminalClosing.json", `{}`, 0, comgatecloudsim.RuleBody},
		{"GET", "status.json", ``, 1400, comgatecloudsim.RuleMethod},
	} {
		t.Run(tc.method+" "+tc.path+" "+tc.body, func(t *testing.T) {
			in(t, comgatecloudsim.Options{}, func(t *testing.T, c *client) {
				c.want(tc.method, tc.path, tc.body, object{"code": tc.code})
				c.wantRules(tc.rule)
			})
		})
	}
	in(t, comgatecloudsim.Options{Currency: "EUR"}, func(t *testing.T, c *client) {
		c.want("POST", "terminalPayment.json", `{"price":100,"curr":"CZK"}`, object{"code": 1310})
		c.user = "654321"
		c.want("POST", "terminalPayment.json", `{"price":100,"curr":"EUR"}`, object{"http": 401})
		c.wantRules(comgatecloudsim.RuleCurrency, comgatecloudsim.RuleAuth)
		c.wantCharges()
	})
	in(t, comgatecloudsim.Options{}, func(t *testing.T, c *client) {
		c.pay("A1", 100)
		c.pay("A1", 100)
		c.wantRules(comgatecloudsim.RuleRefID)
		c.wantCharges("A1 sale 1.00 CZK", "A1 sale 1.00 CZK")
	})
}

// TestByAmount walks the table of the package comment.
func TestByAmount(t *testing.T) {
	opts := comgatecloudsim.Options{OutcomesByAmount: true, CustomerTime: time.Second}
	for _, tc := range []struct {
		price   int
		wait    time.Duration
		members object
		charged bool
	}{
		{10000, 2 * time.Second, object{"status": "PAID", "price": 10000}, true},
		{10010, 2 * time.Second, object{"status": "PAID"}, true},
		{10040, 2 * time.Second, object{"status": "PAID", "price": 9036}, true},
		{10090, 2 * time.Second, object{"status": "CANCELLED", "paymentErrorReason": "Card declined"}, false},
		{10091, 2 * time.Second, object{"status": "CANCELLED", "paymentErrorReason": "Cancelled by customer"}, false},
		{10092, 9 * time.Minute, object{"status": "PENDING"}, false},
		{10092, 11 * time.Minute, object{"status": "CANCELLED"}, false},
		{10096, 2 * time.Second, object{"code": nil}, true},
		{10097, 2 * time.Second, object{"code": nil, "status": "PAID"}, true},
		{10099, 10 * time.Second, object{"status": "PENDING"}, false},
		{10099, 30 * time.Second, object{"status": "PAID"}, true},
	} {
		in(t, opts, func(t *testing.T, c *client) {
			path := c.pay("A1", tc.price)
			time.Sleep(tc.wait)
			c.want("GET", path, "", tc.members)
			if charged := len(c.sim.Charges()) > 0; charged != tc.charged {
				t.Errorf("%d: charges %v", tc.price, c.sim.Charges())
			}
		})
	}
	for price, want := range map[int]string{10093: "after 30s: 200", 10094: "after 0s: cut", 10095: "after 0s: 500", 10098: "after 0s: 200"} {
		in(t, opts, func(t *testing.T, c *client) {
			begin := time.Now()
			status, _, err := c.say("POST", "terminalPayment.json", fmt.Sprintf(`{"price":%d,"curr":"CZK","refId":"A1"}`, price))
			got := fmt.Sprintf("after %s: %d", time.Since(begin), status)
			if err != nil {
				got = fmt.Sprintf("after %s: cut", time.Since(begin))
			}
			time.Sleep(time.Minute)
			if charged := len(c.sim.Charges()) > 0; got != want || charged == (price == 10098) {
				t.Errorf("%d: %s, want %s; %v", price, got, want, c.sim.Charges())
			}
		})
	}
}

func TestScriptFile(t *testing.T) {
	in(t, comgatecloudsim.Options{}, func(t *testing.T, c *client) {
		err := c.sim.ParseScript(strings.NewReader(`
# the first customer has no money
{"outcome":"decline","reason":"no money"}
{"outcome":"approve","delay":"3s","repeat":2}
{"outcome":"refuse"}
{"outcome":"partial","amount":"0.50"}
{"outcome":"expire"}
{"query":"not-found"}
{"query":"pending"}`))
		if err != nil {
			t.Fatal(err)
		}
		path := c.pay("A1", 100)
		c.want("GET", path, "", object{"http": 404})
		c.want("GET", path, "", object{"status": "PENDING"})
		c.want("GET", path, "", object{"status": "CANCELLED", "paymentErrorReason": "no money"})
		for _, ref := range []string{"A2", "A3"} {
			path = c.pay(ref, 100)
			c.want("GET", path, "", object{"status": "PENDING"})
			time.Sleep(4 * time.Second)
			c.want("GET", path, "", object{"status": "PAID"})
		}
		c.want("POST", "terminalPayment.json", `{"price":100,"curr":"CZK"}`, object{"code": 1400})
		c.want("GET", c.pay("A4", 100), "", object{"status": "PAID", "price": 50})
		path = c.pay("A5", 100)
		time.Sleep(3 * time.Minute)
		c.want("GET", path, "", object{"status": "CANCELLED", "paymentErrorReason": "Timed out"})
		for _, bad := range []string{
			`{"outcome":"dance"}`, `{"colour":"red"}`, `{"delay":"soon"}`, `decline`, `{"query":"maybe"}`, `{"fault":"x"}`,
			`{"start":"x"}`, `{"reply":"x"}`, `{"repeat":1000000}`, `{"start_delay":"-1s"}`, `{} {}`,
		} {
			if err := c.sim.ParseScript(strings.NewReader(bad)); err == nil || !strings.Contains(err.Error(), "line 1") {
				t.Errorf("script %s: %v", bad, err)
			}
		}
	})
}

func TestFaultsByScript(t *testing.T) {
	for script, wants := range map[string][]string{
		`{"fault":"close-before"}`:              {"cut"},
		`{"fault":"answer-lost"}`:               {"cut", "charged"},
		`{"no_answer":true}`:                    {"silent", "charged"},
		`{"fault":"close-after"}`:               {"ok", "charged", "cut", "PAID"},
		`{"fault":"close-during","delay":"2s"}`: {"ok", "cut", "PENDING", "later", "PAID", "charged"},
		`{"reply_delay":"5s"}`:                  {"ok", "charged", "PENDING", "later", "PAID"},
		`{"outcome":"error"}`:                   {"ok", "ERROR"},
	} {
		in(t, comgatecloudsim.Options{}, func(t *testing.T, c *client) {
			c.http.Timeout = 20 * time.Second
			if err := c.sim.ParseScript(strings.NewReader(script)); err != nil {
				t.Fatal(err)
			}
			_, got, err := c.say("POST", "terminalPayment.json", `{"price":100,"curr":"CZK","refId":"A1"}`)
			path := fmt.Sprintf("terminalPayment/transId/%s.json", got["transId"])
			var timeout net.Error
			for i, want := range wants {
				switch {
				case i > 0 && want == "later":
					time.Sleep(10 * time.Second)
					continue
				case i > 0 && want == "charged":
					c.wantCharges("A1 sale 1.00 CZK")
					continue
				case i > 0:
					_, got, err = c.say("GET", path, "")
				}
				switch is := errors.As(err, &timeout) && timeout.Timeout(); {
				case want == "silent" && is, want == "cut" && err != nil && !is, want == "ok" && err == nil:
				case want == got["status"]:
				default:
					t.Errorf("%s, step %d: %v, %v; want %s", script, i, got, err, want)
				}
			}
			if !slices.Contains(wants, "charged") {
				c.wantCharges()
			}
		})
	}
}

// TestLedgerFirst: money that cannot be written down does not move.
func TestLedgerFirst(t *testing.T) {
	full := true
	opts := comgatecloudsim.Options{Charged: func(comgatecloudsim.Charge) error {
		if full {
			return errors.New("the disk is full")
		}
		return nil
	}}
	in(t, opts, func(t *testing.T, c *client) {
		c.want("GET", c.pay("A1", 100), "", object{"status": "CANCELLED"})
		full = false
		path := c.pay("A2", 100)
		full = true
		c.want("DELETE", path, "", object{"code": 0})
		c.want("GET", path, "", object{"status": "PAID", "reversed": false})
		c.wantCharges("A2 sale 1.00 CZK")
	})
}

// TestRealSocket: a raw client, an empty POST with and without a length, keep-alive,
// and rubbish.
func TestRealSocket(t *testing.T) {
	opts := comgatecloudsim.Options{Merchant: "1", Secret: "2"}
	sim := comgatecloudsim.New(opts)
	defer sim.Close()
	if err := sim.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	if want := "comgate-cloud+http://" + sim.Addr().String() + "/v2.0"; sim.Address() != want || sim.Settings()["merchant"] != "1" {
		t.Errorf("address %s, settings %v", sim.Address(), sim.Settings())
	}
	const head = " HTTP/1.1\r\nHost: x\r\nAuthorization: Basic MToy\r\nContent-Type: application/json\r\n"
	conn, err := net.Dial("tcp", sim.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	answers := bufio.NewReader(conn)
	for _, request := range []string{
		"POST /v2.0/terminalClosing.json" + head + "\r\n",
		"POST /v2.0/terminalClosing.json" + head + "Content-Length: 0\r\n\r\n",
		"POST /v2.0/terminalPayment.json" + head + "Transfer-Encoding: chunked\r\n\r\n1a\r\n{\"price\":100,\"curr\":\"CZK\"}\r\n0\r\n\r\n",
		"GET /v2.0/terminal.json" + head + "\r\n",
	} {
		if _, err := io.WriteString(conn, request); err != nil {
			t.Fatal(err)
		}
		resp, err := http.ReadResponse(answers, nil)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != 200 || !strings.Contains(string(text), "OK") && !strings.Contains(string(text), "ONLINE") {
			t.Errorf("%q: %d %s, %v", request, resp.StatusCode, text, err)
		}
	}
	for _, rubbish := range []string{"\x16\x03\x01\x02", "hello\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: -4\r\n\r\n", strings.Repeat("A", 1<<21)} {
		conn, err := net.Dial("tcp", sim.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(conn, rubbish+"\r\n\r\n")
		text, _ := io.ReadAll(conn)
		if len(text) > 0 && !strings.HasPrefix(string(text), "HTTP/1.1 4") {
			t.Errorf("%.20q is answered %q", rubbish, text)
		}
		conn.Close()
	}
	if charges := sim.Charges(); len(charges) != 1 {
		t.Errorf("charges %v", charges)
	}
}

func TestSettingsByName(t *testing.T) {
	var o comgatecloudsim.Options
	for _, s := range []string{
		"customer_time=3s", "reversal_time=2", "patience=60", "currency=eur", "terminal=BUSY", "base_path=/x/",
		"merchant=m", "secret=s", "outcomes_by_amount=true",
	} {
		key, value, _ := strings.Cut(s, "=")
		if err := o.Set(key, value); err != nil {
			t.Error(err)
		}
	}
	if o.CustomerTime != 3*time.Second || o.ReversalTime != 2*time.Second || o.Patience != time.Minute || o.Currency != "EUR" ||
		o.Terminal != "BUSY" || o.BasePath != "/x" || o.Merchant != "m" || o.Secret != "s" || !o.OutcomesByAmount {
		t.Errorf("options %+v", o)
	}
	for _, s := range []string{"customer_time=soon", "currency=XYZ", "terminal=asleep", "base_path=x", "outcomes_by_amount=maybe", "colour=red"} {
		key, value, _ := strings.Cut(s, "=")
		if err := o.Set(key, value); err == nil {
			t.Errorf("%s was taken", s)
		}
	}
	if keys := comgatecloudsim.SettingKeys(); len(keys) != 9 || !slices.IsSorted(keys) {
		t.Errorf("keys %v", keys)
	}
}
