package storage_test

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"tillkeeper/payment"
	"tillkeeper/storage"
)

// envChild makes the test binary play another process: its value is the data
// folder. The child takes one command per line on stdin and answers each with one
// line on stdout.
const envChild = "TILLKEEPER_STORAGE_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(envChild); dir != "" {
		os.Exit(playChild(dir, os.Stdin, os.Stdout))
	}
	// Each check works on a real file and disk; -rapid.checks on the command line
	// asks for more.
	if err := flag.Set("rapid.checks", "25"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// playChild understands "create NUMBER TEXT", "approve NUMBER", "holder NUMBER",
// "close" and "window". It ends with stdin and closes nothing, as a crash would.
func playChild(dir string, in io.Reader, out io.Writer) int {
	s, err := storage.Open(context.Background(), dir, storage.Options{})
	if err != nil {
		fmt.Fprintln(out, "open:", err)
		return 1
	}
	fmt.Fprintln(out, "ready")
	for lines := bufio.NewScanner(in); lines.Scan(); {
		words := append(strings.Fields(lines.Text()), "", "")
		fmt.Fprintln(out, childDoes(s, words[0], words[1], words[2]))
	}
	return 0
}

func childDoes(s *storage.Store, command, number, amount string) string {
	j, ctx := s.Journal(), context.Background()
	var err error
	switch command {
	case "create":
		_, err = j.Create(ctx, sale(number, amount), entry(payment.KindCreated), entry(payment.KindSent))
	case "approve":
		_, err = j.Append(ctx, number, answer(payment.Approved))
	case "holder":
		var r payment.Record
		if r, err = j.Find(ctx, number); err == nil {
			return string(r.Holder)
		}
	case "close":
		err = s.Close()
	case "window":
		_, err = storage.ClaimWindow(s.Dir())
		if err != nil {
			return err.Error()
		}
	}
	if err != nil {
		return string(payment.CodeOf(err))
	}
	return "ok"
}

// child is another process on the same data folder.
type child struct {
	t   *testing.T
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Scanner
}

func startChild(t *testing.T, dir string) *child {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := &child{t: t, cmd: exec.Command(self)}
	c.cmd.Env = append(os.Environ(), envChild+"="+dir)
	c.cmd.Stderr = os.Stderr
	if c.in, err = c.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.out = bufio.NewScanner(out)
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.kill)
	c.answers("ready")
	return c
}

func (c *child) send(command string) {
	c.t.Helper()
	if _, err := fmt.Fprintln(c.in, command); err != nil {
		c.t.Fatal(err)
	}
}

func (c *child) answer() string {
	c.t.Helper()
	if !c.out.Scan() {
		c.t.Fatal("the other process ended: ", c.out.Err())
	}
	return c.out.Text()
}

func (c *child) answers(want string) {
	c.t.Helper()
	if got := c.answer(); got != want {
		c.t.Fatalf("the other process says %q, want %q", got, want)
	}
}

func (c *child) does(command, want string) {
	c.t.Helper()
	c.send(command)
	c.answers(want)
}

// kill ends the process as a crash would: SIGKILL where there are signals.
func (c *child) kill() {
	if c.cmd.ProcessState == nil {
		_ = c.cmd.Process.Kill()
		_ = c.cmd.Wait()
	}
}

func TestOrderOfKilledProcessIsHeldByNone(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	c := startChild(t, dir)
	c.does("create A 12.50", "ok")
	holderIs(t, s, "A", payment.HeldThere)
	_, err := s.Journal().Create(t.Context(), sale("B", "9"), entry(payment.KindCreated))
	wantCode(t, err, payment.CodeBusy)

	c.kill()
	holderIs(t, s, "A", payment.HeldByNone)
	_, err = s.Journal().Create(t.Context(), sale("B", "12.50"), entry(payment.KindCreated))
	wantCode(t, err, payment.CodeOpenUnknown)
	if _, err := s.Journal().Create(t.Context(), sale("C", "9"), entry(payment.KindCreated)); err != nil {
		t.Errorf("another sum beside an orphan: %v", err)
	}
	next := open(t, dir)
	holderIs(t, next, "A", payment.HeldByNone)
	holderIs(t, next, "C", payment.HeldThere)
	holderIs(t, s, "C", payment.HeldHere)
}

func TestOneOrderPerTerminalAcrossProcesses(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	children := []*child{startChild(t, dir), startChild(t, dir), startChild(t, dir)}
	for round := range 10 {
		for i, c := range children {
			c.send(fmt.Sprintf("create R%dC%d 5", round, i))
		}
		winner := ""
		for i, c := range children {
			switch said := c.answer(); said {
			case "ok":
				if winner != "" {
					t.Fatalf("round %d: two orders started", round)
				}
				winner = fmt.Sprintf("R%dC%d", round, i)
			case string(payment.CodeBusy):
			default:
				t.Fatalf("round %d: %s", round, said)
			}
		}
		if winner == "" {
			t.Fatalf("round %d: none started", round)
		}
		children[(round+1)%len(children)].does("approve "+winner, "ok")
		holderIs(t, s, winner, payment.HeldThere)
	}
	found, err := s.Check(t.Context())
	if err != nil || len(found) > 0 {
		t.Errorf("the book is not well: %v %v", found, err)
	}
}

func TestWatchHearsAnotherProcess(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	signals, err := s.Journal().Watch(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	startChild(t, dir).does("create A 5", "ok")
	for range signals {
		if found, _, err := s.Journal().Since(t.Context(), 0); err != nil {
			t.Fatal(err)
		} else if len(found) == 1 {
			return
		}
	}
}

func TestWindowAcrossProcesses(t *testing.T) {
	dir := t.TempDir()
	w, err := storage.ClaimWindow(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	c := startChild(t, dir)
	c.does("window", storage.ErrWindowOpen.Error())
	<-w.Raised()
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	c.does("window", "ok")
	c.kill()
	again, err := storage.ClaimWindow(dir)
	if err != nil {
		t.Fatalf("after the first was killed: %v", err)
	}
	if err := again.Close(); err != nil {
		t.Fatal(err)
	}
	if err := again.Close(); err != nil {
		t.Errorf("the second Close: %v", err)
	}
}

func holderIs(t *testing.T, s *storage.Store, number string, want payment.Holder) {
	t.Helper()
	r, err := s.Journal().Find(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	if r.Holder != want {
		t.Fatalf("order %s is held %q, want %q", number, r.Holder, want)
	}
}
