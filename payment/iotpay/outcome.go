package iotpay

import (
	"regexp"
	"strconv"
	"strings"

	"tillkeeper/payment"
)

// state is what a status means for the money.
type state int

// The states. An unknown status is running until the polling ends (§6).
const (
	unsaid state = iota
	running
	unknown
	paid
	failed
	withdrawn
)

// statuses is the table of §6. Negative numbers are failures, too.
var statuses = map[string]state{
	"":  unsaid,
	"0": running,
	"1": running,
	"2": paid,
	"3": paid,
	"4": withdrawn, // by the system
	"9": failed,
}

func stateOf(status string) state {
	if s, ok := statuses[status]; ok {
		return s
	}
	if n, err := strconv.Atoi(status); err == nil && n < 0 {
		return failed
	}
	return unknown
}

// state is that of the answer's order.
func (a answer) state() state { return stateOf(a.order("status")) }

// What the gateway's error codes and sentences say. The official list was not to be
// had (§9), so both are looked at: the codes of the protocol's family and the words.
var (
	saysSign     = regexp.MustCompile(`(?i)\bsign|signature|签名`)
	saysSystem   = regexp.MustCompile(`(?i)system\W*error|SYSTEMERROR|internal error|time\W*d?\W*out|upstream|unknown error|busy,? (try|retry)|系统`)
	saysRepeated = regexp.MustCompile(`(?i)duplicat|repeat|already|\bexists\b|重复`)
	saysMissing  = regexp.MustCompile(`(?i)not\W*(found|exist)|no such|does\s*n.t exist|unknown|invalid|不存在`)
	saysOrder    = regexp.MustCompile(`(?i)order|订单`)
	saysMerchant = regexp.MustCompile(`(?i)merchant|mch_?id|job_?no|login|商户`)
	saysBusy     = regexp.MustCompile(`(?i)\bbusy\b|TERMINALBUSY`)
	saysCancel   = regexp.MustCompile(`(?i)\bcancel|annul`)
)

// family are the codes of §9.
var family = map[string]payment.Code{
	"0010": payment.CodeHostFault, "0013": payment.CodeWrongKey, "0015": payment.CodeWrongMerchant,
	"0110": payment.CodeHostTimeout, "0111": payment.CodeHostFault, "0112": payment.CodeNotFound, "0113": payment.CodeNumberRepeated,
}

// reason is why a request failed, CodeBadParameter where nothing else fits.
func (a answer) reason() payment.Code {
	code := a.top.text("errCode")
	if known, ok := family[code]; ok {
		return known
	}
	text := strings.Join([]string{code, a.top.text("errCodeDes"), a.top.text("retMsg")}, " ")
	switch {
	case saysSystem.MatchString(text):
		return payment.CodeHostFault
	case saysSign.MatchString(text):
		return payment.CodeWrongKey
	case saysOrder.MatchString(text) && saysMissing.MatchString(text):
		return payment.CodeNotFound
	case saysMerchant.MatchString(text) && saysMissing.MatchString(text):
		return payment.CodeWrongMerchant
	case saysRepeated.MatchString(text):
		return payment.CodeNumberRepeated
	case saysBusy.MatchString(text):
		return payment.CodeBusy
	}
	return payment.CodeBadParameter
}

// turnedDown reports whether the answer says no, and there is no order in it that
// might say otherwise (§4.4, §9).
func (a answer) turnedDown() bool {
	no := a.ret() == wordFail || a.ret() == wordSuccess && a.res() == wordFail
	return no && len(a.levels) == 1 && a.state() == unsaid
}

// verdict sorts the answer to a sale (§4.4, §9):
//
//	retCode | resCode       | order's status   | then
//	--------+---------------+------------------+-------------------------------------
//	FAIL    | any           | none             | refused; system errors and repeated
//	        |               |                  | numbers: unknown, ask
//	FAIL    | any           | 2, 3, running    | contradiction: unknown, ask
//	any     | any           | 4, 9, negative   | not charged
//	SUCCESS | FAIL          | none             | as in the first row
//	SUCCESS | any           | 2, 3             | approved
//	SUCCESS | any           | 0, 1, any other  | not final: ask
//	SUCCESS | SUCCESS, none | none             | unknown, ask
//	other   | any           | 2, 3, running,   | unknown, ask
//	        |               | none             |
//
// Whatever the levels of an answer say differently makes it a contradiction. An
// error is an outcome that is not known.
func verdict(a answer) (payment.Outcome, payment.Code, error) {
	if field := a.disagrees(); field != "" {
		return "", "", unclear(payment.CodeBadAnswer, a, "an answer that says two things of "+field)
	}
	if a.turnedDown() {
		return refusal(a)
	}
	switch s := a.state(); {
	case s == failed || s == withdrawn:
		outcome, code := noMoney(a, s)
		return outcome, code, nil
	case s == unsaid:
		return "", "", unclear(payment.CodeBadAnswer, a, "an answer without an order")
	case a.ret() != wordSuccess:
		return "", "", unclear(payment.CodeBadAnswer, a, "retCode "+a.ret()+" with status "+a.order("status"))
	case s == running:
		return "", "", unclear(payment.CodePending, a, "not final yet")
	case s == unknown:
		return "", "", unclear(payment.CodeUnknownStatus, a, "status "+a.order("status"))
	}
	if a.number() == "" || a.order("amount") == "" {
		// Nothing to compare with what was asked (§4.4).
		return "", "", unclear(payment.CodeBadAnswer, a, "an approval that names no order or no amount")
	}
	return payment.Approved, "", nil
}

// queryVerdict sorts the answer to a query (§7). Pending and NotFound are answers,
// too.
func queryVerdict(a answer) (payment.Outcome, payment.Code, error) {
	if a.turnedDown() {
		switch why := a.reason(); why {
		case payment.CodeNotFound:
			return payment.NotFound, why, nil
		case payment.CodeBadParameter, payment.CodeBusy, payment.CodeNumberRepeated:
			return "", "", unclear(payment.CodeBadAnswer, a, "the query was refused")
		default:
			return "", "", unclear(why, a, "the query was refused")
		}
	}
	outcome, code, err := verdict(a)
	switch payment.CodeOf(err) {
	case payment.CodePending, payment.CodeUnknownStatus:
		return payment.Pending, payment.CodeOf(err), nil
	}
	return outcome, code, err
}

// refundVerdict sorts the answer to a refund (§8): success needs both codes. Where an
// order comes with it that says it is the refund's, its status counts, too.
func refundVerdict(a answer) (payment.Outcome, payment.Code, error) {
	ours := a.order("payType") == payTypeRefund
	switch {
	case a.ret() == wordFail && (!ours || a.state() == unsaid):
		return refusal(a)
	case ours && a.state() != unsaid:
		return refundState(a)
	case a.ret() == wordSuccess && a.res() == wordSuccess:
		return payment.Approved, "", nil
	case a.ret() == wordSuccess && a.res() == wordFail:
		outcome, code, err := refusal(a)
		if err == nil && code == payment.CodeBadParameter {
			outcome, code = payment.Declined, payment.CodeHostRefusedRefund
		}
		return outcome, code, err
	}
	return "", "", unclear(payment.CodeBadAnswer, a, "retCode "+a.ret()+" and resCode "+a.res())
}

// refundState sorts the order of a refund, from its own answer or from a query.
func refundState(a answer) (payment.Outcome, payment.Code, error) {
	outcome, code, err := verdict(a)
	if err == nil && outcome != payment.Approved && code == payment.CodeDeclined {
		code = payment.CodeHostRefusedRefund
	}
	return outcome, code, err
}

// refusal is the outcome of a request that was turned down before any card. What may
// hide a sale that goes on is asked after first (§9).
func refusal(a answer) (payment.Outcome, payment.Code, error) {
	switch why := a.reason(); why {
	case payment.CodeHostFault, payment.CodeHostTimeout, payment.CodeNumberRepeated:
		return "", "", unclear(why, a, "turned down with a doubt")
	case payment.CodeNotFound:
		return payment.Refused, payment.CodeBadParameter, nil
	default:
		return payment.Refused, why, nil
	}
}

// noMoney is the outcome of an order that failed. Status 9 is "cancelled by user" as
// well as "failed" (§6); the receipt's text tells which.
func noMoney(a answer, s state) (payment.Outcome, payment.Code) {
	if s == withdrawn || saysCancel.MatchString(a.card()["receiptDisp"]) {
		return payment.Cancelled, payment.CodeCancelledThere
	}
	return payment.Declined, payment.CodeDeclined
}

func unclear(code payment.Code, a answer, what string) error {
	if words := a.words(); words != "" {
		what += " (" + words + ")"
	}
	return payment.Errorf(code, "iotpay: %s", payment.Mask(what))
}
