package iotpay_test

import (
	"context"
	"fmt"
	"net"
	"testing"

	"tillkeeper/payment/drivertest"
	"tillkeeper/payment/iotpay"
	"tillkeeper/payment/iotpay/iotpaysim"
)

// Queries answered nested, with tips and with refunds that the gateway shows as orders;
// and answered flat, as documented, without either, but with proofs demanded.
func TestConformance(t *testing.T) {
	for _, layout := range []iotpaysim.Layout{iotpaysim.Nested, iotpaysim.Flat} {
		t.Run(string(layout), func(t *testing.T) { drivertest.Run(t, harness(layout)) })
	}
}

func TestConformanceOverSockets(t *testing.T) {
	for _, layout := range []iotpaysim.Layout{iotpaysim.Nested, iotpaysim.Flat} {
		t.Run(string(layout), func(t *testing.T) { drivertest.RunSockets(t, harness(layout)) })
	}
}

const merchantKey = "EXAMPLEKEY1234567890"

func harness(layout iotpaysim.Layout) drivertest.Harness {
	settings := map[string]string{"mch_id": "10009999", "job_no": "cashier1", "device": "POS-01"}
	if layout == iotpaysim.Nested {
		settings["path.refund"], settings["tip"] = "refund_order", "on"
	} else {
		settings["not_found_proves"] = "on"
		settings["response_sign"] = "enforce"
	}
	return drivertest.Harness{
		Protocol: iotpay.Protocol(),
		Dialect:  string(layout),
		Address:  "iotpay+http://127.0.0.1:1/v1",
		Settings: settings,
		Secrets:  map[string]string{"merchant_key": merchantKey},
		Card:     "4111111111111111",
		Quirks:   drivertest.Quirks{AsksItself: true},
		New: func(s drivertest.Setup) drivertest.Simulator {
			options := iotpaysim.Defaults()
			if s.AtOnce {
				options = iotpaysim.Options{}
			}
			options.Layout, options.Currency, options.Key = layout, string(s.Currency), merchantKey
			if layout == iotpaysim.Nested {
				options.Refund, options.RefundQuery = true, true
			} else {
				options.Signing = iotpaysim.Compact
			}
			return &gateway{iotpaysim.New(options)}
		},
	}
}

// gateway tells the simulator what the suite wants in the words of this protocol.
type gateway struct{ *iotpaysim.Gateway }

func (g *gateway) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	return g.DialContext(ctx, network, address)
}

func (g *gateway) Listen() (string, error) {
	if err := g.Gateway.Listen("127.0.0.1:0"); err != nil {
		return "", err
	}
	return "iotpay+http://" + g.Addr().String() + "/v1", nil
}

var kinds = map[drivertest.Verdict]iotpaysim.Kind{
	drivertest.Approve: iotpaysim.Approve,
	drivertest.Decline: iotpaysim.Decline,
	drivertest.Walk:    iotpaysim.Cancel,
	drivertest.Expire:  iotpaysim.Expire,
	drivertest.Part:    iotpaysim.Partial,
	drivertest.Refuse:  iotpaysim.Refuse,
}

var replies = map[drivertest.Manner]iotpaysim.Reply{
	drivertest.Proper:         iotpaysim.Proper,
	drivertest.Silent:         iotpaysim.None,
	drivertest.Torn:           iotpaysim.Torn,
	drivertest.Malformed:      iotpaysim.Malformed,
	drivertest.Garbage:        iotpaysim.Garbage,
	drivertest.Oversized:      iotpaysim.Oversized,
	drivertest.Hollow:         iotpaysim.NoOrder,
	drivertest.WrongNumber:    iotpaysim.WrongOrder,
	drivertest.WrongAmount:    iotpaysim.WrongAmount,
	drivertest.WrongCurrency:  iotpaysim.WrongCurrency,
	drivertest.WrongOperation: iotpaysim.WrongOperation,
	drivertest.Contradictory:  iotpaysim.Contradictory,
	drivertest.Twice:          iotpaysim.Twice,
	drivertest.CardNumber:     iotpaysim.CardNumber,
	drivertest.TimedOut:       iotpaysim.SystemError,
}

var faults = map[drivertest.Cut]iotpaysim.Fault{
	drivertest.NoCut:        iotpaysim.NoFault,
	drivertest.OnArrival:    iotpaysim.CloseBefore,
	drivertest.AtCard:       iotpaysim.CloseDuring,
	drivertest.BeforeAnswer: iotpaysim.CloseAfter,
}

func (g *gateway) Script(turn drivertest.Turn) error {
	g.Gateway.Script(iotpaysim.Outcome{
		Kind: kinds[turn.Verdict], Reply: replies[turn.Manner], Fault: faults[turn.Cut],
		Delay: turn.Slow, ReplyDelay: turn.Late, Amount: turn.Granted.Text(),
	})
	return nil
}

var queries = map[drivertest.StatusManner]iotpaysim.QueryOutcome{
	drivertest.StatusProper:        iotpaysim.QueryProper,
	drivertest.StatusSilent:        iotpaysim.QueryNone,
	drivertest.StatusNotFound:      iotpaysim.QueryNotFound,
	drivertest.StatusPending:       iotpaysim.QueryPending,
	drivertest.StatusMalformed:     iotpaysim.QueryMalformed,
	drivertest.StatusFault:         iotpaysim.QueryError,
	drivertest.StatusWrongNumber:   iotpaysim.QueryWrongOrder,
	drivertest.StatusWrongAmount:   iotpaysim.QueryWrongAmount,
	drivertest.StatusContradictory: iotpaysim.QueryContradictory,
	drivertest.StatusHangUp:        iotpaysim.QueryHangUp,
}

func (g *gateway) ScriptStatus(m drivertest.StatusManner) error {
	g.ScriptQueries(queries[m])
	return nil
}

func (g *gateway) Charges() []drivertest.Charge { return drivertest.Charges(g.Gateway.Charges()) }

func (g *gateway) Findings() (all []string) {
	for _, f := range g.Gateway.Findings() {
		all = append(all, fmt.Sprintf("%s %s %s", f.Order, f.Rule, f.Detail))
	}
	return all
}
