package comgate_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/comgate/comgatesim"
	"tillkeeper/payment/drivertest"
)

func TestSaleTellsItsStepsAndItsFacts(t *testing.T) {
	o := comgatesim.Defaults()
	in(t, setup{sim: o, secret: ""}, func(t *testing.T, r *rig) {
		r.sim.Script(comgatesim.Outcome{Kind: comgatesim.Pin})
		res := r.must(sale("N1", "249"), payment.Approved, "")
		if res.Facts.Card != "0119" || res.Facts.Slip.Verification != "pin" || !res.Facts.HandOver || res.Facts.EntryMode != "contactless" {
			t.Errorf("facts %+v", res.Facts)
		}
		if strings.Contains(res.Raw, "2812") || strings.Contains(res.Raw, "expiration") {
			t.Errorf("raw holds the expiry: %s", res.Raw)
		}
		if got := r.story(); got != "sent, waiting WaitForCard, processing WaitForPin, processing Processing" {
			t.Error(got)
		}
		r.wantCharges("N1 sale 249.00 CZK")
		if calls := r.calls(); calls[0] != "payment" || calls[len(calls)-1] != "result" || slices.Contains(calls, "confirm") {
			t.Errorf("calls %v", calls)
		}
		if err := r.Acknowledge(t.Context(), sale("N1", "249")); err != nil || !slices.Contains(r.calls(), "confirm") {
			t.Errorf("confirm: %v", err)
		}
	})
}

func TestVoidReversesTheWholeOnce(t *testing.T) {
	in(t, setup{}, func(t *testing.T, r *rig) {
		r.must(sale("N1", "12.34"), payment.Approved, "")
		r.must(followUp(payment.Void, "V1", "N1", "12.34"), payment.Approved, "")
		r.must(followUp(payment.Void, "V2", "N1", "12.34"), payment.Refused, payment.CodeAlreadyReversed)
		r.must(followUp(payment.Void, "V3", "N9", "12.34"), payment.Refused, payment.CodeOriginalNotFound)
		if res := r.Shows(sale("N1", "12.34"), payment.Cancelled); res.Code != payment.CodeReversed {
			t.Errorf("the reversed sale: %+v", res)
		}
		r.wantCharges("N1 sale 12.34 CZK", "V1 void 12.34 CZK")
	})
}

func TestSignatureAndReversalAreTheTillsDuty(t *testing.T) {
	in(t, setup{}, func(t *testing.T, r *rig) {
		r.sim.Script(comgatesim.Outcome{Kind: comgatesim.Sign}, comgatesim.Outcome{Kind: comgatesim.ReversalDue})
		if f := r.must(sale("N1", "10"), payment.Approved, "").Facts; !f.Signature || f.ReversalDue || f.Slip.Verification != "signature" {
			t.Errorf("to be signed: %+v", f)
		}
		if f := r.must(sale("N2", "10"), payment.Approved, "").Facts; f.Signature || !f.ReversalDue {
			t.Errorf("to be reversed: %+v", f)
		}
	})
}

func TestUnconfirmedPaymentIsReversedByTheTerminal(t *testing.T) {
	o := comgatesim.Options{AutoReverse: time.Minute}
	in(t, setup{sim: o}, func(t *testing.T, r *rig) {
		r.must(sale("N1", "10"), payment.Approved, "")
		r.must(sale("N2", "20"), payment.Approved, "")
		if err := r.Acknowledge(t.Context(), sale("N2", "20")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(2 * time.Minute)
		if res := r.Shows(sale("N1", "10"), payment.Cancelled); res.Code != payment.CodeReversed {
			t.Errorf("%+v", res)
		}
		r.Shows(sale("N2", "20"), payment.Approved)
		r.wantCharges("N1 sale 10.00 CZK", "N2 sale 20.00 CZK", "N1 void 10.00 CZK")
	})
}

func TestConfirmModes(t *testing.T) {
	for mode, want := range map[string]string{
		"after_result": "status result", "before_result": "status confirm result", "off": "status result",
	} {
		in(t, setup{settings: map[string]string{"confirm_mode": mode}}, func(t *testing.T, r *rig) {
			res := r.must(sale("N1", "10"), payment.Approved, "")
			if calls := strings.Join(r.calls(), " "); !strings.HasSuffix(calls, want) {
				t.Errorf("%s: %s", mode, calls)
			}
			if res.Facts.HandOver != (mode == "after_result") {
				t.Errorf("%s: hand-over %v", mode, res.Facts.HandOver)
			}
			before := len(r.calls())
			err := r.Acknowledge(t.Context(), sale("N1", "10"))
			if sent := len(r.calls()) > before; err != nil || sent == (mode == "off") {
				t.Errorf("%s: acknowledged: %v, %v", mode, sent, err)
			}
		})
	}
}

func TestConfirmationIsTriedAgain(t *testing.T) {
	in(t, setup{}, func(t *testing.T, r *rig) {
		r.must(sale("N1", "10"), payment.Approved, "")
		r.network(false)
		begin := time.Now()
		if err := r.Acknowledge(t.Context(), sale("N1", "10")); err == nil || time.Since(begin) != 4*time.Second {
			t.Errorf("%v after %v; want five attempts, a second apart", err, time.Since(begin))
		}
		time.AfterFunc(1500*time.Millisecond, func() { r.network(true) })
		if err := r.Acknowledge(t.Context(), sale("N1", "10")); err != nil {
			t.Error(err)
		}
	})
}

func TestCancelWhileTheCardIsAwaited(t *testing.T) {
	in(t, setup{sim: comgatesim.Defaults()}, func(t *testing.T, r *rig) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(700*time.Millisecond, cancel)
		res, err := r.Do(ctx, sale("N1", "10"), r.Hear)
		if err != nil || res.Outcome != payment.Cancelled || res.Code != payment.CodeWithdrawn {
			t.Errorf("%+v, %v", res, err)
		}
		r.must(sale("N2", "10"), payment.Approved, "")
		r.wantCharges("N2 sale 10.00 CZK")
	})
}

func TestCancelTooLateTellsTheTruth(t *testing.T) {
	in(t, setup{sim: comgatesim.Defaults()}, func(t *testing.T, r *rig) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(2*time.Second, cancel) // the card is read by then
		res, err := r.Do(ctx, sale("N1", "10"), r.Hear)
		if err != nil || res.Outcome != payment.Approved || !strings.Contains(r.story(), string(payment.ProgressCancelRefused)) {
			t.Errorf("%+v, %v; told %s", res, err, r.story())
		}
	})
}

func TestAbortOfAnOrderThatNobodyCarries(t *testing.T) {
	in(t, setup{}, func(t *testing.T, r *rig) {
		r.sim.Script(comgatesim.Outcome{Kind: comgatesim.Never})
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		res, err := r.Do(ctx, sale("N1", "10"), r.Hear)
		drivertest.WantUnknown(t, res, err, payment.CodeNoAnswer)
		r.Shows(sale("N1", "10"), payment.Pending)
		if err := r.Abort(t.Context(), sale("N1", "10")); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		r.Shows(sale("N1", "10"), payment.Cancelled)
		wantCode(t, r.Abort(t.Context(), sale("N1", "10")), payment.CodeNotOpen)
	})
}

func TestTerminalTellsWhoItIsAndThatItIsOffline(t *testing.T) {
	in(t, setup{}, func(t *testing.T, r *rig) {
		id, err := r.Test(t.Context())
		if err != nil || id.Serial != "SIM000000001" || id.Model != "N5 Move" || !strings.Contains(id.Name, "protocol GSA") {
			t.Errorf("%+v, %v", id, err)
		}
	})
	in(t, setup{sim: comgatesim.Options{Offline: true}}, func(t *testing.T, r *rig) {
		_, err := r.Test(t.Context())
		wantCode(t, err, payment.CodeOffline)
	})
	in(t, setup{}, func(t *testing.T, r *rig) {
		r.network(false)
		_, err := r.Test(t.Context())
		drivertest.WantNotSent(t, err, payment.CodeNotReached)
	})
}

func TestClosingGivesExactTotalsAndEndsVoids(t *testing.T) {
	in(t, setup{sim: comgatesim.Defaults(), settings: map[string]string{"refund": "on"}}, func(t *testing.T, r *rig) {
		for n, amount := range map[string]string{"N1": "10.01", "N2": "20.02", "N3": "5"} {
			r.must(sale(n, amount), payment.Approved, "")
		}
		r.must(followUp(payment.Void, "V1", "N3", "5"), payment.Approved, "")
		back := followUp(payment.Refund, "R1", "N2", "0.02")
		back.OriginalReference = "001000002"
		r.must(back, payment.Approved, "")
		totals, err := r.CloseBatch(t.Context(), "B1")
		if err != nil || totals.Batch != "1" || totals.Sales.Count != 2 || totals.Sales.Amount.Text() != "30.03" ||
			totals.Refunds.Count != 1 || totals.Refunds.Amount.Text() != "0.02" || totals.Adjustments.Count != 0 {
			t.Fatalf("%+v, %v", totals, err)
		}
		if calls := r.calls(); calls[len(calls)-1] != "confirm" {
			t.Errorf("the closing is not confirmed: %v", calls)
		}
		r.must(followUp(payment.Void, "V2", "N1", "10.01"), payment.Refused, payment.CodeBatchClosed)
		totals, err = r.CloseBatch(t.Context(), "B2")
		if err != nil || totals.Batch != "2" || totals.Sales.Count != 0 || !totals.Sales.Amount.Known() {
			t.Errorf("%+v, %v", totals, err)
		}
	})
}

func TestClosingBesideAnOrderIsRefused(t *testing.T) {
	in(t, setup{sim: comgatesim.Defaults()}, func(t *testing.T, r *rig) {
		done := make(chan struct{})
		go func() { defer close(done); r.must(sale("N1", "10"), payment.Approved, "") }()
		time.Sleep(time.Second)
		_, err := r.CloseBatch(t.Context(), "B1")
		drivertest.WantNotSent(t, err, payment.CodeBusy)
		<-done
		r.network(false)
		_, err = r.CloseBatch(t.Context(), "B1")
		drivertest.WantNotSent(t, err, payment.CodeNotReached)
	})
}

func TestClosingThatIsNotAnsweredMayHaveClosed(t *testing.T) {
	in(t, setup{sim: comgatesim.Defaults(), settings: map[string]string{"closing_timeout_s": "20"}}, func(t *testing.T, r *rig) {
		time.AfterFunc(time.Second, func() { r.network(false) })
		_, err := r.CloseBatch(t.Context(), "B1")
		drivertest.WantUnknown(t, payment.Result{}, err, payment.CodeLinkLost)
	})
}

func TestReserveIsCompletedOrReleased(t *testing.T) {
	paths := map[string]string{"preauth": "preauth", "preauth_complete": "complete", "preauth_cancel": "release"}
	settings := map[string]string{"path.preauth": "preauth", "path.preauth_complete": "complete", "path.preauth_cancel": "release"}
	in(t, setup{sim: comgatesim.Options{Paths: paths}, settings: settings}, func(t *testing.T, r *rig) {
		reserve := sale("P1", "200")
		reserve.Order.Operation = payment.PreAuth
		r.must(reserve, payment.Approved, "")
		r.must(followUp(payment.Completion, "C1", "P1", "185.40"), payment.Approved, "")
		reserve.Order.Number = "P2"
		r.must(reserve, payment.Approved, "")
		release := followUp(payment.Void, "V1", "P2", "200")
		release.OriginalOperation = payment.PreAuth
		r.must(release, payment.Approved, "")
		r.wantCharges("P1 preauth 200.00 CZK", "C1 completion 185.40 CZK", "P2 preauth 200.00 CZK", "V1 void 200.00 CZK")
	})
}

// A refund is not linked to its sale, so one of a sale that the terminal was not
// heard to approve is asked about first.
func TestRefundOfWhatWasNotPaidIsNotSent(t *testing.T) {
	in(t, setup{settings: map[string]string{"refund": "on"}}, func(t *testing.T, r *rig) {
		r.sim.Script(comgatesim.Outcome{Kind: comgatesim.Decline})
		r.must(sale("N1", "10"), payment.Declined, payment.CodeDeclined)
		_, err := r.Run(followUp(payment.Refund, "R1", "N1", "10"))
		drivertest.WantNotSent(t, err, payment.CodeNotPaid)
		r.must(sale("N2", "10"), payment.Approved, "")
		r.must(followUp(payment.Void, "V2", "N2", "10"), payment.Approved, "")
		_, err = r.Run(followUp(payment.Refund, "R2", "N2", "10"))
		drivertest.WantNotSent(t, err, payment.CodeAlreadyReversed)
		r.must(sale("N3", "10"), payment.Approved, "")
		r.must(followUp(payment.Refund, "R3", "N3", "10"), payment.Approved, "")
		r.must(followUp(payment.Refund, "R4", "before the closing", "10"), payment.Approved, "")
	})
	in(t, setup{sim: comgatesim.Options{NoRefunds: true}, settings: map[string]string{"refund": "on"}}, func(t *testing.T, r *rig) {
		r.must(sale("N1", "10"), payment.Approved, "")
		r.must(followUp(payment.Refund, "R1", "N1", "10"), payment.Refused, payment.CodeNotEnabled)
	})
}
