package script

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// maxRepeat bounds what one line of a script can ask for.
const maxRepeat = 10_000

// Members are those that a line of every script may have. A simulator embeds them in
// the struct of its own members.
type Members[Q ~string] struct {
	// Query is how the next query is answered. Without it the line is about an order.
	Query *Q `json:"query"`
	// Repeat is how many orders or queries the line is for; 0 means one.
	Repeat int `json:"repeat"`
	// Delay is how long the customer takes, ReplyDelay how late the answer comes.
	Delay      Span `json:"delay"`
	ReplyDelay Span `json:"reply_delay"`
}

// Delays are Delay and ReplyDelay.
func (m *Members[Q]) Delays() (delay, reply time.Duration) {
	return time.Duration(m.Delay), time.Duration(m.ReplyDelay)
}

func (m *Members[Q]) members() *Members[Q] { return m }

// Line points to a struct L that has [Members].
type Line[Q ~string, L any] interface {
	*L
	members() *Members[Q]
}

// Read adds to s what a file of one JSON object per line says: all of it or, where a
// line is wrong, nothing. Empty lines and lines that begin with # are skipped; a
// member that is not known is an error. ways are the words for "query"; outcome is
// what a line says about an order.
func Read[O any, Q ~string, P Line[Q, L], L any](r io.Reader, s *Script[O, Q], ways []Q, outcome func(P) (O, error)) error {
	var read Script[O, Q]
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		text := bytes.TrimSpace(lines.Bytes())
		if len(text) == 0 || text[0] == '#' {
			continue
		}
		line := P(new(L))
		err := decode(text, line)
		if err == nil {
			err = read.take(line.members(), ways, func() (O, error) { return outcome(line) })
		}
		if err != nil {
			return fmt.Errorf("script: line %d: %w", n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("script: %w", err)
	}
	s.add(read.orders, read.queries)
	return nil
}

// decode reads a line that is one object, with members that line has.
func decode(text []byte, line any) error {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	if err := dec.Decode(line); err != nil {
		return err
	}
	if _, err := dec.Token(); err != io.EOF {
		return errors.New("more than one object")
	}
	return nil
}

// take adds what one line says, as often as it says it.
func (s *Script[O, Q]) take(m *Members[Q], ways []Q, outcome func() (O, error)) error {
	if m.Repeat > maxRepeat {
		return fmt.Errorf("repeat %d is more than %d", m.Repeat, maxRepeat)
	}
	if m.Query != nil {
		for range max(m.Repeat, 1) {
			s.queries = append(s.queries, *m.Query)
		}
		return Known("query", *m.Query, ways)
	}
	out, err := outcome()
	for range max(m.Repeat, 1) {
		s.orders = append(s.orders, out)
	}
	return err
}
