package comgatecloud_test

import (
	"net/http"
	"testing"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/comgatecloud/comgatecloudsim"
)

func TestVoid(t *testing.T) {
	in(t, setup{sim: comgatecloudsim.Defaults()}, func(t *testing.T, r *rig) {
		req := sale("A1", "10.00")
		paid := r.Must(req, payment.Approved)
		res := r.Must(voidOf("V1", req, paid), payment.Approved)
		if res.Number != "V1" || res.Operation != payment.Void || res.Facts.Amounts.Amount.Text() != "10.00" {
			t.Errorf("%+v", res)
		}
		req.Reference = paid.Facts.Reference
		if res, err := r.Status(t.Context(), req); err != nil || res.Outcome != payment.Cancelled || res.Code != payment.CodeReversed {
			t.Errorf("the sale after it: %+v, %v", res, err)
		}
		r.wantCharges("A1 sale 10.00 CZK", "V1 void 10.00 CZK")
	})
}

func TestVoidRefused(t *testing.T) {
	in(t, setup{}, func(t *testing.T, r *rig) {
		req := sale("A1", "10.00")
		paid := r.Must(req, payment.Approved)
		if _, err := r.CloseBatch(t.Context(), "B1"); err != nil {
			t.Fatal(err)
		}
		if res := r.Must(voidOf("V1", req, paid), payment.Declined); res.Text != "1400: The batch is closed" {
			t.Errorf("%+v", res)
		}
		r.wantCharges("A1 sale 10.00 CZK")
	})
}

// TestVoidAnswers: whatever is said to the DELETE, the payment decides.
func TestVoidAnswers(t *testing.T) {
	const kept, reversed = `{"code":0,"status":"PAID","reversed":false}`, `{"code":0,"status":"PAID","reversed":true}`
	for _, c := range []struct {
		name, answer, payment string
		outcome               payment.Outcome
		code                  payment.Code
	}{
		{"lost, and carried out", `000 `, reversed, payment.Approved, ""},
		{"lost, and nothing seen of it", `000 `, kept, "", payment.CodeLinkLost},
		{"a fault, and carried out", `200 {"code":1500}`, reversed, payment.Approved, ""},
		{"a fault, and nothing seen of it", `200 {"code":1500}`, kept, "", payment.CodeHostFault},
		{"a page, and nothing seen of it", `500 <html>`, kept, "", payment.CodeErrorPage},
		{"accepted, and never carried out", `200 {"code":0}`, kept, "", payment.CodePending},
		{"turned down", `200 {"code":1400}`, kept, payment.Declined, payment.CodeDeclined},
		{"turned down because it was carried out", `200 {"code":1400}`, reversed, payment.Approved, ""},
		{"turned down, and nobody can be asked", `200 {"code":1400}`, `oops`, "", payment.CodeBadAnswer},
		{"turned down at the door", `401 `, kept, payment.Refused, payment.CodeWrongPassword},
	} {
		server := online(func(req *http.Request, _ string) (int, string) {
			if req.Method == http.MethodDelete {
				return int(c.answer[0]-'0')*100 + int(c.answer[2]-'0'), c.answer[4:]
			}
			return 200, c.payment
		})
		in(t, setup{server: server}, func(t *testing.T, r *rig) {
			begin := time.Now()
			req := voidOf("V1", sale("A1", "10.00"), payment.Result{Facts: payment.Facts{Reference: "T1"}})
			res, err := r.Run(req)
			if res.Outcome != c.outcome || err == nil && res.Code != c.code || err != nil && payment.CodeOf(err) != c.code {
				t.Errorf("%s: %+v, %v", c.name, res, err)
			}
			if took := time.Since(begin); took > time.Minute {
				t.Errorf("%s: it took %s", c.name, took)
			}
			if res, err := r.Status(t.Context(), req); c.payment == kept && (err != nil || res.Outcome != payment.NotFound) {
				t.Errorf("%s: asked later: %+v, %v", c.name, res, err)
			}
		})
	}
}

func TestVoidWithoutConfirmation(t *testing.T) {
	server := online(func(req *http.Request, _ string) (int, string) {
		if req.Method != http.MethodDelete {
			t.Errorf("%s %s", req.Method, req.URL)
		}
		return 200, `{"code":0,"message":"OK"}`
	})
	in(t, setup{server: server, settings: map[string]string{"confirm_void": "off"}}, func(t *testing.T, r *rig) {
		r.Must(voidOf("V1", sale("A1", "10.00"), payment.Result{Facts: payment.Facts{Reference: "T1"}}), payment.Approved)
	})
}
