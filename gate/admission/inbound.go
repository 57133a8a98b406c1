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

// inbound is a participant's connection on its way to the engine. The goroutine that serves it owns it.
type inbound struct {
	tcp    net.Conn
	stream net.Conn       // tcp, or TLS on it
	secure *engine.Secure // nil: plain
	from   netip.AddrPort // the client's own address, by the proxy's word where there is one
	proxy  netip.Addr     // of the proxy; not valid: none
}

// What the log says of a peer that does not get as far as its Logon.
var (
	errNoTLS        = errors.New("what came is no TLS, and this address takes nothing else (SocketUseSSL, SocketCertificateFile)")
	errSilentTLS    = errors.New("no whole TLS handshake before the timeout")
	errGoneTLS      = errors.New("the peer left in its TLS handshake")
	errOnlyTLS      = errors.New("a TLS handshake came, but no link of this address has TLS")
	errNotPermitted = errors.New("source address not permitted for any link of this address")
)

// shakeHands puts TLS on the connection, but only for a peer whose address some link here permits: a handshake costs
// more than a Logon.
func (a *Admission) shakeHands(listen string, at *acceptor, in *inbound) error {
	if at.tls == nil {
		return nil
	}
	if !a.strangersMay(listen) && !slices.ContainsFunc(a.acceptors.Load().participants, func(p Participant) bool {
		return p.Listen == listen && p.Allowed != nil && p.Allowed(in.from.Addr())
	}) {
		return errNotPermitted
	}
	in.secure = engine.SecureServer(in.tcp, at.tls)
	in.stream = in.secure
	return handshakeError(in.secure.Handshake())
}

// strangersMay reports whether a peer that is not listed may connect here, from any address.
func (a *Admission) strangersMay(listen string) bool {
	return a.cfg.Strangers != nil && a.cfg.Strangers.Listen == listen
}

// handshakeError says why a handshake failed. What stands before the first colon is one of a few texts, by which the
// log counts refusals; see refuse.
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
func (in *inbound) origin() string {
	text := "from " + in.from.String()
	if in.proxy.IsValid() {
		text += " through " + in.proxy.String()
	}
	if in.secure != nil {
		text += ", " + transport.Describe(in.secure.ConnectionState())
	}
	return text
}
