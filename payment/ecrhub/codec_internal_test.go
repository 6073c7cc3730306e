package ecrhub

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tillkeeper/payment"
)

// sample is one recorded message with what it means.
type sample struct{ kind, words, verdict, message string }

func samples(t testing.TB) []sample {
	t.Helper()
	file, err := os.ReadFile("testdata/replies.txt")
	if err != nil {
		t.Fatal(err)
	}
	var all []sample
	for line := range strings.Lines(string(file)) {
		line = strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(line, "= "):
			kind, rest, _ := strings.Cut(line[2:], ": ")
			words, verdict, found := strings.Cut(rest, " -> ")
			if !found {
				t.Fatalf("no verdict in %q", line)
			}
			all = append(all, sample{kind, words, verdict, ""})
		case strings.HasPrefix(line, "{"):
			all[len(all)-1].message = line
		}
	}
	return all
}

func TestRecordedReplies(t *testing.T) {
	for _, s := range samples(t) {
		t.Run(s.kind+": "+s.words, func(t *testing.T) {
			r, err := decode([]byte(s.message))
			if err != nil {
				t.Fatal(err)
			}
			var outcome payment.Outcome
			var code payment.Code
			if s.kind == "query" {
				outcome, code, err = queryVerdict(r)
			} else {
				outcome, code, err = verdict(r, false)
			}
			got := strings.TrimSpace(string(outcome) + " " + string(code))
			if err != nil {
				got = "unknown " + string(payment.CodeOf(err))
			}
			if got != s.verdict {
				t.Errorf("got %s (%v), want %s", got, err, s.verdict)
			}
		})
	}
}

func TestCancelledAfterWeAskedIsWithdrawn(t *testing.T) {
	r := response{code: "110", text: "Order closed", biz: fields{"trans_status": "1"}}
	if outcome, code, err := verdict(r, true); outcome != payment.Cancelled || code != payment.CodeWithdrawn || err != nil {
		t.Errorf("got %s %s %v", outcome, code, err)
	}
}

func TestFullFormGivesAllFacts(t *testing.T) {
	r, err := decode([]byte(samples(t)[0].message))
	if err != nil {
		t.Fatal(err)
	}
	got, err := facts(r.biz, "EUR")
	if err != nil {
		t.Fatal(err)
	}
	want := payment.Facts{
		Amounts: payment.Amounts{Amount: payment.FromMinor(2390, "USD")}, Card: "1111", Brand: "Visa", EntryMode: "contactless",
		AuthCode: "A1B2C3", Reference: "5099000000260914000017", Trace: "625700000017", TerminalTime: "2026-09-14 12:01:37",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestFactsRefuseOddSums(t *testing.T) {
	for _, b := range []fields{
		{"order_amount": "23.9O"}, {"order_amount": "-1.00"}, {"order_amount": "1.001"}, {"tip_amount": "1e3"},
		{"order_amount": "1.00", "price_currency": "XXX"},
	} {
		if f, err := facts(b, "USD"); err == nil {
			t.Errorf("%v gives %+v", b, f)
		}
	}
}

func TestDecodeRefusesWhatIsNoObject(t *testing.T) {
	for _, frame := range []string{"", "null", "[]", `"x"`, "{", "{}{}", "\x08\x96\x01", "{'a':1}"} {
		if r, err := decode([]byte(frame)); err == nil {
			t.Errorf("%q gives %+v", frame, r)
		}
	}
	if _, err := decode([]byte("\ufeff{}")); err != nil {
		t.Errorf("with a byte order mark: %v", err)
	}
}

// What we say, word for word; compare §11.3 and §11.7.
func TestComposedOrders(t *testing.T) {
	s, err := readSettings(payment.Terminal{Settings: map[string]string{"receipt_print_mode": "3", "confirm_on_terminal": "on", "expires": "180"}})
	if err != nil {
		t.Fatal(err)
	}
	cents := func(n int64) payment.Amount { return payment.FromMinor(n, "USD") }
	for _, tc := range []struct {
		name  string
		order payment.Order
		topic string
		want  string
	}{
		{"sale with tip", payment.Order{Number: "A1", Operation: payment.Sale, Asked: payment.Amounts{Amount: cents(4000), Tip: cents(600)}}, topicOrder,
			`{"trans_type":"1","merchant_order_no":"A1","price_currency":"USD","order_amount":"40.00","tip_amount":"6.00","on_screen_tip":false,"pay_scenario":"SWIPE_CARD","expires":"180","confirm_on_terminal":true,"on_screen_signature":false,"receipt_print_mode":3}`},
		{"sale with a tip of nothing", payment.Order{Number: "A1", Operation: payment.Sale, AskTip: true, Asked: payment.Amounts{Amount: cents(4000), Tip: cents(0)}}, topicOrder,
			`{"trans_type":"1","merchant_order_no":"A1","price_currency":"USD","order_amount":"40.00","on_screen_tip":true,"pay_scenario":"SWIPE_CARD","expires":"180","confirm_on_terminal":true,"on_screen_signature":false,"receipt_print_mode":3}`},
		{"cashback", payment.Order{Number: "A1", Operation: payment.Sale, Asked: payment.Amounts{Amount: cents(1500), Cashback: cents(2000)}}, topicOrder,
			`{"trans_type":"11","merchant_order_no":"A1","price_currency":"USD","order_amount":"15.00","on_screen_tip":false,"cashback_amount":"20.00","pay_scenario":"SWIPE_CARD","expires":"180","confirm_on_terminal":true,"on_screen_signature":false,"receipt_print_mode":3}`},
		{"void of a payment with tip", payment.Order{Number: "V1", Original: "A1", Operation: payment.Void, Asked: payment.Amounts{Amount: cents(4000), Tip: cents(600)}}, topicOrder,
			`{"trans_type":"2","merchant_order_no":"V1","orig_merchant_order_no":"A1","price_currency":"USD","order_amount":"40.00","pay_scenario":"SWIPE_CARD","expires":"180","confirm_on_terminal":true,"required_terminal_authentication":false,"on_screen_signature":false,"receipt_print_mode":3}`},
		{"tip adjustment", payment.Order{Number: "T1", Original: "A1", Operation: payment.TipAdjustment, Asked: payment.Amounts{Amount: cents(750)}}, topicTip,
			`{"merchant_order_no":"A1","tip_adjustment_amount":"7.50"}`},
	} {
		topic, biz, err := compose(payment.Request{Order: tc.order}, s)
		if err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(biz)
		if err != nil {
			t.Fatal(err)
		}
		if topic != tc.topic || string(got) != tc.want {
			t.Errorf("%s: %s\n got %s\nwant %s", tc.name, topic, got, tc.want)
		}
	}
	if _, _, err := compose(payment.Request{Order: payment.Order{Operation: "dance"}}, s); err == nil {
		t.Error("an operation nobody knows was composed")
	}
}

func TestAddresses(t *testing.T) {
	for text, want := range map[string]string{
		"192.0.2.40":                    "ecrhub://192.0.2.40:35779",
		" 192.0.2.40:40000 ":            "ecrhub://192.0.2.40:40000",
		"ws://192.0.2.40:35779/":        "ecrhub://192.0.2.40:35779",
		"WS://Terminal.local":           "ecrhub://terminal.local:35779",
		"ecrhub://127.0.0.1:1":          "ecrhub://127.0.0.1:1",
		"localhost":                     "ecrhub://localhost:35779",
		"[2001:db8::1]:99":              "ecrhub://[2001:db8::1]:99",
		"2001:db8::1":                   "ecrhub://[2001:db8::1]:35779",
		"":                              "",
		"   ":                           "",
		"ecrhub://":                     "",
		"wss://192.0.2.40":              "",
		"http://192.0.2.40":             "",
		"comgate://192.0.2.40":          "",
		"192.0.2.40:0":                  "",
		"192.0.2.40:65536":              "",
		"192.0.2.40:":                   "",
		"192.0.2.40:port":               "",
		"192.0.2.400":                   "",
		"192.0.2":                       "",
		"192.0.2.40/pay":                "",
		"192.0.2.40?x=1":                "",
		"user@192.0.2.40":               "",
		"two words":                     "",
		"-x.local":                      "",
		"a..b":                          "",
		"terminal\nnext":                "",
		"ws://192.0.2.40/mac_address=x": "",
	} {
		got, err := ParseAddress(text)
		if got != want || (err == nil) == (want == "") {
			t.Errorf("ParseAddress(%q) = %q, %v; want %q", text, got, err, want)
		}
		if err != nil && payment.CodeOf(err) != payment.CodeBadAddress {
			t.Errorf("ParseAddress(%q): code %s", text, payment.CodeOf(err))
		}
		if want == "" {
			continue
		}
		if again, err := ParseAddress(got); again != got || err != nil {
			t.Errorf("the normal form %q is not one: %q, %v", got, again, err)
		}
	}
}

func TestDefaultsOfSettingsHold(t *testing.T) {
	for _, s := range Settings() {
		if s.Help == "" || s.Check == nil {
			t.Errorf("%s is not explained or not checked", s.Key)
		} else if err := s.Check(s.Default); err != nil {
			t.Errorf("%s: the default does not hold: %v", s.Key, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, s := range samples(f) {
		f.Add([]byte(s.message))
	}
	f.Add([]byte(`{"biz_data":[{}],"topic":{"$ref":"x"},"response_code":true}`))
	f.Fuzz(func(t *testing.T, frame []byte) {
		r, err := decode(frame)
		if err != nil {
			return
		}
		outcome, _, err := verdict(r, false)
		if err == nil && !outcome.Final() {
			t.Errorf("an order's reply gives %q", outcome)
		}
		if err == nil && outcome == payment.Approved && !success(r.code) {
			t.Errorf("approved with code %q", r.code)
		}
		if outcome, _, err := queryVerdict(r); err == nil && outcome == payment.Approved && !moved(r.biz["trans_status"]) {
			t.Errorf("a query gives approved with status %q", r.biz["trans_status"])
		}
		if got, err := facts(r.biz, "USD"); err == nil && got.Amounts.OneCurrency() && got.Amounts.Total().Minor() < 0 {
			t.Errorf("amounts %+v", got.Amounts)
		}
	})
}
