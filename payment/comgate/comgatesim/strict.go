package comgatesim

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"

	"github.com/bojanz/currency"

	"tillkeeper/payment"
)

var (
	plainInteger  = regexp.MustCompile(`^[0-9]{1,12}$`)
	plainNumeric  = regexp.MustCompile(`^[0-9]{3}$`)
	plainInvoice  = regexp.MustCompile(`^[0-9]{1,20}$`)
	maxID         = 64 // nobody knows; UUIDs have 36
	numericByCode = numerics()
)

// numerics are the numbers of ISO 4217.
func numerics() map[payment.Currency]string {
	all := map[payment.Currency]string{"XCG": "532"} // newer than the library's table
	for _, c := range payment.Currencies() {
		if n, ok := currency.GetNumericCode(string(c)); ok {
			all[c] = n
		}
	}
	return all
}

// numeric is a currency as results say it: a number.
func numeric(c payment.Currency) json.Number {
	n, _ := strconv.Atoi(numericByCode[c])
	return json.Number(strconv.Itoa(n))
}

func byNumeric(code string) (payment.Currency, bool) {
	for c, n := range numericByCode {
		if n == code {
			return c, true
		}
	}
	return "", false
}

// checkMembers reports members that a request must not have, and a missing
// transactionId.
func (t *Terminal) checkMembers(m *message) {
	allowed := m.endpoint.members
	if m.endpoint.kind != "" {
		for name := range m.outer {
			if name != "secureString" && name != "request" {
				t.report(m.id(), RuleUnknown, name)
			}
		}
	}
	for name := range m.members {
		if !slices.Contains(allowed, name) && (t.opts.TipField == "" || name != t.opts.TipField || m.endpoint.kind != sale) {
			t.report(m.id(), RuleUnknown, name)
		}
	}
	if slices.Contains(allowed, "transactionId") && m.id() == "" {
		t.report("", RuleMandatory, "transactionId as text")
	}
}

// parse reads a start call into an order, or says why it is refused.
func (t *Terminal) parse(m *message) (o *order, why string) {
	t.checkMembers(m)
	o = &order{
		id: m.id(), kind: m.endpoint.kind, operation: operations[m.endpoint.kind], invoice: m.text("invoiceNumber"),
		original: m.text("originalTransactionId"),
		cancel:   make(chan struct{}), settled: make(chan struct{}), finished: make(chan struct{}), gone: make(chan struct{}),
	}
	wrong := func(rule Rule, detail, status string) (*order, string) {
		t.report(o.id, rule, detail)
		return nil, status
	}
	switch {
	case o.id == "" || len(o.id) > maxID:
		return wrong(RuleForm, "transactionId", "Invalid transactionId")
	case slices.Contains(m.endpoint.members, "originalTransactionId") && o.original == "":
		return wrong(RuleMandatory, "originalTransactionId", "Invalid originalTransactionId")
	case o.kind == refund && t.opts.NoRefunds:
		return nil, "Refund not enabled"
	}
	if _, said := m.members["invoiceNumber"]; said && !plainInvoice.MatchString(o.invoice) {
		t.report(o.id, RuleForm, "invoiceNumber is not 1 to 20 digits") // printed all the same
	}
	if v, said := m.members["daughterCompanyId"]; said {
		if _, ok := v.(string); !ok {
			return wrong(RuleForm, "daughterCompanyId is no text", "Invalid daughterCompanyId")
		}
	}
	if !slices.Contains(m.endpoint.members, "amount") {
		return o, ""
	}
	c, ok := t.currency(m.members["currencyCode"])
	if !ok {
		return wrong(RuleForm, "currencyCode", "Invalid currency")
	}
	if o.amount, ok = sum(m.members["amount"], c); !ok || !o.amount.IsPositive() {
		return wrong(RuleForm, "amount is not a whole number above nothing", "Invalid amount")
	}
	if v, said := m.members[t.opts.TipField]; said && t.opts.TipField != "" && o.kind == sale {
		if o.tip, ok = sum(v, c); !ok {
			return wrong(RuleForm, t.opts.TipField, "Invalid tip")
		}
	}
	return o, ""
}

// currency reads a number or its digits as text; both are seen (A.2).
func (t *Terminal) currency(v any) (payment.Currency, bool) {
	var digits string
	switch v := v.(type) {
	case json.Number:
		if n, err := strconv.Atoi(v.String()); err == nil && n > 0 {
			digits = zeros(n)
		}
	case string:
		digits = v
	}
	if !plainNumeric.MatchString(digits) {
		return "", false
	}
	c, ok := byNumeric(digits)
	return c, ok && t.opts.takes(string(c))
}

func zeros(n int) string {
	s := strconv.Itoa(n)
	for len(s) < 3 {
		s = "0" + s
	}
	return s
}

// sum reads minor units, which are a JSON number (A.3).
func sum(v any, c payment.Currency) (payment.Amount, bool) {
	n, ok := v.(json.Number)
	if !ok || !plainInteger.MatchString(n.String()) {
		return payment.Amount{}, false
	}
	minor, err := strconv.ParseInt(n.String(), 10, 64)
	return payment.FromMinor(minor, c), err == nil
}
