package journaltest

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"tillkeeper/payment"
)

func testRules(t *testing.T, h Harness) {
	j := h.New(t)
	mustCreate(t, j, sale("BUSY", "5"))
	_, err := j.Create(t.Context(), sale("B2", "6"), entry(payment.KindCreated))
	refused(t, "a second order while one is under way", err, payment.CodeBusy)
	if !errors.Is(err, payment.ErrNotSent) {
		t.Error("busy does not say that nothing was sent")
	}
	mustAppend(t, j, "BUSY", entry(payment.KindUnanswered))

	_, err = j.Create(t.Context(), sale("S2", "5"), entry(payment.KindCreated))
	refused(t, "the same sum beside an unknown order", err, payment.CodeOpenUnknown)
	var e *payment.Error
	if !errors.As(err, &e) || e.Order != "BUSY" {
		t.Errorf("the order in the way is not named: %+v", e)
	}
	_, err = j.Find(t.Context(), "S2")
	refused(t, "find what was refused", err, payment.CodeUnknownOrder)

	elsewhere := sale("S3", "5")
	elsewhere.Terminal = "t2"
	mustCreate(t, j, elsewhere)
	mustCreate(t, j, sale("S4", "5.01"))
	mustAppend(t, j, "S4", answer(payment.Declined))
	despite := sale("S5", "5")
	despite.Despite = []string{"BUSY"}
	mustCreate(t, j, despite)
	mustAppend(t, j, "S5", answer(payment.Declined))
	mustAppend(t, j, "BUSY", answer(payment.Declined))
	mustCreate(t, j, sale("S6", "5"))
	testRefundRules(t, j)
}

func testRefundRules(t *testing.T, j payment.Journal) {
	t.Helper()
	mustAppend(t, j, "S6", answer(payment.Approved))
	_, err := j.Create(t.Context(), followUp(payment.Refund, "F1", "S6", "5.01"), entry(payment.KindCreated))
	refused(t, "a refund above the rest", err, payment.CodeRefundTooHigh)
	mustCreate(t, j, followUp(payment.Refund, "F2", "S6", "3"))
	mustAppend(t, j, "F2", entry(payment.KindUnanswered))
	_, err = j.Create(t.Context(), followUp(payment.Refund, "F3", "S6", "2.50"), entry(payment.KindCreated))
	refused(t, "a refund above what an open refund leaves", err, payment.CodeRefundTooHigh)
	_, err = j.Create(t.Context(), followUp(payment.Void, "V1", "S6", "5"), entry(payment.KindCreated))
	refused(t, "a void beside an open refund", err, payment.CodeFollowUpOpen)
	mustAppend(t, j, "F2", answer(payment.Approved))
	_, err = j.Create(t.Context(), followUp(payment.Void, "V2", "S6", "5"), entry(payment.KindCreated))
	refused(t, "a void after a refund", err, payment.CodeAlreadyRefunded)
	_, err = j.Create(t.Context(), followUp(payment.Refund, "F4", "F2", "1"), entry(payment.KindCreated))
	refused(t, "a refund of a refund", err, payment.CodeWrongOperation)
	mustCreate(t, j, followUp(payment.Refund, "F5", "S6", "2"))
	mustAppend(t, j, "F5", answer(payment.Approved))
	_, err = j.Create(t.Context(), followUp(payment.Refund, "F6", "S6", "1"), entry(payment.KindCreated))
	refused(t, "a refund of what was refunded", err, payment.CodeAlreadyRefunded)
}

// testRace: of many that start on one terminal at the same moment, one wins.
func testRace(t *testing.T, h Harness) {
	journals := []payment.Journal{h.New(t)}
	if h.Beside != nil {
		journals = append(journals, h.Beside(t, journals[0]))
	}
	for round := range 5 {
		winners, losers := race(t, journals, round)
		if len(winners) != 1 {
			t.Fatalf("round %d: %d orders started on one terminal", round, len(winners))
		}
		for _, err := range losers {
			refused(t, "one that came second", err, payment.CodeBusy)
		}
		mustAppend(t, journals[0], winners[0], answer(payment.Declined))
	}
}

func race(t *testing.T, journals []payment.Journal, round int) (winners []string, losers []error) {
	const many = 8
	var mu sync.Mutex
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range many {
		o := sale(fmt.Sprintf("R%dN%d", round, i), "7")
		all.Go(func() {
			<-start
			_, err := journals[i%len(journals)].Create(t.Context(), o, entry(payment.KindCreated), entry(payment.KindSent))
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				losers = append(losers, err)
				return
			}
			winners = append(winners, o.Number)
		})
	}
	close(start)
	all.Wait()
	return winners, losers
}

func testFollowUps(t *testing.T, h Harness) {
	j := h.New(t)
	paid(t, j, "S", "10")
	refund := followUp(payment.Refund, "F", "S", "4")
	mustCreate(t, j, refund)
	r := mustFind(t, j, "S")
	same(t, "an open refund", r.FollowUps, []payment.FollowUp{
		{Number: "F", Operation: payment.Refund, Status: payment.StatusSent, Amounts: refund.Asked}})
	if s := r.State(); s.Status != payment.StatusApproved || !s.Refundable.Equal(sum("6", "USD")) {
		t.Errorf("with an open refund: %s, %s to give back", s.Status, s.Refundable)
	}
	partial := answer(payment.Approved)
	partial.Facts = &payment.Facts{Amounts: payment.Amounts{Amount: sum("3", "USD")}, Partial: true}
	mustAppend(t, j, "F", partial)
	r = mustFind(t, j, "S")
	same(t, "a refund that moved", r.FollowUps, []payment.FollowUp{{Number: "F", Operation: payment.Refund,
		Status: payment.StatusApproved, Amounts: payment.Amounts{Amount: sum("3", "USD")}}})
	if s := r.State(); s.Status != payment.StatusPartlyRefunded || !s.Refundable.Equal(sum("7", "USD")) {
		t.Errorf("with a refund: %s, %s to give back", s.Status, s.Refundable)
	}
	lists(t, j, "partly refunded orders", payment.Filter{Status: payment.StatusPartlyRefunded}, "S")
	testVoided(t, j)
	testChain(t, j)
}

func testVoided(t *testing.T, j payment.Journal) {
	t.Helper()
	paid(t, j, "S2", "11")
	mustCreate(t, j, followUp(payment.Void, "V", "S2", "11"))
	mustAppend(t, j, "V", answer(payment.Declined))
	lists(t, j, "after a declined void", payment.Filter{Status: payment.StatusVoided})
	same(t, "a declined void", mustFind(t, j, "S2").FollowUps, []payment.FollowUp{
		{Number: "V", Operation: payment.Void, Status: payment.StatusDeclined}})
	mustCreate(t, j, followUp(payment.Void, "V2", "S2", "11"))
	mustAppend(t, j, "V2", answer(payment.Approved))
	lists(t, j, "after a void", payment.Filter{Status: payment.StatusVoided}, "S2")
	_, err := j.Create(t.Context(), followUp(payment.Refund, "F2", "S2", "1"), entry(payment.KindCreated))
	refused(t, "a refund of a voided order", err, payment.CodeAlreadyVoided)
}

// testChain: what happens to a refund reaches the pre-auth two steps up.
func testChain(t *testing.T, j payment.Journal) {
	t.Helper()
	hold := sale("PA", "50")
	hold.Operation = payment.PreAuth
	mustCreate(t, j, hold)
	mustAppend(t, j, "PA", answer(payment.Approved))
	mustCreate(t, j, followUp(payment.Completion, "C", "PA", "40"))
	mustAppend(t, j, "C", answer(payment.Approved))
	mustCreate(t, j, followUp(payment.Refund, "CF", "C", "40"))
	mustAppend(t, j, "CF", answer(payment.Approved))
	if s := mustFind(t, j, "C").State().Status; s != payment.StatusRefunded {
		t.Errorf("the completion is %s", s)
	}
	f := mustFind(t, j, "PA").FollowUps
	if len(f) != 1 || f[0].Status != payment.StatusRefunded {
		t.Errorf("the pre-auth sees %+v", f)
	}
}
