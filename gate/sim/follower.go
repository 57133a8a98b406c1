package sim

import (
	"bytes"
	"fmt"

	"portcullis/gate/core"
)

// follower reads the journal behind the gate, as a shadow does: each record is judged again, which must give the same
// bytes, and then applied. What must hold is asked of it after every record.
type follower struct {
	w      *World
	core   *core.Core
	at     int // records taken
	ev     core.Event
	d      core.Decision
	judged core.Decision
	buf    []byte
	ledger *ledger

	variant uint64 // limits that hold in core
}

func newFollower(w *World) *follower {
	return &follower{w: w, core: w.newCore(), ledger: newLedger(w), variant: w.profile.variant}
}

// rebuild applies all records to empty tables, under the limits that hold from now on.
func (f *follower) rebuild() {
	f.catchUp()
	f.core, f.variant = f.w.newCore(), f.w.profile.variant
	for i := range f.w.disk.records {
		f.w.disk.records[i].decode(&f.ev, &f.d)
		f.core.Apply(&f.ev, &f.d)
	}
}

// cut: the last records are lost, so everything is told anew.
func (f *follower) cut() {
	before := f.ledger
	f.core, f.ledger, f.at, f.variant = f.w.newCore(), newLedger(f.w), 0, f.w.profile.variant
	for i := range f.w.disk.records {
		f.w.disk.records[i].decode(&f.ev, &f.d)
		f.ledger.before(f.core, &f.ev, &f.d)
		f.core.Apply(&f.ev, &f.d)
		f.at++
	}
	f.ledger.lostSince(before)
}

// catchUp takes the records that are new.
func (f *follower) catchUp() {
	for f.at < len(f.w.disk.records) {
		r := &f.w.disk.records[f.at]
		f.at++
		r.decode(&f.ev, &f.d)
		f.again(r)
		f.w.cover.decision(&f.ev, &f.d)
		f.tell(r)
		f.w.check.before(f.core, &f.ev, &f.d)
		f.ledger.before(f.core, &f.ev, &f.d)
		f.core.Apply(&f.ev, &f.d)
		f.w.check.after(f.core, &f.ev, &f.d)
		f.w.reloads.applied(&f.d)
	}
}

// tell writes a record into the log.
func (f *follower) tell(r *record) {
	if f.w.verbose == nil {
		return
	}
	text := fmt.Sprintf("record %d: event %d of link %d, %v", r.header.Seq, f.ev.Kind, int32(f.ev.Link), f.d.Reason)
	for _, e := range f.d.Effects[:f.d.EffectLen] {
		text += fmt.Sprintf("; effect %d", e.Kind)
		if e.Order != core.NoIndex {
			text += fmt.Sprintf(" order %d", e.Order)
		}
		if e.Request != core.NoIndex {
			text += fmt.Sprintf(" request %d", e.Request)
		}
		if e.Kind == core.Flagged {
			text += fmt.Sprintf(" flags %b to %d", e.Flags, e.Value)
		}
		if e.Kind == core.Alerted {
			text += ": " + e.Alert.String()
		}
	}
	f.w.log("%s", text)
}

// again judges a record's event once more.
func (f *follower) again(r *record) {
	ev := f.ev
	if ev.Kind == core.Tick {
		ev.Link = core.NoIndex
	}
	f.w.reloads.stage(f.core, &ev)
	f.core.Decide(&ev, &f.judged)
	if size := f.core.RecordSize(&ev, &f.judged); size > len(f.buf) {
		f.buf = make([]byte, 2*size)
	}
	if n := f.core.EncodeRecord(f.buf, &ev, &f.judged); !bytes.Equal(f.buf[:n], r.payload) {
		f.w.fail("record %d judged again is another:\n%q\n%q", r.header.Seq, r.payload, f.buf[:n])
	}
}

// equals fails unless a core has the same state.
func (f *follower) equals(c *core.Core, what string) {
	mine, its := f.core.Regions(), c.Regions()
	for i := range mine {
		if !bytes.Equal(mine[i], its[i]) {
			f.w.fail("%s: table %d is not what the records lead to", what, i)
		}
	}
}
