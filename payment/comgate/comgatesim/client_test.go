package comgatesim_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tillkeeper/payment/comgate/comgatesim"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type object = map[string]any

// client is a raw client over net/http: it says exactly what a test says.
type client struct {
	t    *testing.T
	http *http.Client
	base string
}

// in runs a test inside a bubble of fake time, with a terminal and a client.
func in(t *testing.T, opts comgatesim.Options, test func(t *testing.T, sim *comgatesim.Terminal, c *client)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		sim := comgatesim.New(opts)
		transport := &http.Transport{DialContext: sim.DialContext}
		defer sim.Close()
		defer transport.CloseIdleConnections()
		test(t, sim, &client{t, &http.Client{Transport: transport, Timeout: time.Minute}, "http://terminal/paya/"})
	})
}

// post sends a body and returns status and object of the answer.
func (c *client) post(call, body string) (int, object) {
	c.t.Helper()
	status, text := c.raw(http.MethodPost, call, "application/json", body)
	var o object
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		c.t.Fatalf("%s: %d %q: %v", call, status, text, err)
	}
	return status, o
}

func (c *client) raw(method, call, kind, body string) (int, string) {
	c.t.Helper()
	status, text, err := c.try(method, call, kind, body)
	if err != nil {
		c.t.Fatalf("%s: %v", call, err)
	}
	return status, text
}

func (c *client) try(method, call, kind, body string) (int, string, error) {
	req, err := http.NewRequest(method, c.base+call, strings.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close()
	if resp.ContentLength < 0 {
		c.t.Errorf("%s: an answer without Content-Length", call)
	}
	text, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(text), err
}

// start begins something; more are members of the request beside its id.
func (c *client) start(call, id, more string) (int, object) {
	c.t.Helper()
	return c.post(call, fmt.Sprintf(`{"secureString":"27924505","request":{"transactionId":%q%s}}`, id, more))
}

func (c *client) sale(id string, minor int) object {
	c.t.Helper()
	_, o := c.start("payment", id, fmt.Sprintf(`,"amount":%d,"currencyCode":203`, minor))
	return o
}

// ask is a follow-up call.
func (c *client) ask(call, id string) object {
	c.t.Helper()
	_, o := c.post(call, fmt.Sprintf(`{"secureString":"27924505","transactionId":%q}`, id))
	return o
}

// finish waits for an order and returns its result.
func (c *client) finish(id string) object {
	c.t.Helper()
	for range 600 {
		if c.ask("status", id)["status"] == "Finished" {
			return c.ask("result", id)
		}
		time.Sleep(time.Second)
	}
	c.t.Fatalf("%s does not finish", id)
	return nil
}

func want(t *testing.T, got object, members object) {
	t.Helper()
	for name, value := range members {
		if !reflect.DeepEqual(got[name], value) {
			t.Errorf("%s is %v, want %v; all of it: %v", name, got[name], value, got)
		}
	}
}

func wantCharges(t *testing.T, sim *comgatesim.Terminal, charges ...string) {
	t.Helper()
	var got []string
	for _, c := range sim.Charges() {
		got = append(got, c.Order+" "+c.Operation+" "+c.Amount+" "+c.Currency)
	}
	if strings.Join(got, ", ") != strings.Join(charges, ", ") {
		t.Errorf("charges %q, want %q", got, charges)
	}
}

func wantRules(t *testing.T, sim *comgatesim.Terminal, rules ...comgatesim.Rule) {
	t.Helper()
	var got []comgatesim.Rule
	for _, f := range sim.Findings() {
		got = append(got, f.Rule)
	}
	if fmt.Sprint(got) != fmt.Sprint(rules) {
		t.Errorf("findings %v, want %v", sim.Findings(), rules)
	}
}
