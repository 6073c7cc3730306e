package paycloud

import (
	"fmt"
	"strings"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/sentence"
	"tillkeeper/payment/internal/wire"
)

// effect is what a failure of a call proves (§7.3, §11.1).
type effect int

const (
	unsure  effect = iota // nothing at all: what is not listed
	nothing               // the call had no effect
	refused               // the host said no to a void or refund
	absent                // no such order, at this moment
	exists                // the number was used before: ask after it
)

// failure is what an envelope code that is not "0" says.
type failure struct {
	effect effect
	code   payment.Code
}

// failures are the envelope codes of §7.3.
var failures = map[string]failure{
	"SYS002": {nothing, payment.CodeWrongKey},
	"SYS011": {nothing, payment.CodeBadParameter},
	"E07303": {nothing, payment.CodeNotEnabled}, // never "no such order"
	"E04110": {absent, payment.CodeNotFound},
	"E04111": {absent, payment.CodeNotFound},
	"E04112": {exists, payment.CodeNumberRepeated},
	"E04126": {refused, payment.CodeHostRefusedRefund},
	"E04130": {refused, payment.CodeHostRefusedRefund},
	"E04131": {refused, payment.CodeDeclined},
	"E04132": {refused, payment.CodeHostRefusedRefund},
	"ET002":  {refused, payment.CodeOriginalNotFound},
	"ET003":  {refused, payment.CodeOriginalNotFound},
	"ET007":  {refused, payment.CodeBatchClosed},
	"ET008":  {refused, payment.CodeBatchClosed},
	"M010":   {refused, payment.CodeOriginalNotFound},
}

// failureOf sorts an envelope code.
func failureOf(code string) failure {
	if f, listed := failures[code]; listed {
		return f
	}
	if strings.HasPrefix(code, "SYS") {
		return failure{unsure, payment.CodeHostFault}
	}
	return failure{unsure, payment.CodeBadAnswer}
}

// state is what a status means (§7.2).
type state int

const (
	odd        state = iota // not in the protocol text: settles nothing
	waiting                 // may still be withdrawn
	processing              // a card is being processed
	closed                  // not paid; the reason is in trans_error_*
	done                    // paid, or for a void or refund: done
	reversed                // was paid, and voided
)

// states are the values of trans_status.
var states = map[string]state{"9": waiting, "0": processing, "1": closed, "2": done, "3": reversed}

// The reasons of §7.4. Doubtful ones prove nothing although the status is final.
var (
	doubtful = sentence.Table(map[payment.Code]string{
		payment.CodeHostFault:       "K009 K036 K037",
		payment.CodePending:         "K017",
		payment.CodeTerminalTimeout: "K027",
	})
	reasons = sentence.Table(map[payment.Code]string{
		payment.CodeCancelledThere:    "K026",
		payment.CodeExpired:           "112",
		payment.CodeInsufficientFunds: "D2012",
	})
)

// verdict sorts the final and the open states of an order.
//
//	trans_status | trans_error_*                | then
//	-------------+------------------------------+-------------------------------
//	9, 0         | any                          | pending
//	1            | K009 K017 K027 K036 K037     | pending: money may have moved
//	1            | K026                         | cancelled
//	1            | 112                          | expired
//	1            | none                         | cancelled: somebody closed it
//	1            | any other                    | declined
//	2            | none                         | approved
//	2            | any                          | contradiction: unknown
//	3            | any                          | cancelled: nothing stays charged
//	other        | any                          | unknown
func verdict(biz fields) (payment.Outcome, payment.Code, error) {
	s, code := sentence.Parse(biz["trans_error_msg"]), sentence.BareCode(biz["trans_error_code"])
	switch states[biz["trans_status"]] {
	case waiting, processing:
		return payment.Pending, payment.CodePending, nil
	case closed:
		outcome, why := refusal(code, s)
		return outcome, why, nil
	case done:
		if code != "" && code != "0" {
			return "", "", payment.Errorf(payment.CodeBadAnswer, "paid, and an error %s at once", payment.Mask(code))
		}
		return payment.Approved, "", nil
	case reversed:
		return payment.Cancelled, payment.CodeReversed, nil
	}
	return "", "", payment.Errorf(payment.CodeUnknownStatus, "the status is %q", payment.Mask(biz["trans_status"]))
}

// refusal is what a closed order says of its reason.
func refusal(code string, s sentence.Sentence) (payment.Outcome, payment.Code) {
	for _, c := range []string{s.Code, code} {
		if why, ok := doubtful[c]; ok {
			return payment.Pending, why
		}
	}
	for _, c := range []string{s.Code, code} {
		switch why := reasons[c]; why {
		case "":
		case payment.CodeCancelledThere:
			return payment.Cancelled, why
		case payment.CodeExpired:
			return payment.Expired, why
		default:
			return payment.Declined, why
		}
		if f := failures[c]; f.effect == refused {
			return payment.Declined, f.code
		}
	}
	if code == "" && s == (sentence.Sentence{}) {
		return payment.Cancelled, payment.CodeCancelledThere
	}
	return payment.Declined, payment.CodeDeclined
}

var entryModes = map[string]string{"1": "stripe", "2": "chip", "3": "contactless", "4": "keyed"} // §6.2

// result reads what an answer says of an order. The order is asked only how its
// own sum was put into the words of this protocol; whether it all fits is for
// the till to say.
func result(o payment.Order, biz fields, raw string) (payment.Result, error) {
	outcome, code, err := verdict(biz)
	if err != nil {
		return payment.Result{}, err
	}
	operation, known := operations[biz["trans_type"]]
	if !known && biz["trans_type"] != "" {
		return payment.Result{}, payment.Errorf(payment.CodeBadAnswer, "a transaction of type %q", payment.Mask(biz["trans_type"]))
	}
	f, err := facts(biz, o.Asked.Currency())
	if err != nil {
		return payment.Result{}, payment.Errorf(payment.CodeBadAnswer, "an answer that cannot be read: %w", err)
	}
	if outcome == payment.Approved && (!f.Amounts.Amount.Known() || biz["merchant_order_no"] == "") {
		return payment.Result{}, payment.Errorf(payment.CodeBadAnswer, "an approval that does not say of what")
	}
	if o.Operation == payment.Refund {
		f.Amounts = split(f.Amounts, o.Asked)
	}
	s := sentence.Parse(biz["trans_error_msg"])
	return payment.Result{
		Outcome: outcome, Number: biz["merchant_order_no"], Operation: operation, Facts: f,
		Code: code, Text: s.Words(), Raw: raw,
	}, nil
}

// split undoes what compose does to a refund that gives back some of a tip: it
// is one sum over this protocol.
func split(said, asked payment.Amounts) payment.Amounts {
	if asked.Tip.IsPositive() && !said.Tip.IsPositive() && said.Amount.Equal(asked.Total()) {
		said.Amount, said.Tip = asked.Amount, asked.Tip
	}
	return said
}

// facts reads what an answer says about money that moved (§6.2). c is the
// currency where it names none.
func facts(b fields, c payment.Currency) (payment.Facts, error) {
	if said := b["price_currency"]; said != "" {
		var err error
		if c, err = payment.ParseCurrency(said); err != nil {
			return payment.Facts{}, err
		}
	}
	f := payment.Facts{
		Brand: payment.Mask(b["pay_method_id"]), EntryMode: entryModes[b["entry_model"]],
		AuthCode: payment.Mask(first(b["auth_no"], b["auth_code"])), Reference: payment.Mask(b["trans_no"]), Trace: payment.Mask(b["ref_no"]),
	}
	if strings.Trim(b["pay_user_account_id"], "0123456789*xX ") == "" {
		f.Card = payment.LastFour(b["pay_user_account_id"]) // a wallet has an account in its place
	}
	if at := b["trans_end_time"]; at != "" {
		f.TerminalTime = payment.Mask(at) + " UTC" // §6.2; the text names no zone
	}
	sums := map[string]payment.Amount{}
	for _, name := range []string{"order_amount", "tip_amount", "cashback_amount", "trans_fee_c", "trans_amount", "paid_amount", "discount_bmopc", "discount_bpc"} {
		if b[name] == "" {
			continue
		}
		a, err := wire.Amount(b[name], c)
		if err != nil {
			return payment.Facts{}, fmt.Errorf("%s: %w", name, err)
		}
		sums[name] = a
	}
	f.Amounts = payment.Amounts{
		Amount: sums["order_amount"], Tip: sums["tip_amount"], Cashback: sums["cashback_amount"],
	}
	if sums["trans_fee_c"].IsPositive() {
		f.Amounts.Surcharge = sums["trans_fee_c"]
	}
	if states[b["trans_status"]] == done {
		f.Amounts.Amount = moved(f.Amounts, sums)
	}
	return f, nil
}

// moved is the price as the totals of the answer have it: where they do not add
// up to the parts, it is what is left of the total, so that a sum that was not
// asked for shows.
func moved(parts payment.Amounts, sums map[string]payment.Amount) payment.Amount {
	amount := parts.Amount
	if !amount.Known() {
		return amount
	}
	base := amount.Add(parts.Tip).Add(parts.Cashback)
	discounts := sums["discount_bmopc"].Add(sums["discount_bpc"])
	for _, name := range []string{"trans_amount", "paid_amount"} {
		total := sums[name]
		fits := !total.Known()
		for _, fee := range []payment.Amount{{}, parts.Surcharge} {
			for _, discount := range []payment.Amount{{}, sums["discount_bmopc"], sums["discount_bpc"], discounts} {
				fits = fits || base.Add(fee).Sub(discount).Equal(total)
			}
		}
		if rest := total.Sub(parts.Tip).Sub(parts.Cashback); !fits && !rest.Less(payment.FromMinor(0, amount.Currency())) {
			return rest
		}
	}
	return amount
}

func first(texts ...string) string {
	for _, text := range texts {
		if text != "" {
			return text
		}
	}
	return ""
}
