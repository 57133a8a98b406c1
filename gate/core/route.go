package core

import (
	"portcullis/fix"
	"portcullis/risk"
)

// Routes say where an order goes: symbol, then account, then ExDestination(100), then Default.
// Each is a venue number, LinesBit and an index of Lines, or NoIndex.
type Routes struct {
	BySymbol      []uint32 // by instrument number
	ByAccount     []uint32 // by account number
	ByDestination []Destination
	Default       uint32
	Lines         []Lines
}

// LinesBit marks what leads to several lines of one place.
const LinesBit = 1 << 31

// Lines are venues by number, of which an account, or an instrument, always has the same for new orders.
type Lines struct {
	Venues   []uint32 // never empty
	BySymbol bool
}

// sticky is the venue that a route leads to for an order.
func (r *Routes) sticky(target, account, instrument uint32) uint32 {
	if target == NoIndex || target&LinesBit == 0 {
		return target
	}
	of, lines := account, &r.Lines[target&^LinesBit]
	if lines.BySymbol {
		of = instrument
	}
	return lines.Venues[of%uint32(len(lines.Venues))]
}

// leads tells whether a route leads to a venue, if only for some orders.
func (r *Routes) leads(target uint32, v *VenueSetup, venues []VenueSetup) bool {
	if target&LinesBit == 0 {
		return v == &venues[target]
	}
	for _, venue := range r.Lines[target&^LinesBit].Venues {
		if v == &venues[venue] {
			return true
		}
	}
	return false
}

// VenueOf is where an order goes that names no destination, NoIndex for nowhere.
func (r *Routes) VenueOf(account, instrument uint32) uint32 {
	for _, target := range [...]uint32{r.BySymbol[instrument], r.ByAccount[account], r.Default} {
		if target != NoIndex {
			return r.sticky(target, account, instrument)
		}
	}
	return NoIndex
}

// Destination routes one value of ExDestination(100).
type Destination struct {
	Name  string
	Venue uint32
}

// route finds the venue: by symbol, account, ExDestination(100), else the default.
// An order whose account or symbol is unknown has no route; it is refused for that.
func (c *Core) route(d *Decision) (venue uint32, reason risk.Reason) {
	r, o := &c.set.Routes, &d.order
	if o.Instrument == NoIndex || o.Account == NoIndex {
		return NoIndex, risk.RouteMissing
	}
	venue = d.symbol.route
	if venue == NoIndex {
		venue = d.account.route
	}
	if venue == NoIndex {
		if name := d.msg.Value(fix.TagExDestination); name != nil {
			venue = c.destination(name)
		} else {
			venue = r.Default
		}
	}
	if venue == NoIndex {
		return NoIndex, risk.RouteMissing
	}
	return r.sticky(venue, o.Account, o.Instrument), risk.Accepted
}

// destination is where the routes lead by a value of ExDestination(100), NoIndex for nowhere.
func (c *Core) destination(name []byte) uint32 {
	for i := range c.set.Routes.ByDestination {
		if d := &c.set.Routes.ByDestination[i]; d.Name == string(name) {
			return d.Venue
		}
	}
	return NoIndex
}
