package comgatecloud

import (
	"regexp"

	"tillkeeper/payment"
)

// The methods of B.2, below the base.
const (
	pathPayment  = "terminalPayment"
	pathRefund   = "terminalRefund"
	pathClosing  = "terminalClosing.json"
	pathTerminal = "terminal.json"
)

// headerOrder carries the number of a void, which has no place in the protocol, for
// whoever reads the server's log. Nothing depends on it.
const headerOrder = "X-Request-Id"

// methodOf is which method carries an operation.
var methodOf = map[payment.Operation]string{
	payment.Sale: pathPayment, payment.Refund: pathRefund, payment.Void: pathPayment,
}

// order asks for a payment or refund. Price is in minor units.
type order struct {
	Price int64  `json:"price"`
	Curr  string `json:"curr"`
	RefID string `json:"refId"`
}

// about is the path of the calls about one payment or refund.
func about(method, transID string) string { return method + "/transId/" + transID + ".json" }

// transIDForm is what a transId may consist of, so that it can stand in a path.
var transIDForm = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z._~-]{0,63}$`)

// reply is what the server says, read with all tolerance.
type reply struct {
	status int // HTTP
	// object is the answer's JSON object, nil where it is none; fields are its plain
	// members as text.
	object map[string]any
	fields map[string]string
	// page: the answer looks like a page for people.
	page bool
	// raw is fit for journals and logs.
	raw string
}

// code is the code of the answer; a missing one counts as 1500 (B.5).
func (r reply) code() string {
	if code := r.fields["code"]; code != "" {
		return code
	}
	return codeUnexpected
}

// ok reports whether the answer is one that says something.
func (r reply) ok() bool {
	return r.object != nil && r.status/100 == 2 && r.code() == codeOK
}

// transID is the number that the answer names, "" where it names none that can be
// asked with.
func (r reply) transID() string {
	if id := r.fields["transId"]; transIDForm.MatchString(id) {
		return id
	}
	return ""
}
