package comgate_test

import (
	"strings"
	"testing"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/comgate"
	"tillkeeper/payment/comgate/comgatesim"
)

func TestWrongPasswordAndPathAreTurnedDown(t *testing.T) {
	for _, manner := range []comgatesim.Manner{comgatesim.ByStatus, comgatesim.ByBody} {
		in(t, setup{sim: comgatesim.Options{WrongPassword: manner, SecureString: "other"}, rude: true}, func(t *testing.T, r *rig) {
			r.must(sale("N1", "10"), payment.Refused, payment.CodeWrongPassword)
			_, err := r.Test(t.Context())
			wantCode(t, err, payment.CodeWrongPassword)
			_, err = r.Status(t.Context(), sale("N1", "10"))
			wantCode(t, err, payment.CodeWrongPassword)
		})
	}
	in(t, setup{address: "comgate://192.168.1.50/other", rude: true}, func(t *testing.T, r *rig) {
		r.must(sale("N1", "10"), payment.Refused, payment.CodeWrongPath)
		_, err := r.Test(t.Context())
		wantCode(t, err, payment.CodeWrongPath)
		_, err = r.Status(t.Context(), sale("N1", "10"))
		wantCode(t, err, payment.CodeWrongPath)
	})
}

func TestSecretComesBeforeTheSetting(t *testing.T) {
	in(t, setup{sim: comgatesim.Options{SecureString: "s3cretW0rd"}, secret: "s3cretW0rd", settings: map[string]string{"secure_string": "old"}}, func(t *testing.T, r *rig) {
		res := r.must(sale("N1", "10"), payment.Approved, "")
		if strings.Contains(res.Raw, "s3cretW0rd") {
			t.Error(res.Raw)
		}
	})
}

func TestUnknownNumbersAreNotFound(t *testing.T) {
	for _, manner := range []comgatesim.Manner{comgatesim.ByStatus, comgatesim.ByBody} {
		in(t, setup{sim: comgatesim.Options{UnknownIDs: manner}}, func(t *testing.T, r *rig) {
			r.Shows(sale("N1", "10"), payment.NotFound)
		})
	}
}

func TestCapabilitiesFollowTheSettings(t *testing.T) {
	open := func(settings map[string]string) payment.Capabilities {
		d, err := comgate.Open(payment.Terminal{Address: "comgate://192.168.1.50", Settings: settings}, payment.Env{})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		return d.Capabilities()
	}
	c := open(nil)
	if c.Can(payment.Refund) || c.SwitchedOff[payment.Refund] != "refund=on" || c.Can(payment.PreAuth) || c.Tip || c.NotFoundProves || !c.BatchClose || c.Limit != 3*time.Minute {
		t.Errorf("%+v", c)
	}
	c = open(map[string]string{"refund": "on", "path.preauth": "a", "path.preauth_complete": "b", "path.preauth_cancel": "c", "tip_field_name": "tip", "transaction_timeout_s": "60"})
	if !c.Can(payment.Refund) || !c.Can(payment.PreAuth) || !c.Can(payment.Completion) || !c.VoidPreAuth || !c.Tip || len(c.SwitchedOff) != 0 || c.Limit != time.Minute {
		t.Errorf("%+v", c)
	}
}

func TestOpenRefusesWhatCannotBe(t *testing.T) {
	for _, tc := range []struct {
		address  string
		settings map[string]string
		code     payment.Code
	}{
		{"comgate://8.8.8.8", nil, payment.CodeBadAddress},
		{"comgate+https://192.168.1.50", nil, payment.CodeBadAddress},
		{"ecrhub://192.168.1.50", nil, payment.CodeBadAddress},
		{"comgate://192.168.1.50", map[string]string{"currency": "CZK", "currency_code": "978"}, payment.CodeBadSetting},
		{"comgate://192.168.1.50", map[string]string{"currency": "XXX"}, payment.CodeBadSetting},
		{"comgate://192.168.1.50", map[string]string{"path.payment": "../x y"}, payment.CodeBadSetting},
		{"comgate://192.168.1.50", map[string]string{"confirm_mode": "sometimes"}, payment.CodeBadSetting},
		{"comgate://192.168.1.50", map[string]string{"poll_interval_ms": "0"}, payment.CodeBadSetting},
		{"comgate://192.168.1.50", map[string]string{"host": "x"}, payment.CodeBadSetting},
	} {
		_, err := comgate.Open(payment.Terminal{Address: tc.address, Settings: tc.settings}, payment.Env{})
		if payment.CodeOf(err) != tc.code {
			t.Errorf("%s %v: %v", tc.address, tc.settings, err)
		}
	}
	locked := payment.Errorf(payment.CodeSecretsLocked, "locked")
	_, err := comgate.Open(payment.Terminal{Address: "comgate://192.168.1.50"}, payment.Env{Secret: func(string) (string, error) { return "", locked }})
	wantCode(t, err, payment.CodeSecretsLocked)
	for typed, want := range map[string]string{
		"192.168.1.50": "comgate://192.168.1.50:33350/paya", "comgate://terminal.local:8080/gsa/": "comgate://terminal.local:8080/gsa",
	} {
		if got, err := comgate.ParseAddress(typed); err != nil || got != want {
			t.Errorf("%q is %q, %v", typed, got, err)
		}
	}
}

// Every setting explains itself, and its default is one that may be entered.
func TestSettingsExplainThemselves(t *testing.T) {
	keys := map[string]bool{}
	for _, s := range comgate.Settings() {
		keys[s.Key] = true
		if !strings.HasSuffix(s.Help, ".") {
			t.Errorf("%s: %q", s.Key, s.Help)
		}
		if s.Check != nil && s.Check(s.Default) != nil {
			t.Errorf("%s: its default is refused: %v", s.Key, s.Check(s.Default))
		}
	}
	for key := range strings.FieldsSeq(`secure_string currency_code currency_as_string daughter_company_id path.info path.terminal path.payment
		path.refund path.reverse path.closing path.status path.result path.confirm path.cancel path.preauth path.preauth_complete
		path.preauth_cancel path.moto path.print status.finished status.cancelable poll_interval_ms transaction_timeout_s
		connect_timeout_ms request_timeout_ms confirm_mode confirm_retries result_ok_codes currency tip_field_name refund invoice_number`) {
		if !keys[key] {
			t.Errorf("there is no setting %s (A.2)", key)
		}
	}
}
