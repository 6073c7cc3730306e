package drivertest

import (
	"strings"
	"testing"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/journaltest"
)

// ledgerOnly is a simulator that has nothing but a ledger.
type ledgerOnly struct {
	Simulator
	charges []Charge
}

func (l ledgerOnly) Charges() []Charge { return l.charges }

// TestAuditSees shows the audit books that are wrong, and right, in one way each.
func TestAuditSees(t *testing.T) {
	usd := func(minor int64) payment.Amount { return payment.FromMinor(minor, "USD") }
	said := func(o payment.Outcome) payment.Entry {
		return payment.Entry{Kind: payment.KindAnswer, Outcome: o, Facts: &payment.Facts{Amounts: payment.Amounts{Amount: usd(1200)}}}
	}
	sent, doubt := payment.Entry{Kind: payment.KindSent}, payment.Entry{Kind: payment.KindUnanswered}
	notSent := payment.Entry{Kind: payment.KindNotSent}
	one := Charge{"A", payment.Sale, usd(1200)}
	for _, c := range []struct {
		name    string
		entries []payment.Entry
		charges []Charge
		refund  bool
		refused []string
		want    string // part of the complaint, "" for none
	}{
		{"paid and charged", []payment.Entry{sent, said(payment.Approved)}, []Charge{one}, false, nil, ""},
		{"unknown and charged", []payment.Entry{sent, doubt}, []Charge{one}, false, nil, ""},
		{"unknown and not charged", []payment.Entry{sent, doubt}, nil, false, nil, ""},
		{"under way and charged", []payment.Entry{sent}, []Charge{one}, false, nil, ""},
		{"declined and not charged", []payment.Entry{sent, said(payment.Declined)}, nil, false, nil, ""},
		{"declined and charged", []payment.Entry{sent, said(payment.Declined)}, []Charge{one}, false, nil, "the journal says declined"},
		{"not sent and charged", []payment.Entry{notSent}, []Charge{one}, false, nil, "the journal says not-sent"},
		{"paid and not charged", []payment.Entry{sent, said(payment.Approved)}, nil, false, nil, "moved nothing"},
		{"charged twice", []payment.Entry{sent, said(payment.Approved)}, []Charge{one, one}, false, nil, "moved money twice"},
		{"charged another sum", []payment.Entry{sent, said(payment.Approved)}, []Charge{{"A", payment.Sale, usd(1300)}}, false, nil, "and the journal says 12.00"},
		{"charged and unheard of", nil, []Charge{{"B", payment.Sale, usd(1200)}}, false, nil, "knows nothing"},
		{"denied once, paid in the end", []payment.Entry{sent, said(payment.Declined), said(payment.Approved)}, []Charge{one}, false, nil, "was once said to be declined"},
		{"the caller was told not sent", []payment.Entry{sent, doubt}, []Charge{one}, false, []string{"A"}, "was told that order A was not sent"},
		{"given back", []payment.Entry{sent, said(payment.Approved)}, []Charge{one, {"R", payment.Refund, usd(1200)}}, true, nil, ""},
		{"more given back than paid", []payment.Entry{sent, said(payment.Approved)}, []Charge{one, {"R", payment.Refund, usd(1300)}}, true, nil, "went back"},
	} {
		r := &rig{ctx: t.Context(), journal: journaltest.NewMemory(), sim: ledgerOnly{charges: c.charges}, refused: c.refused}
		book := func(o payment.Order, entries ...payment.Entry) {
			o.Terminal, o.Created, o.Asked.Amount = "t1", time.Now(), usd(1200)
			if _, err := r.journal.Create(r.ctx, o, entries...); err != nil {
				t.Fatalf("%s: %v", c.name, err)
			}
		}
		book(payment.Order{Number: "A", Operation: payment.Sale}, c.entries...)
		if c.refund {
			book(payment.Order{Number: "R", Operation: payment.Refund, Original: "A"}, sent, doubt)
		}
		r.audit("here")
		got := strings.Join(r.failures, "\n")
		if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: the audit says %q, want %q", c.name, got, c.want)
		}
	}
}

// TestScenariosAreNamedOnce keeps the table honest.
func TestScenariosAreNamedOnce(t *testing.T) {
	seen, sockets := map[string]bool{}, 0
	for _, s := range scenarios() {
		if seen[s.name] || strings.HasSuffix(s.name, ".") {
			t.Errorf("scenario %q is named twice, or ends like a paragraph", s.name)
		}
		seen[s.name] = true
		if s.sockets {
			sockets++
		}
	}
	if len(seen) < 40 || sockets < 8 {
		t.Errorf("%d scenarios, %d of them over sockets", len(seen), sockets)
	}
}
