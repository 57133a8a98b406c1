package recovery

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"

	"portcullis/gate/bind"
	"portcullis/gate/journal"
	"portcullis/gate/snapshot"
)

// Dir is where the snapshots of a journal are.
func Dir(journalDir string) string { return filepath.Join(journalDir, "snapshots") }

// Reader reads single records of the journal that the state is of.
type Reader interface {
	ReadAt(journal.Position, *journal.Header) ([]byte, error)
}

// errUnfit is of a snapshot that is whole and of no use here.
var errUnfit = errors.New("is not used")

// Save writes the state to a snapshot in dir.
func (s *State) Save(dir string) error {
	h := snapshot.Head{Tables: s.meaning, Record: s.Last.Seq, Epoch: s.Last.Epoch, UTCNs: s.Last.UTCNs, MonoNs: s.Last.MonoNs,
		At: uint64(s.At), End: uint64(s.End)}
	var err error
	if h.Program, err = program(); err != nil {
		return err
	}
	if h.Notes, err = json.Marshal(notes{s.Numbering.Saved(), s.Lines, &s.governing}); err != nil {
		return err
	}
	return snapshot.Write(dir, &h, s.Core.Regions())
}

// notes are what a state has beside the tables.
type notes struct {
	Numbering []bind.SavedNumbers `json:"numbering"`
	Lines     VenueLines          `json:"lines"`
	Governing *governing          `json:"governing"`
}

// Load brings a state that has seen no record to the newest snapshot in dir that fits. passed are the files that did
// not serve, by what was wrong; those of them that are damaged deserve a human's look, the others are of another
// program, configuration or journal, which is no fault.
func (s *State) Load(dir string, records Reader) (passed []Passed) {
	names, err := snapshot.Names(dir)
	if err != nil {
		passed = append(passed, Passed{err, true})
	}
	for _, name := range names {
		err := s.load(name, records)
		if err == nil {
			return passed
		}
		passed = append(passed, Passed{fmt.Errorf("%s: %w", filepath.Base(name), err), !errors.Is(err, errUnfit)})
	}
	return passed
}

// Passed is a snapshot that did not serve.
type Passed struct {
	Why    error
	Broken bool
}

func (s *State) load(path string, records Reader) error {
	f, err := snapshot.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	if err := s.fits(f, records); err != nil {
		return err
	}
	var n notes
	if err := json.Unmarshal(f.Head.Notes, &n); err != nil {
		return err
	}
	f.Load(s.Core.Regions())
	s.Numbering.Load(n.Numbering)
	copy(s.Lines, n.Lines)
	if n.Governing != nil {
		s.governing = *n.Governing
	}
	h := &f.Head
	s.At, s.End = journal.Position(h.At), journal.Position(h.End)
	s.Last = journal.Header{Seq: h.Record, Epoch: h.Epoch, UTCNs: h.UTCNs, MonoNs: h.MonoNs}
	return nil
}

// fits holds a snapshot against what runs here. Its last record must be in the journal: when a machine dies, the
// journal may lose what a snapshot already had.
func (s *State) fits(f *snapshot.File, records Reader) error {
	self, err := program()
	if err != nil {
		return err
	}
	h := &f.Head
	switch {
	case h.Program != self:
		return fmt.Errorf("%w: another build of the program wrote it", errUnfit)
	case h.Tables != s.meaning || !f.Fits(s.Core.Regions()):
		return fmt.Errorf("%w: the configuration lays out other tables or limits", errUnfit)
	}
	var got journal.Header
	if _, err := records.ReadAt(journal.Position(h.At), &got); err != nil {
		return fmt.Errorf("%w: the journal has not its last record: %w", errUnfit, err)
	}
	if got.Seq != h.Record || got.Epoch != h.Epoch || got.UTCNs != h.UTCNs || got.MonoNs != h.MonoNs {
		return fmt.Errorf("%w: it is of another journal, or of records that were lost", errUnfit)
	}
	return nil
}
