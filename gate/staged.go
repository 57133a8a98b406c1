package gate

import (
	"portcullis/gate/admission"
	"portcullis/gate/assemble"
	"portcullis/gate/config"
	"portcullis/gate/core"
)

// staged is a configuration that is ready to take over.
type staged struct {
	change    *core.Change
	admission *admission.Next
}

// examine reads the certificates of a configuration, and looks whether there is room for its names. It leaves no trace.
func (g *Gate) examine(next *config.Config) error {
	if err := next.ReadKeys(g.now()); err != nil {
		return err
	}
	if err := next.Keys.Older(g.keys.Load()); err != nil {
		return err
	}
	return assemble.CheckRoom(next, g.numbers)
}

// draft is what a configuration would change, with numbers that nobody else gets to know.
func (g *Gate) draft(next *config.Config) (*core.Change, error) {
	numbers := g.numbers.Draft()
	if err := assemble.Assign(next, numbers); err != nil {
		return nil, err
	}
	return assemble.Change(g.files(), next, numbers, quotes{g.prices}, assemble.Heap)
}

// prepare does all else that can fail, and nothing that anybody would notice: numbers for new names, the files beside
// the journal, what judges, and the addresses to listen on.
func (g *Gate) prepare(next *config.Config) (s staged, err error) {
	if err := assemble.Assign(next, g.numbers); err != nil {
		return s, err
	}
	if err := next.Keep(g.cfg.Gate.JournalDir); err != nil {
		return s, err
	}
	if s.change, err = assemble.Change(g.files(), next, g.numbers, quotes{g.prices}, g.alloc); err != nil {
		return s, err
	}
	a := g.admissionConfig(next)
	s.admission, err = g.admission.Prepare(a.Participants, a.Venues)
	return s, err
}
