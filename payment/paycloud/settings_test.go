package paycloud_test

import (
	"maps"
	"strings"
	"testing"

	"tillkeeper/payment"
	"tillkeeper/payment/drivertest"
	"tillkeeper/payment/paycloud"
	"tillkeeper/payment/paycloud/paycloudsim"
)

func TestCapabilitiesFollowTheSettings(t *testing.T) {
	cloud := newCloud(t, paycloudsim.Options{})
	defer cloud.Close()
	open := func(p payment.Protocol, settings map[string]string) payment.Capabilities {
		all := cloud.Settings()
		maps.Copy(all, settings)
		d, err := p.Open(payment.Terminal{Address: p.Name + "://", Settings: all}, payment.Env{
			Secret: func(key string) (string, error) { return cloud.Credentials()[key], nil },
		})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		return d.Capabilities()
	}
	c := open(paycloud.CodePay(), nil)
	if len(c.Operations) != 6 || len(c.SwitchedOff) != 0 || !c.VoidPreAuth || !c.BatchClose || !c.NotFoundProves {
		t.Errorf("%+v", c)
	}
	c = open(paycloud.SADAD(), nil)
	if len(c.Operations) != 1 || c.SwitchedOff[payment.Refund] != "refund=on" || c.SwitchedOff[payment.Void] != "void=on" || c.BatchClose || c.VoidPreAuth {
		t.Errorf("%+v", c)
	}
	c = open(paycloud.SADAD(), map[string]string{"void": "on", "refund": "on"})
	if !c.Can(payment.Void) || !c.Can(payment.Refund) || c.Can(payment.PreAuth) {
		t.Errorf("%+v", c)
	}
}

func TestOpenRefuses(t *testing.T) {
	cloud := newCloud(t, paycloudsim.Options{BasicUser: "u", BasicPassword: "p"})
	defer cloud.Close()
	for name, c := range map[string]struct {
		settings, secrets map[string]string
		want              payment.Code
	}{
		"no merchant":           {settings: map[string]string{"merchant_no": ""}, want: payment.CodeBadSetting},
		"no private key":        {secrets: map[string]string{"private_key": ""}, want: payment.CodeSecretMissing},
		"no platform key":       {secrets: map[string]string{"platform_key": ""}, want: payment.CodeSecretMissing},
		"our own public key":    {secrets: map[string]string{"platform_key": file(t, "application_public.txt")}, want: payment.CodeBadSetting},
		"a key of words":        {secrets: map[string]string{"private_key": "secret"}, want: payment.CodeBadSetting},
		"an unknown setting":    {settings: map[string]string{"nonsense": "1"}, want: payment.CodeBadSetting},
		"a bad currency":        {settings: map[string]string{"currency": "XXX"}, want: payment.CodeBadSetting},
		"too short an expiry":   {settings: map[string]string{"expires": "5"}, want: payment.CodeBadSetting},
		"a relative notify_url": {settings: map[string]string{"notify_url": "/cb"}, want: payment.CodeBadSetting},
		"basic without a user":  {settings: map[string]string{"authentication": "basic"}, secrets: map[string]string{"basic_user": ""}, want: payment.CodeSecretMissing},
		"basic":                 {settings: map[string]string{"authentication": "basic"}, secrets: map[string]string{"private_key": "", "platform_key": ""}},
		"unverified":            {settings: map[string]string{"verify": "unverified"}, secrets: map[string]string{"platform_key": ""}},
		"no api_version":        {settings: map[string]string{"api_version": ""}},
	} {
		r := &rig{Bench: drivertest.Bench{T: t}, cloud: cloud}
		err := r.open(setup{settings: c.settings, secrets: c.secrets})
		if payment.CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
		if err == nil {
			r.Close()
		}
	}
	if err := (&rig{Bench: drivertest.Bench{T: t}, cloud: cloud}).open(setup{protocol: paycloud.SADAD(), settings: map[string]string{"authentication": "basic"}}); payment.CodeOf(err) != payment.CodeBadSetting {
		t.Errorf("SADAD takes basic authentication: %v", err)
	}
}

func TestAddresses(t *testing.T) {
	for text, want := range map[string]string{
		"codepay-cloud://codepay-open.codepay.us":               "codepay-cloud://codepay-open.codepay.us",
		"codepay-cloud://codepay-open.codepay.us/":              "codepay-cloud://codepay-open.codepay.us",
		"codepay-cloud+https://shop-open.codepay.us/api/entry/": "codepay-cloud://shop-open.codepay.us",
		"codepay-cloud://": "codepay-cloud://codepay-open.codepay.us",
		"codepay-cloud+http://127.0.0.1:8080/api/entry":            "codepay-cloud+http://127.0.0.1:8080",
		"codepay-cloud+http://127.0.0.1:8080/pay/api/entry":        "codepay-cloud+http://127.0.0.1:8080/pay",
		"codepay-cloud+http://codepay-open.codepay.us":             "",
		"sadad://open.sadadpos.com":                                "",
		"codepay-cloud://user@codepay-open.codepay.us/":            "",
		"codepay-cloud://codepay-open.codepay.us/api/entry?app=wz": "",
	} {
		got, err := paycloud.CodePay().Address(text)
		if got != want || want == "" && payment.CodeOf(err) != payment.CodeBadAddress {
			t.Errorf("%s is %q, %v; want %q", text, got, err, want)
		}
	}
	if got, err := paycloud.SADAD().Address("sadad://"); got != "sadad://open.sadadpos.com" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestEverySettingIsExplained(t *testing.T) {
	for _, p := range []payment.Protocol{paycloud.CodePay(), paycloud.SADAD()} {
		for _, s := range append(p.Settings, p.Secrets...) {
			if s.Key == "" || !strings.HasSuffix(s.Help, ".") {
				t.Errorf("%s: %q is explained as %q", p.Name, s.Key, s.Help)
			}
			if s.Check != nil && s.Default != "" && s.Check(s.Default) != nil {
				t.Errorf("%s: the default %q of %s does not hold", p.Name, s.Default, s.Key)
			}
		}
	}
}
