package cli_test

import (
	"context"
	"strings"
	"testing"

	"tillkeeper/payment"
)

// wants answers sales with what the terminal wants done about them, and voids
// plainly.
func wants(f payment.Facts) func(context.Context, payment.Order) (payment.Result, error) {
	return func(_ context.Context, o payment.Order) (payment.Result, error) {
		r := approved()
		if o.Operation == payment.Sale {
			f.Reference = "R1"
			r.Facts = f
		}
		return r, nil
	}
}

func TestSign(t *testing.T) {
	r := ready(t)
	r.do = wants(payment.Facts{Signature: true})
	paid := r.run("pay", "5.00", "--json").last(t)
	number := paid["order"].(string)
	if paid["status"] != "approved" || !strings.Contains(paid["next"].(string), "sign "+number) {
		t.Errorf("a sale that wants a signature: %v", paid)
	}
	if got := r.run("sign", number, "accept"); got.code != 0 {
		t.Errorf("accept: %+v", got)
	}
	if got := r.run("sign", number, "reject", "--json"); got.code != 14 || got.last(t)["error"] != "no-signature-question" {
		t.Errorf("a second answer: %+v", got)
	}
	number = r.run("pay", "6.00", "--json").last(t)["order"].(string)
	if got := r.run("sign", number, "reject", "--json"); got.code != 0 || got.last(t)["status"] != "voided" {
		t.Errorf("reject: %+v", got)
	}
	if got := r.run("query", number); got.code != 11 {
		t.Errorf("a payment that was taken back at once: %+v", got)
	}
}

func TestPaymentTakenBackAtOnce(t *testing.T) {
	r := ready(t)
	r.do = wants(payment.Facts{ReversalDue: true})
	got := r.run("pay", "5.00", "--json")
	if got.code != 11 || got.last(t)["status"] != "voided" {
		t.Errorf("a payment that the terminal wants back: %+v", got)
	}
	if sent := r.orders(); len(sent) != 2 || sent[1].Operation != payment.Void || sent[1].Original != sent[0].Number {
		t.Errorf("sent: %+v", sent)
	}
	r.do = func(_ context.Context, o payment.Order) (payment.Result, error) {
		if o.Operation == payment.Void {
			return payment.Result{Outcome: payment.Declined, Code: payment.CodeDeclined}, nil
		}
		return payment.Result{Outcome: payment.Approved, Facts: payment.Facts{ReversalDue: true}}, nil
	}
	if got := r.run("pay", "7.00"); got.code != 13 {
		t.Errorf("a payment that was not taken back: %+v", got)
	}
}

func TestReserve(t *testing.T) {
	r := ready(t)
	reserved := r.run("preauth", "100.00", "--json")
	number := reserved.last(t)["order"].(string)
	if reserved.code != 0 || reserved.last(t)["operation"] != "preauth" {
		t.Errorf("preauth: %+v", reserved)
	}
	if got := r.run("complete", number, "100.01", "--json"); got.code != 14 || got.last(t)["error"] != "above-reserve" {
		t.Errorf("more than reserved: %+v", got)
	}
	if got := r.run("complete", number, "80.00", "--json"); got.code != 0 || got.last(t)["total"] != "80.00" || got.last(t)["original"] != number {
		t.Errorf("complete: %+v", got)
	}
	if got := r.run("complete", number, "--json"); got.code != 14 || got.last(t)["error"] != "already-completed" {
		t.Errorf("a second completion: %+v", got)
	}
}

func TestTip(t *testing.T) {
	r := ready(t)
	number := r.run("pay", "50.00", "--json").last(t)["order"].(string)
	if got := r.run("tip", number, "7.50", "--json"); got.code != 0 || got.last(t)["operation"] != "tip-adjustment" {
		t.Errorf("tip: %+v", got)
	}
	if got := r.run("orders", number, "--json").last(t); got["tip"] != "7.50" || got["total"] != "57.50" || got["refundable"] != "57.50" {
		t.Errorf("the payment after it: %v", got)
	}
}

func TestBatch(t *testing.T) {
	r := ready(t)
	number := r.run("pay", "12.50", "--json").last(t)["order"].(string)
	r.closed = func() (payment.Totals, error) {
		return payment.Totals{
			Batch: "7", Sales: payment.Subtotal{Count: 1, Amount: payment.FromMinor(1250, "USD")},
			Refunds: payment.Subtotal{Amount: payment.FromMinor(0, "USD")}, Adjustments: payment.Unsaid,
		}, nil
	}
	got := r.run("day", "batch", "--json")
	totals, _ := got.last(t)["totals"].(map[string]any)
	if got.code != 0 || got.last(t)["terminal"] != "bar" || got.last(t)["outcome"] != "closed" || totals["sales"] != "12.50" {
		t.Errorf("day batch: %+v", got)
	}
	if got := r.run("void", number, "--json"); got.code != 14 || got.last(t)["error"] != "void-after-close" {
		t.Errorf("a void after it: %+v", got)
	}
	for err, code := range map[error]int{
		errLost: 13,
		payment.NotSent(payment.CodeNotReached, "no route"):       12,
		payment.Errorf(payment.CodeDeclined, "nothing to settle"): 10,
	} {
		r.closed = func() (payment.Totals, error) { return payment.Totals{}, err }
		if got := r.run("day", "batch"); got.code != code {
			t.Errorf("a batch close that fails with %v: %+v", err, got)
		}
	}
}

func TestSecrets(t *testing.T) {
	r := newRig(t)
	t.Setenv("TILL_PASSWORD", "hunter2")
	r.stdin = "from stdin\n"
	for _, line := range []string{
		"terminal add bar fake://1 --secret password=env:TILL_PASSWORD",
		"terminal set bar --secret password=-",
		"terminal set bar --wipe password --name counter",
	} {
		got := r.run(strings.Fields(line)...)
		if got.code != 0 || strings.Contains(got.stdout+got.stderr, "hunter2") {
			t.Fatalf("%s: %+v", line, got)
		}
		want := map[string]string{"add": "hunter2", "set": "from stdin"}[strings.Fields(line)[1]]
		if strings.Contains(line, "--wipe") {
			want = ""
		}
		if have, _ := r.secrets.Get("t1", "password"); have != want {
			t.Errorf("%s: the secret is %q", line, have)
		}
	}
	if got := r.run("terminal", "add", "b", "fake://2", "--secret", "password=env:NOT_THERE"); got.code != 2 {
		t.Errorf("a secret that is not there: %+v", got)
	}
}
