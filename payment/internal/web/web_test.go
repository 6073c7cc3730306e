package web_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"tillkeeper/payment"
	"tillkeeper/payment/internal/web"
)

func client() *web.Client {
	return &web.Client{Dial: (&net.Dialer{}).DialContext, ConnectTime: 5 * time.Second}
}

func parse(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func TestARequestIsSentOnceAsItIs(t *testing.T) {
	var requests atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		body := make([]byte, 100)
		n, _ := r.Body.Read(body)
		w.Header().Set("Echo", r.Method+" "+r.URL.Path+" "+r.Header.Get("X-A")+" "+string(body[:n]))
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	}))
	defer server.Close()
	got, err := client().Ask(t.Context(), web.Request{
		Method: "POST", URL: parse(t, server.URL+"/pay"), Header: http.Header{"X-A": {"1"}}, Body: []byte("once"),
	})
	if err != nil || got.Status != 307 || got.Header.Get("Echo") != "POST /pay 1 once" || requests.Load() != 1 {
		t.Errorf("%d requests, %v, %+v", requests.Load(), err, got)
	}
}

func TestNothingIsSentWithoutAConnection(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().String()
	_ = l.Close()
	_, err = client().Connect(t.Context(), parse(t, "http://"+address))
	if !errors.Is(err, payment.ErrNotSent) || payment.CodeOf(err) != payment.CodeNotReached {
		t.Errorf("nobody listens: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err = client().Connect(ctx, parse(t, "http://"+address)); payment.CodeOf(err) != payment.CodeWithdrawn {
		t.Errorf("given up: %v", err)
	}
	c := client()
	c.Private = true
	c.Dial = func(context.Context, string, string) (net.Conn, error) { return public{}, nil }
	if _, err = c.Connect(t.Context(), parse(t, "http://name.example")); !errors.Is(err, payment.ErrNotSent) {
		t.Errorf("a name that leads to the internet: %v", err)
	}
}

// public is a connection to the internet.
type public struct{ net.Conn }

func (public) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(203, 0, 113, 9), Port: 80} }
func (public) Close() error         { return nil }

func TestAConnectionThatBreaksLeavesItOpenWhatHappened(t *testing.T) {
	for name, tc := range map[string]struct {
		answer string
		code   payment.Code
	}{
		"nothing":           {"", payment.CodeLinkLost},
		"half a head":       {"HTTP/1.1 200 OK\r\nContent-Le", payment.CodeBadAnswer},
		"half a body":       {"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{", payment.CodeLinkLost},
		"no HTTP":           {"ICY 200 OK\r\n\r\n", payment.CodeBadAnswer},
		"a very long body":  {"HTTP/1.1 200 OK\r\n\r\n" + strings.Repeat("x", 2000), payment.CodeBadAnswer},
		"continue, and end": {"HTTP/1.1 100 Continue\r\n\r\n", payment.CodeLinkLost},
	} {
		t.Run(name, func(t *testing.T) {
			c := client()
			c.MaxBody = 1000
			c.Dial = answering(tc.answer)
			_, err := c.Ask(t.Context(), web.Request{Method: "GET", URL: parse(t, "http://h/x")})
			if payment.CodeOf(err) != tc.code || errors.Is(err, payment.ErrNotSent) {
				t.Errorf("%v (%s)", err, payment.CodeOf(err))
			}
		})
	}
}

// answering returns a dialer to a server that reads a request, says answer, and
// hangs up.
func answering(answer string) func(context.Context, string, string) (net.Conn, error) {
	return func(context.Context, string, string) (net.Conn, error) {
		till, server := net.Pipe()
		go func() {
			defer server.Close()
			_, _ = server.Read(make([]byte, 4096))
			_, _ = server.Write([]byte(answer))
		}()
		return till, nil
	}
}

func TestWaitingEndsWithItsContext(t *testing.T) {
	for _, end := range []string{"cancel", "deadline"} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			if end == "cancel" {
				time.AfterFunc(time.Second, cancel)
			}
			c := client()
			till, server := net.Pipe()
			defer server.Close()
			go func() { _, _ = server.Read(make([]byte, 4096)) }()
			c.Dial = func(context.Context, string, string) (net.Conn, error) { return till, nil }
			begin := time.Now()
			_, err := c.Ask(ctx, web.Request{Method: "GET", URL: parse(t, "http://h/x")})
			if took := time.Since(begin); payment.CodeOf(err) != payment.CodeNoAnswer || took > time.Minute {
				t.Errorf("%s: %v after %v", end, err, took)
			}
		})
	}
}

func TestTheServerMustProveWhoItIs(t *testing.T) {
	now := time.Now()
	for _, tc := range []struct {
		name     string
		until    time.Time
		host     string
		trusted  bool
		accepted bool
	}{
		{"trusted", now.Add(time.Hour), "127.0.0.1", true, true},
		{"expired", now.Add(-time.Hour), "127.0.0.1", true, false},
		{"unknown authority", now.Add(time.Hour), "127.0.0.1", false, false},
		{"another name", now.Add(time.Hour), "127.0.0.2", true, false},
	} {
		cert := certificate(t, tc.host, tc.until)
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok")) }))
		server.TLS = &tls.Config{Certificates: []tls.Certificate{cert}}
		server.Config.ErrorLog = nil
		server.StartTLS()
		c := client()
		c.Roots = x509.NewCertPool()
		if tc.trusted {
			c.Roots.AddCert(cert.Leaf)
		}
		got, err := c.Ask(t.Context(), web.Request{Method: "GET", URL: parse(t, server.URL)})
		switch {
		case tc.accepted && (err != nil || string(got.Body) != "ok"):
			t.Errorf("%s: %v", tc.name, err)
		case !tc.accepted && (payment.CodeOf(err) != payment.CodeCertificate || !errors.Is(err, payment.ErrNotSent)):
			t.Errorf("%s: %v", tc.name, err)
		}
		server.Close()
	}
}

func certificate(t *testing.T, host string, until time.Time) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, IPAddresses: []net.IP{net.ParseIP(host)},
		NotBefore: until.Add(-24 * time.Hour), NotAfter: until, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}
}

func TestAddresses(t *testing.T) {
	lan := web.Form{Protocol: "comgate", Port: 33350, Path: "/paya", LAN: true}
	cloud := web.Form{Protocol: "iotpay", Host: "api.example.com", Path: "/v1/"}
	for _, tc := range []struct {
		form         web.Form
		text         string
		normal, base string
	}{
		{lan, "comgate://192.168.1.50", "comgate://192.168.1.50:33350/paya", "http://192.168.1.50:33350/paya"},
		{lan, " 10.0.0.7:80/x/ ", "comgate://10.0.0.7:80/x", "http://10.0.0.7:80/x"},
		{lan, "COMGATE+http://Terminal.local", "comgate://terminal.local:33350/paya", "http://terminal.local:33350/paya"},
		{lan, "comgate://[::1]:1", "comgate://[::1]:1/paya", "http://[::1]:1/paya"},
		{lan, "comgate+https://192.168.1.50", "", ""},
		{lan, "comgate://93.184.216.34", "", ""},
		{lan, "comgate://0.0.0.0", "", ""},
		{lan, "comgate://", "", ""},
		{lan, "comgate://a b", "", ""},
		{lan, "comgate://u:p@192.168.1.50", "", ""},
		{lan, "comgate://192.168.1.50:0", "", ""},
		{lan, "comgate://192.168.1.50:99999", "", ""},
		{lan, "comgate://192.168.1.50/?a=b", "", ""},
		{lan, "iotpay://192.168.1.50", "", ""},
		{cloud, "iotpay://", "iotpay://api.example.com/v1", "https://api.example.com/v1"},
		{cloud, "iotpay+https://h.example:8443/v2/", "iotpay://h.example:8443/v2", "https://h.example:8443/v2"},
		{cloud, "iotpay+http://127.0.0.1:8080", "iotpay+http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1"},
		{cloud, "iotpay+http://localhost:1/", "iotpay+http://localhost:1/v1", "http://localhost:1/v1"},
		{cloud, "iotpay+http://h.example", "", ""},
		{cloud, "iotpay+http://192.168.1.5", "", ""},
		{cloud, "iotpay+ftp://h.example", "", ""},
	} {
		normal, base, err := tc.form.Parse(tc.text)
		switch {
		case tc.normal == "" && payment.CodeOf(err) != payment.CodeBadAddress:
			t.Errorf("%q: %q, %v", tc.text, normal, err)
		case tc.normal != "" && (err != nil || normal != tc.normal || base.String() != tc.base):
			t.Errorf("%q: %q, %v, %v", tc.text, normal, base, err)
		case tc.normal != "":
			if again, _, err := tc.form.Parse(normal); err != nil || again != normal {
				t.Errorf("the normal form %q becomes %q, %v", normal, again, err)
			}
		}
	}
}

func TestPulse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		down := payment.NotSent(payment.CodeNotReached, "no")
		probes, states := 0, []payment.LinkState{}
		p := web.Pulse{
			Every: 15 * time.Second, FirstWait: time.Second, LongestWait: 30 * time.Second, Now: time.Now,
			Tell: func(s payment.LinkState) { states = append(states, s) },
			Probe: func(context.Context) error {
				if probes++; probes == 2 {
					return down
				}
				return nil
			},
		}
		p.Start()
		time.Sleep(16 * time.Second)
		synctest.Wait()
		if len(states) < 2 || !states[0].Up || states[1].Up || !errors.Is(states[1].Err, down) || states[1].Alive.IsZero() {
			t.Errorf("states: %+v", states)
		}
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if len(states) < 3 || !states[2].Up {
			t.Errorf("it did not come back: %+v", states)
		}
		p.Close()
		p.Close()
	})
	var idle web.Pulse
	idle.Close()
}
