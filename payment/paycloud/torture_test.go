package paycloud_test

import (
	"maps"
	"net"
	"testing"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/drivertest"
	"tillkeeper/payment/drivertest/torture"
	"tillkeeper/payment/paycloud"
	"tillkeeper/payment/paycloud/paycloudsim"
)

// TestTorture runs the fault campaign; see package torture for its options.
func TestTorture(t *testing.T) {
	for _, p := range []payment.Protocol{paycloud.CodePay(), paycloud.SADAD()} {
		t.Run(p.Name, func(t *testing.T) { tortureOf(t, paycloud.Hurried(p)) })
	}
}

func tortureOf(t *testing.T, p payment.Protocol) {
	cloud := newCloud(t, paycloudsim.Options{})
	defer cloud.Close()
	settings := cloud.Settings()
	maps.Copy(settings, everything)
	settings[payment.SettingCurrency] = string(payment.DefaultCurrency)
	settings["probe_every"] = "5m"
	torture.Run(t, torture.Harness{
		Protocol: p, Address: p.Name + "+http://127.0.0.1:18080", Settings: settings, Secrets: cloud.Credentials(),
		New: func() torture.Simulator {
			return &tortured{newCloud(t, paycloudsim.Options{CardDelay: 400 * time.Millisecond, ResultDelay: 900 * time.Millisecond})}
		},
		Split: torture.HTTP,
	})
}

// tortured is the fake cloud as a campaign wants it.
type tortured struct{ *paycloudsim.Cloud }

func (s *tortured) Serve(conn net.Conn) { s.ServeConn(conn) }

func (s *tortured) Script(orders []torture.Act, questions []torture.Reply) {
	for _, a := range orders {
		s.Cloud.Script(outcomeOf(a))
	}
	for _, q := range questions {
		s.ScriptQueries(answerOf[q])
	}
}

func (s *tortured) Charges() []drivertest.Charge { return drivertest.Charges(s.Cloud.Charges()) }

// outcomeOf spoils the answers to the create and to questions alike. A stubborn
// terminal agrees to a close and pays all the same.
func outcomeOf(a torture.Act) paycloudsim.Outcome {
	out := paycloudsim.Outcome{
		Kind: kindOf[a.Money], Delay: min(a.Think, time.Minute), Shown: a.Late, Race: a.Stubborn, IgnoreClose: a.Forgetful,
		Amount: "1.00", Reply: answerOf[a.Reply], Answer: answerOf[a.Reply],
	}
	if a.Think > time.Minute {
		out.Paying = a.Think - time.Minute
	}
	if a.Forgetful {
		out.AnswerFor = 90 * time.Second
	}
	return out
}

var kindOf = map[torture.Money]paycloudsim.Kind{
	torture.Approve: paycloudsim.Approve, torture.Partial: paycloudsim.Partial, torture.Decline: paycloudsim.Decline,
	torture.Abandon: paycloudsim.Cancel, torture.Refuse: paycloudsim.Refuse, torture.TimeOut: paycloudsim.Timeout,
	torture.TimeOutCharged: paycloudsim.TimeoutCharged, torture.Expire: paycloudsim.Expire,
}

var answerOf = map[torture.Reply]paycloudsim.Reply{
	torture.Silent: paycloudsim.None, torture.Garbled: paycloudsim.Malformed, torture.Torn: paycloudsim.Torn,
	torture.Empty: paycloudsim.Hollow, torture.Foreign: paycloudsim.WrongOrder, torture.WrongAmount: paycloudsim.WrongAmount,
	torture.WrongCurrency: paycloudsim.WrongCurrency, torture.WrongOperation: paycloudsim.WrongType,
	torture.Contradictory: paycloudsim.Contradictory, torture.Twice: paycloudsim.WrongSignature, torture.Odd: paycloudsim.StatusText,
	torture.Failing: paycloudsim.Failing, torture.HangUp: paycloudsim.HangUp,
	torture.Unfound: paycloudsim.Unfound, torture.Pending: paycloudsim.Pending,
}
