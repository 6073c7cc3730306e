package web

import (
	"context"
	"sync"
	"time"

	"github.com/cenkalti/backoff/v5"

	"tillkeeper/payment"
)

// Pulse asks the other side again and again whether it is there, and tells what it
// hears. There is no connection to hold up over HTTP, so this is the link.
type Pulse struct {
	// Every is the pause while all is well; after a failure the pauses grow from
	// FirstWait to LongestWait.
	Every, FirstWait, LongestWait time.Duration
	// Probe asks once.
	Probe func(ctx context.Context) error
	// Tell hears of every result. It must not block.
	Tell func(payment.LinkState)
	Now  func() time.Time

	stop context.CancelFunc
	work sync.WaitGroup
}

// Start begins; Close ends it.
func (p *Pulse) Start() {
	ctx, stop := context.WithCancel(context.Background())
	p.stop = stop
	p.work.Go(func() { p.run(ctx) })
}

// Close ends the pulse and waits for it. It may be called twice, and without Start.
func (p *Pulse) Close() {
	if p.stop != nil {
		p.stop()
	}
	p.work.Wait()
}

func (p *Pulse) run(ctx context.Context) {
	waits := backoff.NewExponentialBackOff()
	waits.InitialInterval, waits.MaxInterval, waits.Multiplier = p.FirstWait, p.LongestWait, 2
	var alive time.Time
	for {
		begin := time.Now()
		err := p.Probe(ctx)
		if ctx.Err() != nil {
			return
		}
		pause := p.Every
		state := payment.LinkState{Tried: true, Up: err == nil, Err: err}
		if err == nil {
			alive, state.Delay = p.Now(), time.Since(begin)
			waits.Reset()
		} else {
			pause = waits.NextBackOff()
		}
		state.Alive = alive
		p.Tell(state)
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return
		}
	}
}
