package cli_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"tillkeeper/cli"
	"tillkeeper/payment"
)

// TestBadInput: a clear sentence, exit code 2, nothing sent, no order made.
func TestBadInput(t *testing.T) {
	r := ready(t)
	for _, line := range []string{
		"pay", "pay 1 2", "pay abc", "pay 0", "pay -5", "pay -- -5", "pay 1.234", "pay 99999999999999", "pay 4111111111111111x",
		"pay 5 --currency XXX", "pay 5 --currency JPY --tip 0.5", "pay 5 --tip x", "pay 5 --cashback -1", "pay 5 --terminal nowhere",
		"pay 5 --timeout soon", "pay 5 --timeout -1s", "pay 5 --nope",
		"refund", "refund NONE", "void NONE", "query NONE", "cancel NONE", "orders NONE", "void", "query",
		"terminal", "terminal fly", "terminal add", "terminal add a", "terminal add a fake://", "terminal add a ftp://x",
		"terminal add a fake://2 --set", "terminal add a fake://2 --set colour=red", "terminal add a fake://2 --set currency",
		"terminal add a fake://2 --set currency=XXX", "terminal add bar fake://2", "terminal add a fake://1",
		"terminal add a fake://2 --set currency=EUR --set currency=USD",
		"terminal add a fake://2 --secret key=value", "terminal add a fake://2 --secret key=env:X", "terminal add a fake://2 --secret key",
		"terminal test nowhere", "terminal default nowhere", "terminal remove nowhere", "terminal list x",
		"orders --status paid", "orders --since never", "orders --until 25:00", "orders --limit 0", "orders --limit x", "orders A B",
		"recover --for -1s", "recover now", "decide NONE", "decide NONE perhaps", "demo", "demo x", "gui", "gui --fly", "", "--demo",
		"simulate", "simulate nothing", "simulate fake --set x", "simulate fake --set bad=1", "simulate fake --script /no/such/file",
		"simulate fake --charges /no/such/folder/file", "simulate fake --secret a=b",
		"fly", "preauth", "preauth x", "complete N1 5", "tip N1", "tip N1 5", "sign N1", "sign N1 perhaps", "day", "day fly",
		"terminal set", "terminal set nowhere --set currency=EUR", "terminal set bar --set colour=red", "terminal set bar --secret password=plain",
		"terminal set bar --secret nokey=env:HOME", "export orders x", "doctor", "backup x", "restore x",
		"check", "terminal find", "terminal pair",
	} {
		args := strings.Fields(line)
		human := r.run(args...)
		if human.code != 2 || human.stdout != "" || strings.Count(human.stderr, "\n") < 1 || strings.Contains(human.stderr, "internal") {
			t.Errorf("tillkeeper %s: %+v", line, human)
		}
		machine := r.run(append([]string{"--json"}, args...)...)
		last := machine.last(t)
		if machine.code != 2 || last["error"] == nil || last["message"] == "" || last["next"] == "" || last["order"] != nil {
			t.Errorf("tillkeeper --json %s: %d %v", line, machine.code, last)
		}
		if strings.Contains(machine.stdout+machine.stderr, "4111111111111111") {
			t.Errorf("tillkeeper %s: a card number is repeated", line)
		}
	}
	if sent := r.orders(); len(sent) != 0 {
		t.Errorf("orders were sent: %v", sent)
	}
	if got := r.run("orders", "--json"); got.stdout != "" {
		t.Errorf("orders were made: %s", got.stdout)
	}
}

func TestNoTerminal(t *testing.T) {
	r := newRig(t)
	if got := r.run("pay", "5", "--json"); got.code != 2 || got.last(t)["error"] != "no-terminal" {
		t.Errorf("%+v", got)
	}
}

func TestDataThatCannotBeOpened(t *testing.T) {
	r := newRig(t)
	for _, c := range []struct {
		err  error
		code int
		word string
	}{
		{payment.Errorf(payment.CodeNewerData, "the data is of a newer version"), 2, "newer-data"},
		{payment.Errorf(payment.CodeDamagedData, "the data is damaged"), 2, "damaged-data"},
		{errors.New("boom"), 1, "internal"},
	} {
		r.open = c.err
		for _, command := range []string{"pay 5", "orders", "recover", "terminal list"} {
			got := r.run(append(strings.Fields(command), "--json")...)
			if got.code != c.code || got.last(t)["error"] != c.word {
				t.Errorf("%s with %v: %+v", command, c.err, got)
			}
		}
	}
	if got := r.run("pay", "5"); !strings.Contains(got.stderr, "moved no money") {
		t.Errorf("an internal error does not say what happened to the money: %s", got.stderr)
	}
}

func TestFlagsBeforeAndAfter(t *testing.T) {
	r := ready(t)
	for _, args := range [][]string{{"--json", "pay", "2"}, {"pay", "--json", "2"}, {"pay", "2", "--json"}} {
		if got := r.run(args...); got.code != 0 || got.last(t)["status"] != "approved" {
			t.Errorf("%v: %+v", args, got)
		}
	}
}

func TestTerminals(t *testing.T) {
	r := ready(t)
	r.run("terminal", "add", "hall", "fake://2", "--set", "currency=JPY")
	all := r.run("terminal", "list", "--json").lines(t)
	if len(all) != 2 || all[0]["name"] != "bar" || all[0]["default"] != true || all[1]["currency"] != "JPY" {
		t.Errorf("list: %v", all)
	}
	if got := r.run("pay", "1250", "--terminal", "hall", "--json").last(t); got["amount"] != "1250" || got["currency"] != "JPY" {
		t.Errorf("the terminal's currency: %v", got)
	}
	if got := r.run("terminal", "test", "bar"); got.code != 0 || !strings.Contains(got.stdout, "No money was moved") {
		t.Errorf("test: %+v", got)
	}
	r.test = payment.Errorf(payment.CodeNoAnswer, "silence")
	if got := r.run("terminal", "test", "bar", "--json"); got.code != 12 || got.last(t)["error"] != "terminal-not-reached" {
		t.Errorf("test without an answer: %+v", got)
	}
	if got := r.run("terminal", "default", "hall", "--json"); got.code != 0 || got.last(t)["default"] != true {
		t.Errorf("default: %+v", got)
	}
	if got := r.run("terminal", "remove", "hall", "--json"); got.code != 0 || got.last(t)["removed"] != true {
		t.Errorf("remove: %+v", got)
	}
	if got := r.run("terminal", "list"); strings.Contains(got.stdout, "hall") {
		t.Errorf("list after remove: %s", got.stdout)
	}
}

func TestWindow(t *testing.T) {
	r := newRig(t)
	if got := r.run("gui"); got.code != 2 || !strings.Contains(got.stderr, "without a window") {
		t.Errorf("a program without a window: %+v", got)
	}
	var seen cli.WindowOptions
	r.window = func(_ context.Context, o cli.WindowOptions) error {
		seen = o
		return nil
	}
	if got := r.run(); got.code != 0 || seen.Data == "" || seen.Demo || seen.Kiosk {
		t.Errorf("no command: %+v %+v", got, seen)
	}
	if got := r.run("gui", "--demo", "--kiosk"); got.code != 0 || seen.Data != "" || !seen.Demo || !seen.Kiosk {
		t.Errorf("demo: %+v %+v", got, seen)
	}
	if got := r.run("--data", "d", "gui", "--demo"); got.code != 0 || seen.Data != "d" {
		t.Errorf("demo with a folder: %+v %+v", got, seen)
	}
}

func TestVersion(t *testing.T) {
	r := newRig(t)
	for _, arg := range []string{"version", "--version"} {
		if got := r.run(arg); got.code != 0 || got.stdout != "tillkeeper 1.2.3\n" {
			t.Errorf("%s: %+v", arg, got)
		}
	}
	if got := r.run("version", "--json").last(t); got["version"] != "1.2.3" {
		t.Errorf("%v", got)
	}
}

func TestCompletion(t *testing.T) {
	r := ready(t)
	r.run("pay", "12")
	for _, c := range []struct{ line, want string }{
		{"pay 5 --terminal ", "bar"}, {"terminal test ", "bar"}, {"void ", "N1"}, {"orders --status ", "decided-paid"}, {"simulate ", "fake"},
	} {
		got := r.run(append([]string{"__complete"}, strings.Split(c.line, " ")...)...)
		if !strings.Contains(got.stdout, c.want) {
			t.Errorf("%s: %q", c.line, got.stdout)
		}
	}
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		if got := r.run("completion", shell); got.code != 0 || len(got.stdout) < 1000 {
			t.Errorf("%s: exit code %d, %d bytes", shell, got.code, len(got.stdout))
		}
	}
}

func (r *rig) runWith(ctx context.Context, p cli.Program, args ...string) said {
	var stdout, stderr bytes.Buffer
	code := cli.Run(ctx, p, args, strings.NewReader(""), &stdout, &stderr)
	return said{code, stdout.String(), stderr.String()}
}
