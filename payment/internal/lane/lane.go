// Package lane is a driver's way for orders, whatever it speaks: it takes one at a
// time, says why none may leave, ends with Close, and lets an order that somebody
// gave up come to its last word.
package lane

import (
	"context"
	"errors"
	"time"

	"tillkeeper/payment"
)

// Lane is the way of one driver. It is made by Open, and its methods may be called from
// several goroutines.
type Lane struct {
	name  string        // of the protocol, for errors
	taken chan struct{} // holds one token while an order or a batch close runs
	life  context.Context
	end   context.CancelFunc
}

// Open returns a free lane for a driver of the protocol with that name.
func Open(name string) *Lane {
	l := &Lane{name: name, taken: make(chan struct{}, 1)}
	l.life, l.end = context.WithCancel(context.Background())
	return l
}

// Close ends the lane and everything that runs under its contexts. It may be called
// twice.
func (l *Lane) Close() { l.end() }

// Closed reports whether Close was called.
func (l *Lane) Closed() bool { return l.life.Err() != nil }

// Life is ended by Close, and by nothing else.
func (l *Lane) Life() context.Context { return l.life }

// ErrClosed is for calls after Close. It wraps ErrNotSent: such a call sends nothing.
func (l *Lane) ErrClosed() error {
	return payment.NotSent(payment.CodeClosed, "%s: the driver is closed", l.name)
}

// Take takes the lane for an order until it is freed. It does not wait; its errors
// mean that nothing was sent.
func (l *Lane) Take() (free func(), err error) {
	if l.Closed() {
		return nil, l.ErrClosed()
	}
	select {
	case l.taken <- struct{}{}:
		return func() { <-l.taken }, nil
	default:
		return nil, payment.NotSent(payment.CodeBusy, "%s: another order is under way", l.name)
	}
}

// Taken reports whether an order has the lane.
func (l *Lane) Taken() bool { return len(l.taken) > 0 }

// Leave is for the moment when the link is up and nothing was said: it has it recorded
// that the order may leave, and looks whether it still should. Its errors mean that
// it must not, and that nothing was sent.
func (l *Lane) Leave(ctx context.Context, record func(ctx context.Context) error) error {
	if err := l.Record(ctx, record); err != nil {
		return err
	}
	return l.Wanted(ctx)
}

// Record is the first half of Leave; record is Request.BeforeSend and may be nil.
func (l *Lane) Record(ctx context.Context, record func(ctx context.Context) error) error {
	if record == nil {
		return nil
	}
	if err := record(ctx); err != nil {
		return payment.NotSent(payment.CodeCannotRecord, "%s: record that the order is sent: %w", l.name, err)
	}
	return nil
}

// Wanted is the second half of Leave: recording may have taken a while.
func (l *Lane) Wanted(ctx context.Context) error {
	switch err := ctx.Err(); {
	case l.Closed():
		return l.ErrClosed()
	case errors.Is(err, context.Canceled):
		return payment.NotSent(payment.CodeWithdrawn, "%s: withdrawn before it was sent: %w", l.name, err)
	case err != nil:
		return payment.NotSent(payment.CodeNotReached, "%s: no time was left to send: %w", l.name, err)
	}
	return nil
}

// While is ctx until Close at the longest, for what moves no money. Calling release
// ends it.
func (l *Lane) While(ctx context.Context) (during context.Context, release func()) {
	during, cancel := context.WithCancel(ctx)
	closing := context.AfterFunc(l.life, cancel)
	return during, func() { closing(); cancel() }
}

// Follow is how long an order is waited for that has left: until Close, until a
// deadline of ctx, and for a grace after ctx was cancelled. Calling release ends it.
func (l *Lane) Follow(ctx context.Context, grace time.Duration) (following context.Context, release func()) {
	following, cancel := context.WithCancel(l.life)
	leaving := context.AfterFunc(ctx, func() {
		defer cancel()
		if grace <= 0 || !errors.Is(ctx.Err(), context.Canceled) {
			return
		}
		timer := time.NewTimer(grace)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-following.Done():
		}
	})
	return following, func() { leaving(); cancel() }
}
