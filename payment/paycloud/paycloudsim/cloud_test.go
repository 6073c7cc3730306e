package paycloudsim_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tillkeeper/payment/paycloud/paycloudsim"
)

func TestADay(t *testing.T) {
	c := start(t, paycloudsim.Options{})
	for _, step := range []struct{ kind, number, original, amount, code string }{
		{"1", "S-1", "", "34.50", "0"},
		{"1", "S-1", "", "99", "E04112"},
		{"2", "V-1", "S-1", "34.5", "0"},
		{"1", "S-2", "", "10", "0"},
		{"3", "R-1", "S-2", "4", "0"},
		{"3", "R-2", "S-2", "6.01", "E04126"},
		{"3", "R-3", "NONE", "1", "ET003"},
		{"4", "P-1", "", "200", "0"},
		{"6", "C-1", "P-1", "185", "0"},
		{"8", "R-4", "C-1", "5", "0"},
		{"1", "S-3", "", "0", "F00003"},
		{"12", "S-4", "", "1", "F00003"},
		{"1", "too long a number for any merchant", "", "1", "F00003"},
	} {
		if code := c.create(step.kind, step.number, step.original, step.amount); code != step.code {
			t.Errorf("%s: code %s, want %s", step.number, code, step.code)
		} else if code == "0" && c.state(step.number)["trans_status"] != 2.0 {
			t.Errorf("%s: %v", step.number, c.state(step.number))
		}
	}
	if s := c.state("S-1"); s["trans_status"] != 3.0 || s["order_amount"] != "34.5" {
		t.Errorf("the voided sale is %v", s)
	}
	if code := c.call("batch.close", map[string]string{"terminal_sn": c.cloud.Settings()["terminal_sn"]})["code"]; code != "0" {
		t.Error(code)
	}
	if code := c.create("2", "V-2", "S-2", "10"); code != "ET008" {
		t.Errorf("a void after the close of the batch: %s", code)
	}
	var got []string
	for _, m := range c.cloud.Charges() {
		got = append(got, fmt.Sprint(m.Order, " ", m.Operation, " ", m.Amount))
	}
	if want := "S-1 sale 34.50, V-1 void 34.50, S-2 sale 10.00, R-1 refund 4.00, P-1 preauth 200.00, C-1 completion 185.00, R-4 refund 5.00"; strings.Join(got, ", ") != want {
		t.Errorf("moved %s", got)
	}
}

// The checks, in their order (§12).
func TestChecks(t *testing.T) {
	c := start(t, paycloudsim.Options{Unauthorised: []string{"tip.adjustment"}})
	query := map[string]string{"merchant_order_no": "S-1"}
	spoil := func(change func(map[string]string)) []byte {
		m := c.signed("order.query", query)
		change(m)
		body, _ := json.Marshal(m)
		return body
	}
	old := c.signed("order.query", map[string]string{"merchant_order_no": "S-1", "timestamp": "1767225600000"})
	oldBody, _ := json.Marshal(old)
	for name, check := range map[string]struct {
		body []byte
		code string
	}{
		"no JSON":           {[]byte(`{"app_id":`), "F00000"},
		"no version":        {spoil(func(m map[string]string) { delete(m, "version") }), "SYS011"},
		"another app":       {spoil(func(m map[string]string) { m["app_id"] = "wz9" }), "SYS002"},
		"no signature":      {spoil(func(m map[string]string) { delete(m, "sign") }), "SYS002"},
		"sign_type dropped": {spoil(func(m map[string]string) { m["sign_type"] = "NONE" }), "SYS002"},
		"URL-safe alphabet": {spoil(func(m map[string]string) {
			m["sign"] = strings.NewReplacer("+", "-", "/", "_").Replace(m["sign"]) + "-"
		}), "SYS002"},
		"an old timestamp":  {oldBody, "F00001"},
		"an unknown number": {spoil(func(map[string]string) {}), "E04111"},
	} {
		if got := c.post("/api/entry", "application/json", check.body); got["code"] != check.code {
			t.Errorf("%s: %s, want %s", name, got["code"], check.code)
		}
	}
	if got := c.call("tip.adjustment", query); got["code"] != "E07303" {
		t.Error(got)
	}
	if got := c.call("no.such.method", query); got["code"] != "E07303" {
		t.Error(got)
	}
	if got := c.call("order.query", map[string]string{"merchant_no": "999", "merchant_order_no": "S-1"}); got["code"] != "F00002" {
		t.Error(got)
	}
	form := url.Values{}
	for name, value := range c.signed("order.query", query) {
		form.Set(name, value)
	}
	if got := c.post("/api/entry/orderquery", "application/x-www-form-urlencoded; charset=UTF-8", []byte(form.Encode())); got["code"] != "E04111" {
		t.Error(got)
	}
	for path, status := range map[string]int{"/": 404, "/api/entry/other": 404} {
		resp, err := http.Post(c.base+path, "application/json", strings.NewReader("{}"))
		if err != nil || resp.StatusCode != status {
			t.Errorf("%s: %v, %v", path, resp, err)
			continue
		}
		resp.Body.Close()
	}
	if len(c.cloud.Findings()) == 0 {
		t.Error("there are no findings")
	}
}

func TestCloseAndOffline(t *testing.T) {
	c := start(t, paycloudsim.Options{Offline: true})
	closing := c.order("", "S-1", "", "")
	for name := range closing {
		if closing[name] == "" || name == "price_currency" || name == "pay_scenario" || name == "expires" {
			delete(closing, name)
		}
	}
	if code := c.create("1", "S-1", "", "10"); code != "0" {
		t.Fatal(code)
	}
	for _, want := range []string{"0", "F00006"} {
		if got := c.call("wisehub.cloud.pay.close", closing); got["code"] != want {
			t.Errorf("%v, want %s", got, want)
		}
	}
	if s := c.state("S-1"); s["trans_status"] != 1.0 {
		t.Error(s)
	}
	reject := c.order("1", "S-2", "", "10")
	reject["reject_trade_when_terminal_offline"] = "true"
	delete(reject, "orig_merchant_order_no")
	if got := c.call("wisehub.cloud.pay.order", reject); got["code"] != "F00004" {
		t.Error(got)
	}
	if code := c.create("1", "S-3", "", "10"); code != "0" {
		t.Fatal(code)
	}
	c.cloud.SetOnline(c.cloud.Settings()["terminal_sn"], true)
	if s := c.state("S-3"); s["trans_status"] != 2.0 {
		t.Error(s)
	}
}

func TestScripts(t *testing.T) {
	c := start(t, paycloudsim.Options{})
	if err := c.cloud.ParseScript(strings.NewReader(`
# one line per order
{"outcome":"decline"}
{"outcome":"cancel","repeat":2}
{"outcome":"partial","amount":"5.00"}
{"query":"not-found"}
`)); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"E04111", "TS-D2012", "110", "110", ""} {
		number := fmt.Sprintf("S-%d", max(i, 1))
		if i != 0 && i != 1 {
			c.create("1", number, "", "10")
		} else if i == 0 {
			c.create("1", number, "", "10")
		}
		s := c.state(number)
		got, _ := s["trans_error_code"].(string)
		if i == 0 {
			got, _ = s["code"].(string)
		}
		if got != want {
			t.Errorf("%s: %v, want %q", number, s, want)
		}
	}
	if s := c.state("S-4"); s["paid_amount"] != "5" || s["order_amount"] != "10" {
		t.Errorf("%v", s)
	}
	for _, bad := range []string{`{"outcome":"sometimes"}`, `{"reply":"loud"}`, `{"nonsense":1}`, `{"query":"x"}`, `{"delay":"-1s"}`, `{"repeat":99999}`, `[]`} {
		if err := c.cloud.ParseScript(strings.NewReader(bad)); err == nil {
			t.Errorf("%s is taken", bad)
		}
	}
}

func TestOptions(t *testing.T) {
	o := paycloudsim.Defaults()
	for key, value := range map[string]string{
		"app_id": "wz1", "merchant_no": "1", "store_no": "2", "terminal_sn": "T", "card_delay": "1ms", "result_delay": "0",
		"outcomes_by_amount": "true", "unauthorised": "a.b,c.d", "notify_scale": "0.5", "offline": "false", "data_object": "true",
	} {
		if err := o.Set(key, value); err != nil {
			t.Error(err)
		}
	}
	if o.AppID != "wz1" || len(o.Unauthorised) != 2 || o.CardDelay != time.Millisecond || !o.OutcomesByAmount {
		t.Errorf("%+v", o)
	}
	for key, value := range map[string]string{"nonsense": "1", "card_delay": "soon", "offline": "perhaps", "private_key": "words", "notify_scale": "-1"} {
		if o.Set(key, value) == nil {
			t.Errorf("%s=%s is taken", key, value)
		}
	}
	if len(paycloudsim.SettingKeys()) != 16 {
		t.Errorf("%d keys", len(paycloudsim.SettingKeys()))
	}
}

func TestRubbish(t *testing.T) {
	c := start(t, paycloudsim.Options{})
	for _, rubbish := range []string{
		"\x00\x01\x02", "GET / HTTP/1.1\r\n\r\n", "POST /api/entry HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n{}",
		"POST /api/entry HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nnull", "POST /api/entry HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n[]",
		"POST /api/entry HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\n%zz",
	} {
		conn, err := net.Dial("tcp", c.cloud.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		_, _ = conn.Write([]byte(rubbish))
		_ = conn.(*net.TCPConn).CloseWrite()
		_, _ = io.Copy(io.Discard, conn)
		conn.Close()
	}
	if len(c.cloud.Charges()) > 0 {
		t.Error("rubbish moved money")
	}
}

// A ledger that cannot be written moves nothing.
func TestTheLedgerDecides(t *testing.T) {
	c := start(t, paycloudsim.Options{Charged: func(paycloudsim.Charge) error { return io.ErrShortWrite }})
	c.create("1", "S-1", "", "10")
	if s := c.state("S-1"); s["trans_status"] != 1.0 || len(c.cloud.Charges()) > 0 {
		t.Error(s)
	}
}

func TestOutcomesByAmount(t *testing.T) {
	c := start(t, paycloudsim.Options{OutcomesByAmount: true})
	for amount, want := range map[string]float64{"10.51": 1, "10.52": 1, "10.00": 2} {
		c.create("1", "S-"+amount[3:], "", amount)
		if s := c.state("S-" + amount[3:]); s["trans_status"] != want {
			t.Errorf("%s: %v", amount, s)
		}
	}
}

func FuzzRequest(f *testing.F) {
	for _, seed := range []string{
		"POST /api/entry HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}", "GET /api/entry HTTP/1.0\r\n\r\n",
		"POST /api/entry/ecrorder HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 8\r\n\r\napp_id=a",
		"POST /api/entry HTTP/1.1\r\nHost: x\r\nContent-Length: 60\r\n\r\n{\"app_id\":1,\"method\":{},\"format\":[],\"charset\":\"\",\"sign\":null}",
	} {
		f.Add([]byte(seed))
	}
	app, platform := keys()
	f.Fuzz(func(t *testing.T, text []byte) {
		cloud := paycloudsim.New(paycloudsim.Options{AppKey: app, PlatformKey: platform})
		defer cloud.Close()
		conn, err := cloud.DialContext(t.Context(), "", "")
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			_, _ = conn.Write(text)
			_ = conn.SetReadDeadline(time.Now().Add(time.Second))
			time.AfterFunc(50*time.Millisecond, func() { conn.Close() })
		}()
		in := bufio.NewReader(conn)
		for {
			resp, err := http.ReadResponse(in, nil)
			if err != nil {
				break
			}
			_, _ = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
		}
		if len(cloud.Charges()) > 0 {
			t.Error("an unsigned request moved money")
		}
	})
}
