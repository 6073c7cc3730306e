package secrets

import (
	"errors"
	"os"
	"path/filepath"
)

// replaceFile puts data in place of the file, durably: whoever reads the file, even
// after a crash, finds the old contents or the new.
func replaceFile(path string, data []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), leftovers(path)) // 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(f.Name())
		}
	}()
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err = os.Rename(f.Name(), path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// leftovers is the pattern of the files that replaceFile may leave when it is killed.
func leftovers(path string) string { return "." + filepath.Base(path) + "-*.tmp" }

// removeLeftovers is called by whoever alone may replace the files.
func removeLeftovers(paths ...string) {
	for _, path := range paths {
		names, _ := filepath.Glob(filepath.Join(filepath.Dir(path), leftovers(path)))
		for _, name := range names {
			_ = os.Remove(name)
		}
	}
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
