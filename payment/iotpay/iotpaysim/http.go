package iotpaysim

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"strings"
	"time"
)

const (
	// base is where the functions of the gateway are (§1).
	base       = "/v1/"
	pathCreate = base + "create_order"
	pathQuery  = base + "query_order"
	pathRefund = base + "refund_order"

	idleTime  = 90 * time.Second
	writeTime = 10 * time.Second
	// No limit is documented; this one only protects the simulator.
	maxRequest = 1 << 20
)

// reply is an answer on its way, and what is to go wrong with it.
type reply struct {
	status int // 0 is 200
	page   bool
	body   string
	how    Reply
	hangUp bool
}

// serve hears requests until the connection ends.
func (g *Gateway) serve(c net.Conn) {
	in := bufio.NewReader(c)
	for {
		// An error here shows at the next read.
		_ = c.SetReadDeadline(time.Now().Add(idleTime))
		if _, err := in.Peek(1); err != nil {
			return
		}
		req, err := http.ReadRequest(in)
		if err != nil {
			if !broken(err) {
				g.report("", RuleHTTP, "not HTTP")
				g.send(c, errorPage(http.StatusBadRequest), true)
			}
			return
		}
		if strings.EqualFold(req.Header.Get("Expect"), "100-continue") {
			if _, err := io.WriteString(c, "HTTP/1.1 100 Continue\r\n\r\n"); err != nil {
				return
			}
		}
		body, err := io.ReadAll(io.LimitReader(req.Body, maxRequest+1))
		if err != nil {
			return
		}
		if len(body) > maxRequest {
			g.send(c, errorPage(http.StatusRequestEntityTooLarge), true)
			return
		}
		_ = c.SetReadDeadline(time.Time{}) // a sale takes its time
		g.note(req.URL.Path, body)
		r := g.handle(req, body)
		last := req.Close || req.ProtoMinor == 0
		if r.hangUp || !g.send(c, r, last) || last {
			return
		}
	}
}

// broken reports whether the connection failed, rather than what came over it.
func broken(err error) bool {
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.ErrClosedPipe)
}

// handle finds the function of a request.
func (g *Gateway) handle(req *http.Request, body []byte) reply {
	functions := map[string]func(*request) reply{
		pathCreate: g.create, pathQuery: g.query, pathRefund: g.refund,
	}
	function := functions[req.URL.Path]
	if function == nil {
		g.report("", RuleHTTP, "no such path: "+req.URL.Path)
		return errorPage(http.StatusNotFound)
	}
	if req.Method != http.MethodPost {
		g.report("", RuleHTTP, "method "+req.Method)
		return errorPage(http.StatusMethodNotAllowed)
	}
	if kind, _, err := mime.ParseMediaType(req.Header.Get("Content-Type")); err != nil || kind != "application/x-www-form-urlencoded" {
		g.report("", RuleHTTP, "content type "+req.Header.Get("Content-Type"))
	}
	r, no := g.read(string(body))
	if no != nil {
		return g.refuse(no)
	}
	if no := g.trusted(r); no != nil {
		return g.refuse(no)
	}
	return function(r)
}

// send writes an answer, or does to it what it says. It reports whether the
// connection can go on.
func (g *Gateway) send(c net.Conn, r reply, last bool) bool {
	if r.how == None {
		// Nothing is ever said; the client's end, or ours, is the end.
		_, _ = io.Copy(io.Discard, c)
		return false
	}
	kind, status := "application/json;charset=UTF-8", r.status
	if r.page {
		kind = "text/html"
	}
	if status == 0 {
		status = http.StatusOK
	}
	connection := ""
	if last {
		connection = "Connection: close\r\n"
	}
	whole := fmt.Sprintf("HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n%s\r\n%s",
		status, http.StatusText(status), kind, len(r.body), connection, r.body)
	switch r.how {
	case Torn:
		whole = whole[:len(whole)-len(r.body)/2]
	case Twice:
		whole += whole
	}
	_ = c.SetWriteDeadline(time.Now().Add(writeTime)) // an error shows at the write
	_, err := io.WriteString(c, whole)
	return err == nil && r.how != Torn && r.how != Twice
}

func errorPage(status int) reply {
	text := fmt.Sprintf("%d %s", status, http.StatusText(status))
	return reply{status: status, page: true, body: "<html><head><title>" + text + "</title></head><body><h1>" + text + "</h1></body></html>"}
}
