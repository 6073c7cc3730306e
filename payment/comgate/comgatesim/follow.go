package comgatesim

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"

	"tillkeeper/payment"
)

// find returns the order of a follow-up call, or how its absence is said.
func (t *Terminal) find(m *message) (*order, reply) {
	t.checkMembers(m)
	t.mu.Lock()
	o := t.orders[m.id()]
	t.mu.Unlock()
	return o, t.unknown(m.id())
}

func (t *Terminal) unknown(id string) reply {
	status := http.StatusNotFound
	if t.opts.UnknownIDs == ByBody {
		status = http.StatusOK
	}
	return say(status, object{"transactionId": id, "status": "Unknown"})
}

// foreignID is the id of nobody's order.
const foreignID = "00000000-0000-4000-8000-000000000000"

// status is A.4.4.
func (t *Terminal) status(m *message) reply {
	o, none := t.find(m)
	how := t.script.NextQuery()
	switch {
	case how == QueryNone:
		return reply{status: http.StatusOK, how: None}
	case how == QueryHangUp:
		return reply{hangUp: true}
	case how == QueryError:
		return say(http.StatusInternalServerError, object{"status": "Internal error"})
	case how == QueryMalformed:
		return reply{status: http.StatusOK, body: []byte(`{"transactionId":"` + foreignID)}
	case o == nil || how == QueryNotFound:
		if o != nil {
			return t.unknown(o.id)
		}
		return none
	}
	t.mu.Lock()
	state := o.state
	if state == finished {
		o.whim = map[QueryOutcome]Reply{
			QueryWrongOrder: WrongOrder, QueryWrongAmount: WrongAmount, QueryContradictory: Contradictory,
		}[how]
	}
	t.mu.Unlock()
	body := object{"transactionId": o.id, "status": state}
	switch {
	case how == QueryPending:
		body["status"] = processing
	case how == QueryWrongOrder && state != finished:
		body["transactionId"] = foreignID
	}
	return say(http.StatusOK, body)
}

// result is A.4.5. Before "Finished" its content is not defined.
func (t *Terminal) result(m *message) reply {
	o, none := t.find(m)
	if o == nil {
		return none
	}
	t.mu.Lock()
	state, facts := o.state, maps.Clone(o.facts)
	how := o.whim
	if how == Proper && (o.said == 0 || o.outcome.Always) {
		how = o.outcome.Reply
	}
	if state == finished {
		o.whim, o.said = Proper, o.said+1
		if o.operation == payment.Sale || o.operation == payment.Refund {
			facts["isReversed"] = o.reversed
		}
	}
	t.mu.Unlock()
	if state != finished {
		t.report(o.id, RuleEarly, state)
		return say(http.StatusOK, object{"transactionId": o.id, "status": state})
	}
	return sayResult(o, facts, how)
}

// sayResult is a result as it should be, or as how makes it look.
func sayResult(o *order, facts object, how Reply) reply {
	sum := o.amount
	if o.moved.Known() {
		sum = o.moved
	}
	switch how {
	case Malformed:
		r := say(http.StatusOK, facts)
		r.body = r.body[:len(r.body)/2]
		return r
	case Garbage:
		return reply{status: http.StatusOK, kind: "text/html", body: []byte("<html>\x00\xff no result here</html>")}
	case NoCode:
		delete(facts, "responseCode")
		delete(facts, "responseMessage")
	case WrongOrder:
		facts["transactionId"] = foreignID
	case WrongAmount:
		facts["amount"], facts["currency"] = sum.Minor()+1, numeric(sum.Currency())
	case WrongCurrency:
		other := payment.Currency("EUR")
		if sum.Currency() == other {
			other = "CZK"
		}
		facts["amount"], facts["currency"] = sum.Minor(), numeric(other)
	case WrongType:
		facts["transactionType"] = string(refund)
		if o.kind == refund {
			facts["transactionType"] = string(sale)
		}
	case CardNumber:
		facts["pan"], facts["responseMessage"] = "4111111111111111", "APPROVED 4111 1111 1111 1111"
	case Numbers:
		swap(facts)
	case Contradictory:
		return say(http.StatusInternalServerError, facts)
	}
	return say(http.StatusOK, facts)
}

// swap says numbers and truths as text.
func swap(facts object) {
	for name, value := range facts {
		switch v := value.(type) {
		case int64, json.Number, bool:
			facts[name] = fmt.Sprint(v)
		}
	}
}

// resultOf is what a result says. With t.mu held.
func (t *Terminal) resultOf(o *order, code, message string) object {
	facts := object{
		"transactionId": o.id, "transactionType": string(o.kind), "responseCode": code, "responseMessage": message,
		"dateTimeServer": t.stamp(), "dateTimeTerminal": t.stamp(),
	}
	if o.kind == closing {
		if o.approved {
			facts["batchTotals"] = o.facts
		}
		return facts
	}
	facts["terminalIdAcquirer"], facts["merchantIdAcquirer"] = "TESTTERM01", "000000000012345"
	facts["reversal"], facts["isReversed"], facts["callReversal"] = o.kind.takesBack(), false, false
	if o.invoice != "" {
		facts["invoiceNumber"] = o.invoice
	}
	if !o.approved {
		return facts
	}
	t.serial++
	facts["amount"], facts["currency"] = o.moved.Minor(), numeric(o.moved.Currency())
	facts["sequenceNumber"] = fmt.Sprintf("%09d", 1_000_000+t.serial)
	facts["authCode"] = fmt.Sprintf("%06d", 4000+t.serial)
	if o.kind.asksCard() {
		maps.Copy(facts, object{
			"pan": "476173******0119", "panSequenceNumber": "01", "expiration": "2812", "aid": "A0000000031010",
			"appLabel": "VISA CREDIT", "brand": "VISA", "cardInputType": "CLESS", "cvmTypeList": []string{o.outcome.cvm()},
			"callReversal": o.outcome.Kind == ReversalDue,
		})
	}
	return facts
}

// cvm is how the cardholder was verified.
func (out Outcome) cvm() string {
	switch out.Kind {
	case Pin:
		return "PIN"
	case Sign:
		return "SIGNATURE"
	}
	return "NO_CVM"
}

// confirm is A.4.6. It may come before or after the result, and again.
func (t *Terminal) confirm(m *message) reply {
	o, none := t.find(m)
	yes, ok := m.members["confirm"].(bool)
	if !ok {
		t.report(m.id(), RuleForm, "confirm is not true or false")
	}
	if o == nil {
		return none
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	done := o.state == finished && ok
	switch {
	case done && yes:
		o.confirmed = true
	case done && !o.confirmed:
		t.undo(o)
	}
	return say(http.StatusOK, object{"transactionId": o.id, "isConfirmed": done && yes})
}

// cancel is A.4.7: it works while the terminal waits for card or PIN.
func (t *Terminal) cancel(m *message) reply {
	o, none := t.find(m)
	if o == nil {
		return none
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	works := strings.HasPrefix(o.state, "WaitFor") && !o.outcome.IgnoreCancel
	if works && !o.asked {
		o.asked = true
		close(o.cancel)
	}
	return say(http.StatusOK, object{"transactionId": o.id, "isCanceled": works, "status": o.state})
}
