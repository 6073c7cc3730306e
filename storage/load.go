package storage

import (
	"context"
	"database/sql"
	"encoding/json"

	"tillkeeper/payment"
)

// load returns the orders that tail, the end of a SELECT, chooses, whole and in its
// order.
func (s *Store) load(ctx context.Context, t *session, tail string, args ...any) ([]*row, error) {
	var found []*row
	err := t.each(ctx, func(rows *sql.Rows) error {
		r, err := scanOrder(rows)
		found = append(found, r)
		return err
	}, `SELECT `+orderColumns+` FROM orders o `+tail, args...)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	if err := loadEntries(ctx, t, found); err != nil {
		return nil, err
	}
	if err := loadFollowUps(ctx, t, found); err != nil {
		return nil, err
	}
	s.hold.name(found)
	return found, nil
}

// byNumber returns one order, nil if there is none of that number.
func (s *Store) byNumber(ctx context.Context, t *session, number string) (*row, error) {
	found, err := s.load(ctx, t, `WHERE o.number = ?`, number)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	return found[0], nil
}

func loadEntries(ctx context.Context, t *session, found []*row) error {
	byID, ids := map[int64]*row{}, make([]int64, len(found))
	for i, r := range found {
		byID[r.id], ids[i] = r, r.id
	}
	list, err := json.Marshal(ids)
	if err != nil {
		return err
	}
	return t.each(ctx, func(rows *sql.Rows) error {
		id, e, err := scanEntry(rows)
		if err != nil {
			return err
		}
		byID[id].Entries = append(byID[id].Entries, e)
		return nil
	}, `SELECT `+entryColumns+` FROM entries e
		WHERE e.order_id IN (SELECT value FROM json_each(?)) ORDER BY e.seq`, string(list))
}

const followUpSQL = `SELECT o.original, o.number, o.operation, o.currency, s.status, s.open,
	o.amount, o.tip, o.cashback, o.surcharge,
	s.moved_amount, s.moved_tip, s.moved_cashback, s.moved_surcharge
	FROM orders o JOIN order_states s ON s.order_id = o.id
	WHERE o.original IN (SELECT value FROM json_each(?)) ORDER BY o.id`

// loadFollowUps takes what the follow-ups come to from their stored states, so that
// their entries need not be read.
func loadFollowUps(ctx context.Context, t *session, found []*row) error {
	byNumber, numbers := map[string]*row{}, make([]string, len(found))
	for i, r := range found {
		byNumber[r.Order.Number], numbers[i] = r, r.Order.Number
	}
	list, err := json.Marshal(numbers)
	if err != nil {
		return err
	}
	return t.each(ctx, func(rows *sql.Rows) error {
		original, f, err := scanFollowUp(rows)
		if err != nil {
			return err
		}
		byNumber[original].FollowUps = append(byNumber[original].FollowUps, f)
		return nil
	}, followUpSQL, string(list))
}

func scanFollowUp(rows *sql.Rows) (original string, f payment.FollowUp, err error) {
	var currency payment.Currency
	var open bool
	var asked, moved parts
	err = rows.Scan(&original, &f.Number, &f.Operation, &currency, &f.Status, &open,
		&asked[0], &asked[1], &asked[2], &asked[3], &moved[0], &moved[1], &moved[2], &moved[3])
	f.Amounts = moved.amounts(currency)
	if open {
		f.Amounts = asked.amounts(currency)
	}
	return original, f, err
}

// name sets the holders of orders, asking once for each token.
func (h *hold) name(found []*row) {
	known := map[string]payment.Holder{}
	for _, r := range found {
		holder, ok := known[r.holder]
		if !ok {
			holder = h.of(r.holder)
			known[r.holder] = holder
		}
		r.Holder = holder
	}
}

func records(rows []*row) []payment.Record {
	all := make([]payment.Record, len(rows))
	for i, r := range rows {
		all[i] = r.Record
	}
	return all
}
