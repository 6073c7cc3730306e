package storage_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"tillkeeper/payment"
	"tillkeeper/storage"
)

// mounted returns a folder on a file system of its own of that many bytes. It takes
// root; without it the test cannot be, and says so. The same rules are tested
// without root, less truly, in disk_test.go.
func mounted(t *testing.T, size int) string {
	t.Helper()
	dir := t.TempDir()
	err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d", size))
	if errors.Is(err, syscall.EPERM) || errors.Is(err, syscall.EACCES) {
		t.Skip("NOT TESTED: a really full or read-only disk; mounting one takes root")
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func TestReallyFullDisk(t *testing.T) {
	disk := mounted(t, 1<<20)
	dir := filepath.Join(disk, "till")
	s := open(t, dir)
	mustCreate(t, s.Journal(), sale("FIRST", "5"))
	mustAppend(t, s.Journal(), "FIRST", answer(payment.Approved))
	filler := filepath.Join(disk, "filler")
	if err := fill(filler); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("the disk is not full: %v", err)
	}
	var err error
	n := 0
	for ; err == nil && n < 1000; n++ {
		number := fmt.Sprintf("N%d", n)
		if _, err = s.Journal().Create(t.Context(), sale(number, "6"), entry(payment.KindSent)); err == nil {
			_, err = s.Journal().Append(t.Context(), number, answer(payment.Declined))
		}
	}
	wantCode(t, err, payment.CodeCannotRecord)
	t.Logf("after %d orders: %v (%v)", n, err, errors.Unwrap(err))
	_, err = s.Journal().Create(t.Context(), sale("LAST", "7"), entry(payment.KindSent))
	wantCannotSend(t, err)
	if _, err := s.Journal().Find(t.Context(), "FIRST"); err != nil {
		t.Errorf("reading on a full disk: %v", err)
	}
	_, err = s.Journal().Find(t.Context(), "LAST")
	wantCode(t, err, payment.CodeUnknownOrder)
	cannotRecordBeside(t, dir)
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	mustCreate(t, s.Journal(), sale("AGAIN", "8"))
	healthy(t, dir)
}

// cannotRecordBeside opens the book of a full disk once more.
func cannotRecordBeside(t *testing.T, dir string) {
	t.Helper()
	beside := open(t, dir)
	if _, err := beside.Journal().Find(t.Context(), "FIRST"); err != nil {
		t.Errorf("reading from another process on a full disk: %v", err)
	}
	_, err := beside.Journal().Create(t.Context(), sale("BESIDE", "7"), entry(payment.KindSent))
	wantCannotSend(t, err)
}

// TestOpenOnFullDisk: a book that nobody has open can be read when SQLite finds no
// room for the files beside it, and takes nothing.
func TestOpenOnFullDisk(t *testing.T) {
	disk := mounted(t, 1<<20)
	dir := filepath.Join(disk, "till")
	c := startChild(t, dir)
	c.does("create A 5", "ok")
	c.does("close", "ok")
	c.kill()
	if err := fill(filepath.Join(disk, "filler")); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("the disk is not full: %v", err)
	}
	s := open(t, dir)
	holderIs(t, s, "A", payment.HeldByNone)
	_, err := s.Journal().Create(t.Context(), sale("B", "7"), entry(payment.KindSent))
	wantCannotSend(t, err)
	if err := os.Remove(filepath.Join(disk, "filler")); err != nil {
		t.Fatal(err)
	}
	_, err = s.Journal().Create(t.Context(), sale("B", "7"), entry(payment.KindSent))
	wantCannotSend(t, err)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	healthy(t, dir)
	mustCreate(t, open(t, dir).Journal(), sale("B", "7"))
}

// fill writes until nothing more goes in.
func fill(path string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	for _, size := range []int{4096, 1} {
		block := make([]byte, size)
		for err = nil; err == nil; {
			_, err = f.Write(block)
		}
	}
	return err
}

func TestReallyReadOnlyDisk(t *testing.T) {
	for _, crashed := range []bool{false, true} {
		t.Run(fmt.Sprintf("crashed=%t", crashed), func(t *testing.T) { readOnlyDisk(t, crashed) })
	}
}

func readOnlyDisk(t *testing.T, crashed bool) {
	disk := mounted(t, 4<<20)
	dir := filepath.Join(disk, "till")
	c := startChild(t, dir)
	c.does("create A 5", "ok")
	c.kill()
	if !crashed {
		s, err := storage.Open(t.Context(), dir, storage.Options{})
		if err != nil {
			t.Fatal(err)
		}
		mustAppend(t, s.Journal(), "A", entry(payment.KindOrphaned))
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mount("", disk, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	s := open(t, dir)
	holderIs(t, s, "A", payment.HeldByNone)
	_, err := s.Journal().Create(t.Context(), sale("B", "6"), entry(payment.KindCreated))
	wantCannotSend(t, err)
	_, err = s.Journal().Append(t.Context(), "A", answer(payment.Approved))
	wantCode(t, err, payment.CodeCannotRecord)
	wantCode(t, s.Settings().Set(t.Context(), "language", "cs"), payment.CodeCannotRecord)
	t.Log(err, errors.Unwrap(err))
	_, err = storage.Open(t.Context(), filepath.Join(disk, "new"), storage.Options{})
	wantCannotSend(t, err)
}
