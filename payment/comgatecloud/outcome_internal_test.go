package comgatecloud

import (
	"bufio"
	"log/slog"
	"os"
	"strconv"
	"strings"
	"testing"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/web"
)

// sample is a line of testdata/replies.txt.
type sample struct {
	op            payment.Operation
	status        int
	outcome, code string
	answer        string
}

func samples(t testing.TB) (all []sample) {
	t.Helper()
	f, err := os.Open("testdata/replies.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		part := strings.SplitN(lines.Text(), " | ", 5)
		if len(part) == 4 { // an empty code
			part = append(part[:3], strings.SplitN(part[3], "| ", 2)...)
		}
		status, err := strconv.Atoi(part[1])
		if err != nil || len(part) != 5 {
			t.Fatalf("%q: %v", lines.Text(), err)
		}
		all = append(all, sample{payment.Operation(part[0]), status, part[2], strings.TrimSpace(part[3]), part[4]})
	}
	return all
}

const asked = "AB12-CD34-EF56"

// reader is a driver that reads and never talks.
func reader() *Driver {
	s, err := readSettings(payment.Terminal{Settings: map[string]string{"merchant": "m"}})
	if err != nil {
		panic(err)
	}
	return &Driver{settings: s, log: slog.New(slog.DiscardHandler)}
}

// judge reads an answer as the driver does.
func judge(op payment.Operation, r reply) (payment.Result, error) {
	o := payment.Order{Number: "N1", Original: "2025000017", Operation: op, Asked: payment.Amounts{Amount: payment.FromMinor(24900, "CZK")}}
	return reader().read(o, asked, r)
}

func TestReplies(t *testing.T) {
	for _, s := range samples(t) {
		res, err := judge(s.op, decode(s.status, []byte(s.answer)))
		outcome, code := string(res.Outcome), res.Code
		if err != nil {
			outcome, code = "unknown", payment.CodeOf(err)
		}
		if outcome != s.outcome || string(code) != s.code {
			t.Errorf("%s %d %s\nis %s (%s), %v; want %s (%s)", s.op, s.status, s.answer, outcome, code, err, s.outcome, s.code)
		}
	}
}

// TestTurnedDown: what proves that a POST did nothing, and what does not (B.5).
func TestTurnedDown(t *testing.T) {
	for _, c := range []struct {
		status int
		answer string
		code   payment.Code // "" for no proof
	}{
		{200, `{"code":1301,"message":"Unknown merchant"}`, payment.CodeWrongMerchant},
		{200, `{"code":1309,"message":"Wrong amount"}`, payment.CodeBadParameter},
		{200, `{"code":"1310","message":"Unknown currency"}`, payment.CodeBadParameter},
		{400, `{"code":1400,"message":"Bad request"}`, payment.CodeBadParameter},
		{401, ``, payment.CodeWrongPassword},
		{403, `<html>`, payment.CodeWrongPassword},
		{401, `{"code":0}`, ""},
		{401, `{"code":1301,"transId":"AB12"}`, ""},
		{500, `{"code":1400}`, ""},
		{302, `{"code":1400}`, ""},
		{200, `{"code":1400,"transId":"AB12"}`, ""},
		{200, `{"code":1100}`, ""},
		{200, `{"code":1200}`, ""},
		{200, `{"code":1500}`, ""},
		{200, `{"code":1999}`, ""},
		{200, `{"message":"Bad request"}`, ""},
		{200, `{"code":0}`, ""},
		{404, `<html>`, ""},
		{400, ``, ""},
	} {
		code, _, no := reader().settings.turnedDown(decode(c.status, []byte(c.answer)))
		if no != (c.code != "") || code != c.code {
			t.Errorf("HTTP %d %s: %q, %v; want %q", c.status, c.answer, code, no, c.code)
		}
	}
}

// TestKeptOfAnAnswer: neither the expiry nor more of the card than its end.
func TestKeptOfAnAnswer(t *testing.T) {
	r := decode(200, []byte(`{"code":0,"status":"PAID","cardNumber":"4111111111111111","cardValid":"12/29","cardvalid":"12/29","message":"4111 1111 1111 1111"}`))
	res, err := judge(payment.Sale, r)
	if err != nil || res.Facts.Card != "1111" {
		t.Fatalf("%+v, %v", res.Facts, err)
	}
	for _, never := range []string{"4111", "12/29"} {
		if strings.Contains(res.Raw+res.Text, never) {
			t.Errorf("%q is kept: %s", never, res.Raw)
		}
	}
}

func FuzzReply(f *testing.F) {
	for _, s := range samples(f) {
		f.Add(s.status, []byte(s.answer))
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		r := reader().heard(web.Response{Status: status, Body: body})
		for _, op := range []payment.Operation{payment.Sale, payment.Refund, payment.Void} {
			res, err := judge(op, r)
			if err == nil && res.Outcome == payment.Approved && (status/100 != 2 || r.fields["code"] != codeOK || r.statusText() == "") {
				t.Errorf("HTTP %d %q is an approved %s", status, body, op)
			}
			for _, text := range []string{res.Text, res.Raw, res.Facts.Card} {
				if payment.Mask(text) != text {
					t.Errorf("%q leaves a card number in %q", body, text)
				}
			}
			if len(res.Facts.Card) > 4 {
				t.Errorf("card %q", res.Facts.Card)
			}
		}
		if code, _, no := reader().settings.turnedDown(r); no && (status >= 500 || code.Class() != payment.NothingSent) {
			t.Errorf("HTTP %d %q proves %q", status, body, code)
		}
		reader().totals(r)
	})
}
