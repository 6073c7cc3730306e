package secrets_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestThePassphrase(t *testing.T) {
	l := newTill(t)
	l.options.Passphrase = "open sesame"
	l.set("t1", "password", "swordfish")
	l.holds("t1", "password", "swordfish")
	l.traceless("swordfish")
	l.traceless("open sesame")
	if _, err := os.Stat(l.keys); err == nil {
		t.Error("there is a key file beside the passphrase")
	}
	before := read(t, l.vault())

	l.options.Passphrase = "open barley"
	_, err := l.open().Get("t1", "password")
	l.refused(err, "TILLKEEPER_PASSPHRASE", "does not open")
	l.refused(l.open().Set("t2", "password", "new"), "does not open")
	l.refused(l.open().Wipe("t1"), "does not open")

	l.options.Passphrase = ""
	_, err = l.open().Get("t1", "password")
	l.refused(err, "locked with a passphrase")
	l.refused(l.open().Set("t2", "password", "new"), "locked with a passphrase")
	if !bytes.Equal(before, read(t, l.vault())) {
		t.Error("a file that could not be read was written over")
	}
	l.options.Passphrase = "open sesame"
	l.holds("t1", "password", "swordfish")
}

func TestAPassphraseGivenLaterTakesOver(t *testing.T) {
	l := newTill(t)
	l.set("t1", "password", "swordfish")
	l.options.Passphrase = "open sesame"
	l.holds("t1", "password", "swordfish")
	l.set("t2", "password", "halibut")
	if err := os.RemoveAll(l.keys); err != nil {
		t.Fatal(err)
	}
	l.holds("t1", "password", "swordfish")
	l.holds("t2", "password", "halibut")
}

func TestADamagedFileIsLeftAsItIs(t *testing.T) {
	l := newTill(t)
	l.set("t1", "password", "swordfish")
	whole, list := read(t, l.vault()), read(t, filepath.Join(l.dir, "secrets.json"))
	flipped := bytes.Clone(whole)
	flipped[len(flipped)-3] ^= 1
	header := bytes.Clone(whole)
	header[40] ^= 1
	for name, damage := range map[string]struct {
		file    string
		content []byte
	}{
		"empty": {"secrets.age", nil}, "torn": {"secrets.age", whole[:len(whole)-7]}, "flipped": {"secrets.age", flipped},
		"header": {"secrets.age", header}, "text": {"secrets.age", []byte("hello")}, "only scrypt": {"secrets.age", []byte("x\n-> scrypt ")},
		"list": {"secrets.json", []byte(`{"version":1,`)}, "list empty": {"secrets.json", nil}, "newer list": {"secrets.json", []byte(`{"version":2}`)},
		"way out": {"secrets.json", []byte(`{"version":1,"id":"../../x"}`)},
	} {
		path := filepath.Join(l.dir, damage.file)
		write(t, path, damage.content)
		_, err := l.open().Get("t1", "password")
		l.refused(err)
		l.refused(l.open().Set("t1", "password", "new"))
		l.refused(l.open().Wipe("t1"))
		if got := read(t, path); !bytes.Equal(got, damage.content) {
			t.Errorf("%s: the file was written over", name)
		}
		write(t, l.vault(), whole)
		write(t, filepath.Join(l.dir, "secrets.json"), list)
		l.holds("t1", "password", "swordfish")
	}
}

func TestAKeyFileThatDoesNotServe(t *testing.T) {
	l, other := newTill(t), newTill(t)
	l.set("t1", "password", "swordfish")
	other.set("t1", "password", "halibut")
	path, key := l.keyFile(), read(t, l.keyFile())
	for words, spoil := range map[string]func(){
		"missing":        func() {},
		"damaged":        func() { write(t, path, []byte("# nothing\n")) },
		"does not open":  func() { write(t, path, read(t, other.keyFile())) },
		"cannot be read": func() { _ = os.Mkdir(path, 0o700) },
	} {
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
		spoil()
		_, err := l.open().Get("t1", "password")
		l.refused(err, words)
		l.refused(l.open().Set("t1", "password", "new"), words)
		if err := os.RemoveAll(path); err != nil {
			t.Fatal(err)
		}
		write(t, path, key)
		l.holds("t1", "password", "swordfish")
	}
}

func TestADamagedKeyFileIsNotReplacedEvenWithNothingToOpen(t *testing.T) {
	l := newTill(t)
	l.set("t1", "password", "swordfish")
	l.wipe("t1")
	write(t, l.keyFile(), []byte("half a key"))
	l.refused(l.open().Set("t1", "password", "new"), "damaged")
	if got := read(t, l.keyFile()); string(got) != "half a key" {
		t.Errorf("the key file is now %q", got)
	}
}

// A folder for keys that cannot be had: it is a file, it is within the data, or there
// is none.
func TestTheKeyLiesBesideTheDataOnlyIfItMust(t *testing.T) {
	l := newTill(t)
	if place := l.open().Place(); !strings.Contains(place, "its key lies apart, in "+l.keys) {
		t.Errorf("place: %q", place)
	}
	l.set("t1", "password", "swordfish")
	l.keyFile()

	l = newTill(t)
	write(t, filepath.Join(filepath.Dir(l.keys), "file"), nil)
	for _, keys := range []string{filepath.Join(filepath.Dir(l.keys), "file", "keys"), l.dir, filepath.Join(l.dir, "keys")} {
		if err := os.RemoveAll(l.dir); err != nil {
			t.Fatal(err)
		}
		l.options.KeyDir = keys
		for range 2 {
			if place := l.open().Place(); !strings.Contains(place, "key beside it") || !strings.Contains(place, "can read them") {
				t.Errorf("%s: place: %q", keys, place)
			}
			l.set("t1", "password", "swordfish")
		}
		l.holds("t1", "password", "swordfish")
		if _, err := os.Stat(filepath.Join(l.dir, "secrets.key")); err != nil {
			t.Error(err)
		}
	}
	// A folder that can be had later does not make Place promise too much.
	l.options.KeyDir = l.keys
	if place := l.open().Place(); !strings.Contains(place, "key beside it") {
		t.Errorf("the key lies beside still: %q", place)
	}
	l.holds("t1", "password", "swordfish")
	l.options.Passphrase = "open sesame"
	if place := l.open().Place(); !strings.Contains(place, "passphrase") {
		t.Errorf("place: %q", place)
	}
}

func TestAFolderThatCannotBeMade(t *testing.T) {
	l := newTill(t)
	write(t, filepath.Join(filepath.Dir(l.dir), "file"), nil)
	l.dir = filepath.Join(filepath.Dir(l.dir), "file", "data")
	l.refused(l.open().Set("t1", "password", "swordfish"), "data folder")
}
