package paycloud_test

import (
	"context"
	"crypto"
	"fmt"
	"maps"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/drivertest"
	"tillkeeper/payment/paycloud"
	"tillkeeper/payment/paycloud/paycloudsim"
)

func TestConformance(t *testing.T) {
	for _, p := range []payment.Protocol{paycloud.CodePay(), paycloud.SADAD()} {
		t.Run(p.Name, func(t *testing.T) {
			drivertest.Run(t, harness(t, paycloud.Hurried(p), map[string]string{"probe_every": "5m"}))
		})
	}
}

// Over sockets real time passes, so questions follow each other quickly, and a
// platform that says nothing of use is given up soon.
func TestConformanceOverSockets(t *testing.T) {
	hurry := map[string]string{"poll_every": "20ms", "give_up_after": "150ms"}
	for _, p := range []payment.Protocol{paycloud.CodePay(), paycloud.SADAD()} {
		t.Run(p.Name, func(t *testing.T) { drivertest.RunSockets(t, harness(t, paycloud.Hurried(p), hurry)) })
	}
}

// everything is all operations that a provider may have to enable.
var everything = map[string]string{"void": "on", "refund": "on", "preauth": "on", "tip_adjustment": "on", "batch_close": "on"}

func harness(t *testing.T, p payment.Protocol, settings map[string]string) drivertest.Harness {
	cloud := newCloud(t, paycloudsim.Options{})
	defer cloud.Close()
	all := cloud.Settings()
	maps.Copy(all, everything)
	maps.Copy(all, settings)
	return drivertest.Harness{
		Protocol: p, Address: p.Name + "+http://127.0.0.1:18080", Card: "4111111111111111",
		Settings: all, Secrets: cloud.Credentials(),
		New: func(s drivertest.Setup) drivertest.Simulator {
			options := paycloudsim.Defaults()
			window := untilGivenUp
			if s.AtOnce {
				options, window = paycloudsim.Options{}, 400*time.Millisecond
			}
			options.Currency = string(s.Currency)
			return &terminal{newCloud(t, options), p.Name, window}
		},
	}
}

// newCloud makes a fake cloud with the keys of the tests.
func newCloud(t *testing.T, options paycloudsim.Options) *paycloudsim.Cloud {
	if err := options.Set("private_key", file(t, "application_private.txt")); err != nil {
		t.Fatal(err)
	}
	options.PlatformKey = platformKey()
	return paycloudsim.New(options)
}

// platformKey is made once: that takes a moment.
var platformKey = sync.OnceValue(func() crypto.Signer { return paycloud.Remembering(paycloudsim.MakeKey()) })

func file(t testing.TB, name string) string {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

// terminal tells the simulator what the suite wants in the words of this protocol,
// in which the answer to an order is what questions after it are told. A driver that
// is told nothing of use asks again, so bad answers go on until it has given up.
type terminal struct {
	*paycloudsim.Cloud
	protocol string
	window   time.Duration
}

// untilGivenUp is more than the till's patience, which ends before the driver's.
const untilGivenUp = 200 * time.Second

func (t *terminal) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	return t.DialContext(ctx, network, address)
}

func (t *terminal) Listen() (string, error) {
	if err := t.Cloud.Listen("127.0.0.1:0"); err != nil {
		return "", err
	}
	return t.protocol + "+http://" + t.Addr().String(), nil
}

var kinds = map[drivertest.Verdict]paycloudsim.Kind{
	drivertest.Approve: paycloudsim.Approve,
	drivertest.Decline: paycloudsim.Decline,
	drivertest.Walk:    paycloudsim.Cancel,
	drivertest.Expire:  paycloudsim.Expire,
	drivertest.Part:    paycloudsim.Partial,
	drivertest.Refuse:  paycloudsim.Refuse,
}

// lasting are answers that are of no use, once are those that settle a question
// wrongly.
var lasting = map[drivertest.Manner]paycloudsim.Reply{
	drivertest.Silent:        paycloudsim.None,
	drivertest.Torn:          paycloudsim.Torn,
	drivertest.Malformed:     paycloudsim.Malformed,
	drivertest.Garbage:       paycloudsim.Garbage,
	drivertest.Oversized:     paycloudsim.Oversized,
	drivertest.Hollow:        paycloudsim.Hollow,
	drivertest.Contradictory: paycloudsim.Contradictory,
	drivertest.TimedOut:      paycloudsim.TimedOut,
}

var once = map[drivertest.Manner]paycloudsim.Reply{
	drivertest.WrongNumber:    paycloudsim.WrongOrder,
	drivertest.WrongAmount:    paycloudsim.WrongAmount,
	drivertest.WrongCurrency:  paycloudsim.WrongCurrency,
	drivertest.WrongOperation: paycloudsim.WrongType,
	drivertest.CardNumber:     paycloudsim.CardNumber,
}

func (t *terminal) Script(turn drivertest.Turn) error {
	out := paycloudsim.Outcome{
		Kind: kinds[turn.Verdict], Delay: turn.Slow, Shown: turn.Late, Amount: turn.Granted.Text(), IgnoreClose: turn.DeafToCancel,
	}
	if turn.Slow > time.Minute {
		out.Delay, out.Paying = 0, turn.Slow // no card waits longer than the expiry
	}
	if turn.Manner == drivertest.Twice {
		return fmt.Errorf("%w: an answer belongs to one question", drivertest.ErrInexpressible)
	}
	if out.Answer = lasting[turn.Manner]; out.Answer != paycloudsim.Proper {
		out.AnswerFor = t.window
	} else {
		out.Answer = once[turn.Manner]
	}
	switch turn.Cut {
	case drivertest.OnArrival:
		out.Fault, out.Cuts = paycloudsim.CloseBefore, -1
	case drivertest.AtCard, drivertest.BeforeAnswer:
		out.Answer, out.AnswerFor = paycloudsim.HangUp, t.window
	}
	t.Cloud.Script(out)
	return nil
}

var queries = map[drivertest.StatusManner]paycloudsim.Reply{
	drivertest.StatusProper:        paycloudsim.Proper,
	drivertest.StatusSilent:        paycloudsim.None,
	drivertest.StatusNotFound:      paycloudsim.Unfound,
	drivertest.StatusPending:       paycloudsim.Pending,
	drivertest.StatusMalformed:     paycloudsim.Malformed,
	drivertest.StatusFault:         paycloudsim.Failing,
	drivertest.StatusWrongNumber:   paycloudsim.WrongOrder,
	drivertest.StatusWrongAmount:   paycloudsim.WrongAmount,
	drivertest.StatusContradictory: paycloudsim.Contradictory,
	drivertest.StatusHangUp:        paycloudsim.HangUp,
}

func (t *terminal) ScriptStatus(m drivertest.StatusManner) error {
	t.ScriptQueries(queries[m])
	return nil
}

func (t *terminal) Charges() []drivertest.Charge { return drivertest.Charges(t.Cloud.Charges()) }

func (t *terminal) Findings() (all []string) {
	for _, f := range t.Cloud.Findings() {
		all = append(all, fmt.Sprintf("%s %s %s", f.Order, f.Rule, f.Detail))
	}
	return all
}
