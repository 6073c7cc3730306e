package secrets_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestNothingPrintsASecret(t *testing.T) {
	l := newTill(t)
	l.options.Passphrase = "open sesame"
	l.set("t1", "password", "swordfish")
	s := l.open()
	if _, err := s.Get("t1", "password"); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	log := slog.New(slog.NewTextHandler(&out, nil))
	machine := slog.New(slog.NewJSONHandler(&out, nil))
	for _, what := range []any{s, *s, &s, []any{s}, l.options, &l.options, l.options.Passphrase, struct{ X any }{l.options}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d", "%x"} {
			fmt.Fprintf(&out, verb+"\n", what)
		}
		text, err := json.Marshal(what)
		fmt.Fprintln(&out, string(text), err)
		log.Info("printed", "what", what)
		machine.Info("printed", "what", what)
	}
	for _, plain := range []string{"swordfish", "open sesame", "73776f726466697368", "6f70656e20736573616d65"} {
		if strings.Contains(strings.ToLower(out.String()), plain) {
			t.Errorf("%q is printed:\n%s", plain, out.String())
		}
	}
}

func TestErrorsHoldNoSecret(t *testing.T) {
	l := newTill(t)
	l.set("t1", "password", "swordfish")
	key := read(t, l.keyFile())
	secret := strings.TrimSpace(string(key[bytes.LastIndex(key, []byte("AGE-SECRET-KEY-")):]))

	write(t, l.keyFile(), bytes.ToLower(key[:len(key)-3]))
	_, err := l.open().Get("t1", "password")
	l.refused(err, "damaged")
	for _, part := range []string{secret[20:50], strings.ToLower(secret[20:50]), "swordfish"} {
		if strings.Contains(err.Error(), part) {
			t.Errorf("error %q holds %q", err, part)
		}
	}
}
