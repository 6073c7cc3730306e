package pay

import (
	"slices"

	"tillkeeper/payment"
	"tillkeeper/payment/till"
)

// kept is how many orders the screen remembers beside the open ones.
const kept = 20

// book is what the screen knows of terminals and orders, from the till's events.
type book struct {
	terminals []till.TerminalState
	orders    []payment.Record // newest first
	loaded    bool
	pinned    map[string]bool // old orders that staff looked at
}

func (b *book) reset(s till.Snapshot) {
	b.terminals, b.orders, b.loaded = slices.Clone(s.Terminals), nil, true
	for _, r := range s.Recent {
		b.put(r)
	}
	for _, r := range s.Open {
		b.put(r)
	}
	for _, r := range s.Owing {
		b.put(r)
	}
}

func (b *book) take(e till.Event) {
	switch {
	case e.Record != nil:
		b.put(*e.Record)
	case e.Terminal != nil:
		b.putTerminal(*e.Terminal)
	case e.Link != nil:
		b.putLink(*e.Link)
	case e.Removed != "":
		b.terminals = slices.DeleteFunc(b.terminals, func(t till.TerminalState) bool { return t.Terminal.ID == e.Removed })
	}
}

func (b *book) putTerminal(s till.TerminalState) {
	for i := range b.terminals {
		if b.terminals[i].Terminal.ID == s.Terminal.ID {
			b.terminals[i] = s
			return
		}
	}
	b.terminals = append(b.terminals, s)
}

// putLink notes how the way to a terminal is now.
func (b *book) putLink(l till.LinkChange) {
	for i := range b.terminals {
		if b.terminals[i].Terminal.ID == l.Terminal {
			b.terminals[i].Link = l.Link
		}
	}
}

// put keeps an order in the order of creation. What comes back from a call may be older than what an event brought.
func (b *book) put(r payment.Record) {
	if i := b.index(r.Order.Number); i >= 0 {
		if r.Seq() >= b.orders[i].Seq() {
			b.orders[i] = r
		}
	} else {
		b.orders = append(b.orders, r)
		slices.SortStableFunc(b.orders, func(x, y payment.Record) int { return y.Order.Created.Compare(x.Order.Created) })
	}
	n := 0
	b.orders = slices.DeleteFunc(b.orders, func(r payment.Record) bool {
		n++
		return n > kept && !b.pinned[r.Order.Number] && !unfinished(r.State())
	})
}

// unfinished reports whether something is still to come of an order, however old it is.
func unfinished(s payment.State) bool { return s.Status.Open() || s.Owes() }

// pin keeps an order however old it is.
func (b *book) pin(r payment.Record) {
	if r.Order.Number == "" {
		return
	}
	if b.pinned == nil {
		b.pinned = map[string]bool{}
	}
	b.pinned[r.Order.Number] = true
	b.put(r)
}

func (b *book) index(number string) int {
	return slices.IndexFunc(b.orders, func(r payment.Record) bool { return r.Order.Number == number })
}

func (b *book) order(number string) (payment.Record, bool) {
	if i := b.index(number); i >= 0 {
		return b.orders[i], true
	}
	return payment.Record{}, false
}

// cases are the orders nobody knows the outcome of, newest first.
func (b *book) cases() []payment.Record {
	return b.filter(func(r payment.Record) bool { return r.State().Status == payment.StatusUnknown })
}

// unsigned is the oldest order whose signature nobody has compared.
func (b *book) unsigned() (found payment.Record, ok bool) {
	for _, r := range b.orders {
		if r.State().Signature == payment.SignatureWanted {
			found, ok = r, true
		}
	}
	return found, ok
}

// terminal returns a terminal in use.
func (b *book) terminal(id string) (till.TerminalState, bool) {
	for _, t := range b.terminals {
		if t.Terminal.ID == id {
			return t, true
		}
	}
	return till.TerminalState{}, false
}

func (b *book) filter(want func(payment.Record) bool) (found []payment.Record) {
	for _, r := range b.orders {
		if want(r) {
			found = append(found, r)
		}
	}
	return found
}
