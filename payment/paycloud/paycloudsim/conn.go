package paycloudsim

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const (
	// maxRequest protects the simulator; no limit is documented.
	maxRequest = 1 << 20
	writeTime  = 10 * time.Second
	// idleTime is how long a connection may say nothing.
	idleTime = 5 * time.Minute
)

// serve answers the requests of one connection.
func (c *Cloud) serve(conn net.Conn) {
	in := bufio.NewReader(conn)
	for {
		_ = conn.SetReadDeadline(time.Now().Add(idleTime)) // a failure shows at the read
		req, err := http.ReadRequest(in)
		if err != nil {
			return
		}
		body, err := io.ReadAll(io.LimitReader(req.Body, maxRequest+1))
		if err != nil || len(body) > maxRequest {
			return
		}
		a := c.hear(req, body)
		if !c.say(conn, in, a) || req.Close {
			return
		}
	}
}

// response is what goes back over HTTP, and how.
type response struct {
	status int
	kind   string
	body   []byte
	how    Reply
	delay  time.Duration
	// after, if set, has to happen before the answer.
	after <-chan struct{}
}

// say writes a response. It reports whether the connection lives.
func (c *Cloud) say(conn net.Conn, in *bufio.Reader, a response) bool {
	if a.after != nil && !c.life.Await(a.after) || !c.life.Sleep(a.delay) {
		return false
	}
	text := c.whole(a)
	switch a.how {
	case HangUp:
		return false
	case None:
		_ = conn.SetReadDeadline(time.Time{})
		_, _ = io.Copy(io.Discard, in) // until the client or the cloud gives up
		return false
	case Torn:
		text = text[:len(text)-len(a.body)/2]
	}
	_ = conn.SetWriteDeadline(time.Now().Add(writeTime))
	_, err := conn.Write(text)
	return err == nil && a.how != Torn
}

// whole is the response as bytes.
func (c *Cloud) whole(a response) []byte {
	head := "HTTP/1.1 " + strconv.Itoa(a.status) + " " + http.StatusText(a.status) + "\r\n" +
		"Date: " + c.opts.Now().UTC().Format(http.TimeFormat) + "\r\n" +
		"Content-Type: " + a.kind + "\r\n" +
		"Content-Length: " + strconv.Itoa(len(a.body)) + "\r\n\r\n"
	return append([]byte(head), a.body...)
}

// page is an answer for people.
func page(status int) response {
	return response{status: status, kind: "text/html", body: fmt.Appendf(nil,
		"<html><head><title>%d %s</title></head><body><h1>%[2]s</h1></body></html>", status, http.StatusText(status))}
}

// paths are where the platform listens, and the method that a path is for (§3).
var paths = map[string]string{
	"/api/entry":            "",
	"/api/entry/ecrorder":   methodOrder,
	"/api/entry/orderquery": methodQuery,
	"/api/entry/ecrclose":   methodClose,
}

// readBody reads a body in either form (§3).
func readBody(req *http.Request, body []byte) (message, error) {
	if strings.HasPrefix(req.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, err
		}
		m := message{}
		for name, values := range form {
			m[name] = quoted(values[0])
		}
		return m, nil
	}
	return parseMessage(body)
}
