package comgatecloudsim

import (
	"tillkeeper/payment/internal/finding"
	"tillkeeper/payment/internal/ledger"
)

// Charge is one movement of money, as the gateway's own ledger has it. Its order is
// the refId of the payment or refund; for a void see the package comment.
type Charge = ledger.Charge

// Charges is the ledger, oldest first.
func (s *Server) Charges() []Charge { return s.ledger.Charges() }

// Finding is one thing a client did that the protocol does not allow. Its order is
// the refId of the message.
type Finding = finding.Finding[Rule]

// Rule names what a finding is against.
type Rule string

// The rules.
const (
	RuleHTTP        Rule = "http"         // it can be read as HTTP
	RuleAuth        Rule = "auth"         // the terminal's login comes with every request (B.1)
	RuleMethod      Rule = "method"       // method and path are those of B.2
	RuleContentType Rule = "content-type" // application/json, also on GET and DELETE (B.1)
	RuleJSON        Rule = "json"         // the body is one JSON object
	RuleBody        Rule = "body"         // GET, DELETE and closing have none (B.2)
	RuleMember      Rule = "member"       // no members that are not known
	RulePrice       Rule = "price"        // a positive JSON integer (B.7)
	RuleCurrency    Rule = "curr"         // a known ISO 4217 code
	RuleRefID       Rule = "ref-id"       // text, unique for every attempt (B.4)
	RuleTransID     Rule = "trans-id"     // one that was given out
	RuleDelete      Rule = "delete"       // only of a PAID payment in the open batch (B.4)
	RuleBusy        Rule = "busy"         // one payment at a time (B.7)
)

// Findings are all deviations from the protocol, oldest first.
func (s *Server) Findings() []Finding { return s.findings.All() }

func (s *Server) report(order string, rule Rule, detail string) {
	s.findings.Report(order, rule, detail)
}
