package risk

// A control that disables is over its limit once and stays so: it leaves a kill of the mode KillTripped for the scope
// that went over, which only a human lifts. It is asked behind all other kills, and answers with a Reason of its own.

// CheckTripped answers ControlDisabled where a control has tripped in a scope of a place, or of what link lnk sends for
// it, and traces which.
func (b *Book) CheckTripped(at *Place, lnk uint32, j *Judgement) Reason {
	if b.totals[0].tripped == 0 || !b.mayHaveTripped(at, lnk) {
		return Accepted
	}
	for i := range b.Kills() {
		if k := &b.kills[i]; k.Mode == KillTripped && b.Stops(&k.Of, at, lnk) {
			kind, n := k.only()
			j.begin()
			j.noteOf(ControlDisabled, origin{index: n, of: kind}, int64(k.Cause), int64(k.ID))
			return ControlDisabled
		}
	}
	return Accepted
}

// stops counts the kills of one client, account or link where they apply: of those there may be many.
type stops struct {
	kills uint16 // that block; see CheckKill
	trips uint16 // that controls have left
}

// countTrip counts one more, or with ^0 one less.
func (b *Book) countTrip(k *Kill, n uint32) {
	t := &b.totals[0]
	t.tripped += int64(int32(n))
	switch k.Of.Scope() {
	case ScopeClient:
		b.clients[k.Of.Client].stops.trips += uint16(n)
	case ScopeAccount:
		b.accounts[k.Of.Account].stops.trips += uint16(n)
	case ScopeLink:
		b.links[k.Of.Link].stops.trips += uint16(n)
	default:
		t.trippedAside += int64(int32(n))
	}
}

// mayHaveTripped tells in a few looks, however many trips stand, whether one of them may be of a scope of a place.
func (b *Book) mayHaveTripped(at *Place, lnk uint32) bool {
	if b.totals[0].trippedAside != 0 {
		return true
	}
	if at.Account < uint32(len(b.accounts)) {
		a := &b.accounts[at.Account]
		if a.stops.trips != 0 || a.depth != 0 && b.clients[a.client].stops.trips != 0 {
			return true
		}
	}
	for _, l := range [...]uint32{lnk, at.Owner} {
		if l < uint32(len(b.links)) && b.links[l].stops.trips != 0 {
			return true
		}
	}
	return false
}

// Tripped finds the kill that a control has left for a target; 0: there is none.
func (b *Book) Tripped(cause Reason, of *Target) uint64 {
	for i := range b.Kills() {
		if k := &b.kills[i]; k.Mode == KillTripped && k.Cause == cause && k.Of == *of {
			return k.ID
		}
	}
	return 0
}

// only is the scope of a kill that has one part, or is of the firm.
func (k *Kill) only() (kind Scope, i uint32) {
	kind = k.Of.Scope()
	if part := k.Of.Part(kind); part != nil {
		i = *part
	}
	return kind, i
}

// enable has the throttles that tripped count anew: a human has looked.
func (b *Book) enable(k *Kill) {
	if k.Mode != KillTripped {
		return
	}
	n, ok := b.number(k.only())
	for what := range flows {
		if ok && what != 0 && throttleControls[what] == k.Cause {
			b.forget(n, what)
		}
	}
}
