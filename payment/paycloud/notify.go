package paycloud

import (
	"context"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"time"

	"tillkeeper/payment"
)

// The platform waits 5 seconds for the acknowledgement of a notification (§9.3),
// which is the one word "success".
const (
	ackTime      = 4 * time.Second
	acknowledged = "success"
	maxNotice    = 64 << 10
)

// receiver hears notifications (§9). Polling is what settles orders; this is a
// bonus for tills that the internet can reach.
type receiver struct {
	server  *http.Server
	address net.Addr
	done    chan struct{}
}

// listen opens the address of the setting, and no other. A till that cannot have
// it goes on without.
func (d *Driver) listen() *receiver {
	l, err := net.Listen("tcp", d.settings.notifyListen)
	if err != nil {
		d.log.Error("notifications cannot be received", "error", err)
		return nil
	}
	r := &receiver{
		address: l.Addr(), done: make(chan struct{}),
		server: &http.Server{Handler: d, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second, IdleTimeout: time.Minute},
	}
	go func() {
		defer close(r.done)
		if err := r.server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			d.log.Error("notifications are not received any more", "error", err)
		}
	}()
	return r
}

func (r *receiver) close() error {
	err := r.server.Close()
	<-r.done
	return err
}

// NotifyAddr is where notifications are heard, nil where they are not.
func (d *Driver) NotifyAddr() net.Addr {
	if d.receiver == nil {
		return nil
	}
	return d.receiver.address
}

// ServeHTTP takes one notification. It is acknowledged only when what it says, or
// what a query says in its place, is durable: an acknowledged one never comes
// again (§9.4).
func (d *Driver) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxNotice))
	if err != nil || r.Method != http.MethodPost || d.lane.Closed() {
		http.Error(w, "not a notification", http.StatusBadRequest)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), ackTime)
	defer cancel()
	defer context.AfterFunc(d.lane.Life(), cancel)()
	d.debug(ctx, "notified", body)
	if err := d.notified(ctx, body); err != nil {
		d.log.Warn("a notification is not acknowledged", "error", err)
		http.Error(w, "not taken", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/plain")
	_, _ = io.WriteString(w, acknowledged) // a lost acknowledgement brings it again
}

// notified takes a notification in. A nil error allows its acknowledgement.
func (d *Driver) notified(ctx context.Context, body []byte) error {
	res, trusted, err := d.readNotice(body)
	if err != nil {
		return err
	}
	if !trusted {
		// The content is worth nothing; the number says whom to ask after (§9.4).
		d.log.Error("a notification is not from the platform, or the platform key is wrong", "order", payment.Mask(res.Number))
		a, err := d.query(ctx, payment.Order{Number: res.Number, Asked: payment.Amounts{Amount: payment.FromMinor(0, d.settings.currency)}})
		if err != nil {
			return err
		}
		res = a.Result
	}
	if !res.Outcome.Final() {
		if trusted {
			return nil // nothing in it is worth having again
		}
		return payment.Errorf(payment.CodePending, "paycloud: the order is %s", res.Outcome)
	}
	return d.deliver(ctx, res)
}

func (d *Driver) deliver(ctx context.Context, res payment.Result) error {
	switch {
	case d.env.Deliver != nil:
		return d.env.Deliver(ctx, res)
	case d.env.Late != nil:
		d.env.Late(res)
	}
	return payment.Errorf(payment.CodeNotRecorded, "paycloud: nobody says that the answer is durable")
}

// readNotice takes a notification apart (§9.2). trusted says that it is signed by
// the platform; if it is not, only the number is given.
func (d *Driver) readNotice(body []byte) (res payment.Result, trusted bool, err error) {
	envelope, err := decode(body)
	if err != nil {
		return res, false, payment.Errorf(payment.CodeBadAnswer, "paycloud: the notification is %w", err)
	}
	top, err := envelope.texts()
	if err != nil {
		return res, false, payment.Errorf(payment.CodeBadAnswer, "paycloud: the notification cannot be read")
	}
	trusted = d.keys.platform != nil && top.verify(d.keys.platform) == nil
	biz, whole := maps.Clone(top), maps.Clone(envelope)
	for _, wrapper := range wrappers {
		inner, found, err := content(envelope[wrapper])
		texts, unreadable := inner.texts()
		if err != nil || unreadable != nil {
			return res, false, payment.Errorf(payment.CodeBadAnswer, "paycloud: the %s of a notification cannot be read", wrapper)
		}
		if found {
			maps.Copy(biz, texts)
			maps.Copy(whole, inner)
		}
	}
	number := biz["merchant_order_no"]
	if !payment.ValidNumber(number) || biz["merchant_no"] != d.settings.merchant {
		return res, false, payment.Errorf(payment.CodeWrongOrder, "paycloud: a notification about an order that is not ours")
	}
	if !trusted {
		return payment.Result{Number: number}, false, nil
	}
	asked := payment.Order{Number: number, Asked: payment.Amounts{Amount: payment.FromMinor(0, d.settings.currency)}}
	res, err = d.resultOf(asked, biz, masked(nil, whole))
	return res, true, err
}
