package dropcopy

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"slices"
	"sync"
	"syscall"
	"time"

	"portcullis/gate/transport"
)

// keysLook is how often files of certificates are looked at, as in the gate.
const keysLook = 10 * time.Second

func (s *Server) now() time.Time { return time.Unix(0, s.clock.Now().UTCNs) }

// policies are those of all sessions; nil: they are plain. The configuration has TLS for all of them or for none.
func (s *Server) policies() (list []*transport.Policy) {
	for _, f := range s.feeds {
		if g := s.guards[f.id]; g.tls != nil {
			list = append(list, g.tls)
		}
	}
	return list
}

// checkTLS holds a connection, its handshake done, to what the session of its Logon asks.
func (g *guard) checkTLS(c net.Conn, now time.Time) error {
	secured, ok := c.(*tls.Conn)
	if !ok {
		return fmt.Errorf("a connection without TLS (%T)", c)
	}
	if err := g.tls.Check(secured.ConnectionState(), now); err != nil {
		return err
	}
	g.conns.add(secured)
	return nil
}

// endRevoked closes the connections that came with a certificate that is revoked by now.
func (s *Server) endRevoked() {
	for _, g := range s.guards {
		for _, c := range g.conns.all() {
			state := c.ConnectionState()
			if err := g.tls.Revoked(&state); err != nil {
				s.log.Warn().Str("link", g.feed.name).Str("reason", err.Error()).Msg("nobody vouches for the peer any more: its connection ends")
				_ = c.NetConn().Close() // its session sees the error
			}
		}
	}
}

// conns are the connections of one session that have not ended: one, and such as are about to be refused beside it.
type conns struct {
	mu   sync.Mutex
	open []*tls.Conn
}

// add notes a connection.
func (c *conns) add(one *tls.Conn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open = append(slices.DeleteFunc(c.open, ended), one)
}

// all are those that are there.
func (c *conns) all() []*tls.Conn {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.open = slices.DeleteFunc(c.open, ended)
	return slices.Clone(c.open)
}

// ended reports whether a connection was closed on this side, as quickfixgo does with each in the end.
func ended(c *tls.Conn) bool {
	socket, ok := c.NetConn().(syscall.Conn)
	if !ok {
		return false
	}
	raw, err := socket.SyscallConn()
	return err != nil || raw.Control(func(uintptr) {}) != nil
}

// watchKeys takes over certificates whose files change, and ends connections whose certificates are revoked, until ctx ends.
func (s *Server) watchKeys(ctx context.Context, keys *transport.Store) {
	look := time.NewTicker(keysLook)
	defer look.Stop()
	for {
		select {
		case <-look.C:
		case <-ctx.Done():
			return
		}
		for _, r := range keys.Watch(s.now()) {
			if r.Err != nil {
				s.log.Error().Err(r.Err).Msg("certificate not renewed: what was read before stays in use")
				continue
			}
			s.log.Info().Msg("certificates renewed: they count from the next connection on, and lists of revoked ones at once")
		}
		s.endRevoked()
	}
}
