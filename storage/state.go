package storage

import (
	"context"
	"database/sql"

	"tillkeeper/payment"
)

// derived is a row of order_states.
type derived struct {
	status     payment.Status
	open       bool
	moved      parts
	refundable sql.NullInt64
	card       string
	owes       bool
}

func derive(r payment.Record) derived {
	s := r.State()
	return derived{
		status:     s.Status,
		open:       s.Status.Open(),
		moved:      partsOf(s.Moved),
		refundable: minor(s.Refundable),
		card:       s.Facts.Card,
		owes:       s.Owes(),
	}
}

const putStateSQL = `INSERT INTO order_states (order_id, status, open, moved_amount, moved_tip,
	moved_cashback, moved_surcharge, refundable, card, owes) VALUES (?,?,?,?,?,?,?,?,?,?)
	ON CONFLICT (order_id) DO UPDATE SET status = excluded.status, open = excluded.open,
	moved_amount = excluded.moved_amount, moved_tip = excluded.moved_tip,
	moved_cashback = excluded.moved_cashback, moved_surcharge = excluded.moved_surcharge,
	refundable = excluded.refundable, card = excluded.card, owes = excluded.owes`

func putState(ctx context.Context, t *session, order int64, d derived) error {
	return t.exec(ctx, putStateSQL, order, string(d.status), d.open,
		d.moved[0], d.moved[1], d.moved[2], d.moved[3], d.refundable, d.card, d.owes)
}

func getState(ctx context.Context, t *session, order int64) (d derived, err error) {
	err = t.one(ctx, []any{&d.status, &d.open, &d.moved[0], &d.moved[1], &d.moved[2], &d.moved[3],
		&d.refundable, &d.card, &d.owes},
		`SELECT status, open, moved_amount, moved_tip, moved_cashback, moved_surcharge, refundable, card, owes
		FROM order_states WHERE order_id = ?`, order)
	return d, err
}

// settle stores what follows from r, and from that for the order it points at, and
// so on: the refund of a completion is a matter of its pre-auth too.
func (s *Store) settle(ctx context.Context, t *session, r *row) error {
	if err := putState(ctx, t, r.id, derive(r.Record)); err != nil {
		return err
	}
	if r.Order.Original == "" {
		return nil
	}
	original, err := s.byNumber(ctx, t, r.Order.Original)
	if err != nil || original == nil {
		return err
	}
	return s.settle(ctx, t, original)
}
