package recent_test

import (
	"testing"

	"tillkeeper/payment/internal/recent"
)

func TestTheOlderHalfIsForgotten(t *testing.T) {
	var l recent.List[int]
	for i := range recent.Kept {
		l.Add(i)
	}
	if all := l.All(); len(all) != recent.Kept || all[0] != 0 {
		t.Fatalf("%d entries from %d on", len(all), all[0])
	}
	l.Add(recent.Kept)
	all := l.All()
	if len(all) != recent.Kept/2+1 || all[0] != recent.Kept/2 || all[len(all)-1] != recent.Kept {
		t.Errorf("%d entries from %d to %d", len(all), all[0], all[len(all)-1])
	}
	all[0] = -1
	if l.All()[0] == -1 {
		t.Error("the list can be changed from outside")
	}
	if l.Clear(); len(l.All()) > 0 {
		t.Error("a cleared list has entries")
	}
}
