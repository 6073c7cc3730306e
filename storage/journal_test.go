package storage_test

import (
	"context"
	"testing"

	"tillkeeper/payment"
	"tillkeeper/payment/journaltest"
	"tillkeeper/storage"
)

func TestJournal(t *testing.T) {
	b := books{}
	journaltest.Run(t, journaltest.Harness{New: b.open, Reopen: b.reopen, Beside: b.beside})
}

// books remembers the Store of each journal.
type books map[payment.Journal]*storage.Store

func (b books) open(t *testing.T) payment.Journal { return b.at(t, t.TempDir()) }

func (b books) reopen(t *testing.T, j payment.Journal) payment.Journal {
	if err := b[j].Close(); err != nil {
		t.Fatal(err)
	}
	return b.at(t, b[j].Dir())
}

func (b books) beside(t *testing.T, j payment.Journal) payment.Journal { return b.at(t, b[j].Dir()) }

func (b books) at(t *testing.T, dir string) payment.Journal {
	t.Cleanup(func() { healthy(t, dir) })
	s := open(t, dir)
	j := s.Journal()
	b[j] = s
	return j
}

// open opens dir for the length of the test.
func open(t *testing.T, dir string) *storage.Store {
	t.Helper()
	s, err := storage.Open(t.Context(), dir, storage.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// healthy proves the health of a folder that nobody has open.
func healthy(t *testing.T, dir string) {
	t.Helper()
	s, err := storage.Open(context.Background(), dir, storage.Options{})
	if err != nil {
		t.Error(err)
		return
	}
	defer s.Close()
	found, err := s.Check(context.Background())
	if err != nil || len(found) > 0 {
		t.Errorf("the book is not well: %v %v", found, err)
	}
}
