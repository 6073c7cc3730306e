package serve

import (
	"context"
	"errors"
	"io"
	"net"
	"sync"
)

// errRefused is what a client hears while a server is down.
var errRefused = errors.New("connection refused")

// Server takes connections and hands each to a function. A simulator embeds it. All
// its methods may be called at any time and from any goroutine.
type Server struct {
	life  *Life
	serve func(net.Conn)

	mu      sync.Mutex
	sockets []*socket
	conns   map[net.Conn]bool // alive
	ever    int
	down    bool
}

// socket is a listening address.
type socket struct {
	address  net.Addr
	listener net.Listener // nil while the server is down
	own      bool         // by Listen: it closes with Down and opens again with Up
}

// New makes a server, and the life that its Close ends. It hears nothing until
// [Server.Listen], [Server.Serve], [Server.ServeConn] or [Server.DialContext]; then
// it calls serve for each connection, which is closed after that.
func New(serve func(net.Conn)) (*Server, *Life) {
	life := newLife()
	return &Server{life: life, serve: serve, conns: map[net.Conn]bool{}}, life
}

// Listen opens a listening socket and serves it in the background; address is
// host:port, and port 0 takes any free one. See [Server.Addr].
func (s *Server) Listen(address string) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	return s.background(&socket{address: l.Addr(), listener: l, own: true})
}

// Attach accepts connections from l, in the background, until l or the server is
// closed.
func (s *Server) Attach(l net.Listener) error {
	return s.background(&socket{address: l.Addr(), listener: l})
}

func (s *Server) background(k *socket) error {
	l := k.listener
	if !s.add(k) || !s.life.Go(func() { _ = s.accept(l) }) { // it ends when l is closed
		return errors.Join(net.ErrClosed, l.Close())
	}
	return nil
}

// Serve accepts connections from l until l or the server is closed.
func (s *Server) Serve(l net.Listener) error {
	if !s.add(&socket{address: l.Addr(), listener: l}) || !s.life.begin() {
		return errors.Join(net.ErrClosed, l.Close())
	}
	defer s.life.work.Done()
	return s.accept(l)
}

// add keeps a socket for Close, unless that came first.
func (s *Server) add(k *socket) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.life.Over() {
		return false
	}
	s.sockets = append(s.sockets, k)
	return true
}

func (s *Server) accept(l net.Listener) error {
	for {
		c, err := l.Accept()
		if err != nil {
			return err
		}
		if s.take(c) != nil {
			c.Close()
			continue
		}
		go s.run(c)
	}
}

// Addr is the address of the first listening socket, or nil without one.
func (s *Server) Addr() net.Addr {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.sockets) == 0 {
		return nil
	}
	return s.sockets[0].address
}

// ServeConn talks to one client over an open connection until it ends.
func (s *Server) ServeConn(c net.Conn) {
	if s.take(c) != nil {
		c.Close()
		return
	}
	s.run(c)
}

// DialContext connects to the server in memory. It has the form of a dial function,
// and ignores where it is asked to connect to.
func (s *Server) DialContext(ctx context.Context, _, _ string) (net.Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	client, server := net.Pipe()
	if err := s.take(server); err != nil {
		return nil, errors.Join(err, client.Close(), server.Close())
	}
	go s.run(server)
	return client, nil
}

// take registers a connection, or says why it cannot be. Run is to follow.
func (s *Server) take(c net.Conn) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.down:
		return errRefused
	case !s.life.begin():
		return net.ErrClosed
	}
	s.conns[c] = true
	s.ever++
	return nil
}

// run serves a connection that was taken.
func (s *Server) run(c net.Conn) {
	defer s.life.work.Done()
	s.serve(c)
	c.Close() // a second close is no news
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
}

// Connections tells how many connections there are now, and how many ever were.
func (s *Server) Connections() (now, ever int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.conns), s.ever
}

// HangUp cuts all present connections without a farewell.
func (s *Server) HangUp() { s.cut(func(*socket) bool { return false }) }

// Close cuts all connections, forgets what is under way and returns when all
// goroutines have ended. It may be called twice.
func (s *Server) Close() error {
	s.life.stop()
	s.cut(func(*socket) bool { return true })
	s.life.work.Wait()
	return nil
}

// cut closes all connections, and the sockets that shut picks.
func (s *Server) cut(shut func(*socket) bool) {
	s.mu.Lock()
	var closers []io.Closer
	for _, k := range s.sockets {
		if k.listener != nil && shut(k) {
			closers = append(closers, k.listener)
			k.listener = nil
		}
	}
	for c := range s.conns {
		closers = append(closers, c)
	}
	s.mu.Unlock()
	for _, c := range closers {
		c.Close() // the second close of a connection is no news
	}
}
