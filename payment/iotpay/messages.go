package iotpay

import "tillkeeper/payment"

// The words of the protocol (§4.2, §4.3).
const (
	wordSuccess = "SUCCESS"
	wordFail    = "FAIL"

	payTypePay    = "pay"
	payTypeRefund = "refund"

	// notifyURL is what the channel wants: there is no call-back (§4.1).
	notifyURL = "http://localhost"
	// testNumber can be the number of no order: ours have letters and digits only.
	testNumber = "TILLKEEPER-TEST-NO-ORDER"
)

// longestNumber is what mchOrderNo and mchRefundNo hold (§4.1, §8).
const longestNumber = 30

// params are the parameters of a request, all of them text (§2).
type params map[string]string

// compose turns a sale into the parameters of create_order (§4.1).
func (s settings) compose(o payment.Order, clientIP string) params {
	p := params{
		"mchId": s.mchID, "mchOrderNo": o.Number, "channelId": s.channel, "currency": string(o.Asked.Currency()),
		"amount": cents(o.Asked.Amount), "clientIp": clientIP, "device": s.device, "notifyUrl": notifyURL,
		"subject": "Counter sale", "body": "Order " + o.Number, "extra": s.extra, "jobNo": s.jobNo,
	}
	if s.tip && o.Asked.Tip.IsPositive() {
		p["tip"] = cents(o.Asked.Tip)
	}
	return p
}

// composeRefund turns a refund into the parameters of refund_order (§8).
func (s settings) composeRefund(o payment.Order, sale, clientIP string) params {
	return params{
		"mchId": s.mchID, "mchRefundNo": o.Number, "refundAmount": cents(o.Asked.Total()), "clientIp": clientIP,
		"device": s.device, "loginName": s.jobNo, "payOrderId": sale,
	}
}

// composeQuery asks about an order by its number of ours (§7).
func (s settings) composeQuery(number string) params {
	return params{"mchId": s.mchID, "mchOrderNo": number}
}
