package iotpaysim

import (
	"strings"
	"testing"
	"time"
)

// FuzzRequest: no body panics the gateway, and none moves money without the key.
func FuzzRequest(f *testing.F) {
	f.Fuzz(func(t *testing.T, body string) {
		g := New(Options{})
		defer g.Close()
		r, no := g.read(body)
		if no != nil {
			return
		}
		if g.trusted(r) == nil {
			t.Errorf("%q is trusted", body)
		}
		r.params["mchId"] = g.opts.MchID
		r.params["sign"] = signature(r.params, g.opts.Key)
		if g.trusted(r) != nil {
			t.Errorf("%q is not trusted with its signature", body)
		}
		if amount, no := g.checkCreate(r); no == nil && (!amount.IsPositive() || r.number() == "") {
			t.Errorf("%q is an order over %s", body, amount)
		}
	})
}

// FuzzParseScript: a script is taken or refused as a whole.
func FuzzParseScript(f *testing.F) {
	f.Fuzz(func(t *testing.T, script string) {
		g := New(Options{})
		defer g.Close()
		if err := g.ParseScript(strings.NewReader(script)); err != nil && g.script.Len() > 0 {
			t.Errorf("%q is refused (%v), and %d lines of it are taken", script, err, g.script.Len())
		}
	})
}

func TestEasternTime(t *testing.T) {
	for utc, want := range map[string]string{
		"2021-09-22T19:23:14Z": "15:23", "2021-01-20T21:40:33Z": "16:40",
		"2024-03-10T06:59:59Z": "01:59", "2024-03-10T07:00:00Z": "03:00",
		"2024-11-03T05:59:59Z": "01:59", "2024-11-03T06:00:00Z": "01:00",
	} {
		at, err := time.Parse(time.RFC3339, utc)
		if err != nil {
			t.Fatal(err)
		}
		if got := eastern(at).Format("15:04"); got != want {
			t.Errorf("%s is %s, want %s", utc, got, want)
		}
	}
}
