package risk

import "math/bits"

// Self-match (behaviour 12): an order that would trade against an open one of its own group is refused, or those that it would
// trade against are cancelled, as its account says. The accounts of a group have one owner; an order of another is never looked
// at, and none is ever held.
//
// The open orders of a group in an instrument are two trees, buys and sells, each ordered by how far its orders reach: the
// best of the other half is all that an order has to be held against. A tree is a treap whose nodes are the slots of the
// orders, so it takes no memory of its own and its shape depends on what is in it alone.

// MatchAction is what an order of an account meets its own with, as SelfMatchPreventionInstruction(2964) has it.
type MatchAction uint8

const (
	CancelNew     MatchAction = iota // it is refused
	CancelResting                    // those that it meets are cancelled ahead of it; where they cannot be, it is refused
	CancelBoth                       // it is refused, and those that it meets are cancelled
)

func (a MatchAction) String() string {
	switch a {
	case CancelResting:
		return "cancel_resting"
	case CancelBoth:
		return "cancel_both"
	}
	return "cancel_new"
}

// MatchesMax bounds the orders that one order has cancelled, so that what follows from one message is bounded too.
const MatchesMax = 8

// Reach is how far an order goes for its trade: the further the higher, whichever half it is of.
type Reach int64

// AnyPrice is the reach of an order without a limit: it trades against all that is there.
const AnyPrice Reach = 1<<63 - 1

// ReachOf is the reach of terms, their discretion included; false = they do not trade before something triggers them.
func ReachOf(side Side, typ OrdType, price, discretion Price, hasPrice bool) (r Reach, rests bool) {
	if typ == Stop || typ == StopLimit {
		return 0, false
	}
	if !side.IsBuy() {
		price = -price
	}
	furthest, ok := above(price, discretion)
	if !hasPrice || !ok {
		return AnyPrice, true
	}
	return Reach(furthest), true
}

// meets tells whether a buy and a sell of these reaches trade against each other.
func (r Reach) meets(other Reach) bool {
	return r == AnyPrice || other == AnyPrice || r >= -other
}

// resting is the node of an order. Nodes are named by the slot of their order plus one; 0 = none.
type resting struct {
	reach       Reach
	left, right uint32
	group       uint32 // in whose tree it is; 0: it is in none
}

// matching is where the trees of a group in an instrument begin.
type matching struct {
	key  uint64 // pair(group, instrument); 0 = free
	root [2]uint32
}

// Matches reports whether there may be self-match groups, so that Rest has to be told.
func (b *Book) Matches() bool { return len(b.resting) > 0 }

// Rest says how far the order in a slot reaches from now on; false: it trades no more, or not yet.
func (b *Book) Rest(slot uint32, at *Place, side Side, reach Reach, rests bool) {
	if slot >= uint32(len(b.resting)) || at.Account >= uint32(len(b.accounts)) || at.Instrument == NoIndex {
		return
	}
	n, node := slot+1, &b.resting[slot]
	group := b.accounts[at.Account].matchGroup
	if !rests {
		group = 0
	}
	if node.group == group && node.reach == reach {
		return
	}
	if node.group != 0 {
		i := b.matchSlot(pair(node.group, at.Instrument))
		root := &b.matchings[i].root[half(side)]
		*root = b.without(*root, n)
		b.dropMatching(i)
		*node = resting{}
	}
	if group == 0 {
		return
	}
	m := &b.matchings[b.matchSlot(pair(group, at.Instrument))]
	m.key = pair(group, at.Instrument)
	*node = resting{reach: reach, group: group}
	m.root[half(side)] = b.with(m.root[half(side)], n)
}

// BestResting is the slot of the open order of a group that reaches furthest, and how far; NoIndex = there is none.
func (b *Book) BestResting(group, ins uint32, side Side) (slot uint32, reach Reach) {
	best := b.matchings[b.matchSlot(pair(group, ins))].root[half(side)]
	if best == 0 {
		return NoIndex, 0
	}
	for b.resting[best-1].right != 0 {
		best = b.resting[best-1].right
	}
	return best - 1, b.resting[best-1].reach
}

// Meeting gives the open orders of an order's group that it would trade against, those that reach furthest first, as far as out
// has room.
func (b *Book) Meeting(o *Order, out []uint32) []uint32 {
	t := &o.Terms
	reach, rests := ReachOf(t.Side, t.OrdType, t.Price, t.Discretion, t.HasPrice)
	group := b.accounts[o.Account].matchGroup
	if !rests || group == 0 {
		return out[:0]
	}
	root := b.matchings[b.matchSlot(pair(group, o.Instrument))].root[half(opposite(t.Side))]
	return b.meeting(root, reach, out[:0])
}

func (b *Book) meeting(root uint32, reach Reach, out []uint32) []uint32 {
	if root == 0 {
		return out
	}
	x := &b.resting[root-1]
	out = b.meeting(x.right, reach, out)
	if len(out) == cap(out) || !reach.meets(x.reach) {
		return out
	}
	return b.meeting(x.left, reach, append(out, root-1))
}

func opposite(side Side) Side {
	if side.IsBuy() {
		return Sell
	}
	return Buy
}

func half(side Side) int {
	if side.IsBuy() {
		return 0
	}
	return 1
}

// checkSelfMatch holds an order against the best open order of its group on the other side. Whether those that it meets can be
// cancelled ahead of it is not for the book to say.
func (b *Book) checkSelfMatch(o *Order, j *Judgement, group uint32) Reason {
	t := &o.Terms
	reach, rests := ReachOf(t.Side, t.OrdType, t.Price, t.Discretion, t.HasPrice)
	if !rests {
		return Accepted
	}
	side := opposite(t.Side)
	slot, other := b.BestResting(group, o.Instrument, side)
	if slot == NoIndex {
		return Accepted
	}
	j.note(SelfMatch, slot, int64(t.Price), other.price(side))
	if !reach.meets(other) {
		return Accepted
	}
	if action := b.accounts[o.Account].matchAction; action != CancelNew {
		if j.Meets = true; action == CancelResting {
			return Accepted
		}
	}
	return SelfMatch
}

// CheckStands refuses an order that meets one of its own, in a slot, which cannot be cancelled ahead of it.
func (b *Book) CheckStands(o *Order, slot uint32, j *Judgement) Reason {
	return j.fail(SelfMatchStands, slot, int64(o.Terms.Price), b.resting[slot].reach.price(opposite(o.Terms.Side)))
}

// price is the limit of a reach; 0: there is none.
func (r Reach) price(side Side) int64 {
	switch {
	case r == AnyPrice:
		return 0
	case side.IsBuy():
		return int64(r)
	}
	return -int64(r)
}

// matchSlot is where the row of a group in an instrument is, or the free one where it would go. The table has at least
// twice as many rows as there are orders, so it never fills.
func (b *Book) matchSlot(key uint64) uint64 {
	last := uint64(len(b.matchings) - 1)
	i := mix(key) >> bits.LeadingZeros64(last)
	for b.matchings[i].key != key && b.matchings[i].key != 0 {
		i = (i + 1) & last
	}
	return i
}

// dropMatching frees a row without trees, and moves back the rows behind it that would not be found across the hole.
func (b *Book) dropMatching(hole uint64) {
	last := uint64(len(b.matchings) - 1)
	if b.matchings[hole].root != [2]uint32{} {
		return
	}
	for j := (hole + 1) & last; b.matchings[j].key != 0; j = (j + 1) & last {
		home := mix(b.matchings[j].key) >> bits.LeadingZeros64(last)
		if (j-home)&last >= (j-hole)&last {
			b.matchings[hole] = b.matchings[j]
			hole = j
		}
	}
	b.matchings[hole] = matching{}
}

// before orders nodes: by reach, then by slot.
func (b *Book) before(n, m uint32) bool {
	x, y := b.resting[n-1].reach, b.resting[m-1].reach
	return x < y || x == y && n < m
}

// higher is the heap order that keeps a treap flat.
func higher(n, m uint32) bool { return mix(uint64(n)) > mix(uint64(m)) }

// with is a tree with a node, which is in none.
func (b *Book) with(root, n uint32) uint32 {
	if root == 0 {
		return n
	}
	x := &b.resting[root-1]
	switch {
	case higher(n, root):
		node := &b.resting[n-1]
		node.left, node.right = b.split(root, n)
		return n
	case b.before(n, root):
		x.left = b.with(x.left, n)
	default:
		x.right = b.with(x.right, n)
	}
	return root
}

// split cuts a tree into what is before a node and what is behind it.
func (b *Book) split(root, n uint32) (left, right uint32) {
	if root == 0 {
		return 0, 0
	}
	x := &b.resting[root-1]
	if b.before(root, n) {
		x.right, right = b.split(x.right, n)
		return root, right
	}
	left, x.left = b.split(x.left, n)
	return left, root
}

// without is a tree without one of its nodes.
func (b *Book) without(root, n uint32) uint32 {
	if root == 0 {
		return 0
	}
	x := &b.resting[root-1]
	switch {
	case root == n:
		return b.join(x.left, x.right)
	case b.before(n, root):
		x.left = b.without(x.left, n)
	default:
		x.right = b.without(x.right, n)
	}
	return root
}

// join makes one tree of two, all of the left one before all of the right one.
func (b *Book) join(left, right uint32) uint32 {
	switch {
	case left == 0:
		return right
	case right == 0:
		return left
	case higher(left, right):
		x := &b.resting[left-1]
		x.right = b.join(x.right, right)
		return left
	}
	x := &b.resting[right-1]
	x.left = b.join(left, x.left)
	return right
}
