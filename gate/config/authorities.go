package config

import (
	"bytes"
	"slices"

	"portcullis/fix/settings"
	"portcullis/gate/transport"
)

// Whoever is in a SocketCAFile says who a peer is: under four eyes its contents are what was read with the configuration, and two people
// stand behind whoever comes to be in it. Files has the certificates of it alone, in the form that transport gives them.

// secured are the sessions that have TLS.
func (c *Config) secured() (list []*settings.Session) {
	add := func(s *settings.Session) {
		if s.Security.Use && s.Security.CA.Name != "" {
			list = append(list, s)
		}
	}
	for i := range c.Links {
		add(&c.Links[i].Session)
	}
	for i := range c.Venues {
		add(&c.Venues[i].Session)
	}
	for i := range c.Copiers {
		add(&c.Copiers[i].Session)
	}
	for i := range c.DropCopy.Sessions {
		add(&c.DropCopy.Sessions[i].Session)
	}
	return list
}

// authorityNames are the files that say whom sessions trust.
func (c *Config) authorityNames() map[string]bool {
	names := map[string]bool{}
	for _, s := range c.secured() {
		names[s.Security.CA.Name] = true
	}
	return names
}

// readAuthorities keeps what the files hold. What is of no use ReadKeys finds, for a gate that is to run: who only asks one may
// not be able to read them.
func (l *loader) readAuthorities() {
	for name := range l.config.authorityNames() {
		data, err := l.open(name)
		if err != nil || len(data) > textBytesMax {
			continue
		}
		if list, err := transport.ParseAuthorities(data); err == nil {
			l.config.Files[name] = list.PEM()
		}
	}
}

// authorities are those in force of a file, in PEM; nil: they are not known.
func (c *Config) authorities(name string) []byte {
	if c.offer != nil {
		if data, kept := c.offer.authorities[name]; kept {
			return data
		}
	}
	return c.Files[name]
}

// authorities has sessions trust nobody whom they did not trust before. Where nobody is left, those of before stay.
func (t *tightening) authorities(was, out *Config, kept map[string][]byte) {
	before := was.authorityNames()
	for name := range out.authorityNames() {
		old, now := was.authorities(name), out.Files[name]
		if !before[name] || old == nil || bytes.Equal(old, now) {
			continue
		}
		had, _ := transport.ParseAuthorities(old)
		offered, _ := transport.ParseAuthorities(now)
		both := offered.Among(had)
		switch {
		case len(both) == 0:
			both = had
		case len(both) == len(offered):
			continue
		}
		kept[name] = both.PEM()
		is := "nobody who can be read"
		if len(offered) > 0 {
			is = offered.String()
		}
		t.held = append(t.held, Held{Key: "authorities of " + name, Stays: both.String(), Offered: is})
	}
}

// authorities finds the sessions that trust others than before.
func (c *Change) authorities(was, is *Config) {
	if was.Gate.Approval != FourEyes && is.Gate.Approval != FourEyes {
		return // they are looked at by themselves
	}
	known := map[string]string{}
	for _, s := range was.secured() {
		known[s.Name] = s.Security.CA.Name
	}
	for _, s := range is.secured() {
		old, had := known[s.Name]
		a, b := was.authorities(old), is.authorities(s.Security.CA.Name)
		if had && a != nil && b != nil && !bytes.Equal(a, b) && !slices.Contains(c.Changed, s.Name) && !c.copies(is, s.Name) {
			c.Changed = append(c.Changed, s.Name)
		}
	}
}

// copies reports whether a session is one of gate dropcopy.
func (c *Change) copies(is *Config, name string) bool {
	return slices.ContainsFunc(is.DropCopy.Sessions, func(s DropSession) bool { return s.Session.Name == name })
}
