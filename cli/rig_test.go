package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"tillkeeper/cli"
	"tillkeeper/payment"
	"tillkeeper/payment/journaltest"
	"tillkeeper/payment/till"
)

// childEnv makes this test's own binary a simulator's process.
const childEnv = "TILLKEEPER_TEST_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		p := cli.Program{Version: "child", Simulators: map[string]cli.SimulatorFunc{"fake": startFake}}
		os.Exit(cli.Run(context.Background(), p, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	os.Exit(m.Run())
}

// rig is a program over a journal in memory and a terminal that does what the test
// says. One rig may run many commands.
type rig struct {
	journal *journaltest.Memory
	// do is the terminal's answer to an order, status to a query.
	do     func(ctx context.Context, o payment.Order) (payment.Result, error)
	status func(o payment.Order) (payment.Result, error)
	test   error
	open   error
	// stops are how many requests to stop the next command finds when it starts.
	stops  int
	signal chan<- os.Signal // of the command that runs
	window func(context.Context, cli.WindowOptions) error
	stdin  string
	// secrets are what was given; closed is the terminal's answer to a batch close.
	secrets *journaltest.Secrets
	closed  func() (payment.Totals, error)

	mu      sync.Mutex
	numbers int
	sent    []payment.Order
	data    string
}

func newRig(t *testing.T) *rig {
	t.Helper()
	t.Setenv("TILLKEEPER_DATA", "")
	t.Setenv("TILLKEEPER_STAFF", "")
	t.Setenv("XDG_DATA_HOME", t.TempDir())
	r := &rig{journal: journaltest.NewMemory(), secrets: journaltest.NewSecrets(nil)}
	r.do = func(context.Context, payment.Order) (payment.Result, error) { return approved(), nil }
	r.status = func(payment.Order) (payment.Result, error) { return payment.Result{Outcome: payment.Pending}, nil }
	return r
}

// ready is a rig with a terminal "bar".
func ready(t *testing.T) *rig {
	r := newRig(t)
	if got := r.run("terminal", "add", "bar", "fake://1"); got.code != 0 {
		t.Fatalf("terminal add: %+v", got)
	}
	return r
}

// said is what a command said.
type said struct {
	code           int
	stdout, stderr string
}

func (r *rig) run(args ...string) said {
	var stdout, stderr bytes.Buffer
	code := cli.Run(context.Background(), r.program(), args, strings.NewReader(r.stdin), &stdout, &stderr)
	return said{code, stdout.String(), stderr.String()}
}

func (r *rig) program() cli.Program {
	p := cli.Program{
		Version: "1.2.3", Window: r.window, Open: r.session, Notify: r.notify,
		Simulators: map[string]cli.SimulatorFunc{"fake": startFake},
	}
	return p
}

func (r *rig) notify(c chan<- os.Signal) {
	r.signal = c
	for range r.stops {
		c <- os.Interrupt
	}
}

func (r *rig) session(_ context.Context, dir string, _ cli.OpenOptions) (*cli.Session, error) {
	r.data = dir
	if r.open != nil {
		return nil, r.open
	}
	t := till.New(till.Config{
		Journal: r.journal, Terminals: r.journal.Terminals(), Now: time.Now, NewNumber: r.number,
		Secrets: r.secrets, Batches: r.journal,
		Protocols: map[string]payment.Protocol{"fake": {
			Name:     "fake",
			Settings: []payment.Setting{{Key: "currency"}},
			Secrets:  []payment.Setting{{Key: "password"}},
			Address: func(text string) (string, error) {
				if text == "fake://" {
					return "", payment.Errorf(payment.CodeBadAddress, "%q has no host", text)
				}
				return text, nil
			},
			Open: func(payment.Terminal, payment.Env) (payment.Driver, error) { return (*driver)(r), nil },
		}},
	})
	return &cli.Session{Till: t, Close: t.Close}, nil
}

func (r *rig) number() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.numbers++
	return fmt.Sprintf("N%d", r.numbers)
}

// orders are what reached the terminal.
func (r *rig) orders() []payment.Order {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sent
}

// seed puts an order into the journal as if an earlier process had made it.
func (r *rig) seed(t *testing.T, o payment.Order, entries ...payment.Entry) {
	t.Helper()
	o.Terminal, o.TerminalName, o.Protocol = "t1", "bar", "fake"
	o.Created = time.Now().Add(-time.Hour)
	if o.Operation == "" {
		o.Operation = payment.Sale
	}
	if _, err := r.journal.Create(t.Context(), o, entries...); err != nil {
		t.Fatal(err)
	}
	r.journal.Crash()
}

// driver is the rig as its terminal's driver.
type driver rig

func (d *driver) Capabilities() payment.Capabilities {
	return payment.Capabilities{
		Operations: []payment.Operation{payment.Sale, payment.Void, payment.Refund, payment.PreAuth, payment.Completion,
			payment.TipAdjustment},
		BatchClose: true, PartialRefund: true, Cancel: true, Tip: true, AskTip: true, Cashback: true, Limit: time.Minute,
	}
}

func (d *driver) Do(ctx context.Context, req payment.Request, _ func(payment.Progress)) (payment.Result, error) {
	if err := req.BeforeSend(ctx); err != nil {
		return payment.Result{}, payment.NotSent(payment.CodeCannotRecord, "not recorded")
	}
	d.mu.Lock()
	d.sent = append(d.sent, req.Order)
	d.mu.Unlock()
	return d.do(ctx, req.Order)
}

func (d *driver) Status(_ context.Context, req payment.Request) (payment.Result, error) {
	return d.status(req.Order)
}

func (d *driver) CloseBatch(context.Context, string) (payment.Totals, error) { return d.closed() }

func (d *driver) Test(context.Context) (payment.Identity, error) {
	return payment.Identity{Serial: "S1", Delay: 5 * time.Millisecond}, d.test
}

func (d *driver) Close() error { return nil }

func approved() payment.Result {
	return payment.Result{Outcome: payment.Approved, Facts: payment.Facts{
		Card: "4111111111111111", Brand: "Visa", AuthCode: "A1", Reference: "R1",
	}}
}

func says(o payment.Outcome, c payment.Code) func(context.Context, payment.Order) (payment.Result, error) {
	return func(context.Context, payment.Order) (payment.Result, error) {
		return payment.Result{Outcome: o, Code: c}, nil
	}
}

func fails(err error) func(context.Context, payment.Order) (payment.Result, error) {
	return func(context.Context, payment.Order) (payment.Result, error) { return payment.Result{}, err }
}

var errLost = errors.New("the link was lost")

// lines decodes stdout: nothing but JSON objects, one per line.
func (s said) lines(t *testing.T) (all []map[string]any) {
	t.Helper()
	for line := range strings.Lines(s.stdout) {
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatalf("stdout has a line that is no JSON object: %q", line)
		}
		all = append(all, m)
	}
	return all
}

// last is the last JSON line.
func (s said) last(t *testing.T) map[string]any {
	t.Helper()
	all := s.lines(t)
	if len(all) == 0 {
		t.Fatalf("stdout is empty; stderr: %s", s.stderr)
	}
	return all[len(all)-1]
}

// startFake is a simulator that charges 1.00 as soon as it starts.
func startFake(_ context.Context, o cli.SimulatorOptions) (*cli.Simulator, error) {
	if o.Set["bad"] != "" {
		return nil, errors.New("no setting \"bad\"")
	}
	if o.Charged != nil {
		if err := o.Charged(cli.Charge{Order: "N1", Operation: "sale", Amount: "1.00", Currency: "USD"}); err != nil {
			return nil, err
		}
	}
	settings := map[string]string{"app_id": "x", "also": "y"}
	if o.Script != nil {
		script, err := io.ReadAll(o.Script)
		if err != nil {
			return nil, err
		}
		settings["script"] = string(script)
	}
	return &cli.Simulator{Address: "fake://" + o.Listen, Settings: settings, Close: func() error { return nil }}, nil
}
