package storage_test

import (
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"tillkeeper/payment"
	"tillkeeper/payment/journaltest"
)

// TestLikeMemory drives the journal and its plain model in memory through the same
// random days: they refuse the same, and tell the same about every order.
func TestLikeMemory(t *testing.T) {
	empty := t.TempDir()
	if err := open(t, empty).Close(); err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(r *rapid.T) {
		// A copy, because making the tables takes longer than all the rest.
		dir := t.TempDir()
		if err := os.CopyFS(dir, os.DirFS(empty)); err != nil {
			r.Fatal(err)
		}
		s := open(t, dir)
		m := model{T: r, disk: s.Journal(), memory: journaltest.NewMemory(), now: time.Unix(1_700_000_000, 0).UTC()}
		r.Repeat(map[string]func(*rapid.T){"create": m.create, "append": m.append})
		m.compare(r)
		healthyStore(t, s)
		if err := s.Close(); err != nil {
			r.Fatal(err)
		}
	})
}

type model struct {
	*rapid.T
	disk, memory payment.Journal
	numbers      []string
	now          time.Time
}

func (m *model) create(r *rapid.T) {
	m.now = m.now.Add(time.Second)
	o := sale(fmt.Sprintf("N%d", len(m.numbers)), "1")
	o.Asked.Amount = payment.FromMinor(rapid.Int64Range(1, 3).Draw(r, "sum"), "USD")
	o.Created = m.now
	o.Operation = rapid.SampledFrom([]payment.Operation{payment.Sale, payment.Sale, payment.PreAuth, payment.Refund,
		payment.Refund, payment.Void, payment.Completion}).Draw(r, "operation")
	o.Terminal = rapid.SampledFrom([]string{"t1", "t2"}).Draw(r, "terminal")
	if o.Operation.NeedsOriginal() && len(m.numbers) > 0 {
		o.Original = rapid.SampledFrom(m.numbers).Draw(r, "original")
	}
	if len(m.numbers) > 0 && rapid.Bool().Draw(r, "override") {
		o.Despite = m.numbers
	}
	entries := []payment.Entry{{Time: m.now, Kind: payment.KindCreated}, {Time: m.now, Kind: payment.KindSent}}
	onDisk, err := m.disk.Create(r.Context(), o, entries...)
	inMemory, want := m.memory.Create(r.Context(), o, entries...)
	m.agree(r, onDisk, inMemory, err, want)
	if err == nil {
		m.numbers = append(m.numbers, o.Number)
	}
}

func (m *model) append(r *rapid.T) {
	if len(m.numbers) == 0 {
		return
	}
	m.now = m.now.Add(time.Second)
	number := rapid.SampledFrom(m.numbers).Draw(r, "number")
	e := payment.Entry{Time: m.now, Kind: rapid.SampledFrom([]payment.Kind{payment.KindAnswer, payment.KindAnswer,
		payment.KindMismatch, payment.KindUnanswered, payment.KindDecided, payment.KindWaiting}).Draw(r, "kind")}
	if e.Kind == payment.KindAnswer || e.Kind == payment.KindMismatch {
		e.Outcome = rapid.SampledFrom([]payment.Outcome{payment.Approved, payment.Approved, payment.Declined,
			payment.Refused}).Draw(r, "outcome")
	}
	e.Paid = rapid.Bool().Draw(r, "paid")
	onDisk, err := m.disk.Append(r.Context(), number, e)
	inMemory, want := m.memory.Append(r.Context(), number, e)
	m.agree(r, onDisk, inMemory, err, want)
}

func (m *model) agree(r *rapid.T, onDisk, inMemory payment.Record, err, want error) {
	if payment.CodeOf(err) != payment.CodeOf(want) {
		r.Fatalf("the disk says %v, memory %v", err, want)
	}
	m.equal(r, onDisk, inMemory)
}

func (m *model) compare(r *rapid.T) {
	for _, f := range []payment.Filter{{}, {Status: payment.StatusRefunded}, {Status: payment.StatusUnknown}, {Search: "0.02"}} {
		onDisk, err := m.disk.List(r.Context(), f)
		inMemory, _ := m.memory.List(r.Context(), f)
		if err != nil {
			r.Fatal(err)
		}
		m.equal(r, onDisk, inMemory)
	}
	onDisk, err := m.disk.Open(r.Context())
	inMemory, _ := m.memory.Open(r.Context())
	if err != nil {
		r.Fatal(err)
	}
	m.equal(r, onDisk, inMemory)
}

func (m *model) equal(r *rapid.T, onDisk, inMemory any) {
	if diff := cmp.Diff(inMemory, onDisk, journaltest.Exactly); diff != "" {
		r.Fatalf("memory (-), disk (+):\n%s", diff)
	}
}
