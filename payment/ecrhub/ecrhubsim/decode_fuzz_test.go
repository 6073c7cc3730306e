package ecrhubsim

import (
	"strings"
	"testing"
)

// FuzzDecode: no request panics the terminal, and what it takes for an order has a number.
func FuzzDecode(f *testing.F) {
	f.Fuzz(func(t *testing.T, frame []byte) {
		terminal := New(Options{})
		defer terminal.Close()
		req, err := terminal.decode(frame)
		if err != nil {
			return
		}
		c := &conn{later: make(chan func(), 100), gone: make(chan struct{})}
		terminal.checkEnvelope(c, req, frame)
		if o, no := terminal.readOrder(c, req); no == nil && o.number == "" {
			t.Errorf("%q is an order without a number", frame)
		}
	})
}

// FuzzParseScript: a script is taken or refused as a whole.
func FuzzParseScript(f *testing.F) {
	f.Fuzz(func(t *testing.T, script string) {
		terminal := New(Options{})
		defer terminal.Close()
		if err := terminal.ParseScript(strings.NewReader(script)); err != nil && terminal.script.Len() > 0 {
			t.Errorf("%q is refused (%v), and %d lines of it are taken", script, err, terminal.script.Len())
		}
	})
}
