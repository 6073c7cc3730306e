package ecrhubsim

import "tillkeeper/payment"

// query answers what became of an order (§11.6).
func (t *Terminal) query(c *conn, req *request) {
	number := text(req.biz, "trans_no") // has priority where it is sent
	if number == "" {
		number = text(req.biz, "merchant_order_no")
	}
	if number == "" {
		t.report(c, "", RuleMandatory, "merchant_order_no")
	}
	how := t.script.NextQuery()
	t.mu.Lock()
	o := t.orders.find(number)
	var biz object
	if o != nil && how != QueryNotFound {
		biz = o.state(how)
	}
	t.mu.Unlock()

	switch {
	case how == QueryNone:
	case how == QueryHangUp:
		c.Close()
	case how == QueryError:
		t.refuseRequest(c, req, failed("SYS001", "System error"), object{})
	case how == QueryMalformed:
		torn := []byte(`{"topic":"ecrhub.pay.query","biz_data":{"trans_status":"2"`)
		c.say(func() { _ = t.send(c, req.dialect, false, torn) })
	case biz == nil:
		t.refuseRequest(c, req, refuseNotFound, object{"merchant_order_no": number})
	case how == QueryContradictory:
		t.answer(c, req, reply{code: codeFailed, text: "Transaction failed", biz: biz})
	default:
		t.answer(c, req, reply{code: codeSuccess, text: "Success", biz: biz})
	}
}

// state is the order as a query shows it, or as how makes it look.
func (o *order) state(how QueryOutcome) object {
	biz := object{
		"merchant_order_no": o.number,
		"trans_type":        o.transType,
		"price_currency":    string(o.amount.Currency()),
		"order_amount":      o.amount.Text(),
		"trans_no":          o.transNo,
		"trans_status":      o.status,
	}
	for field, a := range map[string]payment.Amount{"tip_amount": o.tip, "cashback_amount": o.cashback} {
		if a.IsPositive() {
			biz[field] = a.Text()
		}
	}
	if attach, said := o.req.biz["attach"]; said {
		biz["attach"] = attach
	}
	if o.original != "" {
		biz["orig_merchant_order_no"] = o.original
	}
	if o.status == statusDone || o.status == statusCaptured {
		biz["pay_scenario"] = "SWIPE_CARD"
		biz["pay_method_id"] = "Visa"
		biz["trans_end_time"] = o.ended
	}
	switch how {
	case QueryPending:
		biz["trans_status"] = statusPaying
	case QueryWrongOrder:
		biz["merchant_order_no"] = foreignNumber
	case QueryWrongAmount:
		biz["order_amount"] = o.amount.Add(oneUnit(o.amount)).Text()
	}
	return biz
}
