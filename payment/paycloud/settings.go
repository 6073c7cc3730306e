package paycloud

import (
	"fmt"
	"net"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/setting"
)

const (
	on  = "on"
	off = "off"
)

// settings are a terminal's settings, read (§2).
type settings struct {
	currency                   payment.Currency
	appID, merchant, store     string
	serial                     string // of the terminal
	application, apiVersion    string
	suffix, verify, basic      bool
	notifyURL, notifyListen    string
	queryMethod                string
	expires                    time.Duration
	void, refund, preAuth      bool
	tip, batch, hostRefund     bool
	rejectOffline, confirm     bool
	authorise                  bool
	signature, queue, receipt  string
	connect, create, query     time.Duration
	pollEvery, pollSlow        time.Duration
	pollFirst, pollAfter       time.Duration
	lastWord, giveUp           time.Duration
	grace, pulse, pulseLongest time.Duration
}

var (
	numberForm  = regexp.MustCompile(`^[0-9]{0,32}$`)
	wordForm    = regexp.MustCompile(`^[0-9A-Za-z]{0,32}$`)
	methodForm  = regexp.MustCompile(`^[0-9A-Za-z._-]{1,32}$`)
	appForm     = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z ._-]{0,31}$`)
	versionForm = regexp.MustCompile(`^[0-9.]{0,8}$`)
)

// required are the settings without which nothing can be said.
var required = []string{"app_id", "merchant_no", "store_no", "terminal_sn"}

func (p profile) settings() []payment.Setting {
	all := p.identity()
	all = append(all, p.operations()...)
	return append(all, p.timing()...)
}

// identity says who asks whom, and how.
func (p profile) identity() []payment.Setting {
	authentications := "rsa2"
	if p.basic {
		authentications += " basic"
	}
	return []payment.Setting{
		{Key: payment.SettingCurrency, Default: string(p.currency), Check: setting.Currency,
			Help: "Currency the terminal charges in, as an ISO 4217 code."},
		{Key: "app_id", Check: setting.Matches(wordForm, "up to 32 letters and digits"),
			Help: "Application id from the merchant portal: wz and 16 letters or digits."},
		{Key: "merchant_no", Check: setting.Matches(numberForm, "up to 32 digits"), Help: "Merchant number from the portal."},
		{Key: "store_no", Check: setting.Matches(numberForm, "up to 32 digits"), Help: "Store number from the portal."},
		{Key: "terminal_sn", Check: setting.Matches(wordForm, "up to 32 letters and digits"),
			Help: "Serial number of the terminal, as printed on it; the terminal must be bound to the merchant in the portal."},
		{Key: "receiving_application", Default: p.application, Check: setting.Matches(appForm, "1 to 32 letters, digits and spaces"),
			Help: "Name of the payment application on the terminal that receives the orders."},
		{Key: "api_version", Default: p.apiVersion, Check: setting.Matches(versionForm, "a version such as 2.0, or nothing"),
			Help: "Version of the field set; leave it empty for platforms that do not know it."},
		{Key: "path_style", Default: "entry", Check: oneOf("entry suffix"),
			Help: "Whether all requests go to one path (entry) or each operation has its own (suffix)."},
		{Key: "query_method", Default: methodQuery, Check: setting.Matches(methodForm, "the name of a method"),
			Help: "Name of the method that asks after an order."},
		{Key: "authentication", Default: "rsa2", Check: oneOf(authentications),
			Help: "How requests prove who sends them: rsa2 signs both ways; basic is a user and password and checks no answer."},
		{Key: "verify", Default: "required", Check: oneOf("required unverified"),
			Help: "Whether the platform's signature is checked; unverified is only for brands that hand out no platform key."},
		{Key: "notify_url", Check: checkNotifyURL,
			Help: "Public address at which the platform can tell results; leave it empty behind a shop's router."},
		{Key: "notify_listen", Check: checkListen,
			Help: "Address HOST:PORT of this computer to which notify_url leads; leave it empty to receive none."},
	}
}

// operations are what the provider has to enable, and what the terminal is told.
func (p profile) operations() []payment.Setting {
	list := []payment.Setting{
		{Key: "void", Default: p.enabled, Help: "Whether the provider has enabled voids."},
		{Key: "refund", Default: p.enabled, Help: "Whether the provider has enabled refunds."},
		{Key: "preauth", Default: p.enabled, Help: "Whether the provider has enabled pre-authorisations and their completion."},
		{Key: "tip_adjustment", Default: p.enabled, Help: "Whether the provider has enabled tip adjustments."},
		{Key: "batch_close", Default: p.enabled, Help: "Whether the provider lets the till close the terminal's batch."},
		{Key: "host_refund", Default: off, Help: "Whether refunds go to the host without the terminal; the provider must enable that."},
		{Key: "reject_when_offline", Default: off, Help: "Whether the platform refuses an order at once when the terminal is offline, in place of keeping it until the terminal is back."},
		{Key: "confirm_on_terminal", Default: off, Help: "Whether staff must confirm each order on the terminal before a card is asked for."},
		{Key: "required_terminal_authentication", Default: off, Help: "Whether voids and refunds need the manager's approval on the terminal."},
	}
	for i := range list {
		list[i].Check = setting.OnOff
	}
	return append(list,
		payment.Setting{Key: "on_screen_signature", Check: setting.Optional(setting.OnOff),
			Help: "Whether the customer signs on the terminal's screen; empty leaves it to the terminal."},
		payment.Setting{Key: "receipt_print_mode", Default: "0", Check: oneOf("0 1 2 3"),
			Help: "What the terminal prints: 0 nothing, 1 the merchant's copy, 2 the customer's, 3 both."},
		payment.Setting{Key: "order_queue_mode", Check: setting.Optional(oneOf("FIFO FILO")),
			Help: "Which of several waiting orders the terminal shows first: FIFO the oldest, FILO the newest, or empty for the terminal's own way."},
	)
}

// timing holds the figures of §3 and §10, which are choices.
func (p profile) timing() []payment.Setting {
	span := func(key, standard, help string, low, high time.Duration) payment.Setting {
		return payment.Setting{Key: key, Default: standard, Check: checkSpan(low, high), Help: help}
	}
	const least, most = time.Millisecond, time.Hour
	return []payment.Setting{
		{Key: "expires", Default: "180", Check: setting.Number(60, 3600), Help: "Seconds after which an order may not be paid any more."},
		span("connect_time", "10s", "How long a connection may take.", least, most),
		span("create_time", "30s", "How long the platform may take to accept an order.", least, most),
		span("query_time", "15s", "How long the platform may take to answer a question or a request to withdraw.", least, most),
		span("poll_every", "2s", "Pause between questions about an order under way, at first.", least, most),
		span("poll_first", "60s", "How long that pause holds.", 0, most),
		span("poll_slow", "5s", "Pause between questions after that.", least, most),
		span("poll_after", "30s", "How long after its expiry an order is still asked about in that rhythm.", 0, most),
		span("deadline_after", "60s", "How long after its expiry an order under way is handed to the background.", 0, most),
		span("give_up_after", "0s", "How long the platform may stay silent before an order under way is handed to the background at once; 0 waits for the deadline.", 0, most),
		span("grace", "10s", "How long an order that was asked to be withdrawn may still tell its outcome.", least, 30*time.Second),
		span("probe_every", "60s", "Pause between questions whether the platform is there.", time.Second, 24*time.Hour),
		span("probe_retry", "30s", "Longest pause between such questions while it is not.", time.Second, 24*time.Hour),
	}
}

// readSettings checks the settings of t and fills in what is not set.
func (p profile) readSettings(t payment.Terminal) (settings, error) {
	v, err := setting.Read(p.protocol(), t, "api_version") // which may be empty by choice
	if err != nil {
		return settings{}, err
	}
	for _, key := range required {
		if v[key] == "" {
			return settings{}, payment.Errorf(payment.CodeBadSetting, "%s: the provider's value is missing; set it", key)
		}
	}
	span := func(key string) time.Duration { d, _ := parseSpan(v[key]); return d }
	s := settings{
		currency: v.Currency(), appID: v["app_id"], merchant: v["merchant_no"], store: v["store_no"],
		serial: v["terminal_sn"], application: v["receiving_application"], apiVersion: v["api_version"],
		suffix: v["path_style"] == "suffix", basic: v["authentication"] == "basic",
		notifyURL: v["notify_url"], notifyListen: v["notify_listen"], queryMethod: v["query_method"],
		expires: span("expires"),
		void:    v.Truth("void"), refund: v.Truth("refund"), preAuth: v.Truth("preauth"),
		tip: v.Truth("tip_adjustment"), batch: v.Truth("batch_close"), hostRefund: v.Truth("host_refund"),
		rejectOffline: v.Truth("reject_when_offline"), confirm: v.Truth("confirm_on_terminal"),
		authorise: v.Truth("required_terminal_authentication"), signature: v["on_screen_signature"],
		queue: v["order_queue_mode"], receipt: v["receipt_print_mode"],
		connect: span("connect_time"), create: span("create_time"), query: span("query_time"),
		pollEvery: span("poll_every"), pollSlow: span("poll_slow"), pollFirst: span("poll_first"), pollAfter: span("poll_after"),
		lastWord: span("deadline_after"), giveUp: span("give_up_after"),
		grace: span("grace"), pulse: span("probe_every"), pulseLongest: span("probe_retry"),
	}
	s.verify = v["verify"] == "required" && !s.basic
	return s, nil
}

// usual returns the name under which the protocol text knows a method.
func (s settings) usual(method string) string {
	if method == s.queryMethod {
		return methodQuery
	}
	return method
}

func oneOf(words string) func(string) error {
	return func(value string) error {
		for w := range strings.FieldsSeq(words) {
			if value == w {
				return nil
			}
		}
		return fmt.Errorf("%q is none of: %s", payment.Mask(value), words)
	}
}

func checkSpan(low, high time.Duration) func(string) error {
	return func(value string) error {
		d, err := parseSpan(value)
		if err != nil || d < low || d > high {
			return fmt.Errorf("%q is not a time from %s to %s, such as 10s", payment.Mask(value), low, high)
		}
		return nil
	}
}

// parseSpan reads "10s", or a plain number of seconds.
func parseSpan(value string) (time.Duration, error) {
	if n, err := strconv.Atoi(value); err == nil {
		return time.Duration(n) * time.Second, nil
	}
	return time.ParseDuration(value)
}

// checkNotifyURL wants what §9.1 wants: absolute and with a path. A private
// address is for tests of the whole chain; the platform itself refuses it.
func checkNotifyURL(value string) error {
	if value == "" {
		return nil
	}
	u, err := url.Parse(value)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || len(u.Path) < 2 || u.User != nil {
		return fmt.Errorf("%q is not an address such as https://shop.example.com/notify", payment.Mask(value))
	}
	return nil
}

func checkListen(value string) error {
	if value == "" {
		return nil
	}
	host, port, err := net.SplitHostPort(value)
	if n, bad := strconv.Atoi(port); err != nil || host == "" || bad != nil || n < 0 || n > 65535 {
		return fmt.Errorf("%q is not HOST:PORT with a host of this computer", payment.Mask(value))
	}
	return nil
}
