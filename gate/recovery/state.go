package recovery

import (
	"fmt"

	"portcullis/gate/assemble"
	"portcullis/gate/bind"
	"portcullis/gate/core"
	"portcullis/gate/journal"
)

// State is what the records of a journal lead to, up to one of them. It belongs to one goroutine.
type State struct {
	Core      *core.Core
	Numbering *bind.Numbering
	Lines     VenueLines

	Last journal.Header   // of the last record applied; Seq 0: there is none
	At   journal.Position // where that record is
	End  journal.Position // where the next one is or will be

	governing governing
	meaning   string // of the tables
}

// New is the state before the first record, which c has not seen either.
func New(c *core.Core) *State {
	return &State{Core: c, Numbering: bind.NewNumbering(c.LinkRows()), Lines: newVenueLines(c.VenueRows()), meaning: meaning(c)}
}

// Follow applies what a follower has yet to give. visit, where there is one, sees each record behind that and may
// stop with an error; the next Follow goes on with the record after it.
func (s *State) Follow(f *journal.Follower, r *assemble.Record, visit func(*assemble.Record) error) error {
	err := r.Walk(f, func(r *assemble.Record) error {
		if err := s.take(r); err != nil || visit == nil {
			return err
		}
		return visit(r)
	})
	s.End = f.Position()
	return err
}

// take applies one record.
func (s *State) take(r *assemble.Record) error {
	if r.Header.Seq != s.Last.Seq+1 {
		return fmt.Errorf("record %d at position %d: record %d was due", r.Header.Seq, r.Position, s.Last.Seq+1)
	}
	s.Numbering.Note(&r.Decision, s.Core, r.Position)
	s.Lines.note(&r.Decision)
	s.governing.take(&r.Event, &r.Decision)
	s.Core.Apply(&r.Event, &r.Decision)
	s.Last, s.At = r.Header, r.Position
	return nil
}
