package message

import (
	"time"

	"tillkeeper/payment"
)

// Step is one line of an order's story.
type Step struct {
	Time time.Time
	Mark Mark
	Text string
}

// Story tells an order's entries in plain words, oldest first. Questions that brought the same again and again are one
// step.
func (c *Catalogue) Story(r payment.Record, now time.Time) []Step {
	t := teller{words: c, record: r, now: now}
	for i := 0; i < len(r.Entries); {
		n := alike(r.Entries[i:])
		if text, mark := t.tell(r.Entries[i:i+n], r.Entries[:i]); text != "" {
			t.steps = append(t.steps, Step{Time: r.Entries[i].Time, Mark: mark, Text: text})
		}
		i += n
	}
	return t.steps
}

// alike counts the entries at the beginning that say the same.
func alike(entries []payment.Entry) int {
	first, n := entries[0], 1
	if first.Kind != payment.KindNoAnswer && first.Kind != payment.KindStatus {
		return 1
	}
	for n < len(entries) && entries[n].Kind == first.Kind && entries[n].Outcome == first.Outcome && entries[n].Source == first.Source {
		n++
	}
	return n
}

// teller turns entries into steps.
type teller struct {
	words  *Catalogue
	record payment.Record
	now    time.Time
	steps  []Step
}

// tell puts entries that say the same into words; before are those that came earlier.
func (t *teller) tell(same, before []payment.Entry) (string, Mark) {
	c, e := t.words, same[0]
	order := t.record.Order
	switch e.Kind {
	case payment.KindCreated:
		return c.Text(StoryCreated, "Operation", c.Operation(order.Operation), "Amount", c.Amount(order.Asked.Total()),
			"Terminal", order.TerminalName), MarkNone
	case payment.KindSent:
		return c.Text(StorySent), MarkNone
	case payment.KindWaiting:
		return c.Text(StoryWaiting), MarkNone
	case payment.KindProcessing:
		return c.Text(StoryProcessing), MarkNone
	case payment.KindCancelRequested:
		if e.Source == payment.FromStaff {
			return c.Text(StoryCancelStaff), MarkNone
		}
		return c.Text(StoryCancelTill), MarkNone
	case payment.KindNotSent:
		return c.Text(StoryNotSent, "Why", c.Code(e.Code).Sentence), MarkNotSent
	case payment.KindUnanswered, payment.KindOrphaned:
		return c.Text(StoryDoubt, "Why", c.Code(e.Code).Sentence), MarkUnknown
	case payment.KindNoAnswer:
		return c.Count(StoryNoAnswer, len(same), "Time", c.Moment(same[len(same)-1].Time, t.now)), MarkUnknown
	case payment.KindMismatch:
		return c.Text(StoryMismatch, "Why", c.Code(e.Code).Sentence), MarkUnknown
	case payment.KindAnswer, payment.KindStatus:
		return t.wants(same[len(same)-1])(t.said(same, before))
	case payment.KindDecided:
		return c.Text(t.decidedID(e), "Staff", c.somebody(e.Staff), "Reason", e.Reason, "Proof", e.Proof), MarkNote
	case payment.KindApproval:
		return c.Text(StoryApproval), MarkNote
	default:
		return t.duty(e)
	}
}

// duty tells what was done about an order beside its outcome.
func (t *teller) duty(e payment.Entry) (string, Mark) {
	c := t.words
	switch {
	case e.Kind == payment.KindAccepted && e.Facts != nil:
		return c.Text(StoryAccepted, "Reference", e.Facts.Reference), MarkNone
	case e.Kind == payment.KindAcknowledged:
		return c.Text(StoryAcknowledged), MarkNone
	case e.Kind == payment.KindSigned && e.Paid:
		return c.Text(StorySigned, "Staff", c.somebody(e.Staff)), MarkNote
	case e.Kind == payment.KindSigned:
		return c.Text(StorySignedWrong, "Staff", c.somebody(e.Staff)), MarkNote
	case e.Kind == payment.KindTotals && e.Code == "":
		return c.Text(StoryTotalsNeither), MarkNote
	case e.Kind == payment.KindTotals:
		return c.Text(StoryTotals, "Why", c.Code(e.Code).Sentence), MarkNote
	default:
		return "", MarkNone
	}
}

// wants adds to an answer what the terminal asks the till to do about it.
func (t *teller) wants(e payment.Entry) func(string, Mark) (string, Mark) {
	return func(text string, mark Mark) (string, Mark) {
		switch {
		case e.Outcome != payment.Approved || e.Facts == nil:
		case e.Facts.ReversalDue:
			return text + " " + t.words.Text(StoryReversalDue), MarkNote
		case e.Facts.Signature:
			return text + " " + t.words.Text(StorySignature), mark
		}
		return text, mark
	}
}

func (t *teller) decidedID(e payment.Entry) ID {
	back := takesBack(t.record.Order.Operation)
	if e.Paid {
		return pick(back, StoryDecidedPaidBack, StoryDecidedPaid)
	}
	return pick(back, StoryDecidedNotPaidBack, StoryDecidedNotPaid)
}

// said tells an answer: whether it came late, and whether it overrules a decision.
func (t *teller) said(same, before []payment.Entry) (string, Mark) {
	c, e := t.words, same[len(same)-1]
	outcome := c.Outcome(t.record.Order.Operation, e.Outcome)
	mark := markOfOutcome(e.Outcome)
	if e.Kind == payment.KindStatus {
		if e.Source == payment.FromRecovery {
			return c.Text(StoryProof), MarkCancelled
		}
		if !e.Outcome.Final() {
			return c.Count(StoryStatus, len(same), "Outcome", outcome, "Time", c.Moment(e.Time, t.now)), mark
		}
	}
	late, decided, paid := false, false, false
	for _, b := range before {
		late = late || b.Kind == payment.KindUnanswered || b.Kind == payment.KindOrphaned
		if b.Kind == payment.KindDecided {
			decided, paid = true, b.Paid
		}
	}
	switch {
	case decided && paid != (e.Outcome == payment.Approved):
		return c.Text(StoryOverruled, "Outcome", outcome), mark
	case e.Kind == payment.KindStatus:
		return c.Text(StoryStatusFinal, "Outcome", outcome), mark
	case late:
		return c.Text(StoryLate, "Outcome", outcome), mark
	default:
		return c.Text(StoryAnswer, "Outcome", outcome), mark
	}
}

func markOfOutcome(o payment.Outcome) Mark {
	switch o {
	case payment.Approved:
		return MarkPaid
	case payment.Declined:
		return MarkDeclined
	case payment.Cancelled, payment.Expired, payment.Refused:
		return MarkCancelled
	default:
		return MarkUnknown
	}
}
