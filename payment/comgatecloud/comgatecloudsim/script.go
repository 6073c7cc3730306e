package comgatecloudsim

import (
	"cmp"
	"io"
	"time"

	"tillkeeper/payment/internal/script"
)

// ParseScript reads outcomes from a file of one JSON object per line, and adds
// them to the gateway's script. Empty lines and lines that begin with # are
// skipped. A line is about the next order,
//
//	{"outcome":"decline"}
//	{"outcome":"approve","delay":"3s"}
//	{"outcome":"approve","no_answer":true}
//	{"outcome":"approve","fault":"close-after","times":3}
//	{"outcome":"partial","amount":"5.00"}
//
// or about the next GET of an order that is over:
//
//	{"query":"not-found"}
//
// Members, all optional: "outcome" (a [Kind]), "start" and "reply" (a [Reply]),
// "fault" (a [Fault]), "times" (how many GETs reply or fault strike), "delay",
// "reply_delay" and "start_delay" ("3s", or seconds as text), "amount", "reason",
// "no_answer" (the POST or DELETE is never answered), "repeat" (how many orders or
// queries the line is for). A member that is not known is an error.
func (s *Server) ParseScript(r io.Reader) error {
	return script.Read(r, &s.script, replies, (*scriptLine).outcome)
}

// scriptLine is one line; what it is about an order has its words at [Outcome].
type scriptLine struct {
	script.Members[Reply]
	Outcome
	StartDelay script.Span `json:"start_delay"`
	NoAnswer   bool        `json:"no_answer"`
}

func (l *scriptLine) outcome() (Outcome, error) {
	out := l.Outcome
	out.Kind = cmp.Or(out.Kind, Approve)
	out.Delay, out.ReplyDelay = l.Delays()
	out.StartDelay = time.Duration(l.StartDelay)
	if l.NoAnswer {
		out.Start = None
	}
	return out, cmp.Or(
		script.Known("outcome", out.Kind, kinds), script.Known("start", out.Start, replies),
		script.Known("reply", out.Reply, replies), script.Known("fault", out.Fault, faults),
	)
}
