package transport

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Policy is the TLS of one link.
type Policy struct {
	Keys       *Keys
	TLS12      bool     // 1.2 is accepted beside 1.3
	Mutual     bool     // acceptor: the peer shows a certificate
	Names      []string // with Mutual: one of them is in the certificate
	ServerName string   // initiator: sent as SNI; the venue's certificate is for it
}

// Server is the TLS of an address that the links with these policies share. It asks of a peer what all of them ask;
// which certificate it shows depends on the name that the peer asks for (SNI), else it is that of the first.
func Server(policies []*Policy) *tls.Config {
	return &tls.Config{
		MinVersion: tls.VersionTLS12,
		GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) {
			return server(policies), nil
		},
	}
}

func server(policies []*Policy) *tls.Config {
	cfg := base(slices.ContainsFunc(policies, func(p *Policy) bool { return p.TLS12 }))
	mutual := 0
	cfg.ClientCAs = x509.NewCertPool()
	for _, p := range policies {
		m := p.Keys.current.Load()
		cfg.Certificates = append(cfg.Certificates, *m.certificate)
		if p.Mutual {
			mutual++
			for _, authority := range m.authorities {
				cfg.ClientCAs.AddCert(authority)
			}
		}
	}
	switch mutual {
	case 0:
	case len(policies):
		cfg.ClientAuth = tls.RequireAndVerifyClientCert
	default:
		cfg.ClientAuth = tls.VerifyClientCertIfGiven
	}
	return cfg
}

// Client is the TLS of a line that the gate dials now.
func (p *Policy) Client(now time.Time) *tls.Config {
	cfg := base(p.TLS12)
	m := p.Keys.current.Load()
	cfg.ServerName = p.ServerName
	if m.authorities != nil { // else those of the host
		cfg.RootCAs = m.pool()
		cfg.VerifyConnection = func(state tls.ConnectionState) error { return m.judge(state.VerifiedChains, now) }
	}
	if m.certificate != nil {
		cfg.Certificates = []tls.Certificate{*m.certificate}
	}
	return cfg
}

// base is what all connections have in common. Records are as long as what is sent at once: a message split over
// several helps nobody.
func base(tls12 bool) *tls.Config {
	cfg := &tls.Config{MinVersion: tls.VersionTLS13, SessionTicketsDisabled: true, DynamicRecordSizingDisabled: true}
	if tls12 {
		cfg.MinVersion = tls.VersionTLS12
	}
	return cfg
}

var (
	errNoCertificate = errors.New("the peer shows no certificate, and the link asks for one")
	errTLS12         = errors.New("the peer speaks TLS 1.2, and the link only 1.3: SocketMinimumTLSVersion=TLS12 would take both")
)

// Check holds an accepted connection to what its link asks.
func (p *Policy) Check(state tls.ConnectionState, now time.Time) error {
	if state.Version < tls.VersionTLS13 && !p.TLS12 {
		return errTLS12
	}
	if !p.Mutual {
		return nil
	}
	if len(state.PeerCertificates) == 0 {
		return errNoCertificate
	}
	leaf := state.PeerCertificates[0]
	m := p.Keys.current.Load()
	chain := x509.VerifyOptions{Roots: m.pool(), Intermediates: x509.NewCertPool(), CurrentTime: now,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
	for _, c := range state.PeerCertificates[1:] {
		chain.Intermediates.AddCert(c)
	}
	chains, err := leaf.Verify(chain)
	if err != nil {
		return fmt.Errorf("the peer's certificate %.64q is not for this link: %s", subject(leaf), strings.TrimPrefix(err.Error(), "x509: "))
	}
	if err := m.judge(chains, now); err != nil {
		return err
	}
	bears := names(leaf)
	for _, name := range p.Names {
		if slices.Contains(bears, name) {
			return nil
		}
	}
	return fmt.Errorf("the peer's certificate is of %.200q, and the link belongs to %q", bears, p.Names)
}

// Revoked says that a certificate of a connection is revoked by now, or that nobody vouches for it any more; nil: neither. That
// a certificate has ended since is no matter.
func (p *Policy) Revoked(state *tls.ConnectionState) error {
	m := p.Keys.current.Load()
	if err := m.anyRevoked(state.VerifiedChains); err != nil {
		return err
	}
	asked := p.Mutual || p.ServerName != "" // of a participant, of a venue
	if !asked || m.authorities == nil || len(state.VerifiedChains) == 0 || m.vouchFor(state) {
		return nil
	}
	leaf := state.PeerCertificates[0]
	return fmt.Errorf("the peer's authority is not in SocketCAFile any more: %.64q of %.64q, serial %x", subject(leaf), leaf.Issuer.CommonName, leaf.SerialNumber)
}

// vouchFor reports whether a chain that a connection was let in by has one of the authorities, or leads to one.
func (m *material) vouchFor(state *tls.ConnectionState) bool {
	for _, chain := range state.VerifiedChains {
		top := chain[len(chain)-1]
		for _, authority := range m.authorities {
			if slices.ContainsFunc(chain, authority.Equal) || top.CheckSignatureFrom(authority) == nil {
				return true
			}
		}
	}
	return false
}

// names are whom a certificate is for: its common name and its alternative names.
func names(c *x509.Certificate) (list []string) {
	if c.Subject.CommonName != "" {
		list = append(list, c.Subject.CommonName)
	}
	list = append(append(list, c.DNSNames...), c.EmailAddresses...)
	for _, uri := range c.URIs {
		list = append(list, uri.String())
	}
	return list
}

// Describe says how a connection is secured, for journal and log.
func Describe(state tls.ConnectionState) string {
	text := tls.VersionName(state.Version)
	if len(state.PeerCertificates) > 0 {
		c := state.PeerCertificates[0]
		text += fmt.Sprintf(", certificate %.64q of %.64q, serial %x", subject(c), c.Issuer.CommonName, c.SerialNumber)
	}
	return text
}
