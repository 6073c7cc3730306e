package paycloud

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/setting"
)

// The methods (§6).
const (
	methodOrder       = "wisehub.cloud.pay.order"
	methodQuery       = "order.query"
	methodClose       = "wisehub.cloud.pay.close"
	methodTip         = "tip.adjustment"
	methodBatch       = "batch.close"
	methodRefund      = "order.refund.submit"
	methodRefundQuery = "order.refund.query"
)

// The transaction types (§7.1).
const (
	typeSale             = "1"
	typeVoid             = "2"
	typeRefund           = "3"
	typePreAuth          = "4"
	typePreAuthCancel    = "5"
	typeCompletion       = "6"
	typeCompletionCancel = "7"
	typeCompletionRefund = "8"
	typeCashback         = "11"
	typeWithdrawal       = "12"
)

// operations are the types that an answer may echo.
var operations = map[string]payment.Operation{
	typeSale:             payment.Sale,
	typeCashback:         payment.Sale,
	typeVoid:             payment.Void,
	typePreAuthCancel:    payment.Void,
	typeCompletionCancel: payment.Void,
	typeRefund:           payment.Refund,
	typeCompletionRefund: payment.Refund,
	typePreAuth:          payment.PreAuth,
	typeCompletion:       payment.Completion,
	typeWithdrawal:       "withdrawal", // never ours: the till will see that
}

// scenario is how every card sample pays, voids and refunds included (§6.1).
const scenario = "SWIPE_CARD"

// typeOf chooses the transaction type of an order.
func typeOf(req payment.Request) string {
	o := req.Order
	switch o.Operation {
	case payment.Sale:
		if o.Asked.Cashback.IsPositive() {
			return typeCashback
		}
		return typeSale
	case payment.Void:
		switch req.OriginalOperation {
		case payment.PreAuth:
			return typePreAuthCancel
		case payment.Completion:
			return typeCompletionCancel
		}
		return typeVoid
	case payment.Refund:
		if req.OriginalOperation == payment.Completion {
			return typeCompletionRefund
		}
		return typeRefund
	case payment.PreAuth:
		return typePreAuth
	case payment.Completion:
		return typeCompletion
	}
	return ""
}

var (
	errTipAndCashback = errors.New("a tip and cashback cannot go together over this protocol")
	errAskTip         = errors.New("the terminal can ask for a tip only with a plain sale or a pre-authorisation")
	errUnreferenced   = errors.New("nothing is taken back without an original")
)

// compose makes the business part of a create order (§6.1).
func compose(req payment.Request, s settings) (fields, error) {
	o, kind := req.Order, typeOf(req)
	switch {
	case kind == "":
		return nil, fmt.Errorf("no %q over this protocol", o.Operation)
	case o.Asked.Tip.IsPositive() && o.Asked.Cashback.IsPositive():
		return nil, errTipAndCashback
	case o.AskTip && kind != typeSale && kind != typePreAuth:
		return nil, errAskTip
	case o.Operation.NeedsOriginal() && o.Original == "":
		return nil, errUnreferenced
	}
	biz := fields{
		"merchant_no": s.merchant, "store_no": s.store, "terminal_sn": s.serial,
		"message_receiving_application": s.application, "api_version": s.apiVersion,
		"merchant_order_no": o.Number, "orig_merchant_order_no": o.Original,
		"trans_type": kind, "pay_scenario": scenario,
		"price_currency": string(o.Asked.Currency()), "order_amount": o.Asked.Amount.Text(),
		"description": "Order " + o.Number, "expires": strconv.Itoa(int(s.expires / time.Second)),
		"notify_url": s.notifyURL, "order_queue_mode": s.queue, "receipt_print_mode": s.receipt,
		"reject_trade_when_terminal_offline": truth(s.rejectOffline), "confirm_on_terminal": truth(s.confirm),
		"on_screen_tip": truth(o.AskTip),
	}
	if b, err := setting.ParseTruth(s.signature); err == nil {
		biz["on_screen_signature"] = strconv.FormatBool(b)
	}
	switch o.Operation {
	case payment.Void:
		// Always the whole payment, tip included (§6.4): only the base is said.
		biz["required_terminal_authentication"] = truth(s.authorise)
	case payment.Refund:
		// "The amount to give back" is one sum (§6.4).
		biz["order_amount"] = o.Asked.Total().Text()
		biz["required_terminal_authentication"] = truth(s.authorise)
	default:
		biz["tip_amount"] = positive(o.Asked.Tip)
		biz["cashback_amount"] = positive(o.Asked.Cashback)
	}
	return biz, nil
}

// composeRefund makes the business part of a refund without the terminal (§6.8).
func composeRefund(o payment.Order, s settings) (fields, error) {
	if o.Original == "" {
		return nil, errUnreferenced
	}
	return fields{
		"merchant_no": s.merchant, "merchant_order_no": o.Number, "orig_merchant_order_no": o.Original,
		"price_currency": string(o.Asked.Currency()), "trans_amount": o.Asked.Total().Text(),
		"description": "Refund " + o.Number, "notify_url": s.notifyURL,
	}, nil
}

// about asks after an order (§6.2).
func about(number string, s settings) fields {
	return fields{"merchant_no": s.merchant, "merchant_order_no": number}
}

// withdrawal asks to close an order (§6.3).
func withdrawal(number string, s settings) fields {
	return fields{
		"merchant_no": s.merchant, "store_no": s.store, "terminal_sn": s.serial,
		"message_receiving_application": s.application, "merchant_order_no": number, "description": "Order " + number,
	}
}

// truth writes a claim; what is false by default is left away.
func truth(b bool) string {
	if b {
		return "true"
	}
	return ""
}

func positive(a payment.Amount) string {
	if a.IsPositive() {
		return a.Text()
	}
	return ""
}

// envelope adds the common parameters and the signature (§4.1).
func (d *Driver) envelope(method string, biz fields) ([]byte, error) {
	f := fields{
		"app_id": d.settings.appID, "method": method, "format": "JSON", "charset": "UTF-8", "sign_type": "RSA2",
		"version": "1.0", "timestamp": strconv.FormatInt(d.clock.now().UnixMilli(), 10),
	}
	for name, value := range biz {
		f[name] = value
	}
	if d.settings.basic {
		f["sign_type"] = "NONE"
		return f.encode()
	}
	if err := f.sign(d.keys.private); err != nil {
		return nil, err
	}
	return f.encode()
}

// serial makes the number of a request that support can look up (§3). It needs
// not be unguessable.
func (d *Driver) serial() string {
	return d.clock.now().UTC().Format("0102150405") + fmt.Sprintf("%010d", rand.Int64N(1e10))
}
