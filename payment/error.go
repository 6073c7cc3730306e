package payment

import (
	"errors"
	"fmt"
)

// ErrNotSent is wrapped by an error of Driver.Do when, and only when, no byte of
// the request can have left. Every other error of Do means unknown.
var ErrNotSent = errors.New("not sent")

// Error is a failure with a code for programs and a plain English sentence for logs
// and the command line. Anything that is not an *Error counts as CodeInternal.
type Error struct {
	Code Code
	// Text says what is wrong, without a full stop and without card data.
	Text string
	// Order is the number of the order in the way, where there is one.
	Order string
	// Err is the cause, nil where there is none.
	Err error
}

// Errorf returns an *Error with a formatted text. A %w verb in format sets the
// cause.
func Errorf(code Code, format string, args ...any) *Error {
	err := fmt.Errorf(format, args...)
	return &Error{Code: code, Text: err.Error(), Err: errors.Unwrap(err)}
}

// About returns the error with the number of the order that is in the way.
func (e *Error) About(number string) *Error {
	about := *e
	about.Order = number
	return &about
}

// Error returns the text.
func (e *Error) Error() string { return e.Text }

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// CodeOf returns the code of err, CodeInternal where it has none and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return CodeInternal
}

// NotSent returns an *Error of code that wraps ErrNotSent.
func NotSent(code Code, format string, args ...any) *Error {
	e := Errorf(code, format, args...)
	cause := error(ErrNotSent)
	if e.Err != nil {
		cause = errors.Join(ErrNotSent, e.Err)
	}
	return &Error{Code: code, Text: e.Text, Err: cause}
}
