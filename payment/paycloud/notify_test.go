package paycloud_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/drivertest"
	"tillkeeper/payment/paycloud/paycloudsim"
)

// desk is where notifications are made durable.
type desk struct {
	mu    sync.Mutex
	full  bool
	taken []payment.Result
}

func (d *desk) deliver(_ context.Context, r payment.Result) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.full {
		return errors.New("the disk is full")
	}
	d.taken = append(d.taken, r)
	return nil
}

func (d *desk) results() []payment.Result {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]payment.Result(nil), d.taken...)
}

// The whole chain over sockets: the cloud calls the till's own address until the
// result is durable (§9).
func TestNotifications(t *testing.T) {
	for name, c := range map[string]struct {
		out      paycloudsim.Outcome
		full     bool // the disk, for the first attempt
		outcome  payment.Outcome
		attempts int
	}{
		"an approval":                      {paycloudsim.Outcome{}, false, payment.Approved, 1},
		"a refusal":                        {paycloudsim.Outcome{Kind: paycloudsim.Decline}, false, payment.Declined, 1},
		"before the create is answered":    {paycloudsim.Outcome{Notice: paycloudsim.NoticeEarly}, false, payment.Approved, 1},
		"twice":                            {paycloudsim.Outcome{Notice: paycloudsim.NoticeTwice}, false, payment.Approved, 2},
		"a stale one after it":             {paycloudsim.Outcome{Notice: paycloudsim.NoticeStale}, false, payment.Approved, 2},
		"wrongly signed: a query decides":  {paycloudsim.Outcome{Notice: paycloudsim.NoticeBad}, false, payment.Approved, 1},
		"not taken while the disk is full": {paycloudsim.Outcome{}, true, payment.Approved, 2},
	} {
		t.Run(name, func(t *testing.T) {
			books := &desk{full: c.full}
			r := &rig{Bench: drivertest.Bench{T: t}}
			cloud := newCloud(t, paycloudsim.Options{NotifyScale: 0.01, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
				conn, err := (&net.Dialer{}).DialContext(ctx, network, r.NotifyAddr().String())
				return conn, err
			}})
			defer cloud.Close()
			r.cloud = cloud
			if err := r.open(setup{keepAlive: true, deliver: books.deliver, settings: map[string]string{
				"notify_url": "http://shop.example.com/notify", "notify_listen": "127.0.0.1:0", "poll_every": "30s",
			}}); err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			cloud.Script(c.out)
			ctx, cancel := context.WithCancel(t.Context())
			done := make(chan struct{})
			go func() {
				defer close(done)
				_, _ = r.Do(ctx, sale("A1", "10"), nil) // the notification is first
			}()
			until(t, func() bool {
				n := len(cloud.Deliveries())
				books.mu.Lock()
				books.full = books.full && n == 0
				books.mu.Unlock()
				return n >= c.attempts
			})
			cancel()
			<-done
			taken := books.results()
			if len(taken) == 0 || taken[0].Outcome != c.outcome || taken[0].Number != "A1" || taken[0].Facts.Amounts.Amount.Text() != "10.00" {
				t.Errorf("delivered %+v", taken)
			}
			for _, again := range taken {
				if again.Outcome != c.outcome {
					t.Errorf("delivered %s, too", again.Outcome)
				}
			}
			if all := cloud.Deliveries(); len(all) != c.attempts || !all[len(all)-1].Acknowledged || all[0].Acknowledged == c.full {
				t.Errorf("attempts: %+v", all)
			}
		})
	}
}

// until waits for something that happens in real time.
func until(t *testing.T, done func() bool) {
	t.Helper()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(20 * time.Second); !done(); <-tick.C {
		if time.Now().After(end) {
			t.Fatal("it does not happen")
		}
	}
}

// What is no notification about an order of ours is not acknowledged, and changes
// nothing.
func TestWhatIsNotANotification(t *testing.T) {
	books := &desk{}
	in(t, setup{deliver: books.deliver}, func(t *testing.T, r *rig) {
		for name, body := range map[string]string{
			"nothing":          ``,
			"words":            `paid!`,
			"a page":           `<html>`,
			"another merchant": `{"merchant_no":"999","merchant_order_no":"A1","trans_status":2}`,
			"no number":        `{"merchant_no":"312300000001","trans_status":2}`,
			"an odd number":    `{"merchant_no":"312300000001","merchant_order_no":"A/../1","trans_status":2}`,
			"an unknown order": `{"merchant_no":"312300000001","merchant_order_no":"A1","trans_status":2,"order_amount":"10"}`,
			"torn data":        `{"merchant_no":"312300000001","merchant_order_no":"A1","data":"{\"trans"}`,
			"too long":         `{"merchant_no":"312300000001","pad":"` + strings.Repeat("x", 70<<10) + `"}`,
			"the real one":     file(t, "v6_notification.json"),
		} {
			w := httptest.NewRecorder()
			r.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/notify", strings.NewReader(body)))
			if w.Code == http.StatusOK || strings.Contains(w.Body.String(), "success") {
				t.Errorf("%s is acknowledged: %d %q", name, w.Code, w.Body)
			}
		}
		w := httptest.NewRecorder()
		r.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/notify", nil))
		if w.Code != http.StatusBadRequest || len(books.results()) > 0 {
			t.Errorf("%d, %+v", w.Code, books.results())
		}
	})
}

// A forged notification about an order of ours has the platform asked, and what the
// platform says is what counts; inside data or biz_data as well.
func TestForgedNotifications(t *testing.T) {
	books := &desk{}
	in(t, setup{deliver: books.deliver}, func(t *testing.T, r *rig) {
		r.cloud.Script(paycloudsim.Outcome{Kind: paycloudsim.Decline})
		r.Must(sale("A1", "10"), payment.Declined)
		for _, body := range []string{
			`{"merchant_no":"312300000001","merchant_order_no":"A1","trans_status":2,"order_amount":"10"}`,
			`{"data":"{\"merchant_no\":\"312300000001\",\"merchant_order_no\":\"A1\",\"trans_status\":2}"}`,
			`{"biz_data":{"merchant_no":"312300000001","merchant_order_no":"A1","trans_status":2}}`,
		} {
			w := httptest.NewRecorder()
			r.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/notify", strings.NewReader(body)))
			if w.Body.String() != "success" {
				t.Errorf("%d %q", w.Code, w.Body)
			}
		}
		all := books.results()
		if len(all) != 3 {
			t.Fatalf("delivered %+v", all)
		}
		for _, res := range all {
			if res.Outcome != payment.Declined {
				t.Errorf("delivered %s", res.Outcome)
			}
		}
	})
}
