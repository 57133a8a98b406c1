package settings

import (
	"fmt"
	"strings"
)

// Security says how a session's connections are secured. The zero value is plain TCP.
//
// As in the QuickFIX family TLS is used where SocketUseSSL=Y or a certificate is named. An acceptor then asks its peer
// for a certificate, unless SocketUseSSL=Y; an initiator verifies the one it is shown, always.
type Security struct {
	Use         bool
	Certificate NamedFile  // PEM, chain included; an acceptor has one, an initiator may
	Key         NamedFile  // PEM, of Certificate
	CA          NamedFile  // PEM: the authorities that may vouch for the peer; "" = an initiator trusts the host's
	Lists       NamedFiles // what the authorities of CA have revoked, PEM or DER; none = nobody asks
	Mutual      bool       // acceptor: the peer shows a certificate
	ServerName  string     // initiator: sent as SNI, and the venue's certificate is for it; SocketConnectHost unless set
	TLS12       bool       // TLS 1.2 is accepted beside 1.3
}

// NamedFile is a file that a settings file names.
type NamedFile struct {
	Name string // as written; "" = none
	Line int    // where
}

// NamedFiles are files that a settings file names with one key, by commas.
type NamedFiles struct {
	Names []string // as written
	Line  int      // where
}

// security reads the TLS of a session.
func (r *reader) security(v *Values, side string) Security {
	s := Security{Certificate: v.file("SocketCertificateFile"), Key: v.file("SocketPrivateKeyFile"), CA: v.file("SocketCAFile"),
		Lists: v.files("SocketCRLFiles")}
	useSSL := v.Bool("SocketUseSSL", false)
	s.Use = useSSL || s.Certificate.Name != "" || s.Key.Name != ""
	s.ServerName = v.Host("SocketServerName", false)
	s.TLS12 = v.tls12()
	switch {
	case !s.Use && s.CA.Name != "":
		v.bad("SocketCAFile", "has no use: the session has no TLS", "write SocketUseSSL=Y or name a certificate, or remove the key")
	case !s.Use && s.Lists.Names != nil:
		v.bad("SocketCRLFiles", "has no use: the session has no TLS", "write SocketUseSSL=Y or name a certificate, or remove the key")
	case !s.Use:
		for _, name := range []string{"SocketServerName", "SocketMinimumTLSVersion"} {
			if key, set := v.Section.Find(name); set {
				r.note(fmt.Sprintf("%s:%d: %s has no effect: the session has no TLS; SocketUseSSL=Y or a certificate would ask for it", r.file, key.Line, name))
			}
		}
		return Security{}
	case s.Certificate.Name == "" && s.Key.Name != "":
		v.bad("SocketPrivateKeyFile", "has no certificate", "add SocketCertificateFile")
	case s.Certificate.Name != "" && s.Key.Name == "":
		v.bad("SocketCertificateFile", "has no key", "add SocketPrivateKeyFile")
	case side == "acceptor":
		r.acceptorSecurity(v, &s, useSSL)
	}
	if s.Use && s.Lists.Names != nil && s.CA.Name == "" {
		v.bad("SocketCRLFiles", "is of nobody: no authority is named whose lists they are", "add SocketCAFile, or remove the key")
	}
	return s
}

// acceptorSecurity demands that an acceptor has a certificate, and an authority where it asks for one.
func (r *reader) acceptorSecurity(v *Values, s *Security, useSSL bool) {
	s.Mutual = !useSSL
	switch {
	case s.Certificate.Name == "":
		v.bad("SocketUseSSL", "asks for TLS, but an acceptor needs a certificate for it",
			"add SocketCertificateFile and SocketPrivateKeyFile")
	case s.Mutual && s.CA.Name == "":
		v.bad("SocketCertificateFile", "asks the peer for a certificate, but no authority is named that vouches for it",
			"add SocketCAFile; or SocketUseSSL=Y, which asks for none")
	case !s.Mutual && s.CA.Name != "":
		v.bad("SocketCAFile", "would be of no use: with SocketUseSSL=Y the peer is not asked for a certificate",
			"remove SocketUseSSL to have it asked, or SocketCAFile")
	}
	if key, set := v.Section.Find("SocketServerName"); set {
		r.note(fmt.Sprintf("%s:%d: SocketServerName has no effect: an acceptor's certificate says what its names are", r.file, key.Line))
	}
}

// file reads the name of a file.
func (v *Values) file(name string) NamedFile {
	text, ok := v.String(name)
	if !ok {
		return NamedFile{}
	}
	key, _ := v.Section.Find(name)
	return NamedFile{Name: text, Line: key.Line}
}

// files reads names of files with commas between them.
func (v *Values) files(name string) NamedFiles {
	text, ok := v.String(name)
	if !ok {
		return NamedFiles{}
	}
	key, _ := v.Section.Find(name)
	f := NamedFiles{Line: key.Line}
	for one := range strings.SplitSeq(text, ",") {
		if one = strings.TrimSpace(one); one == "" {
			v.bad(name, "has a comma and no file beside it", "write file,file")
			return NamedFiles{}
		}
		f.Names = append(f.Names, one)
	}
	return f
}

// tls12 reads whether TLS 1.2 is accepted: only where it is named.
func (v *Values) tls12() bool {
	switch text, _ := v.String("SocketMinimumTLSVersion"); text {
	case "", "TLS13":
		return false
	case "TLS12":
		return true
	case "TLS11", "TLS10", "SSL30":
		v.bad("SocketMinimumTLSVersion", "can be read by others than the peer", "write TLS12 or TLS13, which is the default")
	default:
		v.bad("SocketMinimumTLSVersion", "is not a known value", "write TLS12 or TLS13, which is the default")
	}
	return false
}
