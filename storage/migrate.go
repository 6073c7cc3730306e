package storage

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
	"github.com/google/uuid"
	"github.com/pressly/goose/v3"

	"tillkeeper/payment"
)

//go:embed migrations/*.sql
var migrations embed.FS

// schemaVersion is the number of the last file in migrations; each file sets it as
// the database's user_version.
const schemaVersion = 2

// applicationID marks a SQLite file as ours: "TILL".
const applicationID = 0x54494c4c

// create makes the database where there is none. It is built under another name and
// renamed when it is whole, so that an empty or cut file under the real name is
// always damage and never taken for a new book.
func (s *Store) create(ctx context.Context) error {
	if exists(s.path) {
		return nil
	}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return s.cannotMake(err)
	}
	unlock, err := s.lockSchema(ctx)
	if err != nil {
		return s.cannotMake(err)
	}
	defer unlock()
	if exists(s.path) {
		return nil
	}
	if exists(s.path + "-wal") {
		return damaged(s.path, errors.New("the file is gone, but its log is there"))
	}
	return s.build(ctx)
}

func (s *Store) build(ctx context.Context) error {
	fresh := s.path + ".new-" + uuid.NewString()
	defer func() {
		for _, end := range []string{"", "-wal", "-shm", "-journal"} {
			_ = os.Remove(fresh + end)
		}
	}()
	// Made here, so that only this user may read it; SQLite gives its other files
	// the same rights.
	if err := os.WriteFile(fresh, nil, 0o600); err != nil {
		return s.cannotMake(err)
	}
	if err := migrate(ctx, fresh); err != nil {
		return s.writeError("create database", err)
	}
	if err := os.Rename(fresh, s.path); err != nil {
		return s.cannotMake(err)
	}
	return syncDir(s.dir)
}

func (s *Store) cannotMake(err error) error {
	return payment.NotSent(payment.CodeCannotRecord, "the data folder %s cannot be used: %w", s.dir, err)
}

// lockSchema keeps two processes from building or changing tables at the same time.
func (s *Store) lockSchema(ctx context.Context) (unlock func(), err error) {
	lock := flock.New(filepath.Join(s.dir, "schema.lock"))
	if _, err := lock.TryLockContext(ctx, 5*time.Millisecond); err != nil {
		return nil, err
	}
	return func() { _ = lock.Close() }, nil
}

// prove asks the file what it is, and brings older tables up to date.
func (s *Store) prove(ctx context.Context) error {
	id, version, err := s.identity(ctx)
	if err != nil {
		return err
	}
	switch {
	case id != applicationID:
		return damaged(s.path, errors.New("it is a database of another program or an empty one"))
	case version > schemaVersion:
		return newer(s.path, version)
	case version == schemaVersion:
		return nil
	}
	unlock, err := s.lockSchema(ctx)
	if err != nil {
		return s.cannotMake(err)
	}
	defer unlock()
	return s.writeError("upgrade database", migrate(ctx, s.path))
}

func (s *Store) identity(ctx context.Context) (id, version int, err error) {
	id, version, err = askIdentity(ctx, s.read)
	if cannotRecord(err) != "" && !s.hasLog() {
		// On a disk that is full or read-only SQLite cannot make the files beside
		// the database that let processes work together. With no log there, nothing
		// is missing from the file, and it can be read as one that nobody changes.
		if err := s.freeze(); err != nil {
			return 0, 0, err
		}
		id, version, err = askIdentity(ctx, s.read)
	}
	return id, version, s.readError("open", err)
}

func (s *Store) hasLog() bool {
	info, err := os.Stat(s.path + "-wal")
	return err == nil && info.Size() > 0
}

func askIdentity(ctx context.Context, p *pool) (id, version int, err error) {
	err = p.run(ctx, func(c *session) error {
		// The count makes SQLite read and parse the schema.
		var tables int
		return c.one(ctx, []any{&id, &version, &tables}, `SELECT application_id, user_version,
			(SELECT count(*) FROM sqlite_schema) FROM pragma_application_id, pragma_user_version`)
	})
	return id, version, err
}

// freeze exchanges the readers for such that take no locks and see no changes.
func (s *Store) freeze() error {
	params := readParams()
	params.Set("immutable", "1")
	frozen, err := newPool(s.path, params, readers, "BEGIN")
	if err != nil {
		return err
	}
	err = s.read.close()
	s.read, s.frozen = frozen, true
	return err
}

func migrate(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", dsn(path, writeParams()))
	if err != nil {
		return err
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, files, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return db.Close()
}

// syncDir makes a rename in dir durable. Systems that cannot sync a folder do it by
// themselves.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	_ = d.Sync()
	return d.Close()
}
