package ecrhub_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/ecrhub/ecrhubsim"
)

func TestBatchClose(t *testing.T) {
	in(t, setup{}, func(t *testing.T, r *rig) {
		if _, err := r.Do(t.Context(), sale("A1", "10.00"), nil); err != nil {
			t.Fatal(err)
		}
		got, err := r.CloseBatch(t.Context(), "B1")
		if err != nil || got.Sales.Count >= 0 || got.Raw == "" {
			t.Errorf("batch close: %+v, %v", got, err)
		}
		res, err := r.Do(t.Context(), followUp(payment.Void, "V1", "A1", "10.00"), nil)
		if err != nil || res.Outcome != payment.Declined || res.Code != payment.CodeBatchClosed {
			t.Errorf("a void after it: %+v, %v", res, err)
		}
	})
}

func TestBatchCloseThatIsNotHeardOf(t *testing.T) {
	in(t, setup{}, func(t *testing.T, r *rig) {
		r.network(false)
		if _, err := r.CloseBatch(t.Context(), "B1"); !errors.Is(err, payment.ErrNotSent) {
			t.Errorf("without a network: %v", err)
		}
		r.network(true)
		r.sim.HangUp()
		begin := time.Now()
		if _, err := r.CloseBatch(t.Context(), "B2"); err != nil {
			t.Errorf("a moment later: %v after %v", err, time.Since(begin))
		}
	})
}

func TestReservesAreCancelledAsTheTerminalWants(t *testing.T) {
	for setting, types := range map[string][2]string{"false": {"2", "2"}, "true": {"5", "7"}} {
		in(t, setup{sim: ecrhubsim.Options{}, settings: map[string]string{"cancel_types": setting}}, func(t *testing.T, r *rig) {
			reserve := sale("P1", "50.00")
			reserve.Order.Operation = payment.PreAuth
			for _, req := range []payment.Request{
				reserve, followUp(payment.Completion, "C1", "P1", "40.00"),
				withOriginal(followUp(payment.Void, "V1", "C1", "40.00"), payment.Completion),
			} {
				if res, err := r.Do(t.Context(), req, nil); err != nil || res.Outcome != payment.Approved {
					t.Fatalf("%s %s: %+v, %v", setting, req.Order.Operation, res, err)
				}
			}
			reserve.Order.Number = "P2"
			_, _ = r.Do(t.Context(), reserve, nil)
			if res, err := r.Do(t.Context(), withOriginal(followUp(payment.Void, "V2", "P2", "50.00"), payment.PreAuth), nil); err != nil || res.Outcome != payment.Approved {
				t.Errorf("%s: cancel of a reserve: %+v, %v", setting, res, err)
			}
			for i, number := range []string{"V2", "V1"} {
				if want := `"trans_type":"` + types[i] + `","merchant_order_no":"` + number + `"`; !r.heard(want) {
					t.Errorf("%s: %s was not sent", setting, want)
				}
			}
		})
	}
}

// heard reports whether a message with that text reached the terminal.
func (r *rig) heard(text string) bool {
	return slices.ContainsFunc(r.sim.Frames(), func(f ecrhubsim.Frame) bool { return strings.Contains(f.Text, text) })
}

func withOriginal(req payment.Request, op payment.Operation) payment.Request {
	req.OriginalOperation = op
	return req
}
