package operator

import (
	"fmt"

	"portcullis/gate/admin"
	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// haltOf turns the halt of a symbol or a venue, or its end, into numbers.
func (n *Names) haltOf(r admin.Request) (m core.Command, err error) {
	m.Kind = core.CmdHalt
	if r.Verb == admin.Resume {
		m.Kind = core.CmdResume
	}
	if r.Venue != "" {
		m.Scope = risk.ScopeVenue
		m.Index, err = n.Number(config.VenueNumber, r.Venue)
		return m, err
	}
	m.Index, err = n.Number(config.InstrumentNumber, r.Name)
	return m, err
}

// phaseOf turns an operator's word about a phase into numbers.
func (n *Names) phaseOf(r admin.Request) (core.Command, error) {
	p, known := config.ParsePhase(r.Name)
	if !known {
		return core.Command{}, fmt.Errorf("%q is no phase: it is one of %s", r.Name, config.PhaseWords())
	}
	venue, err := n.Number(config.VenueNumber, r.Venue)
	instrument := uint32(core.NoIndex)
	if err == nil && r.Symbol != "" {
		instrument, err = n.Number(config.InstrumentNumber, r.Symbol)
	}
	return core.PhaseCommand(venue, instrument, p, 0), err
}
