package iotpaysim

import (
	"net/http"
	"strconv"
	"strings"

	"tillkeeper/payment"
)

// foreignNumber is an order number no client has given out.
const foreignNumber = "SIMFOREIGN0000001"

// payOrder is the full order (§4.3). With g.mu held.
func (o *order) payOrder() object {
	minor := func(a payment.Amount) int64 {
		if !a.Known() {
			return 0
		}
		return a.Minor()
	}
	kind, channelOrder, paidAt, original := "pay", "", "", ""
	if o.paid() {
		channelOrder, paidAt = "H"+o.payOrderID[2:], o.updated.UTC().Format("2006-01-02 15:04:05")
	}
	if o.original != nil {
		kind, original = "refund", o.original.payOrderID
	}
	login := o.params["jobNo"]
	if login == "" {
		login = o.params["loginName"]
	}
	return object{
		{"payOrderId", o.payOrderID}, {"mchId", o.params["mchId"]}, {"mchOrderNo", o.number}, {"channelId", "CC_PAX"},
		{"currency", string(o.amount.Currency())}, {"amount", minor(o.amount)}, {"tip", minor(o.tip)}, {"status", o.status}, {"payType", kind},
		{"refundable", minor(o.rest())}, {"originalOrderId", original}, {"transId", ""}, {"channelOrderNo", channelOrder},
		{"userName", login}, {"storeId", "1"}, {"deviceId", o.params["device"]}, {"deviceType", ""}, {"clientIp", o.params["clientIp"]},
		{"notifyUrl", o.params["notifyUrl"]}, {"subject", o.params["subject"]}, {"body", o.params["body"]}, {"param1", ""}, {"param2", ""},
		{"remarks", o.params["remarks"]}, {"rate", int64(0)}, {"rateValue", int64(0)}, {"trxAmount", int64(0)}, {"costAmount", int64(0)},
		{"currencyAmount", int64(0)}, {"paySuccTime", paidAt}, {"createDate", o.created.UnixMilli()}, {"updateDate", o.updated.UnixMilli()},
		{"extra", o.extra},
	}
}

// envelope is the answer around a payOrder (§4.2).
func (o *order) envelope(payOrder object) object {
	number, _ := payOrder.get("mchOrderNo").(string)
	return object{
		{"retCode", "SUCCESS"}, {"retMsg", ""}, {"resCode", "SUCCESS"}, {"retDetail", ""}, {"retParams", ""},
		{"payOrderId", o.payOrderID}, {"mchOrderNo", number}, {"payOrder", payOrder},
	}
}

// answer is what create_order says in the end, as the script wants it said. With
// g.mu held.
func (g *Gateway) answer(o *order) reply {
	how := o.outcome.Reply
	if how == BadGateway {
		return errorPage(http.StatusBadGateway)
	}
	payOrder := o.distort(o.payOrder())
	answer := o.envelope(payOrder)
	signing := g.opts.Signing
	switch how {
	case NoOrder:
		answer = answer.without("payOrder")
	case Contradictory:
		answer = answer.with("status", opposite(o.status))
	case WrongSign:
		signing = Wrong
	case NoSign:
		signing = Unsigned
	}
	body := answer.signed(signing, g.opts.Key).wire()
	switch how {
	case Malformed:
		body = body[:len(body)*2/3]
	case Garbage:
		body = "\x08\x96\x01\xff\xfe no JSON at all"
	case Oversized:
		body = body[:len(body)-1] + `,"padding":"` + strings.Repeat("x", 2<<20) + `"}`
	}
	return reply{body: body, how: how}
}

// distort changes what an answer says about an order.
func (o *order) distort(said object) object {
	switch o.outcome.Reply {
	case WrongOrder:
		return said.with("mchOrderNo", foreignNumber)
	case WrongAmount:
		return said.with("amount", o.amount.Minor()+unit(o.amount))
	case WrongCurrency:
		return said.with("currency", otherCurrency(o.amount.Currency()))
	case WrongOperation:
		if o.original != nil {
			return said.with("payType", "pay")
		}
		return said.with("payType", "refund")
	case NotJSON:
		return said.with("extra", "CARD:4242;AUTH:01046Z")
	case Odd:
		for _, name := range []string{"amount", "tip", "status", "createDate"} {
			if n, ok := said.get(name).(int64); ok {
				said = said.with(name, strconv.FormatInt(n, 10))
			}
		}
		return said.with("paySuccTime", o.updated.UnixMilli())
	}
	return said
}

// opposite is a status that says the contrary.
func opposite(status int64) int64 {
	if status == statusPaid || status == statusNotified {
		return statusFailed
	}
	return statusPaid
}

// unit is one dollar, one dinar, one yen in minor units.
func unit(a payment.Amount) int64 {
	minor := int64(1)
	for range a.Currency().Places() {
		minor *= 10
	}
	return minor
}

func otherCurrency(c payment.Currency) string {
	if c == "EUR" {
		return "USD"
	}
	return "EUR"
}
