package iotpay_test

import (
	"net"
	"testing"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/drivertest"
	"tillkeeper/payment/drivertest/torture"
	"tillkeeper/payment/iotpay"
	"tillkeeper/payment/iotpay/iotpaysim"
)

// TestTorture runs the fault campaign; see package torture for its options.
func TestTorture(t *testing.T) {
	torture.Run(t, torture.Harness{
		Protocol: withKey(iotpay.Protocol()),
		Address:  "iotpay+http://127.0.0.1:1/v1",
		Settings: map[string]string{"mch_id": "10009999", "job_no": "cashier1", "currency": "USD", "path.refund": "refund_order"},
		New: func() torture.Simulator {
			return &tortured{iotpaysim.New(iotpaysim.Options{
				CardDelay: 400 * time.Millisecond, ResultDelay: 900 * time.Millisecond, Key: merchantKey,
				Layout: iotpaysim.Nested, Refund: true, RefundQuery: true,
			})}
		},
		Split: torture.HTTP,
	})
}

// withKey opens drivers that know the merchant key.
func withKey(p payment.Protocol) payment.Protocol {
	open := p.Open
	p.Open = func(t payment.Terminal, env payment.Env) (payment.Driver, error) {
		env.Secret = func(string) (string, error) { return merchantKey, nil }
		return open(t, env)
	}
	return p
}

// tortured is the simulated gateway as a campaign wants it.
type tortured struct{ *iotpaysim.Gateway }

func (s *tortured) Serve(conn net.Conn) { s.ServeConn(conn) }

func (s *tortured) Script(orders []torture.Act, questions []torture.Reply) {
	for _, a := range orders {
		s.Gateway.Script(outcomeOf(a))
	}
	for _, q := range questions {
		s.ScriptQueries(queryOf[q])
	}
}

func (s *tortured) Charges() []drivertest.Charge { return drivertest.Charges(s.Gateway.Charges()) }

func outcomeOf(a torture.Act) iotpaysim.Outcome {
	out := iotpaysim.Outcome{Kind: kindOf[a.Money], Reply: replyOf[a.Reply], Delay: a.Think, ReplyDelay: a.Late, Amount: "1.00"}
	if a.Money == torture.TimeOut || a.Money == torture.TimeOutCharged {
		out.Reply = iotpaysim.SystemError
	}
	return out
}

var kindOf = map[torture.Money]iotpaysim.Kind{
	torture.Approve: iotpaysim.Approve, torture.Partial: iotpaysim.Partial, torture.Decline: iotpaysim.Decline,
	torture.Abandon: iotpaysim.Cancel, torture.Refuse: iotpaysim.Refuse, torture.TimeOut: iotpaysim.Decline,
	torture.TimeOutCharged: iotpaysim.Approve, torture.Expire: iotpaysim.Expire,
}

var replyOf = map[torture.Reply]iotpaysim.Reply{
	torture.Silent: iotpaysim.None, torture.Garbled: iotpaysim.Malformed, torture.Torn: iotpaysim.Torn,
	torture.Empty: iotpaysim.NoOrder, torture.Foreign: iotpaysim.WrongOrder, torture.WrongAmount: iotpaysim.WrongAmount,
	torture.WrongCurrency: iotpaysim.WrongCurrency, torture.WrongOperation: iotpaysim.WrongOperation,
	torture.Contradictory: iotpaysim.Contradictory, torture.Twice: iotpaysim.Twice, torture.Odd: iotpaysim.Odd,
	torture.HangUp: iotpaysim.Torn, torture.Failing: iotpaysim.BadGateway,
}

var queryOf = map[torture.Reply]iotpaysim.QueryOutcome{
	torture.Silent: iotpaysim.QueryNone, torture.Garbled: iotpaysim.QueryMalformed, torture.Failing: iotpaysim.QueryError,
	torture.Foreign: iotpaysim.QueryWrongOrder, torture.WrongAmount: iotpaysim.QueryWrongAmount,
	torture.Contradictory: iotpaysim.QueryContradictory, torture.HangUp: iotpaysim.QueryHangUp,
	torture.Unfound: iotpaysim.QueryNotFound, torture.Pending: iotpaysim.QueryPending,
}
