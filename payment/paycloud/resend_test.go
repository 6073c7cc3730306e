package paycloud_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/paycloud/paycloudsim"
)

// A request that was lost on the way is sent again under its number, and charges
// once (§11.2).
func TestALostOrderIsSentAgain(t *testing.T) {
	for cuts, want := range map[int]string{1: "A1 sale 12.00 USD", 2: "A1 sale 12.00 USD"} {
		t.Run(fmt.Sprint(cuts), func(t *testing.T) {
			in(t, setup{}, func(t *testing.T, r *rig) {
				r.cloud.Script(paycloudsim.Outcome{Fault: paycloudsim.CloseBefore, Cuts: cuts})
				r.Must(sale("A1", "12"), payment.Approved)
				r.wantCharges(want)
			})
		})
	}
}

// Three times and no more; then it is unresolved.
func TestAnOrderIsSentThreeTimesAtMost(t *testing.T) {
	in(t, setup{}, func(t *testing.T, r *rig) {
		r.cloud.Script(paycloudsim.Outcome{Fault: paycloudsim.CloseBefore, Cuts: 3})
		r.Unknown(sale("A1", "12"), payment.CodeLinkLost)
		if r.sends != 6 {
			t.Errorf("%d requests; want three orders and a question after each", r.sends)
		}
		r.wantCharges()
	})
}

// An order that was taken and not answered is found, or its number is repeated:
// either way it is charged once.
func TestAnUnansweredOrderIsChargedOnce(t *testing.T) {
	for name, out := range map[string]paycloudsim.Outcome{
		"never answered":               {Reply: paycloudsim.None},
		"cut":                          {Fault: paycloudsim.CloseDuring},
		"cut when it is over":          {Fault: paycloudsim.CloseAfter},
		"an error page":                {Reply: paycloudsim.ErrorPage},
		"unavailable":                  {Reply: paycloudsim.Unavailable},
		"a page with 200":              {Reply: paycloudsim.PageOK},
		"unsigned":                     {Reply: paycloudsim.Unsigned},
		"wrongly signed":               {Reply: paycloudsim.WrongSignature},
		"torn":                         {Reply: paycloudsim.Torn},
		"an unlisted code":             {Reply: paycloudsim.Failing},
		"hidden at first, cut":         {Fault: paycloudsim.CloseDuring, HiddenFor: 10 * time.Second},
		"hidden at first, answered":    {HiddenFor: 10 * time.Second},
		"hidden and never answered":    {Reply: paycloudsim.None, HiddenFor: 40 * time.Second},
		"data as an object":            {Reply: paycloudsim.Object, Answer: paycloudsim.Object, AnswerFor: time.Minute},
		"members nobody knows":         {Reply: paycloudsim.Extra, Answer: paycloudsim.Extra, AnswerFor: time.Minute},
		"text and numbers swapped":     {Answer: paycloudsim.StatusText, AnswerFor: time.Minute},
		"an unknown status for a time": {Answer: paycloudsim.UnknownStatus, AnswerFor: time.Minute},
		"unsigned answers for a time":  {Answer: paycloudsim.Unsigned, AnswerFor: time.Minute},
		"timed out, and charged":       {Kind: paycloudsim.TimeoutCharged},
		"shown late":                   {Shown: time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			in(t, setup{cloud: paycloudsim.Defaults()}, func(t *testing.T, r *rig) {
				r.cloud.Script(out)
				res := r.Must(sale("A1", "12.30"), payment.Approved)
				if res.Facts.Amounts.Amount.Text() != "12.30" || res.Number != "A1" {
					t.Errorf("%+v", res)
				}
				r.wantCharges("A1 sale 12.30 USD")
			})
		})
	}
}

// Nothing is sent again where what makes it safe is not there.
func TestWhatIsNeverSentAgain(t *testing.T) {
	lost := paycloudsim.Outcome{Fault: paycloudsim.CloseBefore, Cuts: -1}
	t.Run("answers are not verified", func(t *testing.T) {
		in(t, setup{settings: map[string]string{"verify": "unverified"}, secrets: map[string]string{"platform_key": ""}}, func(t *testing.T, r *rig) {
			r.cloud.Script(lost)
			r.Unknown(sale("A1", "12"), payment.CodeLinkLost)
			if r.sends != 2 || r.Capabilities().NotFoundProves {
				t.Errorf("%d requests", r.sends)
			}
		})
	})
	t.Run("a refund without the terminal", func(t *testing.T) {
		in(t, setup{settings: map[string]string{"host_refund": "on"}}, func(t *testing.T, r *rig) {
			r.Must(sale("A1", "12"), payment.Approved)
			r.cloud.Script(lost)
			r.sends = 0
			r.Unknown(followUp(payment.Refund, "A2", "A1", "5", payment.Sale), payment.CodeLinkLost)
			if r.sends != 3 {
				t.Errorf("%d requests; want the refund and one question each way", r.sends)
			}
		})
	})
	t.Run("the caller is gone", func(t *testing.T) {
		in(t, setup{}, func(t *testing.T, r *rig) {
			r.cloud.Script(lost)
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			_, err := r.Do(ctx, sale("A1", "12"), nil)
			if err == nil || errors.Is(err, payment.ErrNotSent) || r.sends != 1 {
				t.Errorf("%v after %d requests", err, r.sends)
			}
		})
	})
	t.Run("the caller has cancelled", func(t *testing.T) {
		in(t, setup{}, func(t *testing.T, r *rig) {
			r.cloud.Script(lost)
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			_, err := r.Do(ctx, sale("A1", "12"), nil)
			if err == nil || errors.Is(err, payment.ErrNotSent) {
				t.Errorf("%v", err)
			}
			time.Sleep(time.Minute)
			r.wantCharges()
			if _, err := r.Status(t.Context(), sale("A1", "12")); err != nil {
				t.Error(err)
			}
		})
	})
	t.Run("the platform answers that it is refused", func(t *testing.T) {
		in(t, setup{}, func(t *testing.T, r *rig) {
			r.cloud.Script(paycloudsim.Outcome{Kind: paycloudsim.Refuse})
			r.Must(sale("A1", "12"), payment.Refused, payment.CodeNotEnabled)
			if r.sends != 1 {
				t.Errorf("%d requests", r.sends)
			}
		})
	})
}

// A refusal of the second copy proves nothing about the first one.
func TestARefusalOfACopyIsNoRefusal(t *testing.T) {
	in(t, setup{}, func(t *testing.T, r *rig) {
		r.cloud.Script(paycloudsim.Outcome{Fault: paycloudsim.CloseBefore, Kind: paycloudsim.Refuse})
		r.Unknown(sale("A1", "12"), payment.CodeNoAnswer)
	})
}

// Not reached before the order left: nothing was sent. Not reached afterwards: not
// known.
func TestNotReached(t *testing.T) {
	in(t, setup{}, func(t *testing.T, r *rig) {
		r.drop = 1
		_, err := r.Run(sale("A1", "12"))
		if !errors.Is(err, payment.ErrNotSent) || payment.CodeOf(err) != payment.CodeNotReached {
			t.Errorf("%v", err)
		}
		r.cloud.Script(paycloudsim.Outcome{Fault: paycloudsim.CloseBefore, Cuts: -1})
		req := sale("A2", "12")
		req.BeforeSend = func(context.Context) error { r.drop = 1000; return nil }
		r.Unknown(req, payment.CodeNoAnswer)
	})
}
