package iotpaysim_test

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"go.uber.org/goleak"

	"tillkeeper/payment/iotpay/iotpaysim"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type values = map[string]any

const key = "EXAMPLEKEY1234567890"

// client is a client of other people: net/http, and a signature of its own.
type client struct {
	t    *testing.T
	http http.Client
	base string
}

// in runs a test inside a bubble of fake time, over pipes.
func in(t *testing.T, opts iotpaysim.Options, test func(t *testing.T, sim *iotpaysim.Gateway, c *client)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		opts.Key = key
		sim := iotpaysim.New(opts)
		defer sim.Close()
		transport := &http.Transport{DialContext: sim.DialContext}
		defer transport.CloseIdleConnections()
		test(t, sim, &client{t, http.Client{Transport: transport}, "http://gateway"})
	})
}

// signed adds the signature of §3.1, written once more.
func signed(v values) values {
	v = maps.Clone(v)
	delete(v, "sign")
	text := ""
	for _, name := range slices.Sorted(maps.Keys(v)) {
		if value := fmt.Sprint(v[name]); value != "" {
			text += name + "=" + value + "&"
		}
	}
	sum := md5.Sum([]byte(text + "key=" + key))
	v["sign"] = strings.ToUpper(hex.EncodeToString(sum[:]))
	return v
}

func text(v values) string {
	b, _ := json.Marshal(v)
	return string(b)
}

// post says exactly what a test says, and returns status and body.
func (c *client) post(ctx context.Context, path, body string) (int, string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+path, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r, err := c.http.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer r.Body.Close()
	if r.ContentLength < 0 {
		c.t.Error("an answer without Content-Length")
	}
	b, err := io.ReadAll(r.Body)
	return r.StatusCode, string(b), err
}

// call sends a signed request, properly encoded, and reads the answer.
func (c *client) call(path string, v values) values {
	c.t.Helper()
	_, body, err := c.post(c.t.Context(), path, "params="+url.QueryEscape(text(signed(v))))
	if err != nil {
		c.t.Fatal(err)
	}
	return c.read(body)
}

func (c *client) read(body string) values {
	c.t.Helper()
	var v values
	dec := json.NewDecoder(strings.NewReader(body))
	dec.UseNumber()
	if err := dec.Decode(&v); err != nil {
		c.t.Fatalf("%v in %s", err, body)
	}
	return v
}

func order(number, amount string) values {
	return values{
		"amount": amount, "body": "Order 1", "channelId": "CC_PAX", "clientIp": "192.168.1.20", "currency": "CAD", "device": "POS-01",
		"extra": "CC_API", "jobNo": "cashier1", "mchId": "10009999", "mchOrderNo": number, "notifyUrl": "http://localhost", "subject": "Counter sale",
	}
}

// of returns v with other members.
func (w with) of(v values) values {
	v = maps.Clone(v)
	maps.Copy(v, values(w))
	return v
}

type with values

func (c *client) sale(number, amount string) values {
	return c.call("/v1/create_order", order(number, amount))
}

func (c *client) query(number string) values {
	return c.call("/v1/query_order", values{"mchId": "10009999", "mchOrderNo": number})
}

// want compares members, those of payOrder as "order.name".
func want(t *testing.T, got values, members values) {
	t.Helper()
	nested, _ := got["payOrder"].(values)
	for name, value := range members {
		have := got[name]
		if inner, ok := strings.CutPrefix(name, "order."); ok {
			have = nested[inner]
		}
		if fmt.Sprint(have) != fmt.Sprint(value) {
			t.Errorf("%s is %v, want %v in %v", name, have, value, got)
		}
	}
}

// card is the card data of an answer.
func card(t *testing.T, v values) values {
	t.Helper()
	nested, ok := v["payOrder"].(values)
	if !ok {
		nested = v
	}
	var data values
	if err := json.Unmarshal([]byte(fmt.Sprint(nested["extra"])), &data); err != nil {
		t.Fatalf("%v in %v", err, nested["extra"])
	}
	return data
}

func wantCharges(t *testing.T, sim *iotpaysim.Gateway, charges ...string) {
	t.Helper()
	var got []string
	for _, c := range sim.Charges() {
		got = append(got, c.Order+" "+c.Operation+" "+c.Amount+" "+c.Currency)
	}
	if fmt.Sprint(got) != fmt.Sprint(charges) {
		t.Errorf("charges %q, want %q", got, charges)
	}
}

func wantRule(t *testing.T, sim *iotpaysim.Gateway, rule iotpaysim.Rule) {
	t.Helper()
	for _, f := range sim.Findings() {
		if f.Rule == rule {
			return
		}
	}
	t.Errorf("no finding %q in %v", rule, sim.Findings())
}
