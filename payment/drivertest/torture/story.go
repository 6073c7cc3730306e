package torture

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// story tells a run: what was planned, what happened, and how the books and
// the ledger stand.
func (f failure) story() string {
	var b strings.Builder
	for _, v := range f.judge.violations {
		fmt.Fprintln(&b, "  VIOLATION", v)
	}
	fmt.Fprintf(&b, "  plan of seed %d, follow %v, rest %v\n", f.plan.seed, f.plan.follow, f.plan.rest)
	for _, s := range f.plan.steps {
		fmt.Fprintf(&b, "    at %-10v %s who=%d sum=%d flag=%v after=%d by=%v\n", s.at.Round(time.Millisecond), s.what, s.who, s.sum, s.flag, s.after, s.by)
	}
	for _, x := range f.plan.faults {
		side := "till"
		if x.at.terminal {
			side = "terminal"
		}
		fmt.Fprintf(&b, "    connection %d, message %d of the %s: %s by %v\n", x.at.wire, x.at.message, side, x.kind, x.by)
	}
	for i, a := range f.plan.acts {
		fmt.Fprintf(&b, "    order %d: %+v\n", i, a)
	}
	if len(f.plan.asked) > 0 {
		fmt.Fprintf(&b, "    questions: %q\n", f.plan.asked)
	}
	fmt.Fprintln(&b, "  history")
	for _, line := range f.judge.lines() {
		fmt.Fprintln(&b, "   ", line)
	}
	fmt.Fprintln(&b, "  ledger")
	for _, m := range f.judge.sim.Charges() {
		fmt.Fprintf(&b, "    %s %s %s\n", m.Number, m.Operation, m.Amount)
	}
	return b.String()
}

// lines are the events and the journal's entries in one list. The entries carry
// the wall clock, so after a jump they stand where it puts them.
func (j *judge) lines() []string {
	type line struct {
		at   time.Duration
		text string
	}
	var all []line
	for _, e := range j.events {
		text := e.what + " " + e.detail
		if e.err != nil {
			text += ": " + e.err.Error()
		}
		all = append(all, line{e.at, text})
	}
	for _, r := range j.all() {
		o := r.Order
		about := fmt.Sprintf("%s %s %s %s%s", o.Operation, o.Original, o.Asked.Total(), o.Note, o.Reason)
		if len(o.Despite) > 0 {
			about += fmt.Sprint(" despite ", o.Despite)
		}
		for i, e := range r.Entries {
			text := fmt.Sprintf("#%d %s: %s %s %s %s", e.Seq, o.Number, e.Kind, e.Outcome, e.Code, e.Detail)
			if i == 0 {
				text += " (" + about + ")"
			}
			all = append(all, line{e.Time.Sub(j.start), text})
		}
	}
	slices.SortStableFunc(all, func(a, b line) int { return int(a.at - b.at) })
	texts := make([]string, len(all))
	for i, l := range all {
		texts[i] = fmt.Sprintf("%12v %s", l.at.Round(time.Millisecond), l.text)
	}
	return texts
}
