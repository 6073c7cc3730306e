package iotpay_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/drivertest"
	"tillkeeper/payment/iotpay/iotpaysim"
)

func TestSale(t *testing.T) {
	in(t, setup{sim: iotpaysim.Defaults()}, func(t *testing.T, r *rig) {
		begin := time.Now()
		res := r.must(sale("A1", "23.90"), payment.Approved)
		f := res.Facts
		if res.Number != "A1" || res.Operation != payment.Sale || !f.Amounts.Amount.Equal(cad("23.90")) || res.Text != "000 Approved 00 Thank You" {
			t.Errorf("result %+v", res)
		}
		if f.Card != "4242" || f.Brand != "Visa" || f.EntryMode != "contactless" || f.AuthCode != "00001Z" || !strings.HasPrefix(f.Reference, "CP2000") || f.Trace == "" || f.TerminalTime == "" {
			t.Errorf("facts %+v", f)
		}
		if took := time.Since(begin); took != 3500*time.Millisecond {
			t.Errorf("it took %s", took)
		}
		r.wantCharges("A1 sale 23.90 CAD")
	})
}

// The scenarios of §12, each with what the driver makes of it and how long that takes
// at most.
func TestScenarios(t *testing.T) {
	for _, tc := range []struct {
		cents   string
		outcome payment.Outcome // "" is unknown, with the code
		code    payment.Code
		display string
		within  time.Duration
	}{
		{"05", payment.Declined, payment.CodeDeclined, "Transaction Not Completed 05", 4 * time.Second},
		{"51", payment.Declined, payment.CodeDeclined, "Insufficient Funds 51", 4 * time.Second},
		{"60", payment.Approved, "", "000 Approved 00 Thank You", 4 * time.Second},
		{"61", payment.Approved, "", "000 Approved 00 Thank You", 4 * time.Second},
		{"62", payment.Approved, "", "000 Approuvee 00 Merci", 4 * time.Second},
		{"63", payment.Approved, "", "000 Approved 00 Thank You", 4 * time.Second},
		{"70", payment.Approved, "", "000 Approved 00 Thank You", 121 * time.Second},
		{"71", payment.Approved, "", "000 Approved 00 Thank You", 6 * time.Second},
		{"72", payment.Declined, payment.CodeDeclined, "Transaction Not Completed 05", 6 * time.Second},
		{"73", "", payment.CodePending, "", 70 * time.Second},
		{"74", "", payment.CodeNotFound, "", 70 * time.Second},
		{"75", payment.Approved, "", "000 Approved 00 Thank You", 4 * time.Second},
		{"76", payment.Approved, "", "", 4 * time.Second},
		{"77", payment.Approved, "", "000 Approved 00 Thank You", 4 * time.Second},
		{"78", payment.Approved, "", "000 Approved 00 Thank You", 4 * time.Second},
		{"79", payment.Approved, "", "000 Approved 00 Thank You", 6 * time.Second},
		{"81", payment.Approved, "", "000 Approved 00 Thank You", 4 * time.Second},
		{"99", payment.Approved, "", "000 Approved 00 Thank You", 4 * time.Second},
	} {
		for _, layout := range []iotpaysim.Layout{iotpaysim.Flat, iotpaysim.Nested} {
			options := iotpaysim.Defaults()
			options.OutcomesByAmount, options.Layout = true, layout
			in(t, setup{sim: options}, func(t *testing.T, r *rig) {
				begin := time.Now()
				req := sale("A1", "10."+tc.cents)
				res, err := r.Run(req)
				if took := time.Since(begin); took > tc.within {
					t.Errorf("…%s %s took %s", tc.cents, layout, took)
				}
				if len(r.heard("create_order")) != 1 {
					t.Errorf("…%s: sent %d times", tc.cents, len(r.heard("create_order")))
				}
				if tc.outcome == "" {
					drivertest.WantUnknown(t, res, err, tc.code)
					r.wantCharges()
					return
				}
				if err != nil || res.Outcome != tc.outcome || res.Code != tc.code || res.Facts.Slip.Display != tc.display || payment.Compare(req.Order, res) != nil {
					t.Errorf("…%s %s: %+v, %v", tc.cents, layout, res, err)
				}
				if tc.outcome == payment.Approved {
					r.wantCharges("A1 sale 10." + tc.cents + " CAD")
				} else {
					r.wantCharges()
				}
			})
		}
	}
}

// What does not match goes up as it came: comparing is the till's.
func TestForeignAnswersArePassedOnAsSaid(t *testing.T) {
	for reply, code := range map[iotpaysim.Reply]payment.Code{
		iotpaysim.WrongOrder: payment.CodeWrongOrder, iotpaysim.WrongOperation: payment.CodeWrongOrder,
		iotpaysim.WrongAmount: payment.CodeWrongAmount, iotpaysim.WrongCurrency: payment.CodeWrongCurrency,
	} {
		in(t, setup{}, func(t *testing.T, r *rig) {
			r.sim.Script(iotpaysim.Outcome{Reply: reply})
			req := sale("A1", "1.00")
			res, err := r.Run(req)
			if err != nil || res.Outcome != payment.Approved || payment.CodeOf(payment.Compare(req.Order, res)) != code {
				t.Errorf("%s: %+v, %v", reply, res, err)
			}
			if asked := r.heard("query_order"); len(asked) > 0 {
				t.Errorf("%s: asked %d times", reply, len(asked))
			}
			r.Shows(req, payment.Approved)
		})
	}
}

func TestCardsAndHowTheyWereVerified(t *testing.T) {
	for variant, want := range map[iotpaysim.Variant]payment.Facts{
		iotpaysim.PIN:       {Card: "1166", Brand: "Mastercard", EntryMode: "chip", Slip: payment.Slip{Verification: "pin", Language: "en"}},
		iotpaysim.Signature: {Card: "4242", Brand: "Visa", EntryMode: "chip", Slip: payment.Slip{Verification: "signature", Language: "en"}},
		iotpaysim.French:    {Card: "1166", Brand: "Mastercard", EntryMode: "contactless", Slip: payment.Slip{Verification: "none", Language: "fr"}},
		iotpaysim.Interac:   {Card: "0133", Brand: "Interac", EntryMode: "chip", Slip: payment.Slip{Verification: "pin", Language: "en", Account: "SAVINGS"}},
		iotpaysim.Swipe:     {Card: "1007", Brand: "American Express", EntryMode: "stripe", Slip: payment.Slip{Verification: "signature", Language: "en"}},
	} {
		in(t, setup{}, func(t *testing.T, r *rig) {
			r.sim.Script(iotpaysim.Outcome{Variant: variant})
			f := r.must(sale("A1", "1.00"), payment.Approved).Facts
			got := payment.Facts{Card: f.Card, Brand: f.Brand, EntryMode: f.EntryMode,
				Slip: payment.Slip{Verification: f.Slip.Verification, Language: f.Slip.Language, Account: f.Slip.Account}}
			if got != want || f.Signature {
				t.Errorf("%s: %+v, want %+v", variant, got, want)
			}
		})
	}
}

// The pace of §7: at once, then every two seconds, for a minute, each question on
// its own; then unknown.
func TestQueriesAfterALostAnswer(t *testing.T) {
	in(t, setup{}, func(t *testing.T, r *rig) {
		r.sim.Script(iotpaysim.Outcome{Kind: iotpaysim.Stuck})
		begin := time.Now()
		res, err := r.Run(sale("A1", "1.00"))
		drivertest.WantUnknown(t, res, err, payment.CodePending)
		if took := time.Since(begin); took < 60*time.Second || took > 62*time.Second {
			t.Errorf("it took %s", took)
		}
		asked := r.heard("query_order")
		if len(asked) < 30 || len(asked) > 31 {
			t.Fatalf("asked %d times", len(asked))
		}
		for i, at := range asked {
			if want := time.Duration(i) * 2 * time.Second; at != want {
				t.Errorf("question %d after %s, want %s", i, at, want)
			}
		}
	})
}

func TestQueriesNeverOverlap(t *testing.T) {
	in(t, setup{}, func(t *testing.T, r *rig) {
		r.sim.Script(iotpaysim.Outcome{Reply: iotpaysim.NoOrder})
		r.sim.ScriptQueries(iotpaysim.QueryNone, iotpaysim.QueryNone, iotpaysim.QueryHangUp, iotpaysim.QueryMalformed,
			iotpaysim.QueryError, iotpaysim.QueryBadGateway, iotpaysim.QueryContradictory, iotpaysim.QueryUnknownStatus, iotpaysim.QueryPending, iotpaysim.QueryNotFound)
		r.must(sale("A1", "1.00"), payment.Approved)
		want := []time.Duration{0, 5 * time.Second, 10 * time.Second, 12 * time.Second}
		if asked := r.heard("query_order"); len(asked) != 11 || !slices.Equal(asked[:4], want) {
			t.Errorf("asked at %v", asked)
		}
	})
}

func TestResponseSignatures(t *testing.T) {
	for _, tc := range []struct {
		signing iotpaysim.Signing
		mode    string
		ok      bool
	}{
		{iotpaysim.Exact, "enforce", true}, {iotpaysim.LeftOut, "enforce", true}, {iotpaysim.Compact, "enforce", true},
		{iotpaysim.Wrong, "enforce", false}, {iotpaysim.Unsigned, "enforce", false},
		{iotpaysim.Wrong, "warn", true}, {iotpaysim.Unsigned, "warn", true}, {iotpaysim.Wrong, "off", true},
	} {
		for _, layout := range []iotpaysim.Layout{iotpaysim.Flat, iotpaysim.Nested} {
			in(t, setup{sim: iotpaysim.Options{Signing: tc.signing, Layout: layout}, settings: map[string]string{"response_sign": tc.mode}}, func(t *testing.T, r *rig) {
				res, err := r.Run(sale("A1", "1.00"))
				if !tc.ok {
					drivertest.WantUnknown(t, res, err, payment.CodeBadSignature)
				} else if err != nil || res.Outcome != payment.Approved {
					t.Errorf("%s %s %s: %+v, %v", tc.signing, layout, tc.mode, res, err)
				}
				if warned := strings.Contains(r.Logged(), "is not the gateway's"); warned != (tc.mode == "warn") && tc.ok {
					t.Errorf("%s %s: warned %v", tc.signing, tc.mode, warned)
				}
			})
		}
	}
	in(t, setup{settings: map[string]string{"response_sign": "enforce"}}, func(t *testing.T, r *rig) {
		r.sim.Script(iotpaysim.Outcome{Reply: iotpaysim.WrongSign})
		r.must(sale("A1", "1.00"), payment.Approved) // by query
		r.sim.Script(iotpaysim.Outcome{Kind: iotpaysim.Refuse})
		r.must(sale("A2", "1.00"), payment.Refused) // unsigned refusals are believed
	})
}

// There is nothing to withdraw with: a cancelled caller gets the last word if it comes
// within the grace, else the outcome is unknown.
func TestCancel(t *testing.T) {
	for delay, approved := range map[time.Duration]bool{5 * time.Second: true, 30 * time.Second: false} {
		in(t, setup{}, func(t *testing.T, r *rig) {
			r.sim.Script(iotpaysim.Outcome{Delay: delay})
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			begin := time.Now()
			res, err := r.Do(ctx, sale("A1", "1.00"), nil)
			switch {
			case approved && (err != nil || res.Outcome != payment.Approved):
				t.Errorf("%+v, %v", res, err)
			case !approved:
				drivertest.WantUnknown(t, res, err, payment.CodeNoAnswer)
			}
			if took := time.Since(begin); took > 12*time.Second {
				t.Errorf("it took %s", took)
			}
			time.Sleep(time.Minute)
			r.Shows(sale("A1", "1.00"), payment.Approved)
		})
	}
	in(t, setup{}, func(t *testing.T, r *rig) {
		r.sim.Script(iotpaysim.Outcome{Delay: time.Minute})
		ctx, cancel := context.WithTimeout(t.Context(), 7*time.Second)
		defer cancel()
		begin := time.Now()
		res, err := r.Do(ctx, sale("A1", "1.00"), nil)
		drivertest.WantUnknown(t, res, err, payment.CodeNoAnswer)
		if took := time.Since(begin); took != 7*time.Second {
			t.Errorf("a deadline took %s", took)
		}
	})
}

func TestNotSent(t *testing.T) {
	in(t, setup{}, func(t *testing.T, r *rig) {
		r.Cut(true)
		_, err := r.Run(sale("A1", "1.00"))
		drivertest.WantNotSent(t, err, payment.CodeNotReached)
		r.Cut(false)

		full := sale("A2", "1.00")
		full.BeforeSend = func(context.Context) error { return errors.New("disk full") }
		_, err = r.Run(full)
		drivertest.WantNotSent(t, err, payment.CodeCannotRecord)

		ctx, cancel := context.WithCancel(t.Context())
		withdrawn := sale("A3", "1.00")
		withdrawn.BeforeSend = func(context.Context) error { cancel(); return nil }
		_, err = r.Do(ctx, withdrawn, nil)
		drivertest.WantNotSent(t, err, payment.CodeWithdrawn)

		closed := sale("A4", "1.00")
		closed.BeforeSend = func(context.Context) error { return r.Close() }
		_, err = r.Run(closed)
		drivertest.WantNotSent(t, err, payment.CodeClosed)
		if heard := r.sim.Heard(); len(heard) > 0 {
			t.Errorf("the gateway heard %v", heard)
		}
	})
}

func TestProgressAndBusy(t *testing.T) {
	in(t, setup{sim: iotpaysim.Defaults()}, func(t *testing.T, r *rig) {
		var order []string
		req := sale("A1", "1.00")
		req.BeforeSend = func(context.Context) error { order = append(order, "recorded"); return nil }
		_, err := r.Do(t.Context(), req, func(p payment.Progress) {
			order = append(order, string(p.Kind))
			_, err := r.Run(sale("A2", "2.00"))
			drivertest.WantNotSent(t, err, payment.CodeBusy)
		})
		if got := strings.Join(order, " "); got != "recorded sent" || err != nil {
			t.Errorf("got %s, %v", got, err)
		}
		r.wantCharges("A1 sale 1.00 CAD")
	})
}

func TestCloseEndsEverything(t *testing.T) {
	in(t, setup{sim: iotpaysim.Defaults(), keepAlive: true}, func(t *testing.T, r *rig) {
		done := make(chan error, 1)
		go func() {
			_, err := r.Run(sale("A1", "1.00"))
			done <- err
		}()
		synctest.Wait()
		r.Close()
		r.Close()
		drivertest.WantUnknown(t, payment.Result{}, <-done, payment.CodeProgramStopped)
		_, err := r.Run(sale("A2", "1.00"))
		drivertest.WantNotSent(t, err, payment.CodeClosed)
		if _, err := r.Status(t.Context(), sale("A1", "1.00")); payment.CodeOf(err) != payment.CodeClosed {
			t.Errorf("Status: %v", err)
		}
		if _, err := r.Test(t.Context()); payment.CodeOf(err) != payment.CodeClosed {
			t.Errorf("Test: %v", err)
		}
	})
}

func TestPulseTellsOfTheLink(t *testing.T) {
	in(t, setup{keepAlive: true}, func(t *testing.T, r *rig) {
		if s := r.State(); !s.Tried || !s.Up || s.Alive.IsZero() {
			t.Errorf("%+v", s)
		}
		r.Cut(true)
		time.Sleep(61 * time.Second)
		if s := r.State(); s.Up || payment.CodeOf(s.Err) != payment.CodeNotReached {
			t.Errorf("%+v", s)
		}
		r.Cut(false)
		time.Sleep(61 * time.Second)
		if s := r.State(); !s.Up || s.Err != nil {
			t.Errorf("%+v", s)
		}
	})
}

func TestTest(t *testing.T) {
	for _, tc := range []struct {
		name string
		setup
		code payment.Code
	}{
		{"all is well", setup{}, ""},
		{"a wrong key", setup{key: "another", rude: true}, payment.CodeWrongKey},
		{"a wrong merchant", setup{settings: map[string]string{"mch_id": "1"}, rude: true}, payment.CodeWrongMerchant},
		{"a wrong path", setup{settings: map[string]string{"path.query": "nowhere"}, rude: true}, payment.CodeWrongPath},
		{"no wrapper", setup{settings: map[string]string{"wrapper": "none"}, rude: true}, payment.CodeBadParameter},
	} {
		in(t, tc.setup, func(t *testing.T, r *rig) {
			id, err := r.Test(t.Context())
			if payment.CodeOf(err) != tc.code || id.Serial != "" {
				t.Errorf("%s: %+v, %v", tc.name, id, err)
			}
			r.wantCharges()
		})
	}
}

func TestNothingWrittenHoldsCardData(t *testing.T) {
	for _, layout := range []iotpaysim.Layout{iotpaysim.Flat, iotpaysim.Nested} {
		in(t, setup{sim: iotpaysim.Options{Layout: layout}}, func(t *testing.T, r *rig) {
			r.sim.Script(iotpaysim.Outcome{Reply: iotpaysim.CardNumber})
			res := r.must(sale("A1", "1.00"), payment.Approved)
			asked := r.Shows(sale("A1", "1.00"), payment.Approved)
			if res.Facts.Card != "1111" || asked.Facts.Card != "1111" {
				t.Errorf("cards %q and %q", res.Facts.Card, asked.Facts.Card)
			}
			for where, text := range map[string]string{"the log": r.Logged(), "the answer": res.Raw, "the query": asked.Raw} {
				for _, secret := range []string{"4111111111111111", "expireDate", "1230"} {
					if strings.Contains(text, secret) {
						t.Errorf("%s holds %s: %s", where, secret, text)
					}
				}
			}
			if !strings.Contains(r.Logged(), "CC_PAX") || !strings.Contains(res.Raw, "payOrder") {
				t.Error("messages are not logged at debug level, or not kept")
			}
		})
	}
}
