package risk

import "slices"

// While the gate runs an account may get another client, a client another group, a trader another desk. What is open of it, what it has
// made on this trade date and what it holds then count with its new owners, and no more with those that it leaves: both are
// backfilled, and have what a start lays out. What was told stays where it was told: kills, the windows of throttles, levels of
// warning.

// LeavesKill is why it may not: what it leaves is stopped by a kill, which only a person lifts.
type LeavesKill struct {
	Kill  uint64
	Of    Scope // what would leave it
	Index uint32
}

func (e *LeavesKill) Error() string { return "it would leave what a kill stops" }

// move is what changes owners, by its place in the table of scopes, with the scopes that it leaves and those that it comes to.
type move struct {
	of       uint32
	from, to [ownersMax]uint32 // NoIndex: none
}

// moveOf is that of a path that becomes another.
func moveOf(of uint32, before, after []uint32) (m move) {
	return move{of, others(before, after), others(after, before)}
}

// others are the scopes of a path that another has not.
func others(path, other []uint32) (list [ownersMax]uint32) {
	for i := range list {
		if list[i] = NoIndex; i < len(path) && !contains(other, path[i]) {
			list[i] = path[i]
		}
	}
	return list
}

func contains(path []uint32, n uint32) bool {
	for _, x := range path {
		if x == n {
			return true
		}
	}
	return false
}

// owners are the scopes that everything in an account counts in, from the account outward.
func (b *Book) owners(i, client uint32) (path [ownersMax]uint32, depth uint32) {
	path[0], path[1] = b.base[ScopeAccount]+i, b.base[ScopeClient]+client
	depth = 2
	if group := b.clients[client].group; group != 0 {
		path[depth] = b.base[ScopeGroup] + group - 1
		depth++
	}
	path[depth] = firmScope
	return path, depth + 1
}

// accountMove is that of an account to a client.
func (b *Book) accountMove(i, client uint32) move {
	a := &b.accounts[i]
	after, depth := b.owners(i, client)
	return moveOf(b.accountScope(i), a.path[:a.depth], after[:depth])
}

// ownerMove is that of a client to a group, or of a trader to a desk; both are numbers plus one, 0 is none.
func (b *Book) ownerMove(of uint32, kind Scope, before, after uint32) move {
	scope := func(owner uint32) []uint32 {
		if owner == 0 {
			return nil
		}
		return []uint32{b.base[kind] + owner - 1}
	}
	return moveOf(of, scope(before), scope(after))
}

// needMove is what it takes, or why it is refused.
func (b *Book) needMove(r *Room, m *move) error {
	for i := range m.from {
		if id := b.killAt(m.from[i]); id != 0 {
			return &LeavesKill{id, b.scopes[m.of].kind, b.indexOf(m.of)}
		}
		if !b.isNew(r, m.of) && !(b.positionsKnown(r, m.from[i]) && b.positionsKnown(r, m.to[i])) {
			return ErrPositionsUnknown
		}
	}
	r.Backfills = r.Backfills || !b.scopes[m.of].empty()
	r.moved = append(r.moved, m.of)
	return nil
}

// killAt is a kill that names a scope, by its place in the table of scopes; 0: there is none.
func (b *Book) killAt(n uint32) uint64 {
	if n == NoIndex {
		return 0
	}
	for i := range b.Kills() {
		if part := b.kills[i].Of.Part(b.scopes[n].kind); part != nil && *part == b.indexOf(n) {
			return b.kills[i].ID
		}
	}
	return 0
}

// positionsKnown reports whether the positions that a scope and its slices keep, or begin to keep, are those of accounts.
func (b *Book) positionsKnown(r *Room, n uint32) bool {
	if n == NoIndex || b.ownsAccounts(n) {
		return true
	}
	known := !slices.ContainsFunc(r.keepers, func(k keeper) bool { return k.scope == n })
	b.eachPart(n, func(row uint32) { known = known && b.scopes[row].armed&keepsPositions == 0 })
	return known
}

// eachPart gives the row of a scope and those of its slices.
func (b *Book) eachPart(n uint32, f func(row uint32)) {
	f(n)
	for i := range b.sliceOf[:b.totals[0].slices] {
		if b.sliceOf[i].scope == n {
			f(b.base[ScopeSlice] + uint32(i))
		}
	}
}

// moved has all that owners count counted anew, where something of what moves counts in it.
func (b *Book) moved(m *move) {
	for i := range m.from {
		for _, n := range [...]uint32{m.from[i], m.to[i]} {
			if n != NoIndex {
				b.eachPart(n, func(row uint32) { b.recount(row, m.of) })
			}
		}
	}
}

func (b *Book) recount(n, mover uint32) {
	var what lack
	if !b.scopes[mover].empty() {
		what |= lacksSums
	}
	if b.scopes[n].armed&keepsPositions != 0 && b.ownsAccounts(n) { // a desk's own are of who has made none: see needMove
		what |= lacksPositions
	}
	if b.keepsWorth(n) {
		what |= lacksWorth
	}
	if what != 0 {
		b.begins(n, what)
	}
}

// rowsMoved is how many rows of positions new owners take at most: it goes over all positions once, however many move.
func (b *Book) rowsMoved(r *Room) (count int) {
	keepers := min(int(b.totals[0].keepers)+len(r.keepers), 3*(ownersMax-2)) // client and group, with two slices of each
	if len(r.moved) == 0 || keepers == 0 {
		return 0
	}
	moves := make([]bool, len(b.scopes))
	for _, n := range r.moved {
		moves[n] = true
	}
	b.EachPosition(func(account, _ uint32, _ PositionView) {
		a := &b.accounts[account]
		if moves[b.accountScope(account)] || a.depth != 0 && moves[b.base[ScopeClient]+a.client] {
			count += keepers
		}
	})
	return count
}
