package secrets

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"
)

// fileKey is the key where no other folder can be had.
const fileKey = "secrets.key"

// keys are the key files of a data folder. There is one, apart from the data if that
// can be; both places are looked into.
type keys struct{ dir, keyDir string }

// apart is where the key of a folder belongs, "" if there is no such place.
func (k keys) apart(id string) string {
	if k.keyDir == "" || within(k.keyDir, k.dir) {
		return ""
	}
	return filepath.Join(k.keyDir, id+".key")
}

// beside is where the key lies if it cannot lie apart.
func (k keys) beside() string { return filepath.Join(k.dir, fileKey) }

// find returns the keys of a folder, and which files they are from.
func (k keys) find(id string) (all []age.Identity, where string, err error) {
	var files []string
	var unread error
	for _, file := range k.places(id) {
		identity, err := readKey(file)
		switch {
		case err == nil:
			all, files = append(all, identity), append(files, file)
		case !errors.Is(err, fs.ErrNotExist):
			unread = err
		}
	}
	switch {
	case len(all) > 0:
		return all, "the key file " + strings.Join(files, " or "), nil
	case unread != nil:
		return nil, "", unread
	}
	return nil, "", locked("the key file %s is missing; put it back, or move %s away and give the secrets again",
		k.places(id)[0], filepath.Join(k.dir, fileVault))
}

// make returns the key of a folder and makes one where there is none. A key file
// that cannot be read is left alone.
func (k keys) make(id string) (*age.X25519Identity, error) {
	for _, file := range k.places(id) {
		if isThere(file) {
			return readKey(file)
		}
	}
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, locked("no key can be made: %w", err)
	}
	for _, file := range k.places(id) {
		if err = writeKey(file, identity); err == nil {
			return identity, nil
		}
	}
	return nil, locked("no key file can be written: %w", err)
}

func (k keys) places(id string) []string {
	if file := k.apart(id); file != "" && id != "" {
		return []string{file, k.beside()}
	}
	return []string{k.beside()}
}

// liesApart reports whether the key is, or would be, out of the data folder.
func (k keys) liesApart(id string) bool {
	file := k.apart(id)
	switch {
	case file == "":
		return false
	case id != "" && isThere(file):
		return true
	case isThere(k.beside()):
		return false
	}
	return writable(k.keyDir)
}

// isThere reports whether there is such a file. A folder that cannot be looked into
// has none for us.
func isThere(file string) bool {
	_, err := os.Lstat(file)
	return err == nil
}

func readKey(file string) (*age.X25519Identity, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, locked("the key file %s cannot be read: %w", file, err)
	}
	for line := range bytes.Lines(text) {
		if line = bytes.TrimSpace(line); len(line) == 0 || line[0] == '#' {
			continue
		}
		// The error would quote the line.
		if identity, err := age.ParseX25519Identity(string(line)); err == nil {
			return identity, nil
		}
		break
	}
	return nil, locked("the key file %s is damaged and was left as it is; put back a copy of it", file)
}

func writeKey(file string, identity *age.X25519Identity) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	_ = syncDir(filepath.Dir(filepath.Dir(file))) // the folder may be new
	removeLeftovers(file)
	const head = "# Tillkeeper: this key opens secrets.age of one till. Keep it out of backups of that till's data.\n"
	return replaceFile(file, []byte(head+identity.String()+"\n"))
}

// writable tries to make a file in dir, and dir itself.
func writable(dir string) bool {
	if os.MkdirAll(dir, 0o700) != nil {
		return false
	}
	f, err := os.CreateTemp(dir, ".try-*.tmp")
	if err != nil {
		return false
	}
	return errors.Join(f.Close(), os.Remove(f.Name())) == nil
}

// within reports whether path is dir or below it, wherever links lead.
func within(path, dir string) bool {
	rel, err := filepath.Rel(real(dir), real(path))
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// real follows links as far as the path exists.
func real(path string) string {
	if followed, err := filepath.EvalSymlinks(path); err == nil {
		return followed
	}
	parent := filepath.Dir(path)
	if parent == path {
		return path
	}
	return filepath.Join(real(parent), filepath.Base(path))
}
