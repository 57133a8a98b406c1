package gate

import (
	"fmt"

	"portcullis/gate/admission"
	"portcullis/gate/assemble"
	"portcullis/gate/config"
	"portcullis/gate/core"
)

// staged is a configuration that is ready to take over.
type staged struct {
	change *core.Change
	doors  *admission.Next
}

// examine reads the certificates of a configuration, and looks whether there is room for its links. It leaves no trace.
func (g *Gate) examine(next *config.Config, change *config.Change) error {
	if err := next.ReadKeys(g.now()); err != nil {
		return err
	}
	return g.linkRoom(change.Added)
}

// prepare does all else that can fail, and nothing that anybody would notice: numbers for new names, the files beside
// the journal, what judges, and the addresses to listen on.
func (g *Gate) prepare(next *config.Config, change *config.Change) (s staged, err error) {
	if err := assemble.Assign(next, g.numbers); err != nil {
		return s, err
	}
	if err := next.Keep(g.cfg.Gate.JournalDir); err != nil {
		return s, err
	}
	if s.change, err = assemble.Change(g.reloads.inForce, next, g.numbers, quotes{g.prices}, g.alloc); err != nil {
		return s, err
	}
	a := g.admissionConfig(next)
	s.doors, err = g.admission.Prepare(a.Participants, a.Venues)
	return s, err
}

// linkRoom refuses links for which the tables have no row, before a name gets a number for life.
func (g *Gate) linkRoom(added []string) error {
	rows := g.numbers.Count(config.LinkNumber)
	for _, name := range added {
		if _, known := g.numbers.Of(config.LinkNumber, name); !known {
			rows++
		}
	}
	if rows > g.core.LinkRows() {
		return fmt.Errorf("gate.capacity.links is %d, and with those added %d names of links have a number, which is for life: "+
			"raise gate.capacity.links and restart", g.core.LinkRows(), rows)
	}
	return nil
}
