package torture

import (
	"math/rand/v2"
	"slices"
	"time"
)

// plan is everything about a run that is left to chance.
type plan struct {
	seed uint64
	// follow: a window that keeps its link up, rather than a command that
	// connects when it must.
	follow bool
	steps  []step
	faults []boundaryFault
	acts   []Act
	asked  []Reply
	rest   time.Duration // from the last step until all is well
}

// boundaryFault strikes one message.
type boundaryFault struct {
	at   place
	kind Fault
	by   time.Duration
}

// step is one thing that somebody does, or that happens to the shop.
type step struct {
	at   time.Duration // since the shop opened
	what what
	// who is the customer of a sale, or the order another step is about: the
	// n-th of the day, counted round.
	who  int
	sum  int64
	flag bool
	// after is the number of writes until a crash; by is how long the thing takes.
	after int
	by    time.Duration
}

// what is the kind of a step.
type what string

const (
	pay     what = "pay"
	press   what = "press again" // the same customer and sum, by somebody in doubt
	refund  what = "refund"
	void    what = "void"
	query   what = "query"
	cancel  what = "cancel"
	decide  what = "decide"
	wipe    what = "clear the prompt"
	crash   what = "crash at a write"
	kill    what = "kill"
	restart what = "close and open"
	disk    what = "disk full"
	clock   what = "set the clock"
	outage  what = "outage"
	reboot  what = "terminal reboots"
)

// faultOf names the steps that a harness may do without.
var faultOf = map[what]Fault{
	crash: Crash, kill: Kill, disk: DiskFull, clock: ClockJump, outage: Outage, reboot: Reboot,
}

// weights of the steps; a sale comes first in every plan.
var weights = []struct {
	what  what
	share int
}{
	{pay, 26}, {press, 16}, {refund, 10}, {void, 6}, {query, 6}, {cancel, 7}, {decide, 6}, {wipe, 3},
	{crash, 9}, {kill, 3}, {restart, 2}, {disk, 4}, {clock, 3}, {outage, 5}, {reboot, 3},
}

// draw makes the plan of a seed.
func draw(seed uint64, without []Fault) plan {
	r := rand.New(rand.NewPCG(seed, mix(seed)))
	p := plan{seed: seed, follow: r.IntN(2) == 0}
	at := time.Duration(0)
	for i := range 2 + r.IntN(7) {
		s := drawStep(r)
		for slices.Contains(without, faultOf[s.what]) {
			s = drawStep(r)
		}
		if i == 0 && s.what != crash {
			s = drawSale(r)
		}
		at += gap(r)
		s.at = at
		p.steps = append(p.steps, s)
	}
	p.rest = gap(r)
	for range r.IntN(5) {
		if f := drawFault(r); !slices.Contains(without, f.kind) {
			p.faults = append(p.faults, f)
		}
	}
	for range r.IntN(6) {
		p.acts = append(p.acts, drawAct(r))
	}
	if r.IntN(3) == 0 {
		for range 1 + r.IntN(4) {
			p.asked = append(p.asked, pick(r, Proper, Proper, Silent, Garbled, Failing, Foreign, WrongAmount, Contradictory, HangUp, Unfound, Pending))
		}
	}
	return p
}

func pick[T any](r *rand.Rand, choices ...T) T { return choices[r.IntN(len(choices))] }

// span draws a time up to longest, mostly a short one.
func span(r *rand.Rand, longest time.Duration) time.Duration {
	limit := pick(r, longest/64, longest/16, longest/4, longest)
	return time.Duration(r.Int64N(int64(limit) + 1))
}

// gap is the time between two steps.
func gap(r *rand.Rand) time.Duration { return span(r, 2*time.Minute) }

func drawStep(r *rand.Rand) step {
	all := 0
	for _, w := range weights {
		all += w.share
	}
	n := r.IntN(all)
	var s step
	for _, w := range weights {
		if n -= w.share; n < 0 {
			s.what = w.what
			break
		}
	}
	switch s.what {
	case pay:
		return drawSale(r)
	case press:
		sale := drawSale(r)
		s.flag, s.by = sale.flag, sale.by
		s.after = r.IntN(4)
		if s.after != 0 {
			s.flag = false
		}
	case crash:
		s.after = 1 + r.IntN(8)
		s.by = span(r, 2*time.Minute)
	case clock:
		s.by = pick[time.Duration](r, -1, 1) * pick(r, time.Second, time.Minute, time.Hour, 26*time.Hour, 400*24*time.Hour)
	default:
		s.by = span(r, 2*time.Minute)
		s.sum = pick[int64](r, 0, 0, 100, 500)
	}
	s.who = r.IntN(4)
	if s.what != press {
		s.flag = r.IntN(2) == 0
	}
	return s
}

// drawSale draws a customer who pays. Sums are few, so that they meet.
func drawSale(r *rand.Rand) step {
	return step{
		what: pay, who: r.IntN(4), sum: pick[int64](r, 1000, 1000, 1250, 1999),
		by:    pick(r, 0, 0, 0, 4*time.Second, 20*time.Second, 70*time.Second),
		after: pick(r, 0, 0, 0, 1, 2, 5), // seconds after which staff cancel it; 0: never
		flag:  r.IntN(6) == 0,            // despite what is open
	}
}

func drawFault(r *rand.Rand) boundaryFault {
	return boundaryFault{
		at:   place{wire: pick(r, 0, 0, 0, 1, 1, 2, 3), message: r.IntN(pick(r, 3, 6, 16)), terminal: r.IntN(5) < 3},
		kind: pick(r, boundaryFaults...),
		by:   time.Millisecond + span(r, 200*time.Second),
	}
}

func drawAct(r *rand.Rand) Act {
	a := Act{
		Money: pick(r, Approve, Approve, Approve, Approve, Approve, Approve, Approve, Decline, Decline, Abandon,
			Partial, Refuse, TimeOut, TimeOutCharged, Expire),
		Think:    span(r, pick(r, 8*time.Second, 8*time.Second, 150*time.Second)),
		Stubborn: r.IntN(4) == 0, Forgetful: r.IntN(4) == 0,
	}
	if r.IntN(3) == 0 {
		a.Reply = pick(r, Silent, Garbled, Torn, Empty, Foreign, WrongAmount, WrongCurrency, WrongOperation, Contradictory, Twice, Odd)
	}
	if r.IntN(4) == 0 {
		a.Late = span(r, 5*time.Minute)
	}
	return a
}
