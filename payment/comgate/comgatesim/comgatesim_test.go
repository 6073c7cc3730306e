package comgatesim_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tillkeeper/payment/comgate/comgatesim"
)

func TestPaymentRunsThroughItsStatuses(t *testing.T) {
	in(t, comgatesim.Defaults(), func(t *testing.T, sim *comgatesim.Terminal, c *client) {
		want(t, c.sale("A1", 24900), object{"transactionId": "A1", "isStarted": true, "status": "WaitForCard"})
		want(t, c.ask("status", "A1"), object{"transactionId": "A1", "status": "WaitForCard"})
		wantCharges(t, sim)
		time.Sleep(2 * time.Second)
		want(t, c.ask("status", "A1"), object{"status": "Processing"})
		time.Sleep(2 * time.Second)
		for range 2 { // reads may be repeated
			want(t, c.ask("status", "A1"), object{"status": "Finished"})
			want(t, c.ask("result", "A1"), object{
				"transactionId": "A1", "transactionType": "Payment", "responseCode": "OK", "amount": 24900.0, "currency": 203.0,
				"pan": "476173******0119", "cvmTypeList": []any{"NO_CVM"}, "isReversed": false, "callReversal": false,
			})
			_, o := c.post("confirm", `{"secureString":"27924505","transactionId":"A1","confirm":true}`)
			want(t, o, object{"isConfirmed": true})
		}
		wantCharges(t, sim, "A1 sale 249.00 CZK")
		wantRules(t, sim)
	})
}

func TestInfoNeedsNoPasswordAndTerminalDoes(t *testing.T) {
	in(t, comgatesim.Options{}, func(t *testing.T, sim *comgatesim.Terminal, c *client) {
		status, text := c.raw(http.MethodGet, "info", "", "")
		if status != http.StatusOK || !strings.Contains(text, `"protocol":"GSA"`) {
			t.Errorf("%d %s", status, text)
		}
		_, o := c.post("terminal", `{"secureString":"27924505","checkOnline":true}`)
		want(t, o, object{"isOnline": 1.0, "onlineStatus": "Online"})
		wantRules(t, sim)
		status, o = c.post("terminal", `{"checkOnline":true}`)
		want(t, o, object{"isStarted": false})
		if status != http.StatusUnauthorized {
			t.Errorf("HTTP %d", status)
		}
		wantRules(t, sim, comgatesim.RulePassword)
	})
}

func TestWrongPasswordInBothManners(t *testing.T) {
	for manner, status := range map[comgatesim.Manner]int{comgatesim.ByStatus: 401, comgatesim.ByBody: 200} {
		in(t, comgatesim.Options{WrongPassword: manner}, func(t *testing.T, sim *comgatesim.Terminal, c *client) {
			got, o := c.post("payment", `{"secureString":"1","request":{"transactionId":"A1","amount":100,"currencyCode":203}}`)
			if got != status || o["isStarted"] != false || !strings.Contains(o["status"].(string), "password") {
				t.Errorf("HTTP %d %v", got, o)
			}
			wantCharges(t, sim)
		})
	}
}

func TestUnknownIDsInBothManners(t *testing.T) {
	for manner, status := range map[comgatesim.Manner]int{comgatesim.ByStatus: 404, comgatesim.ByBody: 200} {
		in(t, comgatesim.Options{UnknownIDs: manner}, func(t *testing.T, _ *comgatesim.Terminal, c *client) {
			for _, call := range []string{"status", "result", "cancel"} {
				got, o := c.post(call, `{"secureString":"27924505","transactionId":"A9"}`)
				if got != status || o["status"] != "Unknown" {
					t.Errorf("%s: HTTP %d %v", call, got, o)
				}
			}
		})
	}
}

func TestCurrencyAsNumberOrTextAndCompanyOrNone(t *testing.T) {
	in(t, comgatesim.Options{Currency: "CZK,EUR"}, func(t *testing.T, sim *comgatesim.Terminal, c *client) {
		for i, more := range []string{
			`,"amount":100,"currencyCode":203`, `,"amount":100,"currencyCode":"978"`, `,"amount":100,"currencyCode":203,"daughterCompanyId":""`,
			`,"amount":100,"currencyCode":203,"invoiceNumber":"2025000017"`,
		} {
			_, o := c.start("payment", fmt.Sprint("A", i), more)
			want(t, o, object{"isStarted": true})
			c.finish(fmt.Sprint("A", i))
		}
		wantRules(t, sim)
		_, o := c.start("payment", "B1", `,"amount":100,"currencyCode":840`)
		want(t, o, object{"isStarted": false})
		wantCharges(t, sim, "A0 sale 1.00 CZK", "A1 sale 1.00 EUR", "A2 sale 1.00 CZK", "A3 sale 1.00 CZK")
	})
}

func TestWrongAmountsAreRefusedAndReported(t *testing.T) {
	in(t, comgatesim.Options{}, func(t *testing.T, sim *comgatesim.Terminal, c *client) {
		for i, amount := range []string{`"100"`, `1.00`, `1e2`, `0`, `-100`, `null`, `1000000000000`, `true`} {
			_, o := c.start("payment", fmt.Sprint("A", i), `,"currencyCode":203,"amount":`+amount)
			if o["isStarted"] != false {
				t.Errorf("%s: %v", amount, o)
			}
		}
		if n := len(sim.Findings()); n != 8 {
			t.Errorf("%d findings: %v", n, sim.Findings())
		}
		wantCharges(t, sim)
	})
}

func TestSecondStartIsBusyAndARepeatedOneIsRefused(t *testing.T) {
	in(t, comgatesim.Defaults(), func(t *testing.T, sim *comgatesim.Terminal, c *client) {
		c.sale("A1", 100)
		want(t, c.sale("A2", 200), object{"isStarted": false, "status": "Terminal busy"})
		status, _ := c.start("payment", "A1", `,"amount":100,"currencyCode":203`)
		if status != http.StatusConflict {
			t.Errorf("HTTP %d", status)
		}
		c.finish("A1")
		c.sale("A2", 200)
		c.finish("A2")
		wantCharges(t, sim, "A1 sale 1.00 CZK", "A2 sale 2.00 CZK")
		wantRules(t, sim, comgatesim.RuleRepeated)
	})
}

func TestCancelWorksUntilTheCardIsRead(t *testing.T) {
	in(t, comgatesim.Defaults(), func(t *testing.T, sim *comgatesim.Terminal, c *client) {
		c.sale("A1", 100)
		want(t, c.ask("cancel", "A1"), object{"isCanceled": true})
		if got := c.finish("A1"); got["responseCode"] == "OK" || got["amount"] != nil {
			t.Errorf("%v", got)
		}
		c.sale("A2", 200)
		time.Sleep(2 * time.Second)
		want(t, c.ask("cancel", "A2"), object{"isCanceled": false})
		want(t, c.finish("A2"), object{"responseCode": "OK"})
		sim.Script(comgatesim.Outcome{Kind: comgatesim.Pin})
		c.sale("A3", 300)
		time.Sleep(2 * time.Second)
		want(t, c.ask("status", "A3"), object{"status": "WaitForPin"})
		want(t, c.ask("cancel", "A3"), object{"isCanceled": true})
		wantCharges(t, sim, "A2 sale 2.00 CZK")
	})
}

func TestReverseChecksItsOriginal(t *testing.T) {
	in(t, comgatesim.Options{}, func(t *testing.T, sim *comgatesim.Terminal, c *client) {
		reverse := func(id, original string) any {
			_, o := c.start("reverse", id, fmt.Sprintf(`,"originalTransactionId":%q`, original))
			if o["isStarted"] == true {
				return c.finish(id)["responseCode"]
			}
			return o["status"]
		}
		sim.Script(comgatesim.Outcome{}, comgatesim.Outcome{Kind: comgatesim.Decline})
		c.sale("A1", 100)
		c.finish("A1")
		c.sale("A2", 200)
		want(t, c.finish("A2"), object{"responseCode": "DECLINED"})
		for _, step := range []struct{ id, original, want string }{
			{"V0", "A9", "Original not found"}, {"V1", "A2", "Original not found"}, {"V2", "A1", "OK"},
			{"V3", "A1", "Already reversed"}, {"V4", "V2", "Original not found"},
		} {
			if got := reverse(step.id, step.original); got != step.want {
				t.Errorf("%s of %s: %v, want %s", step.id, step.original, got, step.want)
			}
		}
		want(t, c.ask("result", "A1"), object{"isReversed": true})
		c.sale("A3", 300)
		c.finish("A3")
		c.start("closing", "C1", "")
		want(t, c.finish("C1"), object{"responseCode": "OK", "transactionType": "Closing"})
		if got := reverse("V5", "A3"); got != "Batch closed" {
			t.Error(got)
		}
		wantCharges(t, sim, "A1 sale 1.00 CZK", "V2 void 1.00 CZK", "A3 sale 3.00 CZK")
		wantRules(t, sim)
	})
}

func TestClosingGivesExactTotalsAndEmptiesTheBatch(t *testing.T) {
	in(t, comgatesim.Options{}, func(t *testing.T, _ *comgatesim.Terminal, c *client) {
		for i, sum := range []int{100, 250, 399} {
			c.sale(fmt.Sprint("A", i), sum)
			c.finish(fmt.Sprint("A", i))
		}
		c.start("reverse", "V1", `,"originalTransactionId":"A1"`)
		c.finish("V1")
		c.start("refund", "R1", `,"amount":50,"currencyCode":203`)
		want(t, c.finish("R1"), object{"transactionType": "Refund"})
		for i, totals := range []object{
			{"batchNumber": 1.0, "shiftNumber": 1.0, "debitsCount": 2.0, "debitsAmount": 499.0, "creditsCount": 1.0, "creditsAmount": 50.0, "adjsCount": 0.0, "adjsAmount": 0.0},
			{"batchNumber": 2.0, "debitsCount": 0.0, "debitsAmount": 0.0, "creditsCount": 0.0},
		} {
			c.start("closing", fmt.Sprint("C", i), "")
			want(t, c.finish(fmt.Sprint("C", i))["batchTotals"].(object), totals)
		}
	})
}

func TestOutcomesByAmount(t *testing.T) {
	o := comgatesim.Defaults()
	o.OutcomesByAmount = true
	for _, tc := range []struct {
		minor int
		want  object
		moved bool
	}{
		{1000, object{"responseCode": "OK", "cvmTypeList": []any{"NO_CVM"}}, true},
		{1010, object{"responseCode": "OK", "cvmTypeList": []any{"PIN"}}, true},
		{1020, object{"responseCode": "OK", "cvmTypeList": []any{"SIGNATURE"}}, true},
		{1030, object{"responseCode": "OK", "callReversal": true}, true},
		{1040, object{"responseCode": "OK", "amount": 520.0}, true},
		{1090, object{"responseCode": "DECLINED"}, false},
		{1091, object{"responseCode": "CANCELLED"}, false},
		{1097, object{"responseCode": nil, "amount": 1097.0}, true},
	} {
		in(t, o, func(t *testing.T, sim *comgatesim.Terminal, c *client) {
			c.sale("A1", tc.minor)
			want(t, c.finish("A1"), tc.want)
			want(t, c.ask("result", "A1"), tc.want)
			if moved := len(sim.Charges()) == 1; moved != tc.moved {
				t.Errorf("%d: charges %v", tc.minor, sim.Charges())
			}
		})
	}
	in(t, o, func(t *testing.T, sim *comgatesim.Terminal, c *client) {
		want(t, c.sale("A1", 1098), object{"isStarted": false, "status": "Terminal busy"})
		c.sale("A2", 1092)
		time.Sleep(time.Hour)
		want(t, c.ask("status", "A2"), object{"status": "WaitForCard"})
		want(t, c.ask("cancel", "A2"), object{"isCanceled": true})
		c.finish("A2")
		begin := time.Now()
		want(t, c.sale("A3", 1093), object{"isStarted": true})
		if took := time.Since(begin); took != 30*time.Second {
			t.Errorf("after %v", took)
		}
		c.finish("A3")
		if _, _, err := c.try(http.MethodPost, "payment", "application/json", `{"secureString":"27924505","request":{"transactionId":"A4","amount":1094,"currencyCode":203}}`); err == nil {
			t.Error("A4 is answered")
		}
		c.finish("A4")
		status, _ := c.start("payment", "A5", `,"amount":1095,"currencyCode":203`)
		if status != http.StatusInternalServerError {
			t.Errorf("HTTP %d", status)
		}
		c.finish("A5")
		c.sale("A6", 1096)
		time.Sleep(time.Minute)
		if _, text := c.raw(http.MethodPost, "result", "application/json", `{"secureString":"27924505","transactionId":"A6"}`); json.Valid([]byte(text)) {
			t.Errorf("the result is JSON: %s", text)
		}
		c.sale("A7", 1099)
		synctest.Wait()
		if _, _, err := c.try(http.MethodGet, "info", "", ""); err == nil {
			t.Error("a terminal that reboots takes connections")
		}
		time.Sleep(21 * time.Second)
		want(t, c.finish("A7"), object{"responseCode": "OK"})
		wantCharges(t, sim, "A3 sale 10.93 CZK", "A4 sale 10.94 CZK", "A5 sale 10.95 CZK", "A6 sale 10.96 CZK", "A7 sale 10.99 CZK")
	})
}

func TestUnconfirmedPaymentsAreReversedIfAskedFor(t *testing.T) {
	in(t, comgatesim.Options{AutoReverse: time.Minute}, func(t *testing.T, sim *comgatesim.Terminal, c *client) {
		c.sale("A1", 100)
		c.finish("A1")
		time.Sleep(2 * time.Minute)
		want(t, c.ask("result", "A1"), object{"responseCode": "OK", "isReversed": true})
		wantCharges(t, sim, "A1 sale 1.00 CZK", "A1 void 1.00 CZK")
	})
	in(t, comgatesim.Options{}, func(t *testing.T, sim *comgatesim.Terminal, c *client) {
		c.sale("A1", 100)
		c.finish("A1")
		_, o := c.post("confirm", `{"secureString":"27924505","transactionId":"A1","confirm":false}`)
		want(t, o, object{"isConfirmed": false})
		wantCharges(t, sim, "A1 sale 1.00 CZK", "A1 void 1.00 CZK")
	})
}

func TestOptionalCallsExistOnceTheyHaveAPath(t *testing.T) {
	in(t, comgatesim.Options{}, func(t *testing.T, _ *comgatesim.Terminal, c *client) {
		for _, call := range []string{"preauth", "moto", "print"} {
			if status, _ := c.raw(http.MethodPost, call, "application/json", "{}"); status != http.StatusNotFound {
				t.Errorf("%s: HTTP %d", call, status)
			}
		}
	})
	paths := map[string]string{"preauth": "pre", "preauth_complete": "pre/complete", "preauth_cancel": "pre/cancel", "moto": "moto", "print": "print"}
	in(t, comgatesim.Options{Paths: paths}, func(t *testing.T, sim *comgatesim.Terminal, c *client) {
		c.start("pre", "P1", `,"amount":20000,"currencyCode":203`)
		c.finish("P1")
		_, o := c.start("pre/complete", "C1", `,"amount":20001,"currencyCode":203,"originalTransactionId":"P1"`)
		want(t, o, object{"isStarted": false})
		c.start("pre/complete", "C2", `,"amount":18540,"currencyCode":203,"originalTransactionId":"P1"`)
		want(t, c.finish("C2"), object{"responseCode": "OK", "amount": 18540.0})
		c.start("pre", "P2", `,"amount":20000,"currencyCode":203`)
		c.finish("P2")
		c.start("pre/cancel", "V1", `,"originalTransactionId":"P2"`)
		want(t, c.finish("V1"), object{"responseCode": "OK"})
		c.start("moto", "M1", `,"amount":100,"currencyCode":203`)
		c.finish("M1")
		_, o = c.post("print", `{"secureString":"27924505","transactionId":"X1","text":"hello"}`)
		want(t, o, object{"isPrinted": true})
		wantCharges(t, sim, "P1 preauth 200.00 CZK", "C2 completion 185.40 CZK", "P2 preauth 200.00 CZK", "V1 void 200.00 CZK", "M1 sale 1.00 CZK")
		wantRules(t, sim)
	})
}

func TestMoneyThatCannotBeWrittenDownDoesNotMove(t *testing.T) {
	in(t, comgatesim.Options{Charged: func(comgatesim.Charge) error { return errors.New("disk full") }}, func(t *testing.T, sim *comgatesim.Terminal, c *client) {
		c.sale("A1", 100)
		if got := c.finish("A1")["responseCode"]; got == "OK" {
			t.Error(got)
		}
		wantCharges(t, sim)
	})
}
