package cli

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"syscall"
)

// interruptible returns a context that ends at the first request to stop, and a
// channel that is closed at the second. stop gives the signals back.
func interruptible(ctx context.Context, notify func(chan<- os.Signal)) (_ context.Context, again <-chan struct{}, stop func()) {
	if notify == nil {
		notify = system
	}
	ctx, cancel := context.WithCancel(ctx)
	signals, second, done := make(chan os.Signal, 2), make(chan struct{}), make(chan struct{})
	notify(signals)
	var wait sync.WaitGroup
	wait.Go(func() {
		for _, act := range []func(){cancel, func() { close(second) }} {
			select {
			case <-signals:
				act()
			case <-done:
				return
			}
		}
	})
	return ctx, second, func() {
		signal.Stop(signals)
		close(done)
		wait.Wait()
		cancel()
	}
}

// system asks for the signals of Ctrl-C and SIGTERM. A reader that goes away
// (| head) must not kill a process that carries a payment.
func system(c chan<- os.Signal) {
	signal.Ignore(syscall.SIGPIPE)
	signal.Notify(c, os.Interrupt, syscall.SIGTERM)
}
