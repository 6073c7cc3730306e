package iotpaysim

import (
	"slices"
	"time"

	"tillkeeper/payment"
)

// Charge is one movement of money, as the gateway's own ledger has it.
type Charge struct {
	// Order is the number of the order that moved the money: mchOrderNo, or
	// mchRefundNo.
	Order string `json:"order"`
	// Operation is "sale" or "refund", the words of the command line.
	Operation string `json:"operation"`
	// Amount is all that moved, as decimal text in major units.
	Amount string `json:"amount"`
	// Currency is the ISO 4217 code.
	Currency string `json:"currency"`
}

// Charges is the ledger, oldest first.
func (g *Gateway) Charges() []Charge {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.ledger)
}

// move writes a movement down, before anybody hears of it. With g.mu held.
func (g *Gateway) move(number string, op payment.Operation, total payment.Amount) error {
	c := Charge{number, string(op), total.Text(), string(total.Currency())}
	if g.opts.Charged != nil {
		if err := g.opts.Charged(c); err != nil {
			g.log.Error("ledger", "order", number, "error", err)
			return err
		}
	}
	g.ledger = append(g.ledger, c)
	g.log.Info("money moved", "order", number, "operation", c.Operation, "amount", c.Amount, "currency", c.Currency)
	return nil
}

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
type Finding struct {
	Time   time.Time
	Order  string // the number that the message names, or ""
	Rule   Rule
	Detail string
}

// Heard is a request as it came.
type Heard struct {
	Time time.Time
	// Path is the whole path, Body the whole body.
	Path, Body string
}

// kept bounds the memory of a simulator that runs for days.
const kept = 20_000

func trim[T any](list []T) []T {
	if len(list) < kept {
		return list
	}
	return slices.Clone(list[kept/2:])
}

// Findings are all deviations from the protocol, oldest first.
func (g *Gateway) Findings() []Finding {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.findings)
}

// Heard are all requests, oldest first.
func (g *Gateway) Heard() []Heard {
	g.mu.Lock()
	defer g.mu.Unlock()
	return slices.Clone(g.heard)
}

func (g *Gateway) report(number string, rule Rule, detail string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.findings = append(trim(g.findings), Finding{g.opts.Now(), number, rule, detail})
	g.log.Warn("finding", "order", payment.Mask(number), "rule", string(rule), "detail", payment.Mask(detail))
}

func (g *Gateway) note(path string, body []byte) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.heard = append(trim(g.heard), Heard{g.opts.Now(), path, string(body)})
}
