package payment_test

import (
	"errors"
	"testing"

	"tillkeeper/payment"
)

func TestMayStart(t *testing.T) {
	record := func(o payment.Order, h payment.Holder, entries ...payment.Entry) payment.Record {
		return payment.Record{Order: o, Entries: entries, Holder: h}
	}
	before := sale("10.00")
	before.Number = "S0"
	unknown := record(before, payment.HeldByNone, entry(payment.KindSent), entry(payment.KindUnanswered))
	running := record(before, payment.HeldThere, entry(payment.KindSent))
	crashed := record(before, payment.HeldByNone, entry(payment.KindSent))
	paid := record(before, payment.HeldByNone, said(payment.KindAnswer, payment.Approved))
	declined := record(before, payment.HeldByNone, said(payment.KindAnswer, payment.Declined))
	with := func(r payment.Record, op payment.Operation, s payment.Status, sum string) payment.Record {
		r.FollowUps = append(r.FollowUps, payment.FollowUp{Number: "F1", Operation: op, Status: s, Amounts: payment.Amounts{Amount: usd(sum)}})
		return r
	}
	follow := func(op payment.Operation, sum string) payment.Order {
		return payment.Order{Number: "F2", Operation: op, Original: "S0", Asked: payment.Amounts{Amount: usd(sum)}}
	}
	despite := sale("10.00")
	despite.Despite = []string{"S0"}
	euro := payment.Order{Number: "F2", Operation: payment.Refund, Original: "S0", Asked: payment.Amounts{Amount: payment.FromMinor(100, "EUR")}}
	ofVoid := paid
	ofVoid.Order.Operation = payment.Void

	for _, c := range []struct {
		name     string
		order    payment.Order
		open     []payment.Record
		original *payment.Record
		want     payment.Code
	}{
		{"a sale on a quiet terminal", sale("10.00"), nil, nil, ""},
		{"a sale while another runs", sale("9.00"), []payment.Record{running}, nil, payment.CodeBusy},
		{"the same sum as an unknown order", sale("10.00"), []payment.Record{unknown}, nil, payment.CodeOpenUnknown},
		{"the same sum as a crashed order", sale("10.00"), []payment.Record{crashed}, nil, payment.CodeOpenUnknown},
		{"another sum beside an unknown order", sale("9.00"), []payment.Record{unknown}, nil, ""},
		{"the same sum with an approval", despite, []payment.Record{unknown}, nil, ""},
		{"an approval does not help while the order runs", despite, []payment.Record{running}, nil, payment.CodeBusy},
		{"nothing at all", payment.Order{Number: "S1", Operation: payment.Sale}, nil, nil, payment.CodeZero},
		{"a number that no protocol carries", payment.Order{Number: "S-1", Asked: payment.Amounts{Amount: usd("1.00")}}, nil, nil, payment.CodeUnknownOrder},
		{"a void", follow(payment.Void, "10.00"), nil, &paid, ""},
		{"a void of nothing known", follow(payment.Void, "10.00"), nil, nil, payment.CodeUnknownOrder},
		{"a void of an unknown order", follow(payment.Void, "10.00"), nil, &unknown, payment.CodeOriginalOpen},
		{"a void of a declined order", follow(payment.Void, "10.00"), nil, &declined, payment.CodeNotPaid},
		{"a void of a void", follow(payment.Void, "10.00"), nil, &ofVoid, payment.CodeWrongOperation},
		{"a void of a voided order", follow(payment.Void, "10.00"), nil, ptr(with(paid, payment.Void, payment.StatusApproved, "10.00")), payment.CodeAlreadyVoided},
		{"a void of a refunded order", follow(payment.Void, "10.00"), nil, ptr(with(paid, payment.Refund, payment.StatusApproved, "2.00")), payment.CodeAlreadyRefunded},
		{"a void while a refund is unknown", follow(payment.Void, "10.00"), nil, ptr(with(paid, payment.Refund, payment.StatusUnknown, "2.00")), payment.CodeFollowUpOpen},
		{"a void while another is unknown, with an approval", payment.Order{Number: "F2", Operation: payment.Void, Original: "S0", Asked: payment.Amounts{Amount: usd("10.00")}, Despite: []string{"F1"}},
			nil, ptr(with(paid, payment.Void, payment.StatusUnknown, "10.00")), payment.CodeFollowUpOpen},
		{"a refund of a part", follow(payment.Refund, "4.00"), nil, &paid, ""},
		{"a refund of more than there was", follow(payment.Refund, "10.01"), nil, &paid, payment.CodeRefundTooHigh},
		{"a refund above the rest", follow(payment.Refund, "8.01"), nil, ptr(with(paid, payment.Refund, payment.StatusApproved, "2.00")), payment.CodeRefundTooHigh},
		{"a refund above the rest with one unresolved", follow(payment.Refund, "8.01"), nil, ptr(with(paid, payment.Refund, payment.StatusUnknown, "2.00")), payment.CodeRefundTooHigh},
		{"a refund of the rest", follow(payment.Refund, "8.00"), nil, ptr(with(paid, payment.Refund, payment.StatusApproved, "2.00")), ""},
		{"a refund of a refunded order", follow(payment.Refund, "1.00"), nil, ptr(with(paid, payment.Refund, payment.StatusApproved, "10.00")), payment.CodeAlreadyRefunded},
		{"a refund of a voided order", follow(payment.Refund, "1.00"), nil, ptr(with(paid, payment.Void, payment.StatusApproved, "10.00")), payment.CodeAlreadyVoided},
		{"a refund while a void is unknown", follow(payment.Refund, "1.00"), nil, ptr(with(paid, payment.Void, payment.StatusUnknown, "10.00")), payment.CodeFollowUpOpen},
		{"a refund in another currency", euro, nil, &paid, payment.CodeBadCurrency},
	} {
		err := payment.MayStart(c.order, c.open, c.original)
		if got := payment.CodeOf(err); got != c.want {
			t.Errorf("%s: code %q (%v), want %q", c.name, got, err, c.want)
		}
		if c.want == payment.CodeBusy && !errors.Is(err, payment.ErrNotSent) {
			t.Errorf("%s: busy must say that nothing was sent", c.name)
		}
	}
}

func ptr[T any](v T) *T { return &v }

func TestRefundTwiceOfTheSameSumIsADoubleRisk(t *testing.T) {
	first := payment.Order{Number: "F1", Operation: payment.Refund, Original: "S0", Asked: payment.Amounts{Amount: usd("2.00")}}
	second := first
	second.Number = "F2"
	other := second
	other.Original = "S9"
	if !payment.DoubleRisk(second, first) || payment.DoubleRisk(other, first) {
		t.Error("only the same sum of the same original is a double risk")
	}
}

func TestCompare(t *testing.T) {
	o := sale("40.00")
	o.Asked.Tip = usd("6.00")
	asks := sale("40.00")
	asks.AskTip = true
	amounts := func(a, tip string) payment.Facts {
		f := payment.Facts{Amounts: payment.Amounts{Amount: usd(a)}}
		if tip != "" {
			f.Amounts.Tip = usd(tip)
		}
		return f
	}
	partial := amounts("25.00", "")
	partial.Partial = true
	for _, c := range []struct {
		name  string
		order payment.Order
		said  payment.Result
		want  payment.Code
	}{
		{"nothing echoed", o, payment.Result{}, ""},
		{"all the same", o, payment.Result{Number: "S1", Operation: payment.Sale, Facts: amounts("40.00", "6.00")}, ""},
		{"another number", o, payment.Result{Number: "S2"}, payment.CodeWrongOrder},
		{"another operation", o, payment.Result{Number: "S1", Operation: payment.Refund}, payment.CodeWrongOrder},
		{"a cent more", o, payment.Result{Facts: amounts("40.01", "")}, payment.CodeWrongAmount},
		{"less, without saying why", o, payment.Result{Facts: amounts("25.00", "")}, payment.CodeWrongAmount},
		{"less, as a partial approval", o, payment.Result{Facts: partial}, ""},
		{"another tip", o, payment.Result{Facts: amounts("40.00", "7.00")}, payment.CodeWrongAmount},
		{"a tip nobody asked for", sale("40.00"), payment.Result{Facts: amounts("40.00", "7.00")}, payment.CodeWrongAmount},
		{"the tip that the customer chose", asks, payment.Result{Facts: amounts("40.00", "7.00")}, ""},
		{"another currency", o, payment.Result{Facts: payment.Facts{Amounts: payment.Amounts{Amount: payment.FromMinor(4000, "EUR")}}}, payment.CodeWrongCurrency},
		{"cashback nobody asked for", o, payment.Result{Facts: payment.Facts{Amounts: payment.Amounts{Cashback: usd("5.00")}}}, payment.CodeWrongAmount},
	} {
		if got := payment.CodeOf(payment.Compare(c.order, c.said)); got != c.want {
			t.Errorf("%s: code %q, want %q", c.name, got, c.want)
		}
	}
}

func TestSplitRefundGivesTheTipBackLast(t *testing.T) {
	o := sale("40.00")
	o.Asked.Tip = usd("6.00")
	r := payment.Record{Order: o, Entries: []payment.Entry{said(payment.KindAnswer, payment.Approved)}}
	if got := payment.SplitRefund(usd("30.00"), r); got.Amount.Text() != "30.00" || got.Tip.Known() {
		t.Errorf("a part of the goods: %+v", got)
	}
	if got := payment.SplitRefund(usd("46.00"), r); got.Amount.Text() != "40.00" || got.Tip.Text() != "6.00" {
		t.Errorf("all of it: %s and a tip of %s", got.Amount, got.Tip)
	}
}

func TestEveryCodeHasOneClass(t *testing.T) {
	seen := map[payment.Code]bool{}
	for _, c := range payment.Codes() {
		if seen[c] {
			t.Errorf("%s is in two classes", c)
		}
		seen[c] = true
	}
	if payment.Code("made-up").Class() != payment.Internal || payment.CodeBusy.Class() != payment.NothingSent {
		t.Error("classes are mixed up")
	}
}

func TestAnOrderThatNobodyCarriesLooksUnknown(t *testing.T) {
	for _, c := range []struct {
		holder  payment.Holder
		entries []payment.Entry
		want    payment.Status
	}{
		{payment.HeldThere, []payment.Entry{entry(payment.KindSent)}, payment.StatusSent},
		{payment.HeldByNone, []payment.Entry{entry(payment.KindSent)}, payment.StatusUnknown},
		{payment.HeldByNone, []payment.Entry{entry(payment.KindCreated)}, payment.StatusNotSent},
		{payment.HeldByNone, []payment.Entry{said(payment.KindAnswer, payment.Approved)}, payment.StatusApproved},
	} {
		r := payment.Record{Order: sale("10.00"), Entries: c.entries, Holder: c.holder}
		if got := r.Apparent().Status; got != c.want {
			t.Errorf("held %s with %v: %s, want %s", c.holder, c.entries, got, c.want)
		}
	}
}
