package secrets

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"tillkeeper/payment"
)

// Store keeps secrets. It is safe for use by several goroutines and processes, and
// nothing needs to be closed.
type Store struct {
	dir      string
	fileOnly bool
	ring     *ring
	vault    *vault
}

var _ payment.Secrets = (*Store)(nil)

// Options say where secrets are kept. The zero value takes the key store if there is
// one.
type Options struct {
	// FileOnly takes the encrypted file even where there is a key store. Secrets that
	// are in the key store are still found there.
	FileOnly bool
	// Passphrase encrypts the file in place of a key file; "" for a key file.
	Passphrase Passphrase
	// KeyDir is the folder of the key files; "" is tillkeeper-keys in the user's
	// configuration folder. It is not tillkeeper there, because on Windows and macOS
	// that is the data folder.
	KeyDir string
	// Patience is how long the key store may take to answer, such as for a person to
	// unlock it; 0 is 10 s.
	Patience time.Duration
}

// The environment variables that FromEnv reads.
const (
	EnvPlace      = "TILLKEEPER_SECRETS"
	EnvPassphrase = "TILLKEEPER_PASSPHRASE"
)

// FromEnv returns what the environment asks for. A place that there is not gives an
// *Error with CodeBadSetting.
func FromEnv(getenv func(string) string) (Options, error) {
	o := Options{Passphrase: Passphrase(getenv(EnvPassphrase))}
	switch place := getenv(EnvPlace); place {
	case "", "keyring":
	case "file":
		o.FileOnly = true
	default:
		return o, payment.Errorf(payment.CodeBadSetting, "%s is %q; it takes keyring or file", EnvPlace, payment.Mask(place))
	}
	return o, nil
}

// Open returns the secrets of the till whose data folder is dir. It touches neither
// the disk nor the key store; both are asked when they are needed.
func Open(dir string, o Options) (*Store, error) {
	if dir == "" {
		return nil, locked("secrets need a data folder")
	}
	if o.KeyDir == "" {
		// Without such a folder the key lies beside the data, and Place says so.
		if config, err := os.UserConfigDir(); err == nil {
			o.KeyDir = filepath.Join(config, "tillkeeper-keys")
		}
	}
	var err error
	for _, path := range []*string{&dir, &o.KeyDir} {
		if *path == "" {
			continue // no folder for keys
		}
		if *path, err = filepath.Abs(*path); err != nil {
			return nil, locked("the folder for secrets cannot be found: %w", err)
		}
	}
	return &Store{
		dir:      dir,
		fileOnly: o.FileOnly,
		ring:     newRing(cmp.Or(o.Patience, 10*time.Second)),
		vault:    newVault(dir, o.KeyDir, o.Passphrase),
	}, nil
}

// Get implements payment.Secrets.
func (s *Store) Get(terminal, key string) (string, error) {
	if s.untouched() {
		return "", nil
	}
	free, err := s.lock(false)
	if err != nil {
		return "", err
	}
	defer free()
	x, err := s.readIndex()
	if err != nil {
		return "", err
	}
	n := name{terminal, key}
	if x.inRing(n) {
		value, err := s.ring.get(x.user(n))
		if err == nil {
			return value, nil
		}
		// One that is gone was removed with the system's own tools, or the folder came
		// from another user or computer: it has to be given again.
		if !errors.Is(err, errNone) {
			return "", unreachable(err)
		}
	}
	all, err := s.vault.read(x.ID)
	if err != nil {
		return "", err
	}
	return all.get(n), nil
}

// Set implements payment.Secrets. The value "" forgets the secret.
func (s *Store) Set(terminal, key, value string) error {
	n := name{terminal, key}
	if value == "" {
		return s.forget(func(x name) bool { return x == n })
	}
	toRing := !s.fileOnly && len(value) <= ringLimit && s.ring.usable()
	return s.writing(func(x *index) error {
		all, err := s.vault.read(x.ID)
		if err != nil {
			return err
		}
		if toRing {
			if put, err := s.putRing(x, n, value); err != nil {
				return err
			} else if put {
				return s.dropFromFile(x, all, func(x name) bool { return x == n })
			}
		}
		return s.putFile(x, all, n, value)
	})
}

// Wipe implements payment.Secrets. What the key store does not let go of is tried
// again with every later change; until then Wipe gives an error.
func (s *Store) Wipe(terminal string) error {
	return s.forget(func(x name) bool { return x.Terminal == terminal })
}

// putRing keeps a value in the key store and reports whether it is there. The index
// says so first: a secret must not lie where nobody looks for it. Until the value is
// there, the one in the file is still found.
func (s *Store) putRing(x *index, n name, value string) (bool, error) {
	was := x.inRing(n)
	x.addRing(n)
	if err := s.writeIndex(x); err != nil {
		return false, err
	}
	if s.ring.set(x.user(n), value) == nil {
		return true, nil
	}
	if !was {
		x.retire(func(x name) bool { return x == n }) // whatever it made of it
	}
	return false, nil
}

// putFile keeps a value in the file, and only then gives up the one in the key store.
func (s *Store) putFile(x *index, all contents, n name, value string) error {
	x.begin()
	if err := s.writeIndex(x); err != nil {
		return err
	}
	all.put(n, value)
	if err := s.vault.write(x.ID, all); err != nil {
		return err
	}
	if x.retire(func(x name) bool { return x == n }) {
		if err := s.writeIndex(x); err != nil {
			return err
		}
	}
	_ = s.sweep(x) // nobody looks there any more
	return nil
}

// forget removes the secrets that match from both places, each whatever becomes of
// the other.
func (s *Store) forget(match func(name) bool) error {
	if s.untouched() {
		return nil
	}
	return s.writing(func(x *index) error {
		if x.retire(match) {
			if err := s.writeIndex(x); err != nil {
				return err
			}
		}
		err := s.sweep(x)
		if !x.retired(match) {
			err = nil // what is left is not of this terminal
		}
		all, unread := s.vault.read(x.ID)
		if unread != nil {
			return asOne(errors.Join(err, unread))
		}
		return asOne(errors.Join(err, s.dropFromFile(x, all, match)))
	})
}

func (s *Store) dropFromFile(x *index, all contents, match func(name) bool) error {
	if !all.drop(match) {
		return nil
	}
	return s.vault.write(x.ID, all)
}

// sweep removes what the key store holds in vain.
func (s *Store) sweep(x *index) error {
	left, err := x.Retired[:0:0], error(nil)
	for _, n := range x.Retired {
		if e := s.ring.remove(x.user(n)); e != nil && !errors.Is(e, errNone) {
			left, err = append(left, n), e
		}
	}
	if len(left) != len(x.Retired) {
		x.Retired = left
		if err := s.writeIndex(x); err != nil {
			return err
		}
	}
	if err != nil {
		return locked("the key store of the system did not let go of a secret; it will be tried again: %w", err)
	}
	return nil
}

// writing runs change alone among all processes.
func (s *Store) writing(change func(*index) error) error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return locked("the data folder cannot take secrets: %w", err)
	}
	free, err := s.lock(true)
	if err != nil {
		return err
	}
	defer free()
	x, err := s.readIndex()
	if err != nil {
		return err
	}
	removeLeftovers(s.path(fileIndex), s.path(fileVault))
	return change(x)
}

// lock keeps other processes from writing, or, to write, from reading too. A folder
// that takes no lock file cannot be written by anybody, so it may be read without.
func (s *Store) lock(write bool) (free func(), err error) {
	l := flock.New(s.path("secrets.lock"), flock.SetPermissions(0o600))
	ctx, cancel := patience(s.ring.patience + 5*time.Second)
	defer cancel()
	try := l.TryRLockContext
	if write {
		try = l.TryLockContext
	}
	_, err = try(ctx, 5*time.Millisecond)
	switch {
	case err == nil:
		return func() { _ = l.Close() }, nil
	case ctx.Err() != nil:
		return nil, locked("another program of this till is busy with the secrets; try again")
	case write:
		return nil, locked("the data folder cannot take secrets: %w", err)
	}
	return func() {}, nil
}

// untouched reports whether no secret was ever kept here.
func (s *Store) untouched() bool { return !exists(s.path(fileIndex)) && !exists(s.path(fileVault)) }

func (s *Store) path(file string) string { return filepath.Join(s.dir, file) }

func exists(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}
