package risk

// Scope is a kind of thing that bears credit, or that a kill stops. The numbers are journaled and
// never reused.
type Scope uint8

const (
	ScopeFirm    Scope = 1
	ScopeClient  Scope = 2
	ScopeAccount Scope = 3
	ScopeLink    Scope = 4
	ScopeGroup   Scope = 5 // of clients
	ScopeDesk    Scope = 6 // of traders
	ScopeTrader  Scope = 7
	ScopeAlgo    Scope = 8
	ScopeVenue   Scope = 9

	ScopeInstrument Scope = 10
	ScopeSeveral    Scope = 11 // a target with several parts

	ScopeSlice Scope = 12 // of another scope; see SetSlice

	scopeKinds = 13
)

var scopeTexts = [...]string{ScopeFirm: "firm", ScopeClient: "client", ScopeAccount: "account", ScopeLink: "session", ScopeGroup: "group",
	ScopeDesk: "desk", ScopeTrader: "trader", ScopeAlgo: "algorithm", ScopeVenue: "venue", ScopeInstrument: "instrument"}

// String is a scope in the words that a client is told.
func (s Scope) String() string {
	if int(s) < len(scopeTexts) && scopeTexts[s] != "" {
		return scopeTexts[s]
	}
	return "several"
}

// AuthorsMax is how many traders, and how many algorithms, an Author can tell apart.
const AuthorsMax = 1<<16 - 1

// Author is who made an order, by number plus one; 0 = nobody that the gate could tell. An order
// may have both: a trader who answers for it, and the algorithm that he used.
type Author struct{ Trader, Algo uint16 }

// Place is where an order counts: its position is of Account and Instrument, its credit is of every
// scope that the rest leads to. NoIndex = unknown, or none.
type Place struct {
	Account    uint32
	Instrument uint32
	Owner      uint32 // link that it came over
	Venue      uint32
	Author
}

// Set makes p a copy of a place that may just have been put together. It goes field by field: read in wider pieces the parts
// would first have to leave the processor's store buffer.
func (p *Place) Set(from *Place) {
	p.Account, p.Instrument, p.Owner, p.Venue = from.Account, from.Instrument, from.Owner, from.Venue
	p.Trader, p.Algo = from.Trader, from.Algo
}

// configured reports whether an account has settings. The number of one that the configuration leaves out has none.
func (b *Book) configured(account uint32) bool {
	return account < uint32(len(b.accounts)) && b.accounts[account].depth != 0
}

// path lists the scopes that an order at a place counts in: account, client, group, firm; desk,
// trader, algorithm; link and venue where they have a limit of their own. What belongs to no known
// account still counts in the firm.
func (b *Book) path(at *Place, out *[PathMax]uint32) []uint32 {
	n := uint32(1)
	if b.configured(at.Account) {
		a := &b.accounts[at.Account]
		*(*[ownersMax]uint32)(out[:]) = a.path
		n = a.depth
	} else {
		out[0] = firmScope
	}
	if at.Author != (Author{}) {
		n = b.authorPath(at.Author, out, n)
	}
	if at.Owner < uint32(len(b.links)) && b.links[at.Owner].credit {
		out[n] = b.base[ScopeLink] + at.Owner
		n++
	}
	if at.Venue < uint32(len(b.venues)) && b.venues[at.Venue].credit {
		out[n] = b.base[ScopeVenue] + at.Venue
		n++
	}
	return out[:n]
}

// authorPath adds desk, trader and algorithm to a path of n scopes. Numbers that are not configured
// have scopes without limits, and without anything that could count there.
func (b *Book) authorPath(by Author, out *[PathMax]uint32, n uint32) uint32 {
	if t := uint32(by.Trader) - 1; t < uint32(len(b.traders)) {
		if desk := b.traders[t].desk; desk != 0 {
			out[n] = b.base[ScopeDesk] + desk - 1
			n++
		}
		out[n] = b.base[ScopeTrader] + t
		n++
	}
	if a := uint32(by.Algo) - 1; a < uint32(b.capacity.Algos) {
		out[n] = b.base[ScopeAlgo] + a
		n++
	}
	return n
}

// layScopes numbers the scopes: the firm is 0, each kind has a range of its own.
func (b *Book) layScopes() (count int) {
	c := &b.capacity
	for _, k := range [...]struct {
		kind Scope
		n    int
	}{{ScopeFirm, 1}, {ScopeClient, c.Clients}, {ScopeAccount, c.Accounts}, {ScopeGroup, c.Groups}, {ScopeDesk, c.Desks},
		{ScopeTrader, c.Traders}, {ScopeAlgo, c.Algos}, {ScopeLink, c.Links}, {ScopeVenue, c.Venues}, {ScopeSlice, c.Slices}} {
		b.base[k.kind], b.scopesOf[k.kind] = uint32(count), uint32(k.n)
		count += k.n
	}
	return count
}

// number is the number of a scope; false = there is none.
func (b *Book) number(kind Scope, i uint32) (uint32, bool) {
	if kind >= scopeKinds || i >= b.scopesOf[kind] {
		return 0, false
	}
	return b.base[kind] + i, true
}

// bearsCredit tells whether anything may count in a scope: a link or a venue has limits of its own
// only where they were set.
func (b *Book) bearsCredit(n uint32) bool {
	switch i := b.indexOf(n); b.scopes[n].kind {
	case ScopeLink:
		return b.links[i].credit
	case ScopeVenue:
		return b.venues[i].credit
	}
	return true
}

// BearsCredit reports whether orders count in a scope: not in a link or a venue without limits.
func (b *Book) BearsCredit(kind Scope, i uint32) bool {
	n, ok := b.number(kind, i)
	return ok && b.bearsCredit(n)
}
