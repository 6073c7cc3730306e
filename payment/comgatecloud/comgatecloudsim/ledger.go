package comgatecloudsim

import (
	"slices"
	"time"

	"tillkeeper/payment"
)

// Charge is one movement of money, as the gateway's own ledger has it.
type Charge struct {
	// Order is the refId of the payment or refund; for a void see the package comment.
	Order string `json:"order"`
	// Operation is what was done, in the words of the command line.
	Operation string `json:"operation"`
	// Amount is decimal text with the currency's own places.
	Amount string `json:"amount"`
	// Currency is the ISO 4217 code.
	Currency string `json:"currency"`
}

// Charges is the ledger, oldest first.
func (s *Server) Charges() []Charge {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.ledger)
}

// move writes a movement down, before anybody hears of it. With s.mu held.
func (s *Server) move(number string, op payment.Operation, sum payment.Amount) error {
	c := Charge{number, string(op), sum.Text(), string(sum.Currency())}
	if s.opts.Charged != nil {
		if err := s.opts.Charged(c); err != nil {
			s.log.Error("ledger", "order", number, "error", err)
			return err
		}
	}
	s.ledger = append(s.ledger, c)
	s.log.Info("money moved", "order", number, "operation", c.Operation, "amount", c.Amount, "currency", c.Currency)
	return nil
}

// Finding is one thing a client did that the protocol does not allow.
type Finding struct {
	Time   time.Time
	Order  string // the refId of the message, or ""
	Rule   Rule
	Detail string
}

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

// kept bounds the memory of a simulator that runs for days.
const kept = 20_000

// Findings are all deviations from the protocol, oldest first.
func (s *Server) Findings() []Finding {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.findings)
}

func (s *Server) report(order string, rule Rule, detail string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reportLocked(order, rule, detail)
}

func (s *Server) reportLocked(order string, rule Rule, detail string) {
	if len(s.findings) >= kept {
		s.findings = slices.Clone(s.findings[kept/2:])
	}
	order, detail = payment.Mask(order), payment.Mask(detail)
	s.findings = append(s.findings, Finding{s.opts.Now(), order, rule, detail})
	s.log.Warn("finding", "order", order, "rule", string(rule), "detail", detail)
}
