package cli

import (
	"strconv"
	"strings"
	"time"

	"tillkeeper/payment"
)

// moment reads a time as people type it: RFC 3339, a date with or without a time of
// day, "now", "today", "yesterday", or how long ago ("2h", "90m", "3d"). A whole
// day means its beginning, or its end where whole is set. "" is the zero time.
func moment(flag, text string, now time.Time, whole bool) (time.Time, error) {
	text = strings.TrimSpace(text)
	year, month, day := now.Local().Date()
	today := time.Date(year, month, day, 0, 0, 0, 0, time.Local)
	switch text {
	case "":
		return time.Time{}, nil
	case "now":
		return now, nil
	case "today":
		return edge(today, whole), nil
	case "yesterday":
		return edge(today.AddDate(0, 0, -1), whole), nil
	}
	if t, err := time.ParseInLocation(time.DateOnly, text, time.Local); err == nil {
		return edge(t, whole), nil
	}
	for _, layout := range []string{time.RFC3339Nano, time.DateTime, "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02T15:04"} {
		if t, err := time.ParseInLocation(layout, text, time.Local); err == nil {
			return t, nil
		}
	}
	if ago, ok := ago(text); ok {
		return now.Add(-ago), nil
	}
	return time.Time{}, usage(`%s %q is no time; write a date, RFC 3339, "today", or how long ago, such as 2h`, flag, payment.Mask(text))
}

func edge(day time.Time, end bool) time.Time {
	if end {
		return day.AddDate(0, 0, 1) // not 24 hours: clocks change
	}
	return day
}

// ago reads how long ago something was; days are of 24 hours.
func ago(text string) (time.Duration, bool) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 16)
		return time.Duration(n) * 24 * time.Hour, err == nil
	}
	d, err := time.ParseDuration(text)
	return d, err == nil && d >= 0
}

// span is a flag for how long something may take: "90s", "2m", or a plain number of
// seconds.
type span time.Duration

// Set reads the flag's value.
func (s *span) Set(text string) error {
	if n, err := strconv.ParseUint(text, 10, 24); err == nil {
		*s = span(time.Duration(n) * time.Second)
		return nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return usage("%q is not how long something may take, such as 90s", payment.Mask(text))
	}
	*s = span(d)
	return nil
}

// String is the value as a person may type it.
func (s *span) String() string { return time.Duration(*s).String() }

// Type names the value in help texts.
func (s *span) Type() string { return "duration" }
