package cli

import (
	"context"

	"tillkeeper/payment"
	"tillkeeper/payment/till"
)

// mover moves money and returns the order it made.
type mover func(ctx context.Context) (payment.Record, error)

// money runs a command that moves money. plan checks what was asked for and reads
// what it needs; its errors mean that nothing was sent. The till is started in
// between.
//
// The first request to stop ends ctx, and the till asks the terminal to withdraw
// the order; the second one leaves everything as it is: the journal knows.
func (a *app) money(ctx context.Context, plan func(ctx context.Context, t *till.Till) (mover, error)) error {
	s, err := a.open(ctx)
	if err != nil {
		return stopped(err)
	}
	w := &watcher{out: &a.out, since: a.program.Now()}
	ended := make(chan error, 1)
	go func() {
		r, err := a.carry(ctx, s.Till, w, plan)
		ended <- a.close(s, a.report(r, err))
	}()
	select {
	case err := <-ended:
		return err
	case <-a.again:
		return a.abandon(w)
	}
}

func (a *app) carry(ctx context.Context, t *till.Till, w *watcher, plan func(context.Context, *till.Till) (mover, error)) (payment.Record, error) {
	move, err := plan(ctx, t)
	if err != nil {
		return payment.Record{}, err
	}
	if err := t.Start(ctx); err != nil {
		return payment.Record{}, err
	}
	// Events are heard to their end even after a request to stop.
	watching, enough := context.WithCancel(context.WithoutCancel(ctx))
	defer enough()
	_, events, err := t.Subscribe(watching)
	if err != nil {
		return payment.Record{}, err
	}
	heard := make(chan struct{})
	go func() {
		defer close(heard)
		w.follow(watching, t, events)
	}()
	r, err := move(ctx)
	enough()
	<-heard
	if mine, ok := w.order(); r.Order.Number == "" && ok {
		r = mine // the till lost sight of it, the journal did not
	}
	return r, err
}

// report prints what came of it and returns the exit code as an error.
func (a *app) report(r payment.Record, err error) error {
	if r.Order.Number == "" {
		return stopped(err)
	}
	a.out.order(r, err)
	return exitWith(moneyExit(r))
}

// close closes the session. Its own failure is only told: the outcome stands.
func (a *app) close(s *Session, outcome error) error {
	if err := s.Close(); err != nil {
		a.out.note("The till's data could not be closed properly: %v.", err)
	}
	return outcome
}

// abandon leaves the order to the journal and the goroutine that carries it to the
// end of the process.
func (a *app) abandon(w *watcher) error {
	defer a.out.end()
	r, ok := w.order()
	if !ok {
		a.out.note("Stopped at once. If an order was made, recover finds it: do not charge again before.")
		return exitCode(exitUnknown)
	}
	a.out.order(r, nil)
	a.out.note("Stopped at once; nobody waits for order %s now. Ask with: tillkeeper query %s.", r.Order.Number, r.Order.Number)
	return exitCode(exitUnknown)
}
