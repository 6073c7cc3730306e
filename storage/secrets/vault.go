package secrets

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"filippo.io/age"
)

// fileVault is the encrypted file.
const fileVault = "secrets.age"

// vaultVersion is the format inside the file; a higher one is left alone.
const vaultVersion = 1

// workFactor makes guessing a passphrase slow: 64 MiB and a quarter of a second a
// guess, which a small till can still spare.
const workFactor = 16

// vault is the encrypted file of a data folder.
type vault struct {
	path string
	keys keys
	pass Passphrase
	work int

	mu    sync.Mutex
	cache *opened
}

// opened is the file as it was last read. It is behind a pointer, so that printing
// what holds it shows an address.
type opened struct {
	sum [sha256.Size]byte
	all contents
}

// contents are the secrets by terminal and key.
type contents map[string]map[string][]byte

// plain is the JSON inside the file.
type plain struct {
	Version   int      `json:"version"`
	Terminals contents `json:"terminals"`
}

func newVault(dir, keyDir string, pass Passphrase) *vault {
	return &vault{path: filepath.Join(dir, fileVault), keys: keys{dir: dir, keyDir: keyDir}, pass: pass, work: workFactor}
}

// read returns a copy of what is in the file, empty if there is none.
func (v *vault) read(id string) (contents, error) {
	sealed, err := os.ReadFile(v.path)
	if errors.Is(err, fs.ErrNotExist) {
		return contents{}, nil
	}
	if err != nil {
		return nil, locked("the secrets cannot be read: %w", err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	sum := sha256.Sum256(sealed)
	if v.cache != nil && v.cache.sum == sum {
		return v.cache.all.clone(), nil
	}
	all, err := v.open(id, sealed)
	if err != nil {
		return nil, err
	}
	v.cache = &opened{sum, all}
	return all.clone(), nil
}

// write replaces the file, or removes it when nothing is left. The caller has read
// it before, so a file that cannot be read is never replaced.
func (v *vault) write(id string, all contents) error {
	if len(all) == 0 {
		return v.discard()
	}
	sealed, err := v.seal(id, all)
	if err != nil {
		return err
	}
	if err := replaceFile(v.path, sealed); err != nil {
		return locked("the secrets cannot be written: %w", err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.cache = &opened{sha256.Sum256(sealed), all.clone()}
	return nil
}

func (v *vault) discard() error {
	err := os.Remove(v.path)
	if err == nil {
		err = syncDir(filepath.Dir(v.path))
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return locked("the secrets cannot be removed: %w", err)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.cache = nil
	return nil
}

func (v *vault) seal(id string, all contents) ([]byte, error) {
	recipient, err := v.recipient(id)
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(plain{vaultVersion, all})
	if err != nil {
		return nil, locked("the secrets cannot be written: %w", err)
	}
	var sealed bytes.Buffer
	w, err := age.Encrypt(&sealed, recipient)
	if err == nil {
		_, err = w.Write(text)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, locked("the secrets cannot be encrypted: %w", err)
	}
	return sealed.Bytes(), nil
}

func (v *vault) recipient(id string) (age.Recipient, error) {
	if v.pass == "" {
		identity, err := v.keys.make(id)
		if err != nil {
			return nil, err
		}
		return identity.Recipient(), nil
	}
	r, err := age.NewScryptRecipient(string(v.pass))
	if err != nil {
		return nil, locked("the passphrase in %s cannot be used: %w", EnvPassphrase, err)
	}
	r.SetWorkFactor(v.work)
	return r, nil
}

// open decrypts with whatever the file was encrypted for, which need not be what a
// new one would be.
func (v *vault) open(id string, sealed []byte) (contents, error) {
	var identities []age.Identity
	var where string
	var err error
	if byPassphrase(sealed) {
		identities, err = v.passphrase()
		where = "the passphrase in " + EnvPassphrase
	} else {
		identities, where, err = v.keys.find(id)
	}
	if err != nil {
		return nil, err
	}
	text, err := decrypt(sealed, identities)
	var mismatch *age.NoIdentityMatchError
	if errors.As(err, &mismatch) {
		return nil, locked("%s does not open %s", where, v.path)
	}
	var p plain
	if err == nil {
		err = json.Unmarshal(text, &p)
	}
	if err != nil {
		// Errors of JSON may quote what they stumble over.
		return nil, locked("%s is damaged and was left as it is; put back a copy of it, or move it away and give the secrets again", v.path)
	}
	if p.Version > vaultVersion {
		return nil, locked("%s was written by a newer version of this program", v.path)
	}
	return p.Terminals.clone(), nil
}

func (v *vault) passphrase() ([]age.Identity, error) {
	if v.pass == "" {
		return nil, locked("%s is locked with a passphrase; set %s", v.path, EnvPassphrase)
	}
	identity, err := age.NewScryptIdentity(string(v.pass))
	if err != nil {
		return nil, locked("the passphrase in %s cannot be used: %w", EnvPassphrase, err)
	}
	return []age.Identity{identity}, nil
}

func decrypt(sealed []byte, identities []age.Identity) ([]byte, error) {
	r, err := age.Decrypt(bytes.NewReader(sealed), identities...)
	if err != nil {
		return nil, fmt.Errorf("decrypt: %w", err)
	}
	return io.ReadAll(r)
}

// byPassphrase looks into the header, whose second line names the kind of key.
func byPassphrase(sealed []byte) bool {
	_, rest, _ := bytes.Cut(sealed, []byte("\n"))
	return bytes.HasPrefix(rest, []byte("-> scrypt "))
}

func (c contents) get(n name) string { return string(c[n.Terminal][n.Key]) }

func (c contents) put(n name, value string) {
	if c[n.Terminal] == nil {
		c[n.Terminal] = map[string][]byte{}
	}
	c[n.Terminal][n.Key] = []byte(value)
}

// drop removes the matching secrets and reports whether there were any.
func (c contents) drop(match func(name) bool) (dropped bool) {
	for terminal, keys := range c {
		for key := range keys {
			if match(name{terminal, key}) {
				delete(keys, key)
				dropped = true
			}
		}
		if len(keys) == 0 {
			delete(c, terminal)
		}
	}
	return dropped
}

func (c contents) clone() contents {
	all := contents{}
	for terminal, keys := range c {
		for key, value := range keys {
			all.put(name{terminal, key}, string(value))
		}
	}
	return all
}
