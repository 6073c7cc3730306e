package iotpaysim

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
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
	var outcomes []Outcome
	var queries []QueryOutcome
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
	g.Script(outcomes...)
	g.ScriptQueries(queries...)
	return nil
}

// maxRepeat bounds what one line of a script can ask for.
const maxRepeat = 10_000

type scriptLine struct {
	Outcome    Kind          `json:"outcome"`
	Reply      Reply         `json:"reply"`
	Fault      Fault         `json:"fault"`
	Variant    Variant       `json:"variant"`
	Query      *QueryOutcome `json:"query"`
	Delay      string        `json:"delay"`
	ReplyDelay string        `json:"reply_delay"`
	Amount     string        `json:"amount"`
	Text       string        `json:"text"`
	NoAnswer   bool          `json:"no_answer"`
	Repeat     int           `json:"repeat"`

	outcome Outcome
}

func (s *scriptLine) decode(line []byte) error {
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.DisallowUnknownFields()
	if err := dec.Decode(s); err != nil {
		return err
	}
	if dec.More() {
		return errors.New("more than one object")
	}
	if s.Repeat > maxRepeat {
		return fmt.Errorf("repeat %d is more than %d", s.Repeat, maxRepeat)
	}
	if s.Query != nil {
		return known("query", *s.Query, queryOutcomes)
	}
	if s.Outcome == "" {
		s.Outcome = Approve
	}
	if s.NoAnswer {
		s.Reply = None
	}
	s.outcome = Outcome{Kind: s.Outcome, Reply: s.Reply, Fault: s.Fault, Variant: s.Variant, Amount: s.Amount, Text: s.Text}
	var slow, late error
	s.outcome.Delay, slow = optionalDuration(s.Delay)
	s.outcome.ReplyDelay, late = optionalDuration(s.ReplyDelay)
	return errors.Join(known("outcome", s.Outcome, kinds), known("reply", s.Reply, replies),
		known("fault", s.Fault, faults), known("variant", s.Variant, variants), slow, late)
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
	if n, err := strconv.Atoi(strings.TrimSpace(s)); err == nil && n >= 0 && n < 1<<30 {
		return time.Duration(n) * time.Second, nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("%q is not a time span such as 3s", s)
	}
	return d, nil
}
