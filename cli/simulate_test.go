package cli_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tillkeeper/cli"
)

func TestSimulate(t *testing.T) {
	r := newRig(t)
	dir := t.TempDir()
	script, charges := filepath.Join(dir, "script"), filepath.Join(dir, "charges")
	if err := os.WriteFile(script, []byte("approve"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		// Stdin is empty, so it is closed at once.
		got := r.run("simulate", "fake", "--listen", "127.0.0.1:0", "--script", script, "--charges", charges, "--until-stdin-closes")
		if want := "listening fake://127.0.0.1:0\nset also=y\nset app_id=x\nset script=approve\n"; got.code != 0 || got.stdout != want {
			t.Errorf("%+v", got)
		}
	}
	booked, err := os.ReadFile(charges)
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.Repeat(`{"order":"N1","operation":"sale","amount":"1.00","currency":"USD"}`+"\n", 2); string(booked) != want {
		t.Errorf("charges: %q", booked)
	}
}

func TestSimulateEndsOnASignal(t *testing.T) {
	r := newRig(t)
	r.stops = 1
	if got := r.run("simulate", "fake", "--json"); got.code != 0 || got.last(t)["listening"] != "fake://127.0.0.1:0" {
		t.Errorf("%+v", got)
	}
}

func TestStartSimulator(t *testing.T) {
	t.Setenv(childEnv, "1")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c, err := cli.StartSimulator(t.Context(), self, "fake", "--listen", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if c.Address != "fake://127.0.0.1:0" || c.Settings["app_id"] != "x" {
		t.Errorf("%+v", c)
	}
	for range 2 {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
	if _, err := cli.StartSimulator(t.Context(), self, "nothing"); err == nil || !strings.Contains(err.Error(), "nothing") {
		t.Errorf("a simulator that there is not: %v", err)
	}
}
