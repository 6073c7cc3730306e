package comgatecloudsim

import (
	"io"
	"net"
	"strings"
	"testing"
)

// FuzzReadOrder: no body panics the gateway, and what it takes has a positive price.
func FuzzReadOrder(f *testing.F) {
	for _, seed := range []string{
		`{"price":24900,"curr":"CZK","refId":"2025000017"}`, `{"price":1e2,"curr":"CZK"}`, `{"price":"1","curr":"EUR"}`,
		`{"price":999999999999,"curr":"KWD"}`, `[]`, `null`, `{`, ``,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		s := New(Options{})
		defer s.Close()
		if p, refusal := s.readOrder(body); refusal == nil && !p.price.IsPositive() {
			t.Errorf("%q is an order over %s", body, p.price)
		}
	})
}

// FuzzParseScript: a script is taken or refused as a whole.
func FuzzParseScript(f *testing.F) {
	for _, seed := range []string{`{"outcome":"decline"}`, "{\"query\":\"pending\"}\n{\"repeat\":3}", `# nothing`, `{"delay":"1s"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, script string) {
		s := New(Options{})
		defer s.Close()
		if err := s.ParseScript(strings.NewReader(script)); err != nil && s.script.Len() > 0 {
			t.Errorf("%q is refused (%v), and %d lines of it are taken", script, err, s.script.Len())
		}
	})
}

// FuzzConnection: whatever comes over a connection, the gateway lives on and moves no
// money without its login.
func FuzzConnection(f *testing.F) {
	for _, seed := range []string{
		"GET /v2.0/terminal.json HTTP/1.1\r\nHost: x\r\n\r\n", "POST /v2.0/terminalPayment.json HTTP/1.1\r\nContent-Length: 5\r\n\r\n{}",
		"\x16\x03\x01", "GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", "",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, bytes []byte) {
		s := New(Options{})
		client, side := net.Pipe()
		go func() {
			_, _ = client.Write(bytes)
			_ = client.Close()
		}()
		go func() { _, _ = io.Copy(io.Discard, client) }()
		s.ServeConn(side)
		s.Close()
		if len(s.Charges()) > 0 {
			t.Errorf("%q moved money", bytes)
		}
	})
}
