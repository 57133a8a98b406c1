package config

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"portcullis/fix/settings"
	"portcullis/gate/transport"
)

// ReadKeys reads the certificates and keys that sessions name and gives links and venues their TLS, for a gate that is
// to run. Load does without: who only asks a gate, or stops it, must not need files that only the gate may read, or that
// are what is wrong. The error joins all defects, as that of Load.
func (c *Config) ReadKeys(now time.Time) error {
	r := keyReader{config: c, store: c.keyStore(), now: now}
	// What is in force while this waits for approval has the same tables, and others read them.
	c.Links, c.Venues, c.Copiers = slices.Clone(c.Links), slices.Clone(c.Venues), slices.Clone(c.Copiers)
	for i := range c.Links {
		k := &c.Links[i]
		k.TLS = r.policy(&k.Session, k.CertificateNames)
	}
	for i := range c.Venues {
		v := &c.Venues[i]
		v.TLS = r.policy(&v.Session, nil)
	}
	for i := range c.Copiers {
		k := &c.Copiers[i]
		k.TLS = r.policy(&k.Session, k.CertificateNames)
	}
	c.Keys = r.store
	return r.done()
}

// keyStore is empty: it reads the files, or goes on with what they held.
func (c *Config) keyStore() *transport.Store {
	if c.resumed {
		return transport.Resume(c.readFile, c.read)
	}
	return transport.NewStore(c.readFile)
}

// ReadDropKeys does the same for the sessions of gate dropcopy, in a process of its own.
func (c *Config) ReadDropKeys(now time.Time) (*transport.Store, error) {
	r := keyReader{config: c, store: transport.NewStore(c.readFile), now: now}
	for i := range c.DropCopy.Sessions {
		s := &c.DropCopy.Sessions[i]
		s.TLS = r.policy(&s.Session, s.CertificateNames)
	}
	return r.store, r.done()
}

// done warns of certificates that end soon, and says what is wrong with others.
func (r *keyReader) done() error {
	for _, end := range r.store.Ends() {
		if text := end.File + ": " + end.Warning(r.now); end.Soon(r.now) && !slices.Contains(r.config.Warnings, text) {
			r.config.Warnings = append(r.config.Warnings, text)
		}
	}
	return r.problems.Err()
}

// keyReader is one run of ReadKeys.
type keyReader struct {
	config   *Config
	store    *transport.Store
	now      time.Time
	problems settings.Problems
}

// policy makes the TLS of a session; nil: it has none, or its files are of no use, which is noted.
func (r *keyReader) policy(s *settings.Session, names []string) *transport.Policy {
	set := &s.Security
	if !set.Use {
		return nil
	}
	files := transport.Files{Certificate: set.Certificate.Name, Key: set.Key.Name, CA: set.CA.Name, Lists: strings.Join(set.Lists.Names, ",")}
	if r.config.Gate.Approval == FourEyes {
		files.Trusted = string(r.config.authorities(set.CA.Name))
	}
	keys, err := r.store.Keys(files, r.now)
	var fault *transport.Fault
	if errors.As(err, &fault) {
		where := map[transport.Role]struct {
			key  string
			line int
		}{transport.CertificateFile: {"SocketCertificateFile", set.Certificate.Line},
			transport.KeyFile: {"SocketPrivateKeyFile", set.Key.Line}, transport.CAFile: {"SocketCAFile", set.CA.Line},
			transport.CRLFile: {"SocketCRLFiles", set.Lists.Line}}[fault.Role]
		r.problems.Add(s.File, where.line, where.key+"="+show(fault.File)+" "+fault.What, fault.Cure)
		return nil
	}
	if r.config.Gate.Approval == FourEyes && set.CA.Name != "" && files.Trusted == "" { // its contents would be one person's word
		r.problems.Add(s.File, set.CA.Line, fmt.Sprintf("SocketCAFile=%s could not be read with the configuration", show(set.CA.Name)),
			fmt.Sprintf("under four_eyes it is part of it: at most %d MB, readable when gate.yaml is read", textBytesMax>>20))
		return nil
	}
	r.warnKeyOpen(s)
	return &transport.Policy{Keys: keys, TLS12: set.TLS12, Mutual: set.Mutual, Names: names, ServerName: set.ServerName}
}

// warnKeyOpen says that everybody on the machine may be this session's owner.
func (r *keyReader) warnKeyOpen(s *settings.Session) {
	key := s.Security.Key
	path := key.Name
	if !filepath.IsAbs(path) {
		path = filepath.Join(r.config.dir, path)
	}
	info, err := Stat(path)
	if r.config.dir != "" && key.Name != "" && err == nil && info.Mode().Perm()&0o007 != 0 {
		r.config.warn(place{s.File, key.Line}, "SocketPrivateKeyFile=%s can be read by every user of this machine", key.Name)
	}
}
