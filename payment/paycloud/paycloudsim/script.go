package paycloudsim

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"
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
	var outcomes []Outcome
	var queries []Reply
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		line := bytes.TrimSpace(lines.Bytes())
		if len(line) == 0 || line[0] == '#' {
			continue
		}
		var s scriptLine
		if err := s.decode(line); err != nil {
			return fmt.Errorf("script: line %d: %w", n, err)
		}
		for range max(s.Repeat, 1) {
			if s.Query != nil {
				queries = append(queries, *s.Query)
				continue
			}
			outcomes = append(outcomes, s.outcome)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("script: %w", err)
	}
	c.Script(outcomes...)
	c.ScriptQueries(queries...)
	return nil
}

// maxRepeat bounds what one line of a script can ask for.
const maxRepeat = 10_000

type scriptLine struct {
	Outcome     Kind   `json:"outcome"`
	Reply       Reply  `json:"reply"`
	Answer      Reply  `json:"answer"`
	Fault       Fault  `json:"fault"`
	Notice      Notice `json:"notice"`
	Query       *Reply `json:"query"`
	Delay       string `json:"delay"`
	Paying      string `json:"paying"`
	ReplyDelay  string `json:"reply_delay"`
	AnswerFor   string `json:"answer_for"`
	Shown       string `json:"shown"`
	HiddenFor   string `json:"hidden_for"`
	NoticeDelay string `json:"notice_delay"`
	Amount      string `json:"amount"`
	Tip         string `json:"tip"`
	Code        string `json:"code"`
	Text        string `json:"text"`
	NoAnswer    bool   `json:"no_answer"`
	Race        bool   `json:"race"`
	IgnoreClose bool   `json:"ignore_close"`
	Cuts        int    `json:"cuts"`
	Repeat      int    `json:"repeat"`

	outcome Outcome
}

func (s *scriptLine) decode(line []byte) error {
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(s); err != nil {
		return err
	}
	if s.Repeat > maxRepeat {
		return fmt.Errorf("repeat %d is more than %d", s.Repeat, maxRepeat)
	}
	if s.Query != nil {
		return known("query", *s.Query, replies)
	}
	if s.Outcome == "" {
		s.Outcome = Approve
	}
	if s.NoAnswer {
		s.Reply = None
	}
	for _, err := range []error{
		known("outcome", s.Outcome, kinds), known("reply", s.Reply, replies), known("answer", s.Answer, replies),
		known("fault", s.Fault, faults), known("notice", s.Notice, notices),
	} {
		if err != nil {
			return err
		}
	}
	s.outcome = Outcome{
		Kind: s.Outcome, Reply: s.Reply, Answer: s.Answer, Fault: s.Fault, Notice: s.Notice, Cuts: s.Cuts,
		Amount: s.Amount, Tip: s.Tip, Code: s.Code, Text: s.Text, Race: s.Race, IgnoreClose: s.IgnoreClose,
	}
	out := &s.outcome
	for _, span := range []struct {
		text string
		into *time.Duration
	}{
		{s.Delay, &out.Delay}, {s.Paying, &out.Paying}, {s.ReplyDelay, &out.ReplyDelay}, {s.AnswerFor, &out.AnswerFor},
		{s.Shown, &out.Shown}, {s.HiddenFor, &out.HiddenFor}, {s.NoticeDelay, &out.NoticeDelay},
	} {
		var err error
		if *span.into, err = optionalDuration(span.text); err != nil {
			return err
		}
	}
	return nil
}

func known[T ~string](what string, word T, words []T) error {
	if slices.Contains(words, word) {
		return nil
	}
	all := make([]string, 0, len(words))
	for _, w := range words {
		if w != "" {
			all = append(all, string(w))
		}
	}
	return fmt.Errorf("%s %q is none of %s", what, word, strings.Join(all, ", "))
}

// optionalDuration reads "3s", or a plain number of seconds, or nothing.
func optionalDuration(s string) (time.Duration, error) {
	if s == "" {
		return 0, nil
	}
	if n, err := strconv.Atoi(strings.TrimSpace(s)); err == nil && n >= 0 {
		return time.Duration(n) * time.Second, nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("%q is not a time span such as 3s", s)
	}
	return d, nil
}
