package risk

// KillMode says what else a kill does; the book only blocks.
type KillMode uint8

const (
	KillBlock             KillMode = iota + 1 // no new order and no replace
	KillBlockAndCancel                        // and open orders are cancelled
	KillBlockAndCancelDay                     // but those good till cancelled or a date are left alone
)

// Kill is one active kill. Kills add up: an order passes only if none matches, and each is lifted
// by its own ID. They survive rolls and restarts.
type Kill struct {
	ID    uint64
	AtNs  int64  // UTC
	Index uint32 // client, account or link; unused for the firm
	Asker uint32 // user who has asked to lift it, where Asked; it takes a second one
	Scope Scope
	Mode  KillMode
	Asked bool
	_     [5]byte
}

// SetKill adds a kill. False = no such index, an ID in use, or no row free (firm kills have spare
// rows of their own, so the firm can always be stopped).
func (b *Book) SetKill(k Kill) bool {
	t := &b.totals[0]
	if !b.KillRoom(k.Scope) || b.findKill(k.ID) >= 0 || !b.countKill(&k, 1) {
		return false
	}
	b.kills[t.kills] = k
	t.kills++
	return true
}

// KillRoom tells whether SetKill has a row free for a kill of this scope.
func (b *Book) KillRoom(scope Scope) bool {
	room := b.capacity.Kills
	if scope == ScopeFirm {
		room += killsSpare
	}
	return b.totals[0].kills < int64(room)
}

// ClearKill lifts one kill by its ID; the others stay. False = no such kill.
func (b *Book) ClearKill(id uint64) bool {
	i := b.findKill(id)
	if i < 0 {
		return false
	}
	t := &b.totals[0]
	b.countKill(&b.kills[i], ^uint32(0))
	t.kills--
	copy(b.kills[i:], b.kills[i+1:t.kills+1])
	b.kills[t.kills] = Kill{}
	return true
}

// AskLift notes who has asked to lift a kill. False = no such kill.
func (b *Book) AskLift(id uint64, user uint32) bool {
	i := b.findKill(id)
	if i >= 0 {
		b.kills[i].Asker, b.kills[i].Asked = user, true
	}
	return i >= 0
}

// Kills are the active kills, oldest first: read only, valid until the next change.
func (b *Book) Kills() []Kill { return b.kills[:b.totals[0].kills] }

func (b *Book) findKill(id uint64) int {
	for i := range b.Kills() {
		if b.kills[i].ID == id {
			return i
		}
	}
	return -1
}

// countKill adds to the counter that CheckKill looks at; ^0 takes one away.
func (b *Book) countKill(k *Kill, n uint32) bool {
	switch {
	case k.Scope == ScopeFirm:
		b.totals[0].firmKills += int64(int32(n))
	case k.Scope == ScopeClient && k.Index < uint32(len(b.clients)):
		b.clients[k.Index].kills += n
	case k.Scope == ScopeAccount && k.Index < uint32(len(b.accounts)):
		b.accounts[k.Index].kills += n
	case k.Scope == ScopeLink && k.Index < uint32(len(b.links)):
		b.links[k.Index].kills += n
	default:
		return false
	}
	return true
}

// CheckKill answers Accepted, or the first kill that holds an order of this link for this account,
// the widest scope first. An unknown account can still be held by its link or the firm.
func (b *Book) CheckKill(lnk, acc uint32) (Reason, uint64) {
	t := &b.totals[0]
	switch {
	case t.kills == 0:
		return Accepted, 0
	case t.firmKills != 0:
		return KillFirm, b.killOf(ScopeFirm, 0)
	}
	if acc < uint32(len(b.accounts)) {
		a := &b.accounts[acc]
		if a.depth != 0 && b.clients[a.client].kills != 0 {
			return KillClient, b.killOf(ScopeClient, a.client)
		}
		if a.kills != 0 {
			return KillAccount, b.killOf(ScopeAccount, acc)
		}
	}
	if lnk < uint32(len(b.links)) && b.links[lnk].kills != 0 {
		return KillLink, b.killOf(ScopeLink, lnk)
	}
	return Accepted, 0
}

func (b *Book) killOf(scope Scope, index uint32) uint64 {
	for _, k := range b.Kills() {
		if k.Scope == scope && (k.Index == index || scope == ScopeFirm) {
			return k.ID
		}
	}
	return 0
}
