package config

import (
	"fmt"
	"net/netip"

	"portcullis/fix/settings"
)

// certificateNames reads whose certificate a link takes: the peer's CompID unless others are listed.
func (l *loader) certificateNames(m *mapping, s *settings.Session) []string {
	var names []string
	for _, value := range m.list("certificate_names") {
		names = append(names, value.text)
	}
	if names != nil && s.Line > 0 && !s.Security.Mutual {
		l.add(m.placeOf("certificate_names"), "certificate_names has no use: link "+show(s.Name)+" asks for no certificate",
			"remove it, or see SocketCAFile in "+s.File)
	}
	if names == nil {
		names = []string{s.TargetCompID}
	}
	return names
}

// proxies reads who may say for whom it speaks.
func (l *loader) proxies(m *mapping) {
	for _, value := range m.list("trusted_proxies") {
		if prefix, ok := l.network("trusted_proxies", value, "write 192.0.2.7 or 192.0.2.0/24"); ok {
			l.config.Gate.Proxies = append(l.config.Gate.Proxies, prefix)
		}
	}
}

// network reads an address or a network.
func (l *loader) network(key string, value scalar, cure string) (prefix netip.Prefix, ok bool) {
	prefix, err := netip.ParsePrefix(value.text)
	if address, notAddress := netip.ParseAddr(value.text); notAddress == nil && address.Zone() == "" {
		prefix, err = netip.PrefixFrom(address, address.BitLen()), nil
	}
	if err != nil {
		l.add(value.at, key+": "+show(value.text)+" is not an address or network", cure)
	}
	return prefix.Masked(), err == nil
}

// checkDoors refuses sessions that share an address and differ in how a connection to it begins, and proxies without
// anybody to trust.
func (l *loader) checkDoors(sessions []*settings.Session) {
	first := map[string]*settings.Session{}
	for _, s := range sessions {
		at := place{s.File, s.Line}
		address := fmt.Sprintf("%s:%d", s.AcceptHost, s.AcceptPort)
		other, shared := first[address]
		switch {
		case s.Line == 0: // not found, which is reported already
		case !shared:
			first[address] = s
		case other.Security.Use != s.Security.Use:
			l.add(at, fmt.Sprintf("session %s and the one on line %d share %s, and only one of them has TLS", s.Name, other.Line, address),
				"give one of them a port of its own, or both TLS")
		case other.UseProxy != s.UseProxy:
			l.add(at, fmt.Sprintf("session %s and the one on line %d share %s and differ in UseTCPProxy", s.Name, other.Line, address),
				"give one of them a port of its own, or both the same")
		}
		if s.UseProxy && len(l.config.Gate.Proxies) == 0 {
			l.add(at, "UseTCPProxy=Y of session "+s.Name+": no proxy is trusted", "list their addresses in gate.trusted_proxies")
		}
	}
}
