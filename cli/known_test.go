package cli_test

import (
	"context"
	"os"
	"strings"
	"testing"

	"tillkeeper/payment"
)

func sale(number string) payment.Order {
	return payment.Order{Number: number, Asked: payment.Amounts{Amount: payment.FromMinor(1000, "USD")}}
}

var (
	sentEntry    = payment.Entry{Source: payment.FromTill, Kind: payment.KindSent}
	unknownEntry = payment.Entry{Source: payment.FromTill, Kind: payment.KindUnanswered, Code: payment.CodeNoAnswer}
)

func statusSays(o payment.Outcome) func(payment.Order) (payment.Result, error) {
	return func(payment.Order) (payment.Result, error) { return payment.Result{Outcome: o}, nil }
}

func TestQuery(t *testing.T) {
	for _, c := range []struct {
		outcome payment.Outcome
		code    int
	}{
		{payment.Approved, 0}, {payment.Declined, 10}, {payment.Cancelled, 11}, {payment.Expired, 11},
		{payment.Refused, 12}, {payment.Pending, 13}, {payment.NotFound, 13},
	} {
		r := ready(t)
		r.seed(t, sale("OLD"), sentEntry, unknownEntry)
		r.status = statusSays(c.outcome)
		if got := r.run("query", "OLD", "--json"); got.code != c.code || got.last(t)["order"] != "OLD" {
			t.Errorf("%s: %+v", c.outcome, got)
		}
	}
}

func TestQueryWithoutAnswer(t *testing.T) {
	r := ready(t)
	r.seed(t, sale("OLD"), sentEntry, unknownEntry)
	r.status = func(payment.Order) (payment.Result, error) {
		return payment.Result{}, payment.Errorf(payment.CodeNotReached, "no route")
	}
	got := r.run("query", "OLD", "--json")
	if last := got.last(t); got.code != 13 || last["error"] != "terminal-not-reached" || last["status"] != "unknown" {
		t.Errorf("%+v", got)
	}
}

func TestRecover(t *testing.T) {
	r := ready(t)
	if got := r.run("recover"); got.code != 0 || !strings.Contains(got.stdout, "No order is open") {
		t.Errorf("nothing open: %+v", got)
	}
	r.seed(t, sale("OLD"), sentEntry)
	if got := r.run("recover", "--json"); got.code != 13 || got.last(t)["status"] != "unknown" {
		t.Errorf("still open: %+v", got)
	}
	r.status = statusSays(payment.Approved)
	if got := r.run("recover", "--json", "--for", "5s"); got.code != 0 || got.last(t)["status"] != "approved" {
		t.Errorf("settled: %+v", got)
	}
}

func TestDecide(t *testing.T) {
	r := ready(t)
	r.seed(t, sale("OLD"), sentEntry, unknownEntry)
	for _, c := range []struct {
		args []string
		code int
	}{
		{[]string{"decide", "OLD", "maybe"}, 2},
		{[]string{"decide", "OLD", "paid"}, 2},
		{[]string{"decide", "OLD", "paid", "--reason", "slip"}, 2},
		{[]string{"decide", "NONE", "paid", "--reason", "slip", "--proof", "slip 7"}, 2},
		{[]string{"decide", "OLD", "not-paid", "--reason", "slip", "--proof", "slip 7"}, 0},
		{[]string{"decide", "OLD", "paid", "--reason", "slip", "--proof", "slip 7"}, 14},
	} {
		if got := r.run(append(c.args, "--json")...); got.code != c.code {
			t.Errorf("%v: %+v", c.args, got)
		}
	}
	r.status = func(payment.Order) (payment.Result, error) { return payment.Result{}, errLost }
	if got := r.run("query", "OLD"); got.code != 11 {
		t.Errorf("query of an order decided not paid: %+v", got)
	}
	r.status = statusSays(payment.Approved)
	if got := r.run("query", "OLD", "--json"); got.code != 0 || got.last(t)["contradicted"] != true {
		t.Errorf("late truth: %+v", got)
	}
}

func TestCancel(t *testing.T) {
	r := ready(t)
	r.run("pay", "12")
	if got := r.run("cancel", "N1", "--json"); got.code != 14 || got.last(t)["error"] != "order-not-open" {
		t.Errorf("a paid order: %+v", got)
	}
	if got := r.run("cancel", "NONE"); got.code != 2 {
		t.Errorf("no such order: %+v", got)
	}
	for number, c := range map[string]struct {
		outcome payment.Outcome
		code    int
	}{"A": {payment.Cancelled, 0}, "B": {payment.Pending, 13}, "C": {payment.Approved, 14}} {
		r := ready(t)
		r.seed(t, sale(number), sentEntry, unknownEntry)
		r.status = statusSays(c.outcome)
		if got := r.run("cancel", number, "--json"); got.code != c.code || got.last(t)["order"] != number {
			t.Errorf("%s: %+v", c.outcome, got)
		}
	}
}

func TestStory(t *testing.T) {
	r := ready(t)
	r.run("pay", "12", "--staff", "Ana")
	entries := r.run("orders", "N1", "--json").last(t)["entries"].([]any)
	first := entries[0].(map[string]any)
	if first["kind"] != "created" || first["source"] != "till" || first["time"] == "" || len(entries) < 3 {
		t.Errorf("entries: %v", entries)
	}
	human := r.run("orders", "N1").stdout
	for _, want := range []string{"Paid.", "Charged: 12.00 USD.", "…1111", "created", "answer approved"} {
		if !strings.Contains(human, want) {
			t.Errorf("%q is missing in:\n%s", want, human)
		}
	}
}

func TestEnvironment(t *testing.T) {
	r := ready(t)
	t.Setenv("TILLKEEPER_STAFF", "Bo")
	t.Setenv("TILLKEEPER_DATA", "from-env")
	if got := r.run("pay", "1", "--json").last(t); got["staff"] != "Bo" || r.data != "from-env" {
		t.Errorf("staff %v, data %q", got["staff"], r.data)
	}
	if r.run("orders", "--data", "from-flag"); r.data != "from-flag" {
		t.Errorf("data %q", r.data)
	}
	if r.run("--data", "before", "orders"); r.data != "before" {
		t.Errorf("data %q", r.data)
	}
	t.Setenv("TILLKEEPER_DATA", "")
	if r.run("orders"); !strings.HasSuffix(r.data, string(os.PathSeparator)+"tillkeeper") {
		t.Errorf("data %q", r.data)
	}
}

// runIn runs a command in a context of the test's.
func (r *rig) runIn(ctx context.Context, args ...string) said {
	return r.runWith(ctx, r.program(), args...)
}
