package cli

import (
	"strings"
	"testing"
	"time"

	"tillkeeper/payment"
)

// TestWordsForEveryStatus: people are told what happened, what about the money
// and what to do, for every status, operation and code.
func TestWordsForEveryStatus(t *testing.T) {
	for _, status := range statuses {
		for _, op := range []payment.Operation{payment.Sale, payment.Refund, payment.Void} {
			for _, code := range append(payment.Codes(), "") {
				o := payment.Order{Number: "N1", Original: "N0", Operation: op, Asked: payment.Amounts{Amount: payment.FromMinor(100, "USD")}}
				s := payment.State{Status: status, Code: code, Moved: o.Asked, Refundable: payment.FromMinor(0, "USD")}
				w := describe(o, s)
				for what, text := range map[string]string{"happened": w.happened, "money": w.money, "next": w.next} {
					if text == "" || strings.Contains(text, "%") || !strings.HasSuffix(text, ".") {
						t.Errorf("%s %s %s: %s is %q", op, status, code, what, text)
					}
				}
				told := strings.ToLower(w.happened + w.money)
				if status == payment.StatusUnknown && (strings.Contains(told, "nothing") || strings.Contains(told, "failed")) {
					t.Errorf("an unknown %s is told as a failure: %s", op, told)
				}
			}
		}
	}
}

func TestNextForEveryCode(t *testing.T) {
	for _, code := range payment.Codes() {
		next := nextAfter(&payment.Error{Code: code, Text: "x", Order: "N7"})
		if next == "" || strings.Contains(next, "%") {
			t.Errorf("%s: %q", code, next)
		}
	}
}

// TestErrorExit: every class of codes has its exit code.
func TestErrorExit(t *testing.T) {
	want := map[payment.Class]int{
		payment.Internal: 1, payment.BadInput: 2, payment.RuleRefusal: 14, payment.NothingSent: 12, payment.NoMoney: 10, payment.InDoubt: 13,
	}
	for _, code := range payment.Codes() {
		if got := errorExit(payment.Errorf(code, "x")); got != want[code.Class()] {
			t.Errorf("%s: exit code %d", code, got)
		}
	}
}

func TestStatusExit(t *testing.T) {
	want := map[payment.Status]int{
		"approved": 0, "voided": 0, "partly-refunded": 0, "refunded": 0, "decided-paid": 0, "declined": 10, "cancelled": 11,
		"expired": 11, "decided-not-paid": 11, "not-sent": 12, "unknown": 13, "created": 13, "sent": 13, "waiting": 13, "processing": 13,
	}
	for _, s := range statuses {
		code, ok := want[s]
		if got := statusExit(s); !ok || got != code {
			t.Errorf("%s: exit code %d", s, got)
		}
	}
}

func TestMoment(t *testing.T) {
	now := time.Date(2026, 11, 21, 15, 4, 5, 0, time.Local)
	day := time.Date(2026, 11, 21, 0, 0, 0, 0, time.Local)
	for _, c := range []struct {
		text  string
		whole bool
		want  time.Time
	}{
		{"", false, time.Time{}},
		{"now", false, now},
		{"today", false, day},
		{"today", true, day.AddDate(0, 0, 1)},
		{"yesterday", false, day.AddDate(0, 0, -1)},
		{"2026-11-20", true, day},
		{"2026-11-21 15:00", false, day.Add(15 * time.Hour)},
		{"2026-11-21T10:00:00Z", false, time.Date(2026, 11, 21, 10, 0, 0, 0, time.UTC)},
		{"2h", false, now.Add(-2 * time.Hour)},
		{"3d", true, now.Add(-72 * time.Hour)},
	} {
		if got, err := moment("--since", c.text, now, c.whole); err != nil || !got.Equal(c.want) {
			t.Errorf("%q: %v, %v; want %v", c.text, got, err, c.want)
		}
	}
	for _, text := range []string{"never", "-2h", "2026-13-01", "d", "25:00"} {
		if _, err := moment("--since", text, now, false); payment.CodeOf(err) != payment.CodeUsage {
			t.Errorf("%q: %v", text, err)
		}
	}
}
