package secrets_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"tillkeeper/payment"
	"tillkeeper/storage/secrets"
)

// till is a data folder with its key folder, both of a test.
type till struct {
	t         *testing.T
	dir, keys string
	options   secrets.Options
}

// newTill returns a till whose system has no key store.
func newTill(t *testing.T) *till {
	t.Helper()
	keyring.MockInitWithError(errors.New("no key store"))
	root := t.TempDir()
	l := &till{t: t, dir: filepath.Join(root, "data"), keys: filepath.Join(root, "config", "keys")}
	l.options = secrets.Options{KeyDir: l.keys, Patience: time.Second}
	return l
}

// open opens the secrets anew, as the next run of the program would.
func (l *till) open() *secrets.Store {
	l.t.Helper()
	s, err := secrets.Open(l.dir, l.options)
	if err != nil {
		l.t.Fatal(err)
	}
	s.Cheap()
	return s
}

func (l *till) set(terminal, key, value string) {
	l.t.Helper()
	if err := l.open().Set(terminal, key, value); err != nil {
		l.t.Fatalf("set %s of %s: %v", key, terminal, err)
	}
}

func (l *till) wipe(terminal string) {
	l.t.Helper()
	if err := l.open().Wipe(terminal); err != nil {
		l.t.Fatalf("wipe %s: %v", terminal, err)
	}
}

// holds asks a fresh store for a secret.
func (l *till) holds(terminal, key, want string) {
	l.t.Helper()
	if got, err := l.open().Get(terminal, key); err != nil || got != want {
		l.t.Errorf("%s of %s is %.40q (%v), want %.40q", key, terminal, got, err, want)
	}
}

// refused checks that an error says what is the matter, in the one code there is.
func (l *till) refused(err error, words ...string) {
	l.t.Helper()
	var e *payment.Error
	if !errors.As(err, &e) || e.Code != payment.CodeSecretsLocked {
		l.t.Errorf("error %v (%T) has not the code %s", err, err, payment.CodeSecretsLocked)
		return
	}
	for _, word := range words {
		if !strings.Contains(e.Text, word) {
			l.t.Errorf("error %q does not speak of %q", e.Text, word)
		}
	}
}

// traceless checks that no file holds the text, plain or as base64.
func (l *till) traceless(text string) {
	l.t.Helper()
	coded := base64.StdEncoding.EncodeToString([]byte(text))
	for _, root := range []string{l.dir, l.keys} {
		_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return nil
			}
			content, err := os.ReadFile(path)
			if err != nil || bytes.Contains(content, []byte(text)) || bytes.Contains(content, []byte(coded)) {
				l.t.Errorf("%s holds %q (%v)", path, text, err)
			}
			return nil
		})
	}
}

func (l *till) vault() string { return filepath.Join(l.dir, "secrets.age") }

// keyFile returns the one key file.
func (l *till) keyFile() string {
	l.t.Helper()
	names, _ := filepath.Glob(filepath.Join(l.keys, "*.key"))
	if len(names) != 1 {
		l.t.Fatalf("there are %d key files: %v", len(names), names)
	}
	return names[0]
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// pem is as large as the private key of a cloud, and larger.
func pem(bytes int) string {
	return "-----BEGIN PRIVATE KEY-----\n" + strings.Repeat("MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n", bytes/33+1)[:bytes] + "\n-----END PRIVATE KEY-----\n"
}

func TestEveryValueComesBackFromBothPlaces(t *testing.T) {
	for _, place := range []string{"file", "key store"} {
		l := newTill(t)
		if place == "key store" {
			keyring.MockInit()
		}
		values := map[string]string{
			"word": "swordfish", "key": pem(1700), "large": pem(5000), "huge": pem(200_000), "lines": "a\nb\r\n\tc ",
			"umlaut": "Přílišžluťoučký – 日本", "bytes": "\x00\xff\xfe", "quote": `"'\$(x) `, "url": "a/b%2Fc",
		}
		for key, value := range values {
			l.set("t/1", key, value)
		}
		for key, value := range values {
			l.holds("t/1", key, value)
			l.holds("t", "1/"+key, "")
			l.set("t/1", key, value+"2")
			l.holds("t/1", key, value+"2")
		}
		if t.Failed() {
			t.Fatal(place)
		}
	}
}

func TestWhatWasNeverGivenIsEmpty(t *testing.T) {
	l := newTill(t)
	l.holds("t1", "password", "")
	l.wipe("t1")
	if err := l.open().Set("t1", "password", ""); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(l.dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("asking alone has made files: %v", err)
	}
	l.set("t1", "password", "swordfish")
	l.holds("t1", "other", "")
	l.holds("t2", "password", "")
}

func TestWipingLeavesNoTrace(t *testing.T) {
	l := newTill(t)
	l.set("t1", "password", "swordfish")
	l.set("t1", "key", pem(1700))
	l.set("t2", "password", "halibut")
	l.traceless("swordfish")
	before := read(t, l.vault())

	l.wipe("t1")
	l.wipe("t1")
	l.holds("t1", "password", "")
	l.holds("t1", "key", "")
	l.holds("t2", "password", "halibut")
	l.traceless("swordfish")
	if bytes.Equal(before, read(t, l.vault())) {
		t.Error("the file still holds what was wiped")
	}
	if err := l.open().Set("t2", "password", ""); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(l.vault()); !errors.Is(err, fs.ErrNotExist) {
		t.Error("an empty file stays behind")
	}
	l.traceless("halibut")
}

func TestAMovedFolderKeepsItsSecretsAndAStolenOneDoesNotTellThem(t *testing.T) {
	l := newTill(t)
	l.set("t1", "password", "swordfish")
	moved := l.dir + "-moved"
	if err := os.Rename(l.dir, moved); err != nil {
		t.Fatal(err)
	}
	l.dir = moved
	l.holds("t1", "password", "swordfish")

	l.keys += "-of-somebody-else"
	l.options.KeyDir = l.keys
	_, err := l.open().Get("t1", "password")
	l.refused(err, "key file", "missing", l.keys)
	l.refused(l.open().Set("t1", "password", "new"), "missing")
	if names, _ := os.ReadDir(l.keys); len(names) > 0 {
		t.Errorf("a key was made that opens nothing: %v", names)
	}
}

func TestTwoTillsOfOneUserDoNotMix(t *testing.T) {
	for _, mock := range []func(){func() {}, keyring.MockInit} {
		a, b := newTill(t), newTill(t)
		b.keys, b.options.KeyDir = a.keys, a.keys
		mock()
		a.set("t1", "password", "of a")
		b.set("t1", "password", "of b")
		a.holds("t1", "password", "of a")
		b.holds("t1", "password", "of b")
		b.wipe("t1")
		a.holds("t1", "password", "of a")
	}
}

func TestFilesAreForThisUserOnly(t *testing.T) {
	l := newTill(t)
	l.set("t1", "password", "swordfish")
	for _, path := range []string{l.vault(), l.keyFile(), filepath.Join(l.dir, "secrets.json"), filepath.Join(l.dir, "secrets.lock")} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm()&0o077 != 0 && os.PathSeparator == '/' {
			t.Errorf("%s is open to others: %v", path, info.Mode())
		}
	}
}

func TestTheEnvironment(t *testing.T) {
	env := map[string]string{}
	get := func(key string) string { return env[key] }
	if o, err := secrets.FromEnv(get); err != nil || o.FileOnly || o.Passphrase != "" {
		t.Errorf("nothing set: %+v, %v", o.FileOnly, err)
	}
	env[secrets.EnvPlace], env[secrets.EnvPassphrase] = "file", "open sesame"
	if o, err := secrets.FromEnv(get); err != nil || !o.FileOnly || o.Passphrase != "open sesame" {
		t.Errorf("file: %+v, %v", o.FileOnly, err)
	}
	env[secrets.EnvPlace] = "cloud"
	if _, err := secrets.FromEnv(get); payment.CodeOf(err) != payment.CodeBadSetting {
		t.Errorf("an unknown place: %v", err)
	}
	if _, err := secrets.Open("", secrets.Options{}); payment.CodeOf(err) != payment.CodeSecretsLocked {
		t.Errorf("no folder: %v", err)
	}
}
