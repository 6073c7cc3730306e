package storage

import (
	"testing"

	"tillkeeper/payment"
)

// TestForeign looks inside, because that nothing is heard cannot be waited for.
func TestForeign(t *testing.T) {
	dir := t.TempDir()
	var stores [2]*Store
	for i := range stores {
		s, err := Open(t.Context(), dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		stores[i] = s
	}
	w := watcher{s: stores[0]}
	w.foreign(t.Context())
	for _, step := range []struct {
		what string
		do   func() error
		want bool
	}{
		{"nothing", func() error { return nil }, false},
		{"our own commit", func() error { return stores[0].Settings().Set(t.Context(), "a", "1") }, false},
		{"our own reading", func() error { _, err := stores[0].Journal().List(t.Context(), payment.Filter{}); return err }, false},
		{"a commit of the other", func() error { return stores[1].Settings().Set(t.Context(), "a", "2") }, true},
		{"nothing again", func() error { return nil }, false},
		{"both", func() error {
			if err := stores[1].Settings().Set(t.Context(), "a", "3"); err != nil {
				return err
			}
			return stores[0].Settings().Set(t.Context(), "a", "4")
		}, true},
	} {
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		if got := w.foreign(t.Context()); got != step.want {
			t.Errorf("after %s: %t", step.what, got)
		}
	}
}

func TestVersions(t *testing.T) {
	s, err := Open(t.Context(), t.TempDir(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	files, err := migrations.ReadDir("migrations")
	if err != nil || len(files) != schemaVersion {
		t.Errorf("%d migrations, version %d; %v", len(files), schemaVersion, err)
	}
	id, version, err := s.identity(t.Context())
	if err != nil || id != applicationID || version != schemaVersion {
		t.Errorf("a new database is %x version %d; %v", id, version, err)
	}
}
