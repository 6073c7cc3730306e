package cli_test

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"

	"tillkeeper/payment"
)

func TestPayExitCodes(t *testing.T) {
	for _, c := range []struct {
		name   string
		do     func(context.Context, payment.Order) (payment.Result, error)
		code   int
		status string
	}{
		{"approved", says(payment.Approved, ""), 0, "approved"},
		{"declined", says(payment.Declined, payment.CodeInsufficientFunds), 10, "declined"},
		{"cancelled by the customer", says(payment.Cancelled, payment.CodeCancelledThere), 11, "cancelled"},
		{"expired", says(payment.Expired, payment.CodeExpired), 11, "expired"},
		{"refused before a card", says(payment.Refused, payment.CodeWrongAppID), 12, "not-sent"},
		{"not reached", fails(payment.NotSent(payment.CodeNotReached, "no route")), 12, "not-sent"},
		{"busy", fails(payment.NotSent(payment.CodeBusy, "busy")), 12, "not-sent"},
		{"no answer", fails(errLost), 13, "unknown"},
		{"an answer over another sum", func(context.Context, payment.Order) (payment.Result, error) {
			r := approved()
			r.Facts.Amounts.Amount = payment.FromMinor(100, "USD")
			return r, nil
		}, 13, "unknown"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := ready(t)
			r.do = c.do
			got := r.run("pay", "12.50", "--json", "--timeout", "20ms")
			if got.code != c.code {
				t.Errorf("exit code %d, want %d; stderr: %s", got.code, c.code, got.stderr)
			}
			last := got.last(t)
			if last["status"] != c.status || last["order"] != "N1" || last["message"] == "" || last["next"] == "" {
				t.Errorf("last line: %v", last)
			}
			_, finished := last["finished"]
			if final := c.status != "unknown"; finished != final {
				t.Errorf("finished is there: %t, want %t", finished, final)
			}
			human := r.run("orders", "N1")
			if human.code != 0 || !strings.Contains(human.stdout, "12.50") && c.code == 0 {
				t.Errorf("orders N1: %+v", human)
			}
		})
	}
}

func TestPayJSON(t *testing.T) {
	r := ready(t)
	got := r.run("--json", "pay", "12.5", "--tip", "1", "--note", "table 4", "--staff", "Ana")
	events := []any{}
	for _, line := range got.lines(t) {
		if e, ok := line["event"]; ok {
			events = append(events, e)
		}
	}
	if !slices.Equal(events, []any{"created", "sent"}) {
		t.Errorf("events: %v", events)
	}
	last := got.last(t)
	for member, want := range map[string]any{
		"order": "N1", "operation": "sale", "status": "approved", "amount": "12.50", "tip": "1.00", "total": "13.50",
		"refundable": "13.50", "currency": "USD", "terminal": "bar", "protocol": "fake", "card": "1111", "brand": "Visa",
		"auth_code": "A1", "terminal_reference": "R1", "staff": "Ana", "note": "table 4",
	} {
		if last[member] != want {
			t.Errorf("%s is %v, want %v", member, last[member], want)
		}
	}
	for _, absent := range []string{"cashback", "surcharge", "original", "event", "error", "entries"} {
		if _, ok := last[absent]; ok {
			t.Errorf("%s is there, and nobody said it", absent)
		}
	}
}

func TestRefundAndVoid(t *testing.T) {
	r := ready(t)
	r.run("pay", "12.50")
	for _, c := range []struct {
		args   []string
		code   int
		member string
		want   any
	}{
		{[]string{"refund", "N1", "5"}, 0, "amount", "5.00"},
		{[]string{"refund", "N1", "8"}, 14, "error", "refund-above-rest"},
		{[]string{"void", "N1"}, 14, "error", "already-refunded"},
		{[]string{"orders", "N1"}, 0, "refundable", "7.50"},
		{[]string{"refund", "N1"}, 0, "total", "7.50"},
		{[]string{"orders", "N1"}, 0, "refundable", "0.00"},
		{[]string{"query", "N1"}, 0, "status", "refunded"},
		{[]string{"refund", "N1"}, 14, "error", "already-refunded"},
		{[]string{"refund", "N2"}, 2, "error", "wrong-operation"},
		{[]string{"refund", "NONE"}, 2, "error", "unknown-order"},
		{[]string{"refund", "N1", "x"}, 2, "error", "bad-amount"},
		{[]string{"pay", "3"}, 0, "status", "approved"},
	} {
		got := r.run(append(c.args, "--json")...)
		if last := got.last(t); got.code != c.code || last[c.member] != c.want {
			t.Errorf("%v: exit code %d, %v; want %d with %s %v", c.args, got.code, last, c.code, c.member, c.want)
		}
	}
	if got := r.run("orders", "--search", "3.00", "--json").last(t); got["operation"] != "sale" {
		t.Fatalf("the sale to void: %v", got)
	}
	paid := r.run("orders", "--status", "approved", "--limit", "1", "--json").last(t)["order"].(string)
	void := r.run("void", paid, "--json", "--reason", "wrong table")
	if last := void.last(t); void.code != 0 || last["original"] != paid || last["reason"] != "wrong table" {
		t.Errorf("void: %d %v", void.code, last)
	}
	if got := r.run("query", paid, "--json"); got.code != 0 || got.last(t)["status"] != "voided" {
		t.Errorf("query of a voided order: %+v", got)
	}
}

func TestUnknownBlocksTheSameSum(t *testing.T) {
	r := ready(t)
	r.do = fails(errLost)
	r.run("pay", "10", "--timeout", "10ms")
	r.journal.Crash()
	r.do = says(payment.Approved, "")

	blocked := r.run("pay", "10", "--json")
	last := blocked.last(t)
	if blocked.code != 14 || last["error"] != "open-unknown-order" || last["about"] != "N1" || !strings.Contains(blocked.stderr, "N1") {
		t.Errorf("the same sum: %d %v", blocked.code, last)
	}
	other := r.run("pay", "11", "--json")
	warned := slices.ContainsFunc(other.lines(t), func(m map[string]any) bool { return m["event"] == "warning" && m["about"] == "N1" })
	if other.code != 0 || !warned || !strings.Contains(other.stderr, "N1") {
		t.Errorf("another sum: %+v", other)
	}
	despite := r.run("pay", "10", "--despite", "N1", "--json")
	if despite.code != 0 || strings.Contains(despite.stdout, "warning") {
		t.Errorf("despite: %+v", despite)
	}
	entries := r.run("orders", despite.last(t)["order"].(string), "--json").stdout
	if !strings.Contains(entries, `"kind":"approval"`) {
		t.Errorf("the approval is not among the entries: %s", entries)
	}
}

func TestInterruptWithdraws(t *testing.T) {
	for _, c := range []struct {
		name    string
		outcome payment.Outcome
		code    int
	}{{"and the terminal agrees", payment.Cancelled, 11}, {"and the approval overtakes it", payment.Approved, 0}} {
		t.Run(c.name, func(t *testing.T) {
			r := ready(t)
			r.do = func(ctx context.Context, _ payment.Order) (payment.Result, error) {
				r.signal <- os.Interrupt
				<-ctx.Done()
				return payment.Result{Outcome: c.outcome, Code: payment.CodeWithdrawn}, nil
			}
			if got := r.run("pay", "10", "--json"); got.code != c.code || got.last(t)["order"] != "N1" {
				t.Errorf("%+v", got)
			}
		})
	}
}

func TestSecondInterruptLeavesAtOnce(t *testing.T) {
	r := ready(t)
	release, ended := make(chan struct{}), make(chan struct{})
	r.do = func(ctx context.Context, _ payment.Order) (payment.Result, error) {
		defer close(ended)
		r.signal <- os.Interrupt
		r.signal <- os.Interrupt
		<-release
		return payment.Result{Outcome: payment.Cancelled}, nil
	}
	got := r.run("pay", "10")
	close(release)
	<-ended
	if got.code != 13 || !strings.Contains(got.stderr, "Stopped at once") {
		t.Errorf("%+v", got)
	}
}

func TestInterruptBeforeAnOrder(t *testing.T) {
	r := ready(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	got := r.runIn(ctx, "pay", "10", "--json")
	if got.code != 12 || got.last(t)["error"] == nil || len(r.orders()) != 0 {
		t.Errorf("%+v", got)
	}
}

func TestDiskFull(t *testing.T) {
	r := ready(t)
	r.journal.Break(payment.NotSent(payment.CodeCannotRecord, "the disk is full"))
	got := r.run("pay", "10", "--json")
	if got.code != 12 || got.last(t)["error"] != "cannot-record" || len(r.orders()) != 0 {
		t.Errorf("%+v", got)
	}
}
