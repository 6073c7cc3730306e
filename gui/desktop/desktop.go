// Package desktop opens the window on a real display. It is the one place that
// imports Fyne's app package, which needs a C compiler and a display; with the
// build tag "ci" it is empty, and with it goes the whole toolkit: the program
// without a window is half the size and starts in half the time.
package desktop

import (
	"log/slog"
	"time"

	"tillkeeper/payment/till"
)

// Options are what the window is made of.
type Options struct {
	// AppID names the program to the desktop.
	AppID string
	Till  *till.Till
	// Settings remember small choices. They are quick and do not fail.
	Settings interface {
		Get(key string) string
		Set(key, value string)
	}
	// Language of the system, such as "cs"; used when nothing is remembered.
	Language string
	Now      func() time.Time
	// Printer puts the file of a case on paper; nil hides the button.
	Printer interface {
		Print(title string, lines []string) error
	}
	Log  *slog.Logger
	Demo bool
	// DemoNext says what becomes of the next payment on the simulated terminal with that name; nil leaves that to the
	// amounts.
	DemoNext func(terminal, outcome string) error
	Kiosk    bool
	// Raise brings the window to the front at each signal.
	Raise <-chan struct{}
}
