package storage

import (
	"database/sql"
	"time"

	"tillkeeper/payment"
)

// instant is a time as two columns: when it was, and what the clock on the wall
// had. Which of the named zones it was is not kept.
type instant struct {
	nano   int64
	offset int
}

func instantOf(t time.Time) instant {
	_, offset := t.Zone()
	return instant{t.UnixNano(), offset}
}

func (i instant) time() time.Time {
	t := time.Unix(0, i.nano)
	if i.offset == 0 {
		return t.UTC()
	}
	if _, local := t.Zone(); local == i.offset {
		return t
	}
	return t.In(time.FixedZone("", i.offset))
}

// stored is what comes back when t is stored and read, so that what Create and
// Append return is what Find returns later.
func stored(t time.Time) time.Time { return instantOf(t).time() }

// minor is an amount as a column: minor units, NULL where it was not said.
func minor(a payment.Amount) sql.NullInt64 {
	return sql.NullInt64{Int64: a.Minor(), Valid: a.Known()}
}

func amountOf(n sql.NullInt64, c payment.Currency) payment.Amount {
	if !n.Valid {
		return payment.Amount{}
	}
	return payment.FromMinor(n.Int64, c)
}

// parts are Amounts as four columns.
type parts [4]sql.NullInt64

func partsOf(a payment.Amounts) parts {
	return parts{minor(a.Amount), minor(a.Tip), minor(a.Cashback), minor(a.Surcharge)}
}

func (p parts) amounts(c payment.Currency) payment.Amounts {
	return payment.Amounts{
		Amount:    amountOf(p[0], c),
		Tip:       amountOf(p[1], c),
		Cashback:  amountOf(p[2], c),
		Surcharge: amountOf(p[3], c),
	}
}

// optional is a text as a column that is NULL where there is none.
func optional(text string) sql.NullString {
	return sql.NullString{String: text, Valid: text != ""}
}
