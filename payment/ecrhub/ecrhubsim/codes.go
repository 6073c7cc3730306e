package ecrhubsim

// The response codes the terminal answers with (§8.1).
const (
	codeSuccess   = "000"
	codeFailed    = "106"
	codeCancelled = "110"
	codeTimeout   = "112"
	codeVoid      = "119"
	codeParameter = "202"
)

// refusal is a failure: code and text of the reply (§8.2).
type refusal struct{ code, text string }

func failed(detail, text string) *refusal {
	return &refusal{codeFailed, "Transaction failed[[" + detail + "]" + text + "]"}
}

func badParameter(detail, text string) *refusal {
	return &refusal{codeParameter, "Transaction parameter error[[" + detail + "]" + text + "]"}
}

// What the terminal refuses with, by name (§8.3).
var (
	refuseAmount     = badParameter("M003", "Invalid Amount")
	refuseAppID      = failed("M009", "Invalid application invoke")
	refuseNotFound   = failed("E04111", "Merchant order number is invalid")
	refuseRepeated   = failed("E04112", "Merchant order number repeated")
	refuseLimit      = failed("E04126", "Refund amount exceeds the limit")
	refuseReversed   = failed("772", "Already reversed")
	refuseScenario   = failed("SYS012", "Parameter can not be empty")
	refuseFunds      = failed("TS-D2012", "Insufficient Funds")
	refuseLedger     = failed("950", "Host malfunction")
	refuseVoid       = &refusal{codeVoid, "Transaction failed[[ET008]Reversal not allowed]"}
	refuseByCustomer = &refusal{codeCancelled, "Operator cancellation[[K026]Manual cancelation by operator]"}
	// The three below are invented: real ones are not known (§11.5, §10.8).
	refuseClosed   = &refusal{codeCancelled, "Order closed"}
	refuseTooLate  = failed("SIM01", "Order can not be closed")
	refuseBusy     = failed("SIM02", "Terminal is busy")
	refuseTimeout  = &refusal{codeTimeout, "Transaction timeout"}
	refuseUnknown  = badParameter("SIM03", "Unknown topic")
	refuseType     = badParameter("SIM04", "Transaction type not supported")
	refuseMissing  = badParameter("SIM05", "Mandatory parameter missing")
	refuseNumber   = badParameter("SIM06", "Merchant order number is malformed")
	refuseCurrency = badParameter("SIM07", "Currency not supported")
)
