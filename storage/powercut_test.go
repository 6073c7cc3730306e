package storage_test

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"tillkeeper/payment"
	"tillkeeper/storage"
)

// TestPowerCut cuts the write-ahead log at and inside every frame, as a power cut
// may leave it, and opens what is left: a beginning of the story, whole and
// healthy, and never less than a shorter log gave.
func TestPowerCut(t *testing.T) {
	file, log := storyOfAKilledProcess(t)
	const header, frameHeader = 32, 24 // of the log, see SQLite's file format §4.1
	frame := frameHeader + int(binary.BigEndian.Uint32(log[8:12]))
	before := 0
	for end := header; end <= len(log); end += frame {
		for _, cut := range []int{end, min(end+frame/2, len(log))} {
			entries := openCut(t, file, log[:cut])
			if entries < before {
				t.Fatalf("cut at %d of %d: %d entries, were %d", cut, len(log), entries, before)
			}
			before = entries
		}
	}
	if before != storyOrders*3 {
		t.Errorf("the whole log gives %d entries", before)
	}
}

// storyOrders is how many orders the story has, each with two entries and then a
// third.
const storyOrders = 4

func storyOfAKilledProcess(t *testing.T) (file, log []byte) {
	t.Helper()
	dir := t.TempDir()
	c := startChild(t, dir)
	for i := range storyOrders {
		c.does(fmt.Sprintf("create A%d 5", i), "ok")
		c.does(fmt.Sprintf("approve A%d", i), "ok")
	}
	c.kill()
	file, err := os.ReadFile(filepath.Join(dir, storage.FileName))
	if err != nil {
		t.Fatal(err)
	}
	log, err = os.ReadFile(filepath.Join(dir, storage.FileName+"-wal"))
	if err != nil {
		t.Fatal(err)
	}
	return file, log
}

// openCut returns how many entries a book with that log has.
func openCut(t *testing.T, file, log []byte) int {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, storage.FileName)
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path+"-wal", log, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := storage.Open(t.Context(), dir, storage.Options{})
	if err != nil {
		t.Fatalf("log of %d bytes: %v", len(log), err)
	}
	defer s.Close()
	healthyStore(t, s)
	found, _, err := s.Journal().Since(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	entries := 0
	for i, r := range found {
		settled := r.State().Status == payment.StatusApproved
		if r.Order.Number != fmt.Sprintf("A%d", i) || (!settled && i < len(found)-1) || len(r.Entries) < 2 {
			t.Fatalf("log of %d bytes: order %d is %s, %s, %d entries", len(log), i, r.Order.Number, r.State().Status, len(r.Entries))
		}
		entries += len(r.Entries)
	}
	return entries
}
