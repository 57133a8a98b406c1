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
			a.log.Say(zerolog.ErrorLevel, acceptFails, listen, acceptFails+": "+err.Error()).Err(err).Str("listen", listen).Msg(acceptFails)
			select {
			case <-time.After(acceptPause):
			case <-a.ctx.Done():
			}
			continue
		}
		in := &inbound{tcp: c, stream: c, from: remote(c)}
		at := a.acceptors.Load().at[listen]
		if err = a.enter(c); err == nil && at == nil {
			err = errNoLink
		}
		if err == nil && !at.useProxy {
			err = a.countSource(c, in.from.Addr())
		}
		if err != nil {
			a.refuse(in.from.Addr(), nil, err)
			a.leave(c)
			continue
		}
		a.running.Go(func() {
			defer a.leave(c)
			a.serve(listen, at, in)
		})
	}
}

// What the log says of a connection that is refused before a byte of it was read.
var (
	errNoLink    = errors.New("no link has this address any more")
	errHalfOpen  = errors.New("too many connections without a Logon")
	errFromOne   = errors.New("too many connections without a Logon from this address")
	errConnFlood = errors.New("connection flood from this address")
)

// enter counts a connection as half-open, if there is room for one more.
func (a *Admission) enter(c net.Conn) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err := a.ctx.Err(); err != nil {
		return err
	}
	if len(a.halfOpen) >= a.cfg.Bounds.HalfOpenMax {
		return errHalfOpen
	}
	a.halfOpen[c] = netip.Addr{}
	return nil
}

// countSource counts a connection for its source address, once that is known: at once, or after the PROXY header.
func (a *Admission) countSource(c net.Conn, addr netip.Addr) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.from[addr] >= a.cfg.Bounds.HalfOpenPerAddressMax {
		return errFromOne
	}
	if !a.accepts.take(addr, a.nowNs()) {
		return errConnFlood
	}
	a.halfOpen[c] = addr
	a.from[addr]++
	return nil
}

// leave ends the count of a connection, and closes what admission holds of it. A descriptor that was handed over lives on.
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
func remote(c net.Conn) netip.AddrPort {
	if tcp, ok := c.RemoteAddr().(*net.TCPAddr); ok {
		at := tcp.AddrPort()
		return netip.AddrPortFrom(at.Addr().Unmap(), at.Port())
	}
	return netip.AddrPort{}
}
