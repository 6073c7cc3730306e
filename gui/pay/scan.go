package pay

import (
	"time"

	"tillkeeper/payment"
)

const (
	// scanPause is the longest pause inside what a scanner types; no fingers are that quick for long.
	scanPause = 60 * time.Millisecond
	// scanLength is the least length of a scanned order number.
	scanLength = 8
)

// scan notices that a scanner types: many characters in quick succession, then Enter.
type scan struct {
	text   string
	last   time.Time
	before digits // the amount as it was when the burst began
}

// rune notes a typed character; amount is what stands before it is used.
func (s *scan) rune(r rune, now time.Time, amount digits) {
	if now.Sub(s.last) > scanPause {
		s.text, s.before = "", amount
	}
	s.text += string(r)
	s.last = now
}

// enter returns the order number that was scanned, if this Enter ends one.
func (s *scan) enter(now time.Time) (number string, ok bool) {
	number, s.text = s.text, ""
	ok = now.Sub(s.last) <= scanPause && len(number) >= scanLength && payment.ValidNumber(number)
	return number, ok
}
