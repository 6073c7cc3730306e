package iotpaysim

import (
	"encoding/json"
	"io"
	"net/url"
	"regexp"
	"strings"
)

// request is what a client said: its parameters as the plain text that is signed.
type request struct {
	params map[string]string
}

func (r *request) number() string {
	if number := r.params["mchOrderNo"]; number != "" {
		return number
	}
	return r.params["mchRefundNo"]
}

// refusal is a no before anything happened: retCode FAIL, or resCode FAIL where
// there is an error code (§4.2, §9).
type refusal struct{ code, text string }

// The refusals. Their codes are those of the protocol's family (§9), where it has one.
var (
	refuseSign     = &refusal{"", "signature fail"}
	refuseMerchant = &refusal{"", "merchant not found"}
	refuseLogin    = &refusal{"", "merchant login not found"}
	refuseNotFound = &refusal{"0112", "order not found"}
	refuseRepeated = &refusal{"0014", "mchOrderNo already exists"}
	refuseBusy     = &refusal{"TERMINALBUSY", "terminal is busy with another order of this login"}
	refuseSystem   = &refusal{"SYSTEMERROR", "system error"}
	refuseRefund   = &refusal{"REFUNDFAIL", "refund amount exceeds what can be refunded"}
	refuseOriginal = &refusal{"0112", "original order not found"}
)

func badParameter(what string) *refusal { return &refusal{"", "parameter error: " + what} }

// upperOrDigit is what names of one's own must not have (§3.2).
var upperOrDigit = regexp.MustCompile(`^[A-Z]|[0-9]`)

// read takes the one form field apart (§2): params, percent-encoded or raw.
func (g *Gateway) read(body string) (*request, *refusal) {
	value, no := g.unwrap(body)
	if no != nil {
		return nil, no
	}
	params, detail := parseObject(value)
	if detail != "" {
		g.report("", RuleJSON, detail)
		return nil, badParameter("params is not one JSON object")
	}
	r := &request{params: map[string]string{}}
	for name, raw := range params {
		switch v := raw.(type) {
		case string:
			r.params[name] = v
		case json.Number:
			r.params[name] = v.String()
			g.report("", RuleText, name+" is a number")
		case nil:
		default:
			g.report("", RuleText, name+" is neither text nor a number")
			return nil, badParameter(name)
		}
		if upperOrDigit.MatchString(name) {
			g.report("", RuleName, name)
		}
	}
	return r, nil
}

func (g *Gateway) unwrap(body string) (string, *refusal) {
	if rest, ok := strings.CutPrefix(body, "params="); ok && strings.HasPrefix(strings.TrimSpace(rest), "{") {
		g.report("", RuleEncoding, "params is sent raw")
		return rest, nil
	}
	form, err := url.ParseQuery(body)
	if err != nil || len(form["params"]) == 0 {
		g.report("", RuleWrapper, "no params")
		return "", badParameter("params is missing")
	}
	if len(form) > 1 || len(form["params"]) > 1 {
		g.report("", RuleWrapper, "more than params")
	}
	return form.Get("params"), nil
}

// parseObject reads one JSON object whose names are said once.
func parseObject(text string) (map[string]any, string) {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, "not an object"
	}
	all := map[string]any{}
	for dec.More() {
		name, err := dec.Token()
		key, isText := name.(string)
		var value any
		if err != nil || !isText || dec.Decode(&value) != nil {
			return nil, "broken JSON"
		}
		if _, twice := all[key]; twice {
			return nil, key + " is said twice"
		}
		all[key] = value
	}
	if _, err := dec.Token(); err != nil {
		return nil, "broken JSON"
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, "more than one value"
	}
	return all, ""
}

// trusted checks who speaks: the merchant, then the signature (§3, §12).
func (g *Gateway) trusted(r *request) *refusal {
	number := r.number()
	if r.params["mchId"] != g.opts.MchID {
		g.report(number, RuleMerchant, "mchId "+r.params["mchId"])
		return refuseMerchant
	}
	if said, want := r.params["sign"], signature(r.params, g.opts.Key); said != want {
		detail := "wrong"
		switch {
		case said == "":
			detail = "missing"
		case strings.EqualFold(said, want):
			detail = "not upper case"
		}
		g.report(number, RuleSign, detail)
		return refuseSign
	}
	return nil
}

// refuse answers a refusal: unsigned where the message is not trusted (§3.4).
func (g *Gateway) refuse(no *refusal) reply {
	if no.code == "" {
		return reply{body: object{{"retCode", "FAIL"}, {"retMsg", no.text}}.wire()}
	}
	answer := object{
		{"retCode", "SUCCESS"}, {"retMsg", ""}, {"resCode", "FAIL"}, {"errCode", no.code}, {"errCodeDes", no.text},
	}
	return reply{body: answer.signed(g.opts.Signing, g.opts.Key).wire()}
}
