package comgate_test

import (
	"net"
	"testing"
	"time"

	"tillkeeper/payment/comgate"
	"tillkeeper/payment/comgate/comgatesim"
	"tillkeeper/payment/drivertest"
	"tillkeeper/payment/drivertest/torture"
)

// TestTorture runs the fault campaign; see package torture for its options. The
// campaign pays in dollars; voids are reversals and take the whole sum back.
func TestTorture(t *testing.T) {
	torture.Run(t, torture.Harness{
		Protocol: comgate.Protocol(),
		Address:  "comgate://192.168.1.50:33350/paya",
		Settings: map[string]string{"currency": "USD", "refund": "on"},
		New: func() torture.Simulator {
			return &tortured{comgatesim.New(comgatesim.Options{
				Currency: "USD", CardDelay: 400 * time.Millisecond, ResultDelay: 900 * time.Millisecond, CardTimeout: 2 * time.Minute,
			})}
		},
		Split: torture.HTTP,
		// A refund is not linked to its sale, so a person's wrong word gives money away.
		Without: []torture.Fault{torture.RefundDecided}, Unlinked: true,
	})
}

// tortured is the simulated terminal as a campaign wants it.
type tortured struct{ *comgatesim.Terminal }

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

func outcomeOf(a torture.Act) comgatesim.Outcome {
	out := comgatesim.Outcome{
		Kind: kindOf[a.Money], Reply: replyOf[a.Reply], Delay: a.Think, ReplyDelay: a.Late, IgnoreCancel: a.Stubborn, Amount: "1.00",
	}
	if a.Money == torture.TimeOut {
		out.Code, out.Text = "TIMEOUT", "No answer from the host"
	}
	if a.Money == torture.TimeOutCharged {
		out.Reply = comgatesim.GatewayTime // a result that is not OK is not charged by definition
	}
	return out
}

var kindOf = map[torture.Money]comgatesim.Kind{
	torture.Approve: comgatesim.Approve, torture.Partial: comgatesim.Partial, torture.Decline: comgatesim.Decline,
	torture.Abandon: comgatesim.Cancel, torture.Refuse: comgatesim.Refuse, torture.TimeOut: comgatesim.Decline,
	torture.TimeOutCharged: comgatesim.Approve, torture.Expire: comgatesim.Expire,
}

var replyOf = map[torture.Reply]comgatesim.Reply{
	torture.Silent: comgatesim.None, torture.Garbled: comgatesim.Malformed, torture.Torn: comgatesim.Torn,
	torture.Empty: comgatesim.NoCode, torture.Foreign: comgatesim.WrongOrder, torture.WrongAmount: comgatesim.WrongAmount,
	torture.WrongCurrency: comgatesim.WrongCurrency, torture.WrongOperation: comgatesim.WrongType,
	torture.Contradictory: comgatesim.Contradictory, torture.Twice: comgatesim.Twice, torture.Odd: comgatesim.Numbers,
}

var queryOf = map[torture.Reply]comgatesim.QueryOutcome{
	torture.Silent: comgatesim.QueryNone, torture.Garbled: comgatesim.QueryMalformed, torture.Failing: comgatesim.QueryError,
	torture.Foreign: comgatesim.QueryWrongOrder, torture.WrongAmount: comgatesim.QueryWrongAmount,
	torture.Contradictory: comgatesim.QueryContradictory, torture.HangUp: comgatesim.QueryHangUp,
	torture.Unfound: comgatesim.QueryNotFound, torture.Pending: comgatesim.QueryPending,
}
