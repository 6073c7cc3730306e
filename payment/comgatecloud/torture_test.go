package comgatecloud_test

import (
	"net"
	"testing"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/comgatecloud"
	"tillkeeper/payment/comgatecloud/comgatecloudsim"
	"tillkeeper/payment/drivertest"
	"tillkeeper/payment/drivertest/torture"
)

// TestTorture runs the fault campaign; see package torture for its options.
func TestTorture(t *testing.T) {
	torture.Run(t, torture.Harness{
		Protocol: comgatecloud.Protocol(),
		Address:  "comgate-cloud+http://127.0.0.1:8080/v2.0",
		Settings: map[string]string{"merchant": merchant, "refund": "on", payment.SettingCurrency: "USD"},
		Secrets:  map[string]string{"secret": secret},
		New: func() torture.Simulator {
			return &tortured{comgatecloudsim.New(comgatecloudsim.Options{
				Merchant: merchant, Secret: secret, CustomerTime: 1300 * time.Millisecond, ReversalTime: 700 * time.Millisecond,
			})}
		},
		Split:     torture.HTTP,
		Unaskable: true,
		// A refund is linked to nothing here: who decides that a sale was paid, and refunds
		// it, gives money away if it was not.
		Without: []torture.Fault{torture.RefundDecided}, Unlinked: true,
	})
}

// tortured is the simulated gateway as a campaign wants it.
type tortured struct{ *comgatecloudsim.Server }

func (s *tortured) Serve(conn net.Conn) { s.ServeConn(conn) }

func (s *tortured) Script(orders []torture.Act, questions []torture.Reply) {
	for i, a := range orders {
		s.Server.Script(outcomeOf(a, i))
	}
	for _, q := range questions {
		s.ScriptQueries(replyOf[q])
	}
}

func (s *tortured) Charges() []drivertest.Charge { return drivertest.Charges(s.Server.Charges()) }

// outcomeOf lets a bad reply strike the POST or DELETE of one order, and the GETs of
// the next.
func outcomeOf(a torture.Act, i int) comgatecloudsim.Outcome {
	out := comgatecloudsim.Outcome{Kind: kindOf[a.Money], Delay: a.Think, ReplyDelay: a.Late, Amount: "1.00", Times: 1 + i}
	switch how := replyOf[a.Reply]; {
	case a.Money == torture.TimeOut || a.Money == torture.TimeOutCharged:
		out.Reply = comgatecloudsim.StatusError
	case i%2 == 0 && a.Forgetful && a.Reply != torture.Foreign: // a wrong transId leads nowhere for ever
		out.Start = how
	default:
		out.Reply = how
	}
	return out
}

var kindOf = map[torture.Money]comgatecloudsim.Kind{
	torture.Approve: comgatecloudsim.Approve, torture.Partial: comgatecloudsim.Partial, torture.Decline: comgatecloudsim.Decline,
	torture.Abandon: comgatecloudsim.Cancel, torture.Refuse: comgatecloudsim.Refuse, torture.TimeOut: comgatecloudsim.Decline,
	torture.TimeOutCharged: comgatecloudsim.Approve, torture.Expire: comgatecloudsim.Expire,
}

var replyOf = map[torture.Reply]comgatecloudsim.Reply{
	torture.Silent: comgatecloudsim.None, torture.Garbled: comgatecloudsim.Malformed, torture.Torn: comgatecloudsim.Torn,
	torture.Empty: comgatecloudsim.Empty, torture.Foreign: comgatecloudsim.WrongOrder, torture.WrongAmount: comgatecloudsim.WrongAmount,
	torture.WrongCurrency: comgatecloudsim.WrongCurrency, torture.WrongOperation: comgatecloudsim.NoCode,
	torture.Contradictory: comgatecloudsim.Contradictory, torture.Odd: comgatecloudsim.Numbers,
	torture.Failing: comgatecloudsim.ErrorPage, torture.HangUp: comgatecloudsim.HangUp,
	torture.Unfound: comgatecloudsim.NotFound, torture.Pending: comgatecloudsim.Pending,
}
