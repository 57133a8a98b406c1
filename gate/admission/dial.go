package admission

import (
	"context"
	"fmt"
	"net"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"portcullis/gate/engine"
	"portcullis/gate/transport"
)

const (
	idlePoll       = 20 * time.Millisecond // how often a dialer looks whether its link has lost its connection
	reconnectMin   = 100 * time.Millisecond
	dialTimeoutMax = 10 * time.Second
)

// dialer connects one venue's line. What it is told of the venue may be replaced while it runs.
type dialer struct{ venue atomic.Pointer[Venue] }

// dial keeps one venue's line connected. Whenever the link is idle, not held down, and open by its schedule, it dials,
// at most once in Venue.Reconnect.
func (a *Admission) dial(d *dialer) {
	failures := 0 // in a row
	for a.waitIdle(d) {
		v := d.venue.Load()
		if a.engine.Claim(v.Link) {
			failures = a.try(v, failures)
		}
		if !a.pause(max(v.Reconnect, reconnectMin)) {
			return
		}
	}
}

// waitIdle returns when the link has no connection and may have one. False: admission is stopping.
func (a *Admission) waitIdle(d *dialer) bool {
	for v := d.venue.Load(); !a.engine.Idle(v.Link) || a.engine.Held(v.Link) || !a.open(v.Schedule); v = d.venue.Load() {
		if !a.pause(idlePoll) {
			return false
		}
	}
	return a.ctx.Err() == nil
}

// pause waits. False: admission is stopping.
func (a *Admission) pause(d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-a.ctx.Done():
		return false
	}
}

// try dials once with the claim held and returns the failures in a row. The first of them is logged, and their end.
func (a *Admission) try(v *Venue, failures int) int {
	origin, err := a.connect(v)
	if err == nil {
		a.cfg.Log.Info().Str("link", v.Name).Str("origin", origin).Int("failures", failures).Msg("venue connected")
		return 0
	}
	a.engine.Release(v.Link)
	if failures == 0 && a.ctx.Err() == nil {
		a.cfg.Log.Warn().Err(err).Str("link", v.Name).Str("address", v.Address).Dur("retry_ms", v.Reconnect).
			Msg("venue cannot be reached; dialling goes on")
	}
	return failures + 1
}

// connect dials, shakes hands where the line has TLS, and hands over. origin says whom it has reached, for the journal.
func (a *Admission) connect(v *Venue) (origin string, err error) {
	timeout := v.Timeout
	if timeout == 0 {
		timeout = min(max(v.Reconnect, time.Second), dialTimeoutMax)
	}
	ctx, cancel := context.WithTimeout(a.ctx, timeout)
	defer cancel()
	c, err := new(net.Dialer).DialContext(ctx, "tcp", v.Address)
	if err != nil {
		return "", err
	}
	defer func() { _ = c.Close() }() // the engine has a descriptor of its own
	origin = "to " + v.Address + " at " + remote(c).String()
	var secure *engine.Secure
	if v.TLS != nil {
		secure = engine.SecureClient(c, v.TLS.Client(time.Now()))
		if err := secure.HandshakeContext(ctx); err != nil {
			return "", fmt.Errorf("TLS handshake: %w", err)
		}
		origin += ", " + transport.Describe(secure.ConnectionState())
	}
	fd, err := duplicate(c)
	if err != nil {
		return "", err
	}
	state := stateOf(secure)
	conn, err := a.engine.Handover(engine.Conn{FD: fd, Link: v.Link, Secure: secure, Origin: origin})
	if err != nil {
		_ = unix.Close(fd) // never used
		return "", err
	}
	a.remember(v.Link, conn, state)
	return origin, nil
}
