package admission

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"slices"

	"portcullis/gate/engine"
	"portcullis/gate/transport"
)

// entrant is a connection on its way to the engine.
type entrant struct {
	tcp    net.Conn
	stream net.Conn       // tcp, or TLS on it
	secure *engine.Secure // nil: plain
	from   netip.AddrPort // where it comes from; where a proxy speaks for it, what the proxy says
	proxy  netip.Addr     // not valid: none
}

// What the log says of a peer that does not get as far as its Logon.
var (
	errNoTLS        = errors.New("what came is no TLS, and this address takes nothing else (SocketUseSSL, SocketCertificateFile)")
	errSilentTLS    = errors.New("no whole TLS handshake before the timeout")
	errGoneTLS      = errors.New("the peer left in its TLS handshake")
	errOnlyTLS      = errors.New("a TLS handshake came, but no link of this address has TLS")
	errNotPermitted = errors.New("source address not permitted for any link of this address")
)

// shakeHands puts TLS on the connection, for a peer that comes from where some link may come from: a handshake costs
// more than a Logon.
func (a *Admission) shakeHands(listen string, d *door, e *entrant) error {
	if d.tls == nil {
		return nil
	}
	if !a.strangersMay(listen) && !slices.ContainsFunc(a.doors.Load().participants, func(p Participant) bool {
		return p.Listen == listen && p.Allowed != nil && p.Allowed(e.from.Addr())
	}) {
		return errNotPermitted
	}
	e.secure = engine.SecureServer(e.tcp, d.tls)
	e.stream = e.secure
	return handshakeError(e.secure.Handshake())
}

// strangersMay reports whether whoever is not listed may come, from wherever.
func (a *Admission) strangersMay(listen string) bool {
	return a.cfg.Strangers != nil && a.cfg.Strangers.Listen == listen
}

// handshakeError says why a handshake failed; what stands before the colon is one of a few.
func handshakeError(err error) error {
	var noTLS tls.RecordHeaderError
	var stranger x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &noTLS) && beginsProxy(noTLS.RecordHeader[:]):
		return errOnlyPlain
	case errors.As(err, &noTLS):
		return errNoTLS
	case errors.Is(err, os.ErrDeadlineExceeded):
		return errSilentTLS
	case errors.Is(err, io.EOF):
		return errGoneTLS
	case errors.As(err, &stranger):
		return fmt.Errorf("the peer's certificate is of an authority that no link here names (SocketCAFile): %w", err)
	case errors.As(err, &invalid):
		return fmt.Errorf("the peer's certificate is not valid: %w", err)
	}
	return fmt.Errorf("TLS handshake: %w", err)
}

// origin says who the peer is, for the journal.
func (e *entrant) origin() string {
	text := "from " + e.from.String()
	if e.proxy.IsValid() {
		text += " through " + e.proxy.String()
	}
	if e.secure != nil {
		text += ", " + transport.Describe(e.secure.ConnectionState())
	}
	return text
}
