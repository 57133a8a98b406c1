package session

import (
	"fmt"
	"net/netip"
	"strings"
)

// Any is the word that must be written to permit every source address.
const Any = "any"

// AddressList says from where a peer may connect. The zero value permits nobody.
type AddressList struct {
	any      bool
	prefixes []netip.Prefix
}

// ParseAddressList reads addresses ("192.0.2.7"), networks ("192.0.2.0/24", "2001:db8::/32") or, alone, the
// word "any". No entry means nobody.
func ParseAddressList(entries []string) (AddressList, error) {
	var l AddressList
	for _, text := range entries {
		text = strings.TrimSpace(text)
		if text == Any {
			if len(entries) > 1 {
				return AddressList{}, fmt.Errorf("%q stands alone: remove it or the other entries", Any)
			}
			return AddressList{any: true}, nil
		}
		p, err := parsePrefix(text)
		if err != nil {
			return AddressList{}, err
		}
		l.prefixes = append(l.prefixes, p)
	}
	return l, nil
}

func parsePrefix(text string) (netip.Prefix, error) {
	if !strings.Contains(text, "/") {
		a, err := netip.ParseAddr(text)
		if err != nil || a.Zone() != "" {
			return netip.Prefix{}, fmt.Errorf(
				"source address %.60q: expected an address, a network such as 192.0.2.0/24, or %q", text, Any)
		}
		a = a.Unmap()
		return netip.PrefixFrom(a, a.BitLen()), nil
	}
	p, err := netip.ParsePrefix(text)
	switch {
	case err != nil:
		return p, fmt.Errorf("source network %.60q: expected a form such as 192.0.2.0/24 or 2001:db8::/32", text)
	case p.Addr().Is4In6():
		return p, fmt.Errorf("source network %s: write it as IPv4", text)
	case p.Bits() == 0:
		return p, fmt.Errorf("source network %s: every address is written %q", text, Any)
	case p != p.Masked():
		return p, fmt.Errorf("source network %s has bits beyond its length: write %s, or %s for the one address",
			text, p.Masked(), p.Addr())
	}
	return p, nil
}

// Contains is true if a peer may connect from addr. An IPv4 address mapped into IPv6 counts as IPv4; an address
// with a zone ("fe80::1%eth0") is in no network.
func (l AddressList) Contains(addr netip.Addr) bool {
	if !addr.IsValid() {
		return false
	}
	addr = addr.Unmap()
	for _, p := range l.prefixes {
		if p.Contains(addr) {
			return true
		}
	}
	return l.any
}
