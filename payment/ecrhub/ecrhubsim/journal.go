package ecrhubsim

import (
	"time"

	"tillkeeper/payment/internal/recent"
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

// journal is what the terminal saw and said.
type journal struct {
	frames   recent.List[Frame]
	findings recent.List[Finding]
	ids      map[string]bool // request ids seen
}

// repeated remembers a request id and tells whether it was there before.
func (j *journal) repeated(id string) bool {
	if j.ids == nil || len(j.ids) > recent.Kept {
		j.ids = map[string]bool{}
	}
	seen := j.ids[id]
	j.ids[id] = true
	return seen
}

// Frames are all messages heard and said, oldest first.
func (t *Terminal) Frames() []Frame { return t.journal.frames.All() }

// Findings are all deviations from the protocol, oldest first.
func (t *Terminal) Findings() []Finding { return t.journal.findings.All() }

func (t *Terminal) note(c *conn, d Direction, dialect Dialect, binary bool, frame []byte) {
	t.journal.frames.Add(Frame{t.opts.Now(), c.id, c.pos, d, dialect, binary, string(frame)})
}

func (t *Terminal) report(c *conn, order string, rule Rule, detail string) {
	t.journal.findings.Add(Finding{t.opts.Now(), c.id, order, rule, detail})
	t.log.Warn("finding", "connection", c.id, "order", order, "rule", string(rule), "detail", detail)
}
