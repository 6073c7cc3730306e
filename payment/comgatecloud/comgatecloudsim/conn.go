package comgatecloudsim

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

const (
	writeTime  = 10 * time.Second
	maxRequest = 1 << 20
	// oversized is longer than any client should take.
	oversized = 2 << 20
)

// object is a JSON object.
type object = map[string]any

// answer is what is to be said to one request.
type answer struct {
	status int
	body   object
	how    Reply
	// after is how long the answer is held back.
	after time.Duration
}

// serve runs one connection, request by request, until it ends.
func (s *Server) serve(raw net.Conn) {
	wire := &wire{r: raw}
	in := bufio.NewReader(wire)
	for {
		wire.left = maxRequest
		req, err := http.ReadRequest(in)
		var body []byte
		if err == nil {
			body, err = io.ReadAll(req.Body)
		}
		if err != nil {
			if !wire.ended {
				s.unreadable(raw)
			}
			return
		}
		if !s.reply(raw, in, req, s.handle(req, body)) || req.Close {
			return
		}
	}
}

// wire is the client's side of a connection, up to a length for each request. It
// knows whether it ended, so that a request torn by the network is no client's fault.
type wire struct {
	r     io.Reader
	left  int
	ended bool
}

func (w *wire) Read(p []byte) (int, error) {
	if w.left <= 0 {
		return 0, errors.New("the request is too long")
	}
	n, err := w.r.Read(p[:min(len(p), w.left)])
	w.left -= n
	w.ended = w.ended || err != nil
	return n, err
}

// unreadable answers what is no HTTP.
func (s *Server) unreadable(raw net.Conn) {
	s.report("", RuleHTTP, "a request that cannot be read")
	// The other side may be gone or never read; the deadline ends it.
	_ = raw.SetWriteDeadline(time.Now().Add(writeTime))
	_, _ = raw.Write(message(http.StatusBadRequest, "text/plain", []byte("Bad Request"), true))
}

// reply says an answer in its manner, and reports whether the connection goes on.
func (s *Server) reply(raw net.Conn, in *bufio.Reader, req *http.Request, a answer) bool {
	if !s.life.Sleep(a.after) {
		return false
	}
	switch a.how {
	case HangUp:
		return false
	case None:
		_, _ = in.Peek(1) // until the client gives up
		return false
	}
	text := a.render(req.Close)
	if a.how == Torn {
		text = text[:len(text)-max(len(text)/4, 1)]
	}
	if err := raw.SetWriteDeadline(time.Now().Add(writeTime)); err != nil {
		return false
	}
	_, err := raw.Write(text)
	return err == nil && a.how != Torn
}

// render writes the answer out, as far as that does not need the connection.
func (a answer) render(last bool) []byte {
	const kind = "application/json; charset=utf-8"
	text, err := json.Marshal(a.body)
	if err != nil {
		return message(http.StatusInternalServerError, "text/plain", []byte(err.Error()), last)
	}
	switch a.how {
	case Malformed:
		text = text[:len(text)/2]
	case Garbage:
		text = []byte("\x00\xff\xfe not JSON \x17")
	case Oversized:
		text = append(bytes.Repeat([]byte(" "), oversized), text...)
	case ErrorPage:
		return message(http.StatusInternalServerError, "text/html", []byte("<html><body>Internal Server Error</body></html>"), last)
	}
	return message(a.status, kind, text, last)
}

// message is a whole HTTP answer; its body has always a said length.
func message(status int, kind string, body []byte, last bool) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n", status, http.StatusText(status), kind, len(body))
	if status == http.StatusUnauthorized {
		b.WriteString("WWW-Authenticate: Basic realm=\"terminal\"\r\n")
	}
	if last {
		b.WriteString("Connection: close\r\n")
	}
	b.WriteString("\r\n")
	b.Write(body)
	return b.Bytes()
}
