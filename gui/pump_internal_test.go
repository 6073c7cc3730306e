package gui

import (
	"testing"

	"tillkeeper/payment/till"
)

// Tests from inside, because coalescing shows outside only as speed.
func TestABusyWindowGetsManyEventsInOneGo(t *testing.T) {
	var posts []func()
	var batches []int
	box := &mailbox{
		post: func(f func()) { posts = append(posts, f) },
		take: func(batch []till.Event) { batches = append(batches, len(batch)) },
	}
	for range 100 {
		box.put(till.Event{Removed: "x"})
	}
	if len(posts) != 1 {
		t.Fatalf("100 events made %d posts", len(posts))
	}
	posts[0]()
	box.put(till.Event{Removed: "x"})
	posts[1]()
	if len(batches) != 2 || batches[0] != 100 || batches[1] != 1 {
		t.Errorf("batches of %v", batches)
	}
}
