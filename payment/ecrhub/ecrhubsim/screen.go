package ecrhubsim

import (
	"fmt"
	"slices"
)

// screen is the terminal's display: one order at a time is on it, others wait.
type screen struct {
	showing *order
	waiting []*order
}

// enter puts an order in line. With t.mu held, like all of screen.
func (s *screen) enter(o *order) {
	s.waiting = append(s.waiting, o)
	s.advance()
}

// leave takes an order away, from the display or from the line.
func (s *screen) leave(o *order) {
	if s.showing == o {
		s.showing = nil
	}
	s.waiting = slices.DeleteFunc(s.waiting, func(w *order) bool { return w == o })
	s.advance()
}

// advance shows the next order that needs no confirmation: the oldest, or the
// newest where it asked to be first (order_queue_mode, §5.1).
func (s *screen) advance() {
	if s.showing != nil {
		return
	}
	next := -1
	for i, o := range s.waiting {
		if !o.confirm && (next < 0 || o.newestFirst) {
			next = i
		}
	}
	if next < 0 {
		return
	}
	s.showing = s.waiting[next]
	s.waiting = slices.Delete(s.waiting, next, next+1)
	close(s.showing.start)
}

// Confirm is the operator's tap on an order that waits for confirmation; an
// empty number means the first in line. It fails if no such order waits.
func (t *Terminal) Confirm(number string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, o := range t.screen.waiting {
		if o.confirm && (number == "" || o.number == number) {
			o.confirm = false
			t.screen.advance()
			return nil
		}
	}
	return fmt.Errorf("no order %q waits for confirmation", number)
}

// Waiting are the numbers of the orders in line, oldest first.
func (t *Terminal) Waiting() []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	numbers := make([]string, 0, len(t.screen.waiting))
	for _, o := range t.screen.waiting {
		numbers = append(numbers, o.number)
	}
	return numbers
}
