package journaltest

import (
	"testing"
	"time"

	"tillkeeper/payment"
)

// testOwing: settled orders with something left to do are found, and only as long
// as there is.
func testOwing(t *testing.T, h Harness) {
	j := h.New(t)
	paid(t, j, "PLAIN", "1")
	for _, number := range []string{"HANDED", "SIGNED", "TAKEN"} {
		o := sale(number, "5")
		o.Terminal = "t-" + number
		mustCreate(t, j, o)
	}
	approved := func(f payment.Facts) payment.Entry {
		e := answer(payment.Approved)
		e.Facts = &f
		return e
	}
	mustAppend(t, j, "HANDED", approved(payment.Facts{HandOver: true}))
	mustAppend(t, j, "SIGNED", approved(payment.Facts{Signature: true}))
	mustAppend(t, j, "TAKEN", approved(payment.Facts{ReversalDue: true}))
	owing := payment.Filter{Owing: true}
	lists(t, j, "all that is owed", owing, "TAKEN", "SIGNED", "HANDED")

	mustAppend(t, j, "HANDED", entry(payment.KindAcknowledged))
	lists(t, j, "after the hand-over", owing, "TAKEN", "SIGNED")
	signed := entry(payment.KindSigned)
	signed.Paid = true
	mustAppend(t, j, "SIGNED", signed)
	lists(t, j, "after the signature", owing, "TAKEN")
	void := followUp(payment.Void, "V", "TAKEN", "5")
	void.Terminal = "t-TAKEN"
	mustCreate(t, j, void)
	lists(t, j, "while it is taken back", owing)
	mustAppend(t, j, "V", entry(payment.KindNotSent))
	lists(t, j, "after a void that was not sent", owing, "TAKEN")
}

// testBatches: requests to close batches come back, newest first.
func testBatches(t *testing.T, h Harness) {
	j := h.New(t)
	b, ok := j.(payment.Batches)
	if !ok {
		t.Fatal("the journal keeps no batches")
	}
	unsaid := payment.Totals{Sales: payment.Unsaid, Refunds: payment.Unsaid, Adjustments: payment.Unsaid}
	first := payment.Batch{Number: "B1", Terminal: "t1", TerminalName: "Bar", Protocol: "p", Staff: "Eva", Asked: noon, Totals: unsaid}
	second := payment.Batch{Number: "B2", Terminal: "t2", Asked: noon.Add(time.Hour), Totals: unsaid}
	for _, x := range []payment.Batch{first, second} {
		if err := b.BeginBatch(t.Context(), x); err != nil {
			t.Fatal(err)
		}
	}
	first.Outcome, second.Outcome = payment.BatchUnknown, payment.BatchUnknown
	batches(t, b, "two that are not answered", "", second, first)
	first.Answered, first.Outcome = noon.Add(time.Minute), payment.BatchClosed
	first.Totals = payment.Totals{
		Batch: "0008", Sales: payment.Subtotal{Count: 2, Amount: sum("12.50", "USD")}, Refunds: payment.Subtotal{Count: 0, Amount: payment.FromMinor(0, "USD")},
		Adjustments: payment.Unsaid, Text: "totals agreed", Raw: `{"a":1}`,
	}
	if err := b.FinishBatch(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	batches(t, b, "one that is answered", "", second, first)
	batches(t, b, "one terminal's", "t1", first)
	if err := b.FinishBatch(t.Context(), payment.Batch{Number: "B3"}); err == nil {
		t.Error("a batch that was never begun was finished")
	}
}

func batches(t *testing.T, b payment.Batches, what, terminal string, want ...payment.Batch) {
	t.Helper()
	have, err := b.ListBatches(t.Context(), terminal, 10)
	if err != nil {
		t.Fatal(err)
	}
	same(t, what, have, want)
}
