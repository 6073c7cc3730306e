package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"tillkeeper/payment"
)

// maskOrder returns o as it is stored: free text masked, times as they come back.
func (s *Store) maskOrder(o payment.Order) payment.Order {
	for _, text := range []*string{&o.TerminalName, &o.Note, &o.Reason, &o.Staff} {
		*text = payment.Mask(*text)
	}
	if o.Created.IsZero() {
		o.Created = s.now()
	}
	o.Created = stored(o.Created)
	return o
}

// maskEntries does for entries what maskOrder does for orders. Entries without a
// time get the present one, one for all.
func (s *Store) maskEntries(entries []payment.Entry) []payment.Entry {
	now := s.now()
	masked := make([]payment.Entry, len(entries))
	for i, e := range entries {
		for _, text := range []*string{&e.Detail, &e.Staff, &e.Reason, &e.Proof, &e.Raw} {
			*text = payment.Mask(*text)
		}
		if e.Time.IsZero() {
			e.Time = now
		}
		e.Time, e.Facts = stored(e.Time), maskFacts(e.Facts)
		masked[i] = e
	}
	return masked
}

const insertOrderSQL = `INSERT INTO orders (number, operation, original, terminal, terminal_name, protocol,
	currency, places, amount, tip, cashback, surcharge, ask_tip, note, reason, staff,
	created, created_offset, despite, holder, words)
	VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`

func insertOrder(ctx context.Context, t *session, o payment.Order, holder string) (int64, error) {
	despite, err := json.Marshal(o.Despite)
	if err != nil {
		return 0, err
	}
	sums, created, currency := partsOf(o.Asked), instantOf(o.Created), o.Asked.Currency()
	return t.insert(ctx, insertOrderSQL,
		o.Number, string(o.Operation), optional(o.Original), o.Terminal, o.TerminalName, o.Protocol,
		string(currency), currency.Places(), sums[0], sums[1], sums[2], sums[3], o.AskTip, o.Note, o.Reason, o.Staff,
		created.nano, created.offset, string(despite), holder, words(o))
}

// words is what Filter.Search looks through.
func words(o payment.Order) string { return strings.ToLower(o.Note + "\n" + o.Reason) }

const orderColumns = `o.id, o.number, o.operation, o.original, o.terminal, o.terminal_name, o.protocol,
	o.currency, o.amount, o.tip, o.cashback, o.surcharge, o.ask_tip, o.note, o.reason, o.staff,
	o.created, o.created_offset, o.despite, o.holder`

// row is an order with its keys in the database.
type row struct {
	id     int64
	holder string
	payment.Record
}

func scanOrder(rows *sql.Rows) (*row, error) {
	var (
		r        row
		o        = &r.Order
		original sql.NullString
		sums     parts
		created  instant
		currency payment.Currency
		despite  string
	)
	err := rows.Scan(&r.id, &o.Number, &o.Operation, &original, &o.Terminal, &o.TerminalName, &o.Protocol,
		&currency, &sums[0], &sums[1], &sums[2], &sums[3], &o.AskTip, &o.Note, &o.Reason, &o.Staff,
		&created.nano, &created.offset, &despite, &r.holder)
	if err != nil {
		return nil, err
	}
	o.Original, o.Asked, o.Created = original.String, sums.amounts(currency), created.time()
	if err := json.Unmarshal([]byte(despite), &o.Despite); err != nil {
		return nil, fmt.Errorf("order %s: despite: %w", o.Number, err)
	}
	return &r, nil
}

const insertEntrySQL = `INSERT INTO entries (order_id, time, time_offset, source, kind, outcome, code,
	detail, facts, paid, staff, reason, proof, raw) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)`

// insertEntries stores entries and numbers them.
func insertEntries(ctx context.Context, t *session, order int64, entries []payment.Entry) error {
	for i := range entries {
		e := &entries[i]
		facts, err := factsColumn(e.Facts)
		if err != nil {
			return err
		}
		at := instantOf(e.Time)
		e.Seq, err = t.insert(ctx, insertEntrySQL, order, at.nano, at.offset, string(e.Source), string(e.Kind),
			string(e.Outcome), string(e.Code), e.Detail, facts, e.Paid, e.Staff, e.Reason, e.Proof, e.Raw)
		if err != nil {
			return err
		}
	}
	return nil
}

const entryColumns = `e.order_id, e.seq, e.time, e.time_offset, e.source, e.kind, e.outcome, e.code,
	e.detail, e.facts, e.paid, e.staff, e.reason, e.proof, e.raw`

func scanEntry(rows *sql.Rows) (order int64, e payment.Entry, err error) {
	var at instant
	var facts sql.NullString
	err = rows.Scan(&order, &e.Seq, &at.nano, &at.offset, &e.Source, &e.Kind, &e.Outcome, &e.Code,
		&e.Detail, &facts, &e.Paid, &e.Staff, &e.Reason, &e.Proof, &e.Raw)
	if err != nil {
		return 0, e, err
	}
	e.Time = at.time()
	if e.Facts, err = factsOf(facts); err != nil {
		return 0, e, fmt.Errorf("entry %d: facts: %w", e.Seq, err)
	}
	return order, e, nil
}
