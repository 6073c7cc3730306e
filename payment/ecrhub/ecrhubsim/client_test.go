package ecrhubsim_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"

	"tillkeeper/payment/ecrhub/ecrhubsim"
)

type object = map[string]any

// client is a raw client: it says exactly what a test says.
type client struct {
	t  *testing.T
	ws *websocket.Conn
}

// in runs a test inside a bubble of fake time, with a terminal and a first client.
func in(t *testing.T, opts ecrhubsim.Options, test func(t *testing.T, sim *ecrhubsim.Terminal, c *client)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		sim := ecrhubsim.New(opts)
		defer sim.Close()
		test(t, sim, connect(t, sim, "/"))
	})
}

func connect(t *testing.T, sim *ecrhubsim.Terminal, path string) *client {
	t.Helper()
	dialer := websocket.Dialer{NetDialContext: sim.DialContext}
	ws, _, err := dialer.DialContext(t.Context(), "ws://terminal"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { ws.Close() })
	return &client{t, ws}
}

func (c *client) send(format string, args ...any) {
	c.t.Helper()
	if err := c.ws.WriteMessage(websocket.TextMessage, fmt.Appendf(nil, format, args...)); err != nil {
		c.t.Fatal(err)
	}
}

// hear returns the next message.
func (c *client) hear() object {
	c.t.Helper()
	_, frame, err := c.ws.ReadMessage()
	if err != nil {
		c.t.Fatal(err)
	}
	var o object
	if err := json.Unmarshal(frame, &o); err != nil {
		c.t.Fatalf("%v in %s", err, frame)
	}
	return o
}

// silence proves that nothing comes for d.
func (c *client) silence(d time.Duration) {
	c.t.Helper()
	_ = c.ws.SetReadDeadline(time.Now().Add(d))
	_, frame, err := c.ws.ReadMessage()
	var timeout net.Error
	if !errors.As(err, &timeout) || !timeout.Timeout() {
		c.t.Fatalf("heard %q, %v; want silence", frame, err)
	}
}

// gone proves that the terminal cut the connection.
func (c *client) gone() {
	c.t.Helper()
	if _, frame, err := c.ws.ReadMessage(); err == nil {
		c.t.Fatalf("heard %s; want a cut connection", frame)
	}
}

const head = `"app_id":"wz0123456789abcdef","version":"1.0","timestamp":"1789000000123"`

// order sends an order of G2; more is appended to its business data.
func (c *client) order(id, kind, number, amount, more string) {
	c.t.Helper()
	c.send(`{"topic":"ecrhub.pay.order","request_id":%q,%s,"biz_data":{"trans_type":%q,"merchant_order_no":%q,
		"price_currency":"USD","order_amount":%q,"pay_scenario":"SWIPE_CARD","confirm_on_terminal":false%s}}`,
		id, head, kind, number, amount, more)
}

func (c *client) ask(id, topic, number string) object {
	c.t.Helper()
	c.send(`{"topic":"ecrhub.pay.%s","request_id":%q,%s,"biz_data":{"merchant_order_no":%q}}`, topic, id, head, number)
	return c.hear()
}

// want compares members, those of biz_data as "biz.name".
func want(t *testing.T, got object, members object) {
	t.Helper()
	biz, _ := got["biz_data"].(object)
	for name, value := range members {
		have := got[name]
		if len(name) > 4 && name[:4] == "biz." {
			have = biz[name[4:]]
		}
		if have != value {
			t.Errorf("%s is %v, want %v in %v", name, have, value, got)
		}
	}
}

func wantCharges(t *testing.T, sim *ecrhubsim.Terminal, charges ...string) {
	t.Helper()
	var got []string
	for _, c := range sim.Charges() {
		got = append(got, c.Order+" "+c.Operation+" "+c.Amount+" "+c.Currency)
	}
	if fmt.Sprint(got) != fmt.Sprint(charges) {
		t.Errorf("charges %q, want %q", got, charges)
	}
}

func wantRule(t *testing.T, sim *ecrhubsim.Terminal, rule ecrhubsim.Rule) {
	t.Helper()
	for _, f := range sim.Findings() {
		if f.Rule == rule {
			return
		}
	}
	t.Errorf("no finding %q in %v", rule, sim.Findings())
}
