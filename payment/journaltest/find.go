package journaltest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"tillkeeper/payment"
)

func testOpen(t *testing.T, h Harness) {
	j := h.New(t)
	for i, c := range []struct {
		number string
		last   payment.Entry
	}{
		{"SENT", entry(payment.KindSent)}, {"PAID", answer(payment.Approved)}, {"UNKNOWN", entry(payment.KindUnanswered)},
		{"NO", answer(payment.Declined)}, {"WAITING", entry(payment.KindWaiting)},
	} {
		o := sale(c.number, "5")
		o.Terminal, o.Created = fmt.Sprint("t", i), noon.Add(-time.Duration(i)*time.Minute)
		mustCreate(t, j, o)
		mustAppend(t, j, c.number, c.last)
	}
	open, err := j.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"WAITING", "UNKNOWN", "SENT"}; !slices.Equal(numbers(open), want) {
		t.Errorf("open orders, oldest first: %q, want %q", numbers(open), want)
	}
	for _, r := range open {
		same(t, "open order "+r.Order.Number, r, mustFind(t, j, r.Order.Number))
	}
}

// testList works on a book of six orders, A to F, an hour apart.
func testList(t *testing.T, h Harness) {
	j := h.New(t)
	lists(t, j, "an empty book", payment.Filter{})
	for i, number := range []string{"A", "B", "C", "D", "E"} {
		o := sale(number, fmt.Sprint(i+1))
		o.Created = noon.Add(time.Duration(i) * time.Hour)
		if number == "C" {
			o.Terminal = "t2"
		}
		mustCreate(t, j, o)
		mustAppend(t, j, number, answer(payment.Approved))
	}
	refund := followUp(payment.Refund, "F", "A", "1")
	refund.Created = noon.Add(5 * time.Hour)
	mustCreate(t, j, refund)

	lists(t, j, "everything", payment.Filter{}, "F", "E", "D", "C", "B", "A")
	lists(t, j, "the last two", payment.Filter{Limit: 2}, "F", "E")
	lists(t, j, "a time", payment.Filter{Since: noon.Add(time.Hour), Until: noon.Add(3 * time.Hour)}, "C", "B")
	lists(t, j, "an operation", payment.Filter{Operation: payment.Refund}, "F")
	lists(t, j, "a terminal", payment.Filter{Terminal: "t2"}, "C")
	lists(t, j, "an open status", payment.Filter{Status: payment.StatusSent}, "F")
	lists(t, j, "a settled status", payment.Filter{Status: payment.StatusApproved, Limit: 2}, "E", "D")
	lists(t, j, "several conditions", payment.Filter{Status: payment.StatusApproved, Terminal: "t1", Since: noon.Add(time.Hour)}, "E", "D", "B")
	mustAppend(t, j, "F", answer(payment.Approved))
	lists(t, j, "a status from a follow-up", payment.Filter{Status: payment.StatusRefunded}, "A")
	testLimit(t, j)
}

func testLimit(t *testing.T, j payment.Journal) {
	t.Helper()
	for i := range 100 {
		o := sale(fmt.Sprintf("L%03d", i), "3.33")
		mustCreate(t, j, o)
		mustAppend(t, j, o.Number, answer(payment.Declined))
	}
	found, err := j.List(t.Context(), payment.Filter{})
	if err != nil || len(found) != 100 {
		t.Errorf("without a limit: %d orders, %v", len(found), err)
	}
}

func testSearch(t *testing.T, h Harness) {
	j := h.New(t)
	plain := sale("AB12x", "12.50")
	plain.Note = "Tisch 5, Herr Žák 100%"
	mustCreate(t, j, plain)
	approved := answer(payment.Approved)
	approved.Facts = &payment.Facts{Card: "4242", Amounts: payment.Amounts{
		Amount: sum("12.50", "USD"), Surcharge: sum("0.30", "USD")}}
	mustAppend(t, j, "AB12x", approved)
	yen := sale("YEN", "1")
	yen.Asked = payment.Amounts{Amount: sum("1250", "JPY"), Tip: sum("50", "JPY")}
	yen.Created = noon.Add(time.Minute)
	mustCreate(t, j, yen)
	mustAppend(t, j, "YEN", answer(payment.Declined))
	dinar := followUp(payment.Sale, "KWD", "", "1")
	dinar.Asked, dinar.Reason = payment.Amounts{Amount: sum("12.5", "KWD")}, "a_b"
	dinar.Created = noon.Add(2 * time.Minute)
	mustCreate(t, j, dinar)

	for text, want := range map[string][]string{
		"AB12": {"AB12x"}, "ab12X": {"AB12x"}, "B12": nil, "tisch 5": {"AB12x"}, "žÁK": {"AB12x"}, "100%": {"AB12x"},
		"%": {"AB12x"}, "a_b": {"KWD"}, "axb": nil, "4242": {"AB12x"}, "42": nil, "12,5": {"KWD", "AB12x"},
		"12.50": {"KWD", "AB12x"}, "12.500": {"KWD"}, " 12.80 ": {"AB12x"}, "1250": {"YEN"}, "1 300": {"YEN"},
		"125": nil, "0.00": nil, "-12.50": nil,
	} {
		lists(t, j, fmt.Sprintf("search %q", text), payment.Filter{Search: text}, want...)
	}
	lists(t, j, "search with a status", payment.Filter{Search: "12.5", Status: payment.StatusApproved}, "AB12x")
}

func testSince(t *testing.T, h Harness) {
	j := h.New(t)
	found, last, err := j.Since(t.Context(), 0)
	if err != nil || len(found) != 0 || last != 0 {
		t.Fatalf("an empty book: %q, %d, %v", numbers(found), last, err)
	}
	paid(t, j, "A", "1")
	paid(t, j, "B", "2")
	since(t, j, 0, "A", "B")
	_, last, _ = j.Since(t.Context(), 0)
	since(t, j, last)
	r := mustAppend(t, j, "A", entry(payment.KindNoAnswer))
	since(t, j, last, "A")
	since(t, j, 0, "B", "A")
	if _, now, _ := j.Since(t.Context(), last); now != r.Seq() || now <= last {
		t.Errorf("the last entry is %d, not %d", r.Seq(), now)
	}
}

func since(t *testing.T, j payment.Journal, seq int64, want ...string) {
	t.Helper()
	found, _, err := j.Since(t.Context(), seq)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(numbers(found), want) {
		t.Errorf("since %d: %q, want %q", seq, numbers(found), want)
	}
	for _, r := range found {
		same(t, "order "+r.Order.Number, r, mustFind(t, j, r.Order.Number))
	}
}

func testDurable(t *testing.T, h Harness) {
	j := h.New(t)
	paid(t, j, "A", "10")
	mustCreate(t, j, followUp(payment.Refund, "F", "A", "4"))
	before, last, err := j.Since(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	j = h.Reopen(t, j)
	after, again, err := j.Since(t.Context(), 0)
	if err != nil || again != last {
		t.Fatalf("the last entry is %d, was %d; %v", again, last, err)
	}
	for i := range before {
		before[i].Holder, after[i].Holder = "", ""
	}
	same(t, "orders", after, before)
	mustAppend(t, j, "F", answer(payment.Approved))
	if s := mustFind(t, j, "A").State().Status; s != payment.StatusPartlyRefunded {
		t.Errorf("the original is %s", s)
	}
}

func testOrphaned(t *testing.T, h Harness) {
	j := h.New(t)
	mustCreate(t, j, sale("A", "10"))
	j = h.Reopen(t, j)
	r := mustFind(t, j, "A")
	if r.Holder != payment.HeldByNone {
		t.Errorf("the order is held %q", r.Holder)
	}
	_, err := j.Create(t.Context(), sale("B", "10"), entry(payment.KindCreated))
	refused(t, "the same sum beside an orphan", err, payment.CodeOpenUnknown)
	mustCreate(t, j, sale("C", "11"))
}

func testBeside(t *testing.T, h Harness) {
	j := h.New(t)
	mustCreate(t, j, sale("A", "10"))
	beside := h.Beside(t, j)
	if holder := mustFind(t, beside, "A").Holder; holder != payment.HeldThere {
		t.Errorf("the order of the other is held %q", holder)
	}
	_, err := beside.Create(t.Context(), sale("B", "11"), entry(payment.KindCreated))
	refused(t, "an order while the other has one under way", err, payment.CodeBusy)
	mustAppend(t, beside, "A", answer(payment.Approved))
	if s := mustFind(t, j, "A").State().Status; s != payment.StatusApproved {
		t.Errorf("the entry of the other is not seen: %s", s)
	}
	mustCreate(t, beside, sale("B", "11"))
	_, err = j.Create(t.Context(), sale("B", "12"), entry(payment.KindCreated))
	if err == nil {
		t.Error("one number was used by both")
	}
}

func testWatch(t *testing.T, h Harness) {
	j := h.New(t)
	beside := h.Beside(t, j)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	signals, err := j.Watch(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, number := range []string{"A", "B"} {
		paid(t, beside, number, "10")
		if !hears(t, j, signals, number) {
			t.Fatalf("nothing was heard of order %s", number)
		}
	}
}

// hears waits for signals until the journal shows that order as approved.
func hears(t *testing.T, j payment.Journal, signals <-chan struct{}, number string) bool {
	t.Helper()
	for range signals {
		found, _, err := j.Since(t.Context(), 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range found {
			if r.Order.Number == number && r.State().Status == payment.StatusApproved {
				return true
			}
		}
	}
	return false
}

func testWatchEnds(t *testing.T, h Harness) {
	ctx, cancel := context.WithCancel(t.Context())
	signals, err := h.New(t).Watch(ctx)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	for range signals {
		// What was on its way may still come; then the channel is closed.
	}
}
