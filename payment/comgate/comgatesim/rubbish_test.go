package comgatesim_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"

	"tillkeeper/payment/comgate/comgatesim"
)

// What clients do wrong is said and answered, and never moves money.
func TestRubbishIsReported(t *testing.T) {
	good := `{"secureString":"27924505","request":{"transactionId":"A1","amount":100,"currencyCode":203}}`
	for _, tc := range []struct {
		words, method, call, kind, body string
		status                          int
		rules                           []comgatesim.Rule
	}{
		{"no body", "POST", "payment", "application/json", "", 400, []comgatesim.Rule{comgatesim.RuleJSON}},
		{"no JSON", "POST", "payment", "application/json", "amount=1", 400, []comgatesim.Rule{comgatesim.RuleJSON}},
		{"a list", "POST", "payment", "application/json", "[]", 400, []comgatesim.Rule{comgatesim.RuleJSON}},
		{"null", "POST", "payment", "application/json", "null", 400, []comgatesim.Rule{comgatesim.RuleJSON}},
		{"two objects", "POST", "payment", "application/json", good + good, 400, []comgatesim.Rule{comgatesim.RuleJSON}},
		{"nested deeply", "POST", "payment", "application/json", strings.Repeat("[", 100_000), 400, []comgatesim.Rule{comgatesim.RuleJSON}},
		{"a form", "POST", "status", "application/x-www-form-urlencoded", `{"secureString":"27924505","transactionId":"A9"}`, 404, []comgatesim.Rule{comgatesim.RuleType}},
		{"GET for a payment", "GET", "payment", "", "", 405, []comgatesim.Rule{comgatesim.RuleMethod}},
		{"POST for info", "POST", "info", "application/json", "{}", 405, []comgatesim.Rule{comgatesim.RuleMethod}},
		{"no such call", "POST", "pay", "application/json", good, 404, []comgatesim.Rule{comgatesim.RulePath}},
		{"a path above", "POST", "../payment", "application/json", good, 404, []comgatesim.Rule{comgatesim.RulePath}},
		{"a flat start", "POST", "payment", "application/json", `{"secureString":"27924505","transactionId":"A1","amount":100,"currencyCode":203}`, 200, nil},
		{"a body that is too long", "POST", "payment", "application/json", strings.Repeat(" ", 2<<20), 413, []comgatesim.Rule{comgatesim.RuleHTTP}},
	} {
		in(t, comgatesim.Options{}, func(t *testing.T, sim *comgatesim.Terminal, c *client) {
			status, text, err := c.try(tc.method, tc.call, tc.kind, tc.body)
			if err != nil && tc.status != 413 || err == nil && status != tc.status {
				t.Errorf("%s: HTTP %d %s, %v", tc.words, status, text, err)
			}
			if tc.rules != nil {
				wantRules(t, sim, tc.rules...)
			} else if len(sim.Findings()) == 0 {
				t.Errorf("%s is no finding", tc.words)
			}
			wantCharges(t, sim)
		})
	}
}

// A POST without a body and without Content-Length is whole; a torn one is not
// there; what is no HTTP is answered with 400.
func TestRawRequests(t *testing.T) {
	for _, tc := range []struct{ words, say, hear string }{
		{"no length", "POST /paya/status HTTP/1.1\r\nHost: t\r\n\r\n", "HTTP/1.1 400 "},
		{"an old client", "GET /paya/info HTTP/1.0\r\n\r\n", "HTTP/1.1 200 "},
		{"chunks", "POST /paya/status HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" +
			"2f\r\n{\"secureString\":\"27924505\",\"transactionId\":\"A\"}\r\n0\r\n\r\n", "HTTP/1.1 404 "},
		{"chunks that lie", "POST /paya/status HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "HTTP/1.1 400 "},
		{"a promise kept", "POST /paya/status HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n", "HTTP/1.1 100 "},
		{"no HTTP", "hello\r\n", "HTTP/1.1 400 "},
		{"another version", "GET /paya/info HTTP/2.0\r\n", "HTTP/1.1 400 "},
		{"a wrong header", "GET /paya/info HTTP/1.1\r\nnonsense\r\n\r\n", "HTTP/1.1 400 "},
	} {
		synctest.Test(t, func(t *testing.T) {
			sim := comgatesim.New(comgatesim.Options{})
			defer sim.Close()
			conn, err := sim.DialContext(t.Context(), "", "")
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			answer := make([]byte, 4096)
			if _, err := io.WriteString(conn, tc.say); err != nil {
				t.Fatal(err)
			}
			n, err := conn.Read(answer)
			if !bytes.HasPrefix(answer[:n], []byte(tc.hear)) {
				t.Errorf("%s: %q, %v", tc.words, answer[:n], err)
			}
		})
	}
	for _, torn := range []string{"POST /paya/pay", "POST /paya/payment HTTP/1.1\r\nHo", "POST /paya/payment HTTP/1.1\r\nContent-Length: 90\r\n\r\n{\"secu", ""} {
		synctest.Test(t, func(t *testing.T) {
			sim := comgatesim.New(comgatesim.Options{})
			conn, err := sim.DialContext(t.Context(), "", "")
			if err != nil {
				t.Fatal(err)
			}
			_, err = io.WriteString(conn, torn)
			conn.Close()
			synctest.Wait()
			sim.Close()
			if f := sim.Findings(); err != nil || len(f) != 0 {
				t.Errorf("%q: %v, %v", torn, f, err)
			}
		})
	}
}

func TestListeningTerminalClosesTwiceAndReboots(t *testing.T) {
	sim := comgatesim.New(comgatesim.Options{BasePath: "gsa/"})
	if sim.Addr() != nil || sim.Address() != "" {
		t.Error("an address before Listen")
	}
	if err := sim.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	if want := "comgate://" + sim.Addr().String() + "/gsa"; sim.Address() != want {
		t.Errorf("%s, want %s", sim.Address(), want)
	}
	transport := &http.Transport{}
	c := &client{t, &http.Client{Transport: transport}, "http://" + sim.Addr().String() + "/gsa/"}
	if status, _ := c.raw(http.MethodGet, "info", "", ""); status != http.StatusOK {
		t.Errorf("HTTP %d", status)
	}
	sim.Script(comgatesim.Outcome{Fault: comgatesim.Reboot})
	want(t, c.sale("A1", 100), object{"isStarted": true})
	for range 1000 {
		conn, err := net.Dial("tcp", sim.Addr().String())
		if err != nil {
			break // really refused, as a terminal that boots does
		}
		conn.Close()
	}
	transport.CloseIdleConnections()
	for range 2 {
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := sim.Listen("127.0.0.1:0"); err == nil {
		t.Error("a closed terminal listens")
	}
}

func TestScriptFile(t *testing.T) {
	in(t, comgatesim.Options{}, func(t *testing.T, sim *comgatesim.Terminal, c *client) {
		err := sim.ParseScript(strings.NewReader("# three orders\n\n" +
			`{"outcome":"decline","code":"51","text":"no money"}` + "\n" + `{"outcome":"partial","amount":"0.40","delay":"3s"}` + "\n" +
			`{"outcome":"refuse","text":"not today"}` + "\n" + `{"query":"not-found","repeat":2}` + "\n"))
		if err != nil {
			t.Fatal(err)
		}
		c.sale("A1", 100)
		want(t, c.ask("status", "A1"), object{"status": "Unknown"})
		want(t, c.ask("status", "A1"), object{"status": "Unknown"})
		want(t, c.finish("A1"), object{"responseCode": "51", "responseMessage": "no money"})
		c.sale("A2", 100)
		want(t, c.finish("A2"), object{"amount": 40.0})
		want(t, c.sale("A3", 100), object{"isStarted": false, "status": "not today"})
		wantCharges(t, sim, "A2 sale 0.40 CZK")
		sim.Reset()
		wantCharges(t, sim)
		want(t, c.ask("status", "A2"), object{"status": "Unknown"})
	})
	for _, word := range []string{"approve", "decline", "cancel", "expire", "partial", "refuse"} {
		for _, fault := range []string{"", "close-before", "close-during", "close-after"} {
			sim := comgatesim.New(comgatesim.Options{})
			line := fmt.Sprintf(`{"outcome":%q,"fault":%q,"delay":"1","reply_delay":"2s","no_answer":true,"repeat":3}`, word, fault)
			if err := sim.ParseScript(strings.NewReader(line)); err != nil {
				t.Error(err)
			}
		}
	}
	for _, line := range []string{`{"outcome":"maybe"}`, `{"fault":"x"}`, `{"query":"x"}`, `{"delay":"-1s"}`, `{"nobody":1}`, `[]`, `{"repeat":100000}`} {
		if err := comgatesim.New(comgatesim.Options{}).ParseScript(strings.NewReader(line)); err == nil {
			t.Errorf("%s is taken", line)
		}
	}
}

func TestSettings(t *testing.T) {
	o := comgatesim.Defaults()
	for key, value := range map[string]string{
		"base_path": "/gsa", "secure_string": "x", "serial": "S", "tip_field_name": "tip", "currency": "eur, czk", "refund": "off",
		"wrong_password": "body", "unknown_ids": "body", "offline": "true", "outcomes_by_amount": "true", "card_delay": "3s", "pin_delay": "1",
		"result_delay": "1s", "closing_delay": "1s", "card_timeout": "1m", "auto_reverse": "1h", "path.preauth": "/pre/", "path.preauth_complete": "c",
		"path.preauth_cancel": "d", "path.moto": "m", "path.print": "p",
	} {
		if err := o.Set(key, value); err != nil {
			t.Errorf("%s=%s: %v", key, value, err)
		}
	}
	if n := len(comgatesim.SettingKeys()); n != 21 {
		t.Errorf("%d keys", n)
	}
	for key, value := range map[string]string{"nobody": "1", "currency": "XXX", "refund": "maybe", "wrong_password": "x", "card_delay": "soon", "offline": "?"} {
		if err := o.Set(key, value); err == nil {
			t.Errorf("%s=%s is taken", key, value)
		}
	}
	sim := comgatesim.New(o)
	want := map[string]string{"currency": "EUR", "tip_field_name": "tip", "path.preauth": "pre", "path.preauth_complete": "c", "path.preauth_cancel": "d", "path.moto": "m", "path.print": "p"}
	if !reflect.DeepEqual(sim.Settings(), want) || sim.Credentials()["secure_string"] != "x" {
		t.Errorf("%v, %v", sim.Settings(), sim.Credentials())
	}
}

// FuzzRequest: no body moves money unless it is a whole start call, and none panics.
func FuzzRequest(f *testing.F) {
	for _, body := range []string{
		`{"secureString":"27924505","request":{"transactionId":"A1","amount":100,"currencyCode":203}}`,
		`{"secureString":"27924505","request":{"transactionId":"A1","originalTransactionId":"A0"}}`,
		`{"secureString":"27924505","transactionId":"A1","confirm":true}`, `{"request":{}}`, `{"request":[]}`, `[]`, ``,
	} {
		for _, call := range []string{"payment", "reverse", "confirm", "status"} {
			f.Add(call, []byte(body))
		}
	}
	f.Fuzz(func(t *testing.T, call string, body []byte) {
		synctest.Test(t, func(t *testing.T) {
			sim := comgatesim.New(comgatesim.Options{})
			defer sim.Close()
			conn, err := sim.DialContext(t.Context(), "", "")
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			go func() {
				// A broken pipe is the answer to rubbish.
				_, _ = fmt.Fprintf(conn, "POST /paya/%s HTTP/1.1\r\nHost: t\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", call, len(body), body)
			}()
			_, _ = io.Copy(io.Discard, conn)
			synctest.Wait()
			if len(sim.Charges()) > 0 && !bytes.Contains(body, []byte("amount")) {
				t.Errorf("%q has moved money", body)
			}
		})
	})
}
