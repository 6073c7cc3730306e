package serve_test

import (
	"context"
	"errors"
	"io"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tillkeeper/payment/internal/serve"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// echo is a server that says everything again.
func echo(t *testing.T) *serve.Server {
	s, _ := serve.New(func(c net.Conn) { _, _ = io.Copy(c, c) })
	t.Cleanup(func() { s.Close() })
	return s
}

// talk says a word over a connection, and reports whether it comes back.
func talk(c net.Conn, err error) bool {
	if err != nil {
		return false
	}
	defer c.Close()
	if _, err := c.Write([]byte("hello")); err != nil {
		return false
	}
	word := make([]byte, 5)
	_, err = io.ReadFull(c, word)
	return err == nil && string(word) == "hello"
}

func dial(s *serve.Server) (net.Conn, error) { return net.Dial("tcp", s.Addr().String()) }

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestAllWaysToConnect(t *testing.T) {
	s := echo(t)
	if s.Addr() != nil {
		t.Error("an address without a socket")
	}
	if !talk(s.DialContext(t.Context(), "", "")) {
		t.Error("no word in memory")
	}
	if err := s.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	if !talk(dial(s)) {
		t.Error("no word from Listen")
	}
	attached, served := listen(t), listen(t)
	if err := s.Attach(attached); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error)
	go func() { ended <- s.Serve(served) }()
	for _, l := range []net.Listener{attached, served} {
		if !talk(net.Dial("tcp", l.Addr().String())) {
			t.Errorf("no word from %v", l.Addr())
		}
	}
	if _, ever := s.Connections(); ever != 4 {
		t.Errorf("%d connections, want 4", ever)
	}
	s.Close()
	if err := <-ended; !errors.Is(err, net.ErrClosed) {
		t.Errorf("Serve ends with %v", err)
	}
}

func TestCloseEndsEverythingAndNothingComesAfterIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var s *serve.Server
		var life *serve.Life
		slept := make(chan bool, 1)
		s, life = serve.New(func(c net.Conn) {
			life.Go(func() { slept <- life.Sleep(time.Hour) })
			_, _ = io.Copy(io.Discard, c)
		})
		c, err := s.DialContext(t.Context(), "", "")
		if err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if now, ever := s.Connections(); now != 1 || ever != 1 {
			t.Errorf("%d connections of %d", now, ever)
		}
		for range 2 {
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
		if <-slept {
			t.Error("Close waits for those who sleep")
		}
		if _, err := c.Read(make([]byte, 1)); err != io.EOF {
			t.Errorf("the connection ends with %v", err)
		}
		if now, _ := s.Connections(); now != 0 || !life.Over() || life.Context().Err() == nil {
			t.Errorf("%d connections after Close, over %t", now, life.Over())
		}
		if life.Go(func() {}) || life.Sleep(0) || life.Sleep(time.Second) || life.Await(nil) {
			t.Error("life after death")
		}
		client, server := net.Pipe()
		s.ServeConn(server)
		if _, err := client.Read(make([]byte, 1)); err != io.EOF {
			t.Errorf("ServeConn after Close leaves %v", err)
		}
		if _, err := s.DialContext(t.Context(), "", ""); !errors.Is(err, net.ErrClosed) {
			t.Errorf("DialContext after Close: %v", err)
		}
	})
}

func TestAClosedServerTakesNoSocket(t *testing.T) {
	s := echo(t)
	s.Close()
	l := listen(t)
	for _, err := range []error{s.Listen("127.0.0.1:0"), s.Serve(l), s.Attach(listen(t))} {
		if !errors.Is(err, net.ErrClosed) {
			t.Errorf("a closed server listens: %v", err)
		}
	}
	if _, err := l.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("the socket is left open: %v", err)
	}
	if s.Addr() != nil {
		t.Error("a closed server has an address")
	}
}

func TestSleepAndAwaitLastTheirTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, life := serve.New(func(net.Conn) {})
		defer s.Close()
		begin, moment := time.Now(), make(chan struct{})
		if !life.Go(func() { life.Sleep(time.Minute); close(moment) }) {
			t.Error("a living server starts nothing")
		}
		if !life.Await(moment) || time.Since(begin) != time.Minute {
			t.Errorf("waited for %v", time.Since(begin))
		}
		if !life.Sleep(0) || !life.Sleep(-1) || !life.Sleep(time.Second) || time.Since(begin) != 61*time.Second {
			t.Errorf("slept until %v", time.Since(begin))
		}
	})
}

func TestHangUpCutsOnlyWhatIsThere(t *testing.T) {
	s := echo(t)
	if err := s.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	old, err := s.DialContext(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	s.HangUp()
	if talk(old, nil) {
		t.Error("a cut connection speaks")
	}
	if !talk(dial(s)) {
		t.Error("a new connection is cut, too")
	}
}

func TestAConnectionEndsWithItsFunction(t *testing.T) {
	s, _ := serve.New(func(net.Conn) {})
	defer s.Close()
	c, err := s.DialContext(t.Context(), "", "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Read(make([]byte, 1)); err != io.EOF {
		t.Errorf("it ends with %v", err)
	}
}

func TestDownRefusesUntilUp(t *testing.T) {
	s := echo(t)
	other := listen(t)
	for _, err := range []error{s.Listen("127.0.0.1:0"), s.Attach(other)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	old, err := dial(s)
	if err != nil {
		t.Fatal(err)
	}
	address := s.Addr().String()
	s.Down()
	if talk(old, nil) || talk(dial(s)) || talk(s.DialContext(t.Context(), "", "")) || talk(net.Dial("tcp", other.Addr().String())) {
		t.Error("a server that is down speaks")
	}
	if s.Addr().String() != address {
		t.Error("its address has changed")
	}
	for range 2 {
		if err := s.Up(); err != nil {
			t.Fatal(err)
		}
	}
	if !talk(dial(s)) || !talk(s.DialContext(t.Context(), "", "")) || !talk(net.Dial("tcp", other.Addr().String())) {
		t.Error("a server that is up again says nothing")
	}
	s.Down()
	s.Close()
	if err := s.Up(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("up after Close: %v", err)
	}
}

func TestUpTellsThatItsAddressIsTaken(t *testing.T) {
	s := echo(t)
	if err := s.Listen("127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	s.Down()
	l, err := net.Listen("tcp", s.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if err := s.Up(); err == nil {
		t.Error("two servers under one address")
	}
}

func TestDialWithAnEndedContext(t *testing.T) {
	s := echo(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.DialContext(ctx, "", ""); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
