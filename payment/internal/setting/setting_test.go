package setting_test

import (
	"errors"
	"regexp"
	"slices"
	"testing"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/setting"
)

var protocol = payment.Protocol{Name: "tin-can", Settings: []payment.Setting{
	{Key: payment.SettingCurrency, Default: "CZK", Check: setting.Currency},
	{Key: "tip", Default: "off", Check: setting.OnOff},
	{Key: "patience_s", Default: "20", Check: setting.Number(1, 60)},
	{Key: "version", Default: "2.0"},
}}

func TestReadFillsInWhatIsNotSet(t *testing.T) {
	v, err := setting.Read(protocol, payment.Terminal{Settings: map[string]string{"tip": "Yes", "patience_s": "", "version": ""}})
	if err != nil {
		t.Fatal(err)
	}
	if v.Currency() != "CZK" || !v.Truth("tip") || v["version"] != "2.0" {
		t.Errorf("%v", v)
	}
	if v.Number("patience_s") != 20 || v.Seconds("patience_s") != 20*time.Second || v.Milliseconds("patience_s") != 20*time.Millisecond {
		t.Errorf("patience is %q", v["patience_s"])
	}
}

func TestReadKeepsABlankThatIsMeant(t *testing.T) {
	given := map[string]string{"tip": "", "version": ""}
	v, err := setting.Read(protocol, payment.Terminal{Settings: given}, "version")
	if err != nil || v["version"] != "" || v["tip"] != "off" {
		t.Errorf("%v, %v", v, err)
	}
	if v, _ = setting.Read(protocol, payment.Terminal{}, "version"); v["version"] != "2.0" {
		t.Errorf("a version that is not there at all is %q", v["version"])
	}
}

func TestReadRefusesWhatCannotBe(t *testing.T) {
	for key, value := range map[string]string{"currency": "XXX", "tip": "maybe", "patience_s": "61", "colour": "red"} {
		v, err := setting.Read(protocol, payment.Terminal{Settings: map[string]string{key: value}})
		if payment.CodeOf(err) != payment.CodeBadSetting || v[key] != value {
			t.Errorf("%s=%s: %v, %v", key, value, v, err)
		}
	}
}

func TestChecks(t *testing.T) {
	digits := regexp.MustCompile(`^[0-9]{3}$`)
	for _, tc := range []struct {
		name  string
		check setting.Check
		good  []string
		bad   string
		says  string
	}{
		{"a currency", setting.Currency, []string{"USD", "KWD"}, "XXX", ""},
		{"a number", setting.Number(1, 60), []string{"1", "60"}, "0", `"0" is not a whole number from 1 to 60`},
		{"not half a number", setting.Number(1, 60), nil, "1.5", `"1.5" is not a whole number from 1 to 60`},
		{"a switch", setting.OnOff, []string{"on", "OFF", "true", "no", "1", "0"}, "", `"" is neither on nor off`},
		{"a truth", setting.TrueFalse, []string{"true", "False", "yes", "off", "1", "0"}, "2", `"2" is neither true nor false`},
		{"a word", setting.OneOf("warn", "off"), []string{"warn", "off"}, "WARN", `"WARN" is none of warn, off`},
		{"a form", setting.Matches(digits, "three digits"), []string{"203"}, "", `"" is not three digits`},
		{"a form or nothing", setting.Optional(setting.Matches(digits, "three digits")), []string{"", "203"}, "20", `"20" is not three digits`},
		{"no card number", setting.OnOff, nil, "4111111111111111", `"************1111" is neither on nor off`},
	} {
		for _, good := range tc.good {
			if err := tc.check(good); err != nil {
				t.Errorf("%s: %v", tc.name, err)
			}
		}
		if err := tc.check(tc.bad); err == nil || tc.says != "" && err.Error() != tc.says {
			t.Errorf("%s: %v, want %s", tc.name, err, tc.says)
		}
	}
}

func TestTruths(t *testing.T) {
	for word, want := range map[string]bool{"on": true, "True": true, "YES": true, "1": true, "off": false, "false": false, "No": false, "0": false} {
		if on, err := setting.ParseTruth(word); on != want || err != nil {
			t.Errorf("%q is %v, %v", word, on, err)
		}
	}
}

func TestList(t *testing.T) {
	if got := setting.List(" a,, b c ,"); !slices.Equal(got, []string{"a", "b c"}) {
		t.Errorf("%q", got)
	}
	if got := setting.List(""); got != nil {
		t.Errorf("%q", got)
	}
}

func TestCompleteKeepsWhatIsGiven(t *testing.T) {
	env := setting.Complete(payment.Env{})
	if env.Dial == nil || env.Now == nil || env.Log == nil || env.Late != nil || env.Link != nil {
		t.Errorf("%+v", env)
	}
	if secret, err := env.Secret("key"); secret != "" || err != nil {
		t.Errorf("%q, %v", secret, err)
	}
	then, locked := time.Unix(1, 0), errors.New("locked")
	env = setting.Complete(payment.Env{
		Now: func() time.Time { return then }, Secret: func(string) (string, error) { return "", locked },
	})
	if _, err := env.Secret("key"); !errors.Is(err, locked) || !env.Now().Equal(then) {
		t.Errorf("%v, %s", err, env.Now())
	}
}
