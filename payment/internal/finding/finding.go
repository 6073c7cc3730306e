// Package finding keeps what a client of a simulator did against the protocol.
package finding

import (
	"log/slog"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/recent"
)

// Finding is one thing a client did that the protocol does not allow. R are the
// simulator's words for the rules.
type Finding[R ~string] struct {
	Time   time.Time
	Order  string // the number that the message names, or ""
	Rule   R
	Detail string
}

// List holds findings, the newest of them. Its methods may be called from any
// goroutine.
type List[R ~string] struct {
	now  func() time.Time
	log  *slog.Logger
	kept recent.List[Finding[R]]
}

// NewList makes a list without findings. What is found is also logged.
func NewList[R ~string](now func() time.Time, log *slog.Logger) *List[R] {
	return &List[R]{now: now, log: log}
}

// Report adds a finding. A client may have put a card number anywhere, so what it
// said is masked.
func (l *List[R]) Report(order string, rule R, detail string) {
	order, detail = payment.Mask(order), payment.Mask(detail)
	l.kept.Add(Finding[R]{l.now(), order, rule, detail})
	l.log.Warn("finding", "order", order, "rule", string(rule), "detail", detail)
}

// All are the findings, oldest first.
func (l *List[R]) All() []Finding[R] { return l.kept.All() }

// Clear forgets them.
func (l *List[R]) Clear() { l.kept.Clear() }
