package main

import (
	"bufio"
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// system is a protocol as a shop meets it.
type system struct {
	protocol string
	// simulator and settings are what the simulator and the terminal are set to.
	simulator, settings []string
	// unaskable: an order whose acceptance was not heard stays unknown until a person
	// decides.
	unaskable, noVoid bool
	batch             bool
}

var systems = []system{
	{protocol: "ecrhub", simulator: []string{"card_delay=100ms", "result_delay=200ms"}, batch: true},
	{protocol: "comgate", simulator: []string{"card_delay=100ms", "result_delay=200ms"}, settings: []string{"refund=on", "poll_interval_ms=100"}, batch: true},
	{protocol: "comgate-cloud", simulator: []string{"customer_time=300ms"}, settings: []string{"refund=on"}, unaskable: true, batch: true},
	{protocol: "codepay-cloud", simulator: []string{"card_delay=100ms", "result_delay=200ms"}, batch: true},
	{protocol: "sadad", simulator: []string{"card_delay=100ms", "result_delay=200ms"}, settings: []string{"refund=on", "void=on"}},
	{protocol: "iotpay", simulator: []string{"card_delay=100ms", "result_delay=200ms", "refund=true"}, noVoid: true},
}

// counterOf starts the system's simulator and adds its terminal to a new data folder
// with the settings and secrets that the simulator asks for.
func counterOf(t *testing.T, y system) (s *shop, secrets map[string]string) {
	t.Helper()
	dir := t.TempDir()
	s = &shop{t: t, dir: filepath.Join(dir, "data"), charges: filepath.Join(dir, "charges.jsonl")}
	args := []string{"simulate", y.protocol, "--listen", "127.0.0.1:0", "--charges", s.charges}
	for _, set := range y.simulator {
		args = append(args, "--set", set)
	}
	address, settings, secrets := announced(t, args)
	add := []string{"terminal", "add", "Front", address}
	for _, set := range append(settings, y.settings...) {
		add = append(add, "--set", set)
	}
	for key, value := range secrets {
		path := filepath.Join(dir, key)
		if err := os.WriteFile(path, []byte(value), 0o600); err != nil {
			t.Fatal(err)
		}
		add = append(add, "--secret", key+"=file:"+path)
	}
	s.must(0, add...)
	return s, secrets
}

// announced starts a simulator and returns what it says a terminal must be added
// with. It ends with the test.
func announced(t *testing.T, args []string) (address string, settings []string, secrets map[string]string) {
	t.Helper()
	cmd := exec.Command(binary, args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.Args = append(cmd.Args, "--until-stdin-closes")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stdin.Close(); _ = cmd.Process.Kill(); _ = cmd.Wait() })
	secrets = map[string]string{}
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	// A line that it does not understand is answered on stderr only, so the end of
	// what it announces is told by time: it says all of it at once.
	said := make(chan string, 32)
	go func() {
		defer close(said)
		for lines.Scan() {
			said <- lines.Text()
		}
	}()
	for quiet := time.After(10 * time.Second); ; {
		select {
		case line, ok := <-said:
			if !ok {
				t.Fatal("the simulator ended")
			}
			word, rest, _ := strings.Cut(line, " ")
			key, value, _ := strings.Cut(rest, "=")
			switch word {
			case "listening":
				address, quiet = rest, time.After(300*time.Millisecond)
			case "set":
				settings = append(settings, rest)
			case "secret":
				secrets[key] = value
			}
		case <-quiet:
			if address == "" {
				t.Fatal("the simulator does not listen")
			}
			return address, settings, secrets
		}
	}
}

func TestEverySystemTakesAndGivesBack(t *testing.T) {
	for _, y := range systems {
		t.Run(y.protocol, func(t *testing.T) {
			t.Parallel()
			s, _ := counterOf(t, y)
			s.must(0, "terminal", "test", "Front")
			paid := s.must(0, "pay", "12.50")
			s.want(paid, "status", "approved", "protocol", y.protocol, "total", "12.50")
			s.want(s.must(0, "refund", paid.text("order"), "5.00"), "status", "approved")
			s.want(s.must(0, "query", paid.text("order")), "status", "partly-refunded", "refundable", "7.50")
			other := s.must(0, "pay", "8.00")
			if y.noVoid {
				s.want(s.must(14, "void", other.text("order")), "error", "unsupported")
			} else {
				s.want(s.must(0, "void", other.text("order")), "status", "approved", "total", "8.00")
			}
			if y.batch {
				if b := s.must(0, "day", "batch"); b.text("outcome") != "closed" {
					t.Errorf("day batch says %v", b)
				}
				s.must(14, "void", paid.text("order"))
			} else {
				s.must(14, "day", "batch")
			}
			s.agree()
		})
	}
}

// TestEverySystemSurvivesKills pays in processes that are killed at different
// moments, recovers, and compares.
func TestEverySystemSurvivesKills(t *testing.T) {
	for _, y := range systems {
		t.Run(y.protocol, func(t *testing.T) {
			t.Parallel()
			s, _ := counterOf(t, y)
			for i, d := range []time.Duration{20, 60, 120, 200, 350, 600} {
				p := s.start("pay", []string{"1.00", "2.00", "3.00", "4.00", "5.00", "6.00"}[i])
				p.killAfter(d * time.Millisecond)
				s.settleAll(y)
			}
			s.agree()
		})
	}
}

// settleAll recovers what is known at the other side, and decides the rest by the
// terminal's own ledger, as staff do: of what never arrived there may be no proof, or
// none for minutes.
func (s *shop) settleAll(y system) {
	s.t.Helper()
	code, _ := s.run("recover", "--for", "15s")
	if code == 0 {
		return
	}
	charged := map[string]bool{}
	for _, m := range s.ledger() {
		charged[m.Order] = true
	}
	_, unknown := s.run("orders", "--status", "unknown")
	for _, o := range unknown {
		verdict := "not-paid"
		if charged[o.text("order")] {
			verdict = "paid"
			if !y.unaskable {
				s.t.Errorf("order %s is charged, and recover did not find that out", o.text("order"))
			}
		}
		s.must(0, "decide", o.text("order"), verdict, "--reason", "killed", "--proof", "the terminal's list")
	}
}

// TestSecretsAreNowhereToBeFound looks through everything that a till leaves behind.
func TestSecretsAreNowhereToBeFound(t *testing.T) {
	for _, y := range systems {
		if y.protocol == "ecrhub" || y.protocol == "comgate" {
			continue // no secret, and a password that is public
		}
		t.Run(y.protocol, func(t *testing.T) {
			t.Parallel()
			s, secrets := counterOf(t, y)
			if len(secrets) == 0 {
				t.Fatal("the simulator has no secrets")
			}
			cmd := s.command("pay", "12.50", "--verbose")
			said, err := cmd.CombinedOutput()
			if err != nil {
				t.Fatalf("%v: %s", err, said)
			}
			list := s.must(0, "terminal", "list")
			texts := map[string][]byte{"output": said}
			for key := range list {
				texts["terminal list "+key] = []byte(list.text(key))
			}
			err = filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
				if err != nil || d.IsDir() {
					return err
				}
				texts[path], err = os.ReadFile(path)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			for key, secret := range secrets {
				for where, text := range texts {
					if key != "platform_key" && bytes.Contains(text, []byte(secret)) {
						t.Errorf("secret %s is in %s", key, where)
					}
				}
			}
			s.must(0, "terminal", "remove", "Front")
		})
	}
}

// TestWrongCredentials: what a technician typed wrongly is said in words of its own,
// and nothing is charged.
func TestWrongCredentials(t *testing.T) {
	for _, c := range []struct{ protocol, key, value, code string }{
		{"comgate", "secure_string", "12345678", "wrong-password"},
		{"comgate-cloud", "secret", "wrong", "wrong-password"},
		{"iotpay", "merchant_key", "wrong", "wrong-key"},
	} {
		t.Run(c.protocol, func(t *testing.T) {
			t.Parallel()
			var y system
			for _, have := range systems {
				if have.protocol == c.protocol {
					y = have
				}
			}
			s, _ := counterOf(t, y)
			path := filepath.Join(t.TempDir(), "wrong")
			if err := os.WriteFile(path, []byte(c.value), 0o600); err != nil {
				t.Fatal(err)
			}
			s.must(0, "terminal", "set", "Front", "--secret", c.key+"=file:"+path)
			s.want(s.must(12, "pay", "12.50"), "status", "not-sent", "code", c.code)
			if n := len(s.ledger()); n != 0 {
				t.Errorf("%d charges", n)
			}
			s.agree()
		})
	}
}
