package iotpay

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/wire"
)

// answer is what the gateway said. Its order may stand in payOrder, in result, or at
// the top (§7); levels holds those that are there, in that order.
type answer struct {
	top    object
	levels []object
	raw    []byte
}

// decode reads an answer (§4.2, §7). Only what is no JSON object is an error.
func decode(body []byte) (answer, error) {
	top, err := parseObject(body)
	if err != nil {
		return answer{}, err
	}
	a := answer{top: top, raw: body}
	for _, name := range []string{"payOrder", "result"} {
		if inner := top.nested(name); len(inner) > 0 {
			a.levels = append(a.levels, inner)
		}
	}
	a.levels = append(a.levels, top)
	return a, nil
}

// order returns a field of the order, "" where it was not said.
func (a answer) order(field string) string {
	for _, level := range a.levels {
		if text := level.text(field); text != "" {
			return text
		}
	}
	return ""
}

// disagrees names a field that decides about money and that the levels say
// differently, "" where there is none.
func (a answer) disagrees() string {
	for _, field := range []string{"status", "mchOrderNo", "amount", "currency", "payType"} {
		said := ""
		for _, level := range a.levels {
			text := level.text(field)
			if said != "" && text != "" && text != said {
				return field
			}
			if text != "" {
				said = text
			}
		}
	}
	return ""
}

// ofRefund leaves of the answer to a refund what is said of the refund: an order in it
// that is not said to be one is the sale's.
func (a answer) ofRefund() answer {
	if a.order("payType") == payTypeRefund {
		return a
	}
	var own object
	for _, m := range a.top {
		switch m.name {
		case "mchRefundNo", "refundAmount", "currency":
			own = append(own, m)
		}
	}
	return answer{top: a.top, levels: []object{own}, raw: a.raw}
}

func (a answer) ret() string { return a.top.text("retCode") }

func (a answer) res() string { return a.top.text("resCode") }

// words is the gateway's own sentence, masked: the text for screen and receipt where
// there is one, else why the request failed (§4.4).
func (a answer) words() string {
	for _, text := range []string{a.card()["receiptDisp"], a.top.text("errCodeDes"), a.top.text("retMsg"), a.top.text("errCode")} {
		if text = strings.TrimSpace(text); text != "" {
			return payment.Mask(text)
		}
	}
	return ""
}

// wholeCents is an amount in minor units, as text or as a number.
var wholeCents = regexp.MustCompile(`^[0-9]{1,12}$`)

// amounts reads what moved. c is the currency where the answer names none.
func (a answer) amounts(amountField string, c payment.Currency) (payment.Amounts, error) {
	if said := a.order("currency"); said != "" {
		var err error
		if c, err = payment.ParseCurrency(said); err != nil {
			return payment.Amounts{}, err
		}
	}
	var all payment.Amounts
	for _, part := range []struct {
		field string
		into  *payment.Amount
	}{{amountField, &all.Amount}, {"tip", &all.Tip}} {
		text := a.order(part.field)
		if text == "" {
			continue
		}
		minor, err := strconv.ParseInt(text, 10, 64)
		if err != nil || !wholeCents.MatchString(text) {
			return payment.Amounts{}, fmt.Errorf("%s %q is not a whole number", part.field, payment.Mask(text))
		}
		*part.into = payment.FromMinor(minor, c)
	}
	return all, nil
}

// masked is a message fit for journals and logs. The card data inside extra is JSON
// in a text, and the expiry in it is never written down (§5).
func masked(message []byte) string {
	dec := json.NewDecoder(bytes.NewReader(bytes.TrimPrefix(message, []byte("\ufeff"))))
	dec.UseNumber()
	var value any
	if dec.Decode(&value) != nil || dec.More() {
		return wire.MaskJSON(message)
	}
	text, err := compactJSON(scrub(value))
	if err != nil {
		return wire.MaskJSON(nil)
	}
	return wire.MaskJSON([]byte(text))
}

func scrub(value any) any {
	switch v := value.(type) {
	case []any:
		for i := range v {
			v[i] = scrub(v[i])
		}
	case map[string]any:
		for key, inner := range v {
			text, isText := inner.(string)
			switch {
			case strings.EqualFold(key, "expireDate"):
				delete(v, key)
			case isText && strings.EqualFold(key, "extra"):
				v[key] = scrubExtra(text)
			default:
				v[key] = scrub(inner)
			}
		}
	}
	return value
}

// scrubExtra opens card data. What is not JSON and holds figures is hidden: nobody
// knows what they are.
func scrubExtra(text string) any {
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	var inner map[string]any
	if dec.Decode(&inner) == nil && !dec.More() && inner != nil {
		return scrub(inner)
	}
	if strings.ContainsAny(text, "0123456789") {
		return fmt.Sprintf("[%d bytes that are not JSON]", len(text))
	}
	return text
}
