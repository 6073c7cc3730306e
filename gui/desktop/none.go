//go:build ci

package desktop

import (
	"context"
	"errors"
)

// Built reports whether this program can show a window.
const Built = false

// Show fails: this program was built without a window.
func Show(context.Context, Options) error {
	return errors.New("this program was built without a window")
}

// Trouble fails: this program was built without a window.
func Trouble(context.Context, string, string, error, func() (string, error)) error {
	return errors.New("this program was built without a window")
}
