package paycloudsim

import (
	"cmp"
	"io"
	"time"

	"tillkeeper/payment/internal/script"
)

// ParseScript reads outcomes from a file of one JSON object per line, and adds
// them to the script. Empty lines and lines that begin with # are skipped. A line is
// about the next order,
//
//	{"outcome":"decline"}
//	{"outcome":"decline","code":"TS-D2012","text":"Insufficient Funds"}
//	{"outcome":"approve","delay":"3s"}
//	{"outcome":"approve","fault":"close-before"}
//	{"outcome":"approve","no_answer":true}
//	{"outcome":"approve","answer":"wrong-amount"}
//	{"outcome":"partial","amount":"5.00"}
//
// or about the next query:
//
//	{"query":"not-found"}
//
// Members, all optional: "outcome" (a [Kind]), "reply" and "answer" (a [Reply]),
// "fault" (a [Fault]), "notice" (a [Notice]), the times "delay", "paying",
// "reply_delay", "answer_for", "shown", "hidden_for" and "notice_delay" ("3s", or
// seconds as text), "amount", "tip", "code", "text", "no_answer", "race" and
// "ignore_close" (true or false), "cuts" (a number of creates), "repeat" (how many
// orders or queries the line is for). "no_answer" is the reply "none". A member that
// is not known is an error.
func (c *Cloud) ParseScript(r io.Reader) error {
	return script.Read(r, &c.script, replies, (*scriptLine).outcome)
}

// scriptLine is one line; what it is about an order has its words at [Outcome].
type scriptLine struct {
	script.Members[Reply]
	Outcome
	Paying      script.Span `json:"paying"`
	AnswerFor   script.Span `json:"answer_for"`
	Shown       script.Span `json:"shown"`
	HiddenFor   script.Span `json:"hidden_for"`
	NoticeDelay script.Span `json:"notice_delay"`
	NoAnswer    bool        `json:"no_answer"`
}

func (s *scriptLine) outcome() (Outcome, error) {
	out := s.Outcome
	out.Kind = cmp.Or(out.Kind, Approve)
	out.Delay, out.ReplyDelay = s.Delays()
	out.Paying, out.AnswerFor, out.Shown = time.Duration(s.Paying), time.Duration(s.AnswerFor), time.Duration(s.Shown)
	out.HiddenFor, out.NoticeDelay = time.Duration(s.HiddenFor), time.Duration(s.NoticeDelay)
	if s.NoAnswer {
		out.Reply = None
	}
	return out, cmp.Or(
		script.Known("outcome", out.Kind, kinds), script.Known("reply", out.Reply, replies), script.Known("answer", out.Answer, replies),
		script.Known("fault", out.Fault, faults), script.Known("notice", out.Notice, notices),
	)
}
