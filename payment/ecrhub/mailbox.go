package ecrhub

import (
	"slices"
	"sync"
	"time"
)

// call is a request that waits for its reply.
type call struct {
	topic  string
	id     string
	number string
	reply  chan response // takes one
	broken chan struct{} // closed when a reply came that cannot be read
}

// mailbox finds the request a reply belongs to.
type mailbox struct {
	mu    sync.Mutex
	calls []*call
	// unanswered says when a topic last had a request whose reply never came; it may
	// still come within patience.
	unanswered map[string]time.Time
	patience   time.Duration
}

func (m *mailbox) open(topic, id, number string) *call {
	c := &call{topic: topic, id: id, number: number, reply: make(chan response, 1), broken: make(chan struct{})}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls = append(m.calls, c)
	return c
}

func (m *mailbox) close(c *call) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.remove(c) {
		return
	}
	if m.unanswered == nil {
		m.unanswered = map[string]time.Time{}
	}
	m.unanswered[c.topic] = time.Now()
}

// deliver hands r to the request it answers and reports whether there is one.
func (m *mailbox) deliver(r response) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.match(r)
	if c == nil {
		return false
	}
	m.remove(c) // one reply each; what follows is late
	c.reply <- r
	return true
}

// match follows §3.3: by request id, else by topic and order number, else by
// topic alone if nothing else is possible. The last rule is narrower than the
// protocol text's: a reply with another request's id belongs to that request,
// and one that names nothing may belong to an earlier request without reply.
// Neither must pass for the failure of this one.
func (m *mailbox) match(r response) *call {
	var sameTopic []*call
	for _, c := range m.calls {
		if c.topic != r.topic && r.topic != "" {
			continue
		}
		if r.requestID != "" && r.requestID == c.id {
			return c
		}
		if c.topic == r.topic {
			sameTopic = append(sameTopic, c)
		}
	}
	for _, c := range sameTopic {
		if c.number != "" && c.number == r.number() {
			return c
		}
	}
	if len(sameTopic) == 1 && r.number() == "" && r.requestID == "" && !m.owed(r.topic) {
		return sameTopic[0]
	}
	return nil
}

// owed reports whether a reply to an earlier request on the topic may still come.
func (m *mailbox) owed(topic string) bool {
	at, ok := m.unanswered[topic]
	return ok && time.Since(at) < m.patience
}

// spoil ends the request whose id or number stands in a frame that cannot be
// read: its answer came, and is lost.
func (m *mailbox) spoil(names func(text string) bool) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.calls {
		if names(c.id) || (c.number != "" && names(c.number)) {
			m.remove(c)
			close(c.broken)
			return true
		}
	}
	return false
}

// remove reports whether c was still waiting.
func (m *mailbox) remove(c *call) bool {
	i := slices.Index(m.calls, c)
	if i >= 0 {
		m.calls = slices.Delete(m.calls, i, i+1)
	}
	return i >= 0
}
