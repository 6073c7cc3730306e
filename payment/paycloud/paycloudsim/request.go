package paycloudsim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The methods (§6).
const (
	methodOrder       = "wisehub.cloud.pay.order"
	methodQuery       = "order.query"
	methodOldQuery    = "pay.orderquery"
	methodClose       = "wisehub.cloud.pay.close"
	methodTip         = "tip.adjustment"
	methodBatch       = "batch.close"
	methodRefund      = "order.refund.submit"
	methodRefundQuery = "order.refund.query"
)

// refusal is an answer whose code is not "0" (§7.3).
type refusal struct{ code, text string }

// What a call is refused with. The codes with F are the simulator's own.
var (
	refuseSignature  = &refusal{"SYS002", "Signature verification failed"}
	refuseProtocol   = &refusal{"SYS011", "Protocol field missing"}
	refuseSystem     = &refusal{"SYS001", "System error"}
	refuseMethod     = &refusal{"E07303", "API not authorised"}
	refuseUnknown    = &refusal{"E04111", "Merchant order number is invalid"}
	refuseUnknownNo  = &refusal{"E04110", "Transaction number is invalid"}
	refuseRepeated   = &refusal{"E04112", "Merchant order number repeated"}
	refuseLimit      = &refusal{"E04126", "Refund amount exceeds the limit"}
	refuseOriginal   = &refusal{"ET003", "Transaction does not exist"}
	refuseSettled    = &refusal{"ET008", "Reversal not allowed, already settled"}
	refuseBody       = &refusal{"F00000", "The body cannot be read"}
	refuseTime       = &refusal{"F00001", "The timestamp is more than 15 minutes off"}
	refuseMerchant   = &refusal{"F00002", "Merchant, store or terminal not known"}
	refuseField      = &refusal{"F00003", "A field is missing or malformed"}
	refuseOffline    = &refusal{"F00004", "The terminal is offline"}
	refuseProcessing = &refusal{"F00005", "The order is being processed"}
	refuseFinal      = &refusal{"F00006", "The order is final"}
	refuseState      = &refusal{"F00007", "The original is not in a state for that"}
	refuseCurrency   = &refusal{"F00008", "The currency is not taken"}
)

// protocolFields must be in every request (§4.1).
var protocolFields = []string{"app_id", "method", "format", "charset", "sign_type", "version", "timestamp"}

// tolerance is how far a request's time may be off (§3).
const tolerance = 15 * time.Minute

// parseMessage reads one JSON object.
func parseMessage(body []byte) (message, error) {
	dec := json.NewDecoder(bytes.NewReader(body))
	var m message
	if err := dec.Decode(&m); err != nil {
		return nil, err
	}
	if m == nil || dec.More() {
		return nil, errors.New("not one JSON object")
	}
	return m, nil
}

// hear checks a request in the order of §12, and has it carried out.
func (c *Cloud) hear(req *http.Request, body []byte) response {
	only, here := paths[strings.TrimRight(req.URL.Path, "/")]
	switch {
	case !here:
		return page(http.StatusNotFound)
	case req.Method != http.MethodPost:
		return page(http.StatusMethodNotAllowed)
	}
	m, err := readBody(req, body)
	if err != nil {
		c.report("", "body", err.Error())
		return c.refuse(refuseBody, true)
	}
	signed := m.value("sign_type") != "NONE" || !c.basic(req)
	if no := c.checkEnvelope(req, m); no != nil {
		return c.refuse(no, signed)
	}
	if only != "" && only != strings.Replace(m.value("method"), methodOldQuery, methodQuery, 1) {
		c.report(m.value("merchant_order_no"), "path", req.URL.Path+" with method "+m.value("method"))
		return c.refuse(refuseMethod, signed)
	}
	return c.dispatch(m, signed)
}

// checkEnvelope is protocol fields, application and signature, time, method.
func (c *Cloud) checkEnvelope(req *http.Request, m message) *refusal {
	c.mu.Lock()
	defer c.mu.Unlock()
	number := m.value("merchant_order_no")
	for _, name := range protocolFields {
		if m.value(name) == "" {
			c.report(number, "protocol-field", name+" is missing")
			return refuseProtocol
		}
	}
	for name, raw := range m {
		if s := m.value(name); s == "" || strings.HasPrefix(s, "@") && raw[0] == '"' {
			c.report(number, "empty", name+" is empty, or begins with @; vendors' verifiers differ about it")
		}
	}
	app, known := c.apps[m.value("app_id")]
	switch {
	case !known:
		c.report(number, "app", "app_id "+m.value("app_id")+" is not registered")
		return refuseSignature
	case m.value("sign_type") == "NONE" && c.basic(req):
	case m.value("sign_type") != "RSA2" || !m.verified(app.PublicKey):
		c.report(number, "signature", "the signature is missing or wrong")
		return refuseSignature
	}
	at, err := strconv.ParseInt(m.value("timestamp"), 10, 64)
	if err != nil || c.opts.Now().Sub(time.UnixMilli(at)).Abs() > tolerance {
		return refuseTime // no finding: clocks do that, not clients
	}
	if !slices.Contains(methods, m.value("method")) || slices.Contains(app.Unauthorised, m.value("method")) {
		return refuseMethod
	}
	return nil
}

var methods = []string{
	methodOrder, methodQuery, methodOldQuery, methodClose, methodTip, methodBatch, methodRefund, methodRefundQuery,
}

// basic checks user and password (§5.6).
func (c *Cloud) basic(req *http.Request) bool {
	user, password, given := req.BasicAuth()
	return given && c.opts.BasicUser != "" && user == c.opts.BasicUser && password == c.opts.BasicPassword
}

// dispatch carries a request out by its method, whatever its path (§3).
func (c *Cloud) dispatch(m message, signed bool) response {
	if no := c.checkMerchant(m); no != nil {
		return c.refuse(no, signed)
	}
	switch m.value("method") {
	case methodOrder:
		return c.create(m, signed)
	case methodClose:
		return c.answer(c.closeOrder(m), signed)
	case methodTip:
		return c.answer(c.adjustTip(m), signed)
	case methodBatch:
		return c.answer(c.closeBatch(m), signed)
	case methodRefund:
		return c.submitRefund(m, signed)
	case methodRefundQuery:
		return c.query(m, signed, true)
	}
	return c.query(m, signed, false)
}

// checkMerchant is "merchant and terminal known".
func (c *Cloud) checkMerchant(m message) *refusal {
	c.mu.Lock()
	defer c.mu.Unlock()
	who, known := c.merchants[m.value("merchant_no")]
	store, serial := m.value("store_no"), m.value("terminal_sn")
	switch {
	case !known, store != "" && !who.stores[store], serial != "" && !who.terminals[serial]:
		c.report(m.value("merchant_order_no"), "merchant", fmt.Sprintf("%s/%s/%s is not known", m.value("merchant_no"), store, serial))
		return refuseMerchant
	case serial == "" && slices.Contains([]string{methodOrder, methodClose, methodBatch}, m.value("method")):
		c.report(m.value("merchant_order_no"), "merchant", "terminal_sn is missing")
		return refuseField
	}
	return nil
}

// result is what a call comes to: a refusal, or the members of data.
type result struct {
	no   *refusal
	data map[string]any
}

// envelope is an answer, signed unless nobody wants it (§4.2).
func (c *Cloud) envelope(r result, signed bool, how Reply) []byte {
	c.mu.Lock()
	c.serial++
	psn := fmt.Sprintf("%s%010d", c.opts.Now().UTC().Format("0102150405"), c.serial)
	c.mu.Unlock()
	m := message{"code": quoted("0"), "msg": quoted("success"), "psn": quoted(psn)}
	if r.no != nil {
		m["code"], m["msg"] = quoted(r.no.code), quoted("["+r.no.code+"]"+r.no.text)
	}
	if r.data != nil && how != Hollow {
		data := encodeData(r.data, how)
		m["data"] = quoted(string(data))
		if c.opts.DataObject || how == Object {
			m["data"] = data
		}
	}
	if how == Extra {
		m["trace_id"], m["cost"], m["cached"] = quoted("a&b=c é"), json.RawMessage("1.50"), json.RawMessage("false")
	}
	if signed && how != Unsigned {
		m["sign"] = quoted(m.signed(c.opts.PlatformKey))
	}
	if how == WrongSignature {
		m["sign"] = quoted(message{"code": quoted("1")}.signed(c.opts.PlatformKey))
	}
	return m.encode()
}

func encodeData(data map[string]any, how Reply) json.RawMessage {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if how == StatusText {
		data = swapped(data)
	}
	if enc.Encode(data) != nil {
		return json.RawMessage("{}")
	}
	return bytes.TrimSpace(b.Bytes())
}

// swapped writes numbers as text, and sums as numbers.
func swapped(data map[string]any) map[string]any {
	all := map[string]any{}
	for name, value := range data {
		switch v := value.(type) {
		case int:
			all[name] = strconv.Itoa(v)
		case string:
			all[name] = v
			if strings.HasSuffix(name, "_amount") {
				all[name] = json.Number(v)
			}
		default:
			all[name] = v
		}
	}
	return all
}

func (c *Cloud) refuse(no *refusal, signed bool) response {
	return c.answer(result{no: no}, signed)
}

func (c *Cloud) answer(r result, signed bool) response { return c.respond(r, signed, Proper) }

// respond writes an answer in the way that is wanted.
func (c *Cloud) respond(r result, signed bool, how Reply) response {
	switch how {
	case ErrorPage:
		return page(http.StatusBadGateway)
	case Unavailable:
		return page(http.StatusServiceUnavailable)
	case PageOK:
		return page(http.StatusOK)
	case Failing:
		r = result{no: refuseSystem}
	case Contradictory:
		r.no = refuseSystem
	}
	a := response{status: http.StatusOK, kind: "application/json;charset=UTF-8", body: c.envelope(r, signed, how), how: how}
	switch how {
	case Malformed:
		a.body = a.body[:len(a.body)-len(a.body)/3]
	case Garbage:
		a.body = []byte("\x00\xff\x17\x9c not what you think \x01")
	case Oversized:
		a.body = append(bytes.TrimSuffix(a.body, []byte("}")), []byte(`,"pad":"`+strings.Repeat("x", 2<<20)+`"}`)...)
	}
	return a
}
