package till_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"tillkeeper/payment"
)

// prompting never answers an order, shows it for three minutes, and notes which
// ones it was asked to clear.
func prompting(cleared *[]string) *fake {
	f := silent(payment.Pending)
	f.can = payment.Capabilities{Operations: []payment.Operation{payment.Sale}, Cancel: true, Limit: 3 * time.Minute}
	f.do = func(context.Context, payment.Request, func(payment.Progress)) (payment.Result, error) {
		return payment.Result{}, payment.Errorf(payment.CodeNoAnswer, "no answer")
	}
	f.abort = func(_ context.Context, req payment.Request) error {
		*cleared = append(*cleared, req.Order.Number)
		f.status = func(context.Context, payment.Request) (payment.Result, error) { return says(payment.Cancelled), nil }
		return nil
	}
	return f
}

func TestAnotherSaleClearsTheStalePromptFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var cleared []string
		f := prompting(&cleared)
		s := open(t, f, true)
		c := charge("12.50")
		c.Timeout = time.Second
		stale, err := s.Pay(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		if shown, err := s.Prompts(t.Context(), ""); err != nil || len(shown) != 1 || shown[0].Order.Number != stale.Order.Number {
			t.Errorf("the terminal shows %v, %v", shown, err)
		}
		f.do = always(payment.Approved).do
		s.want(s.pay("3.00"), payment.StatusApproved)
		if len(cleared) != 1 || cleared[0] != stale.Order.Number {
			t.Errorf("cleared %v, want the stale prompt once", cleared)
		}
		stale, _ = s.Order(t.Context(), stale.Order.Number)
		s.want(stale, payment.StatusCancelled)
	})
}

func TestClosingClearsTheStalePrompt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var cleared []string
		s := open(t, prompting(&cleared), true)
		c := charge("12.50")
		c.Timeout = time.Second
		if _, err := s.Pay(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if len(cleared) != 1 {
			t.Errorf("cleared %v", cleared)
		}
	})
}

func TestAPromptThatRanOutIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var cleared []string
		s := open(t, prompting(&cleared), true)
		c := charge("12.50")
		c.Timeout = time.Second
		r, err := s.Pay(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(4 * time.Minute)
		if now, err := s.Clear(t.Context(), ""); err != nil || len(now) != 0 || len(cleared) != 0 {
			t.Errorf("cleared %v, %v", cleared, err)
		}
		if c, ok, err := s.Case(t.Context(), r.Order.Number); err != nil || !ok || c.Verdict != payment.VerdictOpen {
			t.Errorf("the case is %+v, %v", c, err)
		}
	})
}

func TestARefusedSaleWithdrawsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var cleared []string
		s := open(t, prompting(&cleared), true)
		c := charge("12.50")
		c.Timeout = time.Second
		if _, err := s.Pay(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Pay(t.Context(), c); payment.CodeOf(err) != payment.CodeOpenUnknown {
			t.Errorf("the same sum gives %v", err)
		}
		if len(cleared) != 0 {
			t.Errorf("%v was withdrawn although nothing took its place", cleared)
		}
	})
}
