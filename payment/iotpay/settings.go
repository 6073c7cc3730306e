package iotpay

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/setting"
)

// secretKey is the merchant key that signs (§3).
const secretKey = "merchant_key"

// settings are a terminal's settings, read.
type settings struct {
	currency payment.Currency
	key      string

	create, query, refund string // paths; refund is "" where it is off

	mchID, jobNo, device, channel, extra, clientIP string

	wrapped       bool
	createTime    time.Duration
	queryEvery    time.Duration
	queryLong     time.Duration
	responseSign  string
	tip           bool
	notFoundProof bool
}

// The words of settings.
const (
	wrapParams = "params"
	wrapNone   = "none"

	signWarn    = "warn"
	signOff     = "off"
	signEnforce = "enforce"
)

var (
	pathForm = regexp.MustCompile(`^[0-9A-Za-z_.-]+(/[0-9A-Za-z_.-]+)*$`)
	ipForm   = regexp.MustCompile(`^[0-9A-Fa-f.:]{2,32}$`)
)

// checkPath takes the empty text, too: it is what is not set.
var checkPath = setting.Optional(setting.Matches(pathForm, "a path without a leading slash"))

// Settings explains the settings of a terminal of this protocol (§1).
func Settings() []payment.Setting {
	return []payment.Setting{
		{Key: payment.SettingCurrency, Default: "CAD", Check: setting.Currency,
			Help: "Currency the terminal charges in, as an ISO 4217 code."},
		{Key: "mch_id", Check: plain(1, 30),
			Help: "Merchant id (mchId) that IOT Pay has given out; needed."},
		{Key: "job_no", Check: plain(1, 50),
			Help: "Merchant login of this till (jobNo); needed, and of its own for each till and terminal, because it chooses the terminal."},
		{Key: "device", Check: plain(0, 64),
			Help: "Name of this till at IOT Pay; empty is the name of this computer."},
		{Key: "channel_id", Default: "CC_PAX", Check: plain(1, 24),
			Help: "Channel of the payments (channelId)."},
		{Key: "extra", Default: "CC_API", Check: plain(1, 512),
			Help: "Text that the gateway wants with every sale; it has no known meaning."},
		{Key: "client_ip", Check: setting.Optional(setting.Matches(ipForm, "an IP address")),
			Help: "Address of this till that the gateway is told; empty is the one that the connection has."},
		{Key: "path.create", Default: "create_order", Check: checkPath,
			Help: "Path of the sale, below the address."},
		{Key: "path.query", Default: "query_order", Check: checkPath,
			Help: "Path of the status query, below the address."},
		{Key: "path.refund", Check: checkPath,
			Help: "Path of the refund, below the address, such as refund_order; empty switches refunds off, because IOT Pay must enable them for card payments."},
		{Key: "wrapper", Default: wrapParams, Check: setting.OneOf(wrapParams, wrapNone),
			Help: "How requests are written: params (one form field that holds JSON) or none (plain form fields)."},
		{Key: "create_timeout_s", Default: "120", Check: setting.Number(5, 900),
			Help: "Seconds to wait for the answer to a sale, the customer's time included, before the till begins to ask."},
		{Key: "query_interval_s", Default: "2", Check: setting.Number(1, 60),
			Help: "Seconds between the questions after a lost answer."},
		{Key: "query_min_duration_s", Default: "60", Check: setting.Number(10, 600),
			Help: "Seconds of such questions before the payment is shown as not known; the till goes on asking in the background."},
		{Key: "response_sign", Default: signWarn, Check: setting.OneOf(signWarn, signOff, signEnforce),
			Help: "What a wrong signature of an answer does: warn logs it, enforce does not believe the answer, off does not look."},
		{Key: "tip", Default: "off", Check: setting.OnOff,
			Help: "Whether a tip given at the till is sent (on or off); whether the gateway adds it to the amount is not documented."},
		{Key: "not_found_proves", Default: "off", Check: setting.OnOff,
			Help: "Whether a sale that the gateway does not know after its time limit counts as not charged (on or off); IOT Pay does not promise it."},
	}
}

// Secrets explains the secrets of a terminal of this protocol.
func Secrets() []payment.Setting {
	return []payment.Setting{
		{Key: secretKey, Check: func(value string) error {
			if value == "" || strings.TrimSpace(value) != value {
				return fmt.Errorf("it must not be empty, nor begin or end with a space")
			}
			return nil
		}, Help: "Merchant key that signs the requests, as IOT Pay has given it out."},
	}
}

// readSettings checks the settings of t and fills in what is not set.
func readSettings(t payment.Terminal, secret func(string) (string, error)) (settings, error) {
	v, err := setting.Read(Protocol(), t)
	if err != nil {
		return settings{}, err
	}
	key, err := readKey(secret)
	if err != nil {
		return settings{}, err
	}
	s := settings{
		currency: v.Currency(), key: key,
		create: v["path.create"], query: v["path.query"], refund: v["path.refund"],
		mchID: v["mch_id"], jobNo: v["job_no"], device: v["device"], channel: v["channel_id"],
		extra: v["extra"], clientIP: v["client_ip"], wrapped: v["wrapper"] == wrapParams,
		createTime: v.Seconds("create_timeout_s"), queryEvery: v.Seconds("query_interval_s"), queryLong: v.Seconds("query_min_duration_s"),
		responseSign: v["response_sign"], tip: v.Truth("tip"), notFoundProof: v.Truth("not_found_proves"),
	}
	if s.device == "" {
		s.device = hostName()
	}
	return s, nil
}

func readKey(secret func(string) (string, error)) (string, error) {
	key, err := secret(secretKey)
	if err != nil {
		return "", err
	}
	if key == "" {
		return "", payment.Errorf(payment.CodeSecretMissing, "iotpay: the secret %s is missing", secretKey)
	}
	return key, nil
}

// hostName is the computer's name as the protocol can carry it.
func hostName() string {
	host, err := os.Hostname()
	if err != nil {
		return "" // device is optional (§4.1)
	}
	host = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '-'
		}
		return r
	}, host)
	return host[:min(len(host), 64)]
}

// limit is how long the terminal may still take a card after a sale left: no number
// is documented (§13), so it is the time the till waits and asks by itself. Where
// "not found" is to be a proof, it has to be longer than any cardholder takes.
func (s settings) limit() time.Duration {
	limit := s.createTime + s.queryLong
	if s.notFoundProof {
		return max(limit, longestSale)
	}
	return limit
}

const longestSale = 10 * time.Minute

// plain takes printable ASCII of a length: anything else is a known cause of wrong
// signatures (§3.3).
func plain(least, most int) func(string) error {
	return func(value string) error {
		if len(value) < least || len(value) > most || strings.Trim(value, " ") != value ||
			strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r > '~' }) {
			return fmt.Errorf("%q is not %d to %d plain characters", payment.Mask(value), least, most)
		}
		return nil
	}
}
