package cli

import (
	"fmt"
	"time"

	"tillkeeper/payment"
)

// caseJSON is the case of an order for programs.
type caseJSON struct {
	Verdict payment.Verdict  `json:"verdict"`
	Opened  string           `json:"opened"`
	Closed  string           `json:"closed,omitempty"`
	Grounds []groundJSON     `json:"grounds"`
	Next    payment.NextStep `json:"next"`
	Until   string           `json:"until,omitempty"`
}

type groundJSON struct {
	Kind    payment.GroundKind `json:"kind"`
	Time    string             `json:"time"`
	Count   int                `json:"count"`
	Outcome payment.Outcome    `json:"outcome,omitempty"`
	Code    payment.Code       `json:"code,omitempty"`
	Staff   string             `json:"staff,omitempty"`
	Reason  string             `json:"reason,omitempty"`
	Proof   string             `json:"proof,omitempty"`
}

func toCaseJSON(c payment.Case) *caseJSON {
	j := &caseJSON{Verdict: c.Verdict, Opened: timeText(c.Opened), Closed: timeText(c.Closed), Next: c.Next, Until: timeText(c.Until)}
	for _, g := range c.Grounds {
		j.Grounds = append(j.Grounds, groundJSON{
			Kind: g.Kind, Time: timeText(g.Time), Count: g.Count, Outcome: g.Outcome, Code: g.Code,
			Staff: g.Staff, Reason: g.Reason, Proof: g.Proof,
		})
	}
	return j
}

// caseWords are the verdict, its grounds and the next step, a line each.
func caseWords(c payment.Case) []string {
	lines := []string{"Case: " + verdictWords[c.Verdict]}
	for _, g := range c.Grounds {
		lines = append(lines, fmt.Sprintf("  because %s", groundWords(g)))
	}
	if next := nextWords(c); next != "" {
		lines = append(lines, "  Next: "+next)
	}
	return lines
}

var verdictWords = map[payment.Verdict]string{
	payment.VerdictOpen:       "it cannot be said yet whether money moved.",
	payment.VerdictPaid:       "the money moved.",
	payment.VerdictNotCharged: "nothing was charged.",
}

func groundWords(g payment.Ground) string {
	when := g.Time.Local().Format("15:04:05")
	switch g.Kind {
	case payment.GroundAnswer:
		return fmt.Sprintf("the terminal itself answered %q at %s", g.Outcome, when)
	case payment.GroundStatus:
		return fmt.Sprintf("the terminal, asked at %s, says %q", when, g.Outcome)
	case payment.GroundNotFoundProves:
		return fmt.Sprintf("a source that must know the order does not, asked twice, %s after the payment's own time limit", g.After.Round(time.Second))
	case payment.GroundDecision:
		return fmt.Sprintf("%s decided so at %s: %s (proof: %s)", orSomebody(g.Staff), when, g.Reason, g.Proof)
	case payment.GroundTotals:
		return fmt.Sprintf("the batch was closed at %s, and %s", when, totalsWords(g.Code))
	case payment.GroundMismatch:
		return fmt.Sprintf("an answer at %s does not fit what was asked (%s)", when, g.Code)
	case payment.GroundPending:
		return fmt.Sprintf("the terminal says it is not final yet, last at %s", when)
	case payment.GroundNotFoundEarly:
		return fmt.Sprintf("the terminal did not know it at %s, which was too early to count", when)
	case payment.GroundNotFoundWeak:
		return fmt.Sprintf("the terminal does not know the number, last asked at %s, which proves nothing with this protocol", when)
	case payment.GroundSilence:
		return fmt.Sprintf("the terminal was asked and did not answer, last at %s", when)
	}
	if why, ok := because[g.Code]; ok {
		return fmt.Sprintf("at %s: %s", when, why)
	}
	return fmt.Sprintf("no answer came at %s (%s)", when, g.Code)
}

func totalsWords(code payment.Code) string {
	switch code {
	case payment.CodeTotalsWith:
		return "its totals fit our orders only with this one"
	case payment.CodeTotalsWithout:
		return "its totals fit our orders only without this one"
	}
	return "its totals prove neither"
}

func orSomebody(staff string) string {
	if staff == "" {
		return "somebody"
	}
	return staff
}

func nextWords(c payment.Case) string {
	number := c.Record.Order.Number
	switch c.Next {
	case payment.NextWait:
		return fmt.Sprintf("wait until %s; until then the terminal may still take a card for it. Then: tillkeeper query %s.", c.Until.Local().Format("15:04:05"), number)
	case payment.NextCheck:
		return fmt.Sprintf("ask again: tillkeeper query %s.", number)
	case payment.NextDecide:
		return fmt.Sprintf("look it up in the terminal's own list, then: tillkeeper decide %s paid|not-paid --reason … --proof ….", number)
	case payment.NextCorrect:
		return "the decision was wrong: the books now follow the terminal; put right what was done because of it."
	}
	return ""
}
