package cli

import (
	"context"
	"errors"

	"tillkeeper/payment"
)

// The exit codes. What they mean is promised to scripts.
const (
	exitDone      = 0
	exitInternal  = 1
	exitUsage     = 2
	exitDeclined  = 10
	exitCancelled = 11
	exitNotSent   = 12
	exitUnknown   = 13
	exitRefused   = 14
)

// exitCode ends a command with that code; all that is to be said was said.
type exitCode int

// Error is only there to travel as an error.
func (e exitCode) Error() string { return "exit" }

// exitWith is nil for code 0.
func exitWith(code int) error {
	if code == exitDone {
		return nil
	}
	return exitCode(code)
}

// statusExit is the code for a command that was to bring an order to its end.
func statusExit(s payment.Status) int {
	switch s {
	case payment.StatusApproved, payment.StatusVoided, payment.StatusPartlyRefunded, payment.StatusRefunded,
		payment.StatusDecidedPaid:
		return exitDone
	case payment.StatusDeclined:
		return exitDeclined
	case payment.StatusCancelled, payment.StatusExpired, payment.StatusDecidedNotPaid:
		return exitCancelled
	case payment.StatusNotSent:
		return exitNotSent
	}
	return exitUnknown
}

// moneyExit is statusExit for the command that made the order: a charge that was
// taken back at once is one that nothing stays of, and one that is still to be
// taken back is not done.
func moneyExit(r payment.Record) int {
	s := r.Apparent()
	switch {
	case s.TakingBack():
		return exitUnknown
	case s.Status == payment.StatusVoided && (s.Facts.ReversalDue || s.Signature == payment.SignatureRejected):
		return exitCancelled
	}
	return statusExit(s.Status)
}

// errorExit is the code for a command that ended without an order.
func errorExit(err error) int {
	var code exitCode
	if errors.As(err, &code) {
		return int(code)
	}
	class := payment.CodeOf(err).Class()
	if class == payment.NoMoney && errors.Is(err, payment.ErrNotSent) {
		return exitNotSent // withdrawn before there was an order
	}
	return classExit[class]
}

var classExit = map[payment.Class]int{
	payment.Internal:    exitInternal,
	payment.BadInput:    exitUsage,
	payment.RuleRefusal: exitRefused,
	payment.NothingSent: exitNotSent,
	payment.NoMoney:     exitDeclined,
	payment.InDoubt:     exitUnknown,
}

// usage is an error in how the program was called.
func usage(format string, args ...any) error {
	return payment.Errorf(payment.CodeUsage, format, args...)
}

// stopped turns the end of ctx before there was an order into what it means:
// nothing was sent.
func stopped(err error) error {
	if errors.Is(err, context.Canceled) && payment.CodeOf(err) == payment.CodeInternal {
		return payment.NotSent(payment.CodeClosed, "stopped before anything was sent")
	}
	return err
}
