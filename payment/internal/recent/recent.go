// Package recent keeps the newest entries of a list that would grow without end.
package recent

import (
	"slices"
	"sync"
)

// Kept bounds the memory of a simulator that runs for days: no list is longer.
const Kept = 20_000

// List forgets its older half when it is full. The zero List is empty. Its methods
// may be called from any goroutine.
type List[T any] struct {
	mu      sync.Mutex
	entries []T
}

// Add appends an entry.
func (l *List[T]) Add(entry T) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.entries) >= Kept {
		l.entries = slices.Clone(l.entries[Kept/2:])
	}
	l.entries = append(l.entries, entry)
}

// All are the entries, oldest first.
func (l *List[T]) All() []T {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.entries)
}

// Clear empties the list.
func (l *List[T]) Clear() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries = nil
}
