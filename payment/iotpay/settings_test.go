package iotpay_test

import (
	"slices"
	"strings"
	"testing"

	"tillkeeper/payment"
	"tillkeeper/payment/iotpay"
)

func TestOpenRefusesWhatCannotBe(t *testing.T) {
	good := map[string]string{"mch_id": "1", "job_no": "a"}
	with := func(key, value string) map[string]string {
		return map[string]string{"mch_id": "1", "job_no": "a", key: value}
	}
	key := func(string) (string, error) { return merchantKey, nil }
	locked := func(string) (string, error) { return "", payment.Errorf(payment.CodeSecretsLocked, "locked") }
	for _, tc := range []struct {
		address  string
		settings map[string]string
		secret   func(string) (string, error)
		code     payment.Code
	}{
		{"iotpay://", good, key, ""},
		{"iotpay+http://192.0.2.1", good, key, payment.CodeBadAddress},
		{"comgate://192.0.2.1", good, key, payment.CodeBadAddress},
		{"iotpay://", good, nil, payment.CodeSecretMissing},
		{"iotpay://", good, func(string) (string, error) { return "", nil }, payment.CodeSecretMissing},
		{"iotpay://", good, locked, payment.CodeSecretsLocked},
		{"iotpay://", map[string]string{"mch_id": "1"}, key, payment.CodeBadSetting},
		{"iotpay://", map[string]string{"job_no": "1"}, key, payment.CodeBadSetting},
		{"iotpay://", with("colour", "red"), key, payment.CodeBadSetting},
		{"iotpay://", with("currency", "XXX"), key, payment.CodeBadSetting},
		{"iotpay://", with("create_timeout_s", "soon"), key, payment.CodeBadSetting},
		{"iotpay://", with("wrapper", "paper"), key, payment.CodeBadSetting},
		{"iotpay://", with("response_sign", "maybe"), key, payment.CodeBadSetting},
		{"iotpay://", with("tip", "perhaps"), key, payment.CodeBadSetting},
		{"iotpay://", with("device", strings.Repeat("x", 65)), key, payment.CodeBadSetting},
		{"iotpay://", with("path.refund", "/x"), key, payment.CodeBadSetting},
		{"iotpay://", with("client_ip", "here"), key, payment.CodeBadSetting},
		{"iotpay://", with("job_no", "café"), key, payment.CodeBadSetting},
	} {
		d, err := iotpay.Protocol().Open(payment.Terminal{Address: tc.address, Settings: tc.settings}, payment.Env{Secret: tc.secret})
		if payment.CodeOf(err) != tc.code {
			t.Errorf("%s %v: %v, want %q", tc.address, tc.settings, err, tc.code)
		}
		if err == nil {
			d.Close()
		}
	}
}

func TestEverySettingIsExplainedAndItsDefaultHolds(t *testing.T) {
	p := iotpay.Protocol()
	for _, s := range slices.Concat(p.Settings, p.Secrets) {
		if s.Help == "" || s.Check == nil {
			t.Errorf("%s: no help or no check", s.Key)
		}
		needed := s.Key == "mch_id" || s.Key == "job_no" || s.Key == "merchant_key"
		if err := s.Check(s.Default); (err != nil) != needed {
			t.Errorf("%s: the default %q: %v", s.Key, s.Default, err)
		}
	}
}
