package iotpaysim

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tillkeeper/payment"
)

// field is a parameter that the protocol text lists.
type field struct {
	name     string
	required bool
	longest  int
}

// createFields is the table of §4.1.
var createFields = []field{
	{"mchId", true, 30}, {"mchOrderNo", true, 30}, {"channelId", true, 24}, {"currency", true, 3}, {"amount", true, 12},
	{"clientIp", true, 32}, {"device", false, 64}, {"notifyUrl", true, 200}, {"subject", true, 64}, {"body", true, 255},
	{"extra", true, 512}, {"jobNo", true, 50}, {"remarks", false, 200}, {"sign", true, 32},
}

// queryFields and refundFields are the tables of §7 and §8.
var (
	queryFields  = []field{{"mchId", true, 30}, {"mchOrderNo", false, 30}, {"payOrderId", false, 64}, {"sign", true, 32}}
	refundFields = []field{
		{"mchId", true, 30}, {"mchRefundNo", true, 30}, {"refundAmount", true, 12}, {"clientIp", true, 32}, {"device", false, 64},
		{"loginName", true, 50}, {"payOrderId", true, 64}, {"currency", false, 3}, {"sign", true, 32},
	}
)

// seen are parameters of the sample that no table has (§4.1).
var seen = []string{"source", "tip"}

var (
	wholeNumber = regexp.MustCompile(`^[0-9]{1,12}$`)
	printable   = regexp.MustCompile(`^[ -~]*$`)
	address     = regexp.MustCompile(`^[0-9A-Fa-f.:]+$`)
)

// check compares a request with a table, and returns the first reason to refuse it.
func (g *Gateway) check(r *request, fields []field) (no *refusal) {
	say := func(rule Rule, name string) {
		g.report(r.number(), rule, name)
		if no == nil {
			no = badParameter(name)
		}
	}
	for _, f := range fields {
		value := r.params[f.name]
		switch {
		case value == "" && f.required:
			say(RuleMandatory, f.name)
		case len(value) > f.longest:
			say(RuleLength, f.name)
		}
	}
	return no
}

// checkCreate checks what a sale says (§4.1, §12).
func (g *Gateway) checkCreate(r *request) (payment.Amount, *refusal) {
	if no := g.check(r, createFields); no != nil {
		return payment.Amount{}, no
	}
	number := r.number()
	refuse := func(rule Rule, detail string) (payment.Amount, *refusal) {
		g.report(number, rule, detail)
		return payment.Amount{}, badParameter(detail)
	}
	if r.params["channelId"] != "CC_PAX" {
		return refuse(RuleValue, "channelId")
	}
	if r.params["jobNo"] != g.opts.JobNo {
		g.report(number, RuleMerchant, "jobNo "+r.params["jobNo"])
		return payment.Amount{}, refuseLogin
	}
	amount, ok := g.sum(r.params["amount"], r.params["currency"])
	if !ok {
		return refuse(RuleValue, "amount or currency")
	}
	if tip := r.params["tip"]; tip != "" && !wholeNumber.MatchString(tip) {
		return refuse(RuleValue, "tip")
	}
	g.checkManners(r)
	return amount, nil
}

// checkManners reports what a real gateway might let pass.
func (g *Gateway) checkManners(r *request) {
	number := r.number()
	for _, name := range []string{"subject", "body"} {
		if !printable.MatchString(r.params[name]) || strings.ContainsAny(r.params[name], "&=") {
			g.report(number, RulePlain, name)
		}
	}
	if r.params["notifyUrl"] != "http://localhost" {
		g.report(number, RuleValue, "notifyUrl")
	}
	if !address.MatchString(r.params["clientIp"]) {
		g.report(number, RuleValue, "clientIp")
	}
	for name := range r.params {
		known := slices.ContainsFunc(createFields, func(f field) bool { return f.name == name })
		if !known && !slices.Contains(seen, name) {
			g.report(number, RuleName, name+" is not documented")
		}
	}
}

// sum reads a positive whole number of minor units in a currency that is taken.
func (g *Gateway) sum(minor, currency string) (payment.Amount, bool) {
	c, err := payment.ParseCurrency(currency)
	n, numeric := strconv.ParseInt(minor, 10, 64)
	taken := g.opts.Currency == "" || g.opts.Currency == currency
	if err != nil || string(c) != currency || !taken || numeric != nil || !wholeNumber.MatchString(minor) || n <= 0 {
		return payment.Amount{}, false
	}
	return payment.FromMinor(n, c), true
}
