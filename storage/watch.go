package storage

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"tillkeeper/payment"
)

// settleTime gathers the writes of one commit, and of commits in a row, to one
// signal. The system tells of the log's bytes before they are synced, and the
// commit is seen only after that, which on a busy disk takes long: so a write that
// shows no commit yet is looked at again, after four times as long, up to lastLook.
const (
	settleTime = 20 * time.Millisecond
	lastLook   = 5 * time.Second
)

// Watch implements payment.Journal. The system tells of writes to the files, so
// nothing wakes up while nobody writes. Commits of this Store give no signal.
// Network drives tell of nothing: there only this process's view is fresh.
func (j *Journal) Watch(ctx context.Context) (<-chan struct{}, error) {
	return j.s.watch(ctx)
}

func (s *Store) watch(ctx context.Context) (<-chan struct{}, error) {
	files, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("storage: watch: %w", err)
	}
	if err := files.Add(s.dir); err != nil {
		_ = files.Close()
		return nil, fmt.Errorf("storage: watch: %w", err)
	}
	signals := make(chan struct{}, 1)
	w := &watcher{s: s, files: files, signals: signals}
	w.foreign(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, errors.Join(payment.NotSent(payment.CodeClosed, "the data folder is closed"), files.Close())
	}
	s.watching.Go(func() { w.run(ctx) })
	return signals, nil
}

type watcher struct {
	s       *Store
	files   *fsnotify.Watcher
	signals chan<- struct{}
	version int64
}

func (w *watcher) run(ctx context.Context) {
	defer close(w.signals)
	defer w.files.Close()
	look, wait := time.NewTimer(0), settleTime
	defer look.Stop()
	<-look.C
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.s.closing:
			return
		case e := <-w.files.Events:
			if strings.HasPrefix(filepath.Base(e.Name), FileName) {
				wait = settleTime
				look.Reset(wait)
			}
		case <-w.files.Errors:
			// Notices were lost, so there may have been a write.
			w.signal()
		case <-look.C:
			if w.foreign(ctx) {
				w.signal()
			} else if wait *= 4; wait <= lastLook {
				look.Reset(wait)
			}
		}
	}
}

// foreign reports whether another connection than our writer has committed since it
// was asked last: that is what data_version counts. If it cannot be found out, the
// answer is yes, because an empty signal does no harm.
func (w *watcher) foreign(ctx context.Context) bool {
	before := w.version
	err := w.s.write.run(ctx, func(t *session) error {
		return t.one(ctx, []any{&w.version}, `PRAGMA data_version`)
	})
	return err != nil || w.version != before
}

func (w *watcher) signal() {
	select {
	case w.signals <- struct{}{}:
	default:
	}
}
