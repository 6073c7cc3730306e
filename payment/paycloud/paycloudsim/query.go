package paycloudsim

import (
	"maps"
	"strings"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/wire"
)

// foreignNumber is an order number no client has given out.
const foreignNumber = "SIMFOREIGN0000001"

// fullCard is a card number that passes the check digit.
const fullCard = "4111111111111111"

// query answers what became of an order (§6.2, §6.8).
func (c *Cloud) query(m message, signed, host bool) response {
	number, transNo := m.value("merchant_order_no"), m.value("trans_no")
	if number == "" && transNo == "" {
		return c.refuse(c.badField("", "merchant_order_no", ""), signed)
	}
	c.mu.Lock()
	o := c.lookUp(number, transNo, host)
	if o == nil || o.merchant != m.value("merchant_no") {
		c.mu.Unlock()
		if number == "" {
			return c.refuse(refuseUnknownNo, signed)
		}
		return c.refuse(refuseUnknown, signed)
	}
	how := c.manner(o)
	r := result{data: c.state(o, how)}
	c.mu.Unlock()
	if how == Unfound {
		r = result{no: refuseUnknown}
	}
	return c.respond(r, signed, how)
}

func (c *Cloud) lookUp(number, transNo string, host bool) *order {
	all := c.orders
	if host {
		all = c.refunds
	}
	if number != "" {
		return all[number]
	}
	for _, o := range all {
		if o.transNo == transNo {
			return o
		}
	}
	return nil
}

// manner is how a query about the order is answered: hidden, spoilt for the order,
// or as the script for queries says.
func (c *Cloud) manner(o *order) Reply {
	out, age := o.outcome, c.opts.Now().Sub(o.created)
	switch {
	case age < out.HiddenFor:
		return Unfound
	case out.Answer != Proper && out.AnswerFor > 0 && age < out.AnswerFor:
		return out.Answer
	case out.Answer != Proper && out.AnswerFor == 0 && !o.told && !c.shownOpen(o):
		o.told = true
		return out.Answer
	}
	return c.script.NextQuery()
}

// shownOpen reports whether a query shows the order as not final.
func (c *Cloud) shownOpen(o *order) bool {
	return o.open() || c.opts.Now().Sub(o.final) < o.outcome.Shown
}

// state is the order as a query shows it, or as how makes it look. With c.mu held.
func (c *Cloud) state(o *order, how Reply) map[string]any {
	data := map[string]any{
		"trans_no": o.transNo, "merchant_order_no": o.number, "merchant_no": o.merchant,
		"trans_type": number(o.transType), "trans_status": o.status,
		"price_currency": string(o.amount.Currency()), "order_amount": plain(o.amount), "trans_amount": plain(o.total()),
	}
	for name, value := range map[string]string{
		"store_no": o.store, "terminal_sn": o.serial, "attach": o.attach, "pay_scenario": o.scenario,
	} {
		if value != "" {
			data[name] = value
		}
	}
	if o.host {
		data["orig_merchant_order_no"] = o.original
		if orig := c.orders[o.original]; orig != nil {
			data["orig_trans_no"] = orig.transNo
		}
	}
	for name, a := range map[string]payment.Amount{"tip_amount": o.tip, "cashback_amount": o.cashback} {
		if a.IsPositive() {
			data[name] = plain(a)
		}
	}
	switch {
	case o.open():
	case c.shownOpen(o):
		data["trans_status"] = stateProcessing
	case c.doubted(o):
		closedBy(data, o, becauseTimeout)
	case o.status == stateClosed:
		closedBy(data, o, &reason{o.code, o.why})
	default:
		maps.Copy(data, paidFacts(o))
	}
	spoil(data, o, how)
	return data
}

func (c *Cloud) doubted(o *order) bool {
	timeout := o.outcome.Kind == Timeout || o.outcome.Kind == TimeoutCharged
	return timeout && c.opts.Now().Sub(o.final) < doubtFor
}

func closedBy(data map[string]any, o *order, why *reason) {
	data["trans_status"], data["trans_end_time"] = stateClosed, o.endTime
	if why.code != "" {
		data["trans_error_code"], data["trans_error_msg"] = why.code, why.text
	}
}

// paidFacts are what a completed order has beside its sums.
func paidFacts(o *order) map[string]any {
	return map[string]any{
		"paid_amount": plain(o.paid), "trans_end_time": o.endTime,
		"pay_method_id": "Visa", "pay_user_account_id": "411111****1111", "pay_channel_trans_no": o.transNo[len(o.transNo)-12:],
		"ref_no": o.transNo[len(o.transNo)-12:], "auth_code": "A" + o.transNo[len(o.transNo)-5:], "entry_model": 3,
	}
}

func number(text string) int {
	n := 0
	for _, r := range text {
		n = n*10 + int(r-'0')
	}
	return n
}

// spoil makes an answer say what is not so.
func spoil(data map[string]any, o *order, how Reply) {
	one := payment.FromMinor(1, o.amount.Currency())
	for range o.amount.Currency().Places() {
		one = payment.FromMinor(one.Minor()*10, o.amount.Currency())
	}
	switch how {
	case WrongOrder:
		data["merchant_order_no"] = foreignNumber
	case WrongMerchant:
		data["merchant_no"] = "999999999999"
	case WrongAmount:
		data["order_amount"], data["trans_amount"] = plain(o.amount.Add(one)), plain(o.total().Add(one))
		if _, said := data["paid_amount"]; said {
			data["paid_amount"] = plain(o.paid.Add(one))
		}
	case WrongCurrency:
		data["price_currency"] = "EUR"
		if o.amount.Currency() == "EUR" {
			data["price_currency"] = "CHF"
		}
	case WrongType:
		data["trans_type"] = 3
		if o.operation == payment.Refund {
			data["trans_type"] = 1
		}
	case TimedOut:
		closedBy(data, o, becauseTimeout)
	case UnknownStatus:
		data["trans_status"] = 4
	case Pending:
		data["trans_status"] = stateProcessing
	case CardNumber:
		data["pay_user_account_id"] = fullCard
	}
}

// closeOrder withdraws an order that is not paid yet (§6.3, §12).
func (c *Cloud) closeOrder(m message) result {
	c.mu.Lock()
	defer c.mu.Unlock()
	o := c.orders[m.value("merchant_order_no")]
	switch {
	case o == nil || o.merchant != m.value("merchant_no"):
		return result{no: refuseUnknown}
	case m.value("message_receiving_application") == "":
		c.report(o.number, "field", "message_receiving_application is missing")
		return result{no: refuseField}
	case o.outcome.Race:
	case o.status == stateProcessing || o.status == stateWaiting && o.outcome.IgnoreClose:
		return result{no: refuseProcessing}
	case o.status != stateWaiting:
		return result{no: refuseFinal}
	default:
		o.status = stateClosed
		close(o.withdrawn)
	}
	return result{data: map[string]any{"message_id": o.messageID, "trans_no": o.transNo}}
}

// adjustTip changes the tip of a sale in the open batch (§6.6).
func (c *Cloud) adjustTip(m message) result {
	c.mu.Lock()
	defer c.mu.Unlock()
	o := c.orders[m.value("merchant_order_no")]
	switch {
	case o == nil || o.merchant != m.value("merchant_no"):
		return result{no: refuseUnknown}
	case o.operation != payment.Sale || o.status != stateDone || o.refunded.IsPositive():
		return result{no: refuseState}
	case o.batch != c.batches[o.serial]:
		return result{no: refuseSettled}
	}
	tip, err := wire.Amount(m.value("tip_adjustment_amount"), o.amount.Currency())
	if err != nil {
		c.report(o.number, "field", "tip_adjustment_amount is "+strings.TrimSpace(m.value("tip_adjustment_amount")))
		return result{no: refuseField}
	}
	if err := c.ledger.Move(o.number, payment.TipAdjustment, tip); err != nil {
		return result{no: refuseSystem}
	}
	o.paid = o.paid.Sub(o.tip).Add(tip)
	o.tip = tip
	return result{}
}

// closeBatch settles: what came before can be refunded from then on, not voided.
func (c *Cloud) closeBatch(m message) result {
	c.mu.Lock()
	defer c.mu.Unlock()
	serial := m.value("terminal_sn")
	var list []any
	for _, o := range c.orders {
		if o.serial == serial && o.batch == c.batches[serial] && o.status == stateDone {
			list = append(list, map[string]any{
				"merchant_order_no": o.number, "trans_type": number(o.transType), "trans_amount": plain(o.total()),
				"price_currency": string(o.amount.Currency()),
			})
		}
	}
	c.batches[serial]++
	return result{data: map[string]any{"settle_list": list}}
}

// CloseBatch closes the batch of the first terminal, as the platform does by itself
// at night.
func (c *Cloud) CloseBatch() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.batches[c.opts.TerminalSN]++
}
