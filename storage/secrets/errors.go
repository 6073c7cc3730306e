package secrets

import (
	"context"
	"errors"
	"time"

	"tillkeeper/payment"
)

// locked is an error of this package. Its text never holds a secret.
func locked(format string, args ...any) *payment.Error {
	return payment.Errorf(payment.CodeSecretsLocked, format, args...)
}

func unreachable(err error) *payment.Error {
	return locked("a secret is in the key store of the system, which does not give it out; log in to the desktop, unlock it and try again: %w", err)
}

// asOne makes one *payment.Error of several joined ones.
func asOne(err error) error {
	var one *payment.Error
	if err == nil || !errors.As(err, &one) {
		return err
	}
	if err.Error() == one.Error() {
		return one
	}
	return locked("%w", err)
}

// patience is a context that ends by itself: the interface has none, and nobody may
// wait for ever.
func patience(d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), d)
}
