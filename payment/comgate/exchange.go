package comgate

import (
	"context"
	"net/http"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/web"
)

// connect opens the connection for a call. All of its errors wrap ErrNotSent.
func (d *Driver) connect(ctx context.Context, call string) (*web.Conn, error) {
	if d.lane.Closed() {
		return nil, d.lane.ErrClosed()
	}
	ctx, release := d.lane.While(ctx)
	defer release()
	conn, err := d.client.Connect(ctx, d.calls[call])
	if err != nil {
		return nil, d.unsent(err)
	}
	return conn, nil
}

// bound returns a context for one call: it ends with the driver, after limit, and
// with ctx; a cancelled ctx leaves it linger more.
func (d *Driver) bound(ctx context.Context, limit, linger time.Duration) (context.Context, context.CancelFunc) {
	following, release := d.lane.Follow(ctx, linger)
	bounded, cancel := context.WithTimeout(following, limit)
	return bounded, func() { cancel(); release() }
}

// send says one request over an open connection and hears the answer.
func (d *Driver) send(ctx context.Context, conn *web.Conn, call string, request any) (answer, error) {
	r := web.Request{Method: http.MethodGet, URL: d.calls[call], Header: http.Header{"Accept": {"application/json"}}}
	if request != nil {
		body, err := encode(request)
		if err != nil {
			return answer{}, payment.Errorf(payment.CodeInternal, "encode the request: %w", err)
		}
		r.Method, r.Body = http.MethodPost, body
		r.Header.Set("Content-Type", "application/json")
	}
	// An end of ctx is to be felt at once, also on a link that is half open.
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	d.debug("said", call, r.Body)
	response, err := conn.Do(ctx, r)
	if err != nil {
		d.log.Debug("no answer", "call", call, "error", err)
		return answer{}, err
	}
	d.debug("heard", call, response.Body)
	return answer{status: response.Status, fields: decode(response.Body), body: response.Body}, nil
}

// ask runs one call that moves no money. An error that wraps ErrNotSent says that
// the terminal was not reached.
func (d *Driver) ask(ctx context.Context, call string, request any) (answer, error) {
	conn, err := d.connect(ctx, call)
	if err != nil {
		return answer{}, err
	}
	defer conn.Close()
	bounded, cancel := d.bound(ctx, d.settings.request, 0)
	defer cancel()
	a, err := d.send(bounded, conn, call, request)
	if err != nil {
		return answer{}, d.lost(err)
	}
	return a, nil
}

// follow is what the calls after a start ask with.
func (d *Driver) follow(number string) followRequest {
	return followRequest{Password: d.settings.password, Number: number}
}

// useless is the error of an answer to a call that moves no money, nil for a good
// one.
func (d *Driver) useless(call string, a answer) error {
	if code := a.trouble(); code != "" {
		return payment.Errorf(code, "comgate: %s: HTTP %d: %s", call, a.status, d.settings.words(a.text()))
	}
	return nil
}
