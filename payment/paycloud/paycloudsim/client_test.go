package paycloudsim_test

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tillkeeper/payment/paycloud/paycloudsim"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var keys = sync.OnceValues(func() (*rsa.PrivateKey, *rsa.PrivateKey) { return paycloudsim.MakeKey(), paycloudsim.MakeKey() })

// client is a client of the cloud that was written without any of our drivers.
type client struct {
	t     *testing.T
	cloud *paycloudsim.Cloud
	key   *rsa.PrivateKey
	base  string
}

func start(t *testing.T, opts paycloudsim.Options) *client {
	t.Helper()
	app, platform := keys()
	opts.AppKey, opts.PlatformKey = app, platform
	c := &client{t: t, cloud: paycloudsim.New(opts), key: app}
	if err := c.cloud.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	c.base = "http://" + c.cloud.Addr().String()
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		if err := errors.Join(c.cloud.Close(), c.cloud.Close()); err != nil {
			t.Errorf("the cloud does not close twice: %v", err)
		}
	})
	return c
}

func canonical(m map[string]string) string {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(m)) {
		if name != "sign" && m[name] != "" {
			pairs = append(pairs, name+"="+m[name])
		}
	}
	return strings.Join(pairs, "&")
}

func (c *client) signed(method string, biz map[string]string) map[string]string {
	m := map[string]string{
		"app_id": c.cloud.Settings()["app_id"], "method": method, "format": "JSON", "charset": "UTF-8", "sign_type": "RSA2",
		"version": "1.0", "timestamp": strconv.FormatInt(time.Now().UnixMilli(), 10), "merchant_no": c.cloud.Settings()["merchant_no"],
	}
	maps.Copy(m, biz)
	sum := sha256.Sum256([]byte(canonical(m)))
	signature, err := rsa.SignPKCS1v15(rand.Reader, c.key, crypto.SHA256, sum[:])
	if err != nil {
		c.t.Fatal(err)
	}
	if m["sign"] == "" {
		m["sign"] = base64.StdEncoding.EncodeToString(signature)
	}
	return m
}

// post sends a body and returns the answer, whose signature must be good.
func (c *client) post(path, kind string, body []byte) map[string]string {
	c.t.Helper()
	resp, err := http.Post(c.base+path, kind, bytes.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil || resp.ContentLength != int64(len(text)) || resp.Header.Get("Date") == "" {
		c.t.Fatalf("%v, %d of %d bytes", err, len(text), resp.ContentLength)
	}
	var m map[string]string
	if err := json.Unmarshal(text, &m); err != nil {
		c.t.Fatalf("%s: %v", text, err)
	}
	der, err := base64.StdEncoding.DecodeString(c.cloud.Credentials()["platform_key"])
	if err != nil {
		c.t.Fatal(err)
	}
	key, err := x509.ParsePKIXPublicKey(der)
	if err != nil {
		c.t.Fatal(err)
	}
	signature, err := base64.StdEncoding.DecodeString(m["sign"])
	sum := sha256.Sum256([]byte(canonical(m)))
	if err != nil || rsa.VerifyPKCS1v15(key.(*rsa.PublicKey), crypto.SHA256, sum[:], signature) != nil || m["psn"] == "" {
		c.t.Errorf("%s is not signed, or has no psn", text)
	}
	return m
}

func (c *client) call(method string, biz map[string]string) map[string]string {
	c.t.Helper()
	body, err := json.Marshal(c.signed(method, biz))
	if err != nil {
		c.t.Fatal(err)
	}
	return c.post("/api/entry", "application/json;charset=UTF-8", body)
}

func (c *client) order(kind, number, original, amount string) map[string]string {
	s := c.cloud.Settings()
	return map[string]string{
		"store_no": s["store_no"], "terminal_sn": s["terminal_sn"], "message_receiving_application": "CodePay Register",
		"merchant_order_no": number, "orig_merchant_order_no": original, "trans_type": kind, "pay_scenario": "SWIPE_CARD",
		"price_currency": "USD", "order_amount": amount, "description": "Café & crème = 100%", "expires": "180",
	}
}

func (c *client) create(kind, number, original, amount string) string {
	c.t.Helper()
	m := c.order(kind, number, original, amount)
	maps.DeleteFunc(m, func(_, v string) bool { return v == "" })
	return c.call("wisehub.cloud.pay.order", m)["code"]
}

// state asks until the order is final.
func (c *client) state(number string) map[string]any {
	c.t.Helper()
	for end := time.Now().Add(10 * time.Second); ; {
		m := c.call("order.query", map[string]string{"merchant_order_no": number})
		var data map[string]any
		if m["code"] != "0" || json.Unmarshal([]byte(m["data"]), &data) != nil || time.Now().After(end) {
			return map[string]any{"code": m["code"]}
		}
		if s := data["trans_status"]; s != 9.0 && s != 0.0 {
			return data
		}
	}
}
