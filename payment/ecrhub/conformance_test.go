package ecrhub_test

import (
	"context"
	"fmt"
	"net"
	"testing"

	"tillkeeper/payment/drivertest"
	"tillkeeper/payment/ecrhub"
	"tillkeeper/payment/ecrhub/ecrhubsim"
)

// The dialect of the protocol text, and the one farthest from it.
func TestConformance(t *testing.T) {
	for _, dialect := range []ecrhubsim.Dialect{ecrhubsim.G2, ecrhubsim.Field} {
		t.Run(string(dialect), func(t *testing.T) { drivertest.Run(t, harness(dialect)) })
	}
}

func TestConformanceOverSockets(t *testing.T) {
	for _, dialect := range []ecrhubsim.Dialect{ecrhubsim.G2, ecrhubsim.G3, ecrhubsim.Field} {
		t.Run(string(dialect), func(t *testing.T) { drivertest.RunSockets(t, harness(dialect)) })
	}
}

func harness(dialect ecrhubsim.Dialect) drivertest.Harness {
	return drivertest.Harness{
		Protocol: ecrhub.Protocol(),
		Dialect:  string(dialect),
		Address:  "ecrhub://192.0.2.40:35779",
		Card:     "4111111111111111",
		Quirks:   drivertest.Quirks{Redelivers: true},
		New: func(s drivertest.Setup) drivertest.Simulator {
			options := ecrhubsim.Defaults()
			if s.AtOnce {
				options = ecrhubsim.Options{}
			}
			options.Dialect, options.Currency = dialect, string(s.Currency)
			return &terminal{ecrhubsim.New(options), dialect}
		},
	}
}

// terminal tells the simulator what the suite wants in the words of this protocol.
type terminal struct {
	*ecrhubsim.Terminal
	dialect ecrhubsim.Dialect
}

func (t *terminal) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	return t.DialContext(ctx, network, address)
}

func (t *terminal) Listen() (string, error) {
	if err := t.Terminal.Listen("127.0.0.1:0"); err != nil {
		return "", err
	}
	return "ecrhub://" + t.Addr().String(), nil
}

var kinds = map[drivertest.Verdict]ecrhubsim.Kind{
	drivertest.Approve: ecrhubsim.Approve,
	drivertest.Decline: ecrhubsim.Decline,
	drivertest.Walk:    ecrhubsim.Cancel,
	drivertest.Expire:  ecrhubsim.Expire,
	drivertest.Part:    ecrhubsim.Partial,
	drivertest.Refuse:  ecrhubsim.ParameterError,
}

var replies = map[drivertest.Manner]ecrhubsim.Reply{
	drivertest.Proper:         ecrhubsim.Proper,
	drivertest.Silent:         ecrhubsim.None,
	drivertest.Torn:           ecrhubsim.Torn,
	drivertest.Malformed:      ecrhubsim.Malformed,
	drivertest.Garbage:        ecrhubsim.Garbage,
	drivertest.Oversized:      ecrhubsim.Oversized,
	drivertest.Hollow:         ecrhubsim.EmptyBiz,
	drivertest.WrongNumber:    ecrhubsim.WrongOrder,
	drivertest.WrongAmount:    ecrhubsim.WrongAmount,
	drivertest.WrongCurrency:  ecrhubsim.WrongCurrency,
	drivertest.WrongOperation: ecrhubsim.WrongType,
	drivertest.Contradictory:  ecrhubsim.Contradictory,
	drivertest.Twice:          ecrhubsim.Twice,
	drivertest.CardNumber:     ecrhubsim.CardNumber,
}

var faults = map[drivertest.Cut]ecrhubsim.Fault{
	drivertest.NoCut:        ecrhubsim.NoFault,
	drivertest.OnArrival:    ecrhubsim.CloseBefore,
	drivertest.AtCard:       ecrhubsim.CloseDuring,
	drivertest.BeforeAnswer: ecrhubsim.CloseAfter,
}

func (t *terminal) Script(turn drivertest.Turn) error {
	out := ecrhubsim.Outcome{
		Kind: kinds[turn.Verdict], Fault: faults[turn.Cut], Delay: turn.Slow, ReplyDelay: turn.Late,
		Amount: turn.Granted.Text(), IgnoreClose: turn.DeafToCancel, NoRedeliver: turn.Forgotten,
	}
	switch {
	case turn.Manner == drivertest.WrongCurrency && t.dialect == ecrhubsim.Field:
		return fmt.Errorf("%w: its answers name no currency", drivertest.ErrInexpressible)
	case turn.Manner == drivertest.TimedOut && turn.Verdict == drivertest.Approve:
		out.Kind = ecrhubsim.TimeoutCharged
	case turn.Manner == drivertest.TimedOut:
		out.Kind = ecrhubsim.Timeout
	default:
		out.Reply = replies[turn.Manner]
	}
	t.Terminal.Script(out)
	return nil
}

var queries = map[drivertest.StatusManner]ecrhubsim.QueryOutcome{
	drivertest.StatusProper:        ecrhubsim.QueryProper,
	drivertest.StatusSilent:        ecrhubsim.QueryNone,
	drivertest.StatusNotFound:      ecrhubsim.QueryNotFound,
	drivertest.StatusPending:       ecrhubsim.QueryPending,
	drivertest.StatusMalformed:     ecrhubsim.QueryMalformed,
	drivertest.StatusFault:         ecrhubsim.QueryError,
	drivertest.StatusWrongNumber:   ecrhubsim.QueryWrongOrder,
	drivertest.StatusWrongAmount:   ecrhubsim.QueryWrongAmount,
	drivertest.StatusContradictory: ecrhubsim.QueryContradictory,
	drivertest.StatusHangUp:        ecrhubsim.QueryHangUp,
}

func (t *terminal) ScriptStatus(m drivertest.StatusManner) error {
	t.ScriptQueries(queries[m])
	return nil
}

func (t *terminal) Charges() []drivertest.Charge { return drivertest.Charges(t.Terminal.Charges()) }

func (t *terminal) Findings() (all []string) {
	for _, f := range t.Terminal.Findings() {
		all = append(all, fmt.Sprintf("%s %s %s", f.Order, f.Rule, f.Detail))
	}
	return all
}
