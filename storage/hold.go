package storage

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/gofrs/flock"
	"github.com/google/uuid"

	"tillkeeper/payment"
)

// hold says who carries an order. Every Store that makes orders has a token and
// keeps locks/<token>.lock locked while it lives; the system unlocks the file when
// the process ends, however it ends.
type hold struct {
	dir   string
	token string

	mu   sync.Mutex
	lock *flock.Flock
}

func newHold(dir string) *hold {
	return &hold{dir: filepath.Join(dir, "locks"), token: uuid.NewString()}
}

// claim takes this process's lock; it does nothing the second time.
func (h *hold) claim(ctx context.Context) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.lock != nil {
		return nil
	}
	if err := os.MkdirAll(h.dir, 0o700); err != nil {
		return &lockError{err}
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	// While the file is made and locked nobody may take it for a stale one.
	guard := h.guard()
	if _, err := guard.TryLockContext(ctx, time.Millisecond); err != nil {
		return &lockError{err}
	}
	defer guard.Close()
	lock := flock.New(h.path(h.token))
	got, err := lock.TryLock()
	if err != nil {
		return &lockError{err}
	}
	if !got {
		return &lockError{errors.New("the lock of a new token is taken")}
	}
	h.lock = lock
	return nil
}

// release lets go of the orders of this process.
func (h *hold) release() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.lock == nil {
		return nil
	}
	err := h.lock.Close()
	_ = os.Remove(h.lock.Path())
	h.lock = nil
	return err
}

// of returns who has the token. What cannot be found out counts as held: an order
// must not be taken from a living process.
func (h *hold) of(token string) payment.Holder {
	if token == h.token {
		return payment.HeldHere
	}
	if h.locked(h.path(token)) {
		return payment.HeldThere
	}
	return payment.HeldByNone
}

// locked reports whether a living process has the lock. Asking shares the lock for
// a moment, so that several may ask at once.
func (h *hold) locked(path string) bool {
	if !exists(path) {
		return false
	}
	lock := flock.New(path, flock.SetFlag(os.O_RDONLY))
	got, err := lock.TryRLock()
	_ = lock.Close()
	if os.IsNotExist(err) {
		return false
	}
	return !got
}

// clean removes the lock files of dead processes and returns how many there were.
// If another process is at it or the folder cannot be written, it leaves them.
func (h *hold) clean() int {
	names, err := filepath.Glob(filepath.Join(h.dir, "*.lock"))
	if err != nil || len(names) == 0 {
		return 0
	}
	guard := h.guard()
	if got, err := guard.TryLock(); err != nil || !got {
		return 0
	}
	defer guard.Close()
	dead := 0
	for _, name := range names {
		if !h.locked(name) && os.Remove(name) == nil {
			dead++
		}
	}
	return dead
}

// living reports whether any process holds a lock.
func (h *hold) living() bool {
	names, _ := filepath.Glob(filepath.Join(h.dir, "*.lock"))
	for _, name := range names {
		if h.locked(name) {
			return true
		}
	}
	return false
}

func (h *hold) path(token string) string {
	return filepath.Join(h.dir, strings.ToLower(filepath.Base(token))+".lock")
}

func (h *hold) guard() *flock.Flock { return flock.New(filepath.Join(h.dir, "guard")) }
