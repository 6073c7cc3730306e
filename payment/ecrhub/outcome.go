package ecrhub

import (
	"strings"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/sentence"
)

// The response codes that mean more than "failed" (§8.1).
const (
	codeCancelled = "110"
	codeParameter = "202"
)

// success reports whether a response code is one of the two seen for success.
func success(code string) bool { return code == "000" || code == "0" }

// doubtful are codes and detail codes that say nothing about the money (§8.1,
// §8.3): the order has to be asked after.
var doubtful = map[string]payment.Code{
	"109":    payment.CodeLinkLost,
	"112":    payment.CodeTerminalTimeout,
	"200":    payment.CodeBadAnswer,
	"950":    payment.CodeHostFault,
	"E04112": payment.CodeNumberRepeated,
}

// reasons are the detail codes of gateways and processors (§8.3).
var reasons = sentence.Table(map[payment.Code]string{
	payment.CodeCancelledThere:    "K026",
	payment.CodeBadParameter:      "M003",
	payment.CodeWrongAppID:        "M009",
	payment.CodeOriginalNotFound:  "M010 ET002 ET003 E04110 E04111",
	payment.CodeBatchClosed:       "ET007 ET008 CF008 D0004 D0090 E8908 E8909 414 902 942",
	payment.CodeBatchOpen:         "D0005 D0091",
	payment.CodeHostRefusedRefund: "E04126 E04130 E04132 E1502",
	payment.CodeAlreadyReversed:   "334 772 774",
	payment.CodeWrongCard:         "D0094",
	payment.CodeInsufficientFunds: "D2012",
})

// doubt returns the reason why a failure proves nothing, or "". Its text is taken
// apart as §8.2 says.
func doubt(code string, s sentence.Sentence) payment.Code {
	for _, c := range []string{code, s.Code} {
		if reason, ok := doubtful[c]; ok {
			return reason
		}
	}
	if strings.HasPrefix(s.Code, "SYS") || strings.HasPrefix(s.Code, "E07") {
		return payment.CodeHostFault
	}
	text := strings.ToLower(s.General + " " + s.Detail)
	for _, word := range []string{"timeout", "time out", "time-out", "timed out"} {
		if strings.Contains(text, word) {
			return payment.CodeHostTimeout
		}
	}
	return ""
}

// verdict sorts the reply to an order (§8.4):
//
//	code    | status         | then
//	--------+----------------+-----------------------------------------------
//	success | none, 2, 4     | approved, if the reply names its order, else unknown
//	success | 0, 9           | pending: unknown, ask
//	success | 1, 3           | contradiction: unknown
//	failure | none, 1, 3     | the word of the failure; doubtful ones: unknown
//	failure | 0, 9, 2, 4     | unknown
//	none    | any            | unknown
//
// An error is an unknown outcome. withdrawn says that we asked for the order to
// be withdrawn.
func verdict(r response, withdrawn bool) (payment.Outcome, payment.Code, error) {
	s, status := sentence.Parse(r.text), r.biz["trans_status"]
	switch {
	case success(r.code) && r.number() == "" && (status == "" || r.requestID == ""):
		return "", "", unclear(payment.CodeBadAnswer, s, "an approval of an order it does not name")
	case success(r.code) && (status == "" || moved(status)):
		return payment.Approved, "", nil
	case success(r.code) && pending(status):
		return "", "", unclear(payment.CodePending, s, "not final yet")
	case r.code == "" || success(r.code) || (status != "" && status != "1" && status != "3"):
		if why := doubt(r.code, s); why != "" {
			return "", "", unclear(why, s, "response code "+r.code)
		}
		return "", "", unclear(payment.CodeBadAnswer, s, "response code "+r.code+" with status "+status)
	}
	if why := doubt(r.code, s); why != "" {
		return "", "", unclear(why, s, "response code "+r.code)
	}
	outcome, code := refusal(r.code, s, withdrawn)
	return outcome, code, nil
}

// queryVerdict sorts the reply to a query, by status rather than by code (§10.4,
// §11.6). Pending and NotFound are answers, too.
func queryVerdict(r response) (payment.Outcome, payment.Code, error) {
	s, status := sentence.Parse(r.text), r.biz["trans_status"]
	switch {
	case moved(status) && r.code != "" && !success(r.code):
		return "", "", unclear(payment.CodeBadAnswer, s, "response code "+r.code+" with status "+status)
	case moved(status):
		return payment.Approved, "", nil
	case pending(status):
		return payment.Pending, payment.CodePending, nil
	case status == "3":
		return payment.Cancelled, payment.CodeCancelledThere, nil
	case status == "1":
		return payment.Declined, payment.CodeDeclined, nil
	case status == "" && !success(r.code) && reasons[s.Code] == payment.CodeOriginalNotFound:
		return payment.NotFound, payment.CodeNotFound, nil
	case status == "" && reasons[s.Code] == payment.CodeWrongAppID:
		return "", "", unclear(payment.CodeWrongAppID, s, "the query was refused")
	}
	why := doubt(r.code, s)
	if why == "" {
		why = payment.CodeBadAnswer
	}
	return "", "", unclear(why, s, "response code "+r.code+" with status "+status)
}

// refusal is the outcome of a failure that proves that no money moved.
func refusal(code string, s sentence.Sentence, withdrawn bool) (payment.Outcome, payment.Code) {
	reason := reasons[s.Code]
	switch {
	case withdrawn && (code == codeCancelled || reason == payment.CodeCancelledThere):
		return payment.Cancelled, payment.CodeWithdrawn
	case code == codeCancelled || reason == payment.CodeCancelledThere:
		return payment.Cancelled, payment.CodeCancelledThere
	case reason == payment.CodeWrongAppID || reason == payment.CodeBadParameter:
		return payment.Refused, reason
	case reason != "":
		return payment.Declined, reason
	case code == codeParameter:
		return payment.Refused, payment.CodeBadParameter
	}
	return payment.Declined, payment.CodeDeclined
}

// moved and pending sort a status (§7.2).
func moved(status string) bool   { return status == "2" || status == "4" }
func pending(status string) bool { return status == "0" || status == "9" }

func unclear(code payment.Code, s sentence.Sentence, what string) error {
	if words := s.Words(); words != "" {
		what += " (" + words + ")"
	}
	return payment.Errorf(code, "ecrhub: %s", payment.Mask(what))
}
