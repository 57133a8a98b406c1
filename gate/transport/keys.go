package transport

import (
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync/atomic"
	"time"
)

// Files are where a link has what it shows and whom it trusts, each in PEM.
type Files struct {
	Certificate string // with its chain; "" = it shows none
	Key         string // of Certificate
	CA          string // authorities that vouch for the peer; "" = those of the host
	Lists       string // by commas, in PEM or DER: what each authority of CA has revoked; "" = nobody asks
	Trusted     string // what CA holds, in PEM, where two people stand behind it: the file itself is not looked at; "" = it is
}

// unheld are the files, whatever one of them is taken to hold.
func (f Files) unheld() Files {
	f.Trusted = ""
	return f
}

// names are those of all files, by their roles; the lists come last.
func (f Files) names() []string { return append([]string{f.Certificate, f.Key, f.CA}, f.lists()...) }

func (f Files) lists() []string {
	if f.Lists == "" {
		return nil
	}
	return strings.Split(f.Lists, ",")
}

// Role is what a file is for.
type Role uint8

const (
	CertificateFile Role = iota
	KeyFile
	CAFile
	CRLFile
)

// Fault says why a file cannot be used.
type Fault struct {
	Role       Role
	File       string
	What, Cure string
}

func (f *Fault) Error() string { return f.File + " " + f.What + "; " + f.Cure }

// Keys are what was read from Files last.
type Keys struct {
	files   Files
	current atomic.Pointer[material]
	failing string // the error of the last Watch
	told    bool   // Watch has told it
}

// material is what the files held at one time.
type material struct {
	certificate *tls.Certificate    // nil: none
	authorities []*x509.Certificate // nil: no file names any
	lists       []list              // nil: nobody asks what is revoked
	digest      [sha256.Size]byte   // of the files
	read        contents
}

// opener returns the content of a file.
type opener func(name string) ([]byte, error)

// contents are the files' bytes, as Files.names has them; nil where there is no such file to read.
type contents [][]byte

// read reads the files. Its error is a *Fault.
func (f Files) read(open opener) (c contents, digest [sha256.Size]byte, err error) {
	hash := sha256.New()
	names := f.names()
	c = make(contents, len(names))
	for role, name := range names {
		if name == "" {
			continue
		}
		data, failed := []byte(f.Trusted), error(nil)
		if role != int(CAFile) || f.Trusted == "" {
			data, failed = open(name)
		}
		if failed != nil {
			return c, digest, &Fault{Role(min(role, int(CRLFile))), name, "cannot be read: " + Cause(failed), "check the name, its folder and its permissions"}
		}
		c[role] = data
		fmt.Fprintf(hash, "%d %d ", role, len(data))
		hash.Write(data)
	}
	return c, [sha256.Size]byte(hash.Sum(nil)), nil
}

// Cause is the last part of a file error, without the path: paths differ between machines.
func Cause(err error) string {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		err = pathError.Err
	}
	if errors.Is(err, fs.ErrNotExist) {
		return "no such file"
	}
	return err.Error()
}

// use makes of the files' bytes what TLS takes now, in the place of was; nil: of nothing. Its error is a *Fault.
func (f Files) use(c contents, was *material, now time.Time) (*material, error) {
	m, err := f.parse(c)
	if err != nil {
		return nil, err
	}
	if err := f.checkTerm(m, now); err != nil {
		return nil, err
	}
	if err := f.checkLists(m, now); err != nil || was == nil {
		return m, err
	}
	return m, m.older(was)
}

// parse makes of the files' bytes what TLS takes, be it good now or not. Its error is a *Fault.
func (f Files) parse(c contents) (*material, error) {
	m := &material{read: c}
	if f.Certificate != "" {
		if err := f.parsePair(m, c); err != nil {
			return nil, err
		}
	}
	if f.CA == "" {
		return m, nil
	}
	var what string
	if m.authorities, what = certificates(c[CAFile]); what != "" {
		return nil, &Fault{CAFile, f.CA, what, "write the authorities' certificates, in PEM"}
	}
	return m, f.parseLists(m, c)
}

// checkTerm refuses what is not good now. Its error is a *Fault.
func (f Files) checkTerm(m *material, now time.Time) error {
	if m.certificate != nil {
		switch leaf := m.certificate.Leaf; {
		case now.After(leaf.NotAfter):
			return &Fault{CertificateFile, f.Certificate, "ended on " + day(leaf.NotAfter) + " (" + subject(leaf) + ")", "have it renewed"}
		case now.Before(leaf.NotBefore):
			return &Fault{CertificateFile, f.Certificate, "is good only from " + day(leaf.NotBefore) + " on (" + subject(leaf) + ")",
				"use one that is good now, or set the machine's clock right"}
		}
	}
	for n, authority := range m.authorities {
		if now.Before(authority.NotAfter) {
			break
		}
		if n == len(m.authorities)-1 {
			return &Fault{CAFile, f.CA, "has no authority that is still good: the last ended on " + day(authority.NotAfter),
				"get the authority's present certificate"}
		}
	}
	return nil
}

// parsePair reads certificate and key.
func (f Files) parsePair(m *material, c contents) error {
	if _, what := certificates(c[CertificateFile]); what != "" {
		return &Fault{CertificateFile, f.Certificate, what, "write the certificate and its chain, in PEM"}
	}
	if block, _ := pem.Decode(c[KeyFile]); block != nil && (strings.Contains(block.Type, "ENCRYPTED") || block.Headers["DEK-Info"] != "") {
		return &Fault{KeyFile, f.Key, "is locked with a pass phrase", "write it without one, for the gate's user alone to read"}
	}
	pair, err := tls.X509KeyPair(c[CertificateFile], c[KeyFile])
	if err != nil {
		return &Fault{KeyFile, f.Key, "does not go with " + f.Certificate + ": " + strings.TrimPrefix(err.Error(), "tls: "),
			"write the key that the certificate was made for"}
	}
	m.certificate = &pair
	return nil
}

// certificates reads PEM; what says what is wrong with it.
func certificates(data []byte) (list []*x509.Certificate, what string) {
	for {
		var block *pem.Block
		if block, data = pem.Decode(data); block == nil {
			break
		}
		if block.Type != "CERTIFICATE" {
			continue
		}
		one, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, "has a certificate that cannot be read: " + strings.TrimPrefix(err.Error(), "x509: ")
		}
		list = append(list, one)
	}
	if len(list) == 0 {
		return nil, "holds no certificate"
	}
	return list, ""
}

func day(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// subject is a certificate's name for people.
func subject(c *x509.Certificate) string {
	if c.Subject.CommonName != "" {
		return c.Subject.CommonName
	}
	if len(c.DNSNames) > 0 {
		return c.DNSNames[0]
	}
	return c.Subject.String()
}

// pool is whom m trusts.
func (m *material) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	for _, authority := range m.authorities {
		pool.AddCert(authority)
	}
	return pool
}
