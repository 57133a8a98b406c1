package gate

import (
	"fmt"
	"slices"
	"time"

	"portcullis/gate/bind"
	"portcullis/gate/core"
	"portcullis/gate/journal"
)

// marker asks the journal for durable marks ahead of the numbers in use, so that after a machine's
// death numbering can start above all of them. Where the disk does not keep up there is no such mark:
// a number in use now might be used again, and its message be taken for one that was seen. Then the
// journal has no room for new orders, as when its disk is full; what is open can still be ended.
type marker struct {
	*core.Core
	*journal.Journal
	numbering *bind.Numbering
	behind    []uint32 // links whose numbers no durable mark covers
}

func (g *Gate) newMarker() *marker {
	return &marker{Core: g.core, Journal: g.journal, numbering: g.state.Numbering, behind: make([]uint32, 0, g.core.LinkRows())}
}

// EncodeRecord is the core's, and raises the marks of the links that messages go out on.
func (m *marker) EncodeRecord(dst []byte, ev *core.Event, d *core.Decision) int {
	for i := range d.Out.Count {
		m.raise(d.Out.Outs[i].Link, d.Out.Outs[i].Seq)
	}
	if ev.Kind == core.CommandGiven && d.SessionStep {
		m.raise(ev.Link, d.Link.NextOut) // an operator may have set it
	}
	m.numbering.Note(d, m.Core, m.Appended())
	return m.Core.EncodeRecord(dst, ev, d)
}

func (m *marker) raise(l uint32, seq uint64) {
	if !m.RaiseMark(l, seq) && !slices.Contains(m.behind, l) {
		m.behind = append(m.behind, l)
	}
}

// Space is the journal's, and less while a mark is behind.
func (m *marker) Space() journal.Space {
	space := m.Journal.Space()
	if len(m.behind) > 0 {
		m.behind = slices.DeleteFunc(m.behind, func(l uint32) bool { return m.RaiseMark(l, m.LinkState(l).NextOut) })
	}
	if len(m.behind) > 0 {
		return min(space, journal.ReserveOnly)
	}
	return space
}

// How long a start waits for the marks of links that have none yet: where they cannot be written, and where the disk is slow.
const (
	marksWithin = 5 * time.Second
	marksSlow   = 2 * time.Minute
)

// raiseMarks makes sure that each link has a durable mark above the number it uses next.
func (g *Gate) raiseMarks(within time.Duration) error {
	said := false
	for begun := time.Now(); !g.marked(); time.Sleep(time.Millisecond) {
		switch waited := time.Since(begun); {
		case waited < within:
		case g.journal.MarksFail():
			return fmt.Errorf("the marks in %s cannot be written: see what the log says of that disk", g.cfg.Gate.JournalDir)
		case waited > marksSlow:
			return fmt.Errorf("the marks in %s are not on disk after %v: look what keeps that disk busy", g.cfg.Gate.JournalDir, marksSlow)
		case !said:
			said = true
			g.log.Warn().Str("journal", g.cfg.Gate.JournalDir).Msg("the disk is slow: the start waits for the marks of sequence numbers")
		}
	}
	return nil
}

// marked asks for the marks of all links, those too that may be added later, before it waits for any: the disk then writes them together, and a start
// with many links takes no longer than one with few.
func (g *Gate) marked() bool {
	all := true
	for l := range uint32(g.core.LinkRows()) {
		all = g.journal.RaiseMark(l, g.core.LinkState(l).NextOut) && all
	}
	return all
}
