package ecrhubsim

import (
	"bufio"
	"bytes"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/gorilla/websocket"
)

// upgrade reads the HTTP request from raw and turns the connection into a
// WebSocket. It works on one connection, so that a pipe serves as well as a socket.
func (t *Terminal) upgrade(raw net.Conn) (*websocket.Conn, string, error) {
	if err := raw.SetDeadline(time.Now().Add(handshakeTime)); err != nil {
		return nil, "", err
	}
	in := bufio.NewReader(raw)
	req, err := http.ReadRequest(in)
	if err != nil {
		return nil, "", err
	}
	var out net.Conn = raw
	if t.opts.JavaReason {
		out = &javaReason{Conn: raw}
	}
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	ws, err := up.Upgrade(&hijacked{conn: out, in: in, header: http.Header{}}, req, nil)
	if err != nil {
		return nil, "", err
	}
	return ws, req.URL.Path, nil
}

// hijacked is the response to an upgrade request, with the connection beneath it.
type hijacked struct {
	conn   net.Conn
	in     *bufio.Reader
	header http.Header
}

func (h *hijacked) Header() http.Header { return h.header }

func (h *hijacked) Write(p []byte) (int, error) { return h.conn.Write(p) }

func (h *hijacked) WriteHeader(code int) {
	_, _ = h.conn.Write([]byte(fmt.Sprintf("HTTP/1.1 %d %s", code, http.StatusText(code)) + "\r\nConnection: close\r\n\r\n"))
}

func (h *hijacked) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	return h.conn, bufio.NewReadWriter(h.in, bufio.NewWriter(h.conn)), nil
}

// javaReason gives the first thing written, the upgrade reply, the reason text
// of the library that real terminals use (§2).
type javaReason struct {
	net.Conn
	done bool
}

func (j *javaReason) Write(p []byte) (int, error) {
	if j.done {
		return j.Conn.Write(p)
	}
	j.done = true
	odd := bytes.Replace(p, []byte("101 Switching Protocols"), []byte("101 Web Socket Protocol Handshake"), 1)
	if _, err := j.Conn.Write(odd); err != nil {
		return 0, err
	}
	return len(p), nil
}
