package ecrhub

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/wire"
)

var operationTypes = map[payment.Operation]string{
	payment.Sale:       typeSale,
	payment.Void:       typeVoid,
	payment.Refund:     typeRefund,
	payment.PreAuth:    typePreAuth,
	payment.Completion: typeCompletion,
}

// operations are the types a terminal may echo, old ones included (§7.1).
var operations = map[string]payment.Operation{
	typeSale:     payment.Sale,
	typeCashback: payment.Sale,
	typeVoid:     payment.Void,
	typeRefund:   payment.Refund,
	"8":          payment.Refund,

	typePreAuthCancel:    payment.Void,
	typeCompletionCancel: payment.Void,

	typePreAuth:    payment.PreAuth,
	typeCompletion: payment.Completion,
}

var entryModes = map[string]string{"1": "stripe", "2": "chip", "3": "contactless", "4": "keyed"} // §7.6

// compose turns an order into the business data and topic that ask for it.
func compose(req payment.Request, s settings) (topic string, biz any, err error) {
	o := req.Order
	if o.Operation == payment.TipAdjustment {
		return topicTip, tipBiz{Number: o.Original, Tip: o.Asked.Amount.Text()}, nil
	}
	kind, ok := operationTypes[o.Operation]
	if !ok {
		return "", nil, fmt.Errorf("no %q over this protocol", o.Operation)
	}
	b := orderBiz{
		Type: kind, Number: o.Number, Original: o.Original,
		Currency: string(o.Asked.Currency()), Amount: o.Asked.Amount.Text(),
		Scenario: scenario, Expires: strconv.Itoa(s.expires), Confirm: s.confirm,
		Signature: s.signature, PrintCopy: s.printCopy,
	}
	switch o.Operation {
	case payment.Void:
		// Always the whole payment, tip and cashback included (§10.7): only the base is said.
		if s.cancelTypes {
			b.Type = cancelType(req.OriginalOperation)
		}
		b.Authorise = &s.authorise
		return topicOrder, b, nil
	case payment.Refund:
		b.Authorise = &s.authorise
	case payment.Sale, payment.PreAuth:
		b.AskTip = &o.AskTip
	}
	if o.Asked.Tip.IsPositive() {
		b.Tip = o.Asked.Tip.Text()
	}
	if o.Asked.Cashback.IsPositive() {
		b.Type, b.Cashback = typeCashback, o.Asked.Cashback.Text()
	}
	return topicOrder, b, nil
}

// cancelType is the type that takes back an order of that operation, where the
// terminal has types of their own for it (§7.1, §10.7).
func cancelType(original payment.Operation) string {
	switch original {
	case payment.PreAuth:
		return typePreAuthCancel
	case payment.Completion:
		return typeCompletionCancel
	}
	return typeVoid
}

// encode writes a request.
func encode(r request) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(r); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

var errNotObject = errors.New("not one JSON object")

// decode reads a response (§3.1, §3.2). Only what is no JSON object is an error.
func decode(frame []byte) (response, error) {
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(frame, []byte("\ufeff"))))
	dec.UseNumber()
	var envelope map[string]any
	if err := dec.Decode(&envelope); err != nil {
		return response{}, errNotObject // the decoder's words may hold card data
	}
	if dec.More() || envelope == nil {
		return response{}, errNotObject
	}
	top := wire.Texts(envelope)
	return response{
		topic: top["topic"], requestID: top["request_id"], code: top["response_code"], text: top["response_msg"],
		biz: wire.Texts(envelope["biz_data"]), device: wire.Texts(envelope["device_data"]), message: envelope,
	}, nil
}

// facts reads what a response says about money that moved (§5.2). c is the
// currency where the response names none.
func facts(b fields, c payment.Currency) (payment.Facts, error) {
	if said := b["price_currency"]; said != "" {
		var err error
		if c, err = payment.ParseCurrency(said); err != nil {
			return payment.Facts{}, err
		}
	}
	f := payment.Facts{
		Card:         payment.LastFour(b["card_no"]),
		Brand:        payment.Mask(b["pay_method_id"]),
		EntryMode:    entryModes[b["entry_mode"]],
		AuthCode:     payment.Mask(b["auth_code"]),
		Reference:    payment.Mask(b["trans_no"]),
		Trace:        payment.Mask(b["ref_no"]),
		TerminalTime: payment.Mask(b["trans_end_time"]), // zone unknown: kept word for word (§6.3)
	}
	for _, sum := range []struct {
		field string
		into  *payment.Amount
	}{
		{"order_amount", &f.Amounts.Amount},
		{"tip_amount", &f.Amounts.Tip},
		{"cashback_amount", &f.Amounts.Cashback},
		{"service_charge_amount", &f.Amounts.Surcharge},
	} {
		text := b[sum.field]
		if text == "" {
			continue
		}
		a, err := wire.Amount(text, c)
		if err != nil {
			return payment.Facts{}, fmt.Errorf("%s: %w", sum.field, err)
		}
		*sum.into = a
	}
	return f, nil
}
