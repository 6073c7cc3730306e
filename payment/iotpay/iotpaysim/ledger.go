package iotpaysim

import (
	"time"

	"tillkeeper/payment/internal/finding"
	"tillkeeper/payment/internal/ledger"
)

// Charge is one movement of money, as the gateway's own ledger has it. Its order is
// the mchOrderNo or mchRefundNo.
type Charge = ledger.Charge

// Charges is the ledger, oldest first.
func (g *Gateway) Charges() []Charge { return g.ledger.Charges() }

// Rule is a rule of the protocol that a client broke.
type Rule string

// The rules.
const (
	RuleHTTP      Rule = "http"      // method, path or content type (§2)
	RuleWrapper   Rule = "wrapper"   // no params, or more than it (§2)
	RuleEncoding  Rule = "encoding"  // params is not percent-encoded (§2)
	RuleJSON      Rule = "json"      // params is not one JSON object (§2)
	RuleText      Rule = "text"      // a value is not a string (§2)
	RuleSign      Rule = "sign"      // missing, wrong, or not upper case (§3)
	RuleMandatory Rule = "mandatory" // a required parameter is missing (§4.1, §7, §8)
	RuleLength    Rule = "length"    // a value is too long (§4.1)
	RuleValue     Rule = "value"     // a value that cannot be (§4.1, §8)
	RulePlain     Rule = "plain"     // subject or body is not plain ASCII (§3.3)
	RuleName      Rule = "name"      // a name of one's own that breaks the order (§3.2)
	RuleMerchant  Rule = "merchant"  // unknown mchId or jobNo
	RuleRepeated  Rule = "repeated"  // a number used before (§4.1)
	RuleBusy      Rule = "busy"      // a second order for a login (§4.1)
	RuleSwitch    Rule = "switched"  // refund_order is switched off (§8)
)

// Finding is one thing a client did that the protocol does not allow.
type Finding = finding.Finding[Rule]

// Heard is a request as it came.
type Heard struct {
	Time time.Time
	// Path is the whole path, Body the whole body.
	Path, Body string
}

// Findings are all deviations from the protocol, oldest first.
func (g *Gateway) Findings() []Finding { return g.findings.All() }

// Heard are all requests, oldest first.
func (g *Gateway) Heard() []Heard { return g.heard.All() }

func (g *Gateway) report(number string, rule Rule, detail string) {
	g.findings.Report(number, rule, detail)
}

func (g *Gateway) note(path string, body []byte) {
	g.heard.Add(Heard{g.opts.Now(), path, string(body)})
}
