package storage_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tillkeeper/payment"
	"tillkeeper/storage"
)

// wantCannotSend fails the test unless err says that nothing is recorded and so
// nothing is sent.
func wantCannotSend(t *testing.T, err error) {
	t.Helper()
	wantCode(t, err, payment.CodeCannotRecord)
	if !errors.Is(err, payment.ErrNotSent) {
		t.Errorf("%v: does not say that nothing was sent", err)
	}
}

// TestFullDatabase has SQLite itself refuse to grow the file, which takes the same
// way as a full disk from SQLITE_FULL on.
func TestFullDatabase(t *testing.T) {
	s := open(t, t.TempDir())
	mustCreate(t, s.Journal(), sale("A", "5"))
	if err := s.ExecAlone(t.Context(), `PRAGMA max_page_count = 1`); err != nil {
		t.Fatal(err)
	}
	long := entry(payment.KindWaiting)
	long.Raw = strings.Repeat("x", 100_000)
	_, err := s.Journal().Append(t.Context(), "A", long)
	wantCode(t, err, payment.CodeCannotRecord)
	if want := "the disk is full: nothing can be recorded"; err.Error() != want {
		t.Errorf("%q, want %q", err, want)
	}
	r, err := s.Journal().Find(t.Context(), "A")
	if err != nil || len(r.Entries) != 2 {
		t.Errorf("reading on a full disk: %d entries, %v", len(r.Entries), err)
	}
	mustAppend(t, s.Journal(), "A", answer(payment.Approved))
}

func TestReadOnlyDatabase(t *testing.T) {
	s := open(t, t.TempDir())
	mustCreate(t, s.Journal(), sale("A", "5"))
	mustAppend(t, s.Journal(), "A", answer(payment.Approved))
	if err := s.ExecAlone(t.Context(), `PRAGMA query_only = 1`); err != nil {
		t.Fatal(err)
	}
	_, err := s.Journal().Create(t.Context(), sale("B", "5"), entry(payment.KindCreated))
	wantCannotSend(t, err)
	if want := "the data folder is read-only: nothing can be recorded, so nothing is sent"; err.Error() != want {
		t.Errorf("%q, want %q", err, want)
	}
	if _, err := s.Journal().Find(t.Context(), "A"); err != nil {
		t.Errorf("reading a read-only book: %v", err)
	}
}

func TestBusyDatabase(t *testing.T) {
	dir := t.TempDir()
	s, other := open(t, dir), open(t, dir)
	if err := other.ExecAlone(t.Context(), `BEGIN IMMEDIATE`); err != nil {
		t.Fatal(err)
	}
	if err := s.ExecAlone(t.Context(), `PRAGMA busy_timeout = 1`); err != nil {
		t.Fatal(err)
	}
	_, err := s.Journal().Create(t.Context(), sale("A", "5"), entry(payment.KindCreated))
	wantCannotSend(t, err)
	if err := other.ExecAlone(t.Context(), `ROLLBACK`); err != nil {
		t.Fatal(err)
	}
	mustCreate(t, s.Journal(), sale("A", "5"))
}

func TestFolderThatCannotBe(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := storage.Open(t.Context(), filepath.Join(file, "till"), storage.Options{})
	wantCannotSend(t, err)
}
