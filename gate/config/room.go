package config

import (
	"fmt"
	"strings"
)

// CheckRoom refuses names for which a table has no row, before one of them gets a number for life.
func (c *Config) CheckRoom(n *Numbers, beside Names) error {
	names := c.Names()
	for kind, capacity := range c.Gate.Capacity.byKind() {
		used, fresh := n.Count(Kind(kind)), map[string]bool{} // names that occur twice count once
		for _, name := range names[kind] {
			if _, known := n.Of(Kind(kind), name); !known {
				fresh[name] = true
			}
		}
		for _, name := range beside[kind] {
			if _, known := n.Of(Kind(kind), name); known {
				used-- // it has a row of its own
			}
		}
		if used += len(fresh); used > capacity {
			setting := fmt.Sprintf("gate.capacity.%ss", Kind(kind))
			return fmt.Errorf("%s is %d; names that have gone keep their numbers, and with %d new ones there would be %d: raise %s and restart",
				setting, capacity, len(fresh), used, setting)
		}
	}
	return nil
}

// byKind is how many names of each kind may have a number.
func (c *Capacity) byKind() [kindCount]int {
	return [kindCount]int{AccountNumber: c.Accounts, ClientNumber: c.Clients, InstrumentNumber: c.Instruments, LinkNumber: c.Links,
		VenueNumber: c.Venues, GroupNumber: c.Groups, DeskNumber: c.Desks, TraderNumber: c.Traders, AlgoNumber: c.Algos}
}

// RoomText says how many of the names that each table has room for have a number: of links, and of what is nearly full.
func (c *Config) RoomText(n *Numbers) string {
	var parts []string
	for kind, capacity := range c.Gate.Capacity.byKind() {
		if used := n.Count(Kind(kind)); Kind(kind) == LinkNumber || 4*used > 3*capacity {
			parts = append(parts, fmt.Sprintf("%ss %d of %d", Kind(kind), used, capacity))
		}
	}
	return strings.Join(parts, ", ") + "; gate.capacity has room for more after a restart"
}
