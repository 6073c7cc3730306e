package message_test

import (
	"strings"
	"testing"
	"time"

	"tillkeeper/gui/message"
	"tillkeeper/payment"
)

func record(op payment.Operation, entries ...payment.Entry) payment.Record {
	return payment.Record{
		Order: payment.Order{
			Number: "T1", Operation: op, Created: time.Unix(0, 0),
			Asked: payment.Amounts{Amount: payment.FromMinor(1250, "USD")},
		},
		Entries: append([]payment.Entry{{Kind: payment.KindSent}}, entries...),
	}
}

func answer(o payment.Outcome, code payment.Code) payment.Entry {
	return payment.Entry{Kind: payment.KindAnswer, Outcome: o, Code: code, Facts: &payment.Facts{}}
}

func TestVerdictsSayOutcomeAndMoney(t *testing.T) {
	partly := answer(payment.Approved, "")
	partly.Facts = &payment.Facts{Partial: true, Amounts: payment.Amounts{Amount: payment.FromMinor(1000, "USD")}}
	rows := []struct {
		name   string
		record payment.Record
		mark   message.Mark
		title  string
		money  string
	}{
		{"paid", record(payment.Sale, answer(payment.Approved, "")), message.MarkPaid, "Paid", "$12.50 was charged."},
		{"declined", record(payment.Sale, answer(payment.Declined, "")), message.MarkDeclined, "Declined, nothing charged", "No money moved."},
		{"cancelled", record(payment.Sale, answer(payment.Cancelled, payment.CodeWithdrawn)), message.MarkCancelled, "Cancelled, nothing charged", "No money moved."},
		{"expired", record(payment.Sale, answer(payment.Expired, "")), message.MarkCancelled, "Timed out, nothing charged", "No money moved."},
		{"unknown", record(payment.Sale, payment.Entry{Kind: payment.KindUnanswered, Code: payment.CodeLinkLost}), message.MarkUnknown,
			"Not sure yet – do not charge again", "Whether $12.50 was charged is not known yet."},
		{"not reached", record(payment.Sale, payment.Entry{Kind: payment.KindNotSent, Code: payment.CodeNotReached}), message.MarkNotSent,
			"Terminal not reached, nothing sent", "No money moved."},
		{"busy", record(payment.Sale, answer(payment.Refused, payment.CodeBusy)), message.MarkNotSent, "Terminal busy, nothing sent", "No money moved."},
		{"partly approved", record(payment.Sale, partly), message.MarkNote, "Part paid, $2.50 still owed", "$10.00 was charged."},
		{"refunded", record(payment.Refund, answer(payment.Approved, "")), message.MarkTakenBack, "Refunded", "$12.50 goes back to the customer."},
		{"refund unknown", record(payment.Refund, payment.Entry{Kind: payment.KindUnanswered}), message.MarkUnknown,
			"Not sure yet – do not give back again", "Whether $12.50 went back is not known yet."},
		{"void declined", record(payment.Void, answer(payment.Declined, payment.CodeBatchClosed)), message.MarkDeclined,
			"Declined, nothing given back", "The payment still stands."},
		{"decided", record(payment.Sale, payment.Entry{Kind: payment.KindUnanswered}, payment.Entry{Kind: payment.KindDecided, Paid: true, Staff: "Eva"}),
			message.MarkPaid, "Counted as paid by staff", "The books say so by decision, not by the terminal's word."},
	}
	c := catalogue(t, "en")
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			v := c.Verdict(r.record)
			if v.Mark != r.mark || v.Title != r.title || v.Money != r.money {
				t.Errorf("got %s, %q, %q; want %s, %q, %q", v.Mark, v.Title, v.Money, r.mark, r.title, r.money)
			}
			if v.Why == "" || v.Next == "" {
				t.Errorf("why %q, next %q: both must be said", v.Why, v.Next)
			}
		})
	}
}

func TestAnUnknownOutcomeIsNeverShownAsAFailure(t *testing.T) {
	c := catalogue(t, "en")
	for _, code := range payment.Codes() {
		v := c.Verdict(record(payment.Sale, payment.Entry{Kind: payment.KindUnanswered, Code: code}))
		if v.Mark != message.MarkUnknown || !strings.Contains(v.Title, "do not charge again") {
			t.Errorf("%s: %s %q", code, v.Mark, v.Title)
		}
	}
}

func TestAContradictionCallsTheManager(t *testing.T) {
	c := catalogue(t, "en")
	r := record(payment.Sale, answer(payment.Declined, ""), answer(payment.Approved, ""))
	if v := c.Verdict(r); !strings.Contains(v.Next, "manager") {
		t.Errorf("next is %q", v.Next)
	}
}

// due is an approval that must not stand, with what became of its void.
func due(void payment.Status) payment.Record {
	e := answer(payment.Approved, "")
	e.Facts = &payment.Facts{ReversalDue: true}
	r := record(payment.Sale, e)
	if void != "" {
		r.FollowUps = []payment.FollowUp{{Number: "T2", Operation: payment.Void, Status: void}}
	}
	return r
}

func TestWhatMustNotStand(t *testing.T) {
	rows := []struct {
		void         payment.Status
		mark         message.Mark
		title, brief string
		money        string
	}{
		{"", message.MarkNote, "Being taken back", "Being taken back", "$12.50 does not stay charged once this is done."},
		{payment.StatusNotSent, message.MarkNote, "Being taken back", "Being taken back", "$12.50 does not stay charged once this is done."},
		{payment.StatusWaiting, message.MarkNote, "Being taken back", "Being taken back", "$12.50 does not stay charged once this is done."},
		{payment.StatusUnknown, message.MarkUnknown, "Not sure yet whether it was taken back", "Being taken back", "Whether $12.50 went back is not known yet."},
		{payment.StatusDeclined, message.MarkUnknown, "Not taken back", "Not taken back", "$12.50 is still charged."},
		{payment.StatusApproved, message.MarkReversed, "Not paid – taken back at once", "Voided", "Nothing stays charged of $12.50."},
	}
	c := catalogue(t, "en")
	for _, r := range rows {
		v := c.Verdict(due(r.void))
		if v.Mark != r.mark || v.Title != r.title || v.Money != r.money || v.Why != "The terminal asked to take it back." || v.Next == "" {
			t.Errorf("void %q: %+v", r.void, v)
		}
		if got := message.MarkOf(due(r.void)); got != r.mark {
			t.Errorf("void %q: the mark in lists is %s", r.void, got)
		}
		if got := c.Brief(due(r.void)); got != r.brief {
			t.Errorf("void %q: brief is %q", r.void, got)
		}
	}
}

func TestASignatureToCompareIsAQuestion(t *testing.T) {
	e := answer(payment.Approved, "")
	e.Facts = &payment.Facts{Signature: true}
	c := catalogue(t, "en")
	r := record(payment.Sale, e)
	if v := c.Verdict(r); v.Mark != message.MarkQuestion || v.Title != "Compare the signature" || v.Money != "$12.50 was charged." || v.Next == "" {
		t.Errorf("%+v", v)
	}
	if got := c.Brief(r); got != "Signature?" {
		t.Errorf("brief is %q", got)
	}
	no := record(payment.Sale, e, payment.Entry{Kind: payment.KindSigned})
	if v := c.Verdict(no); v.Title != "Being taken back" || v.Why != "The signature is not the customer's." {
		t.Errorf("after a wrong signature: %+v", v)
	}
	yes := record(payment.Sale, e, payment.Entry{Kind: payment.KindSigned, Paid: true})
	if v := c.Verdict(yes); v.Title != "Paid" {
		t.Errorf("after the right signature: %+v", v)
	}
}

func TestReservesAndTips(t *testing.T) {
	lost := payment.Entry{Kind: payment.KindUnanswered, Code: payment.CodeLinkLost}
	paid, no := answer(payment.Approved, ""), answer(payment.Declined, "")
	with := func(op payment.Operation, status payment.Status) payment.Record {
		r := record(payment.PreAuth, paid)
		r.FollowUps = []payment.FollowUp{{Number: "T2", Operation: op, Status: status, Amounts: payment.Amounts{Amount: payment.FromMinor(900, "USD")}}}
		return r
	}
	rows := []struct {
		name                string
		record              payment.Record
		title, money, brief string
	}{
		{"reserved", record(payment.PreAuth, paid), "Reserved", "$12.50 is reserved on the card.", "Reserved"},
		{"taken", with(payment.Completion, payment.StatusApproved), "Reserve taken", "$9.00 of it was charged.", "Reserve taken"},
		{"released", with(payment.Void, payment.StatusApproved), "Released", "$12.50 is not reserved any more.", "Released"},
		{"reserve unknown", record(payment.PreAuth, lost), "Not sure yet – do not charge again", "Whether $12.50 is reserved is not known yet.", "Reservation · Not sure yet"},
		{"reserve declined", record(payment.PreAuth, no), "Declined, nothing charged", "No money moved.", "Reservation · Declined"},
		{"completed", record(payment.Completion, paid), "Paid", "$12.50 was charged.", "Paid"},
		{"completion declined", record(payment.Completion, no), "Declined, nothing charged", "The reserve still stands.", "Completion · Declined"},
		{"tip", record(payment.TipAdjustment, paid), "Tip set", "The tip is $12.50 now.", "Tip"},
		{"tip declined", record(payment.TipAdjustment, no), "Declined, nothing charged", "The tip stays as it was.", "Tip · Declined"},
		{"tip unknown", record(payment.TipAdjustment, lost), "Not sure yet – do not charge again", "Whether the tip is $12.50 now is not known yet.", "Tip · Not sure yet"},
	}
	c := catalogue(t, "en")
	for _, r := range rows {
		v := c.Verdict(r.record)
		if got := c.Brief(r.record); v.Title != r.title || v.Money != r.money || got != r.brief || v.Why == "" || v.Next == "" {
			t.Errorf("%s: %+v, brief %q", r.name, v, got)
		}
	}
}

func TestReleasingAReserveGivesNothingBack(t *testing.T) {
	c := catalogue(t, "en")
	reserve := record(payment.PreAuth, answer(payment.Approved, ""))
	rows := map[string]payment.Entry{
		"$12.50 is not reserved any more.":                   answer(payment.Approved, ""),
		"Whether $12.50 is still reserved is not known yet.": {Kind: payment.KindUnanswered},
		"The reserve still stands.":                          answer(payment.Declined, ""),
	}
	for want, e := range rows {
		if v := c.VerdictOn(record(payment.Void, e), reserve); v.Money != want {
			t.Errorf("got %q, want %q", v.Money, want)
		}
	}
	sale := record(payment.Sale, answer(payment.Approved, ""))
	if v := c.VerdictOn(record(payment.Void, answer(payment.Approved, "")), sale); v.Title != "Voided" {
		t.Errorf("the void of a sale says %+v", v)
	}
}

func TestWhatCameOfClosingTheDay(t *testing.T) {
	c := catalogue(t, "en")
	all := payment.Totals{
		Sales:       payment.Subtotal{Count: 41, Amount: payment.FromMinor(128450, "EUR")},
		Refunds:     payment.Subtotal{Count: 2, Amount: payment.FromMinor(3980, "EUR")},
		Adjustments: payment.Subtotal{Count: 1, Amount: payment.FromMinor(100, "EUR")},
	}
	none := payment.Totals{Sales: payment.Unsaid, Refunds: payment.Unsaid, Adjustments: payment.Unsaid}
	counts := payment.Totals{Sales: payment.Subtotal{Count: 3}, Refunds: payment.Unsaid}
	rows := []struct {
		batch        payment.Batch
		mark         message.Mark
		title, money string
	}{
		{payment.Batch{Outcome: payment.BatchClosed, Totals: all}, message.MarkPaid, "Day closed", "Payments: 41 · €1,284.50\nRefunds: 2 · €39.80\nAdjustments: 1 · €1.00"},
		{payment.Batch{Outcome: payment.BatchClosed, Totals: counts}, message.MarkPaid, "Day closed", "Payments: 3"},
		{payment.Batch{Outcome: payment.BatchClosed, Totals: none}, message.MarkPaid, "Day closed", "The terminal gave no totals here. Look at its slip."},
		{payment.Batch{Outcome: payment.BatchUnknown, Code: payment.CodeNoAnswer}, message.MarkUnknown, "Not sure yet whether the day was closed", "Closing moves no money."},
		{payment.Batch{Outcome: payment.BatchRefused, Code: payment.CodeDeclined}, message.MarkDeclined, "Day not closed", "Closing moves no money."},
		{payment.Batch{Outcome: payment.BatchNotSent, Code: payment.CodeNotReached}, message.MarkNotSent, "Day not closed", "Closing moves no money."},
	}
	for _, r := range rows {
		if v := c.Batch(r.batch); v.Mark != r.mark || v.Title != r.title || v.Money != r.money || v.Next == "" {
			t.Errorf("%s: %+v", r.batch.Outcome, v)
		}
	}
}
