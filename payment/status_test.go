package payment_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tillkeeper/payment"
)

var noon = time.Date(2026, 9, 14, 12, 0, 0, 0, time.UTC)

func sale(sum string) payment.Order {
	return payment.Order{Number: "S1", Operation: payment.Sale, Terminal: "t1", Asked: payment.Amounts{Amount: usd(sum)}, Created: noon}
}

func entry(k payment.Kind) payment.Entry { return payment.Entry{Kind: k, Time: noon.Add(time.Minute)} }

func said(k payment.Kind, o payment.Outcome) payment.Entry {
	e := entry(k)
	e.Outcome = o
	return e
}

func decision(paid bool) payment.Entry {
	e := entry(payment.KindDecided)
	e.Paid = paid
	return e
}

// TestAssess has one case for each row of the truth table and for the order of rows.
func TestAssess(t *testing.T) {
	answer, status, mismatch := payment.KindAnswer, payment.KindStatus, payment.KindMismatch
	created, sent := entry(payment.KindCreated), entry(payment.KindSent)
	unanswered := entry(payment.KindUnanswered)
	for _, c := range []struct {
		row     string
		entries []payment.Entry
		want    payment.Status
	}{
		{"1 approved by the answer", []payment.Entry{created, sent, said(answer, payment.Approved)}, payment.StatusApproved},
		{"1 approved by a status query", []payment.Entry{created, sent, unanswered, said(status, payment.Approved)}, payment.StatusApproved},
		{"1 approved although declined before", []payment.Entry{created, sent, said(answer, payment.Declined), said(answer, payment.Approved)}, payment.StatusApproved},
		{"1 approved although cancelled after", []payment.Entry{created, sent, said(answer, payment.Approved), said(status, payment.Cancelled)}, payment.StatusApproved},
		{"1 approved although decided not paid", []payment.Entry{created, sent, unanswered, decision(false), said(answer, payment.Approved)}, payment.StatusApproved},
		{"1 approved although a doubt came after", []payment.Entry{created, sent, said(answer, payment.Approved), unanswered}, payment.StatusApproved},
		{"2 declined", []payment.Entry{created, sent, said(answer, payment.Declined)}, payment.StatusDeclined},
		{"2 cancelled", []payment.Entry{created, sent, said(answer, payment.Cancelled)}, payment.StatusCancelled},
		{"2 expired", []payment.Entry{created, sent, unanswered, said(status, payment.Expired)}, payment.StatusExpired},
		{"2 the first no stands", []payment.Entry{created, sent, said(answer, payment.Cancelled), said(status, payment.Declined)}, payment.StatusCancelled},
		{"2 a no replaces a decision", []payment.Entry{created, sent, unanswered, decision(true), said(status, payment.Declined)}, payment.StatusDeclined},
		{"2 a doubt after a no changes nothing", []payment.Entry{created, sent, said(answer, payment.Declined), unanswered}, payment.StatusDeclined},
		{"2 a mismatching no changes nothing", []payment.Entry{created, sent, said(answer, payment.Declined), said(mismatch, payment.Declined)}, payment.StatusDeclined},
		{"3 refused before any card", []payment.Entry{created, sent, said(answer, payment.Refused)}, payment.StatusNotSent},
		{"4 a claim of approval after a no", []payment.Entry{created, sent, said(answer, payment.Declined), said(mismatch, payment.Approved)}, payment.StatusUnknown},
		{"5 decided paid", []payment.Entry{created, sent, unanswered, decision(true)}, payment.StatusDecidedPaid},
		{"5 decided not paid", []payment.Entry{created, sent, unanswered, decision(false)}, payment.StatusDecidedNotPaid},
		{"5 a decision counts only while unknown", []payment.Entry{created, sent, decision(false)}, payment.StatusSent},
		{"6 not sent", []payment.Entry{created, entry(payment.KindNotSent)}, payment.StatusNotSent},
		{"6 not sent although the write was announced", []payment.Entry{created, sent, entry(payment.KindNotSent)}, payment.StatusNotSent},
		{"6 but not after a sign of life", []payment.Entry{created, sent, entry(payment.KindWaiting), entry(payment.KindNotSent)}, payment.StatusWaiting},
		{"7 no answer", []payment.Entry{created, sent, unanswered}, payment.StatusUnknown},
		{"7 orphaned", []payment.Entry{created, sent, entry(payment.KindProcessing), entry(payment.KindOrphaned)}, payment.StatusUnknown},
		{"7 a mismatching approval", []payment.Entry{created, sent, said(mismatch, payment.Approved)}, payment.StatusUnknown},
		{"7 a mismatching no", []payment.Entry{created, sent, said(mismatch, payment.Declined)}, payment.StatusUnknown},
		{"7 not found proves nothing", []payment.Entry{created, sent, unanswered, said(status, payment.NotFound)}, payment.StatusUnknown},
		{"7 pending proves nothing", []payment.Entry{created, sent, unanswered, said(status, payment.Pending)}, payment.StatusUnknown},
		{"7 not-sent cannot undo a doubt", []payment.Entry{created, sent, unanswered, entry(payment.KindNotSent)}, payment.StatusUnknown},
		{"8 processing", []payment.Entry{created, sent, entry(payment.KindWaiting), entry(payment.KindProcessing)}, payment.StatusProcessing},
		{"8 back to waiting after a bad card read", []payment.Entry{created, sent, entry(payment.KindProcessing), entry(payment.KindWaiting)}, payment.StatusWaiting},
		{"8 a request to cancel settles nothing", []payment.Entry{created, sent, entry(payment.KindWaiting), entry(payment.KindCancelRequested)}, payment.StatusWaiting},
		{"9 sent", []payment.Entry{created, sent}, payment.StatusSent},
		{"10 created", []payment.Entry{created}, payment.StatusCreated},
		{"10 no entries at all", nil, payment.StatusCreated},
	} {
		if got := payment.Assess(sale("10.00"), c.entries, nil).Status; got != c.want {
			t.Errorf("row %s: %s, want %s", c.row, got, c.want)
		}
	}
}

func TestAssessFollowUps(t *testing.T) {
	paid := []payment.Entry{entry(payment.KindCreated), said(payment.KindAnswer, payment.Approved)}
	back := func(op payment.Operation, s payment.Status, sum string) payment.FollowUp {
		return payment.FollowUp{Number: "F", Operation: op, Status: s, Amounts: payment.Amounts{Amount: usd(sum)}}
	}
	for _, c := range []struct {
		row        string
		followUps  []payment.FollowUp
		want       payment.Status
		refundable string
	}{
		{"nothing given back", nil, payment.StatusApproved, "10.00"},
		{"11 voided", []payment.FollowUp{back(payment.Void, payment.StatusApproved, "10.00")}, payment.StatusVoided, "0.00"},
		{"11 a declined void changes nothing", []payment.FollowUp{back(payment.Void, payment.StatusDeclined, "10.00")}, payment.StatusApproved, "10.00"},
		{"11 an unknown void blocks refunds", []payment.FollowUp{back(payment.Void, payment.StatusUnknown, "10.00")}, payment.StatusApproved, "0.00"},
		{"12 refunded", []payment.FollowUp{back(payment.Refund, payment.StatusApproved, "4.00"), back(payment.Refund, payment.StatusDecidedPaid, "6.00")}, payment.StatusRefunded, "0.00"},
		{"13 partly refunded", []payment.FollowUp{back(payment.Refund, payment.StatusApproved, "4.00")}, payment.StatusPartlyRefunded, "6.00"},
		{"13 an unknown refund counts as given", []payment.FollowUp{back(payment.Refund, payment.StatusUnknown, "4.00")}, payment.StatusApproved, "6.00"},
		{"13 a declined refund does not", []payment.FollowUp{back(payment.Refund, payment.StatusDeclined, "4.00")}, payment.StatusApproved, "10.00"},
	} {
		s := payment.Assess(sale("10.00"), paid, c.followUps)
		if s.Status != c.want || s.Refundable.Text() != c.refundable {
			t.Errorf("row %s: %s with %s left, want %s with %s", c.row, s.Status, s.Refundable.Text(), c.want, c.refundable)
		}
	}
}

// TestAVoidedSaleThatShowsAsCancelledWasPaid is row 14.
func TestAVoidedSaleThatShowsAsCancelledWasPaid(t *testing.T) {
	entries := []payment.Entry{entry(payment.KindSent), entry(payment.KindUnanswered), decision(true), said(payment.KindStatus, payment.Cancelled)}
	voided := []payment.FollowUp{{Operation: payment.Void, Status: payment.StatusApproved, Amounts: payment.Amounts{Amount: usd("10.00")}}}
	if s := payment.Assess(sale("10.00"), entries, voided); s.Status != payment.StatusVoided || s.Moved.Total().Text() != "10.00" {
		t.Errorf("%s, moved %s", s.Status, s.Moved.Total())
	}
	if s := payment.Assess(sale("10.00"), entries, nil); s.Status != payment.StatusCancelled {
		t.Errorf("without the void it is %s", s.Status)
	}
}

func TestContradictions(t *testing.T) {
	unanswered := entry(payment.KindUnanswered)
	for _, c := range []struct {
		name    string
		entries []payment.Entry
		want    bool
	}{
		{"decided not paid, then approved", []payment.Entry{unanswered, decision(false), said(payment.KindAnswer, payment.Approved)}, true},
		{"decided paid, then declined", []payment.Entry{unanswered, decision(true), said(payment.KindStatus, payment.Declined)}, true},
		{"decided paid, then approved", []payment.Entry{unanswered, decision(true), said(payment.KindAnswer, payment.Approved)}, false},
		{"approved, then cancelled on the terminal", []payment.Entry{said(payment.KindAnswer, payment.Approved), said(payment.KindStatus, payment.Cancelled)}, true},
		{"unknown, then approved", []payment.Entry{unanswered, said(payment.KindStatus, payment.Approved)}, false},
	} {
		if got := payment.Assess(sale("10.00"), c.entries, nil).Contradicted; got != c.want {
			t.Errorf("%s: contradicted is %v", c.name, got)
		}
	}
	voided := []payment.FollowUp{{Operation: payment.Void, Status: payment.StatusApproved, Amounts: payment.Amounts{Amount: usd("10.00")}}}
	entries := []payment.Entry{said(payment.KindAnswer, payment.Approved), said(payment.KindStatus, payment.Cancelled)}
	if payment.Assess(sale("10.00"), entries, voided).Contradicted {
		t.Error("a sale that shows cancelled after its own void is no contradiction")
	}
}

func TestADecisionCountsWhatTheTerminalClaimed(t *testing.T) {
	claim := said(payment.KindMismatch, payment.Approved)
	claim.Code, claim.Facts = payment.CodeWrongAmount, &payment.Facts{Amounts: payment.Amounts{Amount: usd("1.00")}}
	s := payment.Assess(sale("10.00"), []payment.Entry{entry(payment.KindSent), claim, decision(true)}, nil)
	if s.Moved.Total().Text() != "1.00" || s.Refundable.Text() != "1.00" {
		t.Errorf("moved %s, refundable %s; the terminal claimed 1.00", s.Moved.Total(), s.Refundable)
	}
}

func TestFactsOfLaterAnswersFillWhatIsMissing(t *testing.T) {
	first, later := said(payment.KindAnswer, payment.Approved), said(payment.KindStatus, payment.Approved)
	first.Facts = &payment.Facts{Amounts: payment.Amounts{Amount: usd("10.00")}, Card: "1111"}
	later.Facts = &payment.Facts{AuthCode: "A1B2C3", Reference: "509900"}
	got := payment.Assess(sale("10.00"), []payment.Entry{first, later}, nil).Facts
	if got.Card != "1111" || got.AuthCode != "A1B2C3" || got.Reference != "509900" {
		t.Errorf("facts are %+v", got)
	}
}

// TestMoneyIsNeverDenied draws random histories: once a matching approval is in
// them, no later entry may make the order look unpaid, and an order without any
// approval or decision is never paid.
func TestMoneyIsNeverDenied(t *testing.T) {
	kinds := []payment.Kind{payment.KindSent, payment.KindWaiting, payment.KindProcessing, payment.KindCancelRequested, payment.KindAnswer,
		payment.KindStatus, payment.KindMismatch, payment.KindNotSent, payment.KindUnanswered, payment.KindOrphaned, payment.KindNoAnswer, payment.KindDecided}
	outcomes := []payment.Outcome{payment.Approved, payment.Declined, payment.Cancelled, payment.Expired, payment.Refused, payment.Pending, payment.NotFound}
	rapid.Check(t, func(t *rapid.T) {
		entries := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) payment.Entry {
			e := said(rapid.SampledFrom(kinds).Draw(t, "kind"), rapid.SampledFrom(outcomes).Draw(t, "outcome"))
			e.Paid = rapid.Bool().Draw(t, "paid")
			return e
		}), 0, 12).Draw(t, "entries")
		got := payment.Assess(sale("10.00"), entries, nil).Status
		approved := slices.ContainsFunc(entries, func(e payment.Entry) bool {
			return e.Outcome == payment.Approved && (e.Kind == payment.KindAnswer || e.Kind == payment.KindStatus)
		})
		decidedPaid := slices.ContainsFunc(entries, func(e payment.Entry) bool { return e.Kind == payment.KindDecided && e.Paid })
		switch {
		case approved && got != payment.StatusApproved:
			t.Fatalf("an approved order is %s", got)
		case !approved && got == payment.StatusApproved, !decidedPaid && got == payment.StatusDecidedPaid:
			t.Fatalf("an order is %s without anybody saying so", got)
		}
	})
}

func TestStepsHaveOneTargetEach(t *testing.T) {
	seen := map[payment.Status]map[payment.On]bool{}
	for _, step := range payment.Steps() {
		for _, from := range step.From {
			if seen[from] == nil {
				seen[from] = map[payment.On]bool{}
			}
			if seen[from][step.On] {
				t.Errorf("two steps lead from %s on %s", from, step.On)
			}
			seen[from][step.On] = true
			if from == payment.StatusApproved {
				t.Errorf("a step leads away from an approval on %s", step.On)
			}
		}
	}
}
