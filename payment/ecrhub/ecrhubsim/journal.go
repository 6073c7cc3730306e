package ecrhubsim

import (
	"slices"
	"time"
)

// Direction says which way a frame went.
type Direction string

// The directions, seen from the terminal.
const (
	In  Direction = "in"
	Out Direction = "out"
)

// Frame is one message as it went over a connection.
type Frame struct {
	Time       time.Time
	Connection int    // 1 is the first connection ever
	POS        string // the id the client gave in its path, or ""
	Direction  Direction
	Dialect    Dialect
	Binary     bool
	Text       string
}

// Finding is one thing a client did that the protocol does not allow.
type Finding struct {
	Time       time.Time
	Connection int
	Order      string // the order number of the message, or ""
	Rule       Rule
	Detail     string
}

// kept bounds the memory of a simulator that runs for days.
const kept = 20_000

// journal is what the terminal saw and said.
type journal struct {
	frames   []Frame
	findings []Finding
	ids      map[string]bool // request ids seen
}

func (j *journal) frame(f Frame) { j.frames = append(trim(j.frames), f) }

func (j *journal) finding(f Finding) { j.findings = append(trim(j.findings), f) }

// repeated remembers a request id and tells whether it was there before.
func (j *journal) repeated(id string) bool {
	if j.ids == nil || len(j.ids) > kept {
		j.ids = map[string]bool{}
	}
	seen := j.ids[id]
	j.ids[id] = true
	return seen
}

func trim[T any](list []T) []T {
	if len(list) < kept {
		return list
	}
	return slices.Clone(list[kept/2:])
}

// Frames are all messages heard and said, oldest first.
func (t *Terminal) Frames() []Frame {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.journal.frames)
}

// Findings are all deviations from the protocol, oldest first.
func (t *Terminal) Findings() []Finding {
	t.mu.Lock()
	defer t.mu.Unlock()
	return slices.Clone(t.journal.findings)
}

func (t *Terminal) note(c *conn, d Direction, dialect Dialect, binary bool, frame []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.journal.frame(Frame{t.opts.Now(), c.id, c.pos, d, dialect, binary, string(frame)})
}

func (t *Terminal) report(c *conn, order string, rule Rule, detail string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.journal.finding(Finding{t.opts.Now(), c.id, order, rule, detail})
	t.log.Warn("finding", "connection", c.id, "order", order, "rule", string(rule), "detail", detail)
}
