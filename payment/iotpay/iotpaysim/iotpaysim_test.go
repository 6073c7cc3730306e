package iotpaysim_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tillkeeper/payment/iotpay/iotpaysim"
)

func TestSaleBlocksAndQueriesDoNot(t *testing.T) {
	in(t, iotpaysim.Defaults(), func(t *testing.T, sim *iotpaysim.Gateway, c *client) {
		begin := time.Now()
		done := make(chan values, 1)
		go func() { done <- c.sale("T1", "2865") }()
		time.Sleep(time.Second)
		want(t, c.query("T1"), values{"resCode": "SUCCESS", "status": 0, "amount": 2865, "payOrder": nil})
		time.Sleep(time.Second)
		want(t, c.query("T1"), values{"status": 1})
		wantCharges(t, sim)
		answer := <-done
		if took := time.Since(begin); took != 3500*time.Millisecond {
			t.Errorf("it took %s", took)
		}
		want(t, answer, values{
			"retCode": "SUCCESS", "resCode": "SUCCESS", "mchOrderNo": "T1", "order.mchOrderNo": "T1", "order.status": 2, "order.amount": 2865,
			"order.currency": "CAD", "order.payType": "pay", "order.deviceId": "POS-01", "order.userName": "cashier1", "order.channelId": "CC_PAX",
		})
		want(t, c.query("T1"), values{"status": 2, "mchOrderNo": "T1", "currency": "CAD"})
		wantCharges(t, sim, "T1 sale 28.65 CAD")
		if f := sim.Findings(); len(f) > 0 {
			t.Errorf("findings %v", f)
		}
	})
}

func TestGeneratedDataHasItsForm(t *testing.T) {
	in(t, iotpaysim.Options{}, func(t *testing.T, sim *iotpaysim.Gateway, c *client) {
		sim.Script(iotpaysim.Outcome{}, iotpaysim.Outcome{Kind: iotpaysim.Decline})
		paid, declined := c.sale("T1", "100"), c.sale("T2", "100")
		data := card(t, paid)
		for field, form := range map[string]string{
			"cardNum": `^X{12}[0-9]{4}$`, "emvTC": `^TC: [0-9A-F]{16}$`, "timeStamp": `^19991231-190000[0-9]{2}$`, "trxDate": `^12311999$`, "trxTime": `^190000$`,
			"termInvoiceNum": `^[0-9]{6}$`, "seqNum": `^[0-9]{12}$`, "batchNum": `^[0-9]{4}$`, "cvmResults": `^[0-9A-F]{6}$`, "authNum": `^[0-9]{5}Z$`,
		} {
			if value := fmt.Sprint(data[field]); !regexp.MustCompile(form).MatchString(value) {
				t.Errorf("%s is %q", field, value)
			}
		}
		if id := fmt.Sprint(paid["payOrderId"]); !regexp.MustCompile(`^CP20000101000000[0-9]{12}$`).MatchString(id) {
			t.Errorf("payOrderId %q", id)
		}
		data = card(t, declined)
		if data["authNum"] != "   " || data["batchNum"] != "0000" || !strings.HasPrefix(fmt.Sprint(data["receiptDisp"]), "Transaction Not Completed 05 ") {
			t.Errorf("a decline has %v", data)
		}
		want(t, declined, values{"retCode": "SUCCESS", "resCode": "SUCCESS", "order.status": 9})
		wantCharges(t, sim, "T1 sale 1.00 CAD")
	})
}

// Both forms of the wrapper are taken, and numbers as well as text; what the protocol
// wants otherwise is noted.
func TestWrapper(t *testing.T) {
	in(t, iotpaysim.Options{}, func(t *testing.T, sim *iotpaysim.Gateway, c *client) {
		want(t, c.sale("T1", "100"), values{"order.status": 2})
		if f := sim.Findings(); len(f) > 0 {
			t.Errorf("findings %v", f)
		}
		_, body, err := c.post(t.Context(), "/v1/create_order", "params="+text(signed(order("T2", "200"))))
		if err != nil {
			t.Fatal(err)
		}
		want(t, c.read(body), values{"order.status": 2})
		wantRule(t, sim, iotpaysim.RuleEncoding)
		want(t, c.call("/v1/create_order", with{"amount": 300}.of(order("T3", ""))), values{"order.status": 2})
		wantRule(t, sim, iotpaysim.RuleText)
		plain := url.Values{}
		for name, value := range signed(order("T4", "400")) {
			plain.Set(name, fmt.Sprint(value))
		}
		for _, body := range []string{"", plain.Encode(), text(signed(order("T4", "400"))), "params=", "params=%zz", "params=[]", "params={}{}", `params={"a":1,"a":2}`, "params=%7B%22a%22%3A%7B%7D%7D"} {
			status, answer, err := c.post(t.Context(), "/v1/create_order", body)
			if err != nil || status != http.StatusOK {
				t.Fatal(status, err)
			}
			want(t, c.read(answer), values{"retCode": "FAIL"})
		}
		wantCharges(t, sim, "T1 sale 1.00 CAD", "T2 sale 2.00 CAD", "T3 sale 3.00 CAD")
	})
}

func TestRefusals(t *testing.T) {
	for _, tc := range []struct {
		name string
		with with
		rule iotpaysim.Rule
	}{
		{"no amount", with{"amount": ""}, iotpaysim.RuleMandatory},
		{"an amount of nothing", with{"amount": "0"}, iotpaysim.RuleValue},
		{"a negative amount", with{"amount": "-100"}, iotpaysim.RuleValue},
		{"an amount in dollars", with{"amount": "28.65"}, iotpaysim.RuleValue},
		{"a currency that is none", with{"currency": "CAN"}, iotpaysim.RuleValue},
		{"another channel", with{"channelId": "WX_NATIVE"}, iotpaysim.RuleValue},
		{"no extra", with{"extra": ""}, iotpaysim.RuleMandatory},
		{"a long number", with{"mchOrderNo": strings.Repeat("1", 31)}, iotpaysim.RuleLength},
		{"a long subject", with{"subject": strings.Repeat("x", 65)}, iotpaysim.RuleLength},
		{"an unknown merchant", with{"mchId": "1"}, iotpaysim.RuleMerchant},
		{"an unknown login", with{"jobNo": "nobody"}, iotpaysim.RuleMerchant},
		{"a tip in dollars", with{"tip": "1.50"}, iotpaysim.RuleValue},
	} {
		in(t, iotpaysim.Options{}, func(t *testing.T, sim *iotpaysim.Gateway, c *client) {
			answer := c.call("/v1/create_order", tc.with.of(order("T1", "2865")))
			if answer["retCode"] != "FAIL" || answer["retMsg"] == "" {
				t.Errorf("%s: %v", tc.name, answer)
			}
			wantRule(t, sim, tc.rule)
			wantCharges(t, sim)
			want(t, c.query("T1"), values{"resCode": "FAIL", "errCode": "0112"})
		})
	}
}

func TestManners(t *testing.T) {
	for rule, more := range map[iotpaysim.Rule]with{
		iotpaysim.RulePlain: {"subject": "Café"},
		iotpaysim.RuleName:  {"Colour": "red"},
		iotpaysim.RuleValue: {"notifyUrl": "https://shop.example"},
	} {
		in(t, iotpaysim.Options{}, func(t *testing.T, sim *iotpaysim.Gateway, c *client) {
			want(t, c.call("/v1/create_order", more.of(order("T1", "2865"))), values{"order.status": 2})
			wantRule(t, sim, rule)
		})
	}
	in(t, iotpaysim.Options{}, func(t *testing.T, sim *iotpaysim.Gateway, c *client) {
		want(t, c.call("/v1/create_order", with{"source": "shop 1", "tip": "15", "remarks": ""}.of(order("T1", "100"))), values{"order.status": 2, "order.tip": 15})
		wantCharges(t, sim, "T1 sale 1.15 CAD")
		if f := sim.Findings(); len(f) > 0 {
			t.Errorf("findings %v", f)
		}
	})
}

func TestSignatures(t *testing.T) {
	in(t, iotpaysim.Options{}, func(t *testing.T, sim *iotpaysim.Gateway, c *client) {
		for _, sign := range []string{"", "0123456789ABCDEF0123456789ABCDEF", strings.ToLower(fmt.Sprint(signed(order("T1", "100"))["sign"]))} {
			_, body, err := c.post(t.Context(), "/v1/create_order", "params="+url.QueryEscape(text(with{"sign": sign}.of(order("T1", "100")))))
			if err != nil {
				t.Fatal(err)
			}
			want(t, c.read(body), values{"retCode": "FAIL", "retMsg": "signature fail", "sign": nil})
		}
		wantRule(t, sim, iotpaysim.RuleSign)
		wantCharges(t, sim)
	})
}

func TestOneAttemptOneRunningOrder(t *testing.T) {
	in(t, iotpaysim.Defaults(), func(t *testing.T, sim *iotpaysim.Gateway, c *client) {
		done := make(chan values, 1)
		go func() { done <- c.sale("T1", "100") }()
		time.Sleep(time.Second)
		want(t, c.sale("T2", "200"), values{"resCode": "FAIL", "errCode": "TERMINALBUSY", "payOrder": nil})
		wantRule(t, sim, iotpaysim.RuleBusy)
		want(t, <-done, values{"order.status": 2})
		want(t, c.sale("T1", "100"), values{"resCode": "FAIL", "errCodeDes": "mchOrderNo already exists"})
		wantRule(t, sim, iotpaysim.RuleRepeated)
		want(t, c.sale("T2", "200"), values{"order.status": 2})
		wantCharges(t, sim, "T1 sale 1.00 CAD", "T2 sale 2.00 CAD")
	})
}

func TestAClientThatHangsUpChangesNothing(t *testing.T) {
	in(t, iotpaysim.Defaults(), func(t *testing.T, sim *iotpaysim.Gateway, c *client) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, _, err := c.post(ctx, "/v1/create_order", "params="+url.QueryEscape(text(signed(order("T1", "100"))))); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		want(t, c.query("T1"), values{"status": 0})
		time.Sleep(10 * time.Second)
		want(t, c.query("T1"), values{"status": 2})
		wantCharges(t, sim, "T1 sale 1.00 CAD")
	})
}

func TestQueryLayoutsAndOutcomes(t *testing.T) {
	in(t, iotpaysim.Options{Layout: iotpaysim.Nested}, func(t *testing.T, sim *iotpaysim.Gateway, c *client) {
		paid := c.sale("T1", "100")
		want(t, c.query("T1"), values{"order.status": 2, "status": nil})
		want(t, c.call("/v1/query_order", values{"mchId": "10009999", "payOrderId": paid["payOrderId"]}), values{"order.mchOrderNo": "T1"})
		want(t, c.call("/v1/query_order", values{"mchId": "10009999"}), values{"retCode": "FAIL"})
		sim.ScriptQueries(iotpaysim.QueryNotFound, iotpaysim.QueryPending)
		want(t, c.query("NEVERSEEN"), values{"errCode": "0112"}) // takes none
		want(t, c.query("T1"), values{"errCode": "0112"})
		want(t, c.query("T1"), values{"order.status": 1})
		want(t, c.query("T1"), values{"order.status": 2})
	})
}

func TestRefunds(t *testing.T) {
	in(t, iotpaysim.Options{}, func(t *testing.T, sim *iotpaysim.Gateway, c *client) {
		if status, _, err := c.post(t.Context(), "/v1/refund_order", "params="+url.QueryEscape(text(signed(values{"mchId": "10009999"})))); err != nil || status != http.StatusNotFound {
			t.Errorf("switched off: %d, %v", status, err)
		}
	})
	in(t, iotpaysim.Options{Refund: true, RefundQuery: true, Layout: iotpaysim.Nested}, func(t *testing.T, sim *iotpaysim.Gateway, c *client) {
		sale := c.sale("T1", "1000")
		back := func(number, amount string) values {
			return c.call("/v1/refund_order", values{
				"mchId": "10009999", "mchRefundNo": number, "refundAmount": amount, "clientIp": "127.0.0.1", "loginName": "cashier1", "payOrderId": sale["payOrderId"],
			})
		}
		want(t, back("R1", "400"), values{"retCode": "SUCCESS", "resCode": "SUCCESS", "mchRefundNo": "R1"})
		want(t, back("R2", "700"), values{"retCode": "SUCCESS", "resCode": "FAIL", "errCode": "REFUNDFAIL"})
		want(t, back("R1", "400"), values{"resCode": "FAIL"})
		want(t, back("R3", "600"), values{"resCode": "SUCCESS"})
		want(t, c.query("R1"), values{"order.payType": "refund", "order.status": 2, "order.originalOrderId": sale["payOrderId"]})
		wantCharges(t, sim, "T1 sale 10.00 CAD", "R1 refund 4.00 CAD", "R3 refund 6.00 CAD")
	})
}

func TestLedgerThatFailsDeclines(t *testing.T) {
	in(t, iotpaysim.Options{Charged: func(iotpaysim.Charge) error { return errors.New("disk full") }}, func(t *testing.T, sim *iotpaysim.Gateway, c *client) {
		want(t, c.sale("T1", "100"), values{"order.status": 9})
		wantCharges(t, sim)
	})
}

func TestCurrencies(t *testing.T) {
	for currency, amount := range map[string]string{"JPY": "12003", "CAD": "120.03", "KWD": "12.003"} {
		in(t, iotpaysim.Options{Currency: currency}, func(t *testing.T, sim *iotpaysim.Gateway, c *client) {
			want(t, c.call("/v1/create_order", with{"currency": currency}.of(order("T1", "12003"))), values{"order.amount": 12003, "order.currency": currency})
			want(t, c.call("/v1/create_order", with{"currency": "EUR"}.of(order("T2", "1"))), values{"retCode": "FAIL"})
			wantCharges(t, sim, "T1 sale "+amount+" "+currency)
		})
	}
}

func TestSettings(t *testing.T) {
	options := iotpaysim.Defaults()
	for key, value := range map[string]string{
		"card_delay": "2s", "result_delay": "1", "expires": "5s", "late": "9s", "currency": "cad", "mch_id": "77", "job_no": "till1", "merchant_key": "k",
		"refund": "on", "refund_query": "true", "layout": "nested", "signing": "compact", "outcomes_by_amount": "true",
	} {
		if err := options.Set(key, value); err != nil {
			t.Error(err)
		}
	}
	sim := iotpaysim.New(options)
	defer sim.Close()
	got := fmt.Sprint(sim.Settings(), sim.Credentials())
	if got != "map[currency:CAD job_no:till1 mch_id:77 path.refund:refund_order] map[merchant_key:k]" {
		t.Error(got)
	}
	if len(iotpaysim.SettingKeys()) != 13 {
		t.Errorf("keys %v", iotpaysim.SettingKeys())
	}
	for key, value := range map[string]string{"layout": "round", "signing": "x", "card_delay": "soon", "currency": "XXX", "refund": "perhaps", "mch_id": "", "colour": "red"} {
		if err := options.Set(key, value); err == nil {
			t.Errorf("%s=%s is taken", key, value)
		}
	}
	one, other := iotpaysim.New(iotpaysim.Options{}), iotpaysim.New(iotpaysim.Options{})
	defer one.Close()
	defer other.Close()
	if k := one.Credentials()["merchant_key"]; len(k) < 20 || k == other.Credentials()["merchant_key"] {
		t.Errorf("keys %q", k)
	}
}

// Rubbish over a real socket: every connection gets an end, none gets money.
func TestRubbish(t *testing.T) {
	sim := iotpaysim.New(iotpaysim.Options{})
	defer sim.Close()
	if err := sim.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	for rubbish, answer := range map[string]string{
		"\x16\x03\x01\x02\x00\r\n\r\n":                                              "HTTP/1.1 400",
		"GET /v1/create_order HTTP/1.1\r\nHost: x\r\n\r\n":                          "HTTP/1.1 405",
		"POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n":            "HTTP/1.1 404",
		"POST /v1/create_order HTTP/1.0\r\n\r\n":                                    "HTTP/1.1 200",
		"POST /v1/create_order HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n":    "HTTP/1.1 400",
		"POST /v1/create_order HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n": "HTTP/1.1 100",
	} {
		c, err := net.Dial("tcp", sim.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(c, rubbish); err != nil {
			t.Fatal(err)
		}
		line, err := bufio.NewReader(c).ReadString('\n')
		if err != nil || !strings.HasPrefix(line, answer) {
			t.Errorf("%q is answered %q, %v", rubbish, line, err)
		}
		c.Close()
	}
	wantCharges(t, sim)
	wantRule(t, sim, iotpaysim.RuleHTTP)
}

func TestCloseEndsBlockedOrders(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sim := iotpaysim.New(iotpaysim.Options{CardDelay: time.Hour, Key: key})
		transport := &http.Transport{DialContext: sim.DialContext}
		c := &client{t, http.Client{Transport: transport}, "http://gateway"}
		done := make(chan error, 1)
		go func() {
			_, _, err := c.post(t.Context(), "/v1/create_order", "params="+url.QueryEscape(text(signed(order("T1", "100")))))
			done <- err
		}()
		synctest.Wait()
		sim.Close()
		sim.Close()
		if err := <-done; err == nil {
			t.Error("an answer after Close")
		}
		if _, err := sim.DialContext(t.Context(), "", ""); err == nil {
			t.Error("a connection after Close")
		}
		transport.CloseIdleConnections()
	})
}
