package comgate

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tillkeeper/payment"
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
		{Key: payment.SettingCurrency, Default: "CZK", Check: checkCurrency,
			Help: "Currency the terminal charges in, as an ISO 4217 code."},
		{Key: "currency_code", Default: "", Check: optional(matches(codeForm, "three digits")),
			Help: "Number sent for the currency; empty is its ISO 4217 number, such as 203 for CZK and 978 for EUR."},
		{Key: "currency_as_string", Default: "false", Check: checkBool,
			Help: "Whether the currency's number is sent as text."},
		{Key: secretPassword, Default: publicPassword, Check: nil,
			Help: "Password of the terminal; the one that Comgate publishes unless it was changed."},
		{Key: "daughter_company_id", Default: "",
			Help: `Company whose payments these are, on a terminal that several share; "" in quotes sends an empty one.`},
		{Key: "tip_field_name", Default: "", Check: optional(matches(fieldForm, "the name of a field")),
			Help: "Field of a payment that holds a tip; empty if tips are not taken."},
		{Key: "refund", Default: "off", Check: checkBool,
			Help: "Whether Comgate has enabled refunds for this terminal."},
		{Key: "invoice_number", Default: "off", Check: oneOf("off", "digits"),
			Help: "What is sent as the variable symbol: off is nothing, digits is the digits of the order number."},
	}
}

func pathSettings() (all []payment.Setting) {
	for _, name := range pathNames {
		all = append(all, payment.Setting{
			Key: "path." + name, Default: name, Check: optional(matches(pathForm, "a path")),
			Help: "Path of the call " + name + " below the address.",
		})
	}
	for _, name := range optionalPathNames {
		help := "Path of the call " + name + "; empty if the terminal has none."
		if name == "moto" || name == "print" {
			help = "Path of the call " + name + ", for the record: this till does not use it."
		}
		all = append(all, payment.Setting{
			Key: "path." + name, Default: "", Check: optional(matches(pathForm, "a path")), Help: help,
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
		return payment.Setting{Key: key, Default: standard, Check: checkNumber(low, high), Help: help}
	}
	return []payment.Setting{
		number("poll_interval_ms", "1000", 100, 60_000, "Milliseconds between two questions about a running order."),
		number("transaction_timeout_s", "180", 10, 3600, "Seconds after which a running order counts as unknown."),
		number("closing_timeout_s", "300", 10, 3600, "Seconds after which a running batch close counts as unknown."),
		number("connect_timeout_ms", "3000", 100, 60_000, "Milliseconds that a connection to the terminal may take."),
		number("request_timeout_ms", "10000", 500, 120_000, "Milliseconds that the terminal may take for one answer."),
		number("cancel_grace_s", "10", 1, 30, "Seconds that a cancelled order may take for its last word."),
		{Key: "confirm_mode", Default: string(confirmAfter), Check: oneOf(string(confirmAfter), string(confirmBefore), string(confirmOff)),
			Help: "When the terminal hears that the till has an outcome: after_result, before_result or off."},
		number("confirm_retries", "5", 1, 60, "How often that is tried, a second apart."),
	}
}

// Secrets explains the secrets of a terminal of this protocol.
func Secrets() []payment.Setting {
	return []payment.Setting{{Key: secretPassword,
		Help: "Password of the terminal, if it is not the published one; it comes before the setting. It may be left out."}}
}

// values are the settings of t with what is not set filled in, checked.
func values(t payment.Terminal) (map[string]string, error) {
	value := map[string]string{}
	for _, s := range Settings() {
		value[s.Key] = s.Default
	}
	for key, v := range t.Settings {
		if v != "" {
			value[key] = v
		}
	}
	return value, Protocol().Check(value)
}

// readSettings reads the settings of t; secret is the password given apart, or "".
func readSettings(t payment.Terminal, secret string) (settings, error) {
	value, err := values(t)
	if err != nil {
		return settings{}, err
	}
	truth := func(key string) bool { b, _ := parseBool(value[key]); return b }
	number := func(key string) int { n, _ := strconv.Atoi(value[key]); return n }
	span := func(key string, unit time.Duration) time.Duration { return time.Duration(number(key)) * unit }
	s := settings{
		currencyAsString: truth("currency_as_string"), currencyCode: value["currency_code"],
		password: value[secretPassword], paths: map[string]string{},
		finished: list(value["status.finished"]), cancelable: list(value["status.cancelable"]), unknown: list(value["status.unknown"]),
		okCodes: list(value["result_ok_codes"]), cancelledCodes: list(value["result_cancelled_codes"]),
		types: map[payment.Operation][]string{
			payment.Sale: list(value["type.payment"]), payment.Refund: list(value["type.refund"]), payment.Void: list(value["type.reverse"]),
			payment.PreAuth: list(value["type.preauth"]), payment.Completion: list(value["type.preauth_complete"]),
		},
		poll: span("poll_interval_ms", time.Millisecond), connect: span("connect_timeout_ms", time.Millisecond),
		request: span("request_timeout_ms", time.Millisecond), transaction: span("transaction_timeout_s", time.Second),
		closing: span("closing_timeout_s", time.Second), grace: span("cancel_grace_s", time.Second),
		confirm: confirmMode(value["confirm_mode"]), confirmRetries: number("confirm_retries"),
		tipField: value["tip_field_name"], refund: truth("refund"), invoice: value["invoice_number"] == "digits",
	}
	if secret != "" {
		s.password = secret
	}
	if company := value["daughter_company_id"]; company != "" {
		company = strings.Trim(company, `"`)
		s.company = &company
	}
	for _, name := range append(pathNames, optionalPathNames...) {
		s.paths[name] = value["path."+name]
	}
	return s, s.readCurrency(value[payment.SettingCurrency])
}

// readCurrency makes currency and number fit. A number that is another currency's
// would let every amount be of the wrong one.
func (s *settings) readCurrency(code string) error {
	var err error
	if s.currency, err = payment.ParseCurrency(code); err != nil {
		return payment.Errorf(payment.CodeBadSetting, "currency: %w", err)
	}
	if s.currencyCode == "" {
		s.currencyCode = numericOf(s.currency)
	}
	if other, known := currencyOf(s.currencyCode); known && other != s.currency {
		return payment.Errorf(payment.CodeBadSetting, "currency_code: %s is %s, but the setting currency is %s", s.currencyCode, other, s.currency)
	}
	return nil
}

// list divides a setting at its commas; "-" is an empty list.
func list(value string) (words []string) {
	for word := range strings.SplitSeq(value, ",") {
		if word = strings.TrimSpace(word); word != "" && word != "-" {
			words = append(words, word)
		}
	}
	return words
}

// among reports whether a word is in a list, in any case.
func among(words []string, word string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.EqualFold(w, strings.TrimSpace(word)) })
}

func checkCurrency(value string) error {
	_, err := payment.ParseCurrency(value)
	return err
}

func checkNumber(low, high int) func(string) error {
	return func(value string) error {
		if n, err := strconv.Atoi(value); err != nil || n < low || n > high {
			return fmt.Errorf("%q is not a whole number from %d to %d", payment.Mask(value), low, high)
		}
		return nil
	}
}

func checkBool(value string) error {
	_, err := parseBool(value)
	return err
}

func parseBool(value string) (bool, error) {
	switch strings.ToLower(value) {
	case "true", "on", "yes", "1":
		return true, nil
	case "false", "off", "no", "0":
		return false, nil
	}
	return false, fmt.Errorf("%q is neither on nor off", payment.Mask(value))
}

func oneOf(words ...string) func(string) error {
	return func(value string) error {
		if !slices.Contains(words, value) {
			return fmt.Errorf("%q is none of %s", payment.Mask(value), strings.Join(words, ", "))
		}
		return nil
	}
}

func matches(form *regexp.Regexp, words string) func(string) error {
	return func(value string) error {
		if !form.MatchString(value) {
			return fmt.Errorf("%q is not %s", payment.Mask(value), words)
		}
		return nil
	}
}

// optional lets an empty value pass.
func optional(check func(string) error) func(string) error {
	return func(value string) error {
		if value == "" {
			return nil
		}
		return check(value)
	}
}
