package comgate

import (
	"bytes"
	"net/http"
	"slices"
	"strings"

	"tillkeeper/payment"
)

// reasons are words in a terminal's texts that say why something was turned down.
// The codes of the protocol are not public (A.7), so this is all there is to go by;
// it only chooses the sentence, never whether money moved.
var reasons = []struct {
	code  payment.Code
	words []string
}{
	{payment.CodeBusy, []string{"busy"}},
	{payment.CodeNotEnabled, []string{"not enabled", "not supported", "not permitted"}},
	{payment.CodeBatchClosed, []string{"batch closed", "already closed", "after closing"}},
	{payment.CodeAlreadyReversed, []string{"already reversed", "already cancelled", "already voided"}},
	{payment.CodeOriginalNotFound, []string{"not found", "unknown transaction", "original"}},
}

func reasonOf(text string) payment.Code {
	text = strings.ToLower(text)
	for _, r := range reasons {
		if slices.ContainsFunc(r.words, func(w string) bool { return strings.Contains(text, w) }) {
			return r.code
		}
	}
	return ""
}

// passwordWords are how a body may mention the password (A.7).
var passwordWords = []string{"password", "securestring", "secure string", "heslo"}

// mentionsPassword reports whether a text of the object speaks of the password.
func (f fields) mentionsPassword() bool {
	for name := range f {
		text := strings.ToLower(f.text(name))
		if slices.ContainsFunc(passwordWords, func(w string) bool { return strings.Contains(text, w) }) {
			return true
		}
	}
	return false
}

// trouble sorts what is no answer to what was asked (A.7), "" for a good one:
//
//	HTTP        | body                     | code
//	------------+--------------------------+---------------
//	401, 403    | any                      | wrong-password
//	2xx or 4xx  | JSON on the password     | wrong-password
//	404         | any                      | wrong-path
//	2xx         | no JSON                  | bad-answer, error-page
//	any other   | JSON                     | host-fault
//	any other   | no JSON                  | error-page
func (a answer) trouble() payment.Code {
	page := bytes.HasPrefix(bytes.TrimSpace(a.body), []byte("<"))
	switch {
	case a.status == http.StatusUnauthorized || a.status == http.StatusForbidden:
		return payment.CodeWrongPassword
	case (a.status/100 == 2 || a.status/100 == 4) && a.fields.mentionsPassword():
		return payment.CodeWrongPassword
	case a.status == http.StatusNotFound:
		return payment.CodeWrongPath
	case a.good():
		return ""
	case a.status/100 == 2 && !page:
		return payment.CodeBadAnswer
	case a.fields != nil:
		return payment.CodeHostFault
	}
	return payment.CodeErrorPage
}

// text is the sentence of an answer that tells of a state or a reason.
func (a answer) text() string {
	for _, name := range []string{"status", "responseMessage", "message", "error"} {
		if text := a.fields.text(name); text != "" {
			return text
		}
	}
	return http.StatusText(a.status)
}

// begun sorts the answer to a start call (A.4.3, A.7):
//
//	answer                           | then
//	---------------------------------+---------------------------------
//	isStarted true                   | it runs: ask for its status
//	isStarted false                  | refused
//	about another transactionId      | unknown
//	a repeated transactionId         | unknown: the first one may run
//	wrong-password, wrong-path       | refused
//	anything else                    | unknown
//
// refusal is nil for an order that runs; an error is an unknown outcome.
func (s settings) begun(o payment.Order, a answer) (refusal *payment.Result, err error) {
	text := s.words(a.text())
	id := a.fields.text("transactionId")
	started, said := a.fields.truth("isStarted")
	why := a.trouble()
	switch {
	case id != "" && id != o.Number:
		return nil, payment.Errorf(payment.CodeWrongOrder, "comgate: the terminal answers about order %s", s.words(id))
	case strings.Contains(strings.ToLower(text), "duplic"):
		return nil, payment.Errorf(payment.CodeNumberRepeated, "comgate: %s", text)
	case a.good() && said && started:
		return nil, nil
	case why == payment.CodeWrongPassword || why == payment.CodeWrongPath:
		return s.refused(o, a, why, text), nil
	case why != "":
		return nil, payment.Errorf(why, "comgate: HTTP %d to a %s: %s", a.status, o.Operation, text)
	case !said:
		return nil, payment.Errorf(payment.CodeBadAnswer, "comgate: the terminal does not say whether it has started")
	}
	why = reasonOf(text)
	switch {
	case why != "":
	case o.Operation == payment.Refund, o.Operation == payment.PreAuth, o.Operation == payment.Completion:
		why = payment.CodeNotEnabled // for selected merchants only (A.4.9, A.4.11)
	default:
		why = payment.CodeBadParameter
	}
	return s.refused(o, a, why, text), nil
}

// refused is an order turned down before any card was asked for.
func (s settings) refused(o payment.Order, a answer, why payment.Code, text string) *payment.Result {
	return &payment.Result{
		Outcome: payment.Refused, Number: s.number(o, a.fields), Code: why, Text: text, Raw: s.record(a.body),
	}
}

// verdict sorts a result (A.4.5, A.7):
//
//	responseCode           | isReversed | then
//	-----------------------+------------+-----------------------------------
//	none                   | any        | unknown
//	one of result_ok_codes | true       | cancelled: the terminal took it back
//	one of result_ok_codes | else       | approved
//	any other, "busy"      | any        | refused
//	any other, cancelled   | any        | cancelled
//	any other              | any        | declined
//
// A reversal whose result says "reversed" has done what it should. withdrawn says
// that we asked for the order to be withdrawn.
func (s settings) verdict(op payment.Operation, f fields, withdrawn bool) (payment.Outcome, payment.Code, error) {
	code, message := f.text("responseCode"), f.text("responseMessage")
	reversed, _ := f.truth("isReversed")
	reason := reasonOf(message)
	switch {
	case code == "":
		return "", "", payment.Errorf(payment.CodeBadAnswer, "comgate: finished, but without a response code")
	case among(s.okCodes, code) && reversed && op != payment.Void:
		return payment.Cancelled, payment.CodeReversed, nil
	case among(s.okCodes, code):
		return payment.Approved, "", nil
	case reason == payment.CodeBusy:
		return payment.Refused, payment.CodeBusy, nil
	case withdrawn:
		return payment.Cancelled, payment.CodeWithdrawn, nil
	case among(s.cancelledCodes, code):
		return payment.Cancelled, payment.CodeCancelledThere, nil
	case reason != "" && op != payment.Sale:
		return payment.Declined, reason, nil
	}
	return payment.Declined, payment.CodeDeclined, nil
}

// inDoubt is a code that says nothing was sent, as one that can be said of an order
// that may have been taken.
func inDoubt(code payment.Code) payment.Code {
	switch {
	case code == payment.CodeNotReached || code == payment.CodeWithdrawn:
		return payment.CodeLinkLost
	case code.Class() != payment.InDoubt:
		return payment.CodeBadAnswer
	}
	return code
}
