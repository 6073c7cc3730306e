package payment_test

import (
	"testing"
	"time"

	"tillkeeper/payment"
)

func TestCaseOf(t *testing.T) {
	limit := payment.Capabilities{Limit: 3 * time.Minute}
	proves := payment.Capabilities{Limit: 3 * time.Minute, NotFoundProves: true}
	at := func(minutes int, e payment.Entry) payment.Entry {
		e.Time = noon.Add(time.Duration(minutes) * time.Minute)
		return e
	}
	unanswered := at(1, entry(payment.KindUnanswered))
	proof := at(7, said(payment.KindStatus, payment.Expired))
	proof.Source = payment.FromRecovery
	notFound := said(payment.KindStatus, payment.NotFound)
	for _, c := range []struct {
		name    string
		can     payment.Capabilities
		now     int // minutes after the order
		entries []payment.Entry
		verdict payment.Verdict
		ground  payment.GroundKind
		next    payment.NextStep
	}{
		{"just lost", limit, 2, []payment.Entry{unanswered}, payment.VerdictOpen, payment.GroundDoubt, payment.NextWait},
		{"lost, and the limit is over", limit, 4, []payment.Entry{unanswered}, payment.VerdictOpen, payment.GroundDoubt, payment.NextCheck},
		{"asked in vain", limit, 9, []payment.Entry{unanswered, at(4, entry(payment.KindNoAnswer)), at(5, entry(payment.KindNoAnswer))}, payment.VerdictOpen, payment.GroundSilence, payment.NextCheck},
		{"still pending long after", limit, 9, []payment.Entry{unanswered, at(8, said(payment.KindStatus, payment.Pending))}, payment.VerdictOpen, payment.GroundPending, payment.NextDecide},
		{"not found, by a source that need not know", limit, 9, []payment.Entry{unanswered, at(8, notFound)}, payment.VerdictOpen, payment.GroundNotFoundWeak, payment.NextDecide},
		{"not found too early", proves, 2, []payment.Entry{unanswered, at(2, notFound)}, payment.VerdictOpen, payment.GroundNotFoundEarly, payment.NextWait},
		{"not found twice, after the limit", proves, 9, []payment.Entry{unanswered, at(5, notFound), proof}, payment.VerdictNotCharged, payment.GroundNotFoundProves, payment.NextNothing},
		{"another amount", limit, 9, []payment.Entry{at(1, said(payment.KindMismatch, payment.Approved))}, payment.VerdictOpen, payment.GroundMismatch, payment.NextDecide},
		{"a query settled it", limit, 9, []payment.Entry{unanswered, at(2, said(payment.KindStatus, payment.Approved))}, payment.VerdictPaid, payment.GroundStatus, payment.NextNothing},
		{"a late answer settled it", limit, 9, []payment.Entry{unanswered, at(2, said(payment.KindAnswer, payment.Declined))}, payment.VerdictNotCharged, payment.GroundAnswer, payment.NextNothing},
		{"a person decided", limit, 9, []payment.Entry{unanswered, at(5, decision(true))}, payment.VerdictPaid, payment.GroundDecision, payment.NextNothing},
		{"a person decided wrongly", limit, 9, []payment.Entry{unanswered, at(5, decision(false)), at(6, said(payment.KindAnswer, payment.Approved))}, payment.VerdictPaid, payment.GroundAnswer, payment.NextCorrect},
	} {
		r := payment.Record{Order: sale("10.00"), Entries: append([]payment.Entry{entry(payment.KindSent)}, c.entries...)}
		got, ok := payment.CaseOf(r, c.can, noon.Add(time.Duration(c.now)*time.Minute))
		if !ok || got.Verdict != c.verdict || got.Grounds[0].Kind != c.ground || got.Next != c.next {
			t.Errorf("%s: %v, verdict %s on %+v, next %s; want %s on %s, next %s", c.name, ok, got.Verdict, got.Grounds, got.Next, c.verdict, c.ground, c.next)
		}
		if (got.Verdict == payment.VerdictOpen) != got.Closed.IsZero() {
			t.Errorf("%s: verdict %s and closed %s", c.name, got.Verdict, got.Closed)
		}
	}
	if _, ok := payment.CaseOf(payment.Record{Order: sale("10.00"), Entries: []payment.Entry{said(payment.KindAnswer, payment.Approved)}}, limit, noon); ok {
		t.Error("an order that was never in doubt has no case")
	}
}
