package iotpaysim

import "net/http"

// refund gives money of a sale back (§8). There is no cardholder; it takes the
// bank's time.
func (g *Gateway) refund(r *request) reply {
	if !g.opts.Refund {
		g.report(r.number(), RuleSwitch, "refund_order is switched off")
		return errorPage(http.StatusNotFound)
	}
	if no := g.check(r, refundFields); no != nil {
		return g.refuse(no)
	}
	if r.params["loginName"] != g.opts.JobNo {
		g.report(r.number(), RuleMerchant, "loginName "+r.params["loginName"])
		return g.refuse(refuseLogin)
	}
	o, no := g.newRefund(r)
	if no == nil {
		no = g.admit(o)
	}
	switch {
	case no == refuseRepeated:
		g.report(r.number(), RuleRepeated, "mchRefundNo was used before")
		return g.refuse(no)
	case no != nil:
		return g.refuse(no)
	case o.outcome.Fault == CloseBefore:
		return reply{hangUp: true}
	}
	return g.giveBack(o)
}

// newRefund compares a refund with its sale.
func (g *Gateway) newRefund(r *request) (*order, *refusal) {
	g.mu.Lock()
	sale := g.find("", r.params["payOrderId"])
	paid := sale != nil && sale.original == nil && sale.paid()
	g.mu.Unlock()
	if !paid {
		return nil, refuseOriginal
	}
	currency := r.params["currency"]
	if currency == "" {
		currency = string(sale.amount.Currency())
	}
	amount, ok := g.sum(r.params["refundAmount"], currency)
	if !ok || currency != string(sale.amount.Currency()) {
		g.report(r.number(), RuleValue, "refundAmount or currency")
		return nil, badParameter("refundAmount")
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if sale.rest().Less(amount) {
		return nil, refuseRefund
	}
	return &order{number: r.number(), params: r.params, amount: amount, original: sale}, nil
}

// giveBack runs a refund and answers both codes (§8).
func (g *Gateway) giveBack(o *order) reply {
	r := g.follow(o)
	g.mu.Lock()
	defer g.mu.Unlock()
	if r.hangUp || r.page || o.outcome.Reply == SystemError {
		return r
	}
	if !o.paid() {
		return g.refuse(&refusal{"REFUNDFAIL", "refund was declined"})
	}
	answer := object{
		{"retCode", "SUCCESS"}, {"retMsg", ""}, {"resCode", "SUCCESS"}, {"errCode", ""}, {"errCodeDes", ""},
		{"mchRefundNo", o.number}, {"refundAmount", o.amount.Minor()},
	}
	switch o.outcome.Reply {
	case Torn, None, Twice:
		r.body = answer.signed(g.opts.Signing, g.opts.Key).wire()
		return r
	case Malformed, Garbage, Oversized:
		return r
	case WrongOrder:
		answer = answer.with("mchRefundNo", foreignNumber)
	case WrongAmount:
		answer = answer.with("refundAmount", o.amount.Minor()+unit(o.amount))
	}
	return reply{body: answer.signed(g.opts.Signing, g.opts.Key).wire()}
}
