package storage

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"
)

// SetAside moves the database of dir, with its log, to a new name beside it and
// returns that name. The next Open starts an empty book, in which open orders are
// missing: so this is for a person to decide, and never done by itself. It is
// refused while another process uses the folder.
func SetAside(dir string) (string, error) {
	path := filepath.Join(dir, FileName)
	if newHold(dir).living() || windowOpen(dir) {
		return "", errors.New("storage: set aside: another process uses this data folder; close it first")
	}
	aside := fmt.Sprintf("%s.damaged-%s", path, time.Now().UTC().Format("20060102T150405.000"))
	moved := 0
	for _, end := range []string{"", "-wal", "-shm"} {
		switch err := os.Rename(path+end, aside+end); {
		case err == nil:
			moved++
		case !os.IsNotExist(err):
			return aside, fmt.Errorf("storage: set aside: %w", err)
		}
	}
	if moved == 0 {
		return "", fmt.Errorf("storage: set aside: there is no %s", path)
	}
	return aside, syncDir(dir)
}

func windowOpen(dir string) bool {
	lock := flock.New(filepath.Join(dir, "window.lock"))
	got, err := lock.TryRLock()
	_ = lock.Close()
	return err == nil && !got
}
