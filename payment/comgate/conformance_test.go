package comgate_test

import (
	"context"
	"fmt"
	"net"
	"testing"

	"tillkeeper/payment"
	"tillkeeper/payment/comgate"
	"tillkeeper/payment/comgate/comgatesim"
	"tillkeeper/payment/drivertest"
)

// A terminal as it comes, and one with everything that a provider can enable, whose
// password is its own. The text names two currencies; the second terminal shows that
// the wire carries any.
func TestConformance(t *testing.T) {
	for _, dialect := range dialects {
		t.Run(string(dialect), func(t *testing.T) { drivertest.Run(t, harness(dialect)) })
	}
}

func TestConformanceOverSockets(t *testing.T) {
	for _, dialect := range dialects {
		t.Run(string(dialect), func(t *testing.T) { drivertest.RunSockets(t, harness(dialect)) })
	}
}

type dialect string

const (
	plain dialect = "plain"
	full  dialect = "full"
)

var dialects = []dialect{plain, full}

const ownPassword = "7390551826440157"

func harness(dialect dialect) drivertest.Harness {
	h := drivertest.Harness{
		Protocol: comgate.Protocol(),
		Dialect:  string(dialect),
		Address:  "comgate://192.168.1.50:33350/paya",
		Card:     "4111111111111111",
		Quirks:   drivertest.Quirks{Currencies: []payment.Currency{"CZK", "EUR"}},
		New: func(s drivertest.Setup) drivertest.Simulator {
			return &terminal{comgatesim.New(options(dialect, s))}
		},
	}
	if dialect == full {
		h.Quirks.Currencies = nil
		h.Secrets = map[string]string{"secure_string": ownPassword}
		h.Settings = map[string]string{
			"refund": "on", "path.preauth": "preauth", "path.preauth_complete": "preauth/complete", "path.preauth_cancel": "preauth/cancel",
			"tip_field_name": "tipAmount", "currency_as_string": "true", "invoice_number": "digits", "daughter_company_id": "42",
			"confirm_mode": "before_result",
		}
	}
	return h
}

func options(dialect dialect, s drivertest.Setup) comgatesim.Options {
	o := comgatesim.Defaults()
	if s.AtOnce {
		o = comgatesim.Options{}
	}
	o.Currency = string(s.Currency)
	if dialect == full {
		o.SecureString, o.UnknownIDs, o.WrongPassword, o.TipField = ownPassword, comgatesim.ByBody, comgatesim.ByBody, "tipAmount"
		o.Paths = map[string]string{"preauth": "preauth", "preauth_complete": "preauth/complete", "preauth_cancel": "preauth/cancel"}
	}
	return o
}

// terminal tells the simulator what the suite wants in the words of this protocol.
type terminal struct{ *comgatesim.Terminal }

func (t *terminal) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	return t.DialContext(ctx, network, address)
}

func (t *terminal) Listen() (string, error) {
	err := t.Terminal.Listen("127.0.0.1:0")
	return t.Address(), err
}

var kinds = map[drivertest.Verdict]comgatesim.Kind{
	drivertest.Approve: comgatesim.Approve,
	drivertest.Decline: comgatesim.Decline,
	drivertest.Walk:    comgatesim.Cancel,
	drivertest.Expire:  comgatesim.Expire,
	drivertest.Part:    comgatesim.Partial,
	drivertest.Refuse:  comgatesim.Refuse,
}

// A start call is answered at once and a result later: what tears or delays the
// answer to an order is done to the start, what is wrong in it to the result.
var replies = map[drivertest.Manner]comgatesim.Reply{
	drivertest.Proper:         comgatesim.Proper,
	drivertest.Silent:         comgatesim.None,
	drivertest.Torn:           comgatesim.Torn,
	drivertest.Malformed:      comgatesim.Malformed,
	drivertest.Garbage:        comgatesim.Garbage,
	drivertest.Oversized:      comgatesim.Oversized,
	drivertest.Hollow:         comgatesim.NoCode,
	drivertest.WrongNumber:    comgatesim.WrongOrder,
	drivertest.WrongAmount:    comgatesim.WrongAmount,
	drivertest.WrongCurrency:  comgatesim.WrongCurrency,
	drivertest.WrongOperation: comgatesim.WrongType,
	drivertest.Contradictory:  comgatesim.Contradictory,
	drivertest.Twice:          comgatesim.Twice,
	drivertest.CardNumber:     comgatesim.CardNumber,
	drivertest.TimedOut:       comgatesim.GatewayTime,
}

var faults = map[drivertest.Cut]comgatesim.Fault{
	drivertest.NoCut:        comgatesim.NoFault,
	drivertest.OnArrival:    comgatesim.CloseBefore,
	drivertest.AtCard:       comgatesim.CloseDuring,
	drivertest.BeforeAnswer: comgatesim.CloseAfter,
}

func (t *terminal) Script(turn drivertest.Turn) error {
	t.Terminal.Script(comgatesim.Outcome{
		Kind: kinds[turn.Verdict], Fault: faults[turn.Cut], Reply: replies[turn.Manner], Delay: turn.Slow, ReplyDelay: turn.Late,
		Amount: turn.Granted.Text(), IgnoreCancel: turn.DeafToCancel,
	})
	return nil
}

var queries = map[drivertest.StatusManner]comgatesim.QueryOutcome{
	drivertest.StatusProper:        comgatesim.QueryProper,
	drivertest.StatusSilent:        comgatesim.QueryNone,
	drivertest.StatusNotFound:      comgatesim.QueryNotFound,
	drivertest.StatusPending:       comgatesim.QueryPending,
	drivertest.StatusMalformed:     comgatesim.QueryMalformed,
	drivertest.StatusFault:         comgatesim.QueryError,
	drivertest.StatusWrongNumber:   comgatesim.QueryWrongOrder,
	drivertest.StatusWrongAmount:   comgatesim.QueryWrongAmount,
	drivertest.StatusContradictory: comgatesim.QueryContradictory,
	drivertest.StatusHangUp:        comgatesim.QueryHangUp,
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
