package engine

import "sync/atomic"

// decided keeps the decision time of each of the newest messages, by the number of its record, for those who show
// single decisions. Slot = number modulo length; its value holds the low half of the number and the time, so that one
// store writes both and a reader can tell an old entry.
type decided struct{ slots []atomic.Uint64 }

func newDecided(length int) decided { return decided{make([]atomic.Uint64, length)} }

// put is called by the engine thread; seq is 0 where nothing was recorded.
func (k *decided) put(seq uint64, ns int64) {
	if len(k.slots) == 0 || seq == 0 {
		return
	}
	k.slots[seq%uint64(len(k.slots))].Store(seq<<32 | uint64(min(ns, 1<<32-1)))
}

// DecisionNs returns how long the decision in record seq took, as Snapshot.Decision counts it. False: it is not kept
// any more, Config.DecisionsKept is 0, or the record is not of a message.
func (e *Engine) DecisionNs(seq uint64) (ns int64, ok bool) {
	if len(e.decided.slots) == 0 {
		return 0, false
	}
	v := e.decided.slots[seq%uint64(len(e.decided.slots))].Load()
	return int64(uint32(v)), v != 0 && uint32(v>>32) == uint32(seq)
}
