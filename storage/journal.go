package storage

import (
	"context"

	sqlite3 "modernc.org/sqlite/lib"

	"tillkeeper/payment"
)

// Journal is the book of orders of a Store.
type Journal struct{ s *Store }

var _ payment.Journal = (*Journal)(nil)

// Journal returns the book of orders.
func (s *Store) Journal() *Journal { return &Journal{s} }

// Create implements payment.Journal. Besides the errors of payment.MayStart it
// gives CodeCannotRecord, and CodeInternal for a number that was used before; with
// either, nothing is stored. After ctx has ended it stores nothing.
func (j *Journal) Create(ctx context.Context, o payment.Order, entries ...payment.Entry) (payment.Record, error) {
	if err := ctx.Err(); err != nil {
		return payment.Record{}, payment.NotSent(payment.CodeWithdrawn, "the order was given up before it was recorded: %w", err)
	}
	s := j.s
	r := &row{holder: s.hold.token}
	r.Order, r.Entries, r.Holder = s.maskOrder(o), s.maskEntries(entries), payment.HeldHere
	if err := s.hold.claim(ctx); err != nil {
		return payment.Record{}, notSent(s.writeError("hold orders", err))
	}
	err := s.writing(ctx, "create order "+o.Number, func(ctx context.Context, t *session) error {
		if err := s.mayStart(ctx, t, r.Order); err != nil {
			return err
		}
		var err error
		if r.id, err = insertOrder(ctx, t, r.Order, r.holder); err != nil {
			return numberUsed(o.Number, err)
		}
		if err := insertEntries(ctx, t, r.id, r.Entries); err != nil {
			return err
		}
		return s.settle(ctx, t, r)
	})
	if err != nil {
		return payment.Record{}, notSent(err)
	}
	return r.Record, nil
}

// mayStart reads what the rules need, under the writer's lock.
func (s *Store) mayStart(ctx context.Context, t *session, o payment.Order) error {
	open, err := s.load(ctx, t, `WHERE `+isOpen+` AND o.terminal = ? ORDER BY +o.created, o.id`, o.Terminal)
	if err != nil {
		return err
	}
	var original *payment.Record
	if o.Operation.NeedsOriginal() && o.Original != "" {
		found, err := s.byNumber(ctx, t, o.Original)
		if err != nil {
			return err
		}
		if found != nil {
			original = &found.Record
		}
	}
	return payment.MayStart(o, records(open), original)
}

// Append implements payment.Journal. It records even when ctx has ended: what a
// terminal said is not lost because nobody waits for it any more.
func (j *Journal) Append(ctx context.Context, number string, entries ...payment.Entry) (payment.Record, error) {
	s := j.s
	var r *row
	added := s.maskEntries(entries)
	err := s.writing(ctx, "append to order "+payment.Mask(number), func(ctx context.Context, t *session) (err error) {
		if r, err = s.byNumber(ctx, t, number); err != nil {
			return err
		}
		if r == nil {
			return unknownOrder(number)
		}
		if err := insertEntries(ctx, t, r.id, added); err != nil {
			return err
		}
		r.Entries = append(r.Entries, added...)
		return s.settle(ctx, t, r)
	})
	if err != nil {
		return payment.Record{}, err
	}
	return r.Record, nil
}

// Find implements payment.Journal.
func (j *Journal) Find(ctx context.Context, number string) (payment.Record, error) {
	var r *row
	err := j.s.reading(ctx, "find order", func(t *session) (err error) {
		if r, err = j.s.byNumber(ctx, t, number); err == nil && r == nil {
			return unknownOrder(number)
		}
		return err
	})
	if err != nil {
		return payment.Record{}, err
	}
	return r.Record, nil
}

// Open implements payment.Journal.
func (j *Journal) Open(ctx context.Context) ([]payment.Record, error) {
	var found []*row
	err := j.s.reading(ctx, "read open orders", func(t *session) (err error) {
		found, err = j.s.load(ctx, t, `WHERE `+isOpen+` ORDER BY +o.created, o.id`)
		return err
	})
	return records(found), err
}

// numberUsed names the one thing that can be wrong with an order the rules let
// through: its number.
func numberUsed(number string, err error) error {
	if _, extended := sqliteCode(err); extended != sqlite3.SQLITE_CONSTRAINT_UNIQUE {
		return err
	}
	return payment.NotSent(payment.CodeInternal, "the order number %s was used before", number)
}

func unknownOrder(number string) error {
	return payment.Errorf(payment.CodeUnknownOrder, "there is no order %q", payment.Mask(number))
}
