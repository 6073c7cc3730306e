//go:build !ci

package desktop

import (
	"context"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/app"

	"tillkeeper/gui"
)

// Built reports whether this program can show a window.
const Built = true

// Show shows the window until it is closed or ctx ends. It starts the till beside
// the window and returns the till's error. It must be called on the program's first
// goroutine. Closing the till is the caller's duty.
func Show(ctx context.Context, o Options) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	a := app.NewWithID(o.AppID)
	d := gui.Deps{
		Till: o.Till, Settings: o.Settings, Language: o.Language, Now: o.Now, Log: o.Log, Demo: o.Demo, Kiosk: o.Kiosk,
		DemoNext: o.DemoNext,
	}
	if o.Printer != nil {
		d.Printer = o.Printer
	}
	w, err := gui.New(a, d)
	if err != nil {
		return err
	}
	w.Start(ctx)
	started := make(chan error, 1)
	go func() { started <- o.Till.Start(ctx) }()
	go func() {
		for range o.Raise {
			w.Raise()
		}
	}()
	stop := context.AfterFunc(ctx, func() { fyne.Do(a.Quit) })
	w.ShowAndRun()
	stop()
	cancel()
	w.Close()
	return <-started
}

// Trouble shows what is wrong when the till cannot start because of wrong, until
// the window is closed or ctx ends. setAside moves a damaged book away and returns
// its new name; nil offers no such thing. It must be called on the program's first
// goroutine.
func Trouble(ctx context.Context, appID, language string, wrong error, setAside func() (string, error)) error {
	a := app.NewWithID(appID)
	w, err := gui.NewTrouble(a, language, wrong, setAside)
	if err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { fyne.Do(a.Quit) })
	defer stop()
	w.ShowAndRun()
	return nil
}
