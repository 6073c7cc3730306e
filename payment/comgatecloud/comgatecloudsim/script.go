package comgatecloudsim

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
	var outcomes []Outcome
	var queries []Reply
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		text := bytes.TrimSpace(lines.Bytes())
		if len(text) == 0 || text[0] == '#' {
			continue
		}
		var line scriptLine
		if err := line.decode(text); err != nil {
			return fmt.Errorf("script: line %d: %w", n, err)
		}
		for range max(line.Repeat, 1) {
			if line.Query != nil {
				queries = append(queries, *line.Query)
				continue
			}
			outcomes = append(outcomes, line.outcome)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("script: %w", err)
	}
	s.Script(outcomes...)
	s.ScriptQueries(queries...)
	return nil
}

// maxRepeat keeps a slip of the pen from filling the memory.
const maxRepeat = 100_000

type scriptLine struct {
	Query      *Reply `json:"query"`
	Outcome    Kind   `json:"outcome"`
	Start      Reply  `json:"start"`
	Reply      Reply  `json:"reply"`
	Fault      Fault  `json:"fault"`
	Times      int    `json:"times"`
	Delay      string `json:"delay"`
	ReplyDelay string `json:"reply_delay"`
	StartDelay string `json:"start_delay"`
	Amount     string `json:"amount"`
	Reason     string `json:"reason"`
	NoAnswer   bool   `json:"no_answer"`
	Repeat     int    `json:"repeat"`

	outcome Outcome
}

func (l *scriptLine) decode(text []byte) error {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(l); err != nil {
		return err
	}
	if dec.More() {
		return fmt.Errorf("more than one object")
	}
	if l.Repeat > maxRepeat {
		return fmt.Errorf("repeat %d is more than %d", l.Repeat, maxRepeat)
	}
	if l.Query != nil {
		return known("query", *l.Query, replies)
	}
	if l.Outcome == "" {
		l.Outcome = Approve
	}
	if l.NoAnswer {
		l.Start = None
	}
	for _, err := range []error{
		known("outcome", l.Outcome, kinds), known("start", l.Start, replies),
		known("reply", l.Reply, replies), known("fault", l.Fault, faults),
	} {
		if err != nil {
			return err
		}
	}
	return l.spans()
}

// spans fills in the outcome with its times.
func (l *scriptLine) spans() (err error) {
	l.outcome = Outcome{
		Kind: l.Outcome, Start: l.Start, Reply: l.Reply, Fault: l.Fault, Times: l.Times, Amount: l.Amount, Reason: l.Reason,
	}
	if l.outcome.Delay, err = optionalDuration(l.Delay); err != nil {
		return err
	}
	if l.outcome.ReplyDelay, err = optionalDuration(l.ReplyDelay); err != nil {
		return err
	}
	l.outcome.StartDelay, err = optionalDuration(l.StartDelay)
	return err
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
	if n, err := strconv.Atoi(strings.TrimSpace(s)); err == nil && n >= 0 && n <= 86_400 {
		return time.Duration(n) * time.Second, nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("%q is not a time span such as 3s", s)
	}
	return d, nil
}
