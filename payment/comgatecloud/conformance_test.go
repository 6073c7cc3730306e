package comgatecloud_test

import (
	"context"
	"fmt"
	"net"
	"testing"
	"time"

	"tillkeeper/payment/comgatecloud"
	"tillkeeper/payment/comgatecloud/comgatecloudsim"
	"tillkeeper/payment/drivertest"
)

// An order is answered twice over this protocol: the POST or DELETE, and the GETs
// after it. The suite's troubles are tried with either. Those of the first leave an
// order of which nobody can be asked.
const (
	polls  = ""
	starts = "start"
)

func TestConformance(t *testing.T) {
	for _, where := range []string{polls, starts} {
		t.Run("answers to "+where, func(t *testing.T) { drivertest.Run(t, harness(where)) })
	}
}

func TestConformanceOverSockets(t *testing.T) {
	for _, where := range []string{polls, starts} {
		t.Run("answers to "+where, func(t *testing.T) {
			h := harness(where)
			h.Settings["poll_fast_s"] = "1" // in real time
			drivertest.RunSockets(t, h)
		})
	}
}

const (
	merchant = "123456"
	secret   = "terminal-passw0rd-of-the-tests"
)

func harness(where string) drivertest.Harness {
	return drivertest.Harness{
		Protocol: comgatecloud.Protocol(),
		Dialect:  where,
		Address:  "comgate-cloud+http://127.0.0.1:8080/v2.0",
		Card:     "4111111111111111",
		Settings: map[string]string{"merchant": merchant, "refund": "on"},
		Secrets:  map[string]string{"secret": secret},
		New: func(s drivertest.Setup) drivertest.Simulator {
			options := comgatecloudsim.Defaults()
			if s.AtOnce {
				options = comgatecloudsim.Options{}
			}
			options.Merchant, options.Secret, options.Currency = merchant, secret, string(s.Currency)
			return &terminal{comgatecloudsim.New(options), where}
		},
	}
}

// terminal tells the simulator what the suite wants in the words of this protocol.
type terminal struct {
	*comgatecloudsim.Server
	where string
}

func (t *terminal) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	return t.DialContext(ctx, network, address)
}

func (t *terminal) Listen() (string, error) {
	if err := t.Server.Listen("127.0.0.1:0"); err != nil {
		return "", err
	}
	return t.Address(), nil
}

var kinds = map[drivertest.Verdict]comgatecloudsim.Kind{
	drivertest.Approve: comgatecloudsim.Approve,
	drivertest.Decline: comgatecloudsim.Decline,
	drivertest.Walk:    comgatecloudsim.Cancel,
	drivertest.Expire:  comgatecloudsim.Expire,
	drivertest.Part:    comgatecloudsim.Partial,
	drivertest.Refuse:  comgatecloudsim.Refuse,
}

// replies are the manners of either answer.
var replies = map[drivertest.Manner]comgatecloudsim.Reply{
	drivertest.Proper:    comgatecloudsim.Proper,
	drivertest.Silent:    comgatecloudsim.None,
	drivertest.Torn:      comgatecloudsim.Torn,
	drivertest.Malformed: comgatecloudsim.Malformed,
	drivertest.Garbage:   comgatecloudsim.Garbage,
	drivertest.Oversized: comgatecloudsim.Oversized,
	drivertest.Hollow:    comgatecloudsim.Empty,
}

// told are the manners that only an answer to GET can have.
var told = map[drivertest.Manner]comgatecloudsim.Reply{
	drivertest.WrongNumber:   comgatecloudsim.WrongOrder,
	drivertest.WrongAmount:   comgatecloudsim.WrongAmount,
	drivertest.WrongCurrency: comgatecloudsim.WrongCurrency,
	drivertest.Contradictory: comgatecloudsim.Contradictory,
	drivertest.CardNumber:    comgatecloudsim.CardNumber,
	drivertest.TimedOut:      comgatecloudsim.StatusError,
}

// patience is how many answers in a row the driver does without.
const patience = 3

func (t *terminal) Script(turn drivertest.Turn) error {
	out := comgatecloudsim.Outcome{
		Kind: kinds[turn.Verdict], Delay: turn.Slow, ReplyDelay: turn.Late, Amount: turn.Granted.Text(), Times: patience,
	}
	how, either := replies[turn.Manner]
	later, byGet := told[turn.Manner]
	switch {
	case turn.Manner == drivertest.TimedOut && t.where == starts:
		out.Start = comgatecloudsim.ErrorPage
	case turn.Manner == drivertest.TimedOut, turn.Manner == drivertest.WrongAmount, turn.Manner == drivertest.WrongCurrency:
		out.Reply, out.Times = later, 1 // one is enough for a doubt
	case turn.Manner == drivertest.CardNumber:
		out.Reply = later
	case byGet && t.where == polls:
		out.Reply = later
	case either && t.where == starts:
		out.Start = how
	case either:
		out.Reply = how
	default:
		return fmt.Errorf("%w: an answer cannot be %s", drivertest.ErrInexpressible, turn.Manner)
	}
	if out.Fault = t.fault(turn.Cut); out.Fault == comgatecloudsim.CloseDuring {
		out.Delay += 5 * time.Second // for as many questions as the driver does without
	}
	t.Server.Script(out)
	return nil
}

func (t *terminal) fault(cut drivertest.Cut) comgatecloudsim.Fault {
	switch {
	case cut == drivertest.OnArrival:
		return comgatecloudsim.CloseBefore
	case cut != drivertest.NoCut && t.where == starts:
		return comgatecloudsim.AnswerLost
	case cut == drivertest.AtCard:
		return comgatecloudsim.CloseDuring
	case cut == drivertest.BeforeAnswer:
		return comgatecloudsim.CloseAfter
	}
	return comgatecloudsim.NoFault
}

var queries = map[drivertest.StatusManner]comgatecloudsim.Reply{
	drivertest.StatusProper:        comgatecloudsim.Proper,
	drivertest.StatusSilent:        comgatecloudsim.None,
	drivertest.StatusNotFound:      comgatecloudsim.NotFound,
	drivertest.StatusPending:       comgatecloudsim.Pending,
	drivertest.StatusMalformed:     comgatecloudsim.Malformed,
	drivertest.StatusFault:         comgatecloudsim.ErrorCode,
	drivertest.StatusWrongNumber:   comgatecloudsim.WrongOrder,
	drivertest.StatusWrongAmount:   comgatecloudsim.WrongAmount,
	drivertest.StatusContradictory: comgatecloudsim.Contradictory,
	drivertest.StatusHangUp:        comgatecloudsim.HangUp,
}

func (t *terminal) ScriptStatus(m drivertest.StatusManner) error {
	t.ScriptQueries(queries[m])
	return nil
}

func (t *terminal) Charges() []drivertest.Charge { return drivertest.Charges(t.Server.Charges()) }

func (t *terminal) Findings() (all []string) {
	for _, f := range t.Server.Findings() {
		all = append(all, fmt.Sprintf("%s %s %s", f.Order, f.Rule, f.Detail))
	}
	return all
}
