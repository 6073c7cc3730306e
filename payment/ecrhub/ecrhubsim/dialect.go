package ecrhubsim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// Dialect is a generation of the protocol's messages (§1).
type Dialect string

// The dialects. G0 needs no setting: a request with msg_id is answered in it.
const (
	G0    Dialect = "g0"    // flat JSON with msg_id and success
	G1    Dialect = "g1"    // protobuf: recognised and refused
	G2    Dialect = "g2"    // JSON envelope with request_id
	G3    Dialect = "g3"    // as G2, but never a request_id
	Field Dialect = "field" // G2 as real terminals were seen to speak it
)

// object is a JSON object as it came; numbers are json.Number.
type object = map[string]any

// request is a message from a client.
type request struct {
	dialect  Dialect
	topic    string
	id       string // request_id, or msg_id in G0
	appID    string
	envelope object
	biz      object
	device   object
}

// decode reads a client's frame. It fails for what is no JSON object.
func (t *Terminal) decode(frame []byte) (*request, error) {
	envelope, err := decodeObject(frame)
	if err != nil {
		return nil, err
	}
	req := &request{
		dialect: t.opts.Dialect, envelope: envelope,
		topic: text(envelope, "topic"), id: text(envelope, "request_id"), appID: text(envelope, "app_id"),
	}
	req.device, _ = envelope["device_data"].(object)
	biz, nested := envelope["biz_data"].(object)
	req.biz = biz
	if id := text(envelope, "msg_id"); id != "" && !nested {
		req.dialect, req.id, req.biz = G0, id, flatBiz(envelope)
	}
	if req.biz == nil {
		req.biz = object{}
	}
	return req, nil
}

func decodeObject(frame []byte) (object, error) {
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(frame, []byte("\ufeff"))))
	dec.UseNumber()
	var o object
	if err := dec.Decode(&o); err != nil {
		return nil, err
	}
	if dec.More() {
		return nil, fmt.Errorf("more than one JSON value in a frame")
	}
	return o, nil
}

// flatBiz takes the business fields out of a G0 message.
func flatBiz(envelope object) object {
	biz := object{}
	for key, value := range envelope {
		switch key {
		case "topic", "msg_id", "timestamp", "app_id", "version", "device_data":
		default:
			biz[key] = value
		}
	}
	return biz
}

// isG1 tells protobuf from JSON by the first byte (§1).
func isG1(frame []byte) bool {
	rest := bytes.TrimLeft(bytes.TrimPrefix(frame, []byte("\ufeff")), " \t\r\n")
	return len(rest) == 0 || rest[0] != '{'
}

// text reads a field leniently: strings, numbers and booleans as text, null as "".
func text(o object, key string) string {
	switch v := o[key].(type) {
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return fmt.Sprint(v)
	}
	return ""
}

// truth reads a boolean that may be written as text or number (§3.2).
func truth(o object, key string) bool {
	v := strings.ToLower(text(o, key))
	return v == "true" || v == "1"
}

// reply is the terminal's answer, before it takes a dialect's shape.
type reply struct {
	topic      string
	code, text string
	biz        object
	device     object
	emptyBiz   bool // biz_data is an empty string, as seen in failures
}

func (r reply) ok() bool { return r.code == codeSuccess }

// encode gives a reply the shape of the dialect its request was in.
func (t *Terminal) encode(req *request, r reply) []byte {
	switch req.dialect {
	case G0:
		return marshal(t.flat(req, r))
	case Field:
		return marshal(t.fromTheField(req, r))
	}
	out := t.envelope(req, r)
	if req.dialect == G3 {
		delete(out, "request_id")
	}
	return marshal(out)
}

func (t *Terminal) envelope(req *request, r reply) object {
	out := object{
		"topic":         r.topic,
		"timestamp":     t.localTime(),
		"response_code": r.code,
		"response_msg":  r.text,
	}
	if req.id != "" {
		out["request_id"] = req.id
	}
	if req.appID != "" {
		out["app_id"] = req.appID
	}
	switch {
	case r.emptyBiz:
		out["biz_data"] = ""
	case r.biz != nil:
		out["biz_data"] = r.biz
	}
	if r.device != nil {
		out["device_data"] = r.device
	}
	return out
}

// flat is the shape of G0 (§11.10).
func (t *Terminal) flat(req *request, r reply) object {
	out := object{}
	for key, value := range r.biz {
		out[key] = value
	}
	for key, value := range r.device {
		out[key] = value
	}
	out["topic"] = r.topic
	out["msg_id"] = req.id
	out["timestamp"] = fmt.Sprint(t.opts.Now().UnixMilli())
	out["success"] = r.ok()
	if !r.ok() {
		out["msg"] = r.text
	}
	return out
}

// fromTheField is the shape of real replies: little of what is documented, and
// some things that are not (§11.3).
func (t *Terminal) fromTheField(req *request, r reply) object {
	if r.ok() {
		r.code, r.text = "0", "SUCCESS"
	}
	if r.biz != nil {
		biz := object{"token": "", "is_auto_settlement": false, "pay_method_category": "BANKCARD"}
		for key, value := range r.biz {
			biz[key] = value
		}
		for _, key := range []string{"trans_no", "price_currency", "pay_method_id", "card_no", "auth_code", "ref_no", "entry_mode", "trans_end_time"} {
			delete(biz, key)
		}
		r.biz = biz
	}
	out := t.envelope(req, r)
	out["callAppMode"] = "2"
	out["closeOrder"] = false
	out["voice_data"] = object{"$ref": "$.device_data"}
	if r.device == nil {
		out["device_data"] = object{"alias_name": "", "device_name": "", "ip_address": "", "mac_address": "", "port": ""}
	}
	return out
}

// localTime is what the terminal's clock shows; its zone is nobody's business.
func (t *Terminal) localTime() string { return t.opts.Now().Format(time.DateTime) }

func marshal(o object) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	// An object of strings, numbers and booleans always encodes.
	_ = enc.Encode(o)
	return bytes.TrimRight(b.Bytes(), "\n")
}
