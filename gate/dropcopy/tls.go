package dropcopy

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
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
	return g.tls.Check(secured.ConnectionState(), now)
}

// watchKeys takes over certificates whose files change, until ctx ends.
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
			s.log.Info().Msg("certificate renewed: it counts from the next connection on")
		}
	}
}
