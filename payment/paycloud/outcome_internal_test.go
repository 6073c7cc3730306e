package paycloud

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"testing"

	"tillkeeper/payment"
)

func pkcs1Of(key *rsa.PrivateKey) string {
	return base64.StdEncoding.EncodeToString(x509.MarshalPKCS1PrivateKey(key))
}

// TestVerdict is the table of states and reasons (§7.2, §7.4).
func TestVerdict(t *testing.T) {
	for _, c := range []struct {
		status, code, text string
		outcome            payment.Outcome
		why                payment.Code
	}{
		{"9", "", "", payment.Pending, payment.CodePending},
		{"0", "", "", payment.Pending, payment.CodePending},
		{"2", "", "", payment.Approved, ""},
		{"3", "", "", payment.Cancelled, payment.CodeReversed},
		{"1", "TS-D2012", "Insufficient Funds", payment.Declined, payment.CodeInsufficientFunds},
		{"1", "110", "Operator cancellation[[K026]Manual cancelation by operator]", payment.Cancelled, payment.CodeCancelledThere},
		{"1", "110", "Abbruch[[K026]Vom Personal]", payment.Cancelled, payment.CodeCancelledThere},
		{"1", "110", "Operation failed", payment.Declined, payment.CodeDeclined},
		{"1", "112", "Transaction timeout", payment.Expired, payment.CodeExpired},
		{"1", "112", "Transaction timeout[[K027]Timeout]", payment.Pending, payment.CodeTerminalTimeout},
		{"1", "106", "x[[K009]Unknown exception]", payment.Pending, payment.CodeHostFault},
		{"1", "106", "x[[K017]Still processing]", payment.Pending, payment.CodePending},
		{"1", "106", "x[[K036]Reversed]", payment.Pending, payment.CodeHostFault},
		{"1", "106", "x[[K037]Not reversed]", payment.Pending, payment.CodeHostFault},
		{"1", "K037", "", payment.Pending, payment.CodeHostFault},
		{"1", "106", "x[[K030]Printer]", payment.Declined, payment.CodeDeclined},
		{"1", "119", "x[[ET008]Reversal not allowed]", payment.Declined, payment.CodeBatchClosed},
		{"1", "", "", payment.Cancelled, payment.CodeCancelledThere},
		{"2", "110", "", "", payment.CodeBadAnswer},
		{"4", "", "", "", payment.CodeUnknownStatus},
		{"", "", "", "", payment.CodeUnknownStatus},
		{"11", "", "", "", payment.CodeUnknownStatus},
	} {
		outcome, why, err := verdict(fields{"trans_status": c.status, "trans_error_code": c.code, "trans_error_msg": c.text})
		if err != nil {
			why = payment.CodeOf(err)
		}
		if outcome != c.outcome || why != c.why {
			t.Errorf("%s %s %q is %s %s, want %s %s", c.status, c.code, c.text, outcome, why, c.outcome, c.why)
		}
	}
}

// TestFailures: what is not listed proves nothing (§7.3, §11.1).
func TestFailures(t *testing.T) {
	for code, want := range map[string]effect{
		"SYS002": nothing, "SYS011": nothing, "E07303": nothing, "E04110": absent, "E04111": absent, "E04112": exists,
		"E04126": refused, "E04130": refused, "E04131": refused, "E04132": refused, "ET002": refused, "ET003": refused,
		"ET007": refused, "ET008": refused, "M010": refused, "SYS001": unsure, "E99999": unsure, "F00001": unsure, "": unsure,
	} {
		if got := failureOf(code); got.effect != want {
			t.Errorf("%s is %d, want %d", code, got.effect, want)
		}
	}
}

// TestSumsThatDoNotFitShow: a total that is not the sum of its parts is what was
// moved (§6.2).
func TestSumsThatDoNotFitShow(t *testing.T) {
	for name, c := range map[string]struct {
		biz  fields
		want string
	}{
		"all there":                {fields{"order_amount": "34.5", "tip_amount": "5", "trans_amount": "39.5", "paid_amount": "39.5"}, "34.50"},
		"no totals":                {fields{"order_amount": "34.5"}, "34.50"},
		"a fee on top":             {fields{"order_amount": "10", "trans_fee_c": "0.3", "trans_amount": "10", "paid_amount": "10.3"}, "10.00"},
		"a channel's discount":     {fields{"order_amount": "10", "trans_amount": "10", "paid_amount": "9", "discount_bpc": "1"}, "10.00"},
		"less was paid":            {fields{"order_amount": "10", "trans_amount": "10", "paid_amount": "4"}, "4.00"},
		"more was paid":            {fields{"order_amount": "10", "tip_amount": "1", "trans_amount": "11", "paid_amount": "21"}, "20.00"},
		"the total is another sum": {fields{"order_amount": "10", "trans_amount": "12"}, "12.00"},
	} {
		c.biz["trans_status"], c.biz["price_currency"] = "2", "USD"
		f, err := facts(c.biz, "QAR")
		if err != nil || f.Amounts.Amount.Text() != c.want || f.Amounts.Amount.Currency() != "USD" {
			t.Errorf("%s: %s, %v; want %s", name, f.Amounts.Amount, err, c.want)
		}
	}
	for _, bad := range []fields{{"order_amount": "1.005"}, {"order_amount": "-1"}, {"order_amount": "1e3"}, {"order_amount": "1", "price_currency": "XXX"}} {
		bad["trans_status"] = "2"
		if _, err := facts(bad, "USD"); err == nil {
			t.Errorf("%v is read", bad)
		}
	}
}

// TestWhatIsKept: facts hold no more of a card or a wallet than they may.
func TestWhatIsKept(t *testing.T) {
	f, err := facts(fields{
		"pay_user_account_id": "41004003****4735", "trans_end_time": "2026-01-01 00:01:00", "auth_code": "A1", "ref_no": "6001",
		"entry_model": "2", "trans_no": "5123", "pay_method_id": "Visa",
	}, "USD")
	if err != nil || f.Card != "4735" || f.TerminalTime != "2026-01-01 00:01:00 UTC" || f.AuthCode != "A1" || f.EntryMode != "chip" {
		t.Errorf("%+v, %v", f, err)
	}
	m, err := decode([]byte(`{"code":"0","sign":"c2VjcmV0","data":"{}"}`))
	if err != nil {
		t.Fatal(err)
	}
	inner, err := decode([]byte(`{"pay_user_account_id":"eva@example.com","billing_address":"Street 1","trans_no":"1","cvv":"123"}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := masked(m, inner); got != `{"code":"0","data":{"cvv":"***","trans_no":"1"}}` {
		t.Errorf("kept: %s", got)
	}
}
