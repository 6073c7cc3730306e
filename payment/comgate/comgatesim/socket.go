package comgatesim

import (
	"net"
	"sync"
	"time"
)

// rebootTime is how long a reboot takes (A.12).
const rebootTime = 20 * time.Second

// socket is a listening address. It closes and opens again with a reboot, so that
// connections are really refused in between.
type socket struct {
	mu       sync.Mutex
	listener net.Listener // nil while the terminal reboots
	address  net.Addr
}

// Listen opens a listening socket and serves it in the background; address is
// host:port, and port 0 takes any free one. See [Terminal.Addr].
func (t *Terminal) Listen(address string) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	s := &socket{listener: l, address: l.Addr()}
	t.mu.Lock()
	t.sockets = append(t.sockets, s)
	t.mu.Unlock()
	if !t.begin() {
		s.close()
		return net.ErrClosed
	}
	go func() {
		defer t.work.Done()
		t.accept(l)
	}()
	return nil
}

// Addr is the address of the first listening socket, or nil without one.
func (t *Terminal) Addr() net.Addr {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.sockets) == 0 {
		return nil
	}
	return t.sockets[0].address
}

// Address is that address as a terminal of the driver is added with it, "" without
// a socket.
func (t *Terminal) Address() string {
	if a := t.Addr(); a != nil {
		return "comgate://" + a.String() + t.opts.BasePath
	}
	return ""
}

func (t *Terminal) accept(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		t.spawn(func() { t.serve(c) })
		if t.done.Err() != nil {
			c.Close()
		}
	}
}

func (s *socket) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.listener != nil {
		s.listener.Close()
		s.listener = nil
	}
}

// reboot refuses connections for a while. What the terminal knows, it keeps.
func (t *Terminal) reboot() {
	t.mu.Lock()
	t.down = true
	sockets := append([]*socket(nil), t.sockets...)
	t.mu.Unlock()
	for _, s := range sockets {
		s.close()
	}
	t.HangUp()
	if !t.sleep(rebootTime) {
		return
	}
	t.mu.Lock()
	t.down = false
	t.mu.Unlock()
	for _, s := range sockets {
		t.reopen(s)
	}
}

func (t *Terminal) reopen(s *socket) {
	l, err := net.Listen("tcp", s.address.String())
	if err != nil {
		t.log.Error("the port is taken after the reboot", "error", err)
		return
	}
	s.mu.Lock()
	s.listener = l
	s.mu.Unlock()
	if t.done.Err() != nil {
		s.close() // Close may have come before the listener was there
		return
	}
	t.spawn(func() { t.accept(l) })
}

func (t *Terminal) isDown() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.down
}
