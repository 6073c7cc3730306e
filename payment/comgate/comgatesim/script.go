package comgatesim

import (
	"cmp"
	"io"

	"tillkeeper/payment/internal/script"
)

// ParseScript reads outcomes from a file of one JSON object per line, and adds them
// to the terminal's script. Empty lines and lines that begin with # are skipped. A
// line is about the next order,
//
//	{"outcome":"decline","code":"51","text":"not enough money"}
//	{"outcome":"approve","delay":"3s"}
//	{"outcome":"approve","fault":"close-after"}
//	{"outcome":"approve","no_answer":true}
//	{"outcome":"partial","amount":"5.00"}
//
// or about the next status call:
//
//	{"query":"not-found"}
//
// Members, all optional: "outcome" (a [Kind]), "reply" (a [Reply]), "fault" (a
// [Fault]), "delay" and "reply_delay" ("3s", or seconds as text), "amount", "code",
// "text", "no_answer" (short for the reply "none"), "ignore_cancel", "always" (true
// or false), "repeat" (how many orders or calls the line is for). A member that is
// not known is an error.
func (t *Terminal) ParseScript(r io.Reader) error {
	return script.Read(r, &t.script, queryOutcomes, (*scriptLine).outcome)
}

// scriptLine is one line; what it is about an order has its words at [Outcome].
type scriptLine struct {
	script.Members[QueryOutcome]
	Outcome
	NoAnswer bool `json:"no_answer"`
}

func (s *scriptLine) outcome() (Outcome, error) {
	out := s.Outcome
	out.Kind = cmp.Or(out.Kind, Approve)
	out.Delay, out.ReplyDelay = s.Delays()
	if s.NoAnswer {
		out.Reply = None
	}
	return out, cmp.Or(
		script.Known("outcome", out.Kind, kinds), script.Known("reply", out.Reply, replies), script.Known("fault", out.Fault, faults),
	)
}
