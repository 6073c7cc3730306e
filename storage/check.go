package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Finding is something that Check found wrong.
type Finding struct {
	// Order is the number of the order concerned, "" for the database as a whole.
	Order string
	Text  string
}

// Check proves the health of the database: its pages and indexes, its links, the
// unbroken numbering of entries, and that what is stored about each order follows
// from its entries. Without findings all is well. It reads everything and takes its
// time.
func (s *Store) Check(ctx context.Context) ([]Finding, error) {
	var found []Finding
	err := s.reading(ctx, "check", func(t *session) error {
		for _, look := range []func(context.Context, *session) ([]Finding, error){
			checkPages, checkLinks, checkNumbering, s.checkStates,
		} {
			more, err := look(ctx, t)
			found = append(found, more...)
			if err != nil {
				return err
			}
		}
		return nil
	})
	return found, err
}

func checkPages(ctx context.Context, t *session) ([]Finding, error) {
	return findings(ctx, t, `PRAGMA integrity_check`, func(rows *sql.Rows) (string, error) {
		var text string
		err := rows.Scan(&text)
		if text == "ok" {
			return "", err
		}
		return text, err
	})
}

func checkLinks(ctx context.Context, t *session) ([]Finding, error) {
	return findings(ctx, t, `PRAGMA foreign_key_check`, func(rows *sql.Rows) (string, error) {
		var table, parent string
		var id, key sql.NullInt64
		err := rows.Scan(&table, &id, &parent, &key)
		return fmt.Sprintf("row %d of %s points at nothing in %s", id.Int64, table, parent), err
	})
}

func checkNumbering(ctx context.Context, t *session) ([]Finding, error) {
	var count, last int64
	err := t.one(ctx, []any{&count, &last}, `SELECT count(*), coalesce(max(seq), 0) FROM entries`)
	if err != nil || count == last {
		return nil, err
	}
	return []Finding{{Text: fmt.Sprintf("%d entries are missing", last-count)}}, nil
}

// findings turns the rows of an answer into findings; "" is none.
func findings(ctx context.Context, t *session, query string, text func(*sql.Rows) (string, error)) (found []Finding, err error) {
	err = t.each(ctx, func(rows *sql.Rows) error {
		line, err := text(rows)
		if line != "" {
			found = append(found, Finding{Text: line})
		}
		return err
	}, query)
	return found, err
}

func (s *Store) checkStates(ctx context.Context, t *session) (found []Finding, err error) {
	err = s.walk(ctx, t, func(r *row) error {
		have, err := getState(ctx, t, r.id)
		if isNone(err) {
			found = append(found, Finding{r.Order.Number, "no state is stored"})
			return nil
		}
		if want := derive(r.Record); err == nil && have != want {
			found = append(found, Finding{r.Order.Number,
				fmt.Sprintf("the stored state %q does not follow from the entries, which say %q", have.status, want.status)})
		}
		return err
	})
	return found, err
}

// Rebuild computes everything again that follows from the entries.
func (s *Store) Rebuild(ctx context.Context) error {
	return s.writing(ctx, "rebuild states", func(ctx context.Context, t *session) error {
		// Follow-ups are younger than their originals, and settle goes from them up.
		return s.walk(ctx, t, func(r *row) error { return s.settle(ctx, t, r) })
	})
}

// walkStep is how many orders walk holds in memory.
const walkStep = 200

// walk calls visit with every order, oldest first.
func (s *Store) walk(ctx context.Context, t *session, visit func(*row) error) error {
	for last := int64(0); ; {
		found, err := s.load(ctx, t, `WHERE o.id > ? ORDER BY o.id LIMIT ?`, last, walkStep)
		if err != nil || len(found) == 0 {
			return err
		}
		for _, r := range found {
			if err := visit(r); err != nil {
				return err
			}
			last = r.id
		}
	}
}

// quickCheck looks for damage in the pages, without the indexes.
func (s *Store) quickCheck(ctx context.Context) error {
	return s.reading(ctx, "check database", func(t *session) error {
		var text string
		if err := t.one(ctx, []any{&text}, `PRAGMA quick_check(1)`); err != nil {
			return err
		}
		if text != "ok" {
			return damaged(s.path, errors.New(text))
		}
		return nil
	})
}
