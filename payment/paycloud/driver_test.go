package paycloud_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/drivertest"
	"tillkeeper/payment/paycloud"
	"tillkeeper/payment/paycloud/paycloudsim"
)

func TestProgress(t *testing.T) {
	in(t, setup{cloud: paycloudsim.Options{CardDelay: 5 * time.Second, ResultDelay: 5 * time.Second}}, func(t *testing.T, r *rig) {
		res := r.Must(sale("A1", "34.50"), payment.Approved)
		want := []payment.ProgressKind{payment.ProgressSent, payment.ProgressAccepted, payment.ProgressWaiting, payment.ProgressProcessing}
		if !reflect.DeepEqual(r.steps(), want) || r.Told()[1].Reference == "" || r.Told()[1].Reference != res.Facts.Reference {
			t.Errorf("told %v; the reference is %q", r.Told(), res.Facts.Reference)
		}
		if f := res.Facts; f.Card != "1111" || f.Brand != "Visa" || f.EntryMode != "contactless" || f.AuthCode == "" || f.Trace == "" {
			t.Errorf("%+v", f)
		}
	})
}

// Every operation goes out as its transaction type, and comes back as itself.
func TestOperations(t *testing.T) {
	for _, p := range []payment.Protocol{paycloud.CodePay(), paycloud.SADAD()} {
		t.Run(p.Name, func(t *testing.T) {
			in(t, setup{protocol: p}, func(t *testing.T, r *rig) {
				r.Must(sale("A1", "10"), payment.Approved)
				r.Must(followUp(payment.Void, "A2", "A1", "10", payment.Sale), payment.Approved)
				r.Shows(sale("A1", "10"), payment.Cancelled)
				r.Must(request(payment.PreAuth, "B1", "200"), payment.Approved)
				r.Must(followUp(payment.Void, "B2", "B1", "200", payment.PreAuth), payment.Approved)
				r.Must(request(payment.PreAuth, "C1", "200"), payment.Approved)
				r.Must(followUp(payment.Completion, "C2", "C1", "185.5", payment.PreAuth), payment.Approved)
				r.Must(followUp(payment.Refund, "C3", "C2", "5.5", payment.Completion), payment.Approved)
				r.Must(request(payment.PreAuth, "D1", "50"), payment.Approved)
				r.Must(followUp(payment.Completion, "D2", "D1", "50", payment.PreAuth), payment.Approved)
				r.Must(followUp(payment.Void, "D3", "D2", "50", payment.Completion), payment.Approved)
				cash := sale("E1", "20")
				cash.Order.Asked.Cashback = drivertest.Sum("30", "USD")
				r.Must(cash, payment.Approved)
				r.wantCharges("A1 sale 10.00 USD", "A2 void 10.00 USD", "B1 preauth 200.00 USD", "B2 void 200.00 USD",
					"C1 preauth 200.00 USD", "C2 completion 185.50 USD", "C3 refund 5.50 USD", "D1 preauth 50.00 USD",
					"D2 completion 50.00 USD", "D3 void 50.00 USD", "E1 sale 50.00 USD")
			})
		})
	}
}

// A refund that reaches into the tip is one sum over this protocol.
func TestARefundOfATip(t *testing.T) {
	in(t, setup{}, func(t *testing.T, r *rig) {
		tipped := sale("A1", "10")
		tipped.Order.Asked.Tip = drivertest.Sum("2", "USD")
		r.Must(tipped, payment.Approved)
		back := followUp(payment.Refund, "A2", "A1", "10", payment.Sale)
		back.Order.Asked.Tip = drivertest.Sum("1", "USD")
		res := r.Must(back, payment.Approved)
		if err := payment.Compare(back.Order, res); err != nil || !res.Facts.Amounts.Equal(back.Order.Asked) {
			t.Errorf("%+v, %v", res.Facts.Amounts, err)
		}
		r.wantCharges("A1 sale 12.00 USD", "A2 refund 11.00 USD")
	})
}

func TestRefusedTakebacks(t *testing.T) {
	in(t, setup{}, func(t *testing.T, r *rig) {
		r.Must(sale("A1", "10"), payment.Approved)
		r.Must(followUp(payment.Refund, "A2", "A1", "11", payment.Sale), payment.Declined, payment.CodeHostRefusedRefund)
		r.Must(followUp(payment.Void, "A3", "NONE", "10", payment.Sale), payment.Declined, payment.CodeOriginalNotFound)
		r.cloud.CloseBatch()
		r.Must(followUp(payment.Void, "A4", "A1", "10", payment.Sale), payment.Declined, payment.CodeBatchClosed)
		r.Must(followUp(payment.Refund, "A5", "A1", "10", payment.Sale), payment.Approved)
		r.wantCharges("A1 sale 10.00 USD", "A5 refund 10.00 USD")
	})
}

func TestRefundsWithoutTheTerminal(t *testing.T) {
	in(t, setup{settings: map[string]string{"host_refund": "on"}}, func(t *testing.T, r *rig) {
		r.Must(sale("A1", "10"), payment.Approved)
		back := followUp(payment.Refund, "A2", "A1", "4", payment.Sale)
		r.Must(back, payment.Approved)
		r.Shows(back, payment.Approved)
		r.Shows(followUp(payment.Refund, "A9", "A1", "4", payment.Sale), payment.NotFound)
		if err := r.Abort(t.Context(), back); payment.CodeOf(err) != payment.CodeUnsupported {
			t.Error(err)
		}
		// What was refunded the other way is found, whatever the setting says by now.
		r.cloud.Script(paycloudsim.Outcome{Kind: paycloudsim.Decline})
		r.Must(followUp(payment.Refund, "A3", "A1", "1", payment.Sale), payment.Declined, payment.CodeInsufficientFunds)
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
		if err := r.open(setup{}); err != nil {
			t.Fatal(err)
		}
		r.Shows(back, payment.Approved)
		r.wantCharges("A1 sale 10.00 USD", "A2 refund 4.00 USD")
	})
}

func TestTipAdjustment(t *testing.T) {
	in(t, setup{}, func(t *testing.T, r *rig) {
		r.Must(sale("A1", "10"), payment.Approved)
		tip := followUp(payment.TipAdjustment, "A2", "A1", "2", payment.Sale)
		tip.OriginalMoved = payment.Amounts{Amount: drivertest.Sum("10", "USD")}
		r.Shows(tip, payment.NotFound)
		res := r.Must(tip, payment.Approved)
		if err := payment.Compare(tip.Order, res); err != nil {
			t.Error(err)
		}
		r.Shows(tip, payment.Approved)
		// Another tip than asked for, or than there was, is for a person to look at.
		other := followUp(payment.TipAdjustment, "A3", "A1", "3", payment.Sale)
		other.OriginalMoved = payment.Amounts{Amount: drivertest.Sum("10", "USD"), Tip: drivertest.Sum("1", "USD")}
		if res := r.Shows(other, payment.Approved); payment.Compare(other.Order, res) == nil {
			t.Errorf("%+v fits", res)
		}
		r.Must(sale("B1", "10"), payment.Approved)
		r.cloud.CloseBatch()
		r.Must(followUp(payment.TipAdjustment, "B2", "B1", "2", payment.Sale), payment.Declined, payment.CodeBatchClosed)
		r.wantCharges("A1 sale 10.00 USD", "A1 tip-adjustment 2.00 USD", "B1 sale 10.00 USD")
	})
}

func TestBatchClose(t *testing.T) {
	in(t, setup{}, func(t *testing.T, r *rig) {
		r.Must(sale("A1", "10"), payment.Approved)
		totals, err := r.CloseBatch(t.Context(), "B1")
		if err != nil || totals.Sales != payment.Unsaid || !strings.Contains(totals.Raw, "settle_list") {
			t.Errorf("%+v, %v", totals, err)
		}
		r.Must(followUp(payment.Void, "A2", "A1", "10", payment.Sale), payment.Declined, payment.CodeBatchClosed)
	})
	in(t, setup{cloud: paycloudsim.Options{Unauthorised: []string{"batch.close"}}}, func(t *testing.T, r *rig) {
		_, err := r.CloseBatch(t.Context(), "B1")
		if !errors.Is(err, payment.ErrNotSent) || payment.CodeOf(err) != payment.CodeNotEnabled {
			t.Error(err)
		}
	})
	in(t, setup{settings: map[string]string{"batch_close": "off"}}, func(t *testing.T, r *rig) {
		if _, err := r.CloseBatch(t.Context(), "B1"); payment.CodeOf(err) != payment.CodeUnsupported || r.Capabilities().BatchClose {
			t.Error(err)
		}
	})
}

// Cancelling: 9 is closed, 0 is left alone, and only a query tells the outcome (§6.3).
func TestCancel(t *testing.T) {
	slow := paycloudsim.Outcome{Delay: 20 * time.Second}
	for name, c := range map[string]struct {
		out     paycloudsim.Outcome
		after   time.Duration
		outcome payment.Outcome
		code    payment.Code
		refused bool
		took    time.Duration
	}{
		"while the customer looks for the card":        {slow, 5 * time.Second, payment.Cancelled, payment.CodeWithdrawn, false, time.Second},
		"while the card is processed":                  {paycloudsim.Outcome{Paying: 8 * time.Second}, 5 * time.Second, payment.Approved, "", true, 9 * time.Second},
		"while it is, though the platform would agree": {paycloudsim.Outcome{Paying: 8 * time.Second, Race: true}, 5 * time.Second, payment.Approved, "", true, 9 * time.Second},
		"and the approval overtakes the agreed close":  {paycloudsim.Outcome{Delay: 8 * time.Second, Race: true}, 5 * time.Second, payment.Approved, "", false, 9 * time.Second},
		"and the platform does not agree":              {paycloudsim.Outcome{Delay: 8 * time.Second, IgnoreClose: true}, 5 * time.Second, payment.Approved, "", true, 9 * time.Second},
		"and nobody hears of it in time":               {paycloudsim.Outcome{Delay: time.Minute, Race: true}, 5 * time.Second, "", payment.CodePending, false, 11 * time.Second},
		"before the create is answered":                {paycloudsim.Outcome{Delay: 30 * time.Second, ReplyDelay: 4 * time.Second}, time.Second, payment.Cancelled, payment.CodeWithdrawn, false, 5 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			in(t, setup{}, func(t *testing.T, r *rig) {
				r.cloud.Script(c.out)
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				var asked time.Time
				time.AfterFunc(c.after, func() { asked = time.Now(); cancel() })
				res, err := r.Do(ctx, sale("A1", "10"), r.Hear)
				took := time.Since(asked)
				if res.Outcome != c.outcome || c.outcome == "" && payment.CodeOf(err) != c.code || c.outcome != "" && (err != nil || res.Code != c.code) {
					t.Errorf("%s %s, %v; want %s %s", res.Outcome, res.Code, err, c.outcome, c.code)
				}
				refused := false
				for _, k := range r.steps() {
					refused = refused || k == payment.ProgressCancelRefused
				}
				if refused != c.refused || took > c.took {
					t.Errorf("refused: %v, it took %s", refused, took)
				}
			})
		})
	}
}

// At the deadline an order that still waits is closed, and then asked after (§10).
func TestDeadline(t *testing.T) {
	in(t, setup{cloud: paycloudsim.Options{Offline: true}}, func(t *testing.T, r *rig) {
		start := time.Now()
		res := r.Must(sale("A1", "10"), payment.Expired, payment.CodeExpired)
		if took := time.Since(start); took > 190*time.Second {
			t.Errorf("%s after %s", res.Outcome, took)
		}
	})
	in(t, setup{}, func(t *testing.T, r *rig) {
		r.cloud.Script(paycloudsim.Outcome{Paying: time.Hour})
		start := time.Now()
		r.Unknown(sale("A1", "10"), payment.CodePending)
		if took := time.Since(start); took != 240*time.Second {
			t.Errorf("given up after %s", took)
		}
	})
	in(t, setup{}, func(t *testing.T, r *rig) {
		r.cloud.Script(paycloudsim.Outcome{Answer: paycloudsim.None, AnswerFor: 5 * time.Minute})
		start := time.Now()
		r.Unknown(sale("A1", "10"), payment.CodeNoAnswer)
		if took := time.Since(start); took > 260*time.Second {
			t.Errorf("given up after %s", took)
		}
	})
}

// TestPolling counts questions: 2 seconds apart for a minute, then 5 (§10).
func TestPolling(t *testing.T) {
	in(t, setup{}, func(t *testing.T, r *rig) {
		r.cloud.Script(paycloudsim.Outcome{Paying: 99 * time.Second})
		r.Must(sale("A1", "10"), payment.Approved)
		if r.sends != 1+30+8 {
			t.Errorf("%d requests in 100 seconds", r.sends)
		}
	})
}

func TestTestTellsWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct {
		cloud    paycloudsim.Options
		settings map[string]string
		secrets  map[string]string
		ahead    time.Duration
		want     payment.Code
	}{
		"all is well":          {},
		"no authorisation":     {cloud: paycloudsim.Options{Unauthorised: []string{"order.query"}}, want: payment.CodeNotEnabled},
		"another application":  {settings: map[string]string{"app_id": "wz9"}, want: payment.CodeWrongKey},
		"another platform key": {secrets: map[string]string{"platform_key": file(t, "platform_public.txt")}, want: payment.CodeBadSignature},
		"the clock is off":     {ahead: time.Hour, want: payment.CodeClockOff},
		"basic":                {cloud: paycloudsim.Options{BasicUser: "u", BasicPassword: "p4ssw0rd"}, settings: map[string]string{"authentication": "basic"}},
		"basic, wrong": {cloud: paycloudsim.Options{BasicUser: "u", BasicPassword: "p4ssw0rd"}, settings: map[string]string{"authentication": "basic"},
			secrets: map[string]string{"basic_password": "other"}, want: payment.CodeWrongKey},
		"suffix paths": {settings: map[string]string{"path_style": "suffix", "query_method": "pay.orderquery"}},
	} {
		t.Run(name, func(t *testing.T) {
			cloud := newCloud(t, c.cloud)
			defer cloud.Close()
			r := &rig{Bench: drivertest.Bench{T: t}, cloud: cloud, ahead: c.ahead}
			if err := r.open(setup{settings: c.settings, secrets: c.secrets}); err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			for range 2 {
				id, err := r.Test(t.Context())
				if payment.CodeOf(err) != c.want || err == nil && id.Serial != "WPYB000000000001" {
					t.Errorf("%+v, %v; want %q", id, err, c.want)
				}
			}
			if c.want == "" {
				r.Must(sale("A1", "10"), payment.Approved)
			}
		})
	}
}

// A clock that is off does not stop payments; only the first request pays for it.
func TestAWrongClock(t *testing.T) {
	in(t, setup{}, func(t *testing.T, r *rig) {
		r.ahead = 24 * time.Hour
		r.Must(sale("A1", "10"), payment.Approved)
		r.Must(sale("A2", "10"), payment.Approved)
		r.ahead = -time.Hour
		r.Must(sale("A3", "10"), payment.Approved)
		r.wantCharges("A1 sale 10.00 USD", "A2 sale 10.00 USD", "A3 sale 10.00 USD")
	})
}

// The pulse proves both keys, and tells when the platform is away.
func TestPulse(t *testing.T) {
	in(t, setup{keepAlive: true}, func(t *testing.T, r *rig) {
		time.Sleep(61 * time.Second)
		if links := r.States(); len(links) != 2 || !links[0].Up || !links[1].Up {
			t.Errorf("told %+v", links)
		}
		r.mu.Lock()
		r.drop = 1
		r.mu.Unlock()
		time.Sleep(75 * time.Second)
		if links := r.States(); links[2].Up || links[2].Err == nil || !links[3].Up {
			t.Errorf("%+v", links)
		}
	})
}
