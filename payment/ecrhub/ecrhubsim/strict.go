package ecrhubsim

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tillkeeper/payment"
)

// Rule is a rule of the protocol that a client broke.
type Rule string

// The rules.
const (
	RuleFrame     Rule = "frame"      // not JSON, or in a binary frame
	RuleTopic     Rule = "topic"      // unknown or missing
	RuleMandatory Rule = "mandatory"  // a mandatory field is missing
	RuleExplicit  Rule = "explicit"   // a field that should always be said is not
	RuleText      Rule = "text"       // a number where text is specified
	RuleAmount    Rule = "amount"     // not the currency's decimal text
	RuleZeroTip   Rule = "zero-tip"   // a tip of nothing
	RuleNumber    Rule = "number"     // an order number of wrong form
	RuleRepeated  Rule = "repeated"   // an order number used before
	RuleRequestID Rule = "request-id" // missing, or used before
	RuleTimestamp Rule = "timestamp"  // not epoch milliseconds as text
	RuleUnknown   Rule = "unknown"    // a field that does not exist or must not be sent
	RuleEncoding  Rule = "encoding"   // characters of four bytes
	RuleTogether  Rule = "together"   // a field that does not go with the type
)

var (
	plainAmount   = regexp.MustCompile(`^[0-9]{1,10}(\.[0-9]{1,3})?$`)
	plainNumber   = regexp.MustCompile(`^[0-9A-Za-z]{1,32}$`)
	gatewayNumber = regexp.MustCompile(`^[0-9A-Za-z_|*@-]{1,32}$`)
	epochMillis   = regexp.MustCompile(`^[0-9]{13}$`)
)

// orderFields are what an order may carry (§5.1).
var orderFields = strings.Fields(`trans_type merchant_order_no orig_merchant_order_no price_currency order_amount
	tip_amount on_screen_tip cashback_amount tax_amount pay_method_id pay_scenario card_type card_network_type
	attach description notify_url expires confirm_on_terminal order_queue_mode required_terminal_authentication
	on_screen_signature receipt_print_mode cashier`)

// checkEnvelope reports what is wrong around the business data (§3.1).
func (t *Terminal) checkEnvelope(c *conn, req *request, frame []byte) {
	say := func(rule Rule, format string, args ...any) {
		t.report(c, text(req.biz, "merchant_order_no"), rule, fmt.Sprintf(format, args...))
	}
	for _, r := range string(frame) {
		if utf8.RuneLen(r) > 3 {
			say(RuleEncoding, "%U has four bytes", r)
			break
		}
	}
	if req.dialect == G0 {
		return
	}
	if strings.HasPrefix(req.topic, "ecrhub.pay.") && req.appID == "" {
		say(RuleMandatory, "app_id")
	}
	t.checkRequestID(req, say)
	switch stamp := req.envelope["timestamp"].(type) {
	case nil:
		if req.dialect == G3 {
			say(RuleMandatory, "timestamp")
		}
	case string:
		if !epochMillis.MatchString(stamp) {
			say(RuleTimestamp, "%q", stamp)
		}
	default:
		say(RuleTimestamp, "not text")
	}
	if v, said := req.envelope["version"]; said && v != "1.0" {
		say(RuleText, "version %v", v)
	}
}

func (t *Terminal) checkRequestID(req *request, say func(Rule, string, ...any)) {
	if req.id == "" {
		if truth(req.biz, "confirm_on_terminal") {
			say(RuleMandatory, "request_id, with confirm_on_terminal")
		} else if req.dialect != G3 {
			say(RuleRequestID, "missing")
		}
		return
	}
	t.mu.Lock()
	repeated := t.journal.repeated(req.id)
	t.mu.Unlock()
	if repeated {
		say(RuleRequestID, "%q was used before", req.id)
	}
}

// readOrder turns a request into an order, reporting everything that is wrong
// with it and refusing what a real terminal is known or likely to refuse.
func (t *Terminal) readOrder(c *conn, req *request) (*order, *refusal) {
	k := &orderCheck{t: t, c: c, req: req, biz: req.biz, number: text(req.biz, "merchant_order_no")}
	o := &order{
		number: k.number, original: text(k.biz, "orig_merchant_order_no"), transType: text(k.biz, "trans_type"),
		confirm:     truth(k.biz, "confirm_on_terminal") && t.opts.ManualConfirm,
		newestFirst: strings.EqualFold(text(k.biz, "order_queue_mode"), "FILO"),
		req:         req, conn: c, arrived: t.opts.Now(),
	}
	o.operation = operations[o.transType]
	k.identity(o)
	k.money(o)
	k.rest(o)
	if k.no != nil {
		return nil, k.no
	}
	return o, nil
}

// orderCheck reads one order request. no is the first reason to refuse it.
type orderCheck struct {
	t      *Terminal
	c      *conn
	req    *request
	biz    object
	number string
	no     *refusal
}

func (k *orderCheck) say(rule Rule, format string, args ...any) {
	k.t.report(k.c, k.number, rule, fmt.Sprintf(format, args...))
}

func (k *orderCheck) refuse(no *refusal) {
	if k.no == nil {
		k.no = no
	}
}

// mild refuses unless the terminal is lenient.
func (k *orderCheck) mild(no *refusal) {
	if !k.t.opts.Lenient {
		k.refuse(no)
	}
}

func (k *orderCheck) identity(o *order) {
	switch {
	case o.transType == "":
		k.say(RuleMandatory, "trans_type")
		k.refuse(refuseMissing)
	case o.operation == "":
		k.say(RuleTogether, "trans_type %s", o.transType)
		k.refuse(refuseType)
	}
	switch {
	case o.number == "":
		k.say(RuleMandatory, "merchant_order_no")
		k.refuse(refuseMissing)
	case !gatewayNumber.MatchString(o.number):
		k.say(RuleNumber, "%q", o.number)
		k.refuse(refuseNumber)
	case !plainNumber.MatchString(o.number):
		k.say(RuleNumber, "%q has more than letters and digits", o.number)
	}
	if o.operation.NeedsOriginal() && o.original == "" && o.transType != typeRefund && o.operation != "" {
		k.say(RuleMandatory, "orig_merchant_order_no")
		k.refuse(refuseMissing)
	}
}

// money reads the sums (§6.1).
func (k *orderCheck) money(o *order) {
	name := text(k.biz, "price_currency")
	if name == "" {
		name = k.t.opts.Currency
	}
	if name == "" {
		name = "USD"
	}
	currency, err := payment.ParseCurrency(name)
	if err != nil || (k.t.opts.Currency != "" && name != k.t.opts.Currency) {
		k.say(RuleAmount, "price_currency %q", name)
		k.refuse(refuseCurrency)
		return
	}
	o.amount = k.sum("order_amount", currency)
	if !o.amount.Known() && o.operation != payment.Void {
		k.say(RuleMandatory, "order_amount")
		k.refuse(refuseAmount)
	} else if o.amount.Known() && !o.amount.IsPositive() {
		k.say(RuleAmount, "order_amount is nothing")
		k.refuse(refuseAmount)
	}
	o.tip = k.sum("tip_amount", currency)
	if o.tip.Known() && o.tip.IsZero() {
		k.say(RuleZeroTip, "tip_amount") // §12.4
		k.mild(refuseAmount)
	}
	o.cashback = k.sum("cashback_amount", currency)
	if o.cashback.IsPositive() != (o.transType == typeCashback) {
		k.say(RuleTogether, "cashback_amount with trans_type %s", o.transType)
		k.mild(refuseAmount)
	}
}

func (k *orderCheck) sum(field string, c payment.Currency) payment.Amount {
	value := text(k.biz, field)
	if value == "" {
		return payment.Amount{}
	}
	if _, isNumber := k.biz[field].(json.Number); isNumber && k.req.dialect != G0 {
		k.say(RuleText, "%s is a number", field)
	}
	a, err := parseAmount(value, c)
	if err != nil {
		k.say(RuleAmount, "%s: %v", field, err)
		k.refuse(refuseAmount)
		return payment.FromMinor(1, c) // so that no second complaint follows
	}
	if a.Text() != value {
		k.say(RuleAmount, "%s is %q and not %q", field, value, a.Text())
	}
	return a
}

// rest checks what is neither identity nor money.
func (k *orderCheck) rest(o *order) {
	if k.req.dialect != G0 {
		if text(k.biz, "pay_scenario") == "" {
			k.say(RuleExplicit, "pay_scenario")
			k.mild(refuseScenario)
		}
		if _, said := k.biz["confirm_on_terminal"]; !said {
			k.say(RuleExplicit, "confirm_on_terminal")
		}
		for _, field := range []string{"trans_type", "expires"} {
			if _, isNumber := k.biz[field].(json.Number); isNumber {
				k.say(RuleText, "%s is a number", field)
			}
		}
	}
	if truth(k.biz, "on_screen_tip") && o.transType != typeSale && o.transType != typeRefund && o.transType != typePreAuth {
		k.say(RuleTogether, "on_screen_tip with trans_type %s", o.transType)
	}
	for field := range k.biz {
		if !slices.Contains(orderFields, field) {
			k.say(RuleUnknown, "%s", field)
		}
	}
	o.expires = k.expiry()
}

// expiry is how long the order lives: 300 seconds unless it says otherwise.
func (k *orderCheck) expiry() time.Duration {
	value := text(k.biz, "expires")
	seconds, err := strconv.Atoi(value)
	if value != "" && (err != nil || seconds < 0) {
		k.say(RuleText, "expires %q", value)
	}
	if err != nil || seconds <= 0 {
		return 300 * time.Second
	}
	return max(time.Duration(seconds)*time.Second, k.t.opts.ExpiresFloor)
}
