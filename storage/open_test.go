package storage_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tillkeeper/payment"
	"tillkeeper/storage"
)

// closed returns the folder of a closed book with one paid order, A.
func closed(t *testing.T) (dir, path string) {
	t.Helper()
	dir = t.TempDir()
	s := open(t, dir)
	mustCreate(t, s.Journal(), sale("A", "5"))
	mustAppend(t, s.Journal(), "A", answer(payment.Approved))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return dir, filepath.Join(dir, storage.FileName)
}

func TestDamagedFileIsRefusedAndKept(t *testing.T) {
	_, whole := closed(t)
	good, err := os.ReadFile(whole)
	if err != nil {
		t.Fatal(err)
	}
	other := bytes.Clone(good)
	copy(other[68:], "XXXX") // where SQLite keeps the application id
	for name, content := range map[string][]byte{
		"garbage":                     bytes.Repeat([]byte("garbage "), 1000),
		"an empty file":               {},
		"a cut file":                  good[:len(good)/2],
		"a broken header":             append([]byte("SQLite format 4"), good[15:]...),
		"a broken first page":         append(append(bytes.Clone(good[:100]), make([]byte, 200)...), good[300:]...),
		"a database of other kind":    other,
		"a database without its mark": append(append(bytes.Clone(good[:60]), make([]byte, 12)...), good[72:]...),
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, storage.FileName)
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := storage.Open(t.Context(), dir, storage.Options{})
			wantCode(t, err, payment.CodeDamagedData)
			if !strings.Contains(err.Error(), path) {
				t.Errorf("the file is not named: %v", err)
			}
			if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, content) {
				t.Errorf("the file was touched: %v", err)
			}
		})
	}
}

func TestLogWithoutItsFileIsDamage(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, storage.FileName+"-wal"), []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := storage.Open(t.Context(), dir, storage.Options{})
	wantCode(t, err, payment.CodeDamagedData)
}

func TestDamageInsideIsFoundAfterACrash(t *testing.T) {
	dir, path := closed(t)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	// Every page but the first, which holds the schema.
	copy(content[8192:], bytes.Repeat([]byte{0xAA}, len(content)-8192))
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "locks", "dead.lock"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = storage.Open(t.Context(), dir, storage.Options{})
	wantCode(t, err, payment.CodeDamagedData)
}

func TestNewerFileIsRefusedAndKept(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	if err := s.Exec(t.Context(), `PRAGMA user_version = 1000`); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, storage.FileName)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = storage.Open(t.Context(), dir, storage.Options{})
	wantCode(t, err, payment.CodeNewerData)
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(after, before) {
		t.Errorf("the file was touched: %v", err)
	}
}

func TestSetAside(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, storage.FileName)
	if _, err := storage.SetAside(dir); err == nil {
		t.Error("nothing was set aside")
	}
	if err := os.WriteFile(path, []byte("garbage"), 0o600); err != nil {
		t.Fatal(err)
	}
	aside, err := storage.SetAside(dir)
	if err != nil {
		t.Fatal(err)
	}
	if content, err := os.ReadFile(aside); err != nil || string(content) != "garbage" {
		t.Errorf("the damaged file is lost: %q, %v", content, err)
	}
	s := open(t, dir)
	mustCreate(t, s.Journal(), sale("A", "5"))
	if _, err := storage.SetAside(dir); err == nil {
		t.Error("a book in use was set aside")
	}
}

func TestManyOpenAtOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "till")
	errs := make(chan error)
	const many = 6
	for range many {
		go func() {
			s, err := storage.Open(t.Context(), dir, storage.Options{})
			if err == nil {
				err = s.Close()
			}
			errs <- err
		}()
	}
	for range many {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	names, err := filepath.Glob(filepath.Join(dir, "*.new-*"))
	if err != nil || len(names) > 0 {
		t.Errorf("left over: %q %v", names, err)
	}
}

func TestFolderWithSpecialCharacters(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "Kasa č. 1 %20?x=y#z")
	s := open(t, dir)
	mustCreate(t, s.Journal(), sale("A", "5"))
	if _, err := os.Stat(filepath.Join(dir, storage.FileName)); err != nil {
		t.Error(err)
	}
}

func TestAfterClose(t *testing.T) {
	s := open(t, t.TempDir())
	signals, err := s.Journal().Watch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(s.Close(), s.Close()); err != nil {
		t.Fatal(err)
	}
	for range signals {
		t.Error("a signal after Close")
	}
	_, err = s.Journal().Find(t.Context(), "A")
	wantCode(t, err, payment.CodeClosed)
	_, err = s.Journal().Create(t.Context(), sale("A", "5"))
	wantCode(t, err, payment.CodeClosed)
	_, err = s.Journal().Watch(t.Context())
	wantCode(t, err, payment.CodeClosed)
}

func TestNothingIsChangedOrRemoved(t *testing.T) {
	s := open(t, t.TempDir())
	mustCreate(t, s.Journal(), sale("A", "5"))
	for _, query := range []string{
		`UPDATE entries SET kind = 'x'`, `DELETE FROM entries`, `UPDATE orders SET amount = 1`, `DELETE FROM orders`,
		`INSERT INTO entries SELECT 99, 4711, time, 0, '', '', '', '', '', NULL, 0, '', '', '', '' FROM entries`,
	} {
		if err := s.Exec(t.Context(), query); err == nil {
			t.Errorf("the database takes %s", query)
		}
	}
	healthyStore(t, s)
}

func TestCheckFindsTampering(t *testing.T) {
	s := open(t, t.TempDir())
	mustCreate(t, s.Journal(), sale("A", "5"))
	mustAppend(t, s.Journal(), "A", answer(payment.Approved))
	for _, c := range []struct{ query, order, text string }{
		{`UPDATE order_states SET status = 'declined'`, "A", "does not follow"},
		{`UPDATE order_states SET moved_amount = 499`, "A", "does not follow"},
		{`DELETE FROM order_states`, "A", "no state"},
	} {
		if err := s.Exec(t.Context(), c.query); err != nil {
			t.Fatal(err)
		}
		found, err := s.Check(t.Context())
		if err != nil || len(found) != 1 || found[0].Order != c.order || !strings.Contains(found[0].Text, c.text) {
			t.Errorf("after %s: %v %v", c.query, found, err)
		}
		if err := s.Rebuild(t.Context()); err != nil {
			t.Fatal(err)
		}
		healthyStore(t, s)
	}
	for _, query := range []string{`DROP TRIGGER entries_no_delete`, `DELETE FROM entries WHERE seq = 2`} {
		if err := s.Exec(t.Context(), query); err != nil {
			t.Fatal(err)
		}
	}
	if found, err := s.Check(t.Context()); err != nil || len(found) != 1 || !strings.Contains(found[0].Text, "missing") {
		t.Errorf("an entry is gone: %v %v", found, err)
	}
}

func healthyStore(t *testing.T, s *storage.Store) {
	t.Helper()
	if found, err := s.Check(t.Context()); err != nil || len(found) > 0 {
		t.Errorf("the book is not well: %v %v", found, err)
	}
}

func TestABookDeletedWhileOpenTakesNothing(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	if err := os.Remove(filepath.Join(dir, storage.FileName)); err != nil {
		t.Fatal(err)
	}
	_, err := s.Journal().Create(t.Context(), sale("N1", "1.00"))
	if payment.CodeOf(err) != payment.CodeCannotRecord || !errors.Is(err, payment.ErrNotSent) {
		t.Errorf("an order into a deleted file gives %v", err)
	}
}
