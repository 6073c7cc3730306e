package storage_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tillkeeper/payment"
	"tillkeeper/storage"
)

func terminal(name, address string) payment.Terminal {
	return payment.Terminal{Name: name, Protocol: "ecrhub", Address: address, Settings: map[string]string{"currency": "EUR"}}
}

func mustAdd(t *testing.T, l *storage.Terminals, name, address string) payment.Terminal {
	t.Helper()
	x, err := l.Add(t.Context(), terminal(name, address))
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestTerminals(t *testing.T) {
	l := open(t, t.TempDir()).Terminals()
	_, err := l.Find(t.Context(), "")
	wantCode(t, err, payment.CodeNoTerminal)
	_, err = l.Find(t.Context(), "Bar")
	wantCode(t, err, payment.CodeNoTerminal)
	bar := mustAdd(t, l, "  Bar ", "ecrhub://192.0.2.1:35779")
	if bar.Name != "Bar" || !bar.Default || bar.ID == "" || bar.Added.IsZero() {
		t.Errorf("the first terminal: %+v", bar)
	}
	door := mustAdd(t, l, "Door", "ecrhub://192.0.2.2:35779")
	for name, want := range map[string]payment.Terminal{"": bar, "bar": bar, bar.ID: bar, " DOOR ": door} {
		found, err := l.Find(t.Context(), name)
		if err != nil || !cmp.Equal(found, want) {
			t.Errorf("%q: %v, %s", name, err, cmp.Diff(want, found))
		}
	}
	all, err := l.All(t.Context())
	if err != nil || !cmp.Equal(all, []payment.Terminal{bar, door}) {
		t.Errorf("all: %v %v", all, err)
	}
	_, err = l.Find(t.Context(), "Cellar")
	wantCode(t, err, payment.CodeUnknownTerminal)
}

func TestTerminalNamesAndAddresses(t *testing.T) {
	l := open(t, t.TempDir()).Terminals()
	mustAdd(t, l, "Říp", "ecrhub://192.0.2.1:35779")
	door := mustAdd(t, l, "Door", "ecrhub://192.0.2.2:35779")
	for _, c := range []struct {
		name, address string
		want          payment.Code
	}{
		{"ŘÍP", "ecrhub://192.0.2.3:35779", payment.CodeNameTaken},
		{"New", "ecrhub://192.0.2.1:35779", payment.CodeAddressTaken},
		{" ", "ecrhub://192.0.2.3:35779", payment.CodeBadName},
		{"a\nb", "ecrhub://192.0.2.3:35779", payment.CodeBadName},
		{"4111 1111 1111 1111", "ecrhub://192.0.2.3:35779", payment.CodeBadName},
		{"a name that is much too long for any screen", "ecrhub://192.0.2.3:35779", payment.CodeBadName},
	} {
		_, err := l.Add(t.Context(), terminal(c.name, c.address))
		if payment.CodeOf(err) != c.want {
			t.Errorf("add %q at %s: %v", c.name, c.address, err)
		}
		changed := door
		changed.Name, changed.Address = c.name, c.address
		if err := l.Update(t.Context(), changed); payment.CodeOf(err) != c.want {
			t.Errorf("update to %q at %s: %v", c.name, c.address, err)
		}
	}
	door.Name, door.Settings = "Gate", map[string]string{"app_id": "x"}
	if err := l.Update(t.Context(), door); err != nil {
		t.Fatal(err)
	}
	if found, err := l.Find(t.Context(), "gate"); err != nil || !cmp.Equal(found, door) {
		t.Errorf("after the update: %v %s", err, cmp.Diff(door, found))
	}
	wantCode(t, l.Update(t.Context(), payment.Terminal{ID: "none", Name: "X"}), payment.CodeUnknownTerminal)
}

func TestDefaultAndRemovedTerminals(t *testing.T) {
	s := open(t, t.TempDir())
	l := s.Terminals()
	a := mustAdd(t, l, "A", "ecrhub://192.0.2.1:1")
	b := mustAdd(t, l, "B", "ecrhub://192.0.2.2:1")
	c := mustAdd(t, l, "C", "ecrhub://192.0.2.3:1")
	if err := l.SetDefault(t.Context(), c.ID); err != nil {
		t.Fatal(err)
	}
	defaultIs(t, l, "C")
	wantCode(t, l.SetDefault(t.Context(), "none"), payment.CodeUnknownTerminal)

	busy := sale("X", "5")
	busy.Terminal = c.ID
	mustCreate(t, s.Journal(), busy)
	wantCode(t, l.Remove(t.Context(), c.ID), payment.CodeOriginalOpen)
	mustAppend(t, s.Journal(), "X", answer(payment.Declined))
	for _, step := range []struct{ remove, heir string }{{c.ID, "A"}, {b.ID, "A"}} {
		if err := l.Remove(t.Context(), step.remove); err != nil {
			t.Fatal(err)
		}
		defaultIs(t, l, step.heir)
	}
	gone, err := l.Find(t.Context(), c.ID)
	if err != nil || !gone.Removed || gone.Default {
		t.Errorf("a removed terminal by its id: %+v %v", gone, err)
	}
	_, err = l.Find(t.Context(), "C")
	wantCode(t, err, payment.CodeUnknownTerminal)
	wantCode(t, l.Remove(t.Context(), c.ID), payment.CodeUnknownTerminal)
	if again := mustAdd(t, l, "C", "ecrhub://192.0.2.3:1"); again.ID == c.ID || again.Default {
		t.Errorf("a terminal of an old name: %+v", again)
	}
	if err := l.Remove(t.Context(), a.ID); err != nil {
		t.Fatal(err)
	}
	defaultIs(t, l, "C")
}

func defaultIs(t *testing.T, l *storage.Terminals, want string) {
	t.Helper()
	x, err := l.Find(t.Context(), "")
	if err != nil || x.Name != want || !x.Default {
		t.Fatalf("the default is %q, want %q; %v", x.Name, want, err)
	}
}

func TestSettings(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	for _, step := range []struct{ set, want string }{{"", ""}, {"cs", "cs"}, {"en", "en"}} {
		if step.set != "" {
			if err := s.Settings().Set(t.Context(), "language", step.set); err != nil {
				t.Fatal(err)
			}
		}
		if have, err := s.Settings().Get(t.Context(), "language"); err != nil || have != step.want {
			t.Errorf("have %q, want %q; %v", have, step.want, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if have, err := open(t, dir).Settings().Get(t.Context(), "language"); err != nil || have != "en" {
		t.Errorf("after opening again: %q %v", have, err)
	}
}
