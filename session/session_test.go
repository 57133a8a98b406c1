package session

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
)

func TestZeroValuesRefuse(t *testing.T) {
	var result AuthResult
	var rights Rights
	var addresses AddressList
	var credentials Credentials
	loopback := netip.MustParseAddr("127.0.0.1")
	if result.OK() || rights.MayTrade("ACC1") || rights.MayTrade("") || addresses.Contains(loopback) {
		t.Error("a zero value permits something")
	}
	if got := credentials.Check("acme", []byte("secret")); got != AuthUnknownUser {
		t.Errorf("no credentials: %v", got)
	}
	if VerifyPassword(PasswordHash{}, []byte("")) || VerifyPassword(PasswordHash{}, []byte("secret")) {
		t.Error("the zero hash fits")
	}
}

func TestRights(t *testing.T) {
	r := Rights{Accounts: []string{"ACC1", "ACC2"}}
	if !r.MayTrade("ACC2") || r.MayTrade("ACC3") || r.MayTrade("acc1") || r.MayTrade("") {
		t.Error("MayTrade is wrong")
	}
}

// Each result has a text of its own, and only AuthOK is OK.
func TestAuthResults(t *testing.T) {
	seen := map[string]AuthResult{}
	for r := AuthUndecided; r <= AuthOverload; r++ {
		if other, twice := seen[r.String()]; twice || r.String() == "" {
			t.Errorf("%d and %d are both %q", r, other, r)
		}
		seen[r.String()] = r
		if r.OK() != (r == AuthOK) {
			t.Errorf("%v: OK %t", r, r.OK())
		}
	}
	if got := AuthResult(200); got.OK() || got.String() != "undecided" {
		t.Errorf("a number without a name is %v", got)
	}
	got := fmt.Sprint(KindNone, KindParticipant, KindVenue, KindOperator, Kind(9))
	if got != "none participant venue operator none" {
		t.Error(got)
	}
}

func TestAddressList(t *testing.T) {
	for _, c := range []struct{ list, inside, outside string }{
		{"", "", "127.0.0.1 ::1"},
		{"any", "127.0.0.1 ::1 fe80::1%eth0", ""},
		{"192.0.2.7", "192.0.2.7 ::ffff:192.0.2.7", "192.0.2.8 ::192.0.2.7"},
		{"::ffff:192.0.2.7", "192.0.2.7", "192.0.2.8"},
		{"10.0.0.0/8 192.0.2.0/31", "10.255.0.1 192.0.2.1", "11.0.0.0 192.0.2.2 ::a00:1"},
		{"2001:db8::/32", "2001:db8:1::1", "2001:db9::1 32.1.13.184"},
		{"fe80::/10", "fe80::1", "fe80::1%eth0"},
	} {
		l, err := ParseAddressList(strings.Fields(c.list))
		if err != nil {
			t.Errorf("%q: %v", c.list, err)
		}
		for _, a := range strings.Fields(c.inside) {
			if !l.Contains(netip.MustParseAddr(a)) {
				t.Errorf("%q does not contain %s", c.list, a)
			}
		}
		for _, a := range strings.Fields(c.outside) {
			if l.Contains(netip.MustParseAddr(a)) {
				t.Errorf("%q contains %s", c.list, a)
			}
		}
		if l.Contains(netip.Addr{}) {
			t.Errorf("%q contains no address at all", c.list)
		}
	}
}

func TestAddressListErrors(t *testing.T) {
	for _, c := range []struct{ entries, want string }{
		{"any,10.0.0.0/8", `"any" stands alone`},
		{"10.0.0.0/8,any", `"any" stands alone`},
		{"ANY", "expected an address, a network"},
		{"", "expected an address, a network"},
		{"localhost", "expected an address, a network"},
		{"192.0.2.7:5001", "expected an address, a network"},
		{"fe80::1%eth0", "expected an address, a network"},
		{"10.0.0.0/33", "expected a form such as"},
		{"10.0.0.5/8", "write 10.0.0.0/8, or 10.0.0.5 for the one address"},
		{"0.0.0.0/0", `every address is written "any"`},
		{"::ffff:10.0.0.0/104", "write it as IPv4"},
	} {
		_, err := ParseAddressList(strings.Split(c.entries, ","))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %s", c.entries, err, c.want)
		}
	}
}

func FuzzParseAddressList(f *testing.F) {
	f.Add("10.0.0.0/8", "192.0.2.7")
	f.Add("any", "::1")
	f.Fuzz(func(t *testing.T, entry, addr string) {
		l, err := ParseAddressList([]string{entry})
		a, addrErr := netip.ParseAddr(addr)
		if err != nil || addrErr != nil {
			return
		}
		if p, err := netip.ParsePrefix(strings.TrimSpace(entry)); err == nil && p.Contains(a) && !l.Contains(a) {
			t.Errorf("%q lost %s", entry, a)
		}
	})
}
