package storage

import (
	"context"
	"strings"

	"tillkeeper/payment"
)

// List implements payment.Journal.
func (j *Journal) List(ctx context.Context, f payment.Filter) ([]payment.Record, error) {
	tail, args := choose(f)
	var found []*row
	err := j.s.reading(ctx, "list orders", func(t *session) (err error) {
		found, err = j.s.load(ctx, t, tail, args...)
		return err
	})
	return records(found), err
}

// Since implements payment.Journal.
func (j *Journal) Since(ctx context.Context, seq int64) ([]payment.Record, int64, error) {
	var found []*row
	var last int64
	err := j.s.reading(ctx, "read new entries", func(t *session) (err error) {
		if err := t.one(ctx, []any{&last}, `SELECT coalesce(max(seq), 0) FROM entries`); err != nil {
			return err
		}
		found, err = j.s.load(ctx, t, `JOIN (SELECT order_id, max(seq) AS last FROM entries
			WHERE seq > ? GROUP BY order_id) n ON n.order_id = o.id ORDER BY n.last`, seq)
		return err
	})
	return records(found), last, err
}

// conditions collects the parts of a WHERE with their arguments.
type conditions struct {
	parts []string
	args  []any
}

func (c *conditions) add(part string, args ...any) {
	c.parts = append(c.parts, part)
	c.args = append(c.args, args...)
}

// isOpen chooses open orders by their index. They are few, so this reads a few rows
// even where SQLite's planner would rather walk the whole book in the order of its
// creation; the "+" in "ORDER BY +o.created" keeps it from that.
const isOpen = `o.id IN (SELECT order_id FROM order_states WHERE open = 1)`

// choose turns f into the end of a SELECT over orders.
func choose(f payment.Filter) (tail string, args []any) {
	var c conditions
	if !f.Since.IsZero() {
		c.add("o.created >= ?", f.Since.UnixNano())
	}
	if !f.Until.IsZero() {
		c.add("o.created < ?", f.Until.UnixNano())
	}
	if f.Status != "" {
		c.add("s.status = ?", string(f.Status))
		if f.Status.Open() {
			c.add(isOpen)
		}
	}
	if f.Operation != "" {
		c.add("o.operation = ?", string(f.Operation))
	}
	if f.Terminal != "" {
		c.add("o.terminal = ?", f.Terminal)
	}
	if f.Owing {
		c.add(`o.id IN (SELECT order_id FROM order_states WHERE owes = 1)`)
	}
	if text := strings.TrimSpace(f.Search); text != "" {
		part, args := search(text)
		c.add(part, args...)
	}
	if f.Limit <= 0 {
		f.Limit = defaultLimit
	}
	where := ""
	if len(c.parts) > 0 {
		where = "WHERE " + strings.Join(c.parts, " AND ")
	}
	return `JOIN order_states s ON s.order_id = o.id ` + where +
		` ORDER BY o.created DESC, o.id DESC LIMIT ?`, append(c.args, f.Limit)
}

// defaultLimit is how many orders a Filter without a limit chooses.
const defaultLimit = 100
