package cli

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"runtime"

	"github.com/spf13/pflag"

	"tillkeeper/payment"
)

// globals are the flags that every command has.
type globals struct {
	data, staff string
	verbose     bool
}

func (g *globals) add(f *pflag.FlagSet, o *output) {
	f.StringVar(&g.data, "data", "", "folder where everything of this till lives ($TILLKEEPER_DATA; default: the system's per-user place)")
	f.StringVar(&g.staff, "staff", "", "who acts ($TILLKEEPER_STAFF)")
	f.BoolVar(&o.json, "json", false, "machine output: one JSON object per line on stdout")
	f.BoolVar(&g.verbose, "verbose", false, "the log on stderr as well")
}

// named is the data folder that a person named, "" for none.
func (g *globals) named() string { return cmp.Or(g.data, os.Getenv("TILLKEEPER_DATA")) }

// actor is who acts, "" in a shop without staff set up.
func (g *globals) actor() string {
	return payment.Mask(cmp.Or(g.staff, os.Getenv("TILLKEEPER_STAFF")))
}

// folder is where everything of this till lives.
func (g *globals) folder() (string, error) {
	if dir := g.named(); dir != "" {
		return dir, nil
	}
	dir, err := userData()
	if err != nil {
		return "", usage("there is no place for the till's data; name one with --data: %w", err)
	}
	return filepath.Join(dir, "tillkeeper"), nil
}

// userData is the system's per-user place for data that must not get lost: where a
// Unix keeps settings apart from data, the one for data.
func userData() (string, error) {
	switch runtime.GOOS {
	case "windows", "darwin", "ios", "plan9":
		return os.UserConfigDir()
	}
	if dir := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return dir, nil
	}
	home, err := os.UserHomeDir()
	return filepath.Join(home, ".local", "share"), err
}

// open opens the till's data. The till is not started.
func (a *app) open(ctx context.Context) (*Session, error) {
	dir, err := a.flags.folder()
	if err != nil {
		return nil, err
	}
	return a.program.Open(ctx, dir, OpenOptions{Log: a.log()})
}

// with opens the till's data for the time of use.
func (a *app) with(ctx context.Context, use func(*Session) error) error {
	s, err := a.open(ctx)
	if err != nil {
		return err
	}
	err = use(s)
	if closed := s.Close(); closed != nil {
		a.out.note("The till's data could not be closed properly: %v.", closed)
	}
	return err
}
