package journaltest

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"tillkeeper/payment"
)

// Memory is a journal and a store of terminals that live in memory, for tests of
// the layers above that need neither a disk nor a second process. It keeps the
// contract of payment.Journal but for durability, and passes the same suite.
type Memory struct {
	mu        sync.Mutex
	broken    error
	blind     error
	seq       int64
	orders    map[string]*memoryOrder
	sequence  []string // numbers, oldest first
	terminals []payment.Terminal
	watchers  []chan struct{}
	batches   []payment.Batch
}

type memoryOrder struct {
	order   payment.Order
	entries []payment.Entry
	holder  payment.Holder
}

// NewMemory returns an empty journal.
func NewMemory() *Memory { return &Memory{orders: map[string]*memoryOrder{}} }

// Break makes every write fail with err from now on, as a full disk does; nil heals
// it.
func (m *Memory) Break(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.broken = err
}

// Blind makes Find fail with err from now on; nil gives sight back.
func (m *Memory) Blind(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.blind = err
}

// Crash makes every order look as if the process that carries it had died, and
// wakes those who watch.
func (m *Memory) Crash() { m.hold(payment.HeldByNone) }

// HandOver makes every order look as if another living process carried it.
func (m *Memory) HandOver() { m.hold(payment.HeldThere) }

func (m *Memory) hold(h payment.Holder) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, o := range m.orders {
		o.holder = h
	}
	m.signal()
}

// Signal tells those who watch that another process may have written.
func (m *Memory) Signal() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.signal()
}

func (m *Memory) signal() {
	for _, w := range m.watchers {
		select {
		case w <- struct{}{}:
		default:
		}
	}
}

// Create stores an order; see payment.Journal.
func (m *Memory) Create(ctx context.Context, o payment.Order, entries ...payment.Entry) (payment.Record, error) {
	if ctx.Err() != nil {
		return payment.Record{}, payment.NotSent(payment.CodeWithdrawn, "the order was given up before it was recorded")
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.broken != nil {
		return payment.Record{}, m.broken
	}
	if m.orders[o.Number] != nil {
		return payment.Record{}, payment.NotSent(payment.CodeInternal, "the order number %s was used before", o.Number)
	}
	open := m.open(func(r payment.Record) bool { return r.Order.Terminal == o.Terminal })
	var original *payment.Record
	if have := m.orders[o.Original]; have != nil {
		r := m.record(have)
		original = &r
	}
	if err := payment.MayStart(o, open, original); err != nil {
		return payment.Record{}, err
	}
	maskAll(&o.TerminalName, &o.Note, &o.Reason, &o.Staff)
	stored := &memoryOrder{order: o, holder: payment.HeldHere}
	m.orders[o.Number] = stored
	m.sequence = append(m.sequence, o.Number)
	m.add(stored, entries)
	return m.record(stored), nil
}

// Append adds entries; see payment.Journal.
func (m *Memory) Append(_ context.Context, number string, entries ...payment.Entry) (payment.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.broken != nil {
		return payment.Record{}, m.broken
	}
	o := m.orders[number]
	if o == nil {
		return payment.Record{}, unknown(number)
	}
	m.add(o, entries)
	return m.record(o), nil
}

func (m *Memory) add(o *memoryOrder, entries []payment.Entry) {
	for _, e := range entries {
		m.seq++
		e.Seq = m.seq
		maskAll(&e.Detail, &e.Raw, &e.Staff, &e.Reason, &e.Proof)
		if e.Facts != nil {
			f := *e.Facts
			f.Card = payment.LastFour(f.Card)
			maskAll(&f.Brand, &f.EntryMode, &f.AuthCode, &f.Trace, &f.TerminalTime)
			e.Facts = &f
		}
		o.entries = append(o.entries, e)
	}
}

func maskAll(texts ...*string) {
	for _, text := range texts {
		*text = payment.Mask(*text)
	}
}

// record is called with mu held.
func (m *Memory) record(o *memoryOrder) payment.Record {
	r := payment.Record{Order: o.order, Entries: slices.Clone(o.entries), Holder: o.holder}
	for _, number := range m.sequence {
		f := m.orders[number]
		if f.order.Original != o.order.Number {
			continue
		}
		s := m.record(f).State()
		amounts := s.Moved
		if s.Status.Open() {
			amounts = f.order.Asked
		}
		r.FollowUps = append(r.FollowUps, payment.FollowUp{Number: number, Operation: f.order.Operation, Status: s.Status, Amounts: amounts})
	}
	return r
}

// Find returns one order; see payment.Journal.
func (m *Memory) Find(_ context.Context, number string) (payment.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.blind != nil {
		return payment.Record{}, m.blind
	}
	if o := m.orders[number]; o != nil {
		return m.record(o), nil
	}
	return payment.Record{}, unknown(number)
}

func unknown(number string) error {
	return payment.Errorf(payment.CodeUnknownOrder, "there is no order %q", payment.Mask(number))
}

// Open returns the open orders; see payment.Journal.
func (m *Memory) Open(context.Context) ([]payment.Record, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.open(func(payment.Record) bool { return true }), nil
}

func (m *Memory) open(keep func(payment.Record) bool) (open []payment.Record) {
	for _, number := range m.byTime() {
		if r := m.record(m.orders[number]); r.State().Status.Open() && keep(r) {
			open = append(open, r)
		}
	}
	return open
}

// byTime returns the numbers, oldest order first.
func (m *Memory) byTime() []string {
	numbers := slices.Clone(m.sequence)
	slices.SortStableFunc(numbers, func(a, b string) int {
		return m.orders[a].order.Created.Compare(m.orders[b].order.Created)
	})
	return numbers
}

// List returns orders, newest first; see payment.Journal.
func (m *Memory) List(_ context.Context, f payment.Filter) (list []payment.Record, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	limit := f.Limit
	if limit == 0 {
		limit = 100
	}
	for _, number := range slices.Backward(m.byTime()) {
		if r := m.record(m.orders[number]); len(list) < limit && matches(r, f) {
			list = append(list, r)
		}
	}
	return list, nil
}

func matches(r payment.Record, f payment.Filter) bool {
	s := r.State()
	switch {
	case !f.Since.IsZero() && r.Order.Created.Before(f.Since),
		!f.Until.IsZero() && !r.Order.Created.Before(f.Until),
		f.Status != "" && s.Status != f.Status,
		f.Operation != "" && r.Order.Operation != f.Operation,
		f.Terminal != "" && r.Order.Terminal != f.Terminal,
		f.Owing && !s.Owes():
		return false
	}
	search := strings.TrimSpace(f.Search)
	return search == "" || found(r, s, search)
}

func found(r payment.Record, s payment.State, search string) bool {
	sums := []payment.Amount{r.Order.Asked.Amount, r.Order.Asked.Total(), s.Moved.Total()}
	if a, err := payment.ParseAmount(search, r.Order.Asked.Currency()); err == nil && slices.ContainsFunc(sums, a.Equal) {
		return true
	}
	search = strings.ToLower(search)
	return strings.HasPrefix(strings.ToLower(r.Order.Number), search) || s.Facts.Card == search ||
		strings.Contains(strings.ToLower(r.Order.Note+"\n"+r.Order.Reason), search)
}

// Since returns what changed after seq; see payment.Journal.
func (m *Memory) Since(_ context.Context, seq int64) (changed []payment.Record, last int64, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, o := range m.orders {
		if r := m.record(o); r.Seq() > seq {
			changed = append(changed, r)
		}
	}
	slices.SortFunc(changed, func(a, b payment.Record) int { return int(a.Seq() - b.Seq()) })
	return changed, m.seq, nil
}

// Watch signals on Signal, Crash and HandOver; see payment.Journal.
func (m *Memory) Watch(ctx context.Context) (<-chan struct{}, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	w := make(chan struct{}, 1)
	m.watchers = append(m.watchers, w)
	context.AfterFunc(ctx, func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.watchers = slices.DeleteFunc(m.watchers, func(have chan struct{}) bool { return have == w })
		close(w)
	})
	return w, nil
}

// Terminals returns the store of terminals beside the journal.
func (m *Memory) Terminals() payment.Terminals { return (*memoryTerminals)(m) }

type memoryTerminals Memory

func (m *memoryTerminals) All(context.Context) (all []payment.Terminal, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, t := range m.terminals {
		if !t.Removed {
			all = append(all, t)
		}
	}
	return all, nil
}

func (m *memoryTerminals) Find(_ context.Context, name string) (payment.Terminal, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, t := range m.terminals {
		if t.ID == name || !t.Removed && (t.Name == name || name == "" && t.Default) {
			return t, nil
		}
	}
	if name == "" {
		return payment.Terminal{}, payment.Errorf(payment.CodeNoTerminal, "there is no terminal yet")
	}
	return payment.Terminal{}, payment.Errorf(payment.CodeUnknownTerminal, "there is no terminal %q", payment.Mask(name))
}

func (m *memoryTerminals) Add(_ context.Context, t payment.Terminal) (payment.Terminal, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t.Default = true
	for _, have := range m.terminals {
		switch {
		case have.Removed:
		case have.Name == t.Name:
			return t, payment.Errorf(payment.CodeNameTaken, "there is a terminal %q already", t.Name)
		case have.Address == t.Address:
			return t, payment.Errorf(payment.CodeAddressTaken, "%s is terminal %q already", t.Address, have.Name)
		default:
			t.Default = false
		}
	}
	t.ID, t.Added = "t"+string(rune('1'+len(m.terminals))), time.Now()
	m.terminals = append(m.terminals, t)
	return t, nil
}

func (m *memoryTerminals) Update(_ context.Context, t payment.Terminal) error {
	return m.change(t.ID, func(have *payment.Terminal) { *have = t })
}

func (m *memoryTerminals) Learn(_ context.Context, id string, learnt map[payment.Operation]string) error {
	return m.change(id, func(have *payment.Terminal) { have.Learnt = maps.Clone(learnt) })
}

func (m *memoryTerminals) SetDefault(_ context.Context, id string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.terminals {
		m.terminals[i].Default = m.terminals[i].ID == id
	}
	return nil
}

func (m *memoryTerminals) Remove(ctx context.Context, id string) error {
	open, _ := (*Memory)(m).Open(ctx)
	for _, r := range open {
		if r.Order.Terminal == id {
			return payment.Errorf(payment.CodeOriginalOpen, "order %s of that terminal is not settled yet", r.Order.Number)
		}
	}
	if err := m.change(id, func(t *payment.Terminal) { t.Removed, t.Default = true, false }); err != nil {
		return err
	}
	if all, _ := m.All(ctx); len(all) > 0 && !slices.ContainsFunc(all, func(t payment.Terminal) bool { return t.Default }) {
		return m.SetDefault(ctx, all[0].ID)
	}
	return nil
}

func (m *memoryTerminals) change(id string, f func(*payment.Terminal)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.terminals {
		if m.terminals[i].ID == id {
			f(&m.terminals[i])
			return nil
		}
	}
	return payment.Errorf(payment.CodeUnknownTerminal, "there is no terminal %q", id)
}
