package journaltest

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"tillkeeper/payment"
)

// fullOrder has every field set.
func fullOrder(number string, c payment.Currency, amount string) payment.Order {
	return payment.Order{
		Number: number, Operation: payment.Sale, Terminal: "t-" + number, TerminalName: "Bar ž", Protocol: "ecrhub",
		Asked: payment.Amounts{Amount: sum(amount, c), Tip: sum("3", c), Cashback: sum("20", c),
			Surcharge: payment.FromMinor(0, c)},
		AskTip: true, Note: "table 5, Müller", Reason: "because", Staff: "Anna",
		Created: noon.In(time.FixedZone("", -9000)), Despite: []string{"A1", "A2"},
	}
}

// fullSlip has every field set.
var fullSlip = payment.Slip{
	Application: "A0000000031010", Label: "VISA", TVR: "0000008000", TSI: "E800", Cryptogram: "ARQC: 3D36ACBD44BE512B",
	Verification: "pin", TerminalNumber: "T1", MerchantNumber: "000000000012345", Batch: "0008", Invoice: "724172",
	Sequence: "000001000061", Account: "chequing", Language: "fr", Display: "000 Approved 00 Thank You",
}

// fullEntry has every field set.
func fullEntry(k payment.Kind, c payment.Currency) payment.Entry {
	return payment.Entry{
		Time: noon.Add(time.Second).UTC(), Source: payment.FromTerminal, Kind: k,
		Outcome: payment.Approved, Code: payment.CodeHostFault, Detail: "Čekejte “prosím”\n",
		Facts: &payment.Facts{
			Amounts: payment.Amounts{Amount: sum("12", c), Tip: sum("1", c), Cashback: payment.FromMinor(0, c),
				Surcharge: sum("2", c)},
			Partial: true, Card: "4242", Brand: "Visa", EntryMode: "contactless", AuthCode: "A12345",
			Reference: "1234567890123456789012", Trace: "000123", TerminalTime: "2026-03-14 12:00:07",
			Signature: true, ReversalDue: true, HandOver: true, Slip: fullSlip,
		},
		Paid: true, Staff: "Eva", Reason: "slip seen", Proof: "slip 17", Raw: `{"a": "b"}`,
	}
}

func testRoundTrip(t *testing.T, h Harness) {
	j := h.New(t)
	for i, c := range []struct {
		currency payment.Currency
		amount   string
	}{
		{"JPY", "1234"}, {"USD", "1234.56"}, {"KWD", "1234.567"}, {"EUR", "0.01"}, {"USD", "9999999999.99"},
	} {
		o := fullOrder(fmt.Sprintf("R%d", i), c.currency, c.amount)
		if c.amount == "9999999999.99" {
			// The largest sum there is leaves no room for parts.
			o.Asked = payment.Amounts{Amount: o.Asked.Amount}
		}
		want := roundTripEntries(c.currency)
		mustCreate(t, j, o, want...)
		have := mustFind(t, j, o.Number)
		same(t, "order in "+string(c.currency), have.Order, o)
		same(t, "entries in "+string(c.currency), unnumbered(have.Entries), want)
	}
	plain := sale("PLAIN", "1")
	mustCreate(t, j, plain, entry(payment.KindCreated))
	have := mustFind(t, j, "PLAIN")
	same(t, "a plain order", have.Order, plain)
	if have.Order.Asked.Tip.Known() || have.Entries[0].Facts != nil {
		t.Error("what was not said came back as said")
	}
}

// roundTripEntries has an entry of every kind and of every outcome.
func roundTripEntries(c payment.Currency) []payment.Entry {
	var all []payment.Entry
	for _, k := range []payment.Kind{
		payment.KindCreated, payment.KindSent, payment.KindWaiting, payment.KindProcessing,
		payment.KindCancelRequested, payment.KindAnswer, payment.KindStatus, payment.KindMismatch,
		payment.KindNotSent, payment.KindUnanswered, payment.KindOrphaned, payment.KindNoAnswer,
		payment.KindDecided, payment.KindApproval, payment.KindAccepted, payment.KindAcknowledged,
		payment.KindSigned, payment.KindTotals,
	} {
		all = append(all, fullEntry(k, c), entry(k))
	}
	for _, outcome := range []payment.Outcome{
		payment.Declined, payment.Cancelled, payment.Expired, payment.Refused, payment.Pending, payment.NotFound,
	} {
		e := entry(payment.KindMismatch)
		e.Outcome = outcome
		all = append(all, e)
	}
	foreign := fullEntry(payment.KindMismatch, "KWD")
	foreign.Facts.Amounts.Tip = sum("1", "JPY")
	return append(all, foreign, payment.Entry{Time: noon, Kind: payment.KindAnswer, Facts: &payment.Facts{}})
}

func unnumbered(entries []payment.Entry) []payment.Entry {
	all := append([]payment.Entry(nil), entries...)
	for i := range all {
		all[i].Seq = 0
	}
	return all
}

func testSame(t *testing.T, h Harness) {
	j := h.New(t)
	o := sale("A", "12.50")
	o.Created = time.Now()
	created := mustCreate(t, j, o, payment.Entry{Time: time.Now(), Kind: payment.KindCreated})
	same(t, "Create and Find", mustFind(t, j, "A"), created)
	appended := mustAppend(t, j, "A", payment.Entry{Time: time.Now(), Kind: payment.KindSent})
	same(t, "Append and Find", mustFind(t, j, "A"), appended)
	if created.Holder != payment.HeldHere || appended.Holder != payment.HeldHere {
		t.Errorf("an order of this process is held %q, later %q", created.Holder, appended.Holder)
	}
	if created.State().Status != payment.StatusCreated || appended.State().Status != payment.StatusSent {
		t.Errorf("statuses: %q, later %q", created.State().Status, appended.State().Status)
	}
}

// planted is the card number that must not come back.
const planted = "4111111111111111"

func testMasked(t *testing.T, h Harness) {
	j := h.New(t)
	o := sale("M", "12.50")
	o.TerminalName, o.Note, o.Reason, o.Staff = "a "+planted, "b 4111 1111 1111 1111", "c "+planted, planted
	e := fullEntry(payment.KindAnswer, "USD")
	e.Detail, e.Raw, e.Staff, e.Reason, e.Proof = planted, `{"pan":"`+planted+`"}`, planted, planted, planted
	e.Facts.Card, e.Facts.Brand, e.Facts.EntryMode = planted, planted, planted
	e.Facts.AuthCode, e.Facts.Trace, e.Facts.TerminalTime = planted, planted, planted
	created := mustCreate(t, j, o, e)
	appended := mustAppend(t, j, "M", e)
	for what, r := range map[string]payment.Record{"Create": created, "Append": appended, "Find": mustFind(t, j, "M")} {
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if plain := strings.NewReplacer(" ", "", "-", "").Replace(string(text)); strings.Contains(plain, planted) {
			t.Errorf("%s returns a full card number: %s", what, text)
		}
	}
	if card := appended.State().Facts.Card; card != "1111" {
		t.Errorf("of the card, %q is left", card)
	}
}

func testNumberOnce(t *testing.T, h Harness) {
	j := h.New(t)
	paid(t, j, "ONCE", "12.50")
	again := sale("ONCE", "99")
	again.Terminal = "t2"
	_, err := j.Create(t.Context(), again, entry(payment.KindCreated))
	if !errors.Is(err, payment.ErrNotSent) {
		t.Errorf("a second order of one number: %v", err)
	}
	r := mustFind(t, j, "ONCE")
	if !r.Order.Asked.Amount.Equal(sum("12.50", "USD")) || len(r.Entries) != 3 {
		t.Errorf("the first order changed: %+v", r)
	}
}

func testUnknownNumber(t *testing.T, h Harness) {
	j := h.New(t)
	_, err := j.Find(t.Context(), "NONE")
	refused(t, "find", err, payment.CodeUnknownOrder)
	_, err = j.Append(t.Context(), "NONE", entry(payment.KindSent))
	refused(t, "append", err, payment.CodeUnknownOrder)
	_, err = j.Create(t.Context(), followUp(payment.Refund, "F", "NONE", "1"), entry(payment.KindCreated))
	refused(t, "refund of nothing", err, payment.CodeUnknownOrder)
	_, err = j.Create(t.Context(), followUp(payment.Void, "V", "", "1"), entry(payment.KindCreated))
	refused(t, "void of nothing", err, payment.CodeUnknownOrder)
}

func testEntryOrder(t *testing.T, h Harness) {
	j := h.New(t)
	mustCreate(t, j, sale("A", "1"), entry(payment.KindCreated))
	other := sale("B", "2")
	other.Terminal = "t2"
	mustCreate(t, j, other)
	late := entry(payment.KindWaiting)
	late.Time = noon.Add(-time.Hour)
	mustAppend(t, j, "A", entry(payment.KindSent), late)
	mustAppend(t, j, "B", entry(payment.KindWaiting))
	r := mustAppend(t, j, "A", entry(payment.KindProcessing))
	want := []payment.Kind{payment.KindCreated, payment.KindSent, payment.KindWaiting, payment.KindProcessing}
	for i, e := range r.Entries {
		if i >= len(want) || e.Kind != want[i] || (i > 0 && e.Seq <= r.Entries[i-1].Seq) {
			t.Fatalf("entry %d is %s with number %d", i, e.Kind, e.Seq)
		}
	}
	if len(r.Entries) != len(want) {
		t.Errorf("%d entries, want %d", len(r.Entries), len(want))
	}
}

// testGone: an order nobody waits for is not begun, an answer nobody waits for is
// recorded.
func testGone(t *testing.T, h Harness) {
	j := h.New(t)
	_, err := j.Create(ended(t), sale("A", "1"), entry(payment.KindCreated))
	if !errors.Is(err, payment.ErrNotSent) {
		t.Errorf("create without a caller: %v", err)
	}
	_, err = j.Find(t.Context(), "A")
	refused(t, "find what was given up", err, payment.CodeUnknownOrder)
	mustCreate(t, j, sale("B", "1"))
	if _, err := j.Append(ended(t), "B", answer(payment.Approved)); err != nil {
		t.Fatalf("append without a caller: %v", err)
	}
	if s := mustFind(t, j, "B").State().Status; s != payment.StatusApproved {
		t.Errorf("the answer was lost: %s", s)
	}
}
