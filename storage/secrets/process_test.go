package secrets_test

import (
	"bufio"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tillkeeper/storage/secrets"
)

// The environment that makes the test binary play another process: data folder, key
// folder, terminal and the number of secrets to write.
const (
	envChild    = "TILLKEEPER_SECRETS_CHILD"
	envKeys     = "TILLKEEPER_SECRETS_CHILD_KEYS"
	envTerminal = "TILLKEEPER_SECRETS_CHILD_TERMINAL"
	envCount    = "TILLKEEPER_SECRETS_CHILD_COUNT"
)

// TestMain keeps every test, and every child, away from a real key store.
func TestMain(m *testing.M) {
	for key, value := range map[string]string{"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent/bus", secrets.EnvPlace: "", secrets.EnvPassphrase: ""} {
		if err := os.Setenv(key, value); err != nil {
			panic(err)
		}
	}
	if dir := os.Getenv(envChild); dir != "" {
		os.Exit(playChild(dir))
	}
	os.Exit(m.Run())
}

func hasBus() bool {
	_, err := os.Stat(fmt.Sprintf("/run/user/%d/bus", os.Getuid()))
	return runtime.GOOS == "windows" || runtime.GOOS == "darwin" || err == nil
}

// playChild sets secrets and says so after each one, as a crash would leave it.
func playChild(dir string) int {
	s, err := secrets.Open(dir, secrets.Options{FileOnly: true, KeyDir: os.Getenv(envKeys)})
	if err != nil {
		fmt.Println(err)
		return 1
	}
	count, _ := strconv.Atoi(os.Getenv(envCount))
	for i := range count {
		if err := s.Set(os.Getenv(envTerminal), "key"+strconv.Itoa(i), pem(1700+i)); err != nil {
			fmt.Println(err)
			return 1
		}
		fmt.Println("kept", i)
	}
	return 0
}

func (l *till) child(terminal string, count int) *exec.Cmd {
	l.t.Helper()
	self, err := os.Executable()
	if err != nil {
		l.t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), envChild+"="+l.dir, envKeys+"="+l.keys, envTerminal+"="+terminal, envCount+"="+strconv.Itoa(count))
	return cmd
}

func TestProcessesWriteInTurn(t *testing.T) {
	l := newTill(t)
	l.options.FileOnly = true
	const count = 20
	var all sync.WaitGroup
	for _, terminal := range []string{"t1", "t2", "t3"} {
		cmd := l.child(terminal, count)
		all.Go(func() {
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	// Whoever reads meanwhile finds nothing torn.
	for range 50 {
		if _, err := l.open().Get("t1", "key0"); err != nil {
			t.Error(err)
		}
	}
	all.Wait()
	for _, terminal := range []string{"t1", "t2", "t3"} {
		for i := range count {
			l.holds(terminal, "key"+strconv.Itoa(i), pem(1700+i))
		}
	}
	l.keyFile()
}

// A process is killed at moments spread over its writing; what it said it kept is
// there, and nothing is torn.
func TestKilledWhileWriting(t *testing.T) {
	l := newTill(t)
	l.options.FileOnly = true
	l.set("t0", "password", "swordfish")
	for round := range 25 {
		terminal := "t" + strconv.Itoa(round+1)
		kept := l.killed(l.child(terminal, 1000), rand.N(40*time.Millisecond))
		l.holds("t0", "password", "swordfish")
		for i := range kept {
			l.holds(terminal, "key"+strconv.Itoa(i), pem(1700+i))
		}
		if i := kept + 1; t.Failed() {
			t.Fatalf("round %d, killed near secret %d", round, i)
		}
		l.wipe(terminal)
	}
	if names, _ := filepath.Glob(filepath.Join(l.dir, ".*.tmp")); len(names) > 0 {
		t.Errorf("the next write left %v lying", names)
	}
	l.traceless("swordfish")
	l.traceless("MIIEvQIBADANBgkqhkiG9w0BAQEFAASC")
}

// killed kills a child some time after its first word and returns how many secrets it
// kept.
func (l *till) killed(cmd *exec.Cmd, after time.Duration) (kept int) {
	l.t.Helper()
	out, err := cmd.StdoutPipe()
	if err != nil {
		l.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		l.t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if !strings.HasPrefix(lines.Text(), "kept ") {
			l.t.Errorf("the child says %q", lines.Text())
		}
		if kept == 0 {
			time.AfterFunc(after, func() { _ = cmd.Process.Kill() })
		}
		kept++
	}
	_ = cmd.Wait()
	return kept
}
