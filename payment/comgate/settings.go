package comgate

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/setting"
)

// secretPassword is the one secret, and the setting in whose place it is given.
const secretPassword = "secure_string"

// publicPassword is the published one (A.1).
const publicPassword = "27924505"

// settings are a terminal's settings, read.
type settings struct {
	currency         payment.Currency
	currencyCode     string // three digits
	currencyAsString bool
	password         string
	company          *string // daughterCompanyId; nil is not sent
	paths            map[string]string

	finished, cancelable, unknown []string
	okCodes, cancelledCodes       []string
	types                         map[payment.Operation][]string

	poll, transaction, closing, grace time.Duration
	connect, request                  time.Duration
	confirm                           confirmMode
	confirmRetries                    int

	tipField string
	refund   bool
	invoice  bool
}

// confirmMode is when the terminal hears that the till has an outcome (A.4.6).
type confirmMode string

const (
	confirmAfter  confirmMode = "after_result"
	confirmBefore confirmMode = "before_result"
	confirmOff    confirmMode = "off"
)

// The names of the endpoints (A.2): the first ten have their own word as default.
var (
	pathNames         = strings.Fields("info terminal payment refund reverse closing status result confirm cancel")
	optionalPathNames = strings.Fields("preauth preauth_complete preauth_cancel moto print")
)

var (
	pathForm  = regexp.MustCompile(`^[0-9A-Za-z._~-]+(/[0-9A-Za-z._~-]+)*$`)
	codeForm  = regexp.MustCompile(`^[0-9]{3}$`)
	fieldForm = regexp.MustCompile(`^[A-Za-z_][0-9A-Za-z_]{0,63}$`)
)

// Settings explains the settings of a terminal of this protocol.
func Settings() []payment.Setting {
	return slices.Concat(moneySettings(), pathSettings(), wordSettings(), timeSettings())
}

func moneySettings() []payment.Setting {
	return []payment.Setting{
		{Key: payment.SettingCurrency, Default: "CZK", Check: setting.Currency,
			Help: "Currency the terminal charges in, as an ISO 4217 code."},
		{Key: "currency_code", Default: "", Check: setting.Optional(setting.Matches(codeForm, "three digits")),
			Help: "Number sent for the currency; empty is its ISO 4217 number, such as 203 for CZK and 978 for EUR."},
		{Key: "currency_as_string", Default: "false", Check: setting.OnOff,
			Help: "Whether the currency's number is sent as text."},
		{Key: secretPassword, Default: publicPassword, Check: nil,
			Help: "Password of the terminal; the one that Comgate publishes unless it was changed."},
		{Key: "daughter_company_id", Default: "",
			Help: `Company whose payments these are, on a terminal that several share; "" in quotes sends an empty one.`},
		{Key: "tip_field_name", Default: "", Check: setting.Optional(setting.Matches(fieldForm, "the name of a field")),
			Help: "Field of a payment that holds a tip; empty if tips are not taken."},
		{Key: "refund", Default: "off", Check: setting.OnOff,
			Help: "Whether Comgate has enabled refunds for this terminal."},
		{Key: "invoice_number", Default: "off", Check: setting.OneOf("off", "digits"),
			Help: "What is sent as the variable symbol: off is nothing, digits is the digits of the order number."},
	}
}

func pathSettings() (all []payment.Setting) {
	for _, name := range pathNames {
		all = append(all, payment.Setting{
			Key: "path." + name, Default: name, Check: setting.Optional(setting.Matches(pathForm, "a path")),
			Help: "Path of the call " + name + " below the address.",
		})
	}
	for _, name := range optionalPathNames {
		help := "Path of the call " + name + "; empty if the terminal has none."
		if name == "moto" || name == "print" {
			help = "Path of the call " + name + ", for the record: this till does not use it."
		}
		all = append(all, payment.Setting{
			Key: "path." + name, Default: "", Check: setting.Optional(setting.Matches(pathForm, "a path")), Help: help,
		})
	}
	return all
}

func wordSettings() []payment.Setting {
	words := func(key, standard, help string) payment.Setting {
		return payment.Setting{Key: key, Default: standard, Help: help}
	}
	return []payment.Setting{
		words("status.finished", "Finished", "Status texts that say that there is a result, divided by commas."),
		words("status.cancelable", "WaitForCard,WaitForPin", "Status texts at which a payment can still be cancelled."),
		words("status.unknown", "Unknown", "Status texts for an order that the terminal does not know."),
		words("result_ok_codes", "OK", "Response codes that say that an order was approved; everything else was not charged."),
		words("result_cancelled_codes", "CANCELLED,CANCELED", "Response codes that say that the customer or staff cancelled."),
		words("type.payment", "Payment,Sale,Purchase,Moto", "Transaction types that a payment may have in its result; - does not compare."),
		words("type.refund", "Refund,Return", "Transaction types that a refund may have; - does not compare."),
		words("type.reverse", "Reversal,Reverse,Void", "Transaction types that a reversal may have; - does not compare."),
		words("type.preauth", "Preauth,Preauthorization", "Transaction types that a pre-authorisation may have; - does not compare."),
		words("type.preauth_complete", "PreauthComplete,Completion", "Transaction types that a completion may have; - does not compare."),
	}
}

func timeSettings() []payment.Setting {
	number := func(key, standard string, low, high int, help string) payment.Setting {
		return payment.Setting{Key: key, Default: standard, Check: setting.Number(low, high), Help: help}
	}
	return []payment.Setting{
		number("poll_interval_ms", "1000", 100, 60_000, "Milliseconds between two questions about a running order."),
		number("transaction_timeout_s", "180", 10, 3600, "Seconds after which a running order counts as unknown."),
		number("closing_timeout_s", "300", 10, 3600, "Seconds after which a running batch close counts as unknown."),
		number("connect_timeout_ms", "3000", 100, 60_000, "Milliseconds that a connection to the terminal may take."),
		number("request_timeout_ms", "10000", 500, 120_000, "Milliseconds that the terminal may take for one answer."),
		number("cancel_grace_s", "10", 1, 30, "Seconds that a cancelled order may take for its last word."),
		{Key: "confirm_mode", Default: string(confirmAfter), Check: setting.OneOf(string(confirmAfter), string(confirmBefore), string(confirmOff)),
			Help: "When the terminal hears that the till has an outcome: after_result, before_result or off."},
		number("confirm_retries", "5", 1, 60, "How often that is tried, a second apart."),
	}
}

// Secrets explains the secrets of a terminal of this protocol.
func Secrets() []payment.Setting {
	return []payment.Setting{{Key: secretPassword,
		Help: "Password of the terminal, if it is not the published one; it comes before the setting. It may be left out."}}
}

// readSettings reads the settings of t; secret is the password given apart, or "".
func readSettings(t payment.Terminal, secret string) (settings, error) {
	v, err := setting.Read(Protocol(), t)
	if err != nil {
		return settings{}, err
	}
	s := settings{
		currency: v.Currency(), currencyAsString: v.Truth("currency_as_string"), currencyCode: v["currency_code"],
		password: v[secretPassword], paths: map[string]string{},
		finished: list(v["status.finished"]), cancelable: list(v["status.cancelable"]), unknown: list(v["status.unknown"]),
		okCodes: list(v["result_ok_codes"]), cancelledCodes: list(v["result_cancelled_codes"]),
		types: map[payment.Operation][]string{
			payment.Sale: list(v["type.payment"]), payment.Refund: list(v["type.refund"]), payment.Void: list(v["type.reverse"]),
			payment.PreAuth: list(v["type.preauth"]), payment.Completion: list(v["type.preauth_complete"]),
		},
		poll: v.Milliseconds("poll_interval_ms"), connect: v.Milliseconds("connect_timeout_ms"),
		request: v.Milliseconds("request_timeout_ms"), transaction: v.Seconds("transaction_timeout_s"),
		closing: v.Seconds("closing_timeout_s"), grace: v.Seconds("cancel_grace_s"),
		confirm: confirmMode(v["confirm_mode"]), confirmRetries: v.Number("confirm_retries"),
		tipField: v["tip_field_name"], refund: v.Truth("refund"), invoice: v["invoice_number"] == "digits",
	}
	if secret != "" {
		s.password = secret
	}
	if company := v["daughter_company_id"]; company != "" {
		company = strings.Trim(company, `"`)
		s.company = &company
	}
	for _, name := range append(pathNames, optionalPathNames...) {
		s.paths[name] = v["path."+name]
	}
	return s, s.numberCurrency()
}

// numberCurrency makes currency and number fit. A number that is another currency's
// would let every amount be of the wrong one.
func (s *settings) numberCurrency() error {
	if s.currencyCode == "" {
		s.currencyCode = numericOf(s.currency)
	}
	if other, known := currencyOf(s.currencyCode); known && other != s.currency {
		return payment.Errorf(payment.CodeBadSetting, "currency_code: %s is %s, but the setting currency is %s", s.currencyCode, other, s.currency)
	}
	return nil
}

// list divides a setting at its commas; "-" is an empty list.
func list(value string) []string {
	return slices.DeleteFunc(setting.List(value), func(word string) bool { return word == "-" })
}

// among reports whether a word is in a list, in any case.
func among(words []string, word string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, strings.TrimSpace(word)) })
}
