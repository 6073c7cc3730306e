package payment_test

import (
	"testing"

	"tillkeeper/payment"
)

func TestTotalsProve(t *testing.T) {
	usd := func(minor int64) payment.Amount { return payment.FromMinor(minor, "USD") }
	order := func(number string, op payment.Operation, minor int64, paid bool) payment.Record {
		r := payment.Record{Order: payment.Order{Number: number, Operation: op, Asked: payment.Amounts{Amount: usd(minor)}}}
		kind := payment.Entry{Kind: payment.KindUnanswered}
		if paid {
			kind = payment.Entry{Kind: payment.KindAnswer, Outcome: payment.Approved}
		}
		r.Entries = append(r.Entries, kind)
		return r
	}
	held := []payment.Record{order("A", payment.Sale, 1000, true), order("B", payment.Refund, 300, true)}
	x, y := order("X", payment.Sale, 500, false), order("Y", payment.Sale, 700, false)
	same := order("Z", payment.Sale, 500, false)
	totals := func(n int, sales int64, m int, refunds int64) payment.Totals {
		return payment.Totals{Sales: payment.Subtotal{Count: n, Amount: usd(sales)}, Refunds: payment.Subtotal{Count: m, Amount: usd(refunds)}}
	}
	unsaid := totals(1, 1000, 0, 0)
	unsaid.Sales = payment.Unsaid
	with, without := payment.CodeTotalsWith, payment.CodeTotalsWithout
	for _, tc := range []struct {
		name   string
		totals payment.Totals
		open   []payment.Record
		want   map[string]payment.Code
	}{
		{"the order is in them", totals(2, 1500, 1, 300), []payment.Record{x}, map[string]payment.Code{"X": with}},
		{"the order is not", totals(1, 1000, 1, 300), []payment.Record{x}, map[string]payment.Code{"X": without}},
		{"one of two", totals(2, 1700, 1, 300), []payment.Record{x, y}, map[string]payment.Code{"X": without, "Y": with}},
		{"two alike, one of them", totals(2, 1500, 1, 300), []payment.Record{x, same}, map[string]payment.Code{"X": "", "Z": ""}},
		{"another difference", totals(2, 1501, 1, 300), []payment.Record{x}, map[string]payment.Code{"X": ""}},
		{"refunds do not fit", totals(2, 1500, 2, 600), []payment.Record{x}, map[string]payment.Code{"X": ""}},
		{"no sums said", unsaid, []payment.Record{x}, map[string]payment.Code{"X": ""}},
		{"nothing open", totals(1, 1000, 1, 300), nil, map[string]payment.Code{}},
	} {
		got := payment.TotalsProve(tc.totals, held, tc.open)
		if len(got) != len(tc.want) {
			t.Errorf("%s: %v", tc.name, got)
		}
		for number, code := range tc.want {
			if have, ok := got[number]; !ok || have != code {
				t.Errorf("%s: %s is %q, want %q", tc.name, number, have, code)
			}
		}
	}
}
