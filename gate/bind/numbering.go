package bind

import (
	"slices"
	"sync/atomic"

	"portcullis/gate/core"
	"portcullis/gate/journal"
)

// Numbering knows, by link, which outgoing numbers mean something: where in the journal they last began
// anew, because the same numbers before that are other messages; and which were never used, because a
// tail was lost and numbers went on above its mark, or an operator raised them. A peer that asks for what it
// missed asks for all of those, and looking for each in the journal would take minutes.
//
// The thread that applies events writes it, before it applies them; the resender reads.
type Numbering struct{ links []numbered }

type numbered struct {
	skipped atomic.Pointer[[]core.Range] // replaced, never changed
	since   atomic.Uint64                // journal.Position: nothing before it counts
	before  atomic.Uint64                // where they began the time before that
}

// NewNumbering is that of so many links, none of which has begun anew.
func NewNumbering(links int) *Numbering { return &Numbering{make([]numbered, links)} }

// Note takes up a decision in the journal's record at a position, which is about to be applied.
func (n *Numbering) Note(d *core.Decision, c *core.Core, at journal.Position) {
	if link := d.Renumbered(); link != core.NoIndex {
		l := &n.links[link]
		l.before.Store(l.since.Load())
		l.since.Store(uint64(at))
		l.skipped.Store(nil)
	}
	for i := range d.EffectLen {
		if e := &d.Effects[i]; e.Kind == core.Raised && e.Seq > c.LinkState(e.Link).NextOut {
			n.links[e.Link].skip(core.Range{From: c.LinkState(e.Link).NextOut, To: e.Seq - 1})
		}
	}
}

func (l *numbered) skip(r core.Range) {
	var ranges []core.Range
	if known := l.skipped.Load(); known != nil {
		ranges = slices.Clone(*known)
	}
	ranges = append(ranges, r)
	l.skipped.Store(&ranges)
}

// since is the position below which a link's numbers were other messages.
func (n *Numbering) since(link uint32) journal.Position {
	return journal.Position(n.links[link].since.Load())
}

// before is the position where the numbers began that ended at since.
func (n *Numbering) before(link uint32) journal.Position {
	return journal.Position(n.links[link].before.Load())
}

// skipped reports whether a number was never used.
func (n *Numbering) skipped(link uint32, seq uint64) bool {
	ranges := n.links[link].skipped.Load()
	return ranges != nil && slices.ContainsFunc(*ranges, func(r core.Range) bool { return r.From <= seq && seq <= r.To })
}

// SavedNumbers is what a snapshot keeps of a link's numbers.
type SavedNumbers struct {
	Skipped []core.Range `json:"skipped,omitempty"`
	Since   uint64       `json:"since,omitempty"`
	Before  uint64       `json:"before,omitempty"`
}

// Saved is what a snapshot keeps.
func (n *Numbering) Saved() []SavedNumbers {
	list := make([]SavedNumbers, len(n.links))
	for i := range n.links {
		l := &n.links[i]
		list[i] = SavedNumbers{Since: l.since.Load(), Before: l.before.Load()}
		if ranges := l.skipped.Load(); ranges != nil {
			list[i].Skipped = *ranges
		}
	}
	return list
}

// Load brings it to what a snapshot kept.
func (n *Numbering) Load(list []SavedNumbers) {
	for i := range list {
		l := &n.links[i]
		l.since.Store(list[i].Since)
		l.before.Store(list[i].Before)
		for _, r := range list[i].Skipped {
			l.skip(r)
		}
	}
}
