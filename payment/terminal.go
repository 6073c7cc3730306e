package payment

import (
	"context"
	"time"
)

// Terminal is a payment device, or the cloud that stands for one, as a technician
// set it up.
type Terminal struct {
	// ID never changes and is never given to another terminal.
	ID   string
	Name string
	// Protocol names the driver: "ecrhub", "comgate" …
	Protocol string
	// Address is in the protocol's normal form, such as "ecrhub://192.0.2.40:35779".
	Address string
	// Settings are plain; secrets are kept apart.
	Settings map[string]string
	// Default: taken where no terminal is named.
	Default bool
	Added   time.Time
	// Removed is set when the terminal was taken out of use; its orders stay.
	Removed bool
	// Learnt are the operations that the terminal turned down because its provider
	// has not enabled them, and the day it said so (2006-01-02). A test of the terminal
	// forgets them.
	Learnt map[Operation]string
}

// SettingCurrency is the setting that every protocol has.
const SettingCurrency = "currency"

// DefaultCurrency is used for a terminal without the setting.
const DefaultCurrency Currency = "USD"

// Currency returns the currency that the terminal charges in.
func (t Terminal) Currency() Currency {
	if c, err := ParseCurrency(t.Settings[SettingCurrency]); err == nil {
		return c
	}
	return DefaultCurrency
}

// Terminals stores the terminals of this till. All methods give *Error for bad
// names; methods that write are durable when they return.
type Terminals interface {
	// All returns the terminals in use, oldest first.
	All(ctx context.Context) ([]Terminal, error)
	// Find returns the terminal with that id or, in use, that name ("" is the
	// default). CodeNoTerminal: there is none at all. CodeUnknownTerminal: no such
	// one.
	Find(ctx context.Context, name string) (Terminal, error)
	// Add stores t under its name; ID, Added and, for the first one, Default are
	// set by the store. CodeNameTaken, CodeAddressTaken: in use already.
	Add(ctx context.Context, t Terminal) (Terminal, error)
	// Update stores new settings, address and name of t.ID.
	Update(ctx context.Context, t Terminal) error
	// Learn stores what was learnt about a terminal, in place of what was known.
	Learn(ctx context.Context, id string, learnt map[Operation]string) error
	// SetDefault makes the terminal with that id the default.
	SetDefault(ctx context.Context, id string) error
	// Remove takes the terminal out of use. If it was the default, the oldest
	// remaining one becomes it. It is refused with CodeOriginalOpen while the
	// terminal has open orders.
	Remove(ctx context.Context, id string) error
}

// Secrets keeps what must not lie in the journal's file: keys and passwords of
// terminals, by the terminal's id. Errors are *Error with CodeSecretsLocked.
type Secrets interface {
	// Get returns a secret, "" for one that was never given.
	Get(terminal, key string) (string, error)
	// Set keeps a secret, durable when it returns, in place of the one there was.
	Set(terminal, key, value string) error
	// Wipe forgets all secrets of a terminal. There may be none.
	Wipe(terminal string) error
	// Place says in a few words where they are kept and what that protects against.
	Place() string
}

// Setting explains one setting of a protocol to a technician.
type Setting struct {
	Key string
	// Default is what holds when it is not set.
	Default string
	// Help is one sentence.
	Help string
	// Check returns an error for a value that cannot be; nil takes anything.
	Check func(value string) error
}

// Protocol is what the program knows of a protocol before any driver is open.
type Protocol struct {
	Name     string
	Title    string
	Settings []Setting
	Secrets  []Setting
	// Address checks what a person typed and returns its normal form, or an *Error
	// with CodeBadAddress.
	Address func(text string) (string, error)
	// Open makes a driver; it does not touch the network.
	Open func(t Terminal, env Env) (Driver, error)
}

// Check returns an *Error with CodeBadSetting for a setting that p does not have or
// that does not hold.
func (p Protocol) Check(settings map[string]string) error {
	for key, value := range settings {
		s, ok := p.setting(key)
		if !ok {
			return Errorf(CodeBadSetting, "%s has no setting %q", p.Name, key)
		}
		if s.Check == nil {
			continue
		}
		if err := s.Check(value); err != nil {
			return Errorf(CodeBadSetting, "%s: %w", key, err)
		}
	}
	return nil
}

func (p Protocol) setting(key string) (Setting, bool) {
	for _, s := range p.Settings {
		if s.Key == key {
			return s, true
		}
	}
	return Setting{}, false
}
