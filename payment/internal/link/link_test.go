package link_test

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"tillkeeper/payment/ecrhub/ecrhubsim"
	"tillkeeper/payment/internal/link"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is a link to a simulated terminal, in fake time.
type rig struct {
	*link.Link
	sim *ecrhubsim.Terminal

	mu     sync.Mutex
	dials  []time.Duration // since the start of the test
	states []link.State
	frames []string
	broken bool // the network: every dial fails
}

func (r *rig) last() link.State {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.states[len(r.states)-1]
}

func in(t *testing.T, hold bool, test func(t *testing.T, r *rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := &rig{sim: ecrhubsim.New(ecrhubsim.Options{})}
		begin := time.Now()
		r.Link = link.New(link.Config{
			URL: "ws://terminal:35779/",
			Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
				r.mu.Lock()
				r.dials = append(r.dials, time.Since(begin).Round(time.Second))
				broken := r.broken
				r.mu.Unlock()
				if broken {
					return nil, errors.New("no route")
				}
				return r.sim.DialContext(ctx, network, address)
			},
			ConnectTime: 5 * time.Second, WriteTime: 10 * time.Second, PingEvery: 15 * time.Second, DeadAfter: 25 * time.Second,
			MaxFrame: 1 << 20, Hold: hold, FirstWait: time.Second, LongestWait: 30 * time.Second,
			Frame: func(frame []byte) { r.mu.Lock(); defer r.mu.Unlock(); r.frames = append(r.frames, string(frame)) },
			State: func(s link.State) { r.mu.Lock(); defer r.mu.Unlock(); r.states = append(r.states, s) },
			Now:   time.Now, Log: slog.New(slog.DiscardHandler),
		})
		defer r.sim.Close()
		defer r.Close()
		test(t, r)
	})
}

func TestOneConnectionServesAll(t *testing.T) {
	in(t, false, func(t *testing.T, r *rig) {
		if r.Up() {
			t.Error("up before anybody asked")
		}
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() {
				if _, err := r.Connect(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		synctest.Wait() // until the terminal has counted it
		if now, ever := r.sim.Connections(); now != 1 || ever != 1 || !r.Up() {
			t.Errorf("connections: now %d, ever %d", now, ever)
		}
		time.Sleep(time.Hour) // fake time: pings keep it up
		if _, ever := r.sim.Connections(); ever != 1 || !r.Up() {
			t.Errorf("after an hour: ever %d, up %v", ever, r.Up())
		}
	})
}

func TestSilenceEndsTheConnection(t *testing.T) {
	in(t, false, func(t *testing.T, r *rig) {
		conn, err := r.Connect(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		r.sim.StopPongs(true)
		begin := time.Now()
		<-conn.Down()
		if took := time.Since(begin); took != 25*time.Second {
			t.Errorf("noticed after %v", took)
		}
		if s := r.last(); s.Up || s.Err == nil || s.Alive.IsZero() {
			t.Errorf("state %+v", s)
		}
		if conn.Send([]byte("{}")) == nil {
			t.Error("a dead connection takes frames")
		}
	})
}

func TestHoldingReconnectsWithBackOff(t *testing.T) {
	in(t, true, func(t *testing.T, r *rig) {
		synctest.Wait()
		if !r.Up() {
			t.Fatal("not up by itself")
		}
		r.mu.Lock()
		r.broken, r.dials = true, nil
		r.mu.Unlock()
		r.sim.HangUp()
		time.Sleep(3 * time.Minute)
		r.mu.Lock()
		r.broken = false
		dials := r.dials
		r.mu.Unlock()
		// Waits of about 1, 2, 4, 8, 16, 30, 30 … seconds: 8 to 12 attempts.
		if len(dials) < 8 || len(dials) > 12 {
			t.Errorf("attempts at %v", dials)
		}
		time.Sleep(40 * time.Second)
		if !r.Up() {
			t.Error("not up again")
		}
	})
}

func TestCallerMayGiveUpAndCloseEndsAll(t *testing.T) {
	in(t, false, func(t *testing.T, r *rig) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := r.Connect(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
		conn, err := r.Connect(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		r.Close()
		r.Close()
		if !errors.Is(conn.Err(), link.ErrClosed) || r.Up() {
			t.Errorf("after Close: %v, up %v", conn.Err(), r.Up())
		}
		if _, err := r.Connect(t.Context()); !errors.Is(err, link.ErrClosed) {
			t.Errorf("Connect after Close: %v", err)
		}
	})
}

func TestRefusedConnection(t *testing.T) {
	in(t, false, func(t *testing.T, r *rig) {
		r.sim.Refuse(1)
		if _, err := r.Connect(t.Context()); err == nil {
			t.Error("connected")
		}
		if _, err := r.Connect(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestOversizedFrameEndsTheConnection(t *testing.T) {
	in(t, false, func(t *testing.T, r *rig) {
		conn, err := r.Connect(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		r.sim.Script(ecrhubsim.Outcome{Reply: ecrhubsim.Oversized})
		order := `{"topic":"ecrhub.pay.order","request_id":"r1","app_id":"a","biz_data":{"trans_type":"1","merchant_order_no":"A1","order_amount":"1.00","pay_scenario":"SWIPE_CARD"}}`
		if err := conn.Send([]byte(order)); err != nil {
			t.Fatal(err)
		}
		<-conn.Down()
		if !errors.Is(conn.Err(), websocket.ErrReadLimit) {
			t.Errorf("got %v", conn.Err())
		}
		if got := strings.Join(r.frames, ""); got != "" {
			t.Errorf("frame was heard")
		}
	})
}
