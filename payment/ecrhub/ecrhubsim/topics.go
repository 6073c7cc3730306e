package ecrhubsim

import (
	"maps"
	"strings"

	"tillkeeper/payment"
)

// hear handles one frame of a client. It reports false when the connection is
// to end.
func (t *Terminal) hear(c *conn, binary bool, frame []byte) bool {
	if isG1(frame) {
		t.note(c, In, G1, binary, frame)
		t.report(c, "", RuleFrame, "not JSON")
		c.refuseFrame()
		return false
	}
	req, err := t.decode(frame)
	if err != nil {
		t.note(c, In, t.opts.Dialect, binary, frame)
		t.report(c, "", RuleFrame, err.Error())
		return true
	}
	t.note(c, In, req.dialect, binary, frame)
	if binary {
		t.report(c, text(req.biz, "merchant_order_no"), RuleFrame, "binary")
	}
	t.checkEnvelope(c, req, frame)
	t.dispatch(c, req)
	return true
}

// dispatch covers the topics of §4.
func (t *Terminal) dispatch(c *conn, req *request) {
	if strings.HasPrefix(req.topic, "ecrhub.pay.") && t.wrongAppID(req) {
		t.answer(c, req, reply{code: refuseAppID.code, text: refuseAppID.text, emptyBiz: true})
		return
	}
	switch req.topic {
	case "ecrhub.pay.order":
		t.takeOrder(c, req)
	case "ecrhub.pay.query":
		t.query(c, req)
	case "ecrhub.pay.close":
		t.closeOrder(c, req)
	case "ecrhub.pay.tip.adjustment":
		t.adjustTip(c, req)
	case "ecrhub.pay.batch.close":
		t.closeBatch(c, req)
	case "ecrhub.pay.reprint":
		t.reprint(c, req)
	case "ecrhub.init", "ecrhub.pay.init":
		t.init(c, req)
	case "ecrhub.getInfo":
		t.answer(c, req, reply{code: codeSuccess, device: t.identity()})
	case "ecrhub.heartbeat":
		t.answer(c, req, reply{code: codeSuccess})
	case "ecrhub.pair", "ecrhub.unpair":
		t.answer(c, req, reply{code: codeSuccess, device: req.device})
	default:
		t.report(c, "", RuleTopic, req.topic)
		if t.opts.AnswerUnknownTopics {
			t.answer(c, req, reply{code: refuseUnknown.code, text: refuseUnknown.text})
		}
	}
}

func (t *Terminal) wrongAppID(req *request) bool {
	return t.opts.AppID != "" && req.appID != t.opts.AppID
}

// answer replies at once, on the connection that asked.
func (t *Terminal) answer(c *conn, req *request, r reply) {
	r.topic = req.topic
	frame := t.encode(req, r)
	c.say(func() { _ = t.send(c, req.dialect, false, frame) }) // send logs its errors
}

func (t *Terminal) refuseRequest(c *conn, req *request, no *refusal, biz object) {
	t.answer(c, req, reply{code: no.code, text: no.text, biz: biz})
}

// closeOrder withdraws an order that is not paid yet (§10.6). Without a number
// it is about the one on the screen.
func (t *Terminal) closeOrder(c *conn, req *request) {
	number := text(req.biz, "merchant_order_no")
	biz := object{}
	if number != "" {
		biz["merchant_order_no"] = number
	}
	if !t.withdraw(number) {
		t.refuseRequest(c, req, refuseTooLate, biz)
		return
	}
	t.answer(c, req, reply{code: codeSuccess, biz: biz})
}

func (t *Terminal) withdraw(number string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	o := t.orders.orders[number]
	if number == "" {
		o = t.screen.showing
	}
	if o == nil || o.final() || o.outcome.IgnoreClose {
		return false
	}
	o.status = statusFailed
	t.screen.leave(o)
	close(o.withdrawn)
	return true
}

// adjustTip changes the tip of a payment in the open batch (§11.8).
func (t *Terminal) adjustTip(c *conn, req *request) {
	number := text(req.biz, "merchant_order_no")
	biz, no := t.setTip(number, text(req.biz, "tip_adjustment_amount"))
	if no != nil {
		t.report(c, number, RuleAmount, "tip adjustment refused: "+no.text)
		t.refuseRequest(c, req, no, object{"merchant_order_no": number})
		return
	}
	t.answer(c, req, reply{code: codeSuccess, text: "Success", biz: biz})
}

func (t *Terminal) setTip(number, tip string) (object, *refusal) {
	t.mu.Lock()
	defer t.mu.Unlock()
	o := t.orders.find(number)
	switch {
	case o == nil:
		return nil, refuseNotFound
	case o.operation != payment.Sale || o.status != statusDone || o.batch != t.orders.batch || o.refunded.IsPositive():
		return nil, refuseVoid
	}
	a, err := parseAmount(tip, o.amount.Currency())
	if err != nil {
		return nil, refuseAmount
	}
	if err := t.ledger.Move(o.number, payment.TipAdjustment, a); err != nil {
		return nil, refuseLedger
	}
	o.tip = a
	return object{
		"merchant_order_no": o.number, "order_amount": o.amount.Text(), "tip_amount": a.Text(), "trans_status": o.status,
		"price_currency": string(a.Currency()),
	}, nil
}

// closeBatch settles: what came before can be refunded from then on, not voided.
func (t *Terminal) closeBatch(c *conn, req *request) {
	t.mu.Lock()
	t.orders.batch++
	t.mu.Unlock()
	t.answer(c, req, reply{code: codeSuccess, text: "Success", biz: maps.Clone(req.biz)})
}

func (t *Terminal) reprint(c *conn, req *request) {
	number := text(req.biz, "merchant_order_no")
	t.mu.Lock()
	o := t.orders.find(number)
	t.mu.Unlock()
	if o == nil {
		t.refuseRequest(c, req, refuseNotFound, object{"merchant_order_no": number})
		return
	}
	t.answer(c, req, reply{code: codeSuccess, text: "Success", biz: object{"merchant_order_no": number}})
}

// init answers the greeting of G0 and the settings form of G2 (§11.2, §11.10).
func (t *Terminal) init(c *conn, req *request) {
	if req.dialect == G0 {
		t.answer(c, req, reply{code: codeSuccess, biz: object{
			"app_name": "CodePay Register", "cashier_version": "1.0.0", "device_model": "SIM", "device_sn": t.opts.Serial,
		}})
		return
	}
	visa := object{
		"pay_method_id": "Visa", "pay_method_name": "Visa",
		"supported_trans_type_list": []string{"1", "2", "3", "4", "6", "11"},
	}
	card := object{"pay_method_category": "BANKCARD", "pay_method_list": []object{visa}}
	t.answer(c, req, reply{code: codeSuccess, biz: object{"pay_method_category_list": []object{card}}})
}

// identity is the terminal's device_data (§11.1).
func (t *Terminal) identity() object {
	id := object{"device_name": t.opts.Serial, "mac_address": t.opts.Serial, "alias_name": ""}
	if addr := t.Addr(); addr != nil {
		host, port, found := strings.Cut(addr.String(), ":")
		if found {
			id["ip_address"], id["port"] = host, port
		}
	}
	return id
}
