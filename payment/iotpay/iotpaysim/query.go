package iotpaysim

import "net/http"

// query answers what became of an order (§7), at any time.
func (g *Gateway) query(r *request) reply {
	if no := g.check(r, queryFields); no != nil {
		return g.refuse(no)
	}
	number, id := r.params["mchOrderNo"], r.params["payOrderId"]
	if number == "" && id == "" {
		g.report("", RuleMandatory, "mchOrderNo or payOrderId")
		return g.refuse(badParameter("mchOrderNo or payOrderId"))
	}
	how := g.nextQuery(number)
	switch how {
	case QueryNone:
		return reply{how: None}
	case QueryHangUp:
		return reply{hangUp: true}
	case QueryBadGateway:
		return errorPage(http.StatusBadGateway)
	case QueryError:
		return g.refuse(refuseSystem)
	case QueryNotFound:
		return g.refuse(refuseNotFound)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	o := g.find(number, id)
	if o == nil || o.original != nil && !g.opts.RefundQuery {
		return g.refuse(refuseNotFound)
	}
	return g.state(o, how)
}

// find looks an order up, with g.mu held.
func (g *Gateway) find(number, id string) *order {
	if number != "" {
		return g.orders[number]
	}
	for _, o := range g.orders {
		if o.payOrderID == id {
			return o
		}
	}
	return nil
}

// state is the order as it is now, or as how makes it look. With g.mu held.
func (g *Gateway) state(o *order, how QueryOutcome) reply {
	full := o.payOrder()
	switch how {
	case QueryPending:
		full = full.with("status", statusPaying)
	case QueryUnknownStatus:
		full = full.with("status", statusOdd)
	case QueryWrongOrder:
		full = full.with("mchOrderNo", foreignNumber)
	case QueryWrongAmount:
		full = full.with("amount", o.amount.Minor()+unit(o.amount))
	}
	answer := o.envelope(full)
	if g.opts.Layout == Flat {
		answer = flat(full)
	}
	if how == QueryContradictory {
		answer = answer.with("status", opposite(o.status))
		if g.opts.Layout == Flat {
			answer = answer.with("status", o.status).with("payOrder", object{{"status", opposite(o.status)}})
		}
	}
	signing := g.opts.Signing
	if how == QueryWrongSign {
		signing = Wrong
	}
	body := answer.signed(signing, g.opts.Key).wire()
	if how == QueryMalformed {
		body = body[:len(body)*2/3]
	}
	return reply{body: body}
}

// flat is the documented layout of a query's answer (§7), which lacks payOrderId.
func flat(full object) object {
	answer := object{{"retCode", "SUCCESS"}, {"retMsg", ""}, {"resCode", "SUCCESS"}}
	for _, name := range []string{
		"mchId", "mchOrderNo", "channelId", "currency", "amount", "clientIp", "deviceId", "notifyUrl", "subject", "body",
		"param1", "param2", "extra", "paySuccTime", "channelOrderNo", "status",
	} {
		value := full.get(name)
		if name == "deviceId" {
			name = "device"
		}
		answer = append(answer, member{name, value})
	}
	return answer
}
