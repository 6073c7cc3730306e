package cli

import (
	"context"
	"io"
	"log/slog"
	"os"
	"time"

	"tillkeeper/payment/till"
)

// Program is what the commands stand on. Version and Open must be set.
type Program struct {
	Version string
	// Open opens the data folder dir and makes it if there is none. The till it
	// gives is not started, and has touched no network.
	Open func(ctx context.Context, dir string, o OpenOptions) (*Session, error)
	// Window shows the window until it is closed or ctx ends, on the goroutine that
	// called Run. It is nil in a program that was built without one.
	Window func(ctx context.Context, o WindowOptions) error
	// Simulators by the name of their protocol.
	Simulators map[string]SimulatorFunc
	// Executable names the program's own file, to start it again beside this
	// process; nil is os.Executable.
	Executable func() (string, error)
	// Now is the clock; nil is time.Now.
	Now func() time.Time
	// Notify relays requests to stop (Ctrl-C, SIGTERM) to c; nil is the system's.
	Notify func(c chan<- os.Signal)
}

// OpenOptions are what the command line lends to a session.
type OpenOptions struct {
	// Log is never nil.
	Log *slog.Logger
	// Throwaway: the folder is removed afterwards, so nothing of it may be kept
	// elsewhere, such as in the system's key store.
	Throwaway bool
}

// Session is an open data folder.
type Session struct {
	Till *till.Till
	// Close ends the till and closes the folder, in that order.
	Close func() error
}

// WindowOptions are how the window is to be opened.
type WindowOptions struct {
	// Data is the data folder. With Demo it is "" unless a person named one.
	Data        string
	Demo, Kiosk bool
	Staff       string
	Log         *slog.Logger
}

// SimulatorFunc starts a simulated terminal and returns when it listens. Its errors
// are about what it was asked for.
type SimulatorFunc func(ctx context.Context, o SimulatorOptions) (*Simulator, error)

// SimulatorOptions are how a simulated terminal is to behave.
type SimulatorOptions struct {
	// Listen is host:port; port 0 is any free one.
	Listen string
	// Script is in the simulator's own form, nil where there is none.
	Script io.Reader
	// Set and Secrets hold the simulator's settings and credentials.
	Set     map[string]string
	Secrets map[string]string
	// Charged, where set, is told every movement of money before the answer about
	// it leaves. If it fails, the money must not move.
	Charged func(Charge) error
	Log     *slog.Logger
}

// Charge is one movement of money as a simulated terminal books it: a line of the
// charges file.
type Charge struct {
	Order     string `json:"order"`
	Operation string `json:"operation"`
	Amount    string `json:"amount"`
	Currency  string `json:"currency"`
}

// Simulator is a simulated terminal that listens.
type Simulator struct {
	// Address is one that "terminal add" takes.
	Address string
	// Settings are what a terminal must be added with to be answered.
	Settings map[string]string
	// Secrets are the credentials it was given or has made for this run.
	Secrets map[string]string
	// Script adds lines of a script while it runs; nil takes none.
	Script func(io.Reader) error
	Close  func() error
}
