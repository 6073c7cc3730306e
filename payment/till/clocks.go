package till

import (
	"sync"
	"time"
)

// clocks measure open orders by the system's monotonic clock. A wall clock that is
// set must neither prove nor hide anything about money.
type clocks struct {
	mu sync.Mutex
	// sent is when this process sent an order, seen since when it has known one.
	sent map[string]time.Time
	seen map[string]time.Time
}

func (c *clocks) init() {
	c.sent, c.seen = map[string]time.Time{}, map[string]time.Time{}
}

// begin starts the clock of an order that this process sends.
func (c *clocks) begin(number string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sent[number] = time.Now()
}

// sinceSent is how long ago this process sent the order, and whether it did.
func (c *clocks) sinceSent(number string) (time.Duration, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	at, ok := c.sent[number]
	return time.Since(at), ok
}

// known is how long this process has known the order; the first call starts it.
func (c *clocks) known(number string) time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	at, ok := c.seen[number]
	if !ok {
		at = time.Now()
		c.seen[number] = at
	}
	return time.Since(at)
}

// end forgets a settled order.
func (c *clocks) end(number string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.sent, number)
	delete(c.seen, number)
}
