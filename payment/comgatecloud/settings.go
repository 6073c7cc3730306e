package comgatecloud

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tillkeeper/payment"
)

// keySecret is the one secret: the password of the terminal's login.
const keySecret = "secret"

// settings are a terminal's settings, read.
type settings struct {
	currency payment.Currency
	merchant string
	// refund: refunds are enabled for the terminal. check: ask how the terminal is
	// before an order is sent. confirmVoid: only "reversed" proves a void.
	refund, check, confirmVoid, batchTotals bool

	pollFast, pollFastFor, pollSlow, limit, voidLimit time.Duration
	connectTime, requestTime, closingTime             time.Duration
	// failures is how many polls in a row may fail.
	failures int
	// refused are the codes that prove that an order was turned down at once.
	refused []string
	// refundDone are the statuses of a refund that is done, "*" for any other.
	refundDone []string
	// declined and expired are words of the reason of CANCELLED, in lower case.
	declined, expired []string
}

var (
	merchantForm = regexp.MustCompile(`^[0-9A-Za-z._@-]{1,64}$`)
	codesForm    = regexp.MustCompile(`^([0-9]{1,6}(,[0-9]{1,6})*)?$`)
	statusesForm = regexp.MustCompile(`^(\*|[0-9A-Za-z_-]{1,32}(,[0-9A-Za-z_-]{1,32})*)$`)
)

// Settings explains the settings of a terminal of this protocol.
func Settings() []payment.Setting {
	return []payment.Setting{
		{Key: payment.SettingCurrency, Default: "CZK", Check: checkCurrency,
			Help: "Currency the terminal charges in, as an ISO 4217 code."},
		{Key: "merchant", Default: "", Check: matches(merchantForm, "the terminal's login, up to 64 letters and digits"),
			Help: "Login of the terminal from Comgate's portal: Integration, Shop settings, Terminals."},
		{Key: "refund", Default: "off", Check: checkBool,
			Help: "Whether Comgate has enabled refunds for this terminal."},
		{Key: "check_status", Default: "on", Check: checkBool,
			Help: "Whether the terminal is asked if it is free before an order is sent; without it a busy terminal leaves orders unknown."},
		{Key: "confirm_void", Default: "on", Check: checkBool,
			Help: "Whether a void counts only once the payment shows as reversed, rather than once the request was accepted."},
		{Key: "batch_totals", Default: "on", Check: checkBool,
			Help: "Whether count and amount in the answer to a batch close are taken for the number and sum of its payments."},
		{Key: "poll_fast_s", Default: "2", Check: checkNumber(1, 60),
			Help: "Seconds between two questions about a payment under way, at first."},
		{Key: "poll_fast_for_s", Default: "30", Check: checkNumber(0, 600),
			Help: "Seconds after which questions are asked less often."},
		{Key: "poll_slow_s", Default: "4", Check: checkNumber(1, 60),
			Help: "Seconds between two questions later on."},
		{Key: "poll_failures", Default: "3", Check: checkNumber(1, 100),
			Help: "Questions without a usable answer, one after the other, after which a payment under way counts as unknown."},
		{Key: "limit_s", Default: "300", Check: checkNumber(30, 3600),
			Help: "Seconds after which a payment that is still pending counts as unknown."},
		{Key: "void_limit_s", Default: "30", Check: checkNumber(1, 3600),
			Help: "Seconds a void is given to show at the payment before it counts as unknown."},
		{Key: "connect_timeout_s", Default: "5", Check: checkNumber(1, 60),
			Help: "Seconds to connect to the server."},
		{Key: "request_timeout_s", Default: "20", Check: checkNumber(1, 60),
			Help: "Seconds the server has to answer a request."},
		{Key: "closing_timeout_s", Default: "300", Check: checkNumber(1, 3600),
			Help: "Seconds the server has to answer the request to close the batch."},
		{Key: "refused_codes", Default: "1301,1309,1310,1400", Check: matches(codesForm, "a list of numbers"),
			Help: "Codes that prove that an order was turned down before any card was asked for."},
		{Key: "refund_done", Default: "*", Check: matches(statusesForm, "a list of words, or *"),
			Help: "Statuses of a refund that is done; * is any but PENDING, CANCELLED and ERROR."},
		{Key: "declined_words", Default: "declin,refus,denied,insufficient,zamít,odmít", Check: nil,
			Help: "Words in the reason of a cancelled payment that tell that the bank said no."},
		{Key: "expired_words", Default: "timeout,timed out,time out,expire,vyprš", Check: nil,
			Help: "Words in the reason of a cancelled payment that tell that nobody presented a card."},
	}
}

// Secrets explains the secrets of a terminal of this protocol.
func Secrets() []payment.Setting {
	return []payment.Setting{{Key: keySecret, Check: func(value string) error {
		if value == "" {
			return fmt.Errorf("it is empty")
		}
		return nil
	}, Help: "Password of the terminal's login from Comgate's portal: Integration, Shop settings, Terminals."}}
}

// readSettings checks the settings of t and fills in what is not set.
func readSettings(t payment.Terminal) (settings, error) {
	value := map[string]string{}
	for _, s := range Settings() {
		value[s.Key] = s.Default
	}
	for key, v := range t.Settings {
		if v != "" {
			value[key] = v
		}
	}
	if value["merchant"] == "" {
		return settings{}, payment.Errorf(payment.CodeBadSetting, "merchant: the terminal's login is missing")
	}
	if err := Protocol().Check(value); err != nil {
		return settings{}, err
	}
	c, err := payment.ParseCurrency(value[payment.SettingCurrency])
	if err != nil {
		return settings{}, err
	}
	truth := func(key string) bool { b, _ := parseBool(value[key]); return b }
	seconds := func(key string) time.Duration {
		n, _ := strconv.Atoi(value[key])
		return time.Duration(n) * time.Second
	}
	failures, _ := strconv.Atoi(value["poll_failures"])
	return settings{
		currency: c, merchant: value["merchant"],
		refund: truth("refund"), check: truth("check_status"), confirmVoid: truth("confirm_void"), batchTotals: truth("batch_totals"),
		pollFast: seconds("poll_fast_s"), pollFastFor: seconds("poll_fast_for_s"), pollSlow: seconds("poll_slow_s"),
		limit: seconds("limit_s"), voidLimit: seconds("void_limit_s"), failures: failures,
		connectTime: seconds("connect_timeout_s"), requestTime: seconds("request_timeout_s"), closingTime: seconds("closing_timeout_s"),
		refused: list(value["refused_codes"]), refundDone: list(strings.ToUpper(value["refund_done"])),
		declined: list(strings.ToLower(value["declined_words"])), expired: list(strings.ToLower(value["expired_words"])),
	}, nil
}

// pause is how long to wait before the next question about an order that began a
// while ago (B.4, rule 3).
func (s settings) pause(since time.Duration) time.Duration {
	if since < s.pollFastFor {
		return s.pollFast
	}
	return s.pollSlow
}

// list reads words between commas.
func list(text string) (all []string) {
	for word := range strings.SplitSeq(text, ",") {
		if word = strings.TrimSpace(word); word != "" {
			all = append(all, word)
		}
	}
	return all
}

// holds reports whether text has one of the words in it.
func holds(text string, words []string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(text, word) })
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

func matches(form *regexp.Regexp, what string) func(string) error {
	return func(value string) error {
		if !form.MatchString(value) {
			return fmt.Errorf("%q is not %s", payment.Mask(value), what)
		}
		return nil
	}
}
