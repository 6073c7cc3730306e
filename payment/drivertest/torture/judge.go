package torture

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/drivertest"
	"tillkeeper/payment/journaltest"
)

// judge watches a run and says what must never be.
type judge struct {
	journal *journaltest.Memory
	sim     Simulator
	start   time.Time
	// unaskable and unlinked: see Harness.
	unaskable, unlinked bool

	mu         sync.Mutex
	events     []event
	violations []string
	faults     map[Fault]int
	// first holds when an order was first seen in a status.
	first map[string]map[payment.Status]time.Time
	// refused are presses of which staff were told that nothing was sent.
	refused map[string]error
}

// event is something worth telling, put into words only when it is told.
type event struct {
	at     time.Duration
	what   string
	detail string
	err    error
}

func newJudge(journal *journaltest.Memory, sim Simulator, start time.Time) *judge {
	return &judge{
		journal: journal, sim: sim, start: start, faults: map[Fault]int{},
		first: map[string]map[payment.Status]time.Time{}, refused: map[string]error{},
	}
}

func (j *judge) note(what, detail string, err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.events = append(j.events, event{time.Since(j.start), what, detail, err})
}

func (j *judge) struck(f Fault) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.faults[f]++
	j.events = append(j.events, event{time.Since(j.start), "fault", string(f), nil})
}

// acts counts what the terminal was told to do badly.
func (j *judge) acts(p plan) {
	for _, a := range p.acts {
		if a.Reply != Proper {
			j.faults[BadReply]++
		}
		if a.Late > 0 {
			j.faults[LateReply]++
		}
	}
	for _, a := range p.asked {
		if a != Proper {
			j.faults[BadReply]++
		}
	}
}

func (j *judge) violate(format string, args ...any) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.violations = append(j.violations, fmt.Sprintf(format, args...))
}

// none are the statuses that say that nothing was charged.
var none = []payment.Status{payment.StatusDeclined, payment.StatusCancelled, payment.StatusExpired, payment.StatusNotSent}

// wrote sees an order after each write, while the program may be about to die.
func (j *judge) wrote(r payment.Record) {
	number, status := r.Order.Number, r.State().Status
	j.mu.Lock()
	seen := j.first[number]
	if seen == nil {
		seen = map[payment.Status]time.Time{}
		j.first[number] = seen
	}
	_, known := seen[status]
	if !known {
		seen[status] = time.Now()
	}
	j.mu.Unlock()
	if !known && status.Moved() && !byPerson(r) && len(j.movements()[number]) == 0 {
		j.violate("%s is %s, and no money has moved", number, status)
	}
}

func (j *judge) movements() map[string][]drivertest.Charge {
	all := map[string][]drivertest.Charge{}
	for _, m := range j.sim.Charges() {
		all[m.Number] = append(all[m.Number], m)
	}
	return all
}

// pressed hears how a press ended. An error says that there is no order, but
// for an answer that the disk did not take.
func (j *judge) pressed(note string, _ payment.Record, err error) {
	j.note("done: "+note, "", err)
	if err != nil && payment.CodeOf(err) != payment.CodeNotRecorded {
		j.mu.Lock()
		defer j.mu.Unlock()
		j.refused[note] = err
	}
}

// heals marks the moment from which on answers can be had.
func (j *judge) heals() {
	j.note("all is well", "", nil)
}

// answerable reports whether an order is open of which the terminal could tell
// what became of it: it knows the number, and what it says fits.
func (j *judge) answerable() bool { return len(j.open()) > 0 }

func (j *judge) open() (numbers []string) {
	all, _ := j.journal.Open(context.Background())
	for _, r := range all {
		if !r.State().Status.UnderWay() && j.isCase(r) {
			continue
		}
		numbers = append(numbers, r.Order.Number)
	}
	return numbers
}

// isCase reports whether the order is one for people: the terminal's last word was of other
// money, or that it does not know the number or cannot be asked about it, and its ledger
// has nothing that fits. A till need not write that word down again each time.
func (j *judge) isCase(r payment.Record) bool {
	for _, f := range r.FollowUps {
		// What became of a payment is what became of its void, where one is a case.
		if f.Operation != payment.Void || f.Status != payment.StatusUnknown {
			continue
		}
		if void, err := j.journal.Find(context.Background(), f.Number); err == nil && j.isCase(void) {
			return true
		}
	}
	for _, e := range slices.Backward(r.Entries) {
		switch e.Kind {
		case payment.KindMismatch:
			return true
		case payment.KindStatus, payment.KindAnswer:
			return e.Outcome == payment.NotFound && !j.fits(r)
		case payment.KindNoAnswer:
			if e.Code == payment.CodeCannotAsk && (!j.fits(r) || j.unaskable && !r.Has(payment.KindAccepted)) {
				return true
			}
		}
	}
	return false
}

// fits reports whether the terminal moved just what the order asked for.
func (j *judge) fits(r payment.Record) bool {
	moved := j.movements()[r.Order.Number]
	return len(moved) == 1 && moved[0].Operation == r.Order.Operation &&
		(r.Order.AskTip || moved[0].Amount.Equal(r.Order.Asked.Total()))
}

func (j *judge) unsettled() {
	for _, number := range j.open() {
		r, _ := j.journal.Find(context.Background(), number)
		j.violate("%s is still %s long after all is well", number, r.State().Status)
	}
}

// decided names the orders that stand by a person's word.
func (j *judge) decided() (numbers []string) {
	for _, r := range j.all() {
		if byPerson(r) {
			numbers = append(numbers, r.Order.Number)
		}
	}
	return numbers
}

// byPerson reports whether an order stands by a person's word alone: no
// answer that fits came after it.
func byPerson(r payment.Record) bool {
	for _, e := range slices.Backward(r.Entries) {
		switch {
		case e.Kind == payment.KindDecided:
			return true
		case (e.Kind == payment.KindAnswer || e.Kind == payment.KindStatus) && e.Outcome.Final():
			return false
		}
	}
	return false
}

// all returns every order, oldest first.
func (j *judge) all() []payment.Record {
	all, _ := j.journal.List(context.Background(), payment.Filter{Limit: 1 << 20})
	slices.SortFunc(all, func(a, b payment.Record) int { return int(a.Entries[0].Seq - b.Entries[0].Seq) })
	return all
}
