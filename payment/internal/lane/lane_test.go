package lane_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/lane"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func wantNotSent(t *testing.T, err error, code payment.Code, text string) {
	t.Helper()
	if !errors.Is(err, payment.ErrNotSent) || payment.CodeOf(err) != code || err.Error() != text {
		t.Errorf("%v (%s); want ErrNotSent with %s: %s", err, payment.CodeOf(err), code, text)
	}
}

func TestOneOrderAtATime(t *testing.T) {
	l := lane.Open("tin-can")
	defer l.Close()
	for range 2 {
		if l.Taken() {
			t.Error("taken by nobody")
		}
		free, err := l.Take()
		if err != nil || !l.Taken() {
			t.Fatal(err)
		}
		_, err = l.Take()
		wantNotSent(t, err, payment.CodeBusy, "tin-can: another order is under way")
		free()
	}
}

func TestNoOrderAfterClose(t *testing.T) {
	l := lane.Open("tin-can")
	if l.Closed() || l.Life().Err() != nil {
		t.Error("closed from the beginning")
	}
	l.Close()
	l.Close()
	if !l.Closed() || l.Life().Err() == nil {
		t.Error("still open")
	}
	_, err := l.Take()
	wantNotSent(t, err, payment.CodeClosed, "tin-can: the driver is closed")
}

func TestWhatMayLeave(t *testing.T) {
	full := errors.New("disk full")
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	late, cancel := context.WithDeadline(t.Context(), time.Unix(1, 0))
	defer cancel()
	recorded := 0
	good := func(context.Context) error { recorded++; return nil }
	bad := func(context.Context) error { return full }

	l := lane.Open("tin-can")
	for _, record := range []func(context.Context) error{nil, good} {
		if err := l.Leave(t.Context(), record); err != nil {
			t.Error(err)
		}
	}
	err := l.Leave(gone, bad) // that it cannot be recorded goes first
	wantNotSent(t, err, payment.CodeCannotRecord, "tin-can: record that the order is sent: disk full")
	if !errors.Is(err, full) {
		t.Errorf("%v hides its cause", err)
	}
	wantNotSent(t, l.Leave(gone, good), payment.CodeWithdrawn, "tin-can: withdrawn before it was sent: context canceled")
	wantNotSent(t, l.Leave(late, good), payment.CodeNotReached, "tin-can: no time was left to send: context deadline exceeded")
	wantNotSent(t, l.Leave(t.Context(), func(context.Context) error { l.Close(); return nil }),
		payment.CodeClosed, "tin-can: the driver is closed")
	wantNotSent(t, l.Leave(gone, nil), payment.CodeClosed, "tin-can: the driver is closed")
	if recorded != 3 {
		t.Errorf("recorded %d times", recorded)
	}
}

func TestWhileEndsWithTheLane(t *testing.T) {
	l := lane.Open("tin-can")
	outer, cancel := context.WithCancel(t.Context())
	first, release := l.While(outer)
	defer release()
	cancel()
	if <-first.Done(); first.Err() == nil || l.Closed() {
		t.Error("outlives its caller")
	}
	second, release := l.While(t.Context())
	defer release()
	third, release := l.While(t.Context())
	if release(); third.Err() == nil || second.Err() != nil {
		t.Error("release ends its own context, and no other")
	}
	l.Close()
	<-second.Done()
}

// TestHowLongAnOrderIsFollowed tells for each end of a caller how long after it the
// order is still followed.
func TestHowLongAnOrderIsFollowed(t *testing.T) {
	const grace, limit = 10 * time.Second, time.Minute
	for _, tc := range []struct {
		name  string
		grace time.Duration
		end   func(l *lane.Lane, cancel func(), release func())
		want  time.Duration
	}{
		{"a caller who gives up leaves a grace", grace, func(_ *lane.Lane, cancel, _ func()) { cancel() }, grace},
		{"none where none was asked for", 0, func(_ *lane.Lane, cancel, _ func()) { cancel() }, 0},
		{"a deadline leaves none", grace, func(*lane.Lane, func(), func()) {}, limit},
		{"closing ends it at once", grace, func(l *lane.Lane, _, _ func()) { l.Close() }, 0},
		{"closing ends the grace", grace, func(l *lane.Lane, cancel, _ func()) { cancel(); time.Sleep(time.Second); l.Close() }, time.Second},
		{"so does its release", grace, func(_ *lane.Lane, cancel, release func()) { cancel(); time.Sleep(time.Second); release() }, time.Second},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := lane.Open("tin-can")
				defer l.Close()
				ctx, cancel := context.WithTimeout(t.Context(), limit)
				defer cancel()
				following, release := l.Follow(ctx, tc.grace)
				defer release()
				begin := time.Now()
				tc.end(l, cancel, release)
				if <-following.Done(); time.Since(begin) != tc.want {
					t.Errorf("it took %s, want %s", time.Since(begin), tc.want)
				}
			})
		})
	}
}
