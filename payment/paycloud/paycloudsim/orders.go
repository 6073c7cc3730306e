package paycloudsim

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/wire"
)

// The states of an order (§7.2).
const (
	stateWaiting    = 9
	stateProcessing = 0
	stateClosed     = 1
	stateDone       = 2
	stateVoided     = 3
)

// The transaction types that are taken (§7.1), in the words of the command line.
var operations = map[string]payment.Operation{
	"1": payment.Sale, "11": payment.Sale,
	"2": payment.Void, "5": payment.Void, "7": payment.Void,
	"3": payment.Refund, "8": payment.Refund,
	"4": payment.PreAuth, "6": payment.Completion,
}

// of is what a void or completion can be about, by its type.
var of = map[string]payment.Operation{
	"2": payment.Sale, "5": payment.PreAuth, "6": payment.PreAuth, "7": payment.Completion, "8": payment.Completion,
}

var (
	numberForm  = regexp.MustCompile(`^[0-9A-Za-z_|*@-]{1,32}$`)
	boolForm    = regexp.MustCompile(`^(true|false)?$`)
	scenarios   = []string{"", "SWIPE_CARD", "SCANQR_PAY", "BSCANQR_PAY"}
	defaultLife = 300 * time.Second
)

// order is what the platform knows under one number. It is guarded by Cloud.mu,
// but for what never changes after creation.
type order struct {
	number, original string
	transType        string
	operation        payment.Operation
	amount           payment.Amount
	tip, cashback    payment.Amount
	askTip           bool
	newestFirst      bool
	expires          time.Duration
	serial           string
	merchant, store  string
	attach, scenario string
	notifyURL        string
	outcome          Outcome
	host             bool // a refund without the terminal

	created   time.Time
	transNo   string
	messageID string
	status    int
	code, why string // trans_error_*
	endTime   string
	final     time.Time
	paid      payment.Amount
	refunded  payment.Amount
	completed bool
	batch     int
	told      bool // a spoilt answer that is meant for once was given

	start     chan struct{} // closed when it is its turn on the terminal
	withdrawn chan struct{} // closed by a close that was accepted
	ended     chan struct{} // closed when it is final
}

func (o *order) total() payment.Amount { return o.amount.Add(o.tip).Add(o.cashback) }

func (o *order) open() bool { return o.status == stateWaiting || o.status == stateProcessing }

// readOrder reads a create order, or says what is wrong with it (§6.1).
func (c *Cloud) readOrder(m message) (*order, *refusal) {
	o := &order{
		number: m.value("merchant_order_no"), original: m.value("orig_merchant_order_no"),
		transType: m.value("trans_type"), operation: operations[m.value("trans_type")],
		merchant: m.value("merchant_no"), store: m.value("store_no"), serial: m.value("terminal_sn"),
		attach: m.value("attach"), scenario: m.value("pay_scenario"), notifyURL: m.value("notify_url"),
		askTip: m.value("on_screen_tip") == "true", newestFirst: m.value("order_queue_mode") == "FILO", expires: defaultLife,
	}
	for _, rule := range []struct {
		holds bool
		name  string
	}{
		{numberForm.MatchString(o.number), "merchant_order_no"},
		{o.operation != "", "trans_type"},
		{o.original != "" || of[o.transType] == "", "orig_merchant_order_no"},
		{len(m.value("message_receiving_application")) >= 1 && len(m.value("message_receiving_application")) <= 32, "message_receiving_application"},
		{slices.Contains(scenarios, o.scenario), "pay_scenario"},
		{!o.askTip || slices.Contains([]string{"1", "3", "4"}, o.transType), "on_screen_tip"},
		{m.value("tip_amount") == "" || m.value("cashback_amount") == "", "tip_amount"},
		{m.value("cashback_amount") == "" || o.transType == "11", "cashback_amount"},
		{o.notifyURL == "" || absolute(o.notifyURL), "notify_url"},
		{slices.Contains([]string{"", "0", "1", "2", "3"}, m.value("receipt_print_mode")), "receipt_print_mode"},
		{slices.Contains([]string{"", "FIFO", "FILO"}, m.value("order_queue_mode")), "order_queue_mode"},
		{claims(m), "booleans"},
		{c.readExpiry(o, m.value("expires")), "expires"},
	} {
		if !rule.holds {
			return nil, c.badField(o.number, rule.name, m.value(rule.name))
		}
	}
	return o, c.readSums(o, m)
}

func claims(m message) bool {
	for _, name := range []string{"on_screen_tip", "reject_trade_when_terminal_offline", "confirm_on_terminal", "on_screen_signature"} {
		if !boolForm.MatchString(m.value(name)) {
			return false
		}
	}
	return true
}

func absolute(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && len(u.Path) > 1
}

func (c *Cloud) readExpiry(o *order, text string) bool {
	if text == "" {
		return true
	}
	n, err := strconv.Atoi(text)
	o.expires = time.Duration(n) * time.Second
	return err == nil && n > 0
}

func (c *Cloud) readSums(o *order, m message) *refusal {
	currency, err := payment.ParseCurrency(m.value("price_currency"))
	switch {
	case err != nil || string(currency) != m.value("price_currency"):
		return c.badField(o.number, "price_currency", m.value("price_currency"))
	case c.opts.Currency != "" && string(currency) != c.opts.Currency:
		return refuseCurrency
	}
	sums := map[string]*payment.Amount{"order_amount": &o.amount, "tip_amount": &o.tip, "cashback_amount": &o.cashback}
	if o.host {
		sums = map[string]*payment.Amount{"trans_amount": &o.amount}
	}
	for name, into := range sums {
		said := m.value(name)
		if said == "" && name != "order_amount" && name != "trans_amount" {
			continue
		}
		if *into, err = wire.Amount(said, currency); err != nil {
			return c.badField(o.number, name, said)
		}
	}
	if !o.amount.IsPositive() {
		return c.badField(o.number, "order_amount", m.value("order_amount"))
	}
	return nil
}

func (c *Cloud) badField(number, name, value string) *refusal {
	c.report(number, "field", fmt.Sprintf("%s is %q", name, value))
	return refuseField
}

// check compares an order with the one it is about. With c.mu held.
func (c *Cloud) check(o *order) *refusal {
	if o.original == "" {
		return nil // a sale, a pre-authorisation, or a refund to whatever card is presented
	}
	orig := c.orders[o.original]
	switch {
	case orig == nil:
		return refuseOriginal
	case of[o.transType] != "" && orig.operation != of[o.transType] && o.operation != payment.Refund:
		return refuseState
	case orig.status != stateDone || orig.amount.Currency() != o.amount.Currency():
		return refuseState
	}
	switch o.operation {
	case payment.Void:
		return c.checkVoid(o, orig)
	case payment.Refund:
		if orig.operation != payment.Sale && orig.operation != payment.Completion {
			return refuseState
		}
		if orig.paid.Sub(orig.refunded).Less(o.total()) {
			return refuseLimit
		}
	case payment.Completion:
		if orig.completed || orig.total().Less(o.amount) {
			return refuseState
		}
	}
	return nil
}

// checkVoid: the whole payment, only while its batch is open (§6.4).
func (c *Cloud) checkVoid(o, orig *order) *refusal {
	switch {
	case orig.batch != c.batches[orig.serial]:
		return refuseSettled
	case orig.refunded.IsPositive() || orig.completed, !o.amount.Equal(orig.amount):
		return refuseState
	}
	return nil
}

// moves is what an approval moves: for a void, all that the original did.
func (c *Cloud) moves(o *order) payment.Amount {
	if orig := c.orders[o.original]; o.operation == payment.Void && orig != nil {
		return orig.paid
	}
	return o.total()
}

// plain is an amount as answers have it: without padding zeros (§6.2).
func plain(a payment.Amount) string {
	s := a.Text()
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}
