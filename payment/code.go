package payment

import "slices"

// Code is a stable word for why something is as it is. Programs decide on codes,
// never on sentences; gui/message holds the words for people.
type Code string

// Class sorts codes by what they mean for the money.
type Class int

// The classes of codes.
const (
	// Internal: a defect or an unexpected failure.
	Internal Class = iota
	// BadInput: what was asked for is wrong; nothing was sent.
	BadInput
	// RuleRefusal: a rule of the till forbids it; nothing was sent.
	RuleRefusal
	// NothingSent: not sent, or turned down before any card was asked for.
	NothingSent
	// NoMoney: the terminal or host said no; nothing was charged.
	NoMoney
	// InDoubt: it is not known what happened to the money.
	InDoubt
)

// Bad input: nothing was sent.
const (
	CodeBadAmount       Code = "bad-amount"
	CodeTooManyPlaces   Code = "too-many-places"
	CodeNegative        Code = "negative-amount"
	CodeZero            Code = "zero-amount"
	CodeTooLarge        Code = "amount-too-large"
	CodeBadCurrency     Code = "bad-currency"
	CodeBadAddress      Code = "bad-address"
	CodeBadSetting      Code = "bad-setting"
	CodeBadName         Code = "bad-name"
	CodeNameTaken       Code = "name-taken"
	CodeAddressTaken    Code = "address-taken"
	CodeNoTerminal      Code = "no-terminal"
	CodeUnknownTerminal Code = "unknown-terminal"
	CodeUnknownOrder    Code = "unknown-order"
	CodeWrongOperation  Code = "wrong-operation"
	CodeUsage           Code = "usage"
	CodeNewerData       Code = "newer-data"
	CodeDamagedData     Code = "damaged-data"
	CodeReasonMissing   Code = "reason-missing"
	CodeSecretMissing   Code = "secret-missing"
)

// Rules of the till: nothing was sent.
const (
	// CodeOpenUnknown: an order of the same sum on this terminal is unknown.
	CodeOpenUnknown Code = "open-unknown-order"
	// CodeWasPaid: an earlier order of the same sum turned out paid just now.
	CodeWasPaid Code = "earlier-order-was-paid"
	// CodeRefundTooHigh: more than the rest of the original.
	CodeRefundTooHigh Code = "refund-above-rest"
	// CodeNotPaid: the original has no money to take back.
	CodeNotPaid Code = "original-not-paid"
	// CodeAlreadyVoided, CodeAlreadyRefunded: it was taken back before.
	CodeAlreadyVoided   Code = "already-voided"
	CodeAlreadyRefunded Code = "already-refunded"
	// CodeOriginalOpen: what happened to the original is not known yet.
	CodeOriginalOpen Code = "original-open"
	// CodeFollowUpOpen: a void or refund of the original is not settled yet.
	CodeFollowUpOpen Code = "follow-up-open"
	// CodeUnsupported: this terminal cannot, or it is switched off.
	CodeUnsupported Code = "unsupported"
	// CodeNotOpen: there is nothing to decide or withdraw.
	CodeNotOpen Code = "order-not-open"
	// CodeNoQuestion: no signature is to be compared.
	CodeNoQuestion Code = "no-signature-question"
	// CodeVoidAfterClose: the batch of the original is closed.
	CodeVoidAfterClose Code = "void-after-close"
	// CodeAlreadyCompleted: the reserve was taken before; CodeAboveReserve: more than
	// was reserved.
	CodeAlreadyCompleted Code = "already-completed"
	CodeAboveReserve     Code = "above-reserve"
	// CodeOrdersOpen: a batch is not closed over orders that are not settled.
	CodeOrdersOpen Code = "orders-open"
)

// Nothing was sent, or it was turned down before any card was asked for.
const (
	CodeNotReached   Code = "terminal-not-reached"
	CodeBusy         Code = "terminal-busy"
	CodeClosed       Code = "closed"
	CodeCannotRecord Code = "cannot-record"
	CodeWrongAppID   Code = "wrong-app-id"
	CodeBadParameter Code = "bad-parameter"
	// CodeWrongPassword, CodeWrongKey, CodeWrongMerchant, CodeWrongPath: what a
	// technician entered does not fit; the request was turned down for it.
	CodeWrongPassword Code = "wrong-password"
	CodeWrongKey      Code = "wrong-key"
	CodeWrongMerchant Code = "wrong-merchant"
	CodeWrongPath     Code = "wrong-path"
	// CodeCertificate: the server could not prove who it is.
	CodeCertificate Code = "bad-certificate"
	// CodeOffline: the cloud says that the terminal is not connected to it.
	CodeOffline Code = "terminal-offline"
	// CodeSecretsLocked: the key store cannot be read.
	CodeSecretsLocked Code = "secrets-locked"
)

// The terminal or host said no: nothing was charged.
const (
	CodeDeclined          Code = "declined"
	CodeInsufficientFunds Code = "insufficient-funds"
	CodeCancelledThere    Code = "cancelled-on-terminal"
	CodeWithdrawn         Code = "withdrawn"
	CodeExpired           Code = "expired"
	CodeBatchClosed       Code = "batch-closed"
	CodeBatchOpen         Code = "batch-open"
	CodeOriginalNotFound  Code = "original-not-found"
	CodeHostRefusedRefund Code = "refund-refused"
	CodeAlreadyReversed   Code = "already-reversed"
	CodeWrongCard         Code = "wrong-card"
	// CodeNotEnabled: the provider has not enabled the operation for this terminal.
	CodeNotEnabled Code = "not-enabled"
	// CodeReversed: the terminal took the payment back by itself.
	CodeReversed Code = "reversed-by-terminal"
)

// It is not known what happened to the money.
const (
	CodeNoAnswer        Code = "no-answer"
	CodeLinkLost        Code = "link-lost"
	CodeBadAnswer       Code = "bad-answer"
	CodeWrongOrder      Code = "wrong-order"
	CodeWrongAmount     Code = "wrong-amount"
	CodeWrongCurrency   Code = "wrong-currency"
	CodeTerminalTimeout Code = "terminal-timeout"
	CodeHostTimeout     Code = "host-timeout"
	CodeHostFault       Code = "host-fault"
	CodeNumberRepeated  Code = "number-repeated"
	CodeProgramStopped  Code = "program-stopped"
	CodeNotFound        Code = "not-found"
	CodePending         Code = "pending"
	// CodeErrorPage: a page for people in place of an answer.
	CodeErrorPage Code = "error-page"
	// CodeBadSignature: the answer's signature is missing or wrong.
	CodeBadSignature Code = "bad-signature"
	// CodeUnknownStatus: a status that the protocol text does not have.
	CodeUnknownStatus Code = "unknown-status"
	// CodeCannotAsk: there is no way to ask about this order.
	CodeCannotAsk Code = "cannot-be-asked"
	// CodeClockOff: this computer's clock is too far from the gateway's.
	CodeClockOff Code = "clock-off"
	// CodeTotalsWith, CodeTotalsWithout: the totals of the closed batch are those of
	// our orders with this one, or without it.
	CodeTotalsWith    Code = "totals-with"
	CodeTotalsWithout Code = "totals-without"
	// CodeNotRecorded: the terminal spoke, but the disk could not take it down.
	CodeNotRecorded Code = "answer-not-recorded"
)

// CodeInternal is any failure without a code of its own.
const CodeInternal Code = "internal"

// classes lists every code once.
var classes = map[Class][]Code{
	Internal: {CodeInternal},
	BadInput: {CodeBadAmount, CodeTooManyPlaces, CodeNegative, CodeZero, CodeTooLarge, CodeBadCurrency,
		CodeBadAddress, CodeBadSetting, CodeBadName, CodeNameTaken, CodeAddressTaken, CodeNoTerminal,
		CodeUnknownTerminal, CodeUnknownOrder, CodeWrongOperation, CodeUsage, CodeNewerData, CodeDamagedData,
		CodeReasonMissing, CodeSecretMissing},
	RuleRefusal: {CodeOpenUnknown, CodeWasPaid, CodeRefundTooHigh, CodeNotPaid, CodeAlreadyVoided,
		CodeAlreadyRefunded, CodeOriginalOpen, CodeFollowUpOpen, CodeUnsupported, CodeNotOpen,
		CodeNoQuestion, CodeVoidAfterClose, CodeOrdersOpen, CodeAlreadyCompleted, CodeAboveReserve},
	NothingSent: {CodeNotReached, CodeBusy, CodeClosed, CodeCannotRecord, CodeWrongAppID, CodeBadParameter,
		CodeWrongPassword, CodeWrongKey, CodeWrongMerchant, CodeWrongPath, CodeCertificate, CodeOffline,
		CodeSecretsLocked},
	NoMoney: {CodeDeclined, CodeInsufficientFunds, CodeCancelledThere, CodeWithdrawn, CodeExpired,
		CodeBatchClosed, CodeBatchOpen, CodeOriginalNotFound, CodeHostRefusedRefund, CodeAlreadyReversed,
		CodeWrongCard, CodeNotEnabled, CodeReversed},
	InDoubt: {CodeNoAnswer, CodeLinkLost, CodeBadAnswer, CodeWrongOrder, CodeWrongAmount, CodeWrongCurrency,
		CodeTerminalTimeout, CodeHostTimeout, CodeHostFault, CodeNumberRepeated, CodeProgramStopped,
		CodeNotFound, CodePending, CodeNotRecorded, CodeErrorPage, CodeBadSignature, CodeUnknownStatus,
		CodeCannotAsk, CodeClockOff, CodeTotalsWith, CodeTotalsWithout},
}

// Codes returns every code, for tests that walk them all.
func Codes() []Code {
	var all []Code
	for _, codes := range classes {
		all = append(all, codes...)
	}
	return all
}

// Class returns what the code means for the money; unknown codes are Internal.
func (c Code) Class() Class {
	for class, codes := range classes {
		if slices.Contains(codes, c) {
			return class
		}
	}
	return Internal
}
