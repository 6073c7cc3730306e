package ecrhub_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/drivertest"
	"tillkeeper/payment/ecrhub"
	"tillkeeper/payment/ecrhub/ecrhubsim"
)

func TestSale(t *testing.T) {
	in(t, setup{sim: ecrhubsim.Defaults()}, func(t *testing.T, r *rig) {
		res := r.Must(sale("A1", "23.90"), payment.Approved)
		f := res.Facts
		if res.Number != "A1" || res.Operation != payment.Sale || !f.Amounts.Amount.Equal(usd("23.90")) {
			t.Errorf("result %+v", res)
		}
		if f.Card != "1111" || f.Brand != "Visa" || f.EntryMode != "contactless" || f.AuthCode == "" || f.Reference == "" || f.Trace == "" || f.TerminalTime == "" {
			t.Errorf("facts %+v", f)
		}
		r.wantCharges("A1 sale 23.90 USD")
	})
}

func TestEveryOperation(t *testing.T) {
	in(t, setup{}, func(t *testing.T, r *rig) {
		tipped := sale("A1", "40.00")
		tipped.Order.Asked.Tip = usd("6.00")
		r.Must(tipped, payment.Approved)
		if res := r.Must(followUp(payment.TipAdjustment, "T1", "A1", "7.50"), payment.Approved); res.Number != "T1" || !res.Facts.Amounts.Amount.Equal(usd("7.50")) {
			t.Errorf("tip adjustment: %+v", res)
		}
		r.Shows(followUp(payment.TipAdjustment, "T1", "A1", "7.50"), payment.Approved)
		r.Shows(followUp(payment.TipAdjustment, "T2", "A1", "9.50"), payment.NotFound)
		r.Must(followUp(payment.Void, "V1", "A1", "40.00"), payment.Approved)
		r.Shows(tipped, payment.Cancelled)

		asked := sale("A2", "10.00")
		asked.Order.AskTip = true
		if res := r.Must(asked, payment.Approved); !res.Facts.Amounts.Tip.Equal(usd("2.00")) {
			t.Errorf("tip on screen: %+v", res.Facts)
		}
		r.Must(followUp(payment.Refund, "R1", "A2", "4.00"), payment.Approved)
		if res := r.Must(followUp(payment.Refund, "R2", "A2", "9.00"), payment.Declined); res.Code != payment.CodeHostRefusedRefund {
			t.Errorf("refund above the rest: %+v", res)
		}
		cash := sale("A3", "15.00")
		cash.Order.Asked.Cashback = usd("20.00")
		if res := r.Must(cash, payment.Approved); res.Operation != payment.Sale || !res.Facts.Amounts.Cashback.Equal(usd("20.00")) {
			t.Errorf("cashback: %+v", res)
		}
		r.Must(followUp(payment.PreAuth, "P1", "", "200.00"), payment.Approved)
		r.Must(followUp(payment.Completion, "C1", "P1", "185.40"), payment.Approved)
		if res := r.Must(followUp(payment.Void, "V2", "nobody", "1.00"), payment.Declined); res.Code != payment.CodeOriginalNotFound {
			t.Errorf("void of nothing: %+v", res)
		}
		r.wantCharges("A1 sale 46.00 USD", "A1 tip-adjustment 7.50 USD", "V1 void 47.50 USD", "A2 sale 12.00 USD",
			"R1 refund 4.00 USD", "A3 sale 35.00 USD", "P1 preauth 200.00 USD", "C1 completion 185.40 USD")
	})
}

func TestCurrenciesOfEveryNumberOfPlaces(t *testing.T) {
	for currency, amount := range map[payment.Currency]string{"JPY": "1200", "USD": "12.34", "KWD": "1.234"} {
		in(t, setup{settings: map[string]string{"currency": string(currency)}}, func(t *testing.T, r *rig) {
			req := sale("A1", "1.00")
			req.Order.Asked.Amount = drivertest.Sum(amount, currency)
			res := r.Must(req, payment.Approved)
			if !res.Facts.Amounts.Amount.Equal(req.Order.Asked.Amount) {
				t.Errorf("amount %v", res.Facts.Amounts.Amount)
			}
			r.wantCharges("A1 sale " + amount + " " + string(currency))
		})
	}
}

func TestEveryWayOfSayingNo(t *testing.T) {
	for _, tc := range []struct {
		says    ecrhubsim.Outcome
		outcome payment.Outcome
		code    payment.Code
	}{
		{ecrhubsim.Outcome{Kind: ecrhubsim.Decline}, payment.Declined, payment.CodeInsufficientFunds},
		{ecrhubsim.Outcome{Kind: ecrhubsim.Cancel}, payment.Cancelled, payment.CodeCancelledThere},
		{ecrhubsim.Outcome{Kind: ecrhubsim.Cancel, Reply: ecrhubsim.EmptyBiz}, payment.Cancelled, payment.CodeCancelledThere},
		{ecrhubsim.Outcome{Kind: ecrhubsim.ParameterError}, payment.Refused, payment.CodeBadParameter},
		{ecrhubsim.Outcome{Kind: ecrhubsim.AppIDError}, payment.Refused, payment.CodeWrongAppID},
	} {
		for _, dialect := range []ecrhubsim.Dialect{ecrhubsim.G2, ecrhubsim.G3, ecrhubsim.Field} {
			in(t, setup{sim: ecrhubsim.Options{Dialect: dialect}}, func(t *testing.T, r *rig) {
				r.sim.Script(tc.says)
				if res := r.Must(sale("A1", "1.00"), tc.outcome); res.Code != tc.code || res.Text == "" {
					t.Errorf("%s %s: %+v", dialect, tc.says.Kind, res)
				}
				r.wantCharges()
			})
		}
	}
}

func TestTolerance(t *testing.T) {
	replies := []ecrhubsim.Reply{
		ecrhubsim.Proper, ecrhubsim.WrongRequestID, ecrhubsim.NoRequestID, ecrhubsim.Numbers, ecrhubsim.Binary, ecrhubsim.Twice,
	}
	for _, dialect := range []ecrhubsim.Dialect{ecrhubsim.G2, ecrhubsim.G3, ecrhubsim.Field} {
		for _, reply := range replies {
			in(t, setup{sim: ecrhubsim.Options{Dialect: dialect, JavaReason: true}}, func(t *testing.T, r *rig) {
				r.sim.Script(ecrhubsim.Outcome{Reply: reply})
				res := r.Must(sale("A1", "12.40"), payment.Approved)
				if !res.Facts.Amounts.Amount.Equal(usd("12.40")) || res.Number != "A1" || res.Operation != payment.Sale {
					t.Errorf("%s, %q: %+v", dialect, reply, res)
				}
				r.Shows(sale("A1", "12.40"), payment.Approved)
			})
		}
	}
}

func TestAnswersThatProveNothing(t *testing.T) {
	for _, tc := range []struct {
		name string
		says ecrhubsim.Outcome
		code payment.Code
		then payment.Outcome
	}{
		{"time-out, not charged", ecrhubsim.Outcome{Kind: ecrhubsim.Timeout}, payment.CodeTerminalTimeout, payment.Declined},
		{"time-out, charged", ecrhubsim.Outcome{Kind: ecrhubsim.TimeoutCharged}, payment.CodeTerminalTimeout, payment.Approved},
		{"nobody comes", ecrhubsim.Outcome{Kind: ecrhubsim.Expire}, payment.CodeTerminalTimeout, payment.Declined},
		{"approved with status failed", ecrhubsim.Outcome{Reply: ecrhubsim.Contradictory}, payment.CodeBadAnswer, payment.Approved},
		{"failed with status done", ecrhubsim.Outcome{Kind: ecrhubsim.Decline, Reply: ecrhubsim.Contradictory}, payment.CodeBadAnswer, payment.Declined},
		{"approved, without business data", ecrhubsim.Outcome{Reply: ecrhubsim.EmptyBiz}, payment.CodeBadAnswer, payment.Approved},
		{"broken JSON", ecrhubsim.Outcome{Reply: ecrhubsim.Malformed}, payment.CodeBadAnswer, payment.Approved},
		{"no JSON", ecrhubsim.Outcome{Reply: ecrhubsim.Garbage}, payment.CodeNoAnswer, payment.Approved},
		{"too long", ecrhubsim.Outcome{Reply: ecrhubsim.Oversized}, payment.CodeBadAnswer, payment.Approved},
		{"torn", ecrhubsim.Outcome{Reply: ecrhubsim.Torn}, payment.CodeLinkLost, payment.Approved},
		{"no answer", ecrhubsim.Outcome{Reply: ecrhubsim.None}, payment.CodeNoAnswer, payment.Approved},
		{"a host fault", ecrhubsim.Outcome{Kind: ecrhubsim.Decline, Code: "106", Text: "Transaction failed[[950]Host malfunction]"}, payment.CodeHostFault, payment.Declined},
		{"a gateway error", ecrhubsim.Outcome{Kind: ecrhubsim.Decline, Code: "106", Text: "X[[SYS012]Empty]"}, payment.CodeHostFault, payment.Declined},
		{"words of a time-out", ecrhubsim.Outcome{Kind: ecrhubsim.Decline, Code: "106", Text: "Host Time Out"}, payment.CodeHostTimeout, payment.Declined},
		{"code 200", ecrhubsim.Outcome{Kind: ecrhubsim.Decline, Code: "200", Text: "OK"}, payment.CodeBadAnswer, payment.Declined},
		{"cut at the card screen", ecrhubsim.Outcome{Fault: ecrhubsim.CloseDuring}, payment.CodeLinkLost, payment.Approved},
		{"cut before the answer", ecrhubsim.Outcome{Fault: ecrhubsim.CloseAfter, NoRedeliver: true}, payment.CodeLinkLost, payment.Approved},
		{"cut on arrival", ecrhubsim.Outcome{Fault: ecrhubsim.CloseBefore}, payment.CodeLinkLost, payment.NotFound},
		{"pings unanswered", ecrhubsim.Outcome{Fault: ecrhubsim.StopPongs, Delay: time.Minute}, payment.CodeLinkLost, payment.Approved},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in(t, setup{}, func(t *testing.T, r *rig) {
				r.sim.Script(tc.says)
				r.Unknown(sale("A1", "1.00"), tc.code)
				time.Sleep(5 * time.Minute)
				r.sim.StopPongs(false)
				r.Shows(sale("A1", "1.00"), tc.then)
				orders := 0
				for _, f := range r.sim.Frames() {
					if f.Direction == ecrhubsim.In && strings.Contains(f.Text, "ecrhub.pay.order") {
						orders++
					}
				}
				if orders != 1 {
					t.Errorf("the order was sent %d times", orders)
				}
			})
		})
	}
}

// What does not match goes up as it came: comparing is the till's.
func TestForeignAnswersAreNeverTakenForOurs(t *testing.T) {
	for _, reply := range []ecrhubsim.Reply{
		ecrhubsim.WrongOrder, ecrhubsim.WrongAmount, ecrhubsim.WrongCurrency, ecrhubsim.WrongType,
	} {
		in(t, setup{}, func(t *testing.T, r *rig) {
			r.sim.Script(ecrhubsim.Outcome{Reply: reply})
			req := sale("A1", "1.00")
			res, err := r.Run(req)
			if err == nil && payment.Compare(req.Order, res) == nil {
				t.Errorf("%s passes for our answer: %+v", reply, res)
			}
		})
	}
	in(t, setup{}, func(t *testing.T, r *rig) {
		r.sim.Script(ecrhubsim.Outcome{Kind: ecrhubsim.Partial, Amount: "5.00"})
		req := sale("A1", "10.00")
		if res := r.Must(req, payment.Approved); payment.Compare(req.Order, res) == nil {
			t.Errorf("an approval of a part passes for the whole: %+v", res)
		}
	})
}

func TestQueryAnswersThatProveNothing(t *testing.T) {
	for how, code := range map[ecrhubsim.QueryOutcome]payment.Code{
		ecrhubsim.QueryNone:          payment.CodeNoAnswer,
		ecrhubsim.QueryMalformed:     payment.CodeNoAnswer,
		ecrhubsim.QueryError:         payment.CodeHostFault,
		ecrhubsim.QueryContradictory: payment.CodeBadAnswer,
		ecrhubsim.QueryHangUp:        payment.CodeLinkLost,
	} {
		in(t, setup{}, func(t *testing.T, r *rig) {
			r.Must(sale("A1", "1.00"), payment.Approved)
			r.sim.ScriptQueries(how)
			if _, err := r.Status(t.Context(), sale("A1", "1.00")); payment.CodeOf(err) != code {
				t.Errorf("%s: %v (%s), want %s", how, err, payment.CodeOf(err), code)
			}
			r.Shows(sale("A1", "1.00"), payment.Approved)
		})
	}
	in(t, setup{}, func(t *testing.T, r *rig) {
		req := sale("A1", "1.00")
		r.Must(req, payment.Approved)
		r.sim.ScriptQueries(ecrhubsim.QueryNotFound, ecrhubsim.QueryPending, ecrhubsim.QueryWrongOrder, ecrhubsim.QueryWrongAmount)
		r.Shows(req, payment.NotFound)
		r.Shows(req, payment.Pending)
		for range 2 {
			if res := r.Shows(req, payment.Approved); payment.Compare(req.Order, res) == nil {
				t.Errorf("passes for ours: %+v", res)
			}
		}
	})
}

func TestNotSent(t *testing.T) {
	in(t, setup{}, func(t *testing.T, r *rig) {
		r.network(false)
		_, err := r.Run(sale("A1", "1.00"))
		drivertest.WantNotSent(t, err, payment.CodeNotReached)
		r.network(true)

		full := sale("A2", "1.00")
		full.BeforeSend = func(context.Context) error { return errors.New("disk full") }
		_, err = r.Run(full)
		drivertest.WantNotSent(t, err, payment.CodeCannotRecord)

		lost := sale("A3", "1.00")
		lost.BeforeSend = func(context.Context) error {
			synctest.Wait() // until the terminal has seen the connection, too
			r.sim.HangUp()
			synctest.Wait()
			return nil
		}
		_, err = r.Run(lost)
		drivertest.WantNotSent(t, err, payment.CodeNotReached)

		ctx, cancel := context.WithCancel(t.Context())
		withdrawn := sale("A4", "1.00")
		withdrawn.BeforeSend = func(context.Context) error { cancel(); return nil }
		_, err = r.Do(ctx, withdrawn, nil)
		drivertest.WantNotSent(t, err, payment.CodeWithdrawn)
		r.wantCharges()
		for _, f := range r.sim.Frames() {
			t.Errorf("a frame went: %+v", f)
		}
	})
}

func TestBusy(t *testing.T) {
	in(t, setup{sim: ecrhubsim.Defaults()}, func(t *testing.T, r *rig) {
		done := make(chan error, 1)
		go func() {
			_, err := r.Run(sale("A1", "1.00"))
			done <- err
		}()
		synctest.Wait()
		_, err := r.Run(sale("A2", "2.00"))
		drivertest.WantNotSent(t, err, payment.CodeBusy)
		r.Shows(sale("A1", "1.00"), payment.Pending)
		if err := <-done; err != nil {
			t.Error(err)
		}
		r.wantCharges("A1 sale 1.00 USD")
	})
}

func TestProgress(t *testing.T) {
	in(t, setup{}, func(t *testing.T, r *rig) {
		var order []string
		req := sale("A1", "1.00")
		req.BeforeSend = func(context.Context) error { order = append(order, "recorded"); return nil }
		if _, err := r.Do(t.Context(), req, func(p payment.Progress) { order = append(order, string(p.Kind)) }); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(order, " "); got != "recorded sent" {
			t.Errorf("got %s", got)
		}
	})
}

func TestCloseEndsEverything(t *testing.T) {
	in(t, setup{sim: ecrhubsim.Defaults()}, func(t *testing.T, r *rig) {
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
		if err := r.Abort(t.Context(), sale("A1", "1.00")); payment.CodeOf(err) != payment.CodeClosed {
			t.Errorf("Abort: %v", err)
		}
		if r.Ready() {
			t.Error("ready after Close")
		}
	})
}

func TestNothingLoggedHoldsACardNumber(t *testing.T) {
	in(t, setup{}, func(t *testing.T, r *rig) {
		r.sim.Script(ecrhubsim.Outcome{Reply: ecrhubsim.CardNumber})
		res := r.Must(sale("A1", "1.00"), payment.Approved)
		if res.Facts.Card != "1111" {
			t.Errorf("card %q", res.Facts.Card)
		}
		for where, text := range map[string]string{"the log": r.Logged(), "the raw message": res.Raw, "the text": res.Text} {
			if strings.Contains(strings.ReplaceAll(text, " ", ""), "4111111111111111") {
				t.Errorf("%s holds a card number: %s", where, text)
			}
		}
		if !strings.Contains(r.Logged(), "ecrhub.pay.order") {
			t.Error("messages are not logged at debug level")
		}
	})
}

func TestIdentity(t *testing.T) {
	in(t, setup{sim: ecrhubsim.Options{Serial: "SIM42"}}, func(t *testing.T, r *rig) {
		if r.Ready() {
			t.Error("ready before the first use")
		}
		id, err := r.Test(t.Context())
		if err != nil || id.Serial != "SIM42" || !r.Ready() {
			t.Errorf("%+v, %v", id, err)
		}
		r.network(false)
		synctest.Wait()
		if _, err := r.Test(t.Context()); payment.CodeOf(err) != payment.CodeNotReached {
			t.Errorf("got %v", err)
		}
	})
}

func TestOpenRefusesWhatCannotBe(t *testing.T) {
	for _, tc := range []struct {
		terminal payment.Terminal
		code     payment.Code
	}{
		{payment.Terminal{Address: "http://192.0.2.40"}, payment.CodeBadAddress},
		{payment.Terminal{Address: "192.0.2.40", Settings: map[string]string{"expires": "soon"}}, payment.CodeBadSetting},
		{payment.Terminal{Address: "192.0.2.40", Settings: map[string]string{"colour": "red"}}, payment.CodeBadSetting},
		{payment.Terminal{Address: "192.0.2.40", Settings: map[string]string{"currency": "XXX"}}, payment.CodeBadSetting},
		{payment.Terminal{Address: "192.0.2.40", Settings: map[string]string{"client_id": "../x"}}, payment.CodeBadSetting},
	} {
		if _, err := ecrhub.Protocol().Open(tc.terminal, payment.Env{}); payment.CodeOf(err) != tc.code {
			t.Errorf("%+v: %v, want %s", tc.terminal, err, tc.code)
		}
	}
}
