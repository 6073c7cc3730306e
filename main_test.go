package main

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/ecrhub/ecrhubsim"
	"tillkeeper/payment/till"
	"tillkeeper/storage"
)

// The tests of this file are the program as a shop meets it: the built binary, a
// simulated terminal in another process, a real socket between them and a real
// database file.

// binary is the program without a window, built once for all tests.
var binary string

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "tillkeeper-test-")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "tillkeeper")
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	build := exec.Command("go", "build", "-tags", "ci", "-o", binary, ".")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "build: %v\n%s", err, out)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// object is one JSON line of the program.
type object map[string]any

func (o object) text(key string) string { s, _ := o[key].(string); return s }

// shop is a data folder and one simulated terminal, "Front", at the end of a cable.
type shop struct {
	t       *testing.T
	dir     string
	charges string
	address string
	cable   *cable
}

// open starts a terminal with the script and adds it to a new data folder.
func open(t *testing.T, script string, settings ...string) *shop {
	t.Helper()
	dir := t.TempDir()
	s := &shop{t: t, dir: filepath.Join(dir, "data"), charges: filepath.Join(dir, "charges.jsonl")}
	s.address = simulate(t, dir, script, settings...)
	s.cable = newCable(t, s.address)
	s.must(0, "terminal", "add", "Front", s.cable.address, "--set", "currency=USD")
	return s
}

// simulate starts a terminal in a process of its own and returns its address. It
// ends with the test.
func simulate(t *testing.T, dir, script string, settings ...string) string {
	t.Helper()
	file := filepath.Join(dir, "script.jsonl")
	if err := os.WriteFile(file, []byte(script), 0o600); err != nil {
		t.Fatal(err)
	}
	args := []string{"simulate", "ecrhub", "--listen", "127.0.0.1:0", "--script", file, "--charges", filepath.Join(dir, "charges.jsonl")}
	if len(settings) == 0 {
		settings = []string{"result_delay=10ms"}
	}
	for _, s := range append(settings, "card_delay=0s") {
		args = append(args, "--set", s)
	}
	cmd := exec.Command(binary, args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	lines := bufio.NewReader(out)
	line, err := lines.ReadString('\n')
	address, ok := strings.CutPrefix(strings.TrimSpace(line), "listening ")
	if err != nil || !ok {
		t.Fatalf("the simulator's first line is %q, %v", line, err)
	}
	go func() { _, _ = io.Copy(io.Discard, lines) }()
	return address
}

func (s *shop) command(args ...string) *exec.Cmd {
	cmd := exec.Command(binary, append(args, "--json", "--data", s.dir)...)
	cmd.Env = append(os.Environ(), "TILLKEEPER_DATA=", "TILLKEEPER_STAFF=", "TILLKEEPER_PIN=", "TILLKEEPER_SECRETS=file",
		"XDG_CONFIG_HOME="+filepath.Join(s.dir, "..", "config"))
	return cmd
}

// run runs a command and returns its exit code and the lines it printed.
func (s *shop) run(args ...string) (code int, lines []object) {
	s.t.Helper()
	cmd := s.command(args...)
	var out, people bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &people
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		s.t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), s.parse(out.Bytes(), args, people.String())
}

func (s *shop) parse(out []byte, args []string, people string) (lines []object) {
	s.t.Helper()
	for line := range bytes.Lines(out) {
		var o object
		if err := json.Unmarshal(line, &o); err != nil {
			s.t.Fatalf("%v printed %q, which is not JSON; stderr: %s", args, line, people)
		}
		lines = append(lines, o)
	}
	return lines
}

// must runs a command, wants its exit code and returns the last line.
func (s *shop) must(want int, args ...string) object {
	s.t.Helper()
	code, lines := s.run(args...)
	if code != want {
		s.t.Fatalf("tillkeeper %s: exit %d, want %d; printed %v", strings.Join(args, " "), code, want, lines)
	}
	if len(lines) == 0 {
		return nil
	}
	return lines[len(lines)-1]
}

func (s *shop) want(o object, members ...string) {
	s.t.Helper()
	for i := 0; i < len(members); i += 2 {
		if got := o.text(members[i]); got != members[i+1] {
			s.t.Errorf("order %s: %s is %q, want %q", o.text("order"), members[i], got, members[i+1])
		}
	}
}

// movement is a line of the simulator's ledger.
type movement struct{ Order, Operation, Amount, Currency string }

func (s *shop) ledger() (all []movement) {
	s.t.Helper()
	raw, err := os.ReadFile(s.charges)
	if err != nil && !os.IsNotExist(err) {
		s.t.Fatal(err)
	}
	for line := range bytes.Lines(raw) {
		var m movement
		if err := json.Unmarshal(line, &m); err != nil {
			s.t.Fatalf("ledger line %q: %v", line, err)
		}
		all = append(all, m)
	}
	return all
}

// moved are the statuses in which an order's own money moved.
var moved = map[string]bool{"approved": true, "voided": true, "partly-refunded": true, "refunded": true, "decided-paid": true}

// agree compares the terminal's ledger with the journal: every movement is of an
// order that is paid or not settled yet, no order moved money twice, and nothing is
// called paid that did not move.
func (s *shop) agree() {
	s.t.Helper()
	_, orders := s.run("orders", "--limit", "10000")
	status, total := map[string]string{}, map[string]string{}
	for _, o := range orders {
		status[o.text("order")], total[o.text("order")] = o.text("status"), o.text("total")
	}
	seen := map[string]bool{}
	for _, m := range s.ledger() {
		if seen[m.Order] {
			s.t.Errorf("order %s moved money twice", m.Order)
		}
		seen[m.Order] = true
		if st := status[m.Order]; !moved[st] && st != "unknown" {
			s.t.Errorf("the terminal moved %s for order %s, the journal says %q", m.Amount, m.Order, st)
		} else if moved[st] && total[m.Order] != m.Amount {
			s.t.Errorf("order %s: the terminal moved %s, the journal says %s", m.Order, m.Amount, total[m.Order])
		}
	}
	for number, st := range status {
		if moved[st] && !seen[number] {
			s.t.Errorf("order %s is %s, and the terminal moved nothing", number, st)
		}
	}
}

func TestTheShopsDay(t *testing.T) {
	s := open(t, "")
	s.must(0, "terminal", "test", "Front")
	if list := s.must(0, "terminal", "list"); list.text("name") != "Front" {
		t.Errorf("terminal list says %v", list)
	}

	paid := s.must(0, "pay", "12.50", "--note", "table 4")
	s.want(paid, "operation", "sale", "status", "approved", "amount", "12.50", "total", "12.50", "currency", "USD",
		"refundable", "12.50", "terminal", "Front", "protocol", "ecrhub")
	part := s.must(0, "refund", paid.text("order"), "5.00", "--reason", "broken")
	s.want(part, "operation", "refund", "original", paid.text("order"), "amount", "5.00", "status", "approved")
	s.want(s.must(0, "query", paid.text("order")), "status", "partly-refunded", "refundable", "7.50")
	s.must(14, "refund", paid.text("order"), "7.51")
	s.must(0, "refund", paid.text("order"))
	s.must(14, "refund", paid.text("order"))
	s.must(14, "void", paid.text("order"))
	s.must(2, "void", part.text("order"))

	other := s.must(0, "pay", "8,00", "--tip", "1.50")
	s.want(other, "amount", "8.00", "tip", "1.50", "total", "9.50")
	s.want(s.must(0, "void", other.text("order")), "operation", "void", "status", "approved", "total", "9.50")
	s.want(s.must(0, "orders", other.text("order")), "status", "voided", "refundable", "0.00")
	s.must(14, "void", other.text("order"))

	if code, lines := s.run("orders", "--status", "refunded"); code != 0 || len(lines) != 1 {
		t.Errorf("orders --status refunded: exit %d, %v", code, lines)
	}
	if code, lines := s.run("orders", "--search", "12,5"); code != 0 || len(lines) != 1 {
		t.Errorf("orders --search 12,5: exit %d, %v", code, lines)
	}
	s.must(0, "recover")
	s.agree()
}

func TestEveryAnswerHasItsExitCode(t *testing.T) {
	for _, c := range []struct {
		name, script, status string
		exit                 int
	}{
		{"approved", `{"outcome":"approve"}`, "approved", 0},
		{"approved, delivered twice", `{"outcome":"approve","reply":"twice"}`, "approved", 0},
		{"approved, without a request id", `{"outcome":"approve","reply":"no-request-id"}`, "approved", 0},
		{"approved, in a binary frame", `{"outcome":"approve","reply":"binary"}`, "approved", 0},
		{"approved, numbers as text", `{"outcome":"approve","reply":"numbers"}`, "approved", 0},
		{"declined", `{"outcome":"decline"}`, "declined", 10},
		{"cancelled by the customer", `{"outcome":"cancel"}`, "cancelled", 11},
		{"a bad parameter", `{"outcome":"parameter-error"}`, "not-sent", 12},
		{"a wrong application id", `{"outcome":"app-id-error"}`, "not-sent", 12},
		{"timed out there, charged all the same", `{"outcome":"timeout-charged"}`, "approved", 0},
		{"broken JSON", `{"outcome":"approve","reply":"malformed"}`, "approved", 0},
		{"an oversized frame", `{"outcome":"approve","reply":"oversized","no_redeliver":true}`, "approved", 0},
		{"cut after the charge", `{"outcome":"approve","fault":"close-after","no_redeliver":true}`, "approved", 0},
		{"cut after the charge, pushed again", `{"outcome":"approve","fault":"close-after"}`, "approved", 0},
		{"another order's number", `{"outcome":"approve","reply":"wrong-order"}` + "\n" + `{"query":"wrong-order","repeat":99}`, "unknown", 13},
		{"another amount, then the truth", `{"outcome":"approve","reply":"wrong-amount"}`, "approved", 0},
		{"another amount", `{"outcome":"approve","reply":"wrong-amount"}` + "\n" + `{"query":"wrong-amount","repeat":99}`, "unknown", 13},
		{"another currency", `{"outcome":"approve","reply":"wrong-currency"}` + "\n" + `{"query":"none","repeat":99}`, "unknown", 13},
		{"no answer to anything", `{"outcome":"approve","reply":"none"}` + "\n" + `{"query":"none","repeat":99}`, "unknown", 13},
		{"never arrived, and not found", `{"outcome":"approve","fault":"close-before"}`, "unknown", 13},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := open(t, c.script)
			o := s.must(c.exit, "pay", "12.50", "--timeout", "4s")
			s.want(o, "status", c.status)
			if c.status == "unknown" && !strings.Contains(o.text("message")+o.text("next"), "not charge") {
				t.Errorf("an unknown outcome must say not to charge again: %q %q", o.text("message"), o.text("next"))
			}
			s.agree()
		})
	}
}

func TestALostAnswerIsNeverChargedAgain(t *testing.T) {
	s := open(t, `{"outcome":"approve","reply":"none","no_redeliver":true}`+"\n"+`{"query":"none","repeat":2}`)
	lost := s.must(13, "pay", "12.50", "--timeout", "1s")
	s.want(lost, "status", "unknown")

	refused := s.must(14, "pay", "12.50")
	s.want(refused, "error", "open-unknown-order")
	if n := len(s.ledger()); n != 1 {
		t.Fatalf("%d charges after the second press, want the first one only", n)
	}
	s.want(s.must(0, "recover", "--for", "20s"), "order", lost.text("order"), "status", "approved")
	s.must(0, "recover")
	s.agree()
}

func TestAnotherSumIsLetThroughAndAnApprovalOverrides(t *testing.T) {
	s := open(t, `{"outcome":"approve","reply":"none","no_redeliver":true}`+"\n"+`{"query":"none","repeat":99}`)
	lost := s.must(13, "pay", "12.50", "--timeout", "1s")
	s.want(s.must(0, "pay", "3.00"), "status", "approved")
	again := s.must(0, "pay", "12.50", "--despite", lost.text("order"))
	s.want(again, "status", "approved")
	story := s.must(0, "orders", again.text("order"))
	if !strings.Contains(fmt.Sprint(story["entries"]), "approval") {
		t.Errorf("the override is not on record: %v", story["entries"])
	}
	s.want(s.must(0, "decide", lost.text("order"), "paid", "--reason", "customer's phone", "--proof", "bank message"), "status", "decided-paid")
	s.agree()
}

func TestTerminalNotReached(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	s := &shop{t: t, dir: filepath.Join(t.TempDir(), "data")}
	s.must(0, "terminal", "add", "Gone", address)
	s.must(12, "terminal", "test", "Gone")
	o := s.must(12, "pay", "12.50")
	s.want(o, "status", "not-sent")
	s.must(12, "pay", "12.50")
}

func TestBadInput(t *testing.T) {
	s := open(t, "")
	paid := s.must(0, "pay", "10.00").text("order")
	for _, args := range [][]string{
		{"pay"}, {"pay", "abc"}, {"pay", "0"}, {"pay", "-5"}, {"pay", "1.234"}, {"pay", "99999999999.00"}, {"pay", "1 23"},
		{"pay", "5", "--currency", "XYZ"}, {"pay", "5", "--terminal", "Nobody"}, {"pay", "5", "--tip", "x"}, {"pay", "5", "--timeout", "soon"},
		{"pay", "5", "--no-such-flag"}, {"refund", "NOSUCHORDER"}, {"void", "NOSUCHORDER"}, {"query", "NOSUCHORDER"}, {"cancel", "NOSUCHORDER"},
		{"refund", paid, "zero"}, {"orders", "NOSUCHORDER"}, {"orders", "--since", "yesteryear"}, {"decide", paid, "perhaps"},
		{"terminal", "add", "X", "ftp://192.0.2.1"}, {"terminal", "add", "X", "192.0.2.1:99999"}, {"terminal", "add", "X", "not an address"},
		{"terminal", "add", "Front", "127.0.0.1:1"}, {"terminal", "add", "X", "127.0.0.1:1", "--set", "currency=ABC"},
		{"terminal", "add", "X", "127.0.0.1:1", "--set", "no_such=1"}, {"terminal", "remove", "Nobody"}, {"terminal", "default", "Nobody"},
		{"no-such-command"}, {"gui"}, {"simulate", "nothing"},
	} {
		code, lines := s.run(args...)
		if code != 2 {
			t.Errorf("tillkeeper %q: exit %d, want 2; printed %v", args, code, lines)
			continue
		}
		if len(lines) != 1 || lines[0].text("error") == "" || lines[0].text("message") == "" {
			t.Errorf("tillkeeper %q: printed %v, want one error with a message", args, lines)
		}
	}
	if n := len(s.ledger()); n != 1 {
		t.Errorf("%d charges after nothing but bad input", n-1)
	}
	s.agree()
}

func TestADamagedBookIsSetAsideNeverOverwritten(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "tillkeeper.db")
	rubbish := []byte(strings.Repeat("this is not a database. ", 500))
	if err := os.WriteFile(file, rubbish, 0o600); err != nil {
		t.Fatal(err)
	}
	s := &shop{t: t, dir: dir}
	s.want(s.must(2, "orders"), "error", "damaged-data")
	s.want(s.must(2, "pay", "5"), "error", "damaged-data")
	if kept, err := os.ReadFile(file); err != nil || !bytes.Equal(kept, rubbish) {
		t.Error("the damaged file was touched")
	}
}

// TestOneOrderPerTerminalAcrossProcesses and the next two run two processes of the
// same till.
func TestOneOrderPerTerminalAcrossProcesses(t *testing.T) {
	s := open(t, `{"outcome":"approve","delay":"30s"}`)
	first := s.start("pay", "12.50")
	number := first.order()
	s.want(s.must(12, "pay", "7.00"), "error", "terminal-busy")
	s.want(s.must(0, "cancel", number), "status", "cancelled")
	if code := first.wait(); code != 11 {
		t.Errorf("the cancelled sale exits %d, want 11", code)
	}
	s.must(14, "cancel", number)
	s.agree()
}

func TestInterruptedSaleAsksToWithdraw(t *testing.T) {
	s := open(t, `{"outcome":"approve","delay":"30s"}`)
	sale := s.start("pay", "12.50")
	number := sale.order()
	sale.signal(os.Interrupt)
	if code := sale.wait(); code != 11 {
		t.Errorf("exit %d, want 11", code)
	}
	s.want(s.must(0, "orders", number), "status", "cancelled")
	s.agree()
}

func TestApprovalOvertakesTheInterrupt(t *testing.T) {
	s := open(t, `{"outcome":"approve","delay":"1s","ignore_close":true}`)
	sale := s.start("pay", "12.50")
	sale.order()
	sale.signal(syscall.SIGTERM)
	if code := sale.wait(); code != 0 {
		t.Errorf("exit %d, want 0", code)
	}
	s.agree()
}

// TestNetworkCutDuringTheCardStep is the vendor's acceptance test (codepay-lan.md
// §10.3): the network goes while the customer pays, the terminal finishes alone,
// the network comes back, and the result is pushed on the next connection.
func TestNetworkCutDuringTheCardStep(t *testing.T) {
	s := open(t, `{"outcome":"approve","delay":"500ms"}`+"\n"+`{"query":"pending","repeat":99}`)
	sale := s.start("pay", "12.50")
	number := sale.order()
	s.cable.cut()
	s.eventually(func() bool { return len(s.ledger()) == 1 })
	s.cable.mend()
	if code := sale.wait(); code != 0 {
		t.Errorf("exit %d, want 0: the result is pushed on the next connection", code)
	}
	story := s.must(0, "orders", number)
	s.want(story, "status", "approved")
	s.agree()
}

// TestKilledAtAnyMoment kills the paying process with SIGKILL at a random moment, a
// hundred times (TILLKEEPER_KILLS says otherwise), and recovers. Nothing may be
// charged twice, and nothing that was charged may be called unpaid.
func TestKilledAtAnyMoment(t *testing.T) {
	const lanes = 4
	rounds := 100 / lanes
	if text := os.Getenv("TILLKEEPER_KILLS"); text != "" {
		kills, err := strconv.Atoi(text)
		if err != nil {
			t.Fatalf("TILLKEEPER_KILLS: %v", err)
		}
		rounds = kills / lanes
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	for lane := range lanes {
		t.Run(fmt.Sprint("lane ", lane), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, uint64(lane)))
			s := open(t, "", "result_delay=40ms")
			for round := range rounds {
				sale := s.start("pay", fmt.Sprintf("%d.%02d", 1+lane+round/99, round%99+1), "--timeout", "5s")
				sale.killAfter(time.Duration(random.IntN(110)) * time.Millisecond)
				s.run("recover", "--for", "1s")
				s.agree()
			}
			paid := 0
			_, orders := s.run("orders", "--limit", "1000")
			for _, o := range orders {
				if moved[o.text("status")] {
					paid++
				}
			}
			t.Logf("%d rounds left %d orders, %d of them paid, and %d charges", rounds, len(orders), paid, len(s.ledger()))
		})
	}
}

func TestDemoWithoutADisplay(t *testing.T) {
	cmd := exec.Command(binary, "demo", "--headless")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("demo --headless: %v\n%s", err, out)
	}
}

// process is a command of the till that runs beside the test.
type process struct {
	s   *shop
	cmd *exec.Cmd
	out *bufio.Scanner
}

func (s *shop) start(args ...string) *process {
	s.t.Helper()
	cmd := s.command(args...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { _ = cmd.Process.Kill() })
	return &process{s, cmd, bufio.NewScanner(out)}
}

// order waits until the request has gone through the cable and returns the order's number.
func (p *process) order() string {
	p.s.t.Helper()
	defer p.s.eventually(p.s.cable.delivered)
	for p.out.Scan() {
		var o object
		if err := json.Unmarshal(p.out.Bytes(), &o); err != nil {
			p.s.t.Fatal(err)
		}
		if o.text("event") != "" && o.text("event") != "created" && o.text("order") != "" {
			return o.text("order")
		}
	}
	p.s.t.Fatal("the sale ended without saying that it was sent")
	return ""
}

func (p *process) signal(sig os.Signal) {
	p.s.t.Helper()
	if err := p.cmd.Process.Signal(sig); err != nil {
		p.s.t.Fatal(err)
	}
}

func (p *process) wait() int {
	for p.out.Scan() {
	}
	_ = p.cmd.Wait()
	return p.cmd.ProcessState.ExitCode()
}

// killAfter kills the process with SIGKILL after d, unless it has ended.
func (p *process) killAfter(d time.Duration) {
	timer := time.AfterFunc(d, func() { _ = p.cmd.Process.Kill() })
	defer timer.Stop()
	p.wait()
}

// eventually waits for something another process does.
func (s *shop) eventually(done func() bool) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 20*time.Second)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for !done() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			s.t.Fatal("it did not happen in 20 s")
		}
	}
}

// cable is a network cable between till and terminal that can be cut.
type cable struct {
	address string
	target  string

	mu    sync.Mutex
	whole bool
	ends  []net.Conn
	said  int // how many times the till's side wrote
}

func newCable(t testing.TB, terminal string) *cable {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, target, _ := strings.Cut(terminal, "://")
	c := &cable{address: listener.Addr().String(), target: target, whole: true}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			c.plug(conn)
		}
	}()
	t.Cleanup(func() { _ = listener.Close(); c.cut() })
	return c
}

// plug connects one more end, or drops it while the cable is cut.
func (c *cable) plug(near net.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	far, err := net.Dial("tcp", c.target)
	if err != nil || !c.whole {
		_ = near.Close()
		if far != nil {
			_ = far.Close()
		}
		return
	}
	c.ends = append(c.ends, near, far)
	go func() { _, _ = io.Copy(near, far); _ = near.Close() }()
	go func() { _, _ = io.Copy(io.MultiWriter(far, c), near); _ = far.Close() }()
}

// Write counts what the till's side says.
func (c *cable) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.said++
	return len(p), nil
}

// delivered reports whether the order has gone through the cable: the first thing a
// till says is the upgrade to a WebSocket, the second one the order.
func (c *cable) delivered() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.said >= 2
}

func (c *cable) cut() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.whole = false
	for _, end := range c.ends {
		_ = end.Close()
	}
	c.ends = nil
}

func (c *cable) mend() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.whole = true
}

// counter is a till over a real database file, wired as main wires it, beside a
// terminal in this process. It notes when a request left and when an answer came.
type counter struct {
	*till.Till
	terminal    *ecrhubsim.Terminal
	cable       *cable
	sent, heard chan time.Time
}

func openCounter(b *testing.B) *counter {
	b.Helper()
	terminal := ecrhubsim.New(ecrhubsim.Options{NoRedeliver: true})
	if err := terminal.Listen("127.0.0.1:0"); err != nil {
		b.Fatal(err)
	}
	cable := newCable(b, "://"+terminal.Addr().String())
	store, err := storage.Open(b.Context(), b.TempDir(), storage.Options{})
	if err != nil {
		b.Fatal(err)
	}
	c := &counter{cable: cable, terminal: terminal, sent: make(chan time.Time, 1), heard: make(chan time.Time, 1)}
	c.Till = till.New(till.Config{
		Journal: store.Journal(), Terminals: store.Terminals(), Protocols: protocols(),
		Now: time.Now, NewNumber: func() string { return newNumber(time.Now()) }, Follow: true,
		Dial: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
			return &stopwatch{conn, c}, err
		},
	})
	if _, err := c.AddTerminal(b.Context(), till.NewTerminal{Name: "Front", Address: cable.address}); err != nil {
		b.Fatal(err)
	}
	if err := c.Start(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = c.Close(); _ = terminal.Close(); _ = store.Close() })
	for range 20 { // the link comes up, caches fill
		c.pay(b)
	}
	return c
}

func (c *counter) pay(b *testing.B) (pressed time.Time) {
	b.Helper()
	charge := till.Charge{Asked: payment.Amounts{Amount: payment.FromMinor(1250, "USD")}}
	drain(c.sent)
	drain(c.heard)
	pressed = time.Now()
	r, err := c.Pay(b.Context(), charge)
	if err != nil || r.State().Status != payment.StatusApproved {
		b.Fatalf("%s, %v", r.State().Status, err)
	}
	return pressed
}

func drain(times chan time.Time) {
	select {
	case <-times:
	default:
	}
}

// stopwatch is a connection that notes the first write after a drain, and the
// latest read.
type stopwatch struct {
	net.Conn
	c *counter
}

func (s *stopwatch) Write(p []byte) (int, error) {
	select {
	case s.c.sent <- time.Now():
	default:
	}
	return s.Conn.Write(p)
}

func (s *stopwatch) Read(p []byte) (int, error) {
	n, err := s.Conn.Read(p)
	drain(s.c.heard)
	s.c.heard <- time.Now()
	return n, err
}

// BenchmarkPayToWire is the time from Pay pressed to the request on the wire, the
// durable write included, against one bare full-sync commit on the same disk.
func BenchmarkPayToWire(b *testing.B) {
	c := openCounter(b)
	bare := bareCommits(b)
	var ours, base []time.Duration
	for b.Loop() {
		pressed := c.pay(b)
		ours = append(ours, (<-c.sent).Sub(pressed))
		base = append(base, bare())
	}
	b.ReportMetric(float64(quantile(ours, 0.5))/float64(quantile(base, 0.5)), "x-bare-commit(max-3)")
	b.ReportMetric(float64(quantile(ours, 0.5).Microseconds()), "µs-median")
}

// BenchmarkAnswerToEvent is the time from the answer on the wire to the event at a
// subscriber, such as the window's pump.
func BenchmarkAnswerToEvent(b *testing.B) {
	c := openCounter(b)
	_, events, err := c.Subscribe(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	arrived := make(chan time.Time, 1)
	go func() {
		for e := range events {
			if e.Record != nil && e.Record.State().Status == payment.StatusApproved {
				arrived <- time.Now()
			}
		}
	}()
	var times []time.Duration
	for b.Loop() {
		c.pay(b)
		times = append(times, (<-arrived).Sub(<-c.heard))
	}
	b.ReportMetric(float64(quantile(times, 0.99).Microseconds())/1000, "ms-p99(max-5)")
}

// BenchmarkBackAgain is the time from the moment a lost terminal can be reached
// again to the moment the outcome of an unknown order is known, at worst.
func BenchmarkBackAgain(b *testing.B) {
	c := openCounter(b)
	_, events, err := c.Subscribe(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	var worst time.Duration
	cents := int64(2000)
	for b.Loop() {
		cents++ // another customer's sum: the same one is refused for a while
		c.terminal.Script(ecrhubsim.Outcome{ReplyDelay: time.Second, NoRedeliver: true})
		charges := len(c.terminal.Charges())
		go func() {
			_, _ = c.Pay(b.Context(), till.Charge{Asked: payment.Amounts{Amount: payment.FromMinor(cents, "USD")}})
		}()
		for len(c.terminal.Charges()) == charges {
			<-time.After(time.Millisecond)
		}
		c.cable.cut() // charged, and the answer is lost
		<-time.After(2*time.Second + time.Duration(cents%5)*700*time.Millisecond)
		c.cable.mend()
		back := time.Now()
		for e := range events {
			if e.Record != nil && e.Record.State().Status == payment.StatusApproved {
				break
			}
		}
		worst = max(worst, time.Since(back))
	}
	b.ReportMetric(worst.Seconds(), "s-worst(max-5)")
}

// BenchmarkIdle counts how often anything of an idle till and of the terminal
// beside it in this process is woken, within ten seconds: the keep-alive and
// nothing else.
func BenchmarkIdle(b *testing.B) {
	openCounter(b)
	const idle = 10 * time.Second
	<-time.After(7 * time.Second) // the last looks at what the warm-up wrote
	woken := uint64(0)
	for b.Loop() {
		before := schedulings()
		<-time.After(idle)
		woken += schedulings() - before
	}
	b.ReportMetric(float64(woken)/float64(b.N)/idle.Seconds(), "wake-ups/s")
}

// schedulings is how many times goroutines of this process were put to run.
func schedulings() (n uint64) {
	sample := []metrics.Sample{{Name: "/sched/latencies:seconds"}}
	metrics.Read(sample)
	for _, count := range sample[0].Value.Float64Histogram().Counts {
		n += count
	}
	return n
}

// BenchmarkColdStart is `tillkeeper orders --limit 1` against a bare Go program
// that opens the same file and asks one question.
func BenchmarkColdStart(b *testing.B) {
	dir := b.TempDir()
	store, err := storage.Open(b.Context(), dir, storage.Options{})
	if err != nil {
		b.Fatal(err)
	}
	if err := store.Close(); err != nil {
		b.Fatal(err)
	}
	bare := bareProgram(b)
	var ours, base []time.Duration
	timed := func(name string, args ...string) time.Duration {
		start := time.Now()
		if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
		return time.Since(start)
	}
	for b.Loop() {
		ours = append(ours, timed(binary, "orders", "--limit", "1", "--data", dir))
		base = append(base, timed(bare, filepath.Join(dir, storage.FileName)))
	}
	b.ReportMetric(float64(quantile(ours, 0.5))/float64(quantile(base, 0.5)), "x-bare-program(max-3)")
	b.ReportMetric(float64(quantile(ours, 0.5).Microseconds())/1000, "ms-median")
}

// bareCommits returns a function that does one full-sync insert and says how long it took.
func bareCommits(b *testing.B) func() time.Duration {
	b.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "bare.db")+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = db.Close() })
	db.SetMaxOpenConns(1)
	if _, err := db.Exec(`CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)`); err != nil {
		b.Fatal(err)
	}
	insert, err := db.Prepare(`INSERT INTO t (b) VALUES ('12.50')`)
	if err != nil {
		b.Fatal(err)
	}
	return func() time.Duration {
		start := time.Now()
		if _, err := insert.Exec(); err != nil {
			b.Fatal(err)
		}
		return time.Since(start)
	}
}

// bareProgram builds the least Go program that opens a database file.
func bareProgram(b *testing.B) string {
	b.Helper()
	dir := b.TempDir()
	source := filepath.Join(dir, "bare.go")
	text := `package main

import (
	"database/sql"
	"fmt"
	"os"

	_ "modernc.org/sqlite"
)

func main() {
	db, err := sql.Open("sqlite", os.Args[1])
	if err != nil {
		panic(err)
	}
	var n int
	if err := db.QueryRow("SELECT count(*) FROM orders").Scan(&n); err != nil {
		panic(err)
	}
	fmt.Println(n)
}
`
	if err := os.WriteFile(source, []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
	program := filepath.Join(dir, "bare")
	build := exec.Command("go", "build", "-o", program, source)
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return program
}

func quantile(times []time.Duration, q float64) time.Duration {
	slices.Sort(times)
	return times[min(len(times)-1, int(float64(len(times))*q))]
}

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
