package gui

import (
	"context"
	"sync"
	"time"

	"tillkeeper/payment/till"
)

// again is how long the pump waits before it subscribes anew, so that a till that cannot answer is not besieged.
const again = 200 * time.Millisecond

// pump is the one way from the till's events to the screens. It ends with ctx. A subscription that was cut off, because
// the window was too slow for it, begins anew with a snapshot.
func (w *Window) pump(ctx context.Context) {
	for ctx.Err() == nil {
		w.subscribe(ctx)
		select {
		case <-ctx.Done():
		case <-time.After(again):
		}
	}
}

// subscribe follows the till until it cuts the subscription off.
func (w *Window) subscribe(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	snapshot, events, err := w.deps.Till.Subscribe(ctx)
	if err != nil {
		w.deps.Log.Error("the till gives no events", "error", err)
		return
	}
	w.deps.Post(func() { w.reset(snapshot) })
	w.forward(events)
}

// forward hands events on until the subscription ends.
func (w *Window) forward(events <-chan till.Event) {
	box := &mailbox{post: w.deps.Post, take: w.take}
	for e := range events {
		box.put(e)
	}
}

// mailbox gathers events while the window is busy, so that it gets many in one go and not one after another.
type mailbox struct {
	post func(func())
	take func([]till.Event)

	mu      sync.Mutex
	waiting []till.Event
}

// put adds an event. The first one of a batch asks the window to come for it; the others go with it.
func (b *mailbox) put(e till.Event) {
	b.mu.Lock()
	b.waiting = append(b.waiting, e)
	first := len(b.waiting) == 1
	b.mu.Unlock()
	if first {
		b.post(b.empty)
	}
}

func (b *mailbox) empty() {
	b.mu.Lock()
	batch := b.waiting
	b.waiting = nil
	b.mu.Unlock()
	b.take(batch)
}

func (w *Window) reset(s till.Snapshot) {
	w.payModel.Reset(s)
	w.casesModel.Reset(s)
	w.terminalsModel.Reset(s)
	w.nav.count(w.words, w.casesModel.Count())
}

func (w *Window) take(batch []till.Event) {
	w.payModel.Take(batch...)
	w.casesModel.Take(batch...)
	w.terminalsModel.Take(batch...)
	w.nav.count(w.words, w.casesModel.Count())
}

// run starts work in a goroutine of its own. A panic in it is logged and costs only that work.
func (w *Window) run(work func(context.Context)) {
	w.wait.Go(func() {
		defer func() {
			if p := recover(); p != nil {
				w.deps.Log.Error("defect in the window's background", "panic", p)
			}
		}()
		work(w.ctx)
	})
}

// everySecond runs a function on the window's goroutine once a second until stop is called. It is for the moments while
// an order runs; an idle window wakes up for nothing.
func (w *Window) everySecond(f func()) (stop func()) {
	ctx, cancel := context.WithCancel(w.ctx)
	w.run(func(context.Context) {
		ticker := time.NewTicker(time.Second)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				w.deps.Post(func() {
					if ctx.Err() == nil {
						f()
					}
				})
			}
		}
	})
	return cancel
}
