package gate

import (
	"sync/atomic"

	"portcullis/gate/core"
	"portcullis/gate/journal"
)

// numbering knows, by link, which outgoing numbers mean something: where in the journal they last began
// anew, because the same numbers before that are other messages; and which were never used, because a
// tail was lost and numbers went on above its mark. A peer that asks for what it missed asks for all of
// those, and looking for each in the journal would take minutes.
type numbering struct{ links []numbered }

type numbered struct {
	skipped []core.Range  // written before the engine runs
	since   atomic.Uint64 // journal.Position: nothing before it counts
	before  atomic.Uint64 // where they began the time before that
	anew    atomic.Bool   // they began anew since the engine runs: skipped ones may be in use now
}

func newNumbering(links int) *numbering { return &numbering{make([]numbered, links)} }

// note takes up an event at a position of the journal, or above, that is about to be applied: of the
// journal or of the start.
func (n *numbering) note(ev *core.Event, d *core.Decision, c *core.Core, at journal.Position) {
	if ev.Kind == core.Numbered {
		if next := c.LinkState(ev.Link).NextOut; ev.Seq > next {
			l := &n.links[ev.Link]
			l.skipped = append(l.skipped, core.Range{From: next, To: ev.Seq - 1})
		}
		return
	}
	if l := n.begunAnew(d, at); l != nil {
		l.skipped = nil
	}
}

// watch is note for an event of the running engine.
func (n *numbering) watch(d *core.Decision, at journal.Position) {
	if l := n.begunAnew(d, at); l != nil {
		l.anew.Store(true)
	}
}

// begunAnew notes that a decision sets its link's numbers back to 1, and returns the link; nil: it does not.
func (n *numbering) begunAnew(d *core.Decision, at journal.Position) *numbered {
	link := d.Renumbered()
	if link == core.NoIndex {
		return nil
	}
	l := &n.links[link]
	l.before.Store(l.since.Load())
	l.since.Store(uint64(at))
	return l
}

// since is the position below which a link's numbers were other messages.
func (n *numbering) since(link uint32) journal.Position {
	return journal.Position(n.links[link].since.Load())
}

// before is the position where the numbers began that ended at since.
func (n *numbering) before(link uint32) journal.Position {
	return journal.Position(n.links[link].before.Load())
}

// skipped reports whether a number was never used.
func (n *numbering) skipped(link uint32, seq uint64) bool {
	l := &n.links[link]
	if l.anew.Load() {
		return false
	}
	for _, r := range l.skipped {
		if r.From <= seq && seq <= r.To {
			return true
		}
	}
	return false
}
