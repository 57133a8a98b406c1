package session

import (
	"container/list"
	"fmt"
	"net/netip"
	"sync"
)

// LockoutConfig bounds guessing.
type LockoutConfig struct {
	FailuresMax         int   // failures of one identity from one source address within WindowNs that lock the two; 1 to 1,000
	IdentityFailuresMax int   // of one identity, from whatever address; FailuresMax to 100,000
	AddressFailuresMax  int   // from one address, whatever the identity; FailuresMax to 100,000
	WindowNs            int64 // sliding; at least 1
	LockNs              int64 // how long a lock lasts; at least 1
	EntriesMax          int   // pairs of the two, identities and addresses, each, that are remembered; 1 to 1,000,000
}

// Lockout counts failed authentications per identity and source address. Any number of goroutines may use it.
//
// An address is often a whole broker, whose links have nothing to do with each other: one that is set up wrongly
// locks itself and no other. And whoever guesses at an identity locks himself out, not its owner. Guessing from many
// addresses, and a flood of made-up names from one, take more failures, counted for the identity or the address alone.
//
// Only names that exist are counted by name, so made-up names take no memory. IPv6 sources are counted by /64,
// because whoever has one address of it has them all. Beyond EntriesMax the entry whose last failure is oldest
// is forgotten.
type Lockout struct {
	mu    sync.Mutex
	pairs failures[pair]
	names failures[string]
	addrs failures[netip.Addr]
}

// pair is an identity that is tried from an address.
type pair struct {
	name string
	addr netip.Addr
}

// NewLockout refuses a configuration that would never lock, or lock at once.
func NewLockout(c LockoutConfig) (*Lockout, error) {
	for _, alone := range []int{c.IdentityFailuresMax, c.AddressFailuresMax} {
		if alone < c.FailuresMax || alone > 100_000 {
			return nil, fmt.Errorf("lock-out: %d failures of identity or address alone: use %d to 100000", alone, c.FailuresMax)
		}
	}
	if c.FailuresMax < 1 || c.FailuresMax > 1_000 || c.EntriesMax < 1 || c.EntriesMax > 1_000_000 {
		return nil, fmt.Errorf("lock-out: %d failures, %d entries: use 1 to 1000 and 1 to 1000000",
			c.FailuresMax, c.EntriesMax)
	}
	if c.WindowNs < 1 || c.LockNs < 1 {
		return nil, fmt.Errorf("lock-out: window %d ns, lock time %d ns: both must be positive", c.WindowNs, c.LockNs)
	}
	l := &Lockout{}
	l.pairs.init(c)
	c.FailuresMax = c.IdentityFailuresMax
	l.names.init(c)
	c.FailuresMax = c.AddressFailuresMax
	l.addrs.init(c)
	return l, nil
}

// Locked is asked before the password is looked at. A true answer is AuthLockedOut, and is not counted as
// another failure: a lock ends LockNs after the failure that caused it. nowNs is monotonic.
func (l *Lockout) Locked(name string, addr netip.Addr, nowNs int64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	addr = sourceOf(addr)
	return l.pairs.locked(pair{name, addr}, nowNs) || l.names.locked(name, nowNs) || l.addrs.locked(addr, nowNs)
}

// Record counts the outcome of a password check; results that say nothing about guessing count nothing. A
// success forgets the failures of this identity from this address, no others: else one valid password would pay
// for guessing more.
func (l *Lockout) Record(result AuthResult, name string, addr netip.Addr, nowNs int64) {
	addr = sourceOf(addr)
	l.mu.Lock()
	defer l.mu.Unlock()
	switch result {
	case AuthOK:
		l.pairs.forget(pair{name, addr})
	case AuthWrongPassword:
		l.pairs.fail(pair{name, addr}, nowNs)
		l.names.fail(name, nowNs)
		l.addrs.fail(addr, nowNs)
	case AuthUnknownUser, AuthUnknownLink, AuthMissingPassword:
		l.addrs.fail(addr, nowNs)
	}
}

// sourceOf is the address failures are counted under.
func sourceOf(addr netip.Addr) netip.Addr {
	addr = addr.Unmap().WithZone("")
	if addr.Is6() {
		p, _ := addr.Prefix(64) // 64 is never too long for IPv6
		return p.Addr()
	}
	return addr
}

// failures remembers recent failures by key; the list is ordered by the last one, oldest first.
type failures[K comparable] struct {
	config LockoutConfig
	byKey  map[K]*list.Element
	order  *list.List // of *entry[K]
}

type entry[K comparable] struct {
	key        K
	timesNs    []int64 // the last failures, oldest first, fewer than FailuresMax
	lockedAtNs int64   // the failure that locked; holds only if locked
	locked     bool
}

func (f *failures[K]) init(c LockoutConfig) {
	f.config = c
	f.byKey, f.order = make(map[K]*list.Element), list.New()
}

func (f *failures[K]) locked(key K, nowNs int64) bool {
	el := f.byKey[key]
	if el == nil {
		return false
	}
	e := el.Value.(*entry[K])
	return e.locked && nowNs-e.lockedAtNs < f.config.LockNs
}

func (f *failures[K]) forget(key K) {
	if el := f.byKey[key]; el != nil {
		f.order.Remove(el)
		delete(f.byKey, key)
	}
}

func (f *failures[K]) fail(key K, nowNs int64) {
	c := &f.config
	el := f.byKey[key]
	if el == nil {
		if f.order.Len() >= c.EntriesMax {
			f.forget(f.order.Front().Value.(*entry[K]).key)
		}
		el = f.order.PushBack(&entry[K]{key: key})
		f.byKey[key] = el
	}
	f.order.MoveToBack(el)
	e := el.Value.(*entry[K])
	for len(e.timesNs) > 0 && nowNs-e.timesNs[0] >= c.WindowNs {
		e.timesNs = e.timesNs[1:]
	}
	e.timesNs = append(e.timesNs, nowNs)
	if len(e.timesNs) >= c.FailuresMax {
		e.timesNs = nil // after the lock counting begins again
		e.locked, e.lockedAtNs = true, nowNs
	}
}
