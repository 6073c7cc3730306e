package secrets

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestNobodyWaitsForTheKeyStoreForEver(t *testing.T) {
	r, unlocked := newRing(20*time.Millisecond), make(chan struct{})
	for range 2 { // the second waits behind the first
		_, err := r.call(func() (string, error) {
			<-unlocked
			return "too late", nil
		})
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("a store that waits for a person: %v", err)
		}
	}
	close(unlocked)
	r.slot <- struct{}{} // the call that was given up ends
	<-r.slot
	if value, err := r.call(func() (string, error) { return "swordfish", nil }); value != "swordfish" || err != nil {
		t.Errorf("unlocked: %q, %v", value, err)
	}
}

func TestNonsenseFromTheKeyStoreIsAnError(t *testing.T) {
	_, err := newRing(time.Second).call(func() (string, error) { panic("swordfish") })
	if err == nil || strings.Contains(err.Error(), "swordfish") {
		t.Errorf("error: %v", err)
	}
}
