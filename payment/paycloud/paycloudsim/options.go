package paycloudsim

import (
	"context"
	"crypto"
	"crypto/rsa"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"time"

	"tillkeeper/payment/internal/option"
)

// Options describe a fake cloud. The zero value is one whose customers take no
// time; [Defaults] gives one that takes its time like a real one.
type Options struct {
	// AppID, MerchantNo, StoreNo and TerminalSN are registered from the start; empty
	// ones are made up. More can be registered, see [Cloud.Register].
	AppID, MerchantNo, StoreNo, TerminalSN string
	// AppKey is the application's private key, of which the cloud keeps the public
	// half; PlatformKey is the cloud's own, an RSA key. nil makes one.
	AppKey      *rsa.PrivateKey
	PlatformKey crypto.Signer
	// BasicUser and BasicPassword, if set, are taken in place of signatures from
	// requests with sign_type=NONE (§5.6).
	BasicUser, BasicPassword string
	// Unauthorised are methods that the application may not use, by name.
	Unauthorised []string
	// CardDelay passes between an order's arrival and the moment the terminal's
	// customer presents a card (9 → 0), ResultDelay between that and the result.
	CardDelay, ResultDelay time.Duration
	// Currency, if set, is the only one taken.
	Currency string
	// Offline terminals take no orders until [Cloud.SetOnline].
	Offline bool
	// DataObject sends the member data as an object in place of a string.
	DataObject bool
	// OutcomesByAmount lets the amount choose the outcome; see the package comment.
	OutcomesByAmount bool
	// NotifyScale is what the waits between notifications are multiplied with; 0
	// means 1.
	NotifyScale float64
	// Dial opens connections to notify_url; nil is the system's.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)

	// Now is the platform's clock; nil means time.Now.
	Now func() time.Time
	// Log hears what the cloud does; nil means silence.
	Log *slog.Logger
	// Charged is told every movement of money before the answer about it leaves. If
	// it fails, the money does not move and the order is declined.
	Charged func(Charge) error
}

// Defaults are the options of a cloud whose customers take 1.5 seconds to present a
// card, and whose bank takes 2 more.
func Defaults() Options {
	return Options{CardDelay: 1500 * time.Millisecond, ResultDelay: 2 * time.Second}
}

// Set changes one option by the name it has on the command line. See
// [SettingKeys] for the names; a value that cannot be is an error.
func (o *Options) Set(key, value string) error {
	return setters.Set(o, key, value)
}

// SettingKeys are the names that [Options.Set] takes, sorted. The two that end in
// private_key are secrets.
func SettingKeys() []string { return setters.Keys() }

var setters = option.Setters[Options]{
	"app_id":               option.Text(func(o *Options) *string { return &o.AppID }),
	"merchant_no":          option.Text(func(o *Options) *string { return &o.MerchantNo }),
	"store_no":             option.Text(func(o *Options) *string { return &o.StoreNo }),
	"terminal_sn":          option.Text(func(o *Options) *string { return &o.TerminalSN }),
	"currency":             option.Text(func(o *Options) *string { return &o.Currency }),
	"basic_user":           option.Text(func(o *Options) *string { return &o.BasicUser }),
	"basic_password":       option.Text(func(o *Options) *string { return &o.BasicPassword }),
	"private_key":          private(func(o *Options, key *rsa.PrivateKey) { o.AppKey = key }),
	"platform_private_key": private(func(o *Options, key *rsa.PrivateKey) { o.PlatformKey = key }),
	"card_delay":           option.Span(func(o *Options) *time.Duration { return &o.CardDelay }),
	"result_delay":         option.Span(func(o *Options) *time.Duration { return &o.ResultDelay }),
	"offline":              option.Claim(func(o *Options) *bool { return &o.Offline }),
	"data_object":          option.Claim(func(o *Options) *bool { return &o.DataObject }),
	"outcomes_by_amount":   option.Claim(func(o *Options) *bool { return &o.OutcomesByAmount }),
	"unauthorised": func(o *Options, value string) error {
		o.Unauthorised = strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' })
		return nil
	},
	"notify_scale": func(o *Options, value string) (err error) {
		o.NotifyScale, err = strconv.ParseFloat(value, 64)
		if err == nil && (o.NotifyScale < 0 || o.NotifyScale > 1000) {
			err = fmt.Errorf("%q is not a factor from 0 to 1000", value)
		}
		return err
	},
}

func private(set func(*Options, *rsa.PrivateKey)) option.Setter[Options] {
	return func(o *Options, value string) error {
		key, err := parsePrivate(value)
		if err == nil {
			set(o, key)
		}
		return err
	}
}
