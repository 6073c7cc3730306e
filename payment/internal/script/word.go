package script

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Known says what is wrong with a word that is none of words: what it is for, and
// which there are.
func Known[T ~string](what string, word T, words []T) error {
	if slices.Contains(words, word) {
		return nil
	}
	all := make([]string, 0, len(words))
	for _, w := range words {
		if w != "" {
			all = append(all, string(w))
		}
	}
	return fmt.Errorf("%s %q is none of %s", what, word, strings.Join(all, ", "))
}

// Span is a time in a line of a script, in the forms of [ParseSpan].
type Span time.Duration

// UnmarshalText reads a span.
func (s *Span) UnmarshalText(text []byte) error {
	d, err := ParseSpan(string(text))
	*s = Span(d)
	return err
}

// maxSeconds is as many as a [time.Duration] holds, and some to spare.
const maxSeconds = 1_000_000_000

// ParseSpan reads "3s", or a plain number of seconds, or nothing.
func ParseSpan(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	if n, err := strconv.Atoi(strings.TrimSpace(text)); err == nil && n >= 0 && n < maxSeconds {
		return time.Duration(n) * time.Second, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("%q is not a time span such as 3s", text)
	}
	return d, nil
}
