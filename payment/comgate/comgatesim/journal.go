package comgatesim

import (
	"time"

	"tillkeeper/payment/internal/finding"
)

// Rule is a rule of the protocol that a client broke.
type Rule string

// The rules.
const (
	RuleHTTP      Rule = "http"      // no HTTP, or a body out of all proportion
	RulePath      Rule = "path"      // no such endpoint
	RuleMethod    Rule = "method"    // GET for info, POST for all else
	RuleType      Rule = "type"      // not application/json
	RuleJSON      Rule = "json"      // not one JSON object
	RulePassword  Rule = "password"  // wrong or missing
	RuleMandatory Rule = "mandatory" // a member is missing
	RuleForm      Rule = "form"      // a member of the wrong type or form
	RuleUnknown   Rule = "unknown"   // a member that does not exist
	RuleRepeated  Rule = "repeated"  // a transactionId used before
	RuleEarly     Rule = "early"     // a result asked for before "Finished"
)

// Finding is one thing a client did that the protocol does not allow. Its order is
// the transactionId.
type Finding = finding.Finding[Rule]

// Request is one request as it was heard and answered. Status is 0 where there was
// no answer.
type Request struct {
	Time         time.Time
	Method, Path string
	Body         string
	Status       int
	Answer       string
}

// Requests are all requests with their answers, oldest first.
func (t *Terminal) Requests() []Request { return t.requests.All() }

// Findings are all deviations from the protocol, oldest first.
func (t *Terminal) Findings() []Finding { return t.findings.All() }

func (t *Terminal) note(method, path, body string, r reply) {
	t.requests.Add(Request{t.opts.Now(), method, path, body, r.status, string(r.body)})
}

func (t *Terminal) report(order string, rule Rule, detail string) {
	t.findings.Report(order, rule, detail)
}
