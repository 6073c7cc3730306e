package storage

import (
	"errors"
	"os"
	"path/filepath"
	"sync"

	"github.com/fsnotify/fsnotify"
	"github.com/gofrs/flock"
)

// ErrWindowOpen says that another process has the window of this data folder; it
// was asked to bring it forward.
var ErrWindowOpen = errors.New("storage: the window of this data folder is open already")

// raiseName is the file that a second start leaves for the first to find.
const raiseName = "window.raise"

// Window is the right to be the one window on a data folder. Processes of the
// command line need none.
type Window struct {
	lock   *flock.Flock
	files  *fsnotify.Watcher
	raise  string
	raised chan struct{}
	done   sync.WaitGroup
	once   sync.Once
}

// ClaimWindow takes the window of the data folder dir. If another process has it,
// ClaimWindow asks that one to come forward and returns ErrWindowOpen. The right
// ends with Close or with the process.
func ClaimWindow(dir string) (*Window, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	w := &Window{
		lock:   flock.New(filepath.Join(dir, "window.lock")),
		raise:  filepath.Join(dir, raiseName),
		raised: make(chan struct{}, 1),
	}
	got, err := w.lock.TryLock()
	if err != nil {
		return nil, err
	}
	if !got {
		return nil, errors.Join(ErrWindowOpen, os.WriteFile(w.raise, nil, 0o600))
	}
	if err := w.watch(dir); err != nil {
		return nil, errors.Join(err, w.lock.Close())
	}
	return w, nil
}

// Raised signals when a second start wants the window to come forward. It is closed
// by Close.
func (w *Window) Raised() <-chan struct{} { return w.raised }

// Close gives up the right. It is safe to call twice.
func (w *Window) Close() error {
	var err error
	w.once.Do(func() {
		err = w.files.Close()
		w.done.Wait()
		err = errors.Join(err, w.lock.Close())
	})
	return err
}

func (w *Window) watch(dir string) (err error) {
	if w.files, err = fsnotify.NewWatcher(); err != nil {
		return err
	}
	if err := w.files.Add(dir); err != nil {
		return errors.Join(err, w.files.Close())
	}
	// Somebody may have asked between the lock and the watch.
	w.look()
	w.done.Go(w.run)
	return nil
}

// run ends when files is closed.
func (w *Window) run() {
	defer close(w.raised)
	for {
		select {
		case e, ok := <-w.files.Events:
			if !ok {
				return
			}
			if filepath.Base(e.Name) == raiseName {
				w.look()
			}
		case <-w.files.Errors:
			// Notices were lost; ours may be among them.
			w.look()
		}
	}
}

// look takes the file away if it is there, and signals.
func (w *Window) look() {
	if os.Remove(w.raise) != nil {
		return
	}
	select {
	case w.raised <- struct{}{}:
	default:
	}
}
