package storage

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"time"

	_ "modernc.org/sqlite" // registers the driver "sqlite"

	"tillkeeper/payment"
)

// FileName is the name of the database file in the data folder.
const FileName = "tillkeeper.db"

// Options are what the program lends to a Store.
type Options struct {
	// Now is the clock; nil is time.Now.
	Now func() time.Time
}

// Store is an open data folder. It may be used from several goroutines.
type Store struct {
	dir, path string
	file      os.FileInfo // the file as it was opened; see present
	now       func() time.Time

	write, read *pool
	// frozen: the readers see no changes, so none may be made.
	frozen bool
	hold   *hold

	// closing ends the goroutines that watching counts; mu keeps new ones from
	// starting after it.
	closing  chan struct{}
	mu       sync.Mutex
	closed   bool
	watching sync.WaitGroup
}

// Open opens the data folder dir and makes what is missing: the folder, the
// database, newer tables. It gives an *Error with payment.CodeNewerData or
// payment.CodeDamagedData for a file that it must not touch.
func Open(ctx context.Context, dir string, o Options) (*Store, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	s := &Store{dir: dir, path: filepath.Join(dir, FileName), now: o.Now, closing: make(chan struct{})}
	s.hold = newHold(dir)
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context) (err error) {
	if err := s.create(ctx); err != nil {
		return err
	}
	if s.read, err = newPool(s.path, readParams(), readers, "BEGIN"); err != nil {
		return err
	}
	// The writer connects when it is first used: reading alone is faster without it.
	if s.write, err = newPool(s.path, writeParams(), 1, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err := s.prove(ctx); err != nil {
		return err
	}
	if s.file, err = os.Stat(s.path); err != nil {
		return s.readError("look at the file", err)
	}
	if s.hold.clean() == 0 {
		return nil
	}
	// A process died here, perhaps with the whole machine: look closer.
	return s.quickCheck(ctx)
}

// readers is how many questions are answered at the same time.
const readers = 3

// Close releases the orders that this process carries, ends all watches and closes
// the file. It is safe to call twice.
func (s *Store) Close() error {
	s.mu.Lock()
	first := !s.closed
	s.closed = true
	s.mu.Unlock()
	if !first {
		return nil
	}
	close(s.closing)
	s.watching.Wait()
	var err error
	// The writer goes last: the last one to close folds the log into the file.
	for _, p := range []*pool{s.read, s.write} {
		if p != nil {
			err = errors.Join(err, p.close())
		}
	}
	return errors.Join(err, s.hold.release())
}

// Dir returns the data folder.
func (s *Store) Dir() string { return s.dir }

// reading runs do on one unchanging view of the database.
func (s *Store) reading(ctx context.Context, doing string, do func(*session) error) error {
	return s.readError(doing, s.read.transaction(ctx, do))
}

// writing runs do as the only writer. Once it has begun it is not cut short by ctx:
// a fact about money is not lost because its caller went away.
func (s *Store) writing(ctx context.Context, doing string, do func(context.Context, *session) error) error {
	if s.frozen {
		return payment.Errorf(payment.CodeCannotRecord,
			"the data folder was full or read-only when it was opened: nothing can be recorded until the program is started again")
	}
	ctx = context.WithoutCancel(ctx)
	if err := s.present(); err != nil {
		return err
	}
	err := s.write.transaction(ctx, func(t *session) error { return do(ctx, t) })
	return s.writeError(doing, err)
}

// present refuses to write into a file that was deleted or replaced since it was
// opened: what is written there is gone with this process, and another process has
// another book.
func (s *Store) present() error {
	now, err := os.Stat(s.path)
	if err != nil || !os.SameFile(s.file, now) {
		return payment.NotSent(payment.CodeCannotRecord,
			"the book %s was deleted or replaced while it was open; nothing can be recorded until the program is started again", s.path)
	}
	return nil
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
