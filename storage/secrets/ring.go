package secrets

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/zalando/go-keyring"
)

// service is what this program is called in the key store.
const service = "Tillkeeper"

// probe is a name that is never used; asking for it shows whether anybody answers.
const probe = "probe"

// ringLimit is the largest value for the key store, in bytes: Windows takes 2560, and
// macOS a command line of 4096 with the value in base64 and the names. Measuring
// first also keeps go-keyring on macOS from leaving a process behind.
const ringLimit = 2048

// errNone says that the key store has no such secret.
var errNone = keyring.ErrNotFound

// ring is the key store of the system. Its library takes no context and may wait for
// a person who is asked to unlock it, so calls are made one at a time and given up
// when patience ends; one that was given up ends when the key store answers.
type ring struct {
	patience time.Duration
	slot     chan struct{}

	once  sync.Once
	works bool
}

func newRing(patience time.Duration) *ring {
	return &ring{patience: patience, slot: make(chan struct{}, 1)}
}

// usable reports whether there is a key store. The first answer holds, so that all
// secrets given in one run go the same way.
func (r *ring) usable() bool {
	r.once.Do(func() {
		_, err := r.get(probe)
		r.works = err == nil || errors.Is(err, errNone)
	})
	return r.works
}

func (r *ring) get(user string) (string, error) {
	return r.call(func() (string, error) { return keyring.Get(service, user) })
}

// set keeps a value and reads it back: not every system's tool reports its failures.
func (r *ring) set(user, value string) error {
	have, err := r.call(func() (string, error) {
		if err := keyring.Set(service, user, value); err != nil {
			return "", err
		}
		return keyring.Get(service, user)
	})
	if err == nil && have != value {
		return errors.New("it did not keep the secret")
	}
	return err
}

func (r *ring) remove(user string) error {
	_, err := r.call(func() (string, error) { return "", keyring.Delete(service, user) })
	return err
}

// answer is what a call came to.
type answer struct {
	value string
	err   error
}

func (r *ring) call(what func() (string, error)) (string, error) {
	if err := sessionBus(); err != nil {
		return "", err
	}
	ctx, cancel := patience(r.patience)
	defer cancel()
	select {
	case r.slot <- struct{}{}:
	case <-ctx.Done():
		return "", r.silent()
	}
	done := make(chan answer, 1)
	go func() {
		defer func() { <-r.slot }()
		done <- survive(what)
	}()
	select {
	case a := <-done:
		return a.value, a.err
	case <-ctx.Done():
		return "", r.silent()
	}
}

func (r *ring) silent() error {
	return fmt.Errorf("no answer within %v: %w", r.patience, context.DeadlineExceeded)
}

// survive turns a panic into an error; the library trusts what it hears on the bus.
// The panic's own words are dropped, because they might quote it.
func survive(what func() (string, error)) (a answer) {
	defer func() {
		if recover() != nil {
			a = answer{err: errors.New("the key store answered nonsense")}
		}
	}()
	value, err := what()
	return answer{value, err}
}
