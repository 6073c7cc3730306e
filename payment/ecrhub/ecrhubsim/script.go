package ecrhubsim

import (
	"cmp"
	"io"

	"tillkeeper/payment/internal/script"
)

// ParseScript reads outcomes from a file of one JSON object per line, and adds
// them to the terminal's script. Empty lines and lines that begin with # are
// skipped. A line is about the next order,
//
//	{"outcome":"decline"}
//	{"outcome":"decline","code":"119","text":"Transaction failed[[ET008]Reversal not allowed]"}
//	{"outcome":"approve","delay":"3s"}
//	{"outcome":"approve","fault":"close-after"}
//	{"outcome":"approve","reply":"wrong-amount"}
//	{"outcome":"partial","amount":"5.00"}
//
// or about the next query:
//
//	{"query":"not-found"}
//
// Members, all optional: "outcome" (a [Kind]), "reply" (a [Reply]), "fault" (a
// [Fault]), "delay" and "reply_delay" ("3s", or seconds as text), "amount",
// "tip", "code", "text", "ignore_close", "no_redeliver" (true or false),
// "refuse_next" (a number of connections), "repeat" (how many orders or queries
// the line is for). A member that is not known is an error.
func (t *Terminal) ParseScript(r io.Reader) error {
	return script.Read(r, &t.script, queryOutcomes, (*scriptLine).outcome)
}

// scriptLine is one line; what it is about an order has its words at [Outcome].
type scriptLine struct {
	script.Members[QueryOutcome]
	Outcome
}

func (s *scriptLine) outcome() (Outcome, error) {
	out := s.Outcome
	out.Kind = cmp.Or(out.Kind, Approve)
	out.Delay, out.ReplyDelay = s.Delays()
	return out, cmp.Or(
		script.Known("outcome", out.Kind, kinds), script.Known("reply", out.Reply, replies), script.Known("fault", out.Fault, faults),
	)
}
