package risk

// KillMode says what a kill lets pass and what else it does; the book only blocks. The numbers are journaled and
// never reused.
type KillMode uint8

const (
	KillBlock          KillMode = 1 // no new order and no replace; what is open lives on
	KillBlockAndCancel KillMode = 2 // and open orders are cancelled
	KillDisconnect     KillMode = 4 // and the links in scope are logged out and held down
	KillTripped        KillMode = 8 // no new order and no replace: not a kill by command, but a control that tripped
	KillReduceOnly     KillMode = 5 // only orders that are closing pass (exposure 4), see checkReduceOnly; what is open lives on
)

// Blocks reports whether a kill of this mode was given by command and stops every order, closing or not; see CheckKill.
func (m KillMode) Blocks() bool { return m != KillReduceOnly && m != KillTripped }

// Cancels reports whether a kill of this mode cancels what is open.
func (m KillMode) Cancels() bool { return m == KillBlockAndCancel || m == KillDisconnect }

// OrCancel is the mode, KillBlockAndCancel where none is said: there was no other once.
func (m KillMode) OrCancel() KillMode {
	if m == 0 {
		return KillBlockAndCancel
	}
	return m
}

// Kill is one active kill. Kills add up: an order passes only if none matches, and each is lifted
// by its own ID. They survive rolls and restarts.
type Kill struct {
	ID      uint64
	AtNs    int64 // UTC
	SinceNs int64 // monotonic: since when it is in force
	Of      Target
	Asker   uint32 // user who has asked to lift it, where Asked; it takes a second one
	Mode    KillMode
	KeepGTC bool // orders good till cancelled or a date are not cancelled
	Asked   bool
	Cause   Reason // the control whose kill it is; Unjudged: nobody's
	By      uint16 // link plus one that a party gave it over; 0: the broker did, or the gate itself
}

// Firm reports whether a kill stops everything.
func (k *Kill) Firm() bool { return k.Of == WholeFirm }

// SetKill adds a kill. False = no such index, an ID in use, or no row free (firm kills have spare
// rows of their own, so the firm can always be stopped).
func (b *Book) SetKill(k Kill) bool {
	t := &b.totals[0]
	if !b.KillRoom(k.Of.Scope(), k.Mode) || b.findKill(k.ID) >= 0 || !b.countKill(&k, 1) {
		return false
	}
	b.kills[t.kills] = k
	t.kills++
	return true
}

// KillRoom tells whether SetKill has a row free for a kill of this scope and mode. While nothing stops the firm there is one for
// what does: the last row of all is for nothing else. The spare rows before it are for other kills of the firm, and none
// of them for what controls leave, however many disable by now.
func (b *Book) KillRoom(scope Scope, mode KillMode) bool {
	t := &b.totals[0]
	spare := len(b.kills) - stopsSpare
	room, most := b.capacity.Kills+int(t.tripped), spare-killsSpare // those that tripped have rows of their own
	switch {
	case mode == KillTripped:
		room = most
	case scope != ScopeFirm:
	case mode.Blocks() && t.firmKills == 0:
		return true
	default:
		room, most = room+killsSpare, spare
	}
	return t.kills < int64(min(room, most))
}

// ClearKill lifts one kill by its ID; the others stay. False = no such kill.
func (b *Book) ClearKill(id uint64) bool {
	i := b.findKill(id)
	if i < 0 {
		return false
	}
	t := &b.totals[0]
	b.enable(&b.kills[i])
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

// SetGiver notes the link that a party has given a kill over. False = no such kill.
func (b *Book) SetGiver(id uint64, lnk uint32) bool {
	i := b.findKill(id)
	if i >= 0 {
		b.kills[i].By = uint16(lnk + 1)
	}
	return i >= 0
}

// PartyRoom tells whether parties may give one more kill: all of them together fill at most half of the rows, so that there is
// always room for the broker's own.
func (b *Book) PartyRoom() bool {
	given := 0
	for i := range b.Kills() {
		if b.kills[i].By != 0 {
			given++
		}
	}
	return given < b.capacity.Kills/2 && b.KillRoom(ScopeAccount, KillBlock)
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

// countKill adds to the counter that CheckKill looks at; ^0 takes one away. Kills of a client, an
// account or a link may be many and are counted where they apply; CheckKill looks at each of the others. Those that
// let closing orders pass are no business of CheckKill's.
func (b *Book) countKill(k *Kill, n uint32) bool {
	if !b.Exists(&k.Of) {
		return false
	}
	switch scope := k.Of.Scope(); {
	case k.Mode == KillTripped:
		b.countTrip(k, n)
	case !k.Mode.Blocks():
		b.totals[0].reduceOnly += int64(int32(n))
	case scope == ScopeFirm:
		b.totals[0].firmKills += int64(int32(n))
	case scope == ScopeClient:
		b.clients[k.Of.Client].stops.kills += uint16(n)
	case scope == ScopeAccount:
		b.accounts[k.Of.Account].stops.kills += uint16(n)
	case scope == ScopeLink:
		b.links[k.Of.Link].stops.kills += uint16(n)
	default:
		b.totals[0].otherKills += int64(int32(n))
	}
	return true
}

// CheckKill answers Accepted, or a kill that holds an order at a place, or what link lnk sends for it:
// the first in the order of the Reasons. An unknown account can still be held otherwise.
func (b *Book) CheckKill(at *Place, lnk uint32) (Reason, uint64) {
	t := &b.totals[0]
	switch {
	case t.kills == 0:
		return Accepted, 0
	case t.firmKills != 0:
		return KillFirm, b.killOf(WholeFirm)
	}
	if at.Account < uint32(len(b.accounts)) {
		a := &b.accounts[at.Account]
		if a.depth != 0 && b.clients[a.client].stops.kills != 0 {
			return KillClient, b.killOnly(ScopeClient, a.client)
		}
		if a.stops.kills != 0 {
			return KillAccount, b.killOnly(ScopeAccount, at.Account)
		}
	}
	for _, l := range [...]uint32{lnk, at.Owner} {
		if l < uint32(len(b.links)) && b.links[l].stops.kills != 0 {
			return KillLink, b.killOnly(ScopeLink, l)
		}
	}
	if t.otherKills == 0 {
		return Accepted, 0
	}
	return b.checkOtherKills(at, lnk)
}

// killReasons are those of the kills that are not counted where they apply. Their numbers ascend in
// the order of the Reasons.
var killReasons = [...]Reason{ScopeGroup: KillGroup, ScopeDesk: KillDesk, ScopeTrader: KillTrader, ScopeAlgo: KillAlgo,
	ScopeVenue: KillVenue, ScopeInstrument: KillInstrument, ScopeSeveral: KillSeveral}

func (b *Book) checkOtherKills(at *Place, lnk uint32) (Reason, uint64) {
	first, id := Accepted, uint64(0)
	for i := range b.Kills() {
		k := &b.kills[i]
		if !k.Mode.Blocks() || !b.Stops(&k.Of, at, lnk) {
			continue
		}
		if reason := killReasons[k.Of.Scope()]; first == Accepted || reason < first {
			first, id = reason, k.ID
		}
	}
	return first, id
}

func (b *Book) killOnly(kind Scope, i uint32) uint64 {
	t, _ := Only(kind, i)
	return b.killOf(t)
}

func (b *Book) killOf(t Target) uint64 {
	for i := range b.Kills() {
		if b.kills[i].Of == t && b.kills[i].Mode.Blocks() {
			return b.kills[i].ID
		}
	}
	return 0
}

// checkReduceOnly: where a kill has a scope reduce its positions, an order passes only if it is closing.
// room is the quantity that would be.
func (b *Book) checkReduceOnly(o *Order, j *Judgement, room Qty) Reason {
	if b.totals[0].reduceOnly == 0 || j.Closing {
		return Accepted
	}
	for i := range b.Kills() {
		if k := &b.kills[i]; k.Mode == KillReduceOnly && b.Stops(&k.Of, &o.Place, o.Link) {
			reason := ReduceOnly
			if k.Cause != Unjudged {
				reason = k.Cause
			}
			return j.fail(reason, o.Account, int64(j.Open), int64(room))
		}
	}
	return Accepted
}
