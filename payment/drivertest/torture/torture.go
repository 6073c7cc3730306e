package torture

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// The variables of the environment; see the package comment.
const (
	envRuns = "TILLKEEPER_TORTURE_RUNS"
	envSeed = "TILLKEEPER_TORTURE_SEED"
)

// The length of a campaign that nobody asked for by number.
const (
	usual = 10 * time.Second
	brief = 2 * time.Second // with -short
)

// hangs is how long a run, which takes a millisecond, may take before it counts
// as never coming back.
const hangs = time.Minute

// garbage is how much of it is let lie, in percent of what is in use.
const garbage = 4000

// enough is how many violations are told; the rest is counted.
const enough = 3

// Run runs a campaign and fails t with the first violations. It prints its
// seed and what it did in any case.
func Run(t *testing.T, h Harness) {
	t.Helper()
	c := campaign{t: t, harness: h, sums: sums{faults: map[Fault]int{}}}
	if err := c.configure(); err != nil {
		t.Fatal(err)
	}
	fmt.Printf("torture %s: seed %d\n", h.Protocol.Name, c.seed)
	// Runs are short and leave nothing behind: memory is cheaper than collecting it.
	defer debug.SetGCPercent(debug.SetGCPercent(garbage))
	begin := time.Now()
	workers := runtime.GOMAXPROCS(0)
	var all sync.WaitGroup
	for range workers {
		all.Go(c.worker)
	}
	all.Wait()
	c.report(time.Since(begin), workers)
}

// campaign is many runs.
type campaign struct {
	t       *testing.T
	harness Harness
	seed    uint64
	runs    int64     // 0: until end
	end     time.Time // zero: all runs

	next atomic.Int64
	mu   sync.Mutex
	done int
	sums
	failed []failure
}

// sums is what a campaign counts.
type sums struct {
	orders, movements int
	faults            map[Fault]int
}

// failure is a run with violations.
type failure struct {
	plan  plan
	judge *judge
}

func (c *campaign) configure() error {
	c.seed = uint64(time.Now().UnixNano()) / 1000 % 1e12
	if text := os.Getenv(envSeed); text != "" {
		seed, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			return fmt.Errorf("%s: %w", envSeed, err)
		}
		c.seed = seed
	}
	c.end = time.Now().Add(usual)
	if testing.Short() {
		c.end = time.Now().Add(brief)
	}
	if text := os.Getenv(envRuns); text != "" {
		runs, err := strconv.ParseInt(text, 10, 64)
		if err != nil || runs < 1 {
			return fmt.Errorf("%s: %q is not a number of runs", envRuns, text)
		}
		c.runs, c.end = runs, time.Time{}
	}
	return nil
}

// worker does one run after the other.
func (c *campaign) worker() {
	for {
		n := c.next.Add(1) - 1
		if c.runs > 0 && n >= c.runs || !c.end.IsZero() && time.Now().After(c.end) {
			return
		}
		p := draw(c.seed+uint64(n), c.harness.Without)
		j := c.run(p)
		c.count(p, j)
	}
}

// run lives one day in a bubble of its own.
func (c *campaign) run(p plan) (j *judge) {
	watch := time.AfterFunc(hangs, func() {
		panic(fmt.Sprintf("torture: the run of seed %d hangs, %d steps", p.seed, len(p.steps)))
	})
	defer watch.Stop()
	synctest.Test(c.t, func(*testing.T) { j = live(c.harness, p) })
	return j
}

func (c *campaign) count(p plan, j *judge) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done++
	c.orders += len(j.first)
	c.movements += len(j.sim.Charges())
	for f, n := range j.faults {
		c.faults[f] += n
	}
	if len(j.violations) > 0 {
		c.failed = append(c.failed, failure{p, j})
	}
}

// report prints the sums, and the shortest story of the first violations.
func (c *campaign) report(took time.Duration, workers int) {
	rate := float64(c.done) / took.Seconds()
	fmt.Printf("torture %s: %d runs, %d orders, %d movements of money, %d violations, %.0f runs/s (%.0f per core), seed %d\n",
		c.harness.Protocol.Name, c.done, c.orders, c.movements, len(c.failed), rate, rate/float64(workers), c.seed)
	kinds := make([]Fault, 0, len(c.faults))
	for f := range c.faults {
		kinds = append(kinds, f)
	}
	slices.Sort(kinds)
	for _, f := range kinds {
		fmt.Printf("  %-12s %8d\n", f, c.faults[f])
	}
	slices.SortFunc(c.failed, func(a, b failure) int { return int(int64(a.plan.seed) - int64(b.plan.seed)) })
	for i, f := range c.failed {
		if i == enough {
			c.t.Errorf("and %d more runs with violations", len(c.failed)-i)
			break
		}
		small, times := c.shrink(f)
		c.t.Errorf("violation; repeat it with %s=%d %s=1 (it came back in %d of %d runs)\n%s",
			envSeed, f.plan.seed, envRuns, times, again, small.story())
	}
}
