package iotpaysim

import (
	"cmp"
	"errors"
	"io"

	"tillkeeper/payment/internal/script"
)

// ParseScript reads outcomes from a file of one JSON object per line, and adds
// them to the gateway's script. Empty lines and lines that begin with # are
// skipped. A line is about the next order,
//
//	{"outcome":"decline"}
//	{"outcome":"decline","text":"Transaction Not Completed 51"}
//	{"outcome":"approve","delay":"3s","variant":"pin"}
//	{"outcome":"approve","fault":"close-after"}
//	{"outcome":"approve","no_answer":true}
//	{"outcome":"approve","reply":"wrong-amount"}
//	{"outcome":"partial","amount":"5.00"}
//
// or about the next query:
//
//	{"query":"not-found"}
//
// Members, all optional: "outcome" (a [Kind]), "reply" (a [Reply]), "fault" (a
// [Fault]), "variant" (a [Variant]), "delay" and "reply_delay" ("3s", or seconds as
// text), "amount", "text", "no_answer" (true is the reply "none"), "repeat" (how
// many orders or queries the line is for). A member that is not known is an error.
func (g *Gateway) ParseScript(r io.Reader) error {
	return script.Read(r, &g.script, queryOutcomes, (*scriptLine).outcome)
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
	return out, errors.Join(
		script.Known("outcome", out.Kind, kinds), script.Known("reply", out.Reply, replies),
		script.Known("fault", out.Fault, faults), script.Known("variant", out.Variant, variants),
	)
}
