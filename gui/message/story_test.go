package message_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tillkeeper/gui/message"
	"tillkeeper/payment"
)

// tale is an order with its entries a minute apart.
func tale(op payment.Operation, entries ...payment.Entry) payment.Record {
	at := time.Date(2026, 3, 9, 14, 0, 0, 0, time.UTC)
	r := payment.Record{Order: payment.Order{
		Number: "T1", Operation: op, TerminalName: "Counter 1", Created: at, Asked: payment.Amounts{Amount: payment.FromMinor(1250, "USD")},
	}}
	for i, e := range entries {
		e.Time, e.Seq = at.Add(time.Duration(i)*time.Minute), int64(i+1)
		r.Entries = append(r.Entries, e)
	}
	return r
}

func TestStoriesInPlainWords(t *testing.T) {
	lost := payment.Entry{Kind: payment.KindUnanswered, Source: payment.FromTill, Code: payment.CodeLinkLost}
	silent := payment.Entry{Kind: payment.KindNoAnswer, Source: payment.FromTill, Code: payment.CodeNotReached}
	status := func(o payment.Outcome) payment.Entry {
		return payment.Entry{Kind: payment.KindStatus, Source: payment.FromTerminal, Outcome: o}
	}
	answer := func(o payment.Outcome) payment.Entry {
		return payment.Entry{Kind: payment.KindAnswer, Source: payment.FromTerminal, Outcome: o}
	}
	decided := func(paid bool) payment.Entry {
		return payment.Entry{Kind: payment.KindDecided, Source: payment.FromStaff, Paid: paid, Reason: "r", Proof: "p"}
	}
	proof := payment.Entry{Kind: payment.KindStatus, Source: payment.FromRecovery, Outcome: payment.NotFound}
	rows := []struct {
		name    string
		op      payment.Operation
		entries []payment.Entry
		want    []string
	}{
		{"asked in vain, then a late answer", payment.Sale, []payment.Entry{lost, silent, silent, answer(payment.Approved)}, []string{
			"No answer to rely on. The connection broke after the order was sent.",
			"Asked 2 times until 14:02:00; no answer.",
			"A late answer came from the terminal: paid.",
		}},
		{"a question settles it", payment.Sale, []payment.Entry{lost, silent, status(payment.Pending), status(payment.Declined)}, []string{
			"No answer to rely on. The connection broke after the order was sent.",
			"Asked; no answer.", "Asked; the terminal says: not final yet.", "Asked; the terminal says: declined.",
		}},
		{"not found proves it", payment.Sale, []payment.Entry{lost, status(payment.NotFound), status(payment.NotFound), proof}, []string{
			"No answer to rely on. The connection broke after the order was sent.",
			"Asked 2 times until 14:02:00; the terminal says: not known there.",
			"Asked again after the time limit: still not known there. That proves it was not charged.",
		}},
		{"a refund, decided and confirmed", payment.Refund, []payment.Entry{lost, decided(true), status(payment.Approved)}, []string{
			"No answer to rely on. The connection broke after the order was sent.",
			"Somebody decided: given back. Reason: r. Proof seen: p.", "Asked; the terminal says: went through.",
		}},
		{"a decision overruled", payment.Sale, []payment.Entry{lost, decided(true), status(payment.Declined)}, []string{
			"No answer to rely on. The connection broke after the order was sent.",
			"Somebody decided: paid. Reason: r. Proof seen: p.",
			"The terminal says: declined. The decision was wrong; the books are corrected.",
		}},
		{"withdrawn by the till", payment.Sale, []payment.Entry{{Kind: payment.KindCreated}, {Kind: payment.KindSent},
			{Kind: payment.KindCancelRequested, Source: payment.FromTill}, {Kind: payment.KindMismatch, Code: payment.CodeWrongAmount}}, []string{
			"Payment of $12.50 entered for Counter 1, and stored.", "Sent to the terminal.",
			"Tillkeeper asked the terminal to take it off its screen.", "An answer came that does not count. The terminal answered with another amount.",
		}},
		{"taken back at the terminal's wish", payment.Sale, []payment.Entry{
			{Kind: payment.KindAnswer, Outcome: payment.Approved, Facts: &payment.Facts{ReversalDue: true}},
		}, []string{"The terminal answered: paid. It asks for the payment to be taken back at once."}},
		{"a signature", payment.Sale, []payment.Entry{
			{Kind: payment.KindAnswer, Outcome: payment.Approved, Facts: &payment.Facts{Signature: true}},
			{Kind: payment.KindSigned, Paid: false, Staff: "Eva"},
		}, []string{"The terminal answered: paid. The signature is to be compared here.", "Eva compared the signature: it is wrong."}},
		{"a reserve", payment.PreAuth, []payment.Entry{answer(payment.Approved)}, []string{"The terminal answered: reserved."}},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			record := tale(r.op, r.entries...)
			var got []string
			for _, s := range catalogue(t, "en").Story(record, record.Order.Created) {
				got = append(got, s.Text)
			}
			if diff := cmp.Diff(r.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestOverruledIsAboutTheDecisionOnly(t *testing.T) {
	lost := payment.Entry{Kind: payment.KindUnanswered, Code: payment.CodeLinkLost}
	paid := payment.Entry{Kind: payment.KindAnswer, Outcome: payment.Approved}
	no := payment.Entry{Kind: payment.KindDecided}
	yes := payment.Entry{Kind: payment.KindDecided, Paid: true}
	for name, row := range map[string]struct {
		record payment.Record
		want   bool
	}{
		"open":                    {tale(payment.Sale, lost), false},
		"decided":                 {tale(payment.Sale, lost, no), false},
		"decided and confirmed":   {tale(payment.Sale, lost, yes, paid), false},
		"decided and not so":      {tale(payment.Sale, lost, no, paid), true},
		"answered, never decided": {tale(payment.Sale, lost, paid), false},
	} {
		if got := message.Overruled(row.record); got != row.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
