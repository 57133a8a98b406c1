package risk

// A control that disables is over its limit once and stays so: it leaves a kill of the mode KillTripped for the scope
// that went over, which only a human lifts. It is asked behind all other kills, and answers with a Reason of its own.

// CheckTripped answers ControlDisabled where a control has tripped in a scope of a place, or of what link lnk sends for
// it, and traces which.
func (b *Book) CheckTripped(at *Place, lnk uint32, j *Judgement) Reason {
	if b.totals[0].tripped == 0 {
		return Accepted
	}
	for i := range b.Kills() {
		if k := &b.kills[i]; k.Mode == KillTripped && b.Stops(&k.Of, at, lnk) {
			kind, n := k.only()
			j.begin()
			j.add(Check{Value: int64(k.Cause), Limit: int64(k.ID), Scope: n, Control: ControlDisabled, Of: kind})
			return ControlDisabled
		}
	}
	return Accepted
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
