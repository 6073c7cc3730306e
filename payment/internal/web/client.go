package web

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"tillkeeper/payment"
)

// Client makes connections. Dial must be set.
type Client struct {
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Roots are the certificate authorities trusted; nil is the system's.
	Roots *x509.CertPool
	// Private refuses hosts that are neither private nor loopback addresses.
	Private bool
	// ConnectTime bounds a connection, TLS included; 0 leaves it to the context.
	ConnectTime time.Duration
	// MaxBody bounds an answer's body; 0 is 1 MiB.
	MaxBody int64
	// Now is the clock for certificates; nil is time.Now.
	Now func() time.Time
}

// Request is one HTTP request.
type Request struct {
	Method string
	URL    *url.URL
	Header http.Header
	// Body is sent with its length; nil sends neither body nor length.
	Body []byte
}

// Response is a whole answer.
type Response struct {
	Status int
	Header http.Header
	Body   []byte
}

// Conn is a connection for one request. It must be closed.
type Conn struct {
	conn    net.Conn
	maxBody int64
}

// Connect connects to the host of u. All of its errors wrap ErrNotSent.
func (c *Client) Connect(ctx context.Context, u *url.URL) (*Conn, error) {
	if c.ConnectTime > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, c.ConnectTime)
		defer cancel()
	}
	conn, err := c.Dial(ctx, "tcp", hostPort(u))
	if err != nil {
		return nil, notConnected(ctx, err)
	}
	if err := c.allowed(conn); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	if u.Scheme == "https" {
		secured := tls.Client(conn, &tls.Config{ServerName: u.Hostname(), RootCAs: c.Roots, MinVersion: tls.VersionTLS12, Time: c.Now})
		if err := secured.HandshakeContext(ctx); err != nil {
			_ = conn.Close() // the handshake's failure says more
			return nil, notConnected(ctx, err)
		}
		conn = secured
	}
	return &Conn{conn: conn, maxBody: c.MaxBody}, nil
}

// Ask connects and runs one request. It is for requests that move no money.
func (c *Client) Ask(ctx context.Context, r Request) (Response, error) {
	conn, err := c.Connect(ctx, r.URL)
	if err != nil {
		return Response{}, err
	}
	defer conn.Close()
	return conn.Do(ctx, r)
}

func hostPort(u *url.URL) string {
	port := u.Port()
	switch {
	case port != "":
	case u.Scheme == "https":
		port = "443"
	default:
		port = "80"
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// allowed looks at the address that a name led to.
func (c *Client) allowed(conn net.Conn) error {
	remote, ok := conn.RemoteAddr().(*net.TCPAddr)
	if !c.Private || !ok {
		return nil
	}
	ip, _ := netip.AddrFromSlice(remote.IP)
	if !nearby(ip) {
		return payment.NotSent(payment.CodeNotReached, "%s is not an address of the local network", ip)
	}
	return nil
}

// nearby reports whether ip can be in the same shop.
func nearby(ip netip.Addr) bool {
	ip = ip.Unmap()
	return ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast()
}

func notConnected(ctx context.Context, err error) error {
	var invalid x509.CertificateInvalidError
	var verify *tls.CertificateVerificationError
	switch {
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return payment.NotSent(payment.CodeCertificate, "connect: the server's certificate has expired or is not valid yet: %w", err)
	case errors.As(err, &verify):
		return payment.NotSent(payment.CodeCertificate, "connect: the server cannot prove who it is: %w", err)
	case errors.Is(ctx.Err(), context.Canceled):
		return payment.NotSent(payment.CodeWithdrawn, "connect: %w", err)
	}
	return payment.NotSent(payment.CodeNotReached, "connect: %w", err)
}

// Close ends the connection.
func (c *Conn) Close() error { return c.conn.Close() }

// Do sends the request, once, and reads the whole answer. Whatever its error: the
// request may have been taken.
func (c *Conn) Do(ctx context.Context, r Request) (Response, error) {
	release := context.AfterFunc(ctx, func() { _ = c.conn.SetDeadline(time.Unix(1, 0)) })
	defer release()
	if deadline, ok := ctx.Deadline(); ok {
		_ = c.conn.SetDeadline(deadline) // a connection that cannot is bounded by the line above
	}
	req := &http.Request{
		Method: r.Method, URL: r.URL, Host: r.URL.Host, Header: r.Header.Clone(), Close: true,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
	if req.Header == nil {
		req.Header = http.Header{}
	}
	if len(req.Header["User-Agent"]) == 0 {
		req.Header.Set("User-Agent", "Tillkeeper")
	}
	if r.Body != nil {
		req.ContentLength, req.Body = int64(len(r.Body)), io.NopCloser(bytes.NewReader(r.Body))
	}
	// One write, so that a request is torn only by the network.
	var whole bytes.Buffer
	if err := req.Write(&whole); err != nil {
		return Response{}, payment.Errorf(payment.CodeInternal, "write the request: %w", err)
	}
	if _, err := c.conn.Write(whole.Bytes()); err != nil {
		return Response{}, lost(ctx, "send", err)
	}
	return c.read(ctx, req)
}

func (c *Conn) read(ctx context.Context, req *http.Request) (Response, error) {
	limit := c.maxBody
	if limit == 0 {
		limit = 1 << 20
	}
	in := bufio.NewReader(io.LimitReader(c.conn, limit+maxHead))
	resp, err := http.ReadResponse(in, req)
	for err == nil && resp.StatusCode < 200 {
		resp, err = http.ReadResponse(in, req) // "100 Continue" and its kin are no answers
	}
	if err != nil {
		return Response{}, lost(ctx, "read", err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err != nil {
		return Response{}, lost(ctx, "read", err)
	}
	if int64(len(body)) > limit {
		return Response{}, payment.Errorf(payment.CodeBadAnswer, "the answer is longer than %d bytes", limit)
	}
	return Response{Status: resp.StatusCode, Header: resp.Header, Body: body}, nil
}

// maxHead is what an answer's head may take up beside its body.
const maxHead = 64 << 10

// lost sorts what ended an exchange: the caller, the time, or the connection.
func lost(ctx context.Context, what string, err error) error {
	var timeout net.Error
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return payment.Errorf(payment.CodeNoAnswer, "%s: given up: %w", what, ctx.Err())
	case ctx.Err() != nil, errors.As(err, &timeout) && timeout.Timeout():
		return payment.Errorf(payment.CodeNoAnswer, "%s: no answer in time: %w", what, err)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.ErrClosedPipe):
		return payment.Errorf(payment.CodeLinkLost, "%s: the connection ended before the answer: %w", what, err)
	case errors.As(err, new(*net.OpError)):
		return payment.Errorf(payment.CodeLinkLost, "%s: %w", what, err)
	}
	return payment.Errorf(payment.CodeBadAnswer, "%s: %w", what, err)
}
