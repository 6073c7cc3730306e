// Package script is what a simulator is told to do: outcomes for the next orders and
// queries, given by a test or read from a file of one JSON object per line.
package script

import "sync"

// Script is what was asked for and has not happened yet: outcomes O for orders, and
// ways Q to answer queries. The zero Script asks for nothing. Its methods may be
// called from any goroutine.
type Script[O any, Q ~string] struct {
	mu      sync.Mutex
	orders  []O
	queries []Q
}

// Add appends outcomes for the next orders, one each.
func (s *Script[O, Q]) Add(outcomes ...O) { s.add(outcomes, nil) }

// AddQueries appends ways to answer the next queries, one each.
func (s *Script[O, Q]) AddQueries(ways ...Q) { s.add(nil, ways) }

func (s *Script[O, Q]) add(outcomes []O, ways []Q) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.orders = append(s.orders, outcomes...)
	s.queries = append(s.queries, ways...)
}

// Next takes the outcome of an order; there is none where nothing was asked for.
func (s *Script[O, Q]) Next() (outcome O, given bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return next(&s.orders)
}

// NextQuery takes the way to answer a query, "" where nothing was asked for.
func (s *Script[O, Q]) NextQuery() Q {
	s.mu.Lock()
	defer s.mu.Unlock()
	way, _ := next(&s.queries)
	return way
}

func next[T any](list *[]T) (first T, given bool) {
	if len(*list) == 0 {
		return first, false
	}
	first = (*list)[0]
	*list = (*list)[1:]
	return first, true
}

// Len tells how many outcomes and answers are left.
func (s *Script[O, Q]) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.orders) + len(s.queries)
}

// Clear forgets what is left.
func (s *Script[O, Q]) Clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.orders, s.queries = nil, nil
}
