package torture

import (
	"context"
	"net"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tillkeeper/payment"
)

// liar is a driver with a defect that a campaign has to find.
type liar struct {
	*fakeDriver
	defect string
}

func (l *liar) Do(ctx context.Context, req payment.Request, tell func(payment.Progress)) (payment.Result, error) {
	if l.defect == "sent, and says not" {
		tell = func(payment.Progress) {} // else its own progress gives it away
	}
	r, err := l.fakeDriver.Do(ctx, req, tell)
	switch {
	case err == nil:
	case l.defect == "sends twice":
		return l.fakeDriver.Do(ctx, req, tell)
	case l.defect == "silence is a no":
		return payment.Result{Outcome: payment.Declined, Number: req.Order.Number}, nil
	case l.defect == "silence is a yes":
		return payment.Result{Outcome: payment.Approved, Number: req.Order.Number}, nil
	case l.defect == "sent, and says not":
		return r, payment.NotSent(payment.CodeNotReached, "not reached")
	}
	return r, err
}

// TestCampaignFindsDefects: the judge would speak up if there were something to say.
func TestCampaignFindsDefects(t *testing.T) {
	for defect, want := range map[string]string{
		"":                   "",
		"sends twice":        "moved money 2 times",
		"silence is a no":    "it moved money",
		"silence is a yes":   "no money has moved",
		"sent, and says not": "it moved money",
	} {
		found := ""
		for seed := uint64(1); seed <= 400 && found == ""; seed++ {
			found = strings.Join(hunt(t, defect, seed), "\n")
		}
		if want == "" && found != "" || !strings.Contains(found, want) {
			t.Errorf("with the defect %q the campaign finds %q, want %q", defect, found, want)
		}
	}
}

// hunt lives one day with a defective driver.
func hunt(t *testing.T, defect string, seed uint64) []string {
	var j *judge
	synctest.Test(t, func(*testing.T) {
		terminal := &huntedFake{fake: &fake{orders: map[string]*fakeOrder{}}}
		h := Harness{New: func() Simulator { return terminal }, Split: Whole, Without: []Fault{DoublePress, VoidDecided}}
		h.Protocol = payment.Protocol{Name: "fake", Open: func(_ payment.Terminal, env payment.Env) (payment.Driver, error) {
			d := &fakeDriver{fake: terminal.fake, p: &process{}, env: env}
			terminal.mu.Lock()
			defer terminal.mu.Unlock()
			terminal.latest = d
			return &liar{d, defect}, nil
		}}
		p := draw(seed, []Fault{Crash, Kill, DiskFull, ClockJump, DoublePress, VoidDecided})
		j = live(h, p)
		time.Sleep(time.Hour) // timers of the terminal
	})
	return j.violations
}

// huntedFake behaves by the plan: one act for each order.
type huntedFake struct{ *fake }

func (f *huntedFake) Script(orders []Act, _ []Reply) {
	if len(orders) > 0 {
		f.behave(fakeAct{Act: orders[0]})
	}
}

// TestWireSuffersItsFaults: each fault at a boundary does what its name says.
func TestWireSuffersItsFaults(t *testing.T) {
	for _, tc := range []struct {
		kind Fault
		want string // what arrives of the messages "one", "two!" and "three"
	}{
		{"", "onetwo!three"}, {Drop, "onethree"}, {Delay, "onetwo!three"}, {Duplicate, "onetwo!threetwo!"}, {Reorder, "onethreetwo!"},
		{Truncate, "onetw"}, {HalfOpen, "one"}, {Reset, "one"}, {ResetAfter, "onetwo!"},
	} {
		synctest.Test(t, func(t *testing.T) {
			heard := make(chan string, 1)
			n := &network{
				seed: 7, split: Whole, struck: func(Fault) {},
				faults: map[place][]boundaryFault{{wire: 0, message: 1}: {{kind: tc.kind, by: time.Second}}},
				serve:  func(c net.Conn) { heard <- readFor(c, time.Minute) },
			}
			c, err := n.dial(t.Context(), &process{})
			if err != nil {
				t.Fatal(err)
			}
			for _, message := range []string{"one", "two!", "three"} {
				_, _ = c.Write([]byte(message)) // a reset shows in what arrives
				time.Sleep(100 * time.Millisecond)
			}
			if got := <-heard; got != tc.want {
				t.Errorf("%s: %q arrives, want %q", tc.kind, got, tc.want)
			}
		})
	}
}

// readFor reads until the connection ends or the time is over.
func readFor(c net.Conn, limit time.Duration) string {
	_ = c.SetReadDeadline(time.Now().Add(limit)) // a wire takes any
	var all strings.Builder
	buffer := make([]byte, 64)
	for {
		n, err := c.Read(buffer)
		all.Write(buffer[:n])
		if err != nil {
			return all.String()
		}
	}
}

// TestPlansAreRepeatable: a seed is all that a run needs.
func TestPlansAreRepeatable(t *testing.T) {
	for seed := range uint64(200) {
		a, b := draw(seed, nil), draw(seed, nil)
		if len(a.steps) < 2 || !reflect.DeepEqual(a, b) {
			t.Fatalf("seed %d gives %+v and %+v", seed, a, b)
		}
	}
}
