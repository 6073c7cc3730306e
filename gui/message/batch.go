package message

import (
	"strconv"
	"strings"

	"tillkeeper/payment"
)

// Batch puts into words what came of closing a terminal's day.
func (c *Catalogue) Batch(b payment.Batch) Verdict {
	w := c.Code(b.Code)
	switch b.Outcome {
	case payment.BatchClosed:
		totals := c.totals(b.Totals)
		v := Verdict{Mark: MarkPaid, Title: c.Text(BatchClosed), Money: totals, Next: c.Text(BatchNext)}
		if totals == "" {
			v.Money = c.Text(BatchNoTotals)
		}
		return v
	case payment.BatchRefused, payment.BatchNotSent:
		mark := MarkDeclined
		if b.Outcome == payment.BatchNotSent {
			mark = MarkNotSent
		}
		return Verdict{Mark: mark, Title: c.Text(BatchNotClosed), Why: w.Sentence, Money: c.Text(BatchMoney), Next: w.Next}
	default:
		return Verdict{Mark: MarkUnknown, Title: c.Text(BatchUnknown), Why: w.Sentence, Money: c.Text(BatchMoney), Next: c.Text(BatchNextUnknown)}
	}
}

// totals writes counts and sums as the terminal gave them, a line each; what it did not say has no line.
func (c *Catalogue) totals(t payment.Totals) string {
	var lines []string
	for _, part := range []struct {
		label ID
		of    payment.Subtotal
	}{{BatchSales, t.Sales}, {BatchRefunds, t.Refunds}, {BatchAdjustments, t.Adjustments}} {
		if part.label == BatchAdjustments && part.of.Count <= 0 {
			continue // few terminals know the word; none of them is no news
		}
		if text := c.subtotal(part.of); text != "" {
			lines = append(lines, c.Text(part.label)+": "+text)
		}
	}
	return strings.Join(lines, "\n")
}

func (c *Catalogue) subtotal(s payment.Subtotal) string {
	var parts []string
	if s.Count >= 0 {
		parts = append(parts, strconv.Itoa(s.Count))
	}
	if s.Amount.Known() {
		parts = append(parts, c.Amount(s.Amount))
	}
	return strings.Join(parts, " · ")
}
