package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"tillkeeper/payment"
)

var _ payment.Batches = (*Journal)(nil)

// BeginBatch implements payment.Batches.
func (j *Journal) BeginBatch(ctx context.Context, b payment.Batch) error {
	asked := instantOf(b.Asked)
	return j.s.writing(ctx, "begin batch close", func(ctx context.Context, t *session) error {
		return t.exec(ctx, `INSERT INTO batches (number, terminal, terminal_name, protocol, staff, asked, asked_offset)
			VALUES (?,?,?,?,?,?,?)`,
			b.Number, b.Terminal, b.TerminalName, b.Protocol, payment.Mask(b.Staff), asked.nano, asked.offset)
	})
}

// FinishBatch implements payment.Batches.
func (j *Journal) FinishBatch(ctx context.Context, b payment.Batch) error {
	totals, err := json.Marshal(storedTotalsOf(b.Totals))
	if err != nil {
		return err
	}
	answered := instantOf(b.Answered)
	return j.s.writing(ctx, "finish batch close", func(ctx context.Context, t *session) error {
		var id int64
		err := t.one(ctx, []any{&id}, `SELECT id FROM batches WHERE number = ?`, b.Number)
		if isNone(err) {
			return errors.New("there is no batch " + b.Number)
		} else if err != nil {
			return err
		}
		return t.exec(ctx, `INSERT INTO batch_answers (batch_id, answered, answered_offset, outcome, code, totals)
			VALUES (?,?,?,?,?,?)`, id, answered.nano, answered.offset, string(b.Outcome), string(b.Code), string(totals))
	})
}

// ListBatches implements payment.Batches.
func (j *Journal) ListBatches(ctx context.Context, terminal string, limit int) (all []payment.Batch, err error) {
	err = j.s.reading(ctx, "list batches", func(t *session) error {
		return t.each(ctx, func(rows *sql.Rows) error {
			b, err := batchOf(rows)
			all = append(all, b)
			return err
		}, `SELECT b.number, b.terminal, b.terminal_name, b.protocol, b.staff, b.asked, b.asked_offset,
			a.answered, a.answered_offset, a.outcome, a.code, a.totals
			FROM batches b LEFT JOIN batch_answers a
			ON a.id = (SELECT max(id) FROM batch_answers WHERE batch_id = b.id)
			WHERE ?1 = '' OR b.terminal = ?1 ORDER BY b.id DESC LIMIT ?2`, terminal, limit)
	})
	return all, err
}

func batchOf(rows *sql.Rows) (b payment.Batch, err error) {
	var asked instant
	var nano, offset sql.NullInt64
	var outcome, code, totals sql.NullString
	err = rows.Scan(&b.Number, &b.Terminal, &b.TerminalName, &b.Protocol, &b.Staff, &asked.nano, &asked.offset,
		&nano, &offset, &outcome, &code, &totals)
	if err != nil {
		return b, err
	}
	b.Asked, b.Outcome = asked.time(), payment.BatchUnknown
	b.Totals = payment.Totals{Sales: payment.Unsaid, Refunds: payment.Unsaid, Adjustments: payment.Unsaid}
	if !outcome.Valid {
		return b, nil
	}
	answered := instant{nano: nano.Int64}
	answered.offset = int(offset.Int64)
	b.Answered, b.Outcome, b.Code = answered.time(), payment.BatchOutcome(outcome.String), payment.Code(code.String)
	var said storedTotals
	if err := json.Unmarshal([]byte(totals.String), &said); err != nil {
		return b, err
	}
	b.Totals = said.totals()
	return b, nil
}

// storedTotals are payment.Totals as the JSON of a column.
type storedTotals struct {
	Batch       string         `json:"batch,omitempty"`
	Sales       storedSubtotal `json:"sales"`
	Refunds     storedSubtotal `json:"refunds"`
	Adjustments storedSubtotal `json:"adjustments"`
	Text        string         `json:"text,omitempty"`
	Raw         string         `json:"raw,omitempty"`
}

type storedSubtotal struct {
	Count  int           `json:"count"`
	Amount *storedAmount `json:"amount,omitempty"`
}

func storedTotalsOf(t payment.Totals) storedTotals {
	sub := func(s payment.Subtotal) storedSubtotal { return storedSubtotal{s.Count, storedAmountOf(s.Amount)} }
	return storedTotals{
		Batch: payment.Mask(t.Batch), Sales: sub(t.Sales), Refunds: sub(t.Refunds), Adjustments: sub(t.Adjustments),
		Text: payment.Mask(t.Text), Raw: payment.Mask(t.Raw),
	}
}

func (s storedTotals) totals() payment.Totals {
	sub := func(s storedSubtotal) payment.Subtotal {
		return payment.Subtotal{Count: s.Count, Amount: s.Amount.amount()}
	}
	return payment.Totals{
		Batch: s.Batch, Sales: sub(s.Sales), Refunds: sub(s.Refunds), Adjustments: sub(s.Adjustments), Text: s.Text, Raw: s.Raw,
	}
}
