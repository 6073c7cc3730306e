package secrets

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"slices"

	"github.com/google/uuid"
)

// fileIndex says which secrets are in the key store. It holds no secret.
const fileIndex = "secrets.json"

// indexVersion is the format of the file; a higher one is left alone.
const indexVersion = 1

// name is what a secret is called.
type name struct {
	Terminal string `json:"terminal"`
	Key      string `json:"key"`
}

// index is what the file holds.
type index struct {
	Version int `json:"version"`
	// ID tells this folder from others of the same user.
	ID string `json:"id"`
	// Keyring are the secrets in the key store.
	Keyring []name `json:"keyring,omitempty"`
	// Retired are still in the key store, but count as gone.
	Retired []name `json:"retired,omitempty"`
}

// begin gives the folder its id, if it has none.
func (x *index) begin() {
	if x.ID == "" {
		x.ID = uuid.NewString()
	}
}

func (x *index) inRing(n name) bool { return slices.Contains(x.Keyring, n) }

func (x *index) addRing(n name) {
	x.begin()
	x.Retired = slices.DeleteFunc(x.Retired, func(r name) bool { return r == n })
	if !x.inRing(n) {
		x.Keyring = append(x.Keyring, n)
	}
}

// retire gives up the matching secrets in the key store and reports whether there
// were any.
func (x *index) retire(match func(name) bool) bool {
	var keep, gone []name
	for _, n := range x.Keyring {
		if match(n) {
			gone = append(gone, n)
		} else {
			keep = append(keep, n)
		}
	}
	x.Keyring, x.Retired = keep, append(x.Retired, gone...)
	return len(gone) > 0
}

func (x *index) retired(match func(name) bool) bool { return slices.ContainsFunc(x.Retired, match) }

// user is what a secret is called in the key store.
func (x *index) user(n name) string {
	return x.ID + "/" + url.PathEscape(n.Terminal) + "/" + url.PathEscape(n.Key)
}

func (s *Store) readIndex() (*index, error) {
	x := &index{Version: indexVersion}
	text, err := os.ReadFile(s.path(fileIndex))
	if errors.Is(err, fs.ErrNotExist) {
		return x, nil
	}
	if err != nil {
		return nil, locked("the list of secrets %s cannot be read: %w", s.path(fileIndex), err)
	}
	if err := json.Unmarshal(text, x); err != nil {
		return nil, locked("the list of secrets %s is damaged and was left as it is; put back a copy of it", s.path(fileIndex))
	}
	if x.Version > indexVersion {
		return nil, locked("the list of secrets %s was written by a newer version of this program", s.path(fileIndex))
	}
	// The id becomes part of a path.
	if uuid.Validate(x.ID) != nil {
		return nil, locked("the list of secrets %s is damaged and was left as it is; put back a copy of it", s.path(fileIndex))
	}
	return x, nil
}

func (s *Store) writeIndex(x *index) error {
	text, err := json.MarshalIndent(x, "", "\t")
	if err == nil {
		err = replaceFile(s.path(fileIndex), append(text, '\n'))
	}
	if err != nil {
		return locked("the list of secrets %s cannot be written: %w", s.path(fileIndex), err)
	}
	return nil
}
