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
