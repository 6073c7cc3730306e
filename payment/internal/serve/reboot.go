package serve

import (
	"errors"
	"net"
	"slices"
)

// Down takes the server off the network, as a reboot does: connections are cut, and
// new ones refused until [Server.Up].
func (s *Server) Down() {
	s.mu.Lock()
	s.down = true
	s.mu.Unlock()
	s.cut(func(k *socket) bool { return k.own })
}

// Up brings the server back, under the addresses that it had. Its error is that of an
// address that somebody else has taken meanwhile.
func (s *Server) Up() error {
	s.mu.Lock()
	s.down = false
	shut := slices.DeleteFunc(slices.Clone(s.sockets), func(k *socket) bool { return k.listener != nil })
	s.mu.Unlock()
	var errs []error
	for _, k := range shut {
		errs = append(errs, s.reopen(k))
	}
	return errors.Join(errs...)
}

func (s *Server) reopen(k *socket) error {
	l, err := net.Listen("tcp", k.address.String())
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	// Once the life is over, Close may have looked at the sockets already.
	if !s.life.Go(func() { _ = s.accept(l) }) {
		return errors.Join(net.ErrClosed, l.Close())
	}
	k.listener = l
	return nil
}
