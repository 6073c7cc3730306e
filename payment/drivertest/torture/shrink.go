package torture

import (
	"slices"
	"strings"
)

const (
	// again is how often a plan is run to see whether its violation is steady.
	again = 5
	// tries is how often a smaller plan may run before it counts as harmless.
	tries = 3
	// budget bounds the runs spent on one violation.
	budget = 400
)

// shrink leaves out of a plan what its violation does not need, and returns the
// smallest run found, and in how many of a few repetitions the whole plan
// showed a violation.
func (c *campaign) shrink(f failure) (failure, int) {
	times := 0
	for range again {
		if j := c.run(f.plan); len(j.violations) > 0 {
			times++
		}
	}
	best, spent := f, 0
	for progress := true; progress && spent < budget; {
		progress = false
		for _, smaller := range smaller(best.plan) {
			found, n := c.holds(smaller, kindOf(f.judge))
			if spent += n; found != nil {
				best, progress = failure{smaller, found}, true
				break
			}
		}
	}
	return best, times
}

// holds runs a plan until it shows a violation of a kind.
func (c *campaign) holds(p plan, kind string) (*judge, int) {
	for n := range tries {
		if j := c.run(p); len(j.violations) > 0 && kindOf(j) == kind {
			return j, n + 1
		}
	}
	return nil, tries
}

// kindOf is the first violation without its numbers.
func kindOf(j *judge) string {
	words := slices.DeleteFunc(strings.Fields(j.violations[0]), func(w string) bool { return strings.ContainsAny(w, "0123456789") })
	return strings.Join(words, " ")
}

// smaller returns plans with one thing less.
func smaller(p plan) (all []plan) {
	for i := range p.steps {
		less := p
		less.steps = slices.Delete(slices.Clone(p.steps), i, i+1)
		all = append(all, less)
	}
	for i := range p.faults {
		less := p
		less.faults = slices.Delete(slices.Clone(p.faults), i, i+1)
		all = append(all, less)
	}
	for i, a := range p.acts {
		if a == (Act{}) {
			continue
		}
		less := p
		less.acts = slices.Clone(p.acts)
		less.acts[i] = Act{}
		all = append(all, less)
	}
	if len(p.asked) > 0 {
		less := p
		less.asked = p.asked[:len(p.asked)-1]
		all = append(all, less)
	}
	return all
}
