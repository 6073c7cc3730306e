package comgatecloud_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/comgatecloud"
	"tillkeeper/payment/comgatecloud/comgatecloudsim"
	"tillkeeper/payment/drivertest"
)

func TestOpenChecksWhatItIsGiven(t *testing.T) {
	good := func(string) (string, error) { return "s", nil }
	locked := func(string) (string, error) { return "", payment.Errorf(payment.CodeSecretsLocked, "locked") }
	for _, c := range []struct {
		address  string
		settings map[string]string
		secret   func(string) (string, error)
		want     payment.Code
	}{
		{"comgate-cloud://", map[string]string{"merchant": "1"}, good, ""},
		{"comgate-cloud://", nil, good, payment.CodeBadSetting},
		{"comgate-cloud://", map[string]string{"merchant": "a:b"}, good, payment.CodeBadSetting},
		{"comgate-cloud://", map[string]string{"merchant": "1", "poll_fast_s": "0"}, good, payment.CodeBadSetting},
		{"comgate-cloud://", map[string]string{"merchant": "1", "refund": "maybe"}, good, payment.CodeBadSetting},
		{"comgate-cloud://", map[string]string{"merchant": "1", "colour": "red"}, good, payment.CodeBadSetting},
		{"comgate-cloud://", map[string]string{"merchant": "1"}, nil, payment.CodeSecretMissing},
		{"comgate-cloud://", map[string]string{"merchant": "1"}, locked, payment.CodeSecretsLocked},
		{"comgate-cloud+http://example.com", map[string]string{"merchant": "1"}, good, payment.CodeBadAddress},
		{"comgate://192.0.2.1", map[string]string{"merchant": "1"}, good, payment.CodeBadAddress},
	} {
		d, err := comgatecloud.Open(payment.Terminal{Address: c.address, Settings: c.settings}, payment.Env{Secret: c.secret})
		if payment.CodeOf(err) != c.want {
			t.Errorf("%s %v: %v; want %q", c.address, c.settings, err, c.want)
		}
		if err == nil {
			d.Close()
		}
	}
}

func TestAddress(t *testing.T) {
	for typed, want := range map[string]string{
		"comgate-cloud://":                          "comgate-cloud://payments.comgate.cz/v2.0",
		"comgate-cloud://payments.comgate.cz/v2.0/": "comgate-cloud://payments.comgate.cz/v2.0",
		"comgate-cloud+http://127.0.0.1:8080":       "comgate-cloud+http://127.0.0.1:8080/v2.0",
	} {
		if got, err := comgatecloud.ParseAddress(typed); err != nil || got != want {
			t.Errorf("%q is %q, %v; want %q", typed, got, err, want)
		}
	}
}

// TestRequests: what is sent is what the protocol text shows (B.1, B.6).
func TestRequests(t *testing.T) {
	var heard []string
	server := online(func(req *http.Request, body string) (int, string) {
		user, password, _ := req.BasicAuth()
		if user != merchant || password != secret || req.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s %s: header %v", req.Method, req.URL, req.Header)
		}
		heard = append(heard, req.Method+" "+req.URL.Path+" "+body)
		switch {
		case req.Method == http.MethodPost && req.URL.Path == "/v2.0/terminalClosing.json":
			return 200, `{"code":0,"message":"OK","batchNumber":7,"batchData":[{"count":12,"amount":318700}]}`
		case req.Method != http.MethodGet:
			return 200, `{"code":0,"message":"OK","transId":"AB12-CD34-EF56"}`
		}
		return 200, `{"code":0,"status":"PAID","price":24900,"curr":"CZK","refId":"2025000017","reversed":true}`
	})
	in(t, setup{server: server, settings: map[string]string{"refund": "on"}}, func(t *testing.T, r *rig) {
		req := sale("2025000017", "249.00")
		res := r.Must(req, payment.Cancelled) // "reversed" the first time it is asked
		req.Order.Number, req.Order.Operation = "2025000018", payment.Refund
		_, _ = r.Run(req)
		r.Must(voidOf("2025000019", sale("2025000017", "249.00"), res), payment.Approved)
		totals, err := r.CloseBatch(t.Context(), "B1")
		if err != nil || totals.Batch != "7" || totals.Sales.Count != 12 || totals.Sales.Amount.String() != "3187.00 CZK" || totals.Refunds.Count >= 0 {
			t.Errorf("totals %+v, %v", totals, err)
		}
	})
	want := []string{
		`POST /v2.0/terminalPayment.json {"price":24900,"curr":"CZK","refId":"2025000017"}`,
		`GET /v2.0/terminalPayment/transId/AB12-CD34-EF56.json `,
		`POST /v2.0/terminalRefund.json {"price":24900,"curr":"CZK","refId":"2025000018"}`,
		`GET /v2.0/terminalRefund/transId/AB12-CD34-EF56.json `,
		`DELETE /v2.0/terminalPayment/transId/AB12-CD34-EF56.json `,
		`GET /v2.0/terminalPayment/transId/AB12-CD34-EF56.json `,
		`POST /v2.0/terminalClosing.json `,
	}
	if len(heard) != len(want) {
		t.Fatalf("heard %q", heard)
	}
	for i := range want {
		if heard[i] != want[i] {
			t.Errorf("heard %q, want %q", heard[i], want[i])
		}
	}
}

func TestSale(t *testing.T) {
	in(t, setup{sim: comgatecloudsim.Defaults()}, func(t *testing.T, r *rig) {
		begin := time.Now()
		res := r.Must(sale("A1", "249.00"), payment.Approved)
		if took := time.Since(begin); took != 4*time.Second {
			t.Errorf("asked at 0, 2 and 4 seconds, and took %s", took)
		}
		if res.Number != "A1" || res.Operation != payment.Sale || res.Facts.Amounts.Amount.String() != "249.00 CZK" ||
			res.Facts.Card != "1111" || res.Facts.Reference != "AB00-CD00-EF00" || res.Code != "" {
			t.Errorf("%+v", res)
		}
		var steps []payment.ProgressKind
		for _, p := range r.Told() {
			steps = append(steps, p.Kind)
		}
		if len(steps) != 3 || steps[0] != payment.ProgressSent || steps[1] != payment.ProgressAccepted || steps[2] != payment.ProgressWaiting {
			t.Errorf("told %v", steps)
		}
		r.wantCharges("A1 sale 249.00 CZK")
	})
}

// TestPace: every 2 seconds for 30, then every 4, until 300 (B.4, rule 3).
func TestPace(t *testing.T) {
	var asked []time.Duration
	var begin time.Time
	server := online(func(req *http.Request, _ string) (int, string) {
		if req.Method == http.MethodPost {
			begin = time.Now()
			return 200, `{"code":0,"transId":"T1"}`
		}
		asked = append(asked, time.Since(begin))
		return 200, `{"code":0,"status":"PENDING"}`
	})
	in(t, setup{server: server}, func(t *testing.T, r *rig) {
		r.unknown(sale("A1", "1.00"), payment.CodePending)
		if got := asked[len(asked)-1]; len(asked) != 1+15+68 || asked[15] != 30*time.Second || asked[16] != 34*time.Second || got != 300*time.Second {
			t.Errorf("%d questions: %v", len(asked), asked)
		}
	})
}

// TestNotSent: what is known before the order leaves (B.4, rule 1).
func TestNotSent(t *testing.T) {
	for status, code := range map[string]payment.Code{
		`200 {"status":"OFFLINE"}`:               payment.CodeOffline,
		`200 {"status":"BUSY"}`:                  payment.CodeBusy,
		`401 `:                                   payment.CodeWrongPassword,
		`403 <html>`:                             payment.CodeWrongPassword,
		`404 <html>`:                             payment.CodeWrongPath,
		`200 {"code":1301,"message":"merchant"}`: payment.CodeWrongMerchant,
		`200 {"code":1500}`:                      payment.CodeNotReached,
		`500 oops`:                               payment.CodeNotReached,
		`200 <html>`:                             payment.CodeNotReached,
		`000 `:                                   payment.CodeNotReached,
	} {
		server := func(req *http.Request, _ string) (int, string) {
			if req.Method != http.MethodGet {
				t.Errorf("%s: %s %s was sent", status, req.Method, req.URL)
			}
			return int(status[0]-'0')*100 + int(status[2]-'0'), status[4:]
		}
		in(t, setup{server: server}, func(t *testing.T, r *rig) { r.NotSent(sale("A1", "1.00"), code) })
	}
	in(t, setup{}, func(t *testing.T, r *rig) {
		r.Cut(true)
		r.NotSent(sale("A1", "1.00"), payment.CodeNotReached)
		r.Cut(false)
		r.NotSent(payment.Request{Order: payment.Order{Number: "A2", Operation: payment.PreAuth, Asked: payment.Amounts{Amount: drivertest.Sum("1", "CZK")}}}, payment.CodeUnsupported)
		refund := sale("A3", "1.00")
		refund.Order.Operation = payment.Refund
		r.NotSent(refund, payment.CodeUnsupported) // switched off
		if c := r.Capabilities(); c.Can(payment.Refund) || c.SwitchedOff[payment.Refund] != "refund=on" {
			t.Errorf("%+v", c)
		}
		r.NotSent(voidOf("A4", sale("A1", "1.00"), payment.Result{}), payment.CodeOriginalNotFound)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := r.Do(ctx, sale("A5", "1.00"), nil); !errors.Is(err, payment.ErrNotSent) || payment.CodeOf(err) != payment.CodeWithdrawn {
			t.Errorf("given up before it began: %v", err)
		}
		r.wantCharges()
	})
}

// TestAnswersToAPost: without a look at the terminal first. Only what proves that no card
// was asked for is a refusal; the rest is unknown, and nobody can be asked.
func TestAnswersToAPost(t *testing.T) {
	for answer, code := range map[string]payment.Code{
		`400 {"code":1400,"message":"Bad request"}`: "refused",
		`401 {"code":1301}`:                         "refused",
		`403 `:                                      "refused",
		`200 {"code":1309,"message":"amount"}`:      "refused",
		`200 {"code":1500,"message":"busy"}`:        payment.CodeHostFault,
		`200 {"code":1100}`:                         payment.CodeHostFault,
		`200 {"code":1200}`:                         payment.CodeHostFault,
		`200 {"message":"?"}`:                       payment.CodeHostFault,
		`200 {"code":0,"message":"OK"}`:             payment.CodeBadAnswer,
		`200 {"code":0,"transId":"../x"}`:           payment.CodeBadAnswer,
		`200 {"code":0,"transId":"AB`:               payment.CodeBadAnswer,
		`500 {"code":1400}`:                         payment.CodeHostFault,
		`500 <html>`:                                payment.CodeErrorPage,
		`404 <html>`:                                payment.CodeErrorPage,
		`000 `:                                      payment.CodeLinkLost,
	} {
		server := func(*http.Request, string) (int, string) {
			return int(answer[0]-'0')*100 + int(answer[2]-'0'), answer[4:]
		}
		in(t, setup{server: server, settings: map[string]string{"check_status": "off"}}, func(t *testing.T, r *rig) {
			req := sale("A1", "1.00")
			if code == "refused" {
				if res := r.Must(req, payment.Refused); res.Code.Class() != payment.NothingSent || res.Text == "" {
					t.Errorf("%s: %+v", answer, res)
				}
				return
			}
			r.unknown(req, code)
			if _, err := r.status(req); payment.CodeOf(err) != payment.CodeCannotAsk {
				t.Errorf("%s: status: %v", answer, err)
			}
		})
	}
}

// TestAnAnswerThatNamesATransIDIsFollowed, whatever else it says.
func TestAnAnswerThatNamesATransIDIsFollowed(t *testing.T) {
	server := online(func(req *http.Request, _ string) (int, string) {
		if req.Method == http.MethodPost {
			return 500, `{"code":1500,"transId":"T1"}`
		}
		return 200, `{"code":0,"status":"PAID"}`
	})
	in(t, setup{server: server}, func(t *testing.T, r *rig) { r.Must(sale("A1", "1.00"), payment.Approved) })
}

func TestANumberIsSentOnce(t *testing.T) {
	in(t, setup{}, func(t *testing.T, r *rig) {
		r.Must(sale("A1", "1.00"), payment.Approved)
		r.unknown(sale("A1", "1.00"), payment.CodeNumberRepeated)
		again := sale("A2", "1.00")
		again.Reference = "AB00-CD00-EF00"
		r.unknown(again, payment.CodeNumberRepeated)
		r.wantCharges("A1 sale 1.00 CZK")
	})
}

// TestGivingUp: nothing is asked for; a cancelled context leaves a grace, a deadline none.
func TestGivingUp(t *testing.T) {
	slow := comgatecloudsim.Options{CustomerTime: 8 * time.Second}
	in(t, setup{sim: slow}, func(t *testing.T, r *rig) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if res, err := r.Do(ctx, sale("A1", "1.00"), nil); err != nil || res.Outcome != payment.Approved {
			t.Errorf("within the grace: %+v, %v", res, err)
		}
	})
	slow.CustomerTime = time.Minute
	for _, c := range []struct {
		end  func(context.Context) (context.Context, context.CancelFunc)
		took time.Duration
	}{
		{func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 3*time.Second)
		}, 3 * time.Second},
		{func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(3*time.Second, cancel)
			return ctx, cancel
		}, 13 * time.Second},
	} {
		in(t, setup{sim: slow}, func(t *testing.T, r *rig) {
			ctx, cancel := c.end(t.Context())
			defer cancel()
			begin := time.Now()
			req := sale("A1", "1.00")
			_, err := r.Do(ctx, req, r.Hear)
			if took := time.Since(begin); payment.CodeOf(err) != payment.CodeNoAnswer || errors.Is(err, payment.ErrNotSent) || took != c.took {
				t.Errorf("after %s: %v", took, err)
			}
			time.Sleep(time.Minute)
			if res, err := r.status(req); err != nil || res.Outcome != payment.Approved {
				t.Errorf("asked later: %+v, %v", res, err)
			}
		})
	}
}

// TestALateAnswerToThePostIsWaitedFor, because it holds the only number.
func TestALateAnswerToThePostIsWaitedFor(t *testing.T) {
	in(t, setup{}, func(t *testing.T, r *rig) {
		r.sim.Script(comgatecloudsim.Outcome{StartDelay: 15 * time.Second})
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		req := sale("A1", "1.00")
		_, err := r.Do(ctx, req, r.Hear)
		if payment.CodeOf(err) != payment.CodeNoAnswer {
			t.Error(err)
		}
		if res, err := r.status(req); err != nil || res.Outcome != payment.Approved {
			t.Errorf("asked later: %+v, %v", res, err)
		}
	})
}

func TestPollsThatFail(t *testing.T) {
	for _, c := range []struct {
		out  comgatecloudsim.Outcome
		code payment.Code // "" for an approval
	}{
		{comgatecloudsim.Outcome{Reply: comgatecloudsim.HangUp, Times: 2}, ""},
		{comgatecloudsim.Outcome{Reply: comgatecloudsim.HangUp, Times: 3}, payment.CodeLinkLost},
		{comgatecloudsim.Outcome{Reply: comgatecloudsim.Garbage, Times: 3}, payment.CodeBadAnswer},
		{comgatecloudsim.Outcome{Reply: comgatecloudsim.ErrorPage, Times: 3}, payment.CodeErrorPage},
		{comgatecloudsim.Outcome{Reply: comgatecloudsim.None, Times: 3}, payment.CodeNoAnswer},
		{comgatecloudsim.Outcome{Reply: comgatecloudsim.NotFound, Times: 3}, payment.CodeNotFound},
		{comgatecloudsim.Outcome{Reply: comgatecloudsim.WrongOrder, Times: 3}, payment.CodeWrongOrder},
		{comgatecloudsim.Outcome{Reply: comgatecloudsim.StatusError}, payment.CodeHostFault},
		{comgatecloudsim.Outcome{Reply: comgatecloudsim.OddStatus}, payment.CodeUnknownStatus},
		{comgatecloudsim.Outcome{Reply: comgatecloudsim.Numbers}, ""},
	} {
		in(t, setup{}, func(t *testing.T, r *rig) {
			r.sim.Script(c.out)
			if c.code == "" {
				r.Must(sale("A1", "1.00"), payment.Approved)
				return
			}
			r.unknown(sale("A1", "1.00"), c.code)
			if res, err := r.status(sale("A1", "1.00")); err != nil || res.Outcome != payment.Approved {
				t.Errorf("%+v: asked later: %+v, %v", c.out, res, err)
			}
		})
	}
}

// TestANetworkThatGoesAway after the order was accepted: that no question leaves says
// nothing about the order.
func TestANetworkThatGoesAway(t *testing.T) {
	in(t, setup{sim: comgatecloudsim.Defaults()}, func(t *testing.T, r *rig) {
		time.AfterFunc(time.Second, func() {
			r.Cut(true)
		})
		r.unknown(sale("A1", "1.00"), payment.CodeLinkLost)
	})
}

func TestBatchClose(t *testing.T) {
	in(t, setup{}, func(t *testing.T, r *rig) {
		first := r.Must(sale("A1", "10.00"), payment.Approved)
		r.Must(sale("A2", "2.50"), payment.Approved)
		r.Must(voidOf("V1", sale("A1", "10.00"), first), payment.Approved)
		totals, err := r.CloseBatch(t.Context(), "B1")
		if err != nil || totals.Batch != "1" || totals.Sales.Count != 1 || totals.Sales.Amount.Text() != "2.50" || totals.Refunds != payment.Unsaid {
			t.Errorf("%+v, %v", totals, err)
		}
	})
	for answer, sent := range map[string]bool{`200 {"code":1500}`: true, `000 `: true, `400 {"code":1400}`: false, `401 `: false} {
		server := online(func(*http.Request, string) (int, string) {
			return int(answer[0]-'0')*100 + int(answer[2]-'0'), answer[4:]
		})
		in(t, setup{server: server}, func(t *testing.T, r *rig) {
			if _, err := r.CloseBatch(t.Context(), "B1"); err == nil || errors.Is(err, payment.ErrNotSent) == sent {
				t.Errorf("%s: %v", answer, err)
			}
		})
	}
	for _, data := range []string{`[]`, `[{"count":1}]`, `[{"count":1,"amount":1.5}]`, `[{"count":1,"amount":1},{"count":1,"amount":1}]`, `[1]`, `{}`, `null`} {
		server := online(func(*http.Request, string) (int, string) {
			return 200, `{"code":0,"batchNumber":7,"batchData":` + data + `}`
		})
		in(t, setup{server: server}, func(t *testing.T, r *rig) {
			if totals, err := r.CloseBatch(t.Context(), "B1"); err != nil || totals.Sales != payment.Unsaid || totals.Raw == "" {
				t.Errorf("%s: %+v, %v", data, totals, err)
			}
		})
	}
}

func TestTestAndPulse(t *testing.T) {
	in(t, setup{keepAlive: true}, func(t *testing.T, r *rig) {
		synctest.Wait()
		if last := r.State(); !last.Up || last.Err != nil {
			t.Errorf("%+v", last)
		}
		if _, err := r.Test(t.Context()); err != nil {
			t.Error(err)
		}
		r.Cut(true)
		time.Sleep(time.Minute)
		if last := r.State(); last.Up || payment.CodeOf(last.Err) != payment.CodeNotReached || last.Alive.IsZero() {
			t.Errorf("%+v", last)
		}
		r.Cut(false)
		time.Sleep(time.Minute)
		if last := r.State(); !last.Up {
			t.Errorf("%+v", last)
		}
	})
	in(t, setup{sim: comgatecloudsim.Options{Terminal: "OFFLINE"}}, func(t *testing.T, r *rig) {
		if _, err := r.Test(t.Context()); payment.CodeOf(err) != payment.CodeOffline {
			t.Error(err)
		}
	})
}
