package payment

import "time"

// Case is the file of an order of which it was not known, at least for a while,
// what happened to the money. It is computed from the order's entries: what was
// said, by whom and when, what follows from it, and the one safe next step.
type Case struct {
	Record Record
	// Opened is when the doubt began; Closed when it ended, zero while the case is open.
	Opened time.Time
	Closed time.Time
	// Verdict is what the evidence proves; Grounds say why, strongest first.
	Verdict Verdict
	Grounds []Ground
	// Next is the one safe next step; Until is when waiting ends, for NextWait.
	Next  NextStep
	Until time.Time
}

// Verdict is what the evidence of a case proves.
type Verdict string

// The verdicts.
const (
	// VerdictOpen: the evidence proves neither.
	VerdictOpen Verdict = "open"
	// VerdictPaid: the money moved.
	VerdictPaid Verdict = "paid"
	// VerdictNotCharged: nothing was charged, or nothing stays charged.
	VerdictNotCharged Verdict = "not-charged"
)

// NextStep is what staff should do about a case.
type NextStep string

// The next steps.
const (
	// NextNothing: the case is closed.
	NextNothing NextStep = "nothing"
	// NextWait: the terminal may still take a card for it until Case.Until.
	NextWait NextStep = "wait"
	// NextCheck: ask the terminal again.
	NextCheck NextStep = "check"
	// NextDecide: asking alone does not settle it; look at the terminal's list or
	// slip and decide with that proof.
	NextDecide NextStep = "decide"
	// NextCorrect: a person decided, and a real answer says otherwise; the books
	// follow the answer, and what was done on the decision has to be put right.
	NextCorrect NextStep = "correct"
)

// Ground is one reason of a verdict, or one reason why there is none.
type Ground struct {
	Kind GroundKind
	// Time is when it was said last, Count how often.
	Time  time.Time
	Count int
	// Outcome and Code are what was said; Staff, Reason and Proof are a person's.
	Outcome Outcome
	Code    Code
	Staff   string
	Reason  string
	Proof   string
	// After is how long after the payment's own time limit a "not found" came.
	After time.Duration
}

// GroundKind sorts grounds.
type GroundKind string

// The grounds, strongest first.
const (
	// GroundAnswer: the terminal's own matching answer to the order.
	GroundAnswer GroundKind = "answer"
	// GroundStatus: a final, matching answer to a status query.
	GroundStatus GroundKind = "status"
	// GroundNotFoundProves: a source that must know the order does not, twice,
	// after the payment's own time limit.
	GroundNotFoundProves GroundKind = "not-found-proves"
	// GroundDecision: a person decided on the proof seen.
	GroundDecision GroundKind = "decision"
	// GroundTotals: the totals of the batch, closed since, hold this order, or do not.
	GroundTotals GroundKind = "totals"
	// GroundMismatch: an answer came that is not to what was asked.
	GroundMismatch GroundKind = "mismatch"
	// GroundPending: the terminal knows the order and it is not final.
	GroundPending GroundKind = "pending"
	// GroundNotFoundEarly: not found, but the terminal may still take a card.
	GroundNotFoundEarly GroundKind = "not-found-early"
	// GroundNotFoundWeak: not found by a source that need not know.
	GroundNotFoundWeak GroundKind = "not-found-weak"
	// GroundSilence: asked, and no usable answer came.
	GroundSilence GroundKind = "silence"
	// GroundDoubt: how the doubt began.
	GroundDoubt GroundKind = "doubt"
)

// CaseOf returns the case of an order, and whether it has one: whether it was ever
// in doubt. can are the capabilities of the order's terminal; now decides only what
// to do next, never the verdict.
func CaseOf(r Record, can Capabilities, now time.Time) (Case, bool) {
	c := Case{Record: r, Verdict: VerdictOpen}
	for _, e := range r.Entries {
		if on := e.on(); on == OnDoubt || on == OnClaim || on == OnClaimPaid {
			c.Opened = e.Time
			break
		}
	}
	if c.Opened.IsZero() {
		return Case{}, false
	}
	s := r.State()
	c.Grounds = grounds(r, can)
	switch {
	case s.Status.Moved():
		c.Verdict, c.Closed = VerdictPaid, s.Since
	case !s.Status.Open():
		c.Verdict, c.Closed = VerdictNotCharged, s.Since
	}
	c.Next, c.Until = next(r, s, can, now)
	return c, true
}

// next chooses the one safe step.
func next(r Record, s State, can Capabilities, now time.Time) (NextStep, time.Time) {
	over := r.Order.Created.Add(can.Limit)
	switch {
	case s.Contradicted && r.Has(KindDecided) && !s.Status.Open():
		return NextCorrect, time.Time{}
	case !s.Status.Open():
		return NextNothing, time.Time{}
	case now.Before(over):
		return NextWait, over
	}
	for _, e := range r.Entries {
		// A status query that brought an answer, and still nothing final after the
		// limit: asking more may never settle it.
		if e.Kind == KindStatus && e.Time.After(over) || e.Kind == KindMismatch || e.Code == CodeCannotAsk || e.Kind == KindTotals {
			return NextDecide, time.Time{}
		}
	}
	return NextCheck, time.Time{}
}

// grounds gathers what was said about the order, one ground per kind and outcome,
// strongest first.
func grounds(r Record, can Capabilities) []Ground {
	var all []Ground
	for _, e := range r.Entries {
		g, ok := ground(r.Order, e, can)
		if !ok {
			continue
		}
		merged := false
		for i := range all {
			if have := &all[i]; have.Kind == g.Kind && have.Outcome == g.Outcome && have.Code == g.Code {
				have.Count++
				have.Time, have.After = g.Time, g.After
				have.Staff, have.Reason, have.Proof = g.Staff, g.Reason, g.Proof
				merged = true
			}
		}
		if !merged {
			all = append(all, g)
		}
	}
	return strongestFirst(all)
}

func ground(o Order, e Entry, can Capabilities) (Ground, bool) {
	g := Ground{Time: e.Time, Count: 1, Outcome: e.Outcome, Code: e.Code, Staff: e.Staff, Reason: e.Reason, Proof: e.Proof}
	switch {
	case e.Kind == KindAnswer:
		g.Kind = GroundAnswer
	case e.Kind == KindStatus && e.Source == FromRecovery:
		g.Kind, g.After = GroundNotFoundProves, e.Time.Sub(o.Created.Add(can.Limit))
	case e.Kind == KindStatus && e.Outcome.Final():
		g.Kind = GroundStatus
	case e.Kind == KindStatus && e.Outcome == Pending:
		g.Kind = GroundPending
	case e.Kind == KindStatus && can.NotFoundProves && e.Time.Before(o.Created.Add(can.Limit)):
		g.Kind = GroundNotFoundEarly
	case e.Kind == KindStatus:
		g.Kind = GroundNotFoundWeak
	case e.Kind == KindTotals:
		g.Kind = GroundTotals
	case e.Kind == KindMismatch:
		g.Kind = GroundMismatch
	case e.Kind == KindDecided:
		g.Kind, g.Outcome = GroundDecision, Cancelled
		if e.Paid {
			g.Outcome = Approved
		}
	case e.Kind == KindNoAnswer:
		// Why nothing came differs from time to time; that nothing came is the ground.
		g.Kind = GroundSilence
		if e.Code != CodeCannotAsk {
			g.Code = CodeNoAnswer
		}
	case e.Kind == KindUnanswered || e.Kind == KindOrphaned:
		g.Kind = GroundDoubt
	default:
		return Ground{}, false
	}
	return g, true
}

var strength = []GroundKind{GroundAnswer, GroundStatus, GroundNotFoundProves, GroundDecision, GroundTotals, GroundMismatch,
	GroundPending, GroundNotFoundEarly, GroundNotFoundWeak, GroundSilence, GroundDoubt}

func strongestFirst(all []Ground) []Ground {
	sorted := make([]Ground, 0, len(all))
	for _, kind := range strength {
		for _, g := range all {
			if g.Kind == kind {
				sorted = append(sorted, g)
			}
		}
	}
	return sorted
}
