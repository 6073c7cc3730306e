package comgatecloud

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/setting"
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
		{Key: payment.SettingCurrency, Default: "CZK", Check: setting.Currency,
			Help: "Currency the terminal charges in, as an ISO 4217 code."},
		{Key: "merchant", Default: "", Check: setting.Matches(merchantForm, "the terminal's login, up to 64 letters and digits"),
			Help: "Login of the terminal from Comgate's portal: Integration, Shop settings, Terminals."},
		{Key: "refund", Default: "off", Check: setting.OnOff,
			Help: "Whether Comgate has enabled refunds for this terminal."},
		{Key: "check_status", Default: "on", Check: setting.OnOff,
			Help: "Whether the terminal is asked if it is free before an order is sent; without it a busy terminal leaves orders unknown."},
		{Key: "confirm_void", Default: "on", Check: setting.OnOff,
			Help: "Whether a void counts only once the payment shows as reversed, rather than once the request was accepted."},
		{Key: "batch_totals", Default: "on", Check: setting.OnOff,
			Help: "Whether count and amount in the answer to a batch close are taken for the number and sum of its payments."},
		{Key: "poll_fast_s", Default: "2", Check: setting.Number(1, 60),
			Help: "Seconds between two questions about a payment under way, at first."},
		{Key: "poll_fast_for_s", Default: "30", Check: setting.Number(0, 600),
			Help: "Seconds after which questions are asked less often."},
		{Key: "poll_slow_s", Default: "4", Check: setting.Number(1, 60),
			Help: "Seconds between two questions later on."},
		{Key: "poll_failures", Default: "3", Check: setting.Number(1, 100),
			Help: "Questions without a usable answer, one after the other, after which a payment under way counts as unknown."},
		{Key: "limit_s", Default: "300", Check: setting.Number(30, 3600),
			Help: "Seconds after which a payment that is still pending counts as unknown."},
		{Key: "void_limit_s", Default: "30", Check: setting.Number(1, 3600),
			Help: "Seconds a void is given to show at the payment before it counts as unknown."},
		{Key: "connect_timeout_s", Default: "5", Check: setting.Number(1, 60),
			Help: "Seconds to connect to the server."},
		{Key: "request_timeout_s", Default: "20", Check: setting.Number(1, 60),
			Help: "Seconds the server has to answer a request."},
		{Key: "closing_timeout_s", Default: "300", Check: setting.Number(1, 3600),
			Help: "Seconds the server has to answer the request to close the batch."},
		{Key: "refused_codes", Default: "1301,1309,1310,1400", Check: setting.Matches(codesForm, "a list of numbers"),
			Help: "Codes that prove that an order was turned down before any card was asked for."},
		{Key: "refund_done", Default: "*", Check: setting.Matches(statusesForm, "a list of words, or *"),
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
	v, err := setting.Read(Protocol(), t)
	if v["merchant"] == "" {
		return settings{}, payment.Errorf(payment.CodeBadSetting, "merchant: the terminal's login is missing")
	}
	if err != nil {
		return settings{}, err
	}
	return settings{
		currency: v.Currency(), merchant: v["merchant"],
		refund: v.Truth("refund"), check: v.Truth("check_status"), confirmVoid: v.Truth("confirm_void"), batchTotals: v.Truth("batch_totals"),
		pollFast: v.Seconds("poll_fast_s"), pollFastFor: v.Seconds("poll_fast_for_s"), pollSlow: v.Seconds("poll_slow_s"),
		limit: v.Seconds("limit_s"), voidLimit: v.Seconds("void_limit_s"), failures: v.Number("poll_failures"),
		connectTime: v.Seconds("connect_timeout_s"), requestTime: v.Seconds("request_timeout_s"), closingTime: v.Seconds("closing_timeout_s"),
		refused: setting.List(v["refused_codes"]), refundDone: setting.List(strings.ToUpper(v["refund_done"])),
		declined: setting.List(strings.ToLower(v["declined_words"])), expired: setting.List(strings.ToLower(v["expired_words"])),
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

// holds reports whether text has one of the words in it.
func holds(text string, words []string) bool {
	text = strings.ToLower(text)
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(text, word) })
}
