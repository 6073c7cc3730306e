package ecrhubsim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"

	"github.com/gorilla/websocket"

	"tillkeeper/payment"
)

// foreignNumber is an order number no client has given out.
const foreignNumber = "SIMFOREIGN0000001"

// result is a finished order's answer on its way to the client.
type result struct {
	order   string
	pos     string
	dialect Dialect
	how     Reply
	frames  [][]byte
	keep    bool // for the next connection, if this one is gone
}

// frames are the bytes of an answer, as the script wants it said.
func (t *Terminal) frames(o *order, r reply) [][]byte {
	req := o.req
	switch o.outcome.Reply {
	case EmptyBiz:
		r.emptyBiz = true
	case WrongRequestID:
		req = &request{dialect: req.dialect, id: "foreign-" + req.id, appID: req.appID}
	case NoRequestID:
		req = &request{dialect: req.dialect, appID: req.appID}
	case Contradictory:
		if r.ok() {
			r.biz["trans_status"] = statusFailed
		} else {
			r.biz["trans_status"] = statusDone
		}
	}
	r.biz = o.distort(maps.Clone(r.biz))
	frame := t.encode(req, r)
	switch o.outcome.Reply {
	case Malformed:
		frame = frame[:len(frame)*2/3]
	case Garbage:
		frame = []byte("\x08\x96\x01\xff\xfe no JSON at all")
	case Oversized:
		frame = append(frame[:len(frame)-1], []byte(`,"padding":"`)...)
		frame = append(frame, bytes.Repeat([]byte{'x'}, 2<<20)...)
		frame = append(frame, '"', '}')
	case Twice:
		return [][]byte{frame, frame}
	}
	return [][]byte{frame}
}

// distort changes what an answer says about an order.
func (o *order) distort(biz object) object {
	switch o.outcome.Reply {
	case WrongOrder:
		biz["merchant_order_no"] = foreignNumber
	case WrongAmount:
		biz["order_amount"] = o.amount.Add(oneUnit(o.amount)).Text()
	case WrongCurrency:
		biz["price_currency"] = "EUR"
		if o.amount.Currency() == "EUR" {
			biz["price_currency"] = "USD"
		}
	case WrongType:
		biz["trans_type"] = typeRefund
		if o.transType == typeRefund {
			biz["trans_type"] = typeSale
		}
	case CardNumber:
		biz["card_no"] = "4111111111111111"
		biz["card_holder_name"] = "4111 1111 1111 1111"
	case Numbers:
		for _, field := range []string{"trans_type", "trans_status", "order_amount", "tip_amount", "cashback_amount"} {
			if s, isText := biz[field].(string); isText {
				biz[field] = json.Number(s)
			}
		}
		biz["expires"] = fmt.Sprint(biz["expires"])
		biz["confirm_on_terminal"] = "false"
	}
	return biz
}

// oneUnit is one dollar, one dinar, one yen.
func oneUnit(a payment.Amount) payment.Amount {
	minor := int64(1)
	for range a.Currency().Places() {
		minor *= 10
	}
	return payment.FromMinor(minor, a.Currency())
}

// deliver sends a result where the order came from, else to the same client's
// present connection, else keeps it for the next one (§10.3).
func (t *Terminal) deliver(res result, origin *conn) {
	for c := origin; c != nil; c = t.connOf(res.pos) {
		if t.push(c, res) == nil || !res.keep {
			return
		}
		c.Close()
	}
	t.mu.Lock()
	t.pending = append(t.pending, res)
	t.mu.Unlock()
	// A client may have connected between the last look and the line above.
	if c := t.connOf(res.pos); c != nil {
		t.redeliver(c)
	}
}

// redeliver sends everything that waited for this client to come back.
func (t *Terminal) redeliver(c *conn) {
	for {
		res, found := t.takePending(c.pos)
		if !found {
			return
		}
		t.log.Info("redelivering", "order", res.order, "connection", c.id)
		if t.push(c, res) != nil {
			c.Close()
			t.deliver(res, t.connOf(c.pos))
			return
		}
	}
}

func (t *Terminal) takePending(pos string) (result, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, res := range t.pending {
		if res.pos == pos {
			t.pending = append(t.pending[:i:i], t.pending[i+1:]...)
			return res, true
		}
	}
	return result{}, false
}

// connOf is the newest living connection of a client, or nil.
func (t *Terminal) connOf(pos string) *conn {
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := len(t.conns) - 1; i >= 0; i-- {
		if c := t.conns[i]; c.pos == pos && c.alive() {
			return c
		}
	}
	return nil
}

func (t *Terminal) push(c *conn, res result) error {
	for _, frame := range res.frames {
		if res.how == Torn {
			t.note(c, Out, res.dialect, false, frame)
			_ = c.writeTorn(frame) // the connection is gone, as was wanted
			return nil
		}
		if err := t.send(c, res.dialect, res.how == Binary, frame); err != nil {
			return err
		}
	}
	return nil
}

// send writes a frame and notes it.
func (t *Terminal) send(c *conn, dialect Dialect, binary bool, frame []byte) error {
	kind := websocket.TextMessage
	if binary {
		kind = websocket.BinaryMessage
	}
	t.note(c, Out, dialect, binary, frame)
	err := c.write(kind, frame)
	if err != nil {
		t.log.Info("send", "connection", c.id, "error", err)
	}
	return err
}
