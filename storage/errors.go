package storage

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"syscall"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"tillkeeper/payment"
)

// isRefusal reports whether a rule said no, as opposed to a failure.
func isRefusal(err error) bool {
	var e *payment.Error
	return errors.As(err, &e)
}

// isNone reports whether a query of one row found none.
func isNone(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// sqliteCode returns SQLite's primary and extended result code, 0 if err has none.
func sqliteCode(err error) (primary, extended int) {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return 0, 0
	}
	return e.Code() & 0xff, e.Code()
}

// readError sorts what went wrong while doing reads.
func (s *Store) readError(doing string, err error) error {
	if err == nil || isRefusal(err) {
		return err
	}
	if primary, _ := sqliteCode(err); primary == sqlite3.SQLITE_CORRUPT || primary == sqlite3.SQLITE_NOTADB {
		return damaged(s.path, err)
	}
	return fmt.Errorf("storage: %s: %w", doing, err)
}

// writeError sorts what went wrong while doing writes. What the disk or the file
// system is to blame for gets CodeCannotRecord.
func (s *Store) writeError(doing string, err error) error {
	if why := cannotRecord(err); why != "" && !isRefusal(err) {
		e := payment.Errorf(payment.CodeCannotRecord, "%s: nothing can be recorded", why)
		e.Err = fmt.Errorf("storage: %s: %w", doing, err)
		return e
	}
	return s.readError(doing, err)
}

// notSent tells of a failed Create that it also means: nothing is sent.
func notSent(err error) error {
	var e *payment.Error
	if !errors.As(err, &e) || e.Code != payment.CodeCannotRecord {
		return err
	}
	told := *e
	told.Text += ", so nothing is sent"
	told.Err = errors.Join(payment.ErrNotSent, e.Err)
	return &told
}

// cannotRecord says in plain words why the disk does not take what is written, ""
// if it is not to blame.
func cannotRecord(err error) string {
	switch primary, extended := sqliteCode(err); primary {
	case sqlite3.SQLITE_FULL:
		return "the disk is full"
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return "the data folder is read-only"
	case sqlite3.SQLITE_CANTOPEN:
		return "the data file cannot be opened for writing"
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return "another program holds the data file"
	case sqlite3.SQLITE_IOERR:
		// The index of the log cannot grow: SQLite reports a full disk this way.
		if extended == sqlite3.SQLITE_IOERR_SHMSIZE {
			return "the disk is full"
		}
		return "the disk reports an error"
	}
	var lock *lockError
	if errors.As(err, &lock) {
		return lock.why()
	}
	return ""
}

// lockError is a failure to make or take a lock file.
type lockError struct{ err error }

func (e *lockError) Error() string { return e.err.Error() }
func (e *lockError) Unwrap() error { return e.err }

// why says in plain words what kept the file from being made.
func (e *lockError) why() string {
	switch {
	case errors.Is(e.err, syscall.ENOSPC):
		return "the disk is full"
	case errors.Is(e.err, syscall.EROFS), errors.Is(e.err, fs.ErrPermission):
		return "the data folder is read-only"
	}
	return "the data folder takes no lock file"
}

func damaged(path string, cause error) *payment.Error {
	return payment.Errorf(payment.CodeDamagedData,
		"the data file %s is damaged and was left as it is; close the program, keep a copy of the file, and restore a backup: %w", path, cause)
}

func newer(path string, version int) *payment.Error {
	return payment.Errorf(payment.CodeNewerData,
		"the data file %s was written by a newer version of this program (its format is %d, this program knows %d); install the newer version",
		path, version, schemaVersion)
}
