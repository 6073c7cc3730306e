package ecrhub_test

import (
	"net"
	"testing"
	"time"

	"tillkeeper/payment/drivertest"
	"tillkeeper/payment/drivertest/torture"
	"tillkeeper/payment/ecrhub"
	"tillkeeper/payment/ecrhub/ecrhubsim"
)

// TestTorture runs the fault campaign; see package torture for its options.
func TestTorture(t *testing.T) {
	torture.Run(t, torture.Harness{
		Protocol: ecrhub.Protocol(),
		Address:  "ecrhub://192.0.2.40:35779",
		New: func() torture.Simulator {
			return &tortured{ecrhubsim.New(ecrhubsim.Options{CardDelay: 400 * time.Millisecond, ResultDelay: 900 * time.Millisecond})}
		},
		Split: torture.WebSocket,
		// What the till is known not to withstand yet.
	})
}

// tortured is the simulated terminal as a campaign wants it.
type tortured struct{ *ecrhubsim.Terminal }

func (s *tortured) Serve(conn net.Conn) { s.ServeConn(conn) }

func (s *tortured) Script(orders []torture.Act, questions []torture.Reply) {
	for _, a := range orders {
		s.Terminal.Script(outcomeOf(a))
	}
	for _, q := range questions {
		s.ScriptQueries(queryOf[q])
	}
}

func (s *tortured) Charges() []drivertest.Charge { return drivertest.Charges(s.Terminal.Charges()) }

func outcomeOf(a torture.Act) ecrhubsim.Outcome {
	return ecrhubsim.Outcome{
		Kind: kindOf[a.Money], Reply: replyOf[a.Reply], Delay: a.Think, ReplyDelay: a.Late,
		IgnoreClose: a.Stubborn, NoRedeliver: a.Forgetful, Amount: "1.00",
	}
}

var kindOf = map[torture.Money]ecrhubsim.Kind{
	torture.Approve: ecrhubsim.Approve, torture.Partial: ecrhubsim.Partial, torture.Decline: ecrhubsim.Decline,
	torture.Abandon: ecrhubsim.Cancel, torture.Refuse: ecrhubsim.ParameterError, torture.TimeOut: ecrhubsim.Timeout,
	torture.TimeOutCharged: ecrhubsim.TimeoutCharged, torture.Expire: ecrhubsim.Expire,
}

var replyOf = map[torture.Reply]ecrhubsim.Reply{
	torture.Silent: ecrhubsim.None, torture.Garbled: ecrhubsim.Malformed, torture.Torn: ecrhubsim.Torn,
	torture.Empty: ecrhubsim.EmptyBiz, torture.Foreign: ecrhubsim.WrongOrder, torture.WrongAmount: ecrhubsim.WrongAmount,
	torture.WrongCurrency: ecrhubsim.WrongCurrency, torture.WrongOperation: ecrhubsim.WrongType,
	torture.Contradictory: ecrhubsim.Contradictory, torture.Twice: ecrhubsim.Twice, torture.Odd: ecrhubsim.Numbers,
}

var queryOf = map[torture.Reply]ecrhubsim.QueryOutcome{
	torture.Silent: ecrhubsim.QueryNone, torture.Garbled: ecrhubsim.QueryMalformed, torture.Failing: ecrhubsim.QueryError,
	torture.Foreign: ecrhubsim.QueryWrongOrder, torture.WrongAmount: ecrhubsim.QueryWrongAmount,
	torture.Contradictory: ecrhubsim.QueryContradictory, torture.HangUp: ecrhubsim.QueryHangUp,
	torture.Unfound: ecrhubsim.QueryNotFound, torture.Pending: ecrhubsim.QueryPending,
}
