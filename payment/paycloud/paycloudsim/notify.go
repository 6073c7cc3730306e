package paycloudsim

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"tillkeeper/payment/internal/web"
)

// waits are the pauses between the 15 attempts to deliver a notification (§9.3).
var waits = []time.Duration{
	5 * time.Second, 10 * time.Second, 15 * time.Second, 30 * time.Second, 60 * time.Second, 3 * time.Minute, 10 * time.Minute,
	15 * time.Minute, 30 * time.Minute, 30 * time.Minute, 30 * time.Minute, 3 * time.Hour, 3 * time.Hour, 3 * time.Hour,
}

// ackTime is how long an acknowledgement may take; ack is what it must say.
const (
	ackTime = 5 * time.Second
	ack     = "success"
)

// Delivery is one attempt to deliver a notification.
type Delivery struct {
	Order        string
	Attempt      int
	Acknowledged bool
	Err          error
}

// Deliveries are all attempts, oldest first.
func (c *Cloud) Deliveries() []Delivery {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.notified)
}

// notify tells the result of an order, until somebody acknowledges it.
func (c *Cloud) notify(o *order) {
	to, err := url.Parse(o.notifyURL)
	if o.notifyURL == "" || err != nil || o.outcome.Notice == NoNotice || !c.life.Sleep(o.outcome.NoticeDelay) {
		return
	}
	for attempt := 1; ; attempt++ {
		acknowledged, err := c.deliver(to, c.notice(o, attempt))
		c.mu.Lock()
		c.notified = append(c.notified, Delivery{o.number, attempt, acknowledged, err})
		c.mu.Unlock()
		done := acknowledged && (o.outcome.Notice != NoticeTwice && o.outcome.Notice != NoticeStale || attempt > 1)
		if done || attempt > len(waits) || !c.life.Sleep(time.Duration(float64(waits[attempt-1])*c.opts.NotifyScale)) {
			return
		}
	}
}

// notice is the body of one attempt (§9.2).
func (c *Cloud) notice(o *order, attempt int) []byte {
	c.mu.Lock()
	data := c.state(o, Proper)
	c.serial++
	serial, now := c.serial, c.opts.Now()
	c.mu.Unlock()
	if o.outcome.Notice == NoticeStale && attempt > 1 {
		data["trans_status"] = stateProcessing
	}
	m := message{
		"method": quoted("payment.result.notify"), "app_id": quoted(c.opts.AppID), "charset": quoted("UTF-8"), "format": quoted("JSON"),
		"sign_type": quoted("RSA2"), "version": quoted("1.0"), "timestamp": quoted(strconv.FormatInt(now.UnixMilli(), 10)),
		"http_request_id": quoted(fmt.Sprintf("%s%010d", now.UTC().Format("0102150405"), serial)),
	}
	for name, value := range data {
		raw, err := json.Marshal(value)
		if err == nil {
			m[name] = raw
		}
	}
	m["sign"] = quoted(m.signed(c.opts.PlatformKey))
	if o.outcome.Notice == NoticeBad && attempt < 3 {
		m["sign"] = quoted(message{}.signed(c.opts.PlatformKey))
	}
	return m.encode()
}

// deliver posts a notification and reads its acknowledgement.
func (c *Cloud) deliver(to *url.URL, body []byte) (acknowledged bool, err error) {
	ctx, cancel := context.WithTimeout(c.life.Context(), ackTime)
	defer cancel()
	client := web.Client{Dial: c.opts.Dial}
	resp, err := client.Ask(ctx, web.Request{
		Method: http.MethodPost, URL: to, Body: body, Header: http.Header{"Content-Type": {"application/json"}},
	})
	if err != nil {
		return false, err
	}
	return resp.Status == http.StatusOK && strings.TrimSpace(string(resp.Body)) == ack, nil
}
