package admission

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"strings"
	"time"

	"github.com/rs/zerolog"
	"golang.org/x/sys/unix"

	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/gate/engine"
	"portcullis/session"
)

const (
	logonBytesMax       = 8 << 10 // a longer first message is no Logon
	logonTimeoutDefault = 10 * time.Second
	tlsHandshake        = 22 // the first byte of a TLS connection
	endWaits            = 10 // how often the end of a link's last connection is waited for
	endWait             = 10 * time.Millisecond
)

// What the log says of a peer that is closed without an answer.
var (
	errSilent    = errors.New("no Logon before the timeout")
	errGone      = errors.New("the peer left before its Logon")
	errNoFIX     = errors.New("what came is no FIX message")
	errTooLong   = fmt.Errorf("the first message is longer than %d bytes", logonBytesMax)
	errNoLogon   = errors.New("the first message is no Logon(35=A)")
	errMalformed = errors.New("the Logon is malformed")
	errClosed    = errors.New("outside of the session's time")
	errDuplicate = errors.New("duplicate logon of a live link; the connection it has is undisturbed")
	errHeld      = errors.New("the link is held down by an operator: gate status says by whom, gate link up ends it")
	errChanged   = errors.New("the link's TLS changed while the peer connected: it will come again")
	errFlood     = errors.New("logon flood: too many Logons of this link")
)

// serve takes one connection from its first byte to the engine, or to its refusal.
func (a *Admission) serve(listen string, at *acceptor, in *inbound) {
	_ = in.tcp.SetDeadline(time.Now().Add(at.timeout)) // a connection that is closed fails on reading
	err := a.readProxyHeader(at, in)
	if err == nil {
		err = a.shakeHands(listen, at, in)
	}
	addr := in.from.Addr()
	if err != nil {
		a.refuse(addr, nil, err)
		return
	}
	first, size, err := readFirst(in.stream, min(a.cfg.MessageBytesMax, logonBytesMax))
	if err != nil {
		a.refuse(addr, nil, err)
		return
	}
	defer clear(first) // it holds a password; the engine gets a copy without
	var m fix.Message
	m.Index(first[:size])
	p, err := a.match(listen, &m)
	if err == nil {
		err = a.mayLogOn(p, in)
	}
	if err != nil {
		a.refuse(addr, p, err)
		return
	}
	if result := a.authenticate(p, &m, addr); !result.OK() {
		a.refuse(addr, p, errors.New(result.String()))
		if answered(result) {
			a.sayRefused(in, p)
		}
		return
	}
	fix.OverwriteSecrets(first[:size])
	if err := a.handOver(p.Link, in, first); err != nil {
		a.refuse(addr, p, err)
		return
	}
	a.cfg.Log.Info().Str("link", p.Name).Str("origin", in.origin()).Msg("connection admitted")
}

// refuse logs why a peer is refused. The peer itself learns nothing, or session.RefusedText.
func (a *Admission) refuse(addr netip.Addr, p *Participant, why error) {
	if a.ctx.Err() != nil {
		return // it was ended by Stop
	}
	kind, _, _ := strings.Cut(why.Error(), ":") // what follows it may be the peer's words
	source := addr.String()
	if p != nil {
		source = p.Name + " from " + source
	}
	entry := a.log.Say(zerolog.WarnLevel, "connection refused: "+kind, source, "connection refused: "+why.Error()).Str("from", addr.String())
	if p != nil {
		entry = entry.Str("link", p.Name)
	}
	entry.Str("reason", why.Error()).Msg("connection refused")
}

// readFirst reads until the first message is whole, and returns all that was read and the size of that message.
func readFirst(c net.Conn, bytesMax int) (read []byte, size int, err error) {
	buf := make([]byte, bytesMax)
	for n := 0; ; {
		size, framing := fix.Frame(buf[:n], bytesMax)
		switch {
		case framing == fix.Whole:
			return buf[:n], size, nil
		case framing == fix.TooLong:
			return nil, 0, errTooLong
		case n > 0 && buf[0] == tlsHandshake:
			return nil, 0, errOnlyTLS
		case beginsProxy(buf[:n]):
			return nil, 0, errOnlyPlain
		case framing.Garbled():
			return nil, 0, fmt.Errorf("%w: %v", errNoFIX, framing)
		}
		got, err := c.Read(buf[n:])
		if n += got; got > 0 {
			continue
		}
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded):
			return nil, 0, errSilent
		case errors.Is(err, io.EOF):
			return nil, 0, errGone
		case err != nil:
			return nil, 0, fmt.Errorf("%w: %w", errGone, err)
		}
	}
}

// match finds the link that a Logon names.
func (a *Admission) match(listen string, m *fix.Message) (*Participant, error) {
	if string(m.Type()) != "A" {
		return nil, errNoLogon
	}
	if m.Fault.Code != fix.NoFault {
		return nil, fmt.Errorf("%w: tag %d", errMalformed, m.Fault.Tag)
	}
	if tag := link.RepeatedInLogon(m); tag != 0 {
		return nil, fmt.Errorf("%w: tag %d occurs twice", errMalformed, tag)
	}
	var found *Participant
	participants := a.acceptors.Load().participants
	for i := range participants {
		p := &participants[i]
		if p.Listen != listen || !p.isNamedBy(m) {
			continue
		}
		if p.ApplVerID == string(m.Value(fix.TagDefaultApplVerID)) {
			return p, nil
		}
		if found == nil {
			found = p // the link itself says what it does not serve
		}
	}
	if found != nil {
		return found, nil
	}
	if a.strangersMay(listen) {
		return a.cfg.Strangers.Admit(m)
	}
	return nil, fmt.Errorf("unknown link: no session %.20q:%.64q->%.64q is configured here",
		m.Value(fix.TagBeginString), m.Value(fix.TagTargetCompID), m.Value(fix.TagSenderCompID))
}

func (p *Participant) isNamedBy(m *fix.Message) bool {
	return string(m.Value(fix.TagBeginString)) == p.BeginString &&
		string(m.Value(fix.TagSenderCompID)) == p.TargetCompID &&
		string(m.Value(fix.TagTargetCompID)) == p.SenderCompID &&
		(p.TargetSubID == "" || string(m.Value(fix.TagSenderSubID)) == p.TargetSubID) &&
		(p.SenderSubID == "" || string(m.Value(fix.TagTargetSubID)) == p.SenderSubID)
}

// mayLogOn asks what costs nothing, before the password is checked. A peer whose address or certificate is not the
// link's is refused before the link's Logons are counted, so nobody else can use them up.
func (a *Admission) mayLogOn(p *Participant, in *inbound) error {
	if p.Allowed == nil || !p.Allowed(in.from.Addr()) {
		return errors.New(session.AuthAddressRefused.String())
	}
	if (p.TLS == nil) != (in.secure == nil) {
		return errChanged
	}
	if in.secure != nil {
		if err := p.TLS.Check(in.secure.ConnectionState(), time.Now()); err != nil {
			return err
		}
	}
	switch {
	case a.engine.Held(p.Link):
		return errHeld
	case !a.open(p.Schedule):
		return errClosed
	case !a.becomesIdle(p.Link):
		return errDuplicate
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.logons.take(p.Link, a.nowNs()) {
		return errFlood
	}
	return nil
}

// becomesIdle reports whether a link has no connection. A peer that comes back at once may be quicker than the engine,
// which has still to end the last one: that is waited for.
func (a *Admission) becomesIdle(link uint32) bool {
	for range endWaits {
		if a.engine.Idle(link) {
			return true
		}
		if !a.pause(endWait) {
			return false
		}
	}
	return a.engine.Idle(link)
}

// authenticate decides whether the peer is who it says.
func (a *Admission) authenticate(p *Participant, m *fix.Message, addr netip.Addr) session.AuthResult {
	nowNs := a.nowNs()
	if a.lockout.Locked(p.Name, addr, nowNs) {
		return session.AuthLockedOut
	}
	if p.Verify == nil {
		return session.AuthOK
	}
	username, password := m.Value(fix.TagUsername), m.Value(fix.TagPassword)
	if len(username) == 0 || len(password) == 0 {
		a.lockout.Record(session.AuthMissingPassword, p.Name, addr, nowNs)
		return session.AuthMissingPassword
	}
	select {
	case a.hashing <- struct{}{}:
	case <-time.After(cmp.Or(p.LogonTimeout, logonTimeoutDefault)):
		return session.AuthOverload
	case <-a.ctx.Done():
		return session.AuthUndecided
	}
	defer func() { <-a.hashing }()
	result := session.AuthWrongPassword
	if p.Verify(username, password) {
		result = session.AuthOK
	}
	a.lockout.Record(result, p.Name, addr, nowNs)
	return result
}

// answered reports whether the peer is told that it is refused: only one that may be honest and mistaken.
func answered(r session.AuthResult) bool {
	return r == session.AuthWrongPassword || r == session.AuthMissingPassword || r == session.AuthOverload
}

// sayRefused sends a Logout whose text does not say what was wrong.
func (a *Admission) sayRefused(in *inbound, p *Participant) {
	w := fix.NewWriter(512)
	w.Begin(p.BeginString, "5")
	w.Uint(fix.TagMsgSeqNum, 1)
	w.String(fix.TagSenderCompID, p.SenderCompID)
	w.Stamp(fix.TagSendingTime, a.cfg.Clock.Now().UTCNs, p.Precision)
	w.String(fix.TagTargetCompID, p.TargetCompID)
	w.String(fix.TagText, session.RefusedText)
	off, size := w.End()
	_ = in.tcp.SetDeadline(time.Now().Add(time.Second)) // as with reading
	if _, err := in.stream.Write(w.Bytes(off, size)); err != nil {
		return
	}
	if in.secure != nil {
		_ = in.secure.CloseWrite() // a courtesy
	}
	// Closing with bytes unread would answer them with a reset, which may cost the peer the Logout.
	if tcp, ok := in.tcp.(*net.TCPConn); ok && tcp.CloseWrite() == nil {
		_, _ = io.CopyN(io.Discard, tcp, logonBytesMax)
	}
}

// handOver gives the engine a descriptor of its own for the connection. leave closes the one that admission holds.
func (a *Admission) handOver(link uint32, in *inbound, first []byte) error {
	if !a.engine.Claim(link) {
		return errDuplicate
	}
	fd, err := duplicate(in.tcp)
	if err == nil {
		c := engine.Conn{FD: fd, Link: link, First: first, Secure: in.secure, Origin: in.origin()}
		state, conn := stateOf(in.secure), uint32(0)
		if conn, err = a.engine.Handover(c); err == nil {
			a.remember(link, conn, state)
			return nil
		}
		_ = unix.Close(fd) // never used
	}
	a.engine.Release(link)
	return err
}

// duplicate returns a descriptor of the connection's socket that does not belong to the runtime's poller.
func duplicate(c net.Conn) (fd int, err error) {
	tcp, ok := c.(*net.TCPConn)
	if !ok {
		return 0, fmt.Errorf("admission: %T is no TCP connection", c)
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return 0, fmt.Errorf("admission: %w", err)
	}
	controlErr := raw.Control(func(own uintptr) {
		fd, err = unix.FcntlInt(own, unix.F_DUPFD_CLOEXEC, 0)
	})
	if err := errors.Join(controlErr, err); err != nil {
		return 0, fmt.Errorf("admission: duplicate the descriptor: %w", err)
	}
	return fd, nil
}
