package iotpaysim_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tillkeeper/payment/iotpay/iotpaysim"
)

// The table of the package comment: what the client hears, and what a query says in
// the end.
func TestScenarios(t *testing.T) {
	options := iotpaysim.Defaults()
	options.OutcomesByAmount = true
	for cents, tc := range map[string]struct {
		answer values // nil is no answer
		then   string // status, "" is not found
		charge string
	}{
		"05": {values{"order.status": 9}, "9", ""},
		"51": {values{"order.status": 9}, "9", ""},
		"60": {values{"order.status": 2}, "2", "10.60"},
		"71": {nil, "2", "10.71"},
		"72": {nil, "9", ""},
		"73": {values{"order.status": 1}, "1", ""},
		"74": {nil, "", ""},
		"75": {values{"order.status": 3}, "3", "10.75"},
		"76": {values{"order.extra": "CARD:4242;AUTH:01046Z"}, "2", "10.76"},
		"79": {values{"resCode": "FAIL", "errCode": "SYSTEMERROR", "payOrder": nil}, "2", "10.79"},
		"80": {values{"order.amount": 1180}, "2", "10.80"},
		"81": {values{"payOrder": nil, "resCode": "SUCCESS"}, "2", "10.81"},
		"00": {values{"order.status": 2}, "2", "10.00"},
	} {
		in(t, options, func(t *testing.T, sim *iotpaysim.Gateway, c *client) {
			_, body, err := c.post(t.Context(), "/v1/create_order", "params="+url.QueryEscape(text(signed(order("T1", "10"+cents)))))
			switch {
			case tc.answer == nil && err == nil:
				t.Errorf("…%s: heard %s", cents, body)
			case tc.answer != nil && err != nil:
				t.Errorf("…%s: %v", cents, err)
			case tc.answer != nil:
				want(t, c.read(body), tc.answer)
			}
			time.Sleep(10 * time.Second)
			then := c.query("T1")
			if tc.then == "" {
				want(t, then, values{"resCode": "FAIL", "errCode": "0112", "status": nil})
			} else {
				want(t, then, values{"status": tc.then})
			}
			if tc.charge == "" {
				wantCharges(t, sim)
			} else {
				wantCharges(t, sim, "T1 sale "+tc.charge+" CAD")
			}
		})
	}
}

func TestSlowPageAndWrongSignature(t *testing.T) {
	options := iotpaysim.Defaults()
	options.OutcomesByAmount = true
	in(t, options, func(t *testing.T, sim *iotpaysim.Gateway, c *client) {
		begin := time.Now()
		want(t, c.sale("T1", "1070"), values{"order.status": 2})
		if took := time.Since(begin); took != 153500*time.Millisecond {
			t.Errorf("…70 took %s", took)
		}
		status, body, err := c.post(t.Context(), "/v1/create_order", "params="+url.QueryEscape(text(signed(order("T2", "1078")))))
		if err != nil || status != http.StatusBadGateway || !strings.HasPrefix(body, "<html>") {
			t.Errorf("…78: %d %s, %v", status, body, err)
		}
		answer := c.sale("T3", "1077")
		delete(answer, "payOrder")
		if answer["sign"] == "" || answer["sign"] == signed(answer)["sign"] {
			t.Errorf("…77 is signed well: %v", answer)
		}
		wantCharges(t, sim, "T1 sale 10.70 CAD", "T2 sale 10.78 CAD", "T3 sale 10.77 CAD")
	})
}

func TestScript(t *testing.T) {
	in(t, iotpaysim.Options{}, func(t *testing.T, sim *iotpaysim.Gateway, c *client) {
		script := `# a comment

{"outcome":"decline","text":"No 51","delay":"3s","reply_delay":"2"}
{"outcome":"partial","amount":"0.40"}
{"outcome":"cancel"}
{"outcome":"expire"}
{"outcome":"refuse","repeat":2}
{"outcome":"approve","fault":"close-after"}
{"query":"pending"}
`
		if err := sim.ParseScript(strings.NewReader(script)); err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		if data := card(t, c.sale("T1", "100")); !strings.HasPrefix(fmt.Sprint(data["receiptDisp"]), "No 51") || time.Since(begin) != 5*time.Second {
			t.Errorf("%v after %s", data, time.Since(begin))
		}
		want(t, c.sale("T2", "100"), values{"order.amount": 40, "order.status": 2})
		want(t, c.sale("T3", "100"), values{"order.status": 9})
		want(t, c.sale("T4", "100"), values{"order.status": 4})
		want(t, c.sale("T5", "100"), values{"retCode": "FAIL"})
		want(t, c.sale("T6", "100"), values{"retCode": "FAIL"})
		if _, _, err := c.post(t.Context(), "/v1/create_order", "params="+url.QueryEscape(text(signed(order("T7", "100"))))); err == nil {
			t.Error("T7 was answered")
		}
		want(t, c.query("T7"), values{"status": 1})
		want(t, c.query("T7"), values{"status": 2})
		wantCharges(t, sim, "T2 sale 0.40 CAD", "T7 sale 1.00 CAD")
	})
	for _, script := range []string{`{"outcome":"dance"}`, `{"colour":1}`, `{"delay":"-3s"}`, `{"reply":"x"}`, `{"query":"x"}`, `{`, `{} {}`, `{"repeat":99999999}`, `{"variant":"x"}`, `{"fault":"x"}`} {
		sim := iotpaysim.New(iotpaysim.Options{})
		if err := sim.ParseScript(strings.NewReader(script)); err == nil {
			t.Errorf("%s is taken", script)
		}
		sim.Close()
	}
}

func TestNoAnswer(t *testing.T) {
	in(t, iotpaysim.Options{}, func(t *testing.T, sim *iotpaysim.Gateway, c *client) {
		if err := sim.ParseScript(strings.NewReader(`{"outcome":"approve","no_answer":true}`)); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		if _, body, err := c.post(ctx, "/v1/create_order", "params="+url.QueryEscape(text(signed(order("T1", "100"))))); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("heard %s, %v", body, err)
		}
		wantCharges(t, sim, "T1 sale 1.00 CAD")
	})
}
