package transport

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strings"
	"time"
)

// list is what one authority has revoked of the certificates that it issued.
type list struct {
	file      string
	authority *x509.Certificate // it has signed the list
	from, end time.Time         // ThisUpdate and NextUpdate
	revoked   map[string]x509.RevocationListEntry
}

// parseLists reads the lists of revoked certificates. Its error is a *Fault.
func (f Files) parseLists(m *material, c contents) error {
	for i, name := range f.lists() {
		read, what := revocations(c[int(CRLFile)+i])
		for _, one := range read {
			if what == "" {
				what = m.take(name, one)
			}
		}
		if what != "" {
			return &Fault{CRLFile, name, what, "get the authority's present list, whole, in PEM or DER"}
		}
	}
	return nil
}

// revocations reads PEM, or DER; what says what is wrong with it.
func revocations(data []byte) (all []*x509.RevocationList, what string) {
	var ders [][]byte
	for rest := data; ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		if block.Type == "X509 CRL" {
			ders = append(ders, block.Bytes)
		}
	}
	if ders == nil {
		ders = [][]byte{data}
	}
	for _, der := range ders {
		one, err := x509.ParseRevocationList(der)
		if err != nil {
			return nil, "holds no list of revoked certificates that can be read: " + strings.TrimPrefix(err.Error(), "x509: ")
		}
		all = append(all, one)
	}
	return all, ""
}

// take adds a list of one of the authorities; what says why it is not to be used. Whatever a list says must be understood,
// where it says that it must be: it may be a part of one, or of other issuers' certificates (RFC 5280, 5.2 and 5.3).
func (m *material) take(file string, r *x509.RevocationList) (what string) {
	l := list{file: file, from: r.ThisUpdate, end: r.NextUpdate, revoked: make(map[string]x509.RevocationListEntry, len(r.RevokedCertificateEntries))}
	for _, authority := range m.authorities {
		if bytes.Equal(authority.RawSubject, r.RawIssuer) && r.CheckSignatureFrom(authority) == nil {
			l.authority = authority
		}
	}
	extensions := r.Extensions
	for _, entry := range r.RevokedCertificateEntries {
		l.revoked[string(entry.SerialNumber.Bytes())] = entry
		extensions = append(extensions, entry.Extensions...)
	}
	for _, e := range extensions {
		if e.Critical {
			return fmt.Sprintf("says what is not understood here (extension %v): it may be a part of a list", e.Id)
		}
	}
	switch {
	case l.authority == nil:
		return fmt.Sprintf("has a list of %q that no authority of SocketCAFile has signed", r.Issuer.String())
	case l.end.IsZero():
		return "has a list that does not say when the next is due (NextUpdate)"
	}
	m.lists = append(m.lists, l)
	return ""
}

// listAhead is by how much the clock of an authority may be ahead of this one.
const listAhead = 5 * time.Minute

// checkLists refuses lists that leave out an authority, whose peers nobody could get in, and those of a time to come: once taken,
// none of today could take their place. Its error is a *Fault.
func (f Files) checkLists(m *material, now time.Time) error {
	if f.Lists == "" {
		return nil
	}
	for i := range m.lists {
		if l := &m.lists[i]; l.from.After(now.Add(listAhead)) {
			return &Fault{CRLFile, l.file, fmt.Sprintf("has a list of %q of a time to come, %s (ThisUpdate)", subject(l.authority), l.from.UTC().Format(time.RFC3339)),
				"get the authority's present list, and look at this machine's clock"}
		}
	}
	for _, authority := range m.authorities {
		if m.listOf(authority) == nil && now.Before(authority.NotAfter) {
			return &Fault{CRLFile, f.Lists, fmt.Sprintf("has no list of %q, an authority of SocketCAFile", subject(authority)),
				"add it: without it nobody knows which of its certificates are good"}
		}
	}
	return nil
}

// older says that a list is older than was: it does not know what was revoked since. Its error is a *Fault.
func (m *material) older(was *material) error {
	for _, authority := range m.authorities {
		l, before := m.listOf(authority), was.listOf(authority)
		if l != nil && before != nil && l.from.Before(before.from) {
			return &Fault{CRLFile, l.file, fmt.Sprintf("has a list of %q of %s, older than that in force, of %s", subject(authority), day(l.from), day(before.from)),
				"get the authority's present list"}
		}
	}
	return nil
}

// listOf is the newest list of an authority; nil: there is none.
func (m *material) listOf(authority *x509.Certificate) (newest *list) {
	for i := range m.lists {
		l := &m.lists[i]
		if l.is(authority) && (newest == nil || l.from.After(newest.from)) {
			newest = l
		}
	}
	return newest
}

// is reports whether the list is of this authority: of its name and key, for its certificate may have been renewed.
func (l *list) is(authority *x509.Certificate) bool {
	return bytes.Equal(l.authority.RawSubject, authority.RawSubject) &&
		bytes.Equal(l.authority.RawSubjectPublicKeyInfo, authority.RawSubjectPublicKeyInfo)
}

// issued reports whether the list's authority has issued a certificate.
func (l *list) issued(c *x509.Certificate) bool {
	return bytes.Equal(l.authority.RawSubject, c.RawIssuer) && c.CheckSignatureFrom(l.authority) == nil
}

// revoked says that a certificate is on a list, whether that has ended or not; nil: it is on none.
func (m *material) revoked(c *x509.Certificate) error {
	for i := range m.lists {
		l := &m.lists[i]
		if entry, on := l.revoked[string(c.SerialNumber.Bytes())]; on && l.issued(c) {
			return fmt.Errorf("the peer's certificate is revoked: %.64q of %.64q, serial %x, on %s%s", subject(c), c.Issuer.CommonName,
				c.SerialNumber, day(entry.RevocationTime), reasonWord(entry.ReasonCode))
		}
	}
	return nil
}

// current says why nobody knows whether a certificate is good; nil: a list in force is of its issuer.
func (m *material) current(c *x509.Certificate, now time.Time) error {
	var ended *list
	for i := range m.lists {
		l := &m.lists[i]
		if !l.issued(c) {
			continue
		}
		if now.Before(l.end) {
			return nil
		}
		ended = l
	}
	if ended != nil {
		return fmt.Errorf("the list of revoked certificates has ended: %s of %.64q, on %s; until there is a newer one nobody of that authority is let in",
			ended.file, subject(ended.authority), day(ended.end))
	}
	return fmt.Errorf("there is no list of revoked certificates of the peer's authority: %.64q, which is not in SocketCAFile", c.Issuer.String())
}

// judge says why chains of certificates are of no use, by the lists: of each chain every certificate but the last, which is
// trusted for itself, has to be vouched for, and none may be revoked.
func (m *material) judge(chains [][]*x509.Certificate, now time.Time) error {
	if m.lists == nil {
		return nil
	}
	if err := m.anyRevoked(chains); err != nil {
		return err
	}
	for _, chain := range chains {
		for _, c := range chain[:len(chain)-1] {
			if err := m.current(c, now); err != nil {
				return err
			}
		}
	}
	return nil
}

// anyRevoked finds a revoked certificate in chains.
func (m *material) anyRevoked(chains [][]*x509.Certificate) error {
	if m.lists == nil {
		return nil
	}
	for _, chain := range chains {
		for _, c := range chain {
			if err := m.revoked(c); err != nil {
				return err
			}
		}
	}
	return nil
}

// reasonWord is CRLReason of RFC 5280 in words.
func reasonWord(code int) string {
	switch code {
	case 1:
		return ", its key is compromised"
	case 2:
		return ", its authority is compromised"
	case 3:
		return ", the affiliation has changed"
	case 4:
		return ", it is superseded"
	case 5:
		return ", its use has ended"
	case 6:
		return ", it is on hold"
	case 9:
		return ", the privilege was withdrawn"
	}
	return ""
}
