package secrets_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"tillkeeper/storage/secrets"
)

var errDown = errors.New("the key store is down")

func TestTheKeyStoreComesFirst(t *testing.T) {
	l := newTill(t)
	keyring.MockInit()
	l.set("t1", "password", "swordfish")
	if _, err := os.Stat(l.vault()); err == nil {
		t.Error("the secret is in the file")
	}
	l.holds("t1", "password", "swordfish")
	l.traceless("swordfish")
	if place := l.open().Place(); !strings.Contains(place, "key store of this system") || !strings.Contains(place, "log in as this user") {
		t.Errorf("place: %q", place)
	}
	l.wipe("t1")
	l.holds("t1", "password", "")
}

func TestLargeValuesGoToTheFileAndComeBack(t *testing.T) {
	l := newTill(t)
	keyring.MockInit()
	small, large := strings.Repeat("s", secrets.RingLimit), strings.Repeat("l", secrets.RingLimit+1)
	if len(pem(1700)) > secrets.RingLimit {
		t.Error("a private key of 2048 bits does not fit")
	}
	for _, value := range []string{small, large, small, large} {
		l.set("t1", "key", value)
		l.holds("t1", "key", value)
		_, err := os.Stat(l.vault())
		if (err == nil) != (value == large) {
			t.Errorf("%d bytes: the file is there: %v", len(value), err == nil)
		}
	}
	// The old copy is gone from the key store, not only out of sight.
	keyring.MockInitWithError(errDown)
	l.holds("t1", "key", large)
	if place := l.open().Place(); !strings.Contains(place, "secrets.age") {
		t.Errorf("place: %q", place)
	}
}

func TestAKeyStoreThatAppearsLater(t *testing.T) {
	l := newTill(t)
	l.set("t1", "password", "old")
	l.set("t2", "password", "halibut")
	keyring.MockInit()
	l.holds("t1", "password", "old")
	l.set("t1", "password", "new")
	l.holds("t1", "password", "new")
	l.holds("t2", "password", "halibut")
	l.wipe("t2")
	l.holds("t2", "password", "")
	if _, err := os.Stat(l.vault()); err == nil {
		t.Error("old copies stay in the file")
	}
}

func TestAKeyStoreThatIsDownIsNotAnEmptyOne(t *testing.T) {
	l := newTill(t)
	keyring.MockInit()
	l.set("t1", "password", "swordfish")
	l.options.FileOnly = true // what is there is still found there
	l.holds("t1", "password", "swordfish")

	keyring.MockInitWithError(errDown)
	_, err := l.open().Get("t1", "password")
	l.refused(err, "key store", "unlock")

	// A new value goes to the file, and from then on the old one does not count.
	l.set("t1", "password", "new")
	l.holds("t1", "password", "new")
	keyring.MockInit()
	l.holds("t1", "password", "new")
}

func TestWhatTheKeyStoreDoesNotLetGoOfIsTriedAgain(t *testing.T) {
	l := newTill(t)
	keyring.MockInit()
	l.set("t1", "password", "swordfish")
	var user string
	for _, line := range strings.Split(string(read(t, l.dir+"/secrets.json")), "\n") {
		if id, ok := strings.CutPrefix(strings.TrimSpace(line), `"id": "`); ok {
			user = strings.TrimSuffix(id, `",`) + "/t1/password"
		}
	}
	keyring.MockInitWithError(errDown)
	l.refused(l.open().Wipe("t1"), "did not let go")
	l.holds("t1", "password", "")

	keyring.MockInit()
	if err := keyring.Set("Tillkeeper", user, "swordfish"); err != nil {
		t.Fatal(err)
	}
	l.wipe("t2") // any later change
	if left, err := keyring.Get("Tillkeeper", user); !errors.Is(err, keyring.ErrNotFound) {
		t.Errorf("the key store still has %q (%v)", left, err)
	}
}

func TestASecretRemovedWithTheSystemsOwnToolsIsAskedForAgain(t *testing.T) {
	l := newTill(t)
	keyring.MockInit()
	l.set("t1", "password", "swordfish")
	keyring.MockInit()
	l.holds("t1", "password", "")
	l.set("t1", "password", "new")
	l.holds("t1", "password", "new")
}

func TestWithoutAMessageBusNobodyIsAsked(t *testing.T) {
	l := newTill(t)
	keyring.MockInit()
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "")
	start := time.Now()
	l.set("t1", "password", "swordfish")
	l.holds("t1", "password", "swordfish")
	if _, err := os.Stat(l.vault()); err != nil && !hasBus() {
		t.Error("the file was not taken")
	}
	if time.Since(start) > 5*time.Second {
		t.Errorf("it took %v", time.Since(start))
	}
}
