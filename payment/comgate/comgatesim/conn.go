package comgatesim

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"time"
)

const (
	idleTime  = 5 * time.Minute
	writeTime = 10 * time.Second
	// No limit is documented; this one only protects the simulator.
	maxRequest = 1 << 20
)

// conn is one client's connection.
type conn struct {
	net.Conn
	in *bufio.Reader
}

// object is a JSON object.
type object = map[string]any

// reply is what a request is answered with.
type reply struct {
	status int
	kind   string // content type; empty means JSON
	body   []byte
	how    Reply // None, Torn, Twice, or as it should be
	hangUp bool
	after  func() // when it has left
}

func say(status int, body object) reply {
	text, err := json.Marshal(body)
	if err != nil {
		return reply{status: http.StatusInternalServerError, kind: "text/plain", body: []byte(err.Error())}
	}
	return reply{status: status, body: text}
}

func plain(status int) reply {
	return reply{status: status, kind: "text/plain; charset=utf-8", body: []byte(fmt.Sprintf("%d %s\n", status, http.StatusText(status)))}
}

// serve runs one connection to its end. It reads requests itself: it has to be able
// to answer half, twice, or not at all.
func (t *Terminal) serve(raw net.Conn) {
	c := &conn{Conn: raw, in: bufio.NewReaderSize(raw, maxHead)}
	for {
		// Errors of deadlines show at the next read or write.
		_ = c.SetReadDeadline(time.Now().Add(idleTime))
		req, err := c.request()
		if err != nil {
			t.misread(c, err)
			return
		}
		r := t.take(c, req)
		_ = c.SetWriteDeadline(time.Now().Add(writeTime))
		if err := c.write(req, r); err != nil || r.hangUp || req.Close || r.how != Proper {
			t.afterwards(r)
			return
		}
		t.afterwards(r)
	}
}

func (t *Terminal) afterwards(r reply) {
	if r.after != nil {
		t.life.Go(r.after)
	}
}

// maxHead is the longest head of a request.
const maxHead = 16 << 10

var (
	requestLine = regexp.MustCompile(`^[A-Z]+ \S+ HTTP/1\.[01]\r?\n$`)
	errTorn     = errors.New("the connection ended")
)

// request reads a head, which must be whole before it is looked at: one that was
// torn by the network is no fault of the client.
func (c *conn) request() (*http.Request, error) {
	for {
		_, err := c.in.Peek(c.in.Buffered() + 1) // waits for more
		head, _ := c.in.Peek(c.in.Buffered())
		if line := bytes.IndexByte(head, '\n'); line >= 0 && !requestLine.Match(head[:line+1]) {
			return nil, errors.New("no request line of HTTP/1")
		}
		switch {
		case bytes.Contains(head, []byte("\n\r\n")) || bytes.Contains(head, []byte("\n\n")):
			return http.ReadRequest(c.in)
		case errors.Is(err, bufio.ErrBufferFull):
			return nil, errors.New("a head without end")
		case err != nil:
			return nil, errTorn
		}
	}
}

// misread answers what is no HTTP; a connection that just ended needs no answer.
func (t *Terminal) misread(c *conn, err error) {
	if errors.Is(err, errTorn) {
		return
	}
	t.report("", RuleHTTP, err.Error())
	_ = c.SetWriteDeadline(time.Now().Add(writeTime))
	_ = c.write(nil, plain(http.StatusBadRequest)) // it may be gone already
}

// take reads the body and answers the request.
func (t *Terminal) take(c *conn, req *http.Request) reply {
	if strings.EqualFold(req.Header.Get("Expect"), "100-continue") {
		_, _ = io.WriteString(c, "HTTP/1.1 100 Continue\r\n\r\n")
	}
	// Without a length and without chunks there is no body, also of a POST.
	body, err := io.ReadAll(io.LimitReader(req.Body, maxRequest+1))
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, new(net.Error)) || errors.Is(err, io.ErrClosedPipe):
		return reply{hangUp: true} // torn by the network
	case err != nil:
		t.report("", RuleHTTP, err.Error())
		r := plain(http.StatusBadRequest)
		r.hangUp = true
		return r
	case len(body) > maxRequest:
		t.report("", RuleHTTP, "a body of more than a megabyte")
		return reply{status: http.StatusRequestEntityTooLarge, kind: "text/plain", hangUp: true}
	}
	r := t.answer(req, body)
	t.note(req.Method, req.URL.Path, string(body), r)
	return r
}

// write says the answer, in one piece.
func (c *conn) write(req *http.Request, r reply) error {
	switch {
	case r.how == None:
		// The request stays unanswered until the client gives up.
		_, err := io.Copy(io.Discard, c.in)
		return err
	case r.status == 0:
		return nil
	}
	kind := r.kind
	if kind == "" {
		kind = "application/json; charset=utf-8"
	}
	closing := ""
	if req == nil || req.Close || r.hangUp || r.how != Proper {
		closing = "Connection: close\r\n"
	}
	head := fmt.Sprintf("HTTP/1.1 %d %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n%s\r\n",
		r.status, http.StatusText(r.status), kind, len(r.body), closing)
	message := append([]byte(head), r.body...)
	if r.how == Torn {
		message = message[:len(head)+len(r.body)/2]
	}
	_, err := c.Conn.Write(message)
	if r.how == Twice && err == nil {
		_, err = c.Conn.Write(message)
	}
	return err
}
