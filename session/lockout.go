package session

import (
	"container/list"
	"fmt"
	"net/netip"
	"sync"
)

// LockoutConfig bounds guessing.
type LockoutConfig struct {
	FailuresMax        int   // failures of one identity within WindowNs that lock it; 1 to 1,000
	AddressFailuresMax int   // failures from one source address, whatever the identity; FailuresMax to 100,000
	WindowNs           int64 // sliding; at least 1
	LockNs             int64 // how long a lock lasts; at least 1
	EntriesMax         int   // identities, and as many source addresses, that are remembered; 1 to 1,000,000
}

// Lockout counts failed authentications per identity and per source address. Any number of goroutines may use
// it.
//
// An address is often a whole broker, whose links have nothing to do with each other: one that is set up wrongly
// locks itself, and the address only by far more failures than that, as a flood of made-up names brings.
//
// Only names that exist are counted by name, so made-up names take no memory. IPv6 sources are counted by /64,
// because whoever has one address of it has them all. Beyond EntriesMax the entry whose last failure is oldest
// is forgotten.
type Lockout struct {
	mu    sync.Mutex
	names failures[string]
	addrs failures[netip.Addr]
}

// NewLockout refuses a configuration that would never lock, or lock at once.
func NewLockout(c LockoutConfig) (*Lockout, error) {
	if c.AddressFailuresMax < c.FailuresMax || c.AddressFailuresMax > 100_000 {
		return nil, fmt.Errorf("lock-out: %d failures of an address: use %d to 100000", c.AddressFailuresMax, c.FailuresMax)
	}
	if c.FailuresMax < 1 || c.FailuresMax > 1_000 || c.EntriesMax < 1 || c.EntriesMax > 1_000_000 {
		return nil, fmt.Errorf("lock-out: %d failures, %d entries: use 1 to 1000 and 1 to 1000000",
			c.FailuresMax, c.EntriesMax)
	}
	if c.WindowNs < 1 || c.LockNs < 1 {
		return nil, fmt.Errorf("lock-out: window %d ns, lock time %d ns: both must be positive", c.WindowNs, c.LockNs)
	}
	l := &Lockout{}
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
	return l.names.locked(name, nowNs) || l.addrs.locked(sourceOf(addr), nowNs)
}

// Record counts the outcome of a password check; results that say nothing about guessing count nothing. A
// success forgets the failures of the identity, not those of the address: else one valid password would pay for
// guessing others.
func (l *Lockout) Record(result AuthResult, name string, addr netip.Addr, nowNs int64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch result {
	case AuthOK:
		l.names.forget(name)
	case AuthWrongPassword:
		l.names.fail(name, nowNs)
		l.addrs.fail(sourceOf(addr), nowNs)
	case AuthUnknownUser, AuthUnknownLink, AuthMissingPassword:
		l.addrs.fail(sourceOf(addr), nowNs)
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
