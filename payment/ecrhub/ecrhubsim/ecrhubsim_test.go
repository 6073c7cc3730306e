package ecrhubsim_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"tillkeeper/payment/ecrhub/ecrhubsim"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestSaleIsApprovedAfterTheTimeItTakes(t *testing.T) {
	in(t, ecrhubsim.Defaults(), func(t *testing.T, sim *ecrhubsim.Terminal, c *client) {
		begin := time.Now()
		c.order("r1", "1", "A1", "23.90", `,"attach":"x"`)
		got := c.hear()
		want(t, got, object{
			"topic": "ecrhub.pay.order", "request_id": "r1", "response_code": "000", "biz.trans_status": "2",
			"biz.merchant_order_no": "A1", "biz.order_amount": "23.90", "biz.attach": "x", "biz.card_no": "411111******1111",
		})
		if took := time.Since(begin); took != 3500*time.Millisecond {
			t.Errorf("took %v", took)
		}
		wantCharges(t, sim, "A1 sale 23.90 USD")
		if f := sim.Findings(); len(f) != 0 {
			t.Errorf("a proper order has findings: %v", f)
		}
	})
}

func TestStatusRunsFromCreatedOverPayingToDone(t *testing.T) {
	in(t, ecrhubsim.Defaults(), func(t *testing.T, _ *ecrhubsim.Terminal, c *client) {
		want(t, c.ask("q0", "query", "A1"), object{
			"response_code": "106", "response_msg": "Transaction failed[[E04111]Merchant order number is invalid]",
		})
		c.order("r1", "1", "A1", "10.00", "")
		want(t, c.ask("q1", "query", "A1"), object{"response_code": "000", "biz.trans_status": "9"})
		time.Sleep(2 * time.Second) // fake time
		want(t, c.ask("q2", "query", "A1"), object{"biz.trans_status": "0", "biz.pay_scenario": nil})
		want(t, c.hear(), object{"biz.trans_status": "2"})
		want(t, c.ask("q3", "query", "A1"), object{"biz.trans_status": "2", "biz.pay_scenario": "SWIPE_CARD"})
	})
}

func TestRepeatedNumberIsRefusedAndNotCharged(t *testing.T) {
	in(t, ecrhubsim.Options{}, func(t *testing.T, sim *ecrhubsim.Terminal, c *client) {
		c.order("r1", "1", "A1", "10.00", "")
		c.hear()
		c.order("r2", "1", "A1", "10.00", "")
		want(t, c.hear(), object{"response_code": "106", "response_msg": "Transaction failed[[E04112]Merchant order number repeated]"})
		wantCharges(t, sim, "A1 sale 10.00 USD")
		wantRule(t, sim, ecrhubsim.RuleRepeated)
	})
}

func TestTipCashbackAndTipAdjustment(t *testing.T) {
	in(t, ecrhubsim.Options{}, func(t *testing.T, sim *ecrhubsim.Terminal, c *client) {
		c.order("r1", "1", "A1", "40.00", `,"on_screen_tip":true`)
		want(t, c.hear(), object{"biz.tip_amount": "8.00"})
		c.order("r2", "1", "A2", "40.00", `,"tip_amount":"6.00"`)
		want(t, c.hear(), object{"biz.tip_amount": "6.00"})
		c.order("r3", "11", "A3", "15.00", `,"cashback_amount":"20.00"`)
		want(t, c.hear(), object{"biz.trans_type": "11", "biz.cashback_amount": "20.00"})
		c.send(`{"topic":"ecrhub.pay.tip.adjustment","request_id":"t1",%s,"biz_data":{"merchant_order_no":"A2","tip_adjustment_amount":"7.50"}}`, head)
		want(t, c.hear(), object{"response_code": "000", "biz.tip_amount": "7.50", "biz.trans_status": "2"})
		wantCharges(t, sim, "A1 sale 48.00 USD", "A2 sale 46.00 USD", "A3 sale 35.00 USD", "A2 tip-adjustment 7.50 USD")
	})
}

func TestVoidTakesAllBackWhileTheBatchIsOpen(t *testing.T) {
	in(t, ecrhubsim.Options{}, func(t *testing.T, sim *ecrhubsim.Terminal, c *client) {
		c.order("r1", "1", "A1", "40.00", `,"tip_amount":"6.00"`)
		c.hear()
		c.order("r2", "2", "V1", "40.00", `,"orig_merchant_order_no":"A1"`)
		want(t, c.hear(), object{"response_code": "000", "biz.trans_status": "2", "biz.orig_merchant_order_no": "A1"})
		want(t, c.ask("q1", "query", "A1"), object{"biz.trans_status": "3"})
		c.order("r3", "2", "V2", "40.00", `,"orig_merchant_order_no":"A1"`)
		want(t, c.hear(), object{"response_code": "106"})

		c.order("r4", "1", "A2", "5.00", "")
		c.hear()
		want(t, c.ask("b1", "batch.close", "B1"), object{"response_code": "000", "biz.merchant_order_no": "B1"})
		c.order("r5", "2", "V3", "5.00", `,"orig_merchant_order_no":"A2"`)
		want(t, c.hear(), object{"response_code": "119", "response_msg": "Transaction failed[[ET008]Reversal not allowed]"})
		wantCharges(t, sim, "A1 sale 46.00 USD", "V1 void 46.00 USD", "A2 sale 5.00 USD")
	})
}

func TestRefundsNeverExceedTheRest(t *testing.T) {
	in(t, ecrhubsim.Options{}, func(t *testing.T, sim *ecrhubsim.Terminal, c *client) {
		c.order("r1", "1", "A1", "10.00", "")
		c.hear()
		for i, refund := range []struct{ amount, code string }{{"4.00", "000"}, {"6.01", "106"}, {"6.00", "000"}, {"0.01", "106"}} {
			id := string(rune('a' + i))
			c.order(id, "3", "R"+id, refund.amount, `,"orig_merchant_order_no":"A1"`)
			want(t, c.hear(), object{"response_code": refund.code})
		}
		wantCharges(t, sim, "A1 sale 10.00 USD", "Ra refund 4.00 USD", "Rc refund 6.00 USD")
	})
}

func TestPreAuthIsCompletedOnce(t *testing.T) {
	in(t, ecrhubsim.Options{}, func(t *testing.T, sim *ecrhubsim.Terminal, c *client) {
		c.order("r1", "4", "P1", "200.00", "")
		c.hear()
		c.order("r2", "6", "C1", "200.01", `,"orig_merchant_order_no":"P1"`)
		want(t, c.hear(), object{"response_code": "106"})
		c.order("r3", "6", "C2", "185.40", `,"orig_merchant_order_no":"P1"`)
		want(t, c.hear(), object{"response_code": "000"})
		want(t, c.ask("q1", "query", "P1"), object{"biz.trans_status": "4"})
		c.order("r4", "6", "C3", "1.00", `,"orig_merchant_order_no":"P1"`)
		want(t, c.hear(), object{"response_code": "106"})
		wantCharges(t, sim, "P1 preauth 200.00 USD", "C2 completion 185.40 USD")
	})
}

func TestCloseWithdrawsAnOrderThatIsNotPaid(t *testing.T) {
	in(t, ecrhubsim.Defaults(), func(t *testing.T, sim *ecrhubsim.Terminal, c *client) {
		c.order("r1", "1", "A1", "10.00", "")
		codes := map[any]any{}
		for _, got := range []object{c.ask("c1", "close", "A1"), c.hear()} {
			codes[got["topic"]] = got["response_code"]
		}
		if codes["ecrhub.pay.close"] != "000" || codes["ecrhub.pay.order"] != "110" {
			t.Errorf("codes %v", codes)
		}
		want(t, c.ask("c2", "close", "A1"), object{"response_code": "106"})
		wantCharges(t, sim)
	})
}

func TestConfirmationQueue(t *testing.T) {
	in(t, ecrhubsim.Options{ManualConfirm: true}, func(t *testing.T, sim *ecrhubsim.Terminal, c *client) {
		for _, n := range []string{"A1", "A2"} {
			c.send(`{"topic":"ecrhub.pay.order","request_id":%q,%s,"biz_data":{"trans_type":"1","merchant_order_no":%q,
				"order_amount":"9.50","pay_scenario":"SWIPE_CARD","confirm_on_terminal":true}}`, n, head, n)
		}
		c.silence(10 * time.Second)
		if got := strings.Join(sim.Waiting(), " "); got != "A1 A2" {
			t.Errorf("waiting: %s", got)
		}
		d := connect(t, sim, "/")
		if err := sim.Confirm("A2"); err != nil {
			t.Fatal(err)
		}
		want(t, d.ask("q1", "query", "A1"), object{"biz.trans_status": "9"})
		want(t, d.ask("c1", "close", "A1"), object{"response_code": "000"})
		want(t, d.ask("q2", "query", "A1"), object{"biz.trans_status": "1"})
		if err := sim.Confirm("A1"); err == nil {
			t.Error("a closed order can be confirmed")
		}
		time.Sleep(time.Second) // fake time
		wantCharges(t, sim, "A2 sale 9.50 USD")
	})
}

func TestResultIsRedeliveredOnTheNextConnection(t *testing.T) {
	for _, fault := range []ecrhubsim.Fault{ecrhubsim.CloseDuring, ecrhubsim.CloseAfter} {
		in(t, ecrhubsim.Defaults(), func(t *testing.T, sim *ecrhubsim.Terminal, c *client) {
			sim.Script(ecrhubsim.Outcome{Fault: fault})
			c.order("r1", "1", "A1", "10.00", "")
			c.gone()
			time.Sleep(10 * time.Second) // fake time
			other := connect(t, sim, "/mac_address=another-till")
			other.silence(time.Second)
			want(t, connect(t, sim, "/").hear(), object{"request_id": "r1", "biz.merchant_order_no": "A1", "biz.trans_status": "2"})
			connect(t, sim, "/").silence(time.Second)
			wantCharges(t, sim, "A1 sale 10.00 USD")
		})
	}
}

func TestCloseBeforeLosesTheOrder(t *testing.T) {
	in(t, ecrhubsim.Options{}, func(t *testing.T, sim *ecrhubsim.Terminal, c *client) {
		sim.Script(ecrhubsim.Outcome{Fault: ecrhubsim.CloseBefore, RefuseNext: 1})
		c.order("r1", "1", "A1", "10.00", "")
		c.gone()
		raw, err := sim.DialContext(t.Context(), "", "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := raw.Read(make([]byte, 1)); err == nil {
			t.Error("the next connection was not refused")
		}
		want(t, connect(t, sim, "/").ask("q1", "query", "A1"), object{"response_code": "106"})
		wantCharges(t, sim)
	})
}

func TestOutcomesByAmount(t *testing.T) {
	in(t, ecrhubsim.Options{OutcomesByAmount: true}, func(t *testing.T, sim *ecrhubsim.Terminal, c *client) {
		c.order("r1", "1", "A1", "1.51", "")
		want(t, c.hear(), object{"response_code": "106"})
		c.order("r2", "1", "A2", "1.52", "")
		want(t, c.hear(), object{"response_code": "110"})
		c.order("r4", "1", "A4", "1.54", "")
		time.Sleep(time.Second) // fake time
		want(t, c.ask("q4", "query", "A4"), object{"biz.trans_status": "1"})
		begin := time.Now()
		c.order("r5", "1", "A5", "1.55", "")
		want(t, c.hear(), object{"response_code": "000"})
		if time.Since(begin) != 20*time.Second {
			t.Errorf("…55 took %v", time.Since(begin))
		}
		c.order("r3", "1", "A3", "1.53", "")
		c.gone()
		d := connect(t, sim, "/")
		d.silence(time.Minute)
		want(t, connect(t, sim, "/").ask("q3", "query", "A3"), object{"biz.trans_status": "2"})
		wantCharges(t, sim, "A5 sale 1.55 USD", "A3 sale 1.53 USD")
	})
}

func TestExpiryEndsAnOrder(t *testing.T) {
	in(t, ecrhubsim.Options{ExpiresFloor: time.Minute}, func(t *testing.T, sim *ecrhubsim.Terminal, c *client) {
		sim.Script(ecrhubsim.Outcome{Kind: ecrhubsim.Expire}, ecrhubsim.Outcome{ReplyDelay: 200 * time.Second})
		begin := time.Now()
		c.order("r1", "1", "A1", "1.00", `,"expires":"30"`)
		want(t, c.hear(), object{"response_code": "112", "biz.trans_status": "0"})
		if time.Since(begin) != time.Minute {
			t.Errorf("expired after %v", time.Since(begin))
		}
		want(t, c.ask("q1", "query", "A1"), object{"biz.trans_status": "1"})
		c.order("r2", "1", "A2", "2.00", `,"expires":"60"`)
		want(t, c.hear(), object{"response_code": "000"})
		wantCharges(t, sim, "A2 sale 2.00 USD")
	})
}

func TestLedgerSpeaksBeforeTheReply(t *testing.T) {
	var told []string
	opts := ecrhubsim.Options{Charged: func(c ecrhubsim.Charge) error {
		if c.Amount == "2.00" {
			return errors.New("disk full")
		}
		told = append(told, c.Order)
		return nil
	}}
	in(t, opts, func(t *testing.T, sim *ecrhubsim.Terminal, c *client) {
		c.order("r1", "1", "A1", "1.00", "")
		c.hear()
		if len(told) != 1 {
			t.Errorf("told %v", told)
		}
		c.order("r2", "1", "A2", "2.00", "")
		want(t, c.hear(), object{"response_code": "106"})
		wantCharges(t, sim, "A1 sale 1.00 USD")
	})
}

func TestDialects(t *testing.T) {
	in(t, ecrhubsim.Options{Dialect: ecrhubsim.G3}, func(t *testing.T, _ *ecrhubsim.Terminal, c *client) {
		c.order("r1", "1", "A1", "1.00", "")
		want(t, c.hear(), object{"request_id": nil, "response_code": "000"})
	})
	in(t, ecrhubsim.Options{Dialect: ecrhubsim.Field}, func(t *testing.T, _ *ecrhubsim.Terminal, c *client) {
		c.order("r1", "1", "A1", "1.00", "")
		want(t, c.hear(), object{"request_id": "r1", "response_code": "0", "response_msg": "SUCCESS", "biz.trans_no": nil, "callAppMode": "2"})
	})
	in(t, ecrhubsim.Options{}, func(t *testing.T, sim *ecrhubsim.Terminal, c *client) {
		c.send(`{"topic":"ecrhub.init","msg_id":"m1","timestamp":"1789000000000"}`)
		want(t, c.hear(), object{"msg_id": "m1", "success": true, "device_sn": "SIM000000000001"})
		c.send(`{"topic":"ecrhub.pay.order","trans_type":1,"app_id":"wz0123456789abcdef","price_currency":"USD",
			"merchant_order_no":"J0001","order_amount":"12.50","msg_id":"m2","timestamp":"1789000000200"}`)
		want(t, c.hear(), object{"msg_id": "m2", "success": true, "trans_status": "2", "trans_type": "1"})
		wantCharges(t, sim, "J0001 sale 12.50 USD")
		if f := sim.Findings(); len(f) != 0 {
			t.Errorf("findings for G0: %v", f)
		}
	})
}

func TestProtobufIsRefusedWithCode1003(t *testing.T) {
	in(t, ecrhubsim.Options{}, func(t *testing.T, sim *ecrhubsim.Terminal, c *client) {
		if err := c.ws.WriteMessage(websocket.BinaryMessage, []byte("\x0a\x0becrhub.pair")); err != nil {
			t.Fatal(err)
		}
		_, _, err := c.ws.ReadMessage()
		if !websocket.IsCloseError(err, websocket.CloseUnsupportedData) {
			t.Errorf("got %v", err)
		}
		if f := sim.Frames(); len(f) != 1 || f[0].Dialect != ecrhubsim.G1 || f[0].Direction != ecrhubsim.In {
			t.Errorf("frames %v", f)
		}
	})
}

func TestOtherTopics(t *testing.T) {
	in(t, ecrhubsim.Options{AnswerUnknownTopics: true}, func(t *testing.T, sim *ecrhubsim.Terminal, c *client) {
		c.send(`{"topic":"ecrhub.getInfo","request_id":"g1","device_data":{"device_name":"FRONT"}}`)
		got := c.hear()
		if d, _ := got["device_data"].(object); d["device_name"] != "SIM000000000001" {
			t.Errorf("getInfo: %v", got)
		}
		c.send(`{"topic":"ecrhub.heartbeat","request_id":"h1"}`)
		want(t, c.hear(), object{"topic": "ecrhub.heartbeat", "request_id": "h1", "response_code": "000"})
		c.send(`{"topic":"ecrhub.pay.init","request_id":"i1",%s,"biz_data":{}}`, head)
		want(t, c.hear(), object{"response_code": "000"})
		c.send(`{"topic":"ecrhub.dance","request_id":"d1"}`)
		want(t, c.hear(), object{"response_code": "202"})
		wantRule(t, sim, ecrhubsim.RuleTopic)
	})
}

func TestWrongAppID(t *testing.T) {
	in(t, ecrhubsim.Options{AppID: "wzffffffffffffffff"}, func(t *testing.T, sim *ecrhubsim.Terminal, c *client) {
		c.order("r1", "1", "A1", "1.00", "")
		want(t, c.hear(), object{"response_code": "106", "response_msg": "Transaction failed[[M009]Invalid application invoke]", "biz_data": ""})
		wantCharges(t, sim)
	})
}

func TestStrictness(t *testing.T) {
	for _, tc := range []struct {
		name, biz string
		rule      ecrhubsim.Rule
		code      string
	}{
		{"a tip of nothing", `"trans_type":"1","merchant_order_no":"A1","order_amount":"1.00","pay_scenario":"SWIPE_CARD","confirm_on_terminal":false,"tip_amount":"0.00"`, ecrhubsim.RuleZeroTip, "202"},
		{"an amount that is a number", `"trans_type":"1","merchant_order_no":"A1","order_amount":1.25,"pay_scenario":"SWIPE_CARD","confirm_on_terminal":false`, ecrhubsim.RuleText, "000"},
		{"an amount with a letter in it", `"trans_type":"1","merchant_order_no":"A1","order_amount":"23.9O","pay_scenario":"SWIPE_CARD","confirm_on_terminal":false`, ecrhubsim.RuleAmount, "202"},
		{"an amount without its places", `"trans_type":"1","merchant_order_no":"A1","order_amount":"10","pay_scenario":"SWIPE_CARD","confirm_on_terminal":false`, ecrhubsim.RuleAmount, "000"},
		{"no scenario", `"trans_type":"1","merchant_order_no":"A1","order_amount":"10.00","confirm_on_terminal":false`, ecrhubsim.RuleExplicit, "106"},
		{"no number", `"trans_type":"1","order_amount":"10.00","pay_scenario":"SWIPE_CARD","confirm_on_terminal":false`, ecrhubsim.RuleMandatory, "202"},
		{"a number too long", `"trans_type":"1","merchant_order_no":"A12345678901234567890123456789012","order_amount":"10.00","pay_scenario":"SWIPE_CARD","confirm_on_terminal":false`, ecrhubsim.RuleNumber, "202"},
		{"a void without original", `"trans_type":"2","merchant_order_no":"A1","order_amount":"10.00","pay_scenario":"SWIPE_CARD","confirm_on_terminal":false`, ecrhubsim.RuleMandatory, "202"},
		{"an internal field", `"trans_type":"1","merchant_order_no":"A1","order_amount":"10.00","pay_scenario":"SWIPE_CARD","confirm_on_terminal":false,"token":""`, ecrhubsim.RuleUnknown, "000"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in(t, ecrhubsim.Options{}, func(t *testing.T, sim *ecrhubsim.Terminal, c *client) {
				c.send(`{"topic":"ecrhub.pay.order","request_id":"r1",%s,"biz_data":{%s}}`, head, tc.biz)
				want(t, c.hear(), object{"response_code": tc.code})
				wantRule(t, sim, tc.rule)
			})
		})
	}
}

func TestBusy(t *testing.T) {
	opts := ecrhubsim.Defaults()
	opts.Busy = ecrhubsim.BusyRefuse
	in(t, opts, func(t *testing.T, sim *ecrhubsim.Terminal, c *client) {
		c.order("r1", "1", "A1", "1.00", "")
		c.order("r2", "1", "A2", "2.00", "")
		want(t, c.hear(), object{"request_id": "r2", "response_code": "106"})
		want(t, c.hear(), object{"request_id": "r1", "response_code": "000"})
		wantCharges(t, sim, "A1 sale 1.00 USD")
	})
}

func TestScriptFile(t *testing.T) {
	in(t, ecrhubsim.Options{}, func(t *testing.T, sim *ecrhubsim.Terminal, c *client) {
		err := sim.ParseScript(strings.NewReader(`
# the first customer has no money
{"outcome":"decline"}
{"outcome":"approve","delay":"3s","repeat":2}
{"query":"not-found"}`))
		if err != nil {
			t.Fatal(err)
		}
		c.order("r1", "1", "A1", "1.00", "")
		want(t, c.hear(), object{"response_code": "106"})
		begin := time.Now()
		c.order("r2", "1", "A2", "1.00", "")
		c.hear()
		c.order("r3", "1", "A3", "1.00", "")
		c.hear()
		if time.Since(begin) != 6*time.Second {
			t.Errorf("took %v", time.Since(begin))
		}
		want(t, c.ask("q1", "query", "A2"), object{"response_code": "106"})
		want(t, c.ask("q2", "query", "A2"), object{"response_code": "000"})
		for _, bad := range []string{`{"outcome":"dance"}`, `{"colour":"red"}`, `{"delay":"soon"}`, `decline`, `{"query":"maybe"}`} {
			if err := sim.ParseScript(strings.NewReader(bad)); err == nil || !strings.Contains(err.Error(), "line 1") {
				t.Errorf("script %s: %v", bad, err)
			}
		}
	})
}

func TestRealSocketWithTheOddReasonText(t *testing.T) {
	sim := ecrhubsim.New(ecrhubsim.Options{JavaReason: true})
	defer sim.Close()
	if err := sim.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	ws, resp, err := websocket.DefaultDialer.DialContext(t.Context(), "ws://"+sim.Addr().String()+"/", http.Header{})
	if err != nil {
		t.Fatal(err)
	}
	defer ws.Close()
	if resp.Status != "101 Web Socket Protocol Handshake" {
		t.Errorf("status %q", resp.Status)
	}
	c := &client{t, ws}
	c.order("r1", "1", "A1", "1.00", "")
	want(t, c.hear(), object{"response_code": "000"})
}

func TestSettingsByName(t *testing.T) {
	var o ecrhubsim.Options
	for _, s := range []string{"dialect=g3", "card_delay=3s", "currency=EUR", "lenient=true", "busy=refuse"} {
		key, value, _ := strings.Cut(s, "=")
		if err := o.Set(key, value); err != nil {
			t.Error(err)
		}
	}
	if o.Dialect != ecrhubsim.G3 || o.CardDelay != 3*time.Second || o.Currency != "EUR" || !o.Lenient || o.Busy != ecrhubsim.BusyRefuse {
		t.Errorf("options %+v", o)
	}
	for _, s := range []string{"dialect=g9", "card_delay=soon", "lenient=maybe", "colour=red"} {
		key, value, _ := strings.Cut(s, "=")
		if err := o.Set(key, value); err == nil {
			t.Errorf("%s was taken", s)
		}
	}
}
