package comgate

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tillkeeper/payment"
)

// sample is one answer with what it means.
type sample struct {
	call, operation string
	status          int
	words, verdict  string
	body            string
}

func samples(t testing.TB) (all []sample) {
	t.Helper()
	file, err := os.ReadFile("testdata/answers.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(file)) {
		line = strings.TrimSpace(line)
		if head, ok := strings.CutPrefix(line, "= "); ok {
			var s sample
			kind, rest, _ := strings.Cut(head, ": ")
			s.words, s.verdict, ok = strings.Cut(rest, " -> ")
			if _, err := fmt.Sscan(kind, &s.call, &s.operation, &s.status); err != nil || !ok {
				t.Fatalf("%q: %v", line, err)
			}
			all = append(all, s)
		} else if line != "" && line[0] != '#' {
			all[len(all)-1].body = line
		}
	}
	return all
}

// standard are the settings of a terminal as it comes.
func standard(t testing.TB, set map[string]string) settings {
	t.Helper()
	s, err := readSettings(payment.Terminal{Settings: set}, "")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func order(op string) payment.Order {
	return payment.Order{Number: "N1", Operation: payment.Operation(op), Asked: payment.Amounts{Amount: payment.FromMinor(24900, "CZK")}}
}

// meaning is what an answer comes to, in the words of testdata.
func (s settings) meaning(x sample) string {
	o := order(x.operation)
	a := answer{status: x.status, body: []byte(x.body), fields: decode([]byte(x.body))}
	var res payment.Result
	var err error
	if x.call == "start" {
		var refusal *payment.Result
		if refusal, err = s.begun(o, a); err == nil && refusal == nil {
			return "runs"
		} else if refusal != nil {
			res = *refusal
		}
	} else {
		res, err = (&Driver{settings: s}).result(o, a, false)
	}
	switch {
	case err != nil && errors.Is(err, payment.ErrNotSent):
		return "not sent"
	case err != nil:
		return "unknown " + string(payment.CodeOf(err))
	}
	if no := payment.Compare(o, res); no != nil {
		return "mismatch " + string(payment.CodeOf(no))
	}
	return strings.TrimSpace(string(res.Outcome) + " " + string(res.Code))
}

func TestRecordedAnswers(t *testing.T) {
	s := standard(t, nil)
	for _, x := range samples(t) {
		t.Run(x.call+" "+x.operation+" "+x.words, func(t *testing.T) {
			if got := s.meaning(x); got != x.verdict {
				t.Errorf("got %q, want %q", got, x.verdict)
			}
		})
	}
}

func TestResultGivesAllFacts(t *testing.T) {
	for _, x := range samples(t) {
		if x.words != "A.11, approved" {
			continue
		}
		got, err := standard(t, nil).facts(order("sale"), decode([]byte(x.body)), true)
		want := payment.Facts{
			Amounts: payment.Amounts{Amount: payment.FromMinor(24900, "CZK")}, Card: "0119", Brand: "VISA CREDIT",
			EntryMode: "contactless", AuthCode: "004217", Reference: "001000042", TerminalTime: "Jan 5, 2025 10:11:12", HandOver: true,
			Slip: payment.Slip{
				Application: "A0000000031010", Label: "VISA CREDIT", Verification: "none", TerminalNumber: "TESTTERM01",
				MerchantNumber: "000000000012345", Invoice: "2025000017", Sequence: "001000042", Display: "APPROVED",
			},
		}
		if diff := cmp.Diff(want, got, cmp.Comparer(payment.Amount.Equal)); err != nil || diff != "" {
			t.Errorf("%v\n%s", err, diff)
		}
	}
}

// Amounts of 0, 2 and 3 places go out and come in exactly, up to the largest.
func TestAmountsAreExact(t *testing.T) {
	for _, tc := range []struct {
		currency, number string
		minor            int64
		text             string
	}{
		{"JPY", "392", 1203, "1203"}, {"CZK", "203", 24905, "249.05"}, {"USD", "840", 1, "0.01"}, {"KWD", "414", 12003, "12.003"},
		{"BHD", "048", 5, "0.005"}, {"EUR", "978", 999_999_999_999, "9999999999.99"}, {"XCG", "532", 100, "1.00"},
	} {
		for _, text := range []bool{false, true} {
			s := standard(t, map[string]string{"currency": tc.currency, "currency_as_string": fmt.Sprint(text)})
			sum, err := payment.ParseAmount(tc.text, payment.Currency(tc.currency))
			if err != nil {
				t.Fatal(err)
			}
			o := payment.Order{Number: "N1", Operation: payment.Sale, Asked: payment.Amounts{Amount: sum}}
			_, request, err := s.compose(payment.Request{Order: o})
			body, _ := json.Marshal(request)
			code := strings.TrimLeft(tc.number, "0")
			if text {
				code = `"` + tc.number + `"`
			}
			if want := fmt.Sprintf(`{"amount":%d,"currencyCode":%s,"transactionId":"N1"}`, tc.minor, code); err != nil || string(body) != want {
				t.Errorf("said %s (%v), want %s", body, err, want)
			}
			for _, currency := range []string{strings.TrimLeft(tc.number, "0"), `"` + tc.number + `"`, `"` + tc.currency + `"`} {
				heard := decode(fmt.Appendf(nil, `{"amount":%d,"currency":%s}`, tc.minor, currency))
				if got, err := s.amounts(o, heard, true); err != nil || !got.Amount.Equal(sum) {
					t.Errorf("%s %s comes in as %v, %v", tc.text, currency, got.Amount, err)
				}
			}
		}
	}
}

// Every currency that a till may charge in has a number, and no two the same.
func TestEveryCurrencyHasANumber(t *testing.T) {
	for _, c := range payment.Currencies() {
		code := numericOf(c)
		if back, ok := currencyOf(code); !ok || back != c || len(code) != 3 {
			t.Errorf("%s has the number %q, which is %s", c, code, back)
		}
	}
}

// What we say, word for word; compare A.11.
func TestComposedOrders(t *testing.T) {
	czk := func(n int64) payment.Amount { return payment.FromMinor(n, "CZK") }
	full := map[string]string{
		"refund": "on", "path.preauth": "preauth", "path.preauth_complete": "complete", "path.preauth_cancel": "release",
		"tip_field_name": "tipAmount", "invoice_number": "digits", "daughter_company_id": "42",
	}
	for _, tc := range []struct {
		words string
		set   map[string]string
		req   payment.Request
		call  string
		want  string
	}{
		{"A.11", nil, payment.Request{Order: payment.Order{Number: "N1", Operation: payment.Sale, Asked: payment.Amounts{Amount: czk(24900)}}},
			"payment", `{"amount":24900,"currencyCode":203,"transactionId":"N1"}`},
		{"an empty company", map[string]string{"daughter_company_id": `""`},
			payment.Request{Order: payment.Order{Number: "N1", Operation: payment.Sale, Asked: payment.Amounts{Amount: czk(1)}}},
			"payment", `{"amount":1,"currencyCode":203,"daughterCompanyId":"","transactionId":"N1"}`},
		{"with a tip and an invoice number", full,
			payment.Request{Order: payment.Order{Number: "A1B22", Operation: payment.Sale, Asked: payment.Amounts{Amount: czk(4000), Tip: czk(600)}}},
			"payment", `{"amount":4000,"currencyCode":203,"daughterCompanyId":"42","invoiceNumber":"122","tipAmount":600,"transactionId":"A1B22"}`},
		{"A.11, a reversal", nil, payment.Request{Order: payment.Order{Number: "V1", Operation: payment.Void, Original: "N1", Asked: payment.Amounts{Amount: czk(4000), Tip: czk(600)}}},
			"reverse", `{"originalTransactionId":"N1","transactionId":"V1"}`},
		{"a refund with the tip in it", full, payment.Request{Order: payment.Order{Number: "R1", Operation: payment.Refund, Original: "N1", Asked: payment.Amounts{Amount: czk(4000), Tip: czk(600)}}},
			"refund", `{"amount":4600,"currencyCode":203,"invoiceNumber":"1","transactionId":"R1"}`},
		{"a reserve", full, payment.Request{Order: payment.Order{Number: "P1", Operation: payment.PreAuth, Asked: payment.Amounts{Amount: czk(20000)}}},
			"preauth", `{"amount":20000,"currencyCode":203,"daughterCompanyId":"42","invoiceNumber":"1","transactionId":"P1"}`},
		{"its completion", full, payment.Request{Order: payment.Order{Number: "C1", Operation: payment.Completion, Original: "P1", Asked: payment.Amounts{Amount: czk(18500)}}},
			"preauth_complete", `{"amount":18500,"currencyCode":203,"originalTransactionId":"P1","transactionId":"C1"}`},
		{"its release", full, payment.Request{OriginalOperation: payment.PreAuth, Order: payment.Order{Number: "V2", Operation: payment.Void, Original: "P1", Asked: payment.Amounts{Amount: czk(20000)}}},
			"preauth_cancel", `{"originalTransactionId":"P1","transactionId":"V2"}`},
	} {
		call, request, err := standard(t, tc.set).compose(tc.req)
		body, _ := json.Marshal(request)
		if err != nil || call != tc.call || string(body) != tc.want {
			t.Errorf("%s: %s %s, %v; want %s %s", tc.words, call, body, err, tc.call, tc.want)
		}
	}
}

func TestWhatCannotBeSaidIsNotSent(t *testing.T) {
	czk := payment.Amounts{Amount: payment.FromMinor(100, "CZK")}
	tip := payment.Amounts{Amount: czk.Amount, Tip: czk.Amount}
	for _, tc := range []struct {
		words string
		set   map[string]string
		req   payment.Request
		code  payment.Code
	}{
		{"dollars at a terminal of crowns", nil, payment.Request{Order: payment.Order{Operation: payment.Sale, Asked: payment.Amounts{Amount: payment.FromMinor(100, "USD")}}}, payment.CodeBadCurrency},
		{"a tip without its field", nil, payment.Request{Order: payment.Order{Operation: payment.Sale, Asked: tip}}, payment.CodeUnsupported},
		{"a tip asked for on the terminal", nil, payment.Request{Order: payment.Order{Operation: payment.Sale, Asked: czk, AskTip: true}}, payment.CodeUnsupported},
		{"a refund that is switched off", nil, payment.Request{Order: payment.Order{Operation: payment.Refund, Original: "N1", Asked: czk}}, payment.CodeUnsupported},
		{"a reserve without its path", nil, payment.Request{Order: payment.Order{Operation: payment.PreAuth, Asked: czk}}, payment.CodeUnsupported},
		{"the release of a reserve without its path", nil, payment.Request{OriginalOperation: payment.PreAuth, Order: payment.Order{Operation: payment.Void, Original: "P1", Asked: czk}}, payment.CodeUnsupported},
		{"the void of a completion", nil, payment.Request{OriginalOperation: payment.Completion, Order: payment.Order{Operation: payment.Void, Original: "P1", Asked: czk}}, payment.CodeUnsupported},
		{"a tip adjustment", nil, payment.Request{Order: payment.Order{Operation: payment.TipAdjustment, Original: "N1", Asked: czk}}, payment.CodeUnsupported},
		{"a void of nothing", nil, payment.Request{Order: payment.Order{Operation: payment.Void, Asked: czk}}, payment.CodeUnknownOrder},
		{"a refund above the sale", map[string]string{"refund": "on"}, payment.Request{OriginalMoved: payment.Amounts{Amount: payment.FromMinor(99, "CZK")},
			Order: payment.Order{Operation: payment.Refund, Original: "N1", Asked: czk}}, payment.CodeRefundTooHigh},
	} {
		if _, _, err := standard(t, tc.set).compose(tc.req); !errors.Is(err, payment.ErrNotSent) || payment.CodeOf(err) != tc.code {
			t.Errorf("%s: %v (%s), want not sent and %s", tc.words, err, payment.CodeOf(err), tc.code)
		}
	}
}

// A tip is in the sum that a result says (A.4.3); another sum stays what it is.
func TestTipIsPartOfTheSum(t *testing.T) {
	s := standard(t, map[string]string{"tip_field_name": "tipAmount"})
	o := order("sale")
	o.Asked.Tip = payment.FromMinor(100, "CZK")
	for sum, code := range map[int]payment.Code{25000: "", 24900: payment.CodeWrongAmount, 25100: payment.CodeWrongAmount, 100: payment.CodeWrongAmount} {
		got, err := s.amounts(o, decode(fmt.Appendf(nil, `{"amount":%d,"currency":203}`, sum)), true)
		no := payment.Compare(o, payment.Result{Facts: payment.Facts{Amounts: got}})
		if err != nil || payment.CodeOf(no) != code || got.Total().Minor() != int64(sum) {
			t.Errorf("%d: %+v, %v, %v; want %q", sum, got, err, no, code)
		}
	}
}

func TestWordsOfTheCard(t *testing.T) {
	for word, mode := range map[string]string{"CLESS": "contactless", "CONTACTLESS_EMV": "contactless", "CONTACT": "chip", "icc": "chip", "MAGSTRIPE": "stripe", "MANUAL": "keyed", "?": "", "": ""} {
		if got := entryMode(word); got != mode {
			t.Errorf("%q is %q, want %q", word, got, mode)
		}
	}
	for _, tc := range []struct {
		list, how string
	}{
		{`["NO_CVM"]`, "none"}, {`["ONLINE_PIN"]`, "pin"}, {`["PIN","SIGNATURE"]`, "signature"}, {`"SIGNATURE"`, "signature"},
		{`["NO_CVM","OFFLINE_PIN"]`, "pin"}, {`["CDCVM"]`, "device"}, {`["UNKNOWN"]`, ""}, {`[]`, ""}, {`[["SIGNATURE"]]`, ""}, {`{}`, ""},
	} {
		f := decode([]byte(`{"cvmTypeList":` + tc.list + `}`))
		if got := verification(f.words("cvmTypeList")); got != tc.how {
			t.Errorf("%s is %q, want %q", tc.list, got, tc.how)
		}
	}
}

// What a record must not hold is not in it, wherever it stands.
func TestRecordsHoldNoSecrets(t *testing.T) {
	s, err := readSettings(payment.Terminal{}, "s3cretW0rd")
	if err != nil {
		t.Fatal(err)
	}
	got := s.record([]byte(`{"secureString":"s3cretW0rd","echo":"for s3cretW0rd","expiration":"2812","a":[{"cardToken":"tok","par":"PAR1","monetToken":1,"pan":"4111111111111111"}],"message":"card 4111 1111 1111 1111"}`))
	for _, secret := range []string{"s3cretW0rd", "2812", "tok", "PAR1", "4111111111111111", "4111 1111 1111"} {
		if strings.Contains(got, secret) {
			t.Errorf("%q is in %s", secret, got)
		}
	}
	if !strings.Contains(got, "1111") || s.record([]byte("s3cretW0rd")) != "[10 bytes that are not JSON]" {
		t.Errorf("%s, %s", got, s.record([]byte("s3cretW0rd")))
	}
	if got := s.words("no " + strings.Repeat("ž", 400) + " s3cretW0rd"); strings.Contains(got, "s3cret") || len([]rune(got)) > 301 {
		t.Error(got)
	}
}

func TestTotals(t *testing.T) {
	f := decode([]byte(`{"batchNumber":7,"debitsCount":12,"debitsAmount":318700,"creditsCount":"1","creditsAmount":"5000","adsjCount":2,"adjsAmount":0}`))
	got := standard(t, nil).totals(f)
	czk := func(n int64) payment.Amount { return payment.FromMinor(n, "CZK") }
	want := payment.Totals{Batch: "7", Sales: payment.Subtotal{Count: 12, Amount: czk(318700)}, Refunds: payment.Subtotal{Count: 1, Amount: czk(5000)}, Adjustments: payment.Subtotal{Count: 2, Amount: czk(0)}}
	if diff := cmp.Diff(want, got, cmp.Comparer(payment.Amount.Equal)); diff != "" {
		t.Error(diff)
	}
	if got := standard(t, nil).totals(nil); got.Sales != payment.Unsaid || got.Refunds != payment.Unsaid || got.Batch != "" {
		t.Errorf("of nothing said: %+v", got)
	}
}

// FuzzAnswer: no answer makes an order approved that does not say so over the sum of
// that order, none panics, and none carries a card number or the password on.
func FuzzAnswer(f *testing.F) {
	for _, x := range samples(f) {
		f.Add(x.status, []byte(x.body), x.call == "start")
	}
	const secret = "s3cretW0rd"
	s, err := readSettings(payment.Terminal{}, secret)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, status int, body []byte, start bool) {
		a := answer{status: status, body: body, fields: decode(body)}
		if start {
			if refusal, err := s.begun(order("sale"), a); refusal != nil {
				checkClean(t, *refusal)
				if refusal.Outcome != payment.Refused || status/100 != 2 && status/100 != 4 {
					t.Errorf("HTTP %d is %s", status, refusal.Outcome)
				}
			} else if err == nil && !a.good() {
				t.Errorf("HTTP %d %q has started it", status, body)
			}
			return
		}
		res, err := (&Driver{settings: s}).result(order("sale"), a, false)
		if err != nil {
			if text := err.Error(); payment.Mask(text) != text || strings.Contains(text, secret) {
				t.Errorf("the error holds what it must not: %s", text)
			}
			return
		}
		checkClean(t, res)
		if res.Outcome == payment.Approved && !strings.EqualFold(a.fields.text("responseCode"), "OK") {
			t.Errorf("%q is approved", body)
		}
		_ = s.totals(a.fields.inner("batchTotals"))
		_ = (&Driver{settings: s}).identity(a.fields)
	})
}

// checkClean looks at what a result carries into the journal.
func checkClean(t *testing.T, r payment.Result) {
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{r.Text, r.Raw, r.Number, r.Facts.AuthCode, r.Facts.Brand, r.Facts.Reference, r.Facts.Slip.Display} {
		if payment.Mask(text) != text {
			t.Errorf("a result holds a card number: %q", text)
		}
	}
	if strings.Contains(string(text), "s3cretW0rd") || len(r.Facts.Card) > 4 {
		t.Errorf("a result holds what it must not: %s", text)
	}
}
