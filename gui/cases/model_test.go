package cases_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"tillkeeper/gui/cases"
	"tillkeeper/payment"
	"tillkeeper/payment/till"
)

func numbers(all []payment.Case) (list []string) {
	for _, c := range all {
		list = append(list, c.Record.Order.Number)
	}
	return list
}

func TestOpenCasesComeFirstAndOnlyOrdersOnceInDoubtAreCases(t *testing.T) {
	s := newStage(false)
	plain := order("T1", payment.Sale, 100, time.Hour, sent(), answer(second, payment.Approved))
	old := order("T0", payment.Sale, 100, 100*time.Hour, sent(), lost(second), status(second, payment.Approved))
	s.begin(plain, old, settled(), overruled(), byDecision(), fresh(), stubborn())
	if got, want := numbers(s.Open()), []string{"T260309KB41QD", "T260309K7RX2M"}; !slices.Equal(got, want) {
		t.Errorf("open, the one that waits longest first: %v, want %v", got, want)
	}
	if got, want := numbers(s.Closed()), []string{"T260309K0YH5T", "T260309KX9ZZ4", "T260308KPM3C8"}; !slices.Equal(got, want) {
		t.Errorf("closed in the last days, the latest first: %v, want %v", got, want)
	}
	if c, _ := s.Selected(); c.Record.Order.Number != "T260309KB41QD" || s.Count() != 2 {
		t.Errorf("%s is shown of %d", c.Record.Order.Number, s.Count())
	}
}

func TestEventsOpenAndCloseCases(t *testing.T) {
	s := newStage(false)
	changes := 0
	s.Changed = func() { changes++ }
	s.begin()
	before := changes
	s.event(order("T1", payment.Sale, 100, 0, sent()))
	if changes != before || s.Count() != 0 {
		t.Error("an order that goes well is no case")
	}
	s.event(fresh())
	if s.Count() != 1 {
		t.Error("an order in doubt is no case")
	}
	r := fresh()
	r.Entries = append(r.Entries, payment.Entry{Seq: 90, Time: noon, Kind: payment.KindAnswer, Outcome: payment.Approved, Facts: &payment.Facts{}})
	s.event(r)
	s.event(fresh()) // what comes late knows less
	if s.Count() != 0 || len(s.Closed()) != 1 {
		t.Errorf("after a late answer %d are open and %d closed", s.Count(), len(s.Closed()))
	}
	if c, _ := s.Selected(); c.Verdict != payment.VerdictPaid {
		t.Errorf("the verdict is %s", c.Verdict)
	}
}

func TestClosedCasesOfTheLastDaysAreFetchedWhenSomebodyLooks(t *testing.T) {
	s := newStage(false)
	s.begin()
	s.till.orders = []payment.Record{settled()}
	if len(s.work) != 0 {
		t.Error("fetched before anybody looks")
	}
	s.Show(true)
	s.Show(true)
	s.finishWork()
	if len(s.till.filters) != 1 || len(s.Closed()) != 1 {
		t.Errorf("fetched %d times, %d closed", len(s.till.filters), len(s.Closed()))
	}
	s.Show(false)
	s.till.err = errors.New("the disk is gone")
	s.Show(true)
	s.finishWork()
	if len(s.Closed()) != 1 {
		t.Error("a failed fetch loses what is known")
	}
}

func TestTheClockRunsOnlyWhileSomebodyWaits(t *testing.T) {
	s := newStage(false)
	s.begin(fresh())
	if s.ticks != nil {
		t.Error("it runs while nobody looks")
	}
	s.Show(true)
	if s.ticks == nil {
		t.Fatal("it does not run while the case waits")
	}
	s.now = noon.Add(3 * time.Minute)
	s.ticks()
	if c, _ := s.Selected(); c.Next != payment.NextCheck || s.ticks != nil {
		t.Errorf("after the limit: %s, clock runs: %v", c.Next, s.ticks != nil)
	}
}

func TestAskingIsDoneOneAtATime(t *testing.T) {
	s := newStage(false)
	s.begin(fresh(), stubborn())
	s.till.answer, s.till.err = fresh(), payment.Errorf(payment.CodeNotReached, "no")
	s.Check("T260309K7RX2M")
	s.Check("T260309KB41QD")
	s.finishWork()
	if !slices.Equal(s.till.queries, []string{"T260309K7RX2M"}) {
		t.Errorf("asked about %v", s.till.queries)
	}
	if s.Checking() != "" || s.Failed("T260309K7RX2M") != payment.CodeNotReached || s.Failed("T260309KB41QD") != "" {
		t.Error("the failure is not told with its order")
	}
	s.till.err = nil
	s.Check("T260309K7RX2M")
	s.finishWork()
	if s.Failed("T260309K7RX2M") != "" {
		t.Error("an old failure stays")
	}
}

func TestADecisionNeedsAllItsParts(t *testing.T) {
	s := newStage(false)
	s.begin(stubborn())
	whole := cases.Decision{Order: "T260309KB41QD", Paid: true, Reason: "Day closes", Proof: "Printed slip", Staff: "Jana"}
	for _, less := range []func(*cases.Decision){
		func(d *cases.Decision) { d.Reason = "" }, func(d *cases.Decision) { d.Proof = "" }, func(d *cases.Decision) { d.Staff = "" },
	} {
		d := whole
		less(&d)
		s.Decide(d)
	}
	s.finishWork()
	if len(s.till.decisions) != 0 {
		t.Fatalf("decided without all parts: %+v", s.till.decisions)
	}
	s.till.answer = order("T260309KB41QD", payment.Sale, 18900, 40*time.Minute, sent(), lost(second), decided(time.Minute, true))
	s.till.answer.Entries[3].Seq = 50
	s.Decide(whole)
	s.finishWork()
	want := till.Decision{Order: "T260309KB41QD", Paid: true, Reason: "Day closes", Proof: "Printed slip", Staff: "Jana"}
	if len(s.till.decisions) != 1 || s.till.decisions[0] != want || s.Count() != 0 || s.Staff() != "Jana" {
		t.Errorf("decided %+v, open %d", s.till.decisions, s.Count())
	}
}

func TestADecisionThatCameTooLateIsSaidSo(t *testing.T) {
	s := newStage(false)
	s.begin(stubborn())
	s.till.err = payment.Errorf(payment.CodeNotOpen, "it is paid")
	s.Decide(cases.Decision{Order: "T260309KB41QD", Reason: "r", Proof: "p", Staff: "s"})
	s.finishWork()
	if s.Failed("T260309KB41QD") != payment.CodeNotOpen {
		t.Errorf("told %q", s.Failed("T260309KB41QD"))
	}
}

func TestACaseThatIsNotKnownHereIsFetched(t *testing.T) {
	s := newStage(false)
	s.begin(fresh())
	s.till.answer = order("T0", payment.Sale, 100, 100*time.Hour, sent(), lost(second), status(second, payment.Approved))
	s.Select("T0")
	s.finishWork()
	if c, _ := s.Selected(); c.Record.Order.Number != "T0" {
		t.Errorf("%s is shown", c.Record.Order.Number)
	}
}

func TestPrintingGoesToThePrinterOnce(t *testing.T) {
	s := newStage(true)
	s.begin(settled())
	number := settled().Order.Number
	s.Print(number, "title", []string{"line"})
	s.Print(number, "title", []string{"line"})
	s.finishWork()
	if len(s.printer.pages) != 1 || s.Paper(number) != cases.Printed {
		t.Errorf("%d pages, %s", len(s.printer.pages), s.Paper(number))
	}
	s.printer.err = errors.New("no paper")
	s.Print(number, "title", nil)
	s.finishWork()
	if s.Paper(number) != cases.PrintFailed {
		t.Errorf("without paper: %s", s.Paper(number))
	}
	none := newStage(false)
	none.Print(number, "title", nil)
	if none.CanPrint() || len(none.work) != 0 {
		t.Error("printed without a printer")
	}
}
