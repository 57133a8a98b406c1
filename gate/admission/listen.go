package admission

import (
	"errors"
	"net"
	"net/netip"
	"time"

	"github.com/rs/zerolog"
)

const acceptPause = 100 * time.Millisecond // after an error such as "too many open files"

const acceptFails = "accepting connections fails"

// accept takes connections and gives each a goroutine of its own, within the bounds.
func (a *Admission) accept(listen string, l net.Listener) {
	for {
		c, err := l.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			a.log.Say(zerolog.ErrorLevel, acceptFails, listen).Err(err).Str("listen", listen).Msg(acceptFails)
			select {
			case <-time.After(acceptPause):
			case <-a.ctx.Done():
			}
			continue
		}
		addr := remote(c)
		if refusal := a.enter(c, addr); refusal != "" {
			a.log.Say(zerolog.WarnLevel, refusal, addr.String()).Str("from", addr.String()).Msg(refusal)
			_ = c.Close() // nothing was sent
			continue
		}
		a.running.Go(func() {
			defer a.leave(c)
			a.serve(listen, c, addr)
		})
	}
}

// enter counts a connection in; the refusal is empty if there is room for it.
func (a *Admission) enter(c net.Conn, addr netip.Addr) (refusal string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch b := &a.cfg.Bounds; {
	case a.ctx.Err() != nil:
		return "connection refused: the gate is stopping"
	case len(a.halfOpen) >= b.HalfOpenMax:
		return "connection refused: too many connections without a Logon"
	case a.from[addr] >= b.HalfOpenPerAddressMax:
		return "connection refused: too many connections without a Logon from this address"
	case !a.accepts.take(addr, a.nowNs()):
		return "connection refused: connection flood from this address"
	}
	a.halfOpen[c] = addr
	a.from[addr]++
	return ""
}

// leave counts a connection out and closes what admission holds of it. A descriptor that was handed over lives on.
func (a *Admission) leave(c net.Conn) {
	_ = c.Close() // admitted: the engine has its own descriptor
	a.mu.Lock()
	defer a.mu.Unlock()
	addr := a.halfOpen[c]
	delete(a.halfOpen, c)
	if a.from[addr]--; a.from[addr] <= 0 {
		delete(a.from, addr)
	}
}

// remote is the source address of a connection, IPv4 as such.
func remote(c net.Conn) netip.Addr {
	if tcp, ok := c.RemoteAddr().(*net.TCPAddr); ok {
		return tcp.AddrPort().Addr().Unmap()
	}
	return netip.Addr{}
}
