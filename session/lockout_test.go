package session

import (
	"bufio"
	"fmt"
	"math"
	"net/netip"
	"strconv"
	"strings"
	"testing"
)

// lockoutScript: three failures of an identity from an address, or six of either alone, within 100 ns lock for 50 ns;
// two of each are remembered. One step a line: time, user, address, and either the result of a password check or
// what Locked must answer.
const lockoutScript = `
# three failures in the window lock the identity from that address: its owner, elsewhere, is not locked out
  0 acme   10.0.0.1 wrong
 10 acme   10.0.0.1 wrong
 10 acme   10.0.0.1 open
 20 acme   10.0.0.1 wrong
 20 acme   10.0.0.1 locked
 20 acme   10.0.0.9 open
# another identity from that address, a link of the same broker, is not touched
 20 zenith 10.0.0.1 open
# the lock ends after 50
 69 acme   10.0.0.1 locked
 70 acme   10.0.0.1 open
# and the count begins again
 71 acme   10.0.0.1 wrong
 72 acme   10.0.0.1 wrong
 72 acme   10.0.0.1 open
 reset
# guessing from many addresses locks the identity at six
  0 acme   10.0.0.1 wrong
  1 acme   10.0.0.2 wrong
  2 acme   10.0.0.3 wrong
  3 acme   10.0.0.4 wrong
  4 acme   10.0.0.5 wrong
  4 acme   10.0.0.6 open
  5 acme   10.0.0.6 wrong
  5 acme   10.0.0.7 locked
  5 zenith 10.0.0.6 open
 reset
# the window slides: failures 100 and more ago do not count
  0 acme   10.0.0.1 wrong
 60 acme   10.0.0.1 wrong
100 acme   10.0.0.1 wrong
100 acme   10.0.0.1 open
120 acme   10.0.0.1 wrong
120 acme   10.0.0.1 locked
 reset
# a success forgets the failures of the identity from there
  0 acme   10.0.0.1 wrong
  1 acme   10.0.0.1 wrong
  2 acme   10.0.0.1 ok
  3 acme   10.0.0.1 wrong
  4 acme   10.0.0.1 wrong
  4 acme   10.0.0.1 open
 reset
# but nothing of the address: who knows one password may not guess others
  0 acme   10.0.0.1 wrong
  1 zenith 10.0.0.1 wrong
  2 acme   10.0.0.1 wrong
  3 zenith 10.0.0.1 wrong
  4 other  10.0.0.1 wrong
  5 mine   10.0.0.1 ok
  6 mine   10.0.0.1 open
  7 other  10.0.0.1 wrong
  7 mine   10.0.0.1 locked
  7 mine   10.0.0.2 open
 reset
# names that do not exist count for the address only
  0 ghost  10.0.0.1 unknown
  1 ghost  10.0.0.2 unknown
  2 ghost  10.0.0.1 unknown
  3 spook  10.0.0.1 unknown
  3 ghost  10.0.0.1 unknown
  3 ghost  10.0.0.1 unknown
  3 acme   10.0.0.1 open
  4 ghost  10.0.0.1 unknown
  4 acme   10.0.0.1 locked
  3 ghost  10.0.0.3 open
 reset
# being refused for the address, being switched off, or overload is no guess
  0 acme   10.0.0.1 other
  0 acme   10.0.0.1 other
  0 acme   10.0.0.1 other
  0 acme   10.0.0.1 other
  0 acme   10.0.0.1 other
  0 acme   10.0.0.1 other
  0 acme   10.0.0.1 open
 reset
# a /64 of IPv6 is one source; IPv4 in IPv6 is IPv4
  0 ghost  2001:db8::1 unknown
  0 ghost  2001:db8::1 unknown
  0 ghost  2001:db8::2:3 unknown
  0 ghost  2001:db8::2:3 unknown
  0 ghost  2001:db8::2:4 unknown
  0 ghost  2001:db8::4:5:6:7 unknown
  0 acme   2001:db8::8 locked
  0 acme   2001:db8:0:1::8 open
  0 ghost  ::ffff:10.0.0.7 unknown
  0 ghost  10.0.0.7 unknown
  0 ghost  10.0.0.7 unknown
  0 ghost  10.0.0.7 unknown
  0 ghost  10.0.0.7 unknown
  0 ghost  ::ffff:10.0.0.7 unknown
  0 acme   10.0.0.7 locked
 reset
# memory is bounded: the third address makes the gate forget the first
  0 ghost  10.0.0.1 unknown
  0 ghost  10.0.0.1 unknown
  0 ghost  10.0.0.1 unknown
  0 ghost  10.0.0.1 unknown
  1 ghost  10.0.0.1 unknown
  2 ghost  10.0.0.2 unknown
  3 ghost  10.0.0.3 unknown
  4 ghost  10.0.0.1 unknown
  4 acme   10.0.0.1 open
 reset
# the one whose last failure is oldest, not the one that failed first
  0 ghost  10.0.0.1 unknown
  0 ghost  10.0.0.1 unknown
  0 ghost  10.0.0.1 unknown
  0 ghost  10.0.0.1 unknown
  1 ghost  10.0.0.2 unknown
  2 ghost  10.0.0.1 unknown
  3 ghost  10.0.0.3 unknown
  4 ghost  10.0.0.1 unknown
  4 acme   10.0.0.1 locked
`

func newLockout(t *testing.T) *Lockout {
	t.Helper()
	l, err := NewLockout(LockoutConfig{FailuresMax: 3, IdentityFailuresMax: 6, AddressFailuresMax: 6, WindowNs: 100, LockNs: 50, EntriesMax: 2})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestLockoutScript(t *testing.T) {
	results := map[string]AuthResult{
		"wrong": AuthWrongPassword, "ok": AuthOK, "unknown": AuthUnknownUser, "other": AuthOverload,
	}
	l := newLockout(t)
	lines := bufio.NewScanner(strings.NewReader(lockoutScript))
	for n := 1; lines.Scan(); n++ {
		f := strings.Fields(lines.Text())
		if len(f) == 0 || f[0] == "#" {
			continue
		}
		if f[0] == "reset" {
			l = newLockout(t)
			continue
		}
		now, err := strconv.ParseInt(f[0], 10, 64)
		if err != nil || len(f) != 4 {
			t.Fatalf("script line %d: %q", n, lines.Text())
		}
		addr := netip.MustParseAddr(f[2])
		if result, step := results[f[3]]; step {
			l.Record(result, f[1], addr, now)
		} else if got := l.Locked(f[1], addr, now); got != (f[3] == "locked") {
			t.Errorf("script line %d: %q: locked %t", n, lines.Text(), got)
		}
	}
}

func TestLockoutMemoryIsBounded(t *testing.T) {
	l := newLockout(t)
	for i := range 1000 {
		addr := netip.AddrFrom4([4]byte{10, 0, byte(i >> 8), byte(i)})
		l.Record(AuthWrongPassword, fmt.Sprint("user", i), addr, int64(i))
	}
	if l.names.order.Len() != 2 || len(l.names.byKey) != 2 || l.addrs.order.Len() != 2 || len(l.addrs.byKey) != 2 ||
		l.pairs.order.Len() != 2 || len(l.pairs.byKey) != 2 {
		t.Errorf("%d names, %d addresses, %d pairs", len(l.names.byKey), len(l.addrs.byKey), len(l.pairs.byKey))
	}
}

func TestLockoutForEver(t *testing.T) {
	l, err := NewLockout(LockoutConfig{FailuresMax: 1, IdentityFailuresMax: 1, AddressFailuresMax: 1, WindowNs: 1, LockNs: math.MaxInt64, EntriesMax: 1})
	if err != nil {
		t.Fatal(err)
	}
	addr := netip.MustParseAddr("10.0.0.1")
	l.Record(AuthWrongPassword, "acme", addr, 1_000)
	if !l.Locked("acme", addr, math.MaxInt64) || !l.Locked("acme", addr, 1_000) {
		t.Error("the largest lock time does not lock")
	}
	if l.Locked("acme2", netip.Addr{}, 1_000) {
		t.Error("a peer without an address is locked for another's failures")
	}
}

func TestLockoutConfigErrors(t *testing.T) {
	good := LockoutConfig{FailuresMax: 3, IdentityFailuresMax: 6, AddressFailuresMax: 6, WindowNs: 100, LockNs: 50, EntriesMax: 2}
	for _, change := range []func(*LockoutConfig){
		func(c *LockoutConfig) { c.FailuresMax = 0 },
		func(c *LockoutConfig) { c.FailuresMax = 1_001 },
		func(c *LockoutConfig) { c.IdentityFailuresMax = 2 },
		func(c *LockoutConfig) { c.AddressFailuresMax = 2 },
		func(c *LockoutConfig) { c.AddressFailuresMax = 100_001 },
		func(c *LockoutConfig) { c.WindowNs = 0 },
		func(c *LockoutConfig) { c.LockNs = -1 },
		func(c *LockoutConfig) { c.EntriesMax = 0 },
		func(c *LockoutConfig) { c.EntriesMax = 1_000_001 },
	} {
		c := good
		change(&c)
		if _, err := NewLockout(c); err == nil || !strings.Contains(err.Error(), "lock-out: ") {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
