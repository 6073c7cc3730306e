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

// Show shows the window until it is closed or ctx ends. It starts the till
// beside the window and returns the till's error. It must be called on the
// program's first goroutine. Closing the till is the caller's duty.
func Show(ctx context.Context, o Options) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	a := app.NewWithID(o.AppID)
	w, err := gui.New(a, gui.Deps{
		Till: o.Till, Settings: o.Settings, Language: o.Language, Now: o.Now, Log: o.Log, Demo: o.Demo, Kiosk: o.Kiosk,
	})
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
