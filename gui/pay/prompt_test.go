package pay_test

import (
	"slices"
	"testing"
	"time"

	"tillkeeper/gui/pay"
	"tillkeeper/gui/theme"
	"tillkeeper/payment"
	"tillkeeper/payment/till"
)

// inDoubt brings a sale to an end that nobody knows, on a terminal that may take a card for three minutes.
func (s *stage) inDoubt() {
	s.open()
	s.Take(till.Event{Terminal: patient()})
	s.typeDigits("2490")
	s.Pay()
	s.event(order("1007", payment.Sale, 2490, 0, entry(payment.KindSent), doubt(payment.CodeLinkLost)))
	s.wait()
}

// known is the order of inDoubt with what came of it.
func known(o payment.Outcome) payment.Record {
	return order("1007", payment.Sale, 2490, 0, entry(payment.KindSent), doubt(payment.CodeLinkLost), answer(o, ""))
}

func TestAnUnknownResultPutAwayIsTakenOffTheTerminal(t *testing.T) {
	for name, turn := range map[string]func(*stage){
		"understood": func(s *stage) { s.Dismiss() },
		"left":       func(s *stage) { s.Leave(); s.Leave() },
	} {
		t.Run(name, func(t *testing.T) {
			s := newStage()
			s.inDoubt()
			s.work = nil // the sale itself never comes back here
			turn(s)
			if _, clearing, shown := s.Prompt(); !clearing || !shown {
				t.Errorf("shown %v, clearing %v", shown, clearing)
			}
			s.till.now = []payment.Record{known(payment.Cancelled)}
			s.finishWork()
			if !slices.Equal(s.till.cleared, []string{"t1"}) {
				t.Errorf("cleared %v", s.till.cleared)
			}
			if _, clearing, shown := s.Prompt(); clearing || shown {
				t.Errorf("after the terminal's word: shown %v, clearing %v", shown, clearing)
			}
		})
	}
}

func TestAPromptStaysUntilItIsClearedOrItsTimeIsOver(t *testing.T) {
	s := newStage()
	s.inDoubt()
	s.work = nil
	s.Dismiss()
	s.till.err = payment.Errorf(payment.CodeNotReached, "no")
	s.finishWork()
	if _, clearing, shown := s.Prompt(); clearing || !shown {
		t.Errorf("the terminal was not reached: shown %v, clearing %v", shown, clearing)
	}
	s.now = noon.Add(3 * time.Minute)
	if _, _, shown := s.Prompt(); shown {
		t.Error("it is said to be shown when its time is over")
	}
	s.Leave()
	if len(s.till.cleared) != 1 {
		t.Error("what is not shown is cleared")
	}
}

func TestAKnownResultClearsNothing(t *testing.T) {
	s := newStage()
	s.inDoubt()
	s.work = nil
	s.event(known(payment.Approved))
	s.Leave()
	s.Dismiss()
	s.finishWork()
	if len(s.till.cleared) != 0 {
		t.Errorf("cleared %v", s.till.cleared)
	}
}

func TestCashIsTakenOnlyWhenTheCardIsProvenNotCharged(t *testing.T) {
	rows := []struct {
		name         string
		clear, query payment.Record
		err          error
		want         pay.CashAnswer
		queries      int
	}{
		{name: "the terminal clears it", clear: known(payment.Cancelled), want: pay.CashTake},
		{name: "the card has paid meanwhile", clear: known(payment.Approved), want: pay.CashPaid},
		{name: "only asking tells", query: known(payment.Declined), want: pay.CashTake, queries: 1},
		{name: "nobody answers", err: payment.Errorf(payment.CodeNotReached, "no"), want: pay.CashUnknown, queries: 1},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			s := newStage()
			s.inDoubt()
			s.work = nil
			if s.Cash() != pay.CashNone || !s.OffersCash() {
				t.Fatal("cash is not offered")
			}
			s.till.answer, s.till.err = r.query, r.err
			if r.clear.Order.Number != "" {
				s.till.now = []payment.Record{r.clear}
			}
			s.WantCash()
			if s.Cash() != pay.CashAsking || s.OffersCash() {
				t.Errorf("while the terminal is asked: %q", s.Cash())
			}
			s.finishWork()
			if s.Cash() != r.want || len(s.till.queries) != r.queries {
				t.Errorf("the answer is %q, want %q; %d queries", s.Cash(), r.want, len(s.till.queries))
			}
		})
	}
}

func TestALateAnswerChangesWhatIsSaidAboutCash(t *testing.T) {
	s := newStage()
	s.inDoubt()
	s.work = nil
	s.WantCash()
	s.finishWork()
	if s.Cash() != pay.CashUnknown {
		t.Fatalf("without an answer: %q", s.Cash())
	}
	s.event(known(payment.Approved))
	if s.Cash() != pay.CashPaid {
		t.Errorf("after a late approval: %q", s.Cash())
	}
}

func TestCashForADeclinedSaleNeedsNoQuestion(t *testing.T) {
	s := newStage()
	s.open()
	s.typeDigits("2490")
	s.Pay()
	s.event(order("1007", payment.Sale, 2490, 0, entry(payment.KindSent), answer(payment.Declined, payment.CodeDeclined)))
	s.wait()
	s.WantCash()
	if s.Cash() != pay.CashTake || len(s.till.cleared)+len(s.till.queries) != 0 {
		t.Errorf("the answer is %q", s.Cash())
	}
}

func TestCashForARunningSaleCancelsItFirst(t *testing.T) {
	for outcome, want := range map[payment.Outcome]pay.CashAnswer{
		payment.Cancelled: pay.CashTake, payment.Approved: pay.CashPaid,
	} {
		s := newStage()
		s.open()
		s.typeDigits("2490")
		s.Pay()
		s.event(order("1007", payment.Sale, 2490, 0, entry(payment.KindSent)))
		s.work = nil
		s.wait()
		s.WantCash()
		s.finishWork()
		if !slices.Equal(s.till.cancels, []string{"1007"}) || s.Cash() != pay.CashNone || s.OffersCash() {
			t.Errorf("cancelled %v, said %q", s.till.cancels, s.Cash())
		}
		s.event(order("1007", payment.Sale, 2490, 0, entry(payment.KindSent), answer(outcome, "")))
		if s.Cash() != want {
			t.Errorf("%s: %q, want %q", outcome, s.Cash(), want)
		}
	}
}

func TestCashIsForSalesOnly(t *testing.T) {
	s := newStage()
	s.open()
	s.Refund(morning()[0], payment.FromMinor(100, "EUR"), "")
	s.wait()
	if s.OffersCash() {
		t.Error("cash instead of a refund is not this till's to offer")
	}
}

func TestWaysToTheCase(t *testing.T) {
	s := newScreen(t, theme.Light, "en", small, 1)
	s.inDoubt()
	s.tap("Open its case")
	s.tap("1 open case")
	s.Dismiss()
	s.tap("Taking €24.90 off the terminal…")
	s.refuse()
	s.tap("Open its case")
	s.tap("Charge anyway")
	s.tap("Open its case")
	if want := []string{"1007", "", "1007", "1007", "1007"}; !slices.Equal(s.files, want) {
		t.Errorf("opened %q, want %q", s.files, want)
	}
	if s.dialogs.Any() {
		t.Error("the dialog stays in front of the case")
	}
}

func TestLateNewsLeadToTheCase(t *testing.T) {
	s := newScreen(t, theme.Light, "en", small, 1)
	s.open()
	s.event(unknown("1007", 2490, 3*time.Minute))
	r := order("1007", payment.Sale, 2490, 3*time.Minute, entry(payment.KindSent), doubt(payment.CodeLinkLost), answer(payment.Approved, ""))
	s.event(r)
	s.tap("€24.90 of 14:02 is settled: Paid")
	if !slices.Equal(s.files, []string{"1007"}) {
		t.Errorf("opened %q", s.files)
	}
}
