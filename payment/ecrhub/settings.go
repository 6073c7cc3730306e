package ecrhub

import (
	"regexp"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/setting"
)

// DefaultAppID is the application id sent until a technician enters the integrator's own; simulators accept it.
const DefaultAppID = "wz0123456789abcdef"

// floor is the least time terminals give an order, whatever it asks for (§5.1).
const floor = 60 * time.Second

// settings are a terminal's settings, read.
type settings struct {
	currency  payment.Currency
	appID     string
	clientID  string
	expires   int // seconds
	confirm   bool
	authorise bool
	signature bool
	printCopy int
	// cancelTypes: reserves and completions are cancelled by types of their own.
	cancelTypes bool
}

var (
	appIDForm    = regexp.MustCompile(`^[0-9A-Za-z]{1,32}$`)
	clientIDForm = regexp.MustCompile(`^[0-9A-Za-z._-]{0,64}$`)
)

// Settings explains the settings of a terminal of this protocol.
func Settings() []payment.Setting {
	return []payment.Setting{
		{Key: payment.SettingCurrency, Default: string(payment.DefaultCurrency), Check: setting.Currency,
			Help: "Currency the terminal charges in, as an ISO 4217 code."},
		{Key: "app_id", Default: DefaultAppID, Check: setting.Matches(appIDForm, "1 to 32 letters and digits"),
			Help: "Application id that the payment provider registered for this product; a wrong one makes every payment fail."},
		{Key: "expires", Default: "120", Check: setting.Number(10, 3600),
			Help: "Seconds after which the terminal stops waiting for a card; terminals give at least 60."},
		{Key: "confirm_on_terminal", Default: "false", Check: setting.TrueFalse,
			Help: "Whether staff must confirm each order on the terminal before a card is asked for."},
		{Key: "required_terminal_authentication", Default: "false", Check: setting.TrueFalse,
			Help: "Whether voids and refunds need the store manager's password on the terminal."},
		{Key: "on_screen_signature", Default: "false", Check: setting.TrueFalse,
			Help: "Whether the customer may sign on the terminal's screen."},
		{Key: "receipt_print_mode", Default: "0", Check: setting.Number(0, 3),
			Help: "What the terminal prints: 0 nothing, 1 the merchant's copy, 2 the customer's, 3 both."},
		{Key: "cancel_types", Default: "false", Check: setting.TrueFalse,
			Help: "Whether the terminal has types of their own for cancelling a reserve or its completion; else both are voided."},
		{Key: "client_id", Default: "", Check: setting.Matches(clientIDForm, "up to 64 letters, digits, dots and dashes"),
			Help: "Id of this till at a paired terminal; leave it empty for a direct connection."},
	}
}

// readSettings checks the settings of t and fills in what is not set.
func readSettings(t payment.Terminal) (settings, error) {
	v, err := setting.Read(Protocol(), t)
	if err != nil {
		return settings{}, err
	}
	return settings{
		currency:  v.Currency(),
		appID:     v["app_id"],
		clientID:  v["client_id"],
		expires:   v.Number("expires"),
		confirm:   v.Truth("confirm_on_terminal"),
		authorise: v.Truth("required_terminal_authentication"),
		signature: v.Truth("on_screen_signature"),
		printCopy: v.Number("receipt_print_mode"),

		cancelTypes: v.Truth("cancel_types"),
	}, nil
}

// limit is how long the terminal may still take a card after an order left.
func (s settings) limit() time.Duration {
	return max(time.Duration(s.expires)*time.Second, floor)
}
