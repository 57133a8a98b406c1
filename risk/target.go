package risk

// Target is what a kill stops: an order is stopped where every part that is named fits it. NoIndex =
// not named; with no part named at all it is the firm.
type Target struct {
	Group, Client, Account, Desk, Trader, Algo uint32
	Link                                       uint32 // of the order's owner, or of who sends for it
	Venue, Instrument                          uint32
}

// WholeFirm is the target without a part.
var WholeFirm = Target{NoIndex, NoIndex, NoIndex, NoIndex, NoIndex, NoIndex, NoIndex, NoIndex, NoIndex}

// Only is the target with one part; false = there is no such kind of part.
func Only(kind Scope, i uint32) (t Target, ok bool) {
	t = WholeFirm
	p := t.Part(kind)
	if p != nil {
		*p = i
	}
	return t, p != nil || kind == ScopeFirm
}

// targetKinds are the kinds of parts, widest first.
var targetKinds = [...]Scope{ScopeGroup, ScopeClient, ScopeAccount, ScopeDesk, ScopeTrader, ScopeAlgo, ScopeVenue, ScopeInstrument, ScopeLink}

// Part is where a target has its part of a kind, nil where it can have none.
func (t *Target) Part(kind Scope) *uint32 {
	switch kind {
	case ScopeGroup:
		return &t.Group
	case ScopeClient:
		return &t.Client
	case ScopeAccount:
		return &t.Account
	case ScopeDesk:
		return &t.Desk
	case ScopeTrader:
		return &t.Trader
	case ScopeAlgo:
		return &t.Algo
	case ScopeLink:
		return &t.Link
	case ScopeVenue:
		return &t.Venue
	case ScopeInstrument:
		return &t.Instrument
	}
	return nil
}

// Parts are all parts, named or not, in the order of commands that are journaled: it never changes.
func (t *Target) Parts() [9]*uint32 {
	return [...]*uint32{&t.Group, &t.Client, &t.Account, &t.Desk, &t.Trader, &t.Algo, &t.Link, &t.Venue, &t.Instrument}
}

// Scope is the kind of the only part; ScopeFirm where there is none, ScopeSeveral where there are more.
func (t *Target) Scope() Scope {
	scope := ScopeFirm
	for _, kind := range targetKinds {
		switch {
		case *t.Part(kind) == NoIndex:
		case scope != ScopeFirm:
			return ScopeSeveral
		default:
			scope = kind
		}
	}
	return scope
}

// EachPart gives the parts that are named, the widest first.
func (t *Target) EachPart(f func(kind Scope, i uint32)) {
	for _, kind := range targetKinds {
		if i := *t.Part(kind); i != NoIndex {
			f(kind, i)
		}
	}
}

// Holds reports whether whatever another target stops is in this one, as far as the parts of the other say. See Widened.
func (t *Target) Holds(other *Target) bool {
	holds := true
	t.EachPart(func(kind Scope, i uint32) { holds = holds && *other.Part(kind) == i })
	return holds
}

// Widened names beside the parts of a target those that they are in: the client of its account, the group of its client and
// the desk of its trader, where it has none of its own.
func (b *Book) Widened(t Target) Target {
	client, _, desk := b.placed(&Place{Account: t.Account, Author: Author{Trader: uint16(t.Trader + 1)}})
	if t.Client == NoIndex {
		t.Client = client
	}
	if t.Group == NoIndex && t.Client < uint32(len(b.clients)) {
		t.Group = b.clients[t.Client].group - 1 // none is NoIndex
	}
	if t.Desk == NoIndex {
		t.Desk = desk
	}
	return t
}

// Contradicts reports whether the parts of a target contradict each other, so that it stops nothing: its account is not of its
// client, its client not of its group, or its trader not of its desk.
func (b *Book) Contradicts(t *Target) bool {
	inner := *t
	if inner.Account != NoIndex {
		inner.Client = NoIndex
	}
	if inner.Account != NoIndex || inner.Client != NoIndex {
		inner.Group = NoIndex
	}
	if inner.Trader != NoIndex {
		inner.Desk = NoIndex
	}
	wide := b.Widened(inner)
	return !t.Holds(&wide)
}

// Stops reports whether a target stops an order at a place, or what link lnk sends for it.
func (b *Book) Stops(t *Target, at *Place, lnk uint32) bool {
	fits := func(part, own uint32) bool { return part == NoIndex || part == own }
	client, group, desk := b.placed(at)
	trader, algo := uint32(at.Trader)-1, uint32(at.Algo)-1
	return fits(t.Account, at.Account) && fits(t.Client, client) && fits(t.Group, group) && fits(t.Trader, trader) &&
		fits(t.Desk, desk) && fits(t.Algo, algo) && fits(t.Venue, at.Venue) && fits(t.Instrument, at.Instrument) &&
		(fits(t.Link, at.Owner) || fits(t.Link, lnk))
}

// PartOf is the number of the client, desk, trader … that an order at a place is of; NoIndex: of none, or it is the firm.
func (b *Book) PartOf(kind Scope, at *Place) uint32 {
	client, group, desk := b.placed(at)
	of := Target{group, client, at.Account, desk, uint32(at.Trader) - 1, uint32(at.Algo) - 1, at.Owner, at.Venue, at.Instrument}
	if part := of.Part(kind); part != nil {
		return *part
	}
	return NoIndex
}

// placed are the client, group and desk of a place, NoIndex where it is of none.
func (b *Book) placed(at *Place) (client, group, desk uint32) {
	client, group, desk = NoIndex, NoIndex, NoIndex
	if b.configured(at.Account) {
		client = b.accounts[at.Account].client
		group = b.clients[client].group - 1 // none is NoIndex
	}
	if trader := uint32(at.Trader) - 1; trader < uint32(len(b.traders)) {
		desk = b.traders[trader].desk - 1
	}
	return client, group, desk
}

// Sends reports whether link lnk of a client is in the scope of a target that has no part beside group, client and link.
func (b *Book) Sends(t *Target, lnk, client uint32) bool {
	group := uint32(NoIndex)
	if client < uint32(len(b.clients)) {
		group = b.clients[client].group - 1 // none is NoIndex
	}
	fits := func(part, own uint32) bool { return part == NoIndex || part == own }
	return fits(t.Group, group) && fits(t.Client, client) && fits(t.Link, lnk)
}

// Exists reports whether there are rows for every part of a target.
func (b *Book) Exists(t *Target) bool {
	exists := true
	t.EachPart(func(kind Scope, i uint32) {
		if kind == ScopeInstrument {
			exists = exists && i < uint32(len(b.instruments))
			return
		}
		_, ok := b.number(kind, i)
		exists = exists && ok
	})
	return exists
}
