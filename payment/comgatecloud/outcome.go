package comgatecloud

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"tillkeeper/payment"
)

// The codes that mean more than "failed" (B.5). No other value decides anything.
const (
	codeOK         = "0"
	codeMerchant   = "1301"
	codeUnexpected = "1500"
)

// The statuses of a payment or refund (B.3).
const (
	statusPending   = "PENDING"
	statusPaid      = "PAID"
	statusCancelled = "CANCELLED"
	statusError     = "ERROR"
)

// The statuses of the terminal (B.3); UNKNOWN and any other keep nobody from trying.
const (
	terminalOffline = "OFFLINE"
	terminalBusy    = "BUSY"
)

// allowList is what else looks like a wrong password (B.1).
const allowList = "merchant or secret is wrong, or this address is not on the portal's list of allowed IP addresses"

// statusText is the status in an answer, in capitals.
func (r reply) statusText() string { return strings.ToUpper(strings.TrimSpace(r.fields["status"])) }

// denied reports whether the login was turned down (B.1).
func (r reply) denied() bool {
	return (r.status == http.StatusUnauthorized || r.status == http.StatusForbidden) && r.fields["code"] != codeOK
}

// failure says why an answer says nothing about an order. Codes that are about the
// server's own troubles prove nothing.
func (r reply) failure(what string) *payment.Error {
	switch {
	case r.denied():
		return payment.Errorf(payment.CodeWrongPassword, "%s: %s: HTTP %d: %s", name, what, r.status, allowList)
	case r.object == nil && (r.page || r.status/100 != 2):
		return payment.Errorf(payment.CodeErrorPage, "%s: %s: HTTP %d in place of an answer", name, what, r.status)
	case r.object == nil:
		return payment.Errorf(payment.CodeBadAnswer, "%s: %s: the answer is no JSON object", name, what)
	case r.code() == codeOK:
		return payment.Errorf(payment.CodeBadAnswer, "%s: %s: code 0 with HTTP %d", name, what, r.status)
	}
	return payment.Errorf(payment.CodeHostFault, "%s: %s: %s", name, what, r.sentence())
}

// sentence is code and message, as B.5 wants them shown.
func (r reply) sentence() string {
	return words(r.code() + ": " + r.fields["message"])
}

// inDoubt makes e an error that leaves an order unknown: its code must not sound as
// if nothing had been sent.
func inDoubt(e *payment.Error) *payment.Error {
	if e.Code.Class() != payment.InDoubt {
		return payment.Errorf(payment.CodeHostFault, "%w", e)
	}
	return e
}

// turnedDown reports whether an answer to a POST or DELETE proves that the request
// was turned down before any card was asked for, and why. An answer that names a
// transId proves the opposite.
func (s settings) turnedDown(r reply) (payment.Code, string, bool) {
	switch {
	case r.fields["transId"] != "":
		return "", "", false
	case r.denied():
		return payment.CodeWrongPassword, allowList, true
	case r.object == nil || r.status/100 != 2 && r.status/100 != 4 || !slices.Contains(s.refused, r.fields["code"]):
		return "", "", false
	case r.code() == codeMerchant:
		return payment.CodeWrongMerchant, r.sentence(), true
	}
	return payment.CodeBadParameter, r.sentence(), true
}

// verdict sorts a status object (B.3). transID is the number that was asked with.
//
//	HTTP 404            not found
//	code other than 0   unknown
//	PENDING             pending
//	PAID                approved; if reversed, cancelled: the terminal took it back
//	CANCELLED           by its reason: declined, expired, else cancelled
//	ERROR               unknown
//	any other           of a refund: done, as far as refund_done says so; else unknown
//
// Of a void, only "reversed" of the payment proves anything: the request may be under
// way, lost or turned down.
func (s settings) verdict(op payment.Operation, transID string, r reply) (payment.Outcome, payment.Code, error) {
	if r.status == http.StatusNotFound {
		return payment.NotFound, payment.CodeNotFound, nil
	}
	if err := r.usable(transID); err != nil {
		return "", "", err
	}
	status, reversed := r.statusText(), r.fields["reversed"] == "true"
	switch {
	case op == payment.Void && reversed:
		return payment.Approved, "", nil
	case op == payment.Void:
		return payment.NotFound, payment.CodeNotFound, nil
	case status == statusPending && !reversed:
		return payment.Pending, payment.CodePending, nil
	case status == statusCancelled:
		outcome, code := s.cancelled(r.fields["paymentErrorReason"])
		return outcome, code, nil
	case status == statusError:
		return "", "", s.technical(r)
	case s.done(op, status) && reversed:
		return payment.Cancelled, payment.CodeReversed, nil
	case s.done(op, status):
		return payment.Approved, "", nil
	}
	return "", "", payment.Errorf(payment.CodeUnknownStatus, "%s: status %q", name, words(status))
}

// usable returns why a status object cannot be read for the order with transID.
func (r reply) usable(transID string) error {
	if !r.ok() {
		return r.failure("status")
	}
	if said := r.fields["transId"]; said != "" && said != transID {
		return payment.Errorf(payment.CodeWrongOrder, "%s: the answer is about another transaction", name)
	}
	if r.statusText() == "" {
		return payment.Errorf(payment.CodeBadAnswer, "%s: an answer without a status", name)
	}
	return nil
}

// done reports whether a status says that the money moved.
func (s settings) done(op payment.Operation, status string) bool {
	if op == payment.Refund && status != statusPending {
		return slices.Contains(s.refundDone, "*") || slices.Contains(s.refundDone, status)
	}
	return status == statusPaid
}

// cancelled is the outcome of CANCELLED: nothing was charged, whatever the reason.
func (s settings) cancelled(reason string) (payment.Outcome, payment.Code) {
	switch {
	case holds(reason, s.expired):
		return payment.Expired, payment.CodeExpired
	case holds(reason, s.declined):
		return payment.Declined, payment.CodeDeclined
	}
	return payment.Cancelled, payment.CodeCancelledThere
}

// errTechnical tells the status ERROR from troubles on the way.
var errTechnical = errors.New("status ERROR")

// technical is the doubt of the status ERROR: somebody has to look at the terminal.
func (s settings) technical(r reply) error {
	code, reason := payment.CodeHostFault, r.fields["paymentErrorReason"]
	if holds(reason, s.expired) {
		code = payment.CodeTerminalTimeout
	}
	return payment.Errorf(code, "%s: %w: look at the terminal: %s", name, errTechnical, words(reason))
}
