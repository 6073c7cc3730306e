package iotpay

import (
	"encoding/json"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/web"
)

const exampleKey = "EXAMPLEKEY1234567890"

// lines returns the lines of a file in testdata that are no comments.
func lines(t testing.TB, file string) (all []string) {
	t.Helper()
	text, err := os.ReadFile("testdata/" + file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
			all = append(all, line)
		}
	}
	return all
}

func TestSignatures(t *testing.T) {
	vectors := lines(t, "signatures.txt")
	if len(vectors) != 7 {
		t.Fatalf("%d vectors, want the seven of §3.5", len(vectors))
	}
	for _, line := range vectors {
		v := strings.Split(line, " | ")
		var p params
		if err := json.Unmarshal([]byte(v[1]), &p); err != nil {
			t.Fatal(err)
		}
		if got := signText(p); got != v[2] {
			t.Errorf("%s: text\n%s\nwant\n%s", v[0], got, v[2])
		}
		if got := sign(p, exampleKey); got != v[3] {
			t.Errorf("%s: %s, want %s", v[0], got, v[3])
		}
	}
}

// The three ways of §3.4, and none.
func TestSignedAnswers(t *testing.T) {
	const payOrder = `{ "status" : 2, "subject":"a\/b", "list":[ 1, "x" ] }`
	answer := func(nested string) string {
		p := params{"retCode": wordSuccess, "amount": "2865", "nothing": "", "payOrder": nested, "yes": "true"}
		return `{"retCode":"SUCCESS", "amount":2865,"nothing":null,"yes":true, "payOrder": ` + payOrder + ` ,"sign":"` + sign(p, exampleKey) + `"}`
	}
	for name, nested := range map[string]string{"exact": payOrder, "left out": "", "compact": `{"status":2,"subject":"a/b","list":[1,"x"]}`} {
		o, err := parseObject([]byte(answer(nested)))
		if err != nil {
			t.Fatal(err)
		}
		if !genuine(o, exampleKey) || genuine(o, exampleKey+"x") {
			t.Errorf("%s: with the key %v, with another %v", name, genuine(o, exampleKey), genuine(o, exampleKey+"x"))
		}
	}
	o, err := parseObject([]byte(answer("something else")))
	if err != nil || genuine(o, exampleKey) {
		t.Errorf("a wrong signature is taken, %v", err)
	}
	flat, err := parseObject([]byte(strings.TrimSpace(samples(t)["the flat example"].message)))
	if err != nil || !genuine(flat, exampleKey) {
		t.Errorf("the flat example is not genuine, %v", err)
	}
}

// Word for word the body of §11.
func TestRequestOnTheWire(t *testing.T) {
	const want = `params=%7B%22amount%22%3A%222865%22%2C%22body%22%3A%22Order%201%22%2C%22channelId%22%3A%22CC_PAX%22%2C%22clientIp%22%3A%22192.168.1.20%22%2C%22currency%22%3A%22CAD%22%2C%22device%22%3A%22POS-01%22%2C%22extra%22%3A%22CC_API%22%2C%22jobNo%22%3A%22cashier1%22%2C%22mchId%22%3A%2210009999%22%2C%22mchOrderNo%22%3A%22T20250101-000001%22%2C%22notifyUrl%22%3A%22http%3A%2F%2Flocalhost%22%2C%22sign%22%3A%22527E821D79A84269A3774E22F97ADF7D%22%2C%22subject%22%3A%22Counter%20sale%22%7D`
	s := settings{mchID: "10009999", jobNo: "cashier1", device: "POS-01", channel: "CC_PAX", extra: "CC_API"}
	p := s.compose(payment.Order{Number: "T20250101-000001", Asked: payment.Amounts{Amount: payment.FromMinor(2865, "CAD")}}, "192.168.1.20")
	p["body"] = "Order 1"
	p["sign"] = sign(p, exampleKey)
	if got, err := encode(p, true); err != nil || string(got) != want {
		t.Errorf("%v, got\n%s\nwant\n%s", err, got, want)
	}
	bare, err := encode(params{"a": "x y&+%=é", "b": ""}, false)
	form, parseErr := url.ParseQuery(string(bare))
	if err != nil || parseErr != nil || form.Get("a") != "x y&+%=é" || strings.Contains(string(bare), "+") {
		t.Errorf("without a wrapper: %s, %v, %v", bare, err, parseErr)
	}
}

func TestAmountsOnTheWire(t *testing.T) {
	for currency, minor := range map[payment.Currency]string{"JPY": "1203", "CAD": "1203", "KWD": "12003"} {
		text := map[payment.Currency]string{"JPY": "1203", "CAD": "12.03", "KWD": "12.003"}[currency]
		a, err := payment.ParseAmount(text, currency)
		if err != nil || cents(a) != minor {
			t.Errorf("%s %s is %s, %v", text, currency, cents(a), err)
		}
	}
}

func TestOnlyASwitchSendsATip(t *testing.T) {
	o := payment.Order{Number: "T1", Asked: payment.Amounts{Amount: payment.FromMinor(1000, "CAD"), Tip: payment.FromMinor(150, "CAD")}}
	if tip, said := (settings{}).compose(o, "")["tip"]; said {
		t.Errorf("tip %q is said", tip)
	}
	if p := (settings{tip: true}).compose(o, ""); p["tip"] != "150" || p["amount"] != "1000" {
		t.Errorf("%v", p)
	}
}

// sample is one answer with what it means.
type sample struct{ kind, verdict, message string }

func samples(t testing.TB) map[string]sample {
	all := map[string]sample{}
	last := ""
	for _, line := range lines(t, "answers.txt") {
		head, ok := strings.CutPrefix(line, "= ")
		if !ok {
			s := all[last]
			s.message = line
			all[last] = s
			continue
		}
		kind, rest, _ := strings.Cut(head, ": ")
		words, verdict, _ := strings.Cut(rest, " -> ")
		if last = words; all[last].kind != "" && all[last].kind == kind {
			t.Fatalf("%q is there twice", last)
		}
		if all[last].kind != "" {
			last = kind + " " + words
		}
		all[last] = sample{kind: kind, verdict: verdict}
	}
	return all
}

func TestRecordedAnswers(t *testing.T) {
	d := &Driver{log: slog.New(slog.DiscardHandler)}
	sorts := map[string]func(answer) (payment.Outcome, payment.Code, error){"create": verdict, "query": queryVerdict, "refund": refundVerdict}
	for words, s := range samples(t) {
		a, err := decode([]byte(s.message))
		if err != nil {
			t.Fatalf("%s: %v", words, err)
		}
		o := payment.Order{Number: "T1", Asked: payment.Amounts{Amount: payment.FromMinor(100, "CAD")}}
		if s.kind == "refund" {
			a = a.ofRefund()
		}
		res, err := d.read(a, sorts[s.kind], o)
		got := strings.TrimSpace(string(res.Outcome) + " " + string(res.Code))
		if err != nil {
			got = "unknown " + string(payment.CodeOf(err))
		}
		if got != s.verdict {
			t.Errorf("%s: %s: got %s (%v), want %s", s.kind, words, got, err, s.verdict)
		}
	}
}

func TestApprovedExampleGivesAllFacts(t *testing.T) {
	got := factsOf(t, samples(t)["the approved example"].message)
	want := payment.Facts{
		Amounts: payment.Amounts{Amount: payment.FromMinor(2865, "CAD"), Tip: payment.FromMinor(0, "CAD")},
		Card:    "4242", Brand: "Visa", EntryMode: "contactless", AuthCode: "A1B2C3", Reference: "CP20250101170000500000000001",
		Slip: payment.Slip{
			Application: "A0000000031010", Label: "VISA CREDIT", Cryptogram: "TC: 0123456789ABCDEF", Verification: "none",
			TerminalNumber: "20001", Language: "en", Display: "000 Approved 00 Thank You",
		},
	}
	if diff := cmp.Diff(want, got.Facts); diff != "" {
		t.Error(diff)
	}
	if got.Number != "T20250101-000001" || got.Operation != payment.Sale || got.Text != "000 Approved 00 Thank You" {
		t.Errorf("%+v", got)
	}
}

func TestDeclinedAnswerHasItsSlip(t *testing.T) {
	got := factsOf(t, samples(t)["declined, with blanks"].message)
	want := payment.Slip{Cryptogram: "ARQC: 3D36ACBD44BE512B", Verification: "none", Display: "Transaction Not Completed 05"}
	if got.Facts.Slip != want || got.Facts.AuthCode != "" || got.Facts.Card != "1166" || got.Facts.Brand != "Mastercard" {
		t.Errorf("%+v", got.Facts)
	}
	if got.Text != "Transaction Not Completed 05" || strings.Contains(got.Raw, "1022") || strings.Contains(got.Raw, "xpire") {
		t.Errorf("%q %s", got.Text, got.Raw)
	}
}

func factsOf(t *testing.T, message string) payment.Result {
	t.Helper()
	a, err := decode([]byte(message))
	if err != nil {
		t.Fatal(err)
	}
	d := &Driver{log: slog.New(slog.DiscardHandler)}
	res, err := d.read(a, verdict, payment.Order{Asked: payment.Amounts{Amount: payment.FromMinor(2865, "CAD")}})
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func TestVerification(t *testing.T) {
	for _, tc := range []struct{ cvm, mode, want string }{
		{"1F0302", "contactless", "none"}, {"5F0302", "chip", "none"}, {"3F0000", "chip", "none"},
		{"020300", "chip", "pin"}, {"420302", "chip", "pin"}, {"010302", "chip", "pin"}, {"440302", "chip", "pin"},
		{"1E0300", "chip", "signature"}, {"5E0302", "chip", "signature"}, {"030302", "chip", "signature"}, {"450302", "chip", "signature"},
		{"020301", "chip", ""}, {"000001", "chip", ""}, {"000002", "chip", ""}, {"", "chip", ""}, {"1F03", "chip", ""}, {"xyzxyz", "chip", ""},
		{"", "stripe", "signature"}, {"3F0000", "stripe", "signature"}, {"020302", "stripe", "pin"},
	} {
		if got := verification(tc.cvm, tc.mode); got != tc.want {
			t.Errorf("%q on %s is %q, want %q", tc.cvm, tc.mode, got, tc.want)
		}
	}
}

func TestMaskedHidesCardDataInText(t *testing.T) {
	for _, tc := range []struct{ message, want string }{
		{`{"extra":"{\"cardNum\":\"4111111111111111\",\"expireDate\":\"1230\",\"a\":1}"}`, `{"extra":{"a":1,"cardNum":"************1111"}}`},
		{`{"payOrder":{"extra":"4111111111111111=1230"},"ExpireDate":"1230"}`, `{"payOrder":{"extra":"[21 bytes that are not JSON]"}}`},
		{`{"extra":"CC_API","sign":"AB"}`, `{"extra":"CC_API","sign":"***"}`},
		{`[{"extra":""}]`, `[{"extra":""}]`},
		{`{"expireDate":`, `[14 bytes that are not JSON]`},
	} {
		if got := masked([]byte(tc.message)); got != tc.want {
			t.Errorf("%s is %s, want %s", tc.message, got, tc.want)
		}
	}
}

func TestDecodeRefusesWhatIsNoObject(t *testing.T) {
	for _, body := range []string{"", "null", "[]", `"x"`, "{", "{}{}", `{"a":1,"a":2}`, `{"a":1}x`, `{"a"}`, "<html>", "\x08\x96"} {
		if a, err := decode([]byte(body)); err == nil {
			t.Errorf("%q gives %+v", body, a)
		}
	}
	if _, err := decode([]byte("\ufeff{ }")); err != nil {
		t.Errorf("with a byte order mark: %v", err)
	}
}

// After an order was sent, whatever is no answer leaves it in doubt (§9).
func TestPagesAreNoAnswers(t *testing.T) {
	paid := samples(t)["the approved example"].message
	d := &Driver{log: slog.New(slog.DiscardHandler), settings: settings{query: "query_order", responseSign: signOff}}
	for _, tc := range []struct {
		path   string
		status int
		body   string
		code   payment.Code
	}{
		{"create_order", 200, paid, ""}, {"create_order", 200, " <html>" + paid, payment.CodeErrorPage}, {"create_order", 200, "OK", payment.CodeBadAnswer},
		{"create_order", 502, paid, payment.CodeErrorPage}, {"create_order", 404, paid, payment.CodeErrorPage}, {"create_order", 302, "", payment.CodeErrorPage},
		{"query_order", 404, "", payment.CodeWrongPath}, {"query_order", 500, paid, payment.CodeErrorPage},
	} {
		if _, err := d.hear(tc.path, web.Response{Status: tc.status, Body: []byte(tc.body)}); payment.CodeOf(err) != tc.code {
			t.Errorf("%s %d %.10q: %v, want %q", tc.path, tc.status, tc.body, err, tc.code)
		}
	}
}

func TestAddresses(t *testing.T) {
	for text, want := range map[string]string{
		"iotpay://":                           "iotpay://api.iotpaycloud.com/v1",
		"iotpay://api.iotpaycloud.com/v1/":    "iotpay://api.iotpaycloud.com/v1",
		"iotpay+https://gateway.example:8443": "iotpay://gateway.example:8443/v1",
		"iotpay+http://127.0.0.1:99/v1":       "iotpay+http://127.0.0.1:99/v1",
		"iotpay+http://192.0.2.1/v1":          "",
		"iotpay+ftp://192.0.2.1/v1":           "",
		"comgate://192.0.2.1":                 "",
	} {
		got, err := ParseAddress(text)
		if got != want || (want == "") != (payment.CodeOf(err) == payment.CodeBadAddress) {
			t.Errorf("%q is %q, %v; want %q", text, got, err, want)
		}
	}
}
