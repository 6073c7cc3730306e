package secrets

import (
	"fmt"
	"io"
	"log/slog"
)

// hidden is printed in place of what must not be.
const hidden = "(hidden)"

// Passphrase is a text that prints as "(hidden)" wherever it turns up.
type Passphrase string

// Format implements fmt.Formatter, for every verb.
func (Passphrase) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }

// LogValue implements slog.LogValuer.
func (Passphrase) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText implements encoding.TextMarshaler, for JSON and the like.
func (Passphrase) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// The methods below take the value, so that a Store prints as little without its
// pointer.

// String says whose secrets these are and nothing of them.
func (s Store) String() string { return "secrets of " + s.dir }

// Format implements fmt.Formatter, for every verb.
func (s Store) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// LogValue implements slog.LogValuer.
func (s Store) LogValue() slog.Value { return slog.StringValue(s.String()) }

// Format implements fmt.Formatter, for every verb.
func (c contents) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) }
