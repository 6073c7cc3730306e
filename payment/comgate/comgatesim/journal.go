package comgatesim

import (
	"slices"
	"time"
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

// Finding is one thing a client did that the protocol does not allow.
type Finding struct {
	Time   time.Time
	Order  string // the transactionId, or ""
	Rule   Rule
	Detail string
}

// Request is one request as it was heard and answered. Status is 0 where there was
// no answer.
type Request struct {
	Time         time.Time
	Method, Path string
	Body         string
	Status       int
	Answer       string
}

// kept bounds the memory of a simulator that runs for days.
const kept = 20_000

// journal is what the terminal saw and said.
type journal struct {
	requests []Request
	findings []Finding
}

func trim[T any](list []T) []T {
	if len(list) < kept {
		return list
	}
	return slices.Clone(list[kept/2:])
}

// Requests are all requests with their answers, oldest first.
func (t *Terminal) Requests() []Request {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.journal.requests)
}

// Findings are all deviations from the protocol, oldest first.
func (t *Terminal) Findings() []Finding {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.journal.findings)
}

func (t *Terminal) note(method, path, body string, r reply) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.journal.requests = append(trim(t.journal.requests), Request{t.opts.Now(), method, path, body, r.status, string(r.body)})
}

func (t *Terminal) report(order string, rule Rule, detail string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.journal.findings = append(trim(t.journal.findings), Finding{t.opts.Now(), order, rule, detail})
	t.log.Warn("finding", "order", order, "rule", string(rule), "detail", detail)
}
