package rehearsal

import (
	"strings"

	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// phase has every venue say in which phase it is.
func (s *stage) phase(p risk.Phase) {
	for n := range s.core.Setup().Venues {
		s.command(core.PhaseCommand(uint32(n), core.NoIndex, p, 0))
	}
}

// outOfPhase are a sound order in a halt, and in the first phase for each way in which the rules of an account refuse it.
func (t *selfTest) outOfPhase(a *config.Account, sound terms) []breach {
	list := []breach{{control: risk.VenueHalted, terms: sound, times: 1, phase: risk.PhaseHalted}}
	if a.PhaseRules == config.None {
		return list
	}
	tried := map[risk.Reason]bool{}
	for n, permit := range t.cfg.PhaseRules[a.PhaseRules].Permits {
		p := risk.Phase(n)
		control := risk.Accepted
		switch {
		case p == risk.PhaseHalted:
		case permit.OrdTypes == "" && p == risk.PhaseUnknown:
			control = risk.PhaseNotKnown
		case permit.OrdTypes == "":
			control = risk.PhaseForbidden
		case !strings.Contains(permit.OrdTypes, sound.ordType):
			control = risk.OrdTypeForbiddenInPhase
		case !strings.Contains(permit.TimeInForces, sound.tif):
			control = risk.TimeInForceForbiddenInPhase
		}
		if control != risk.Accepted && !tried[control] {
			tried[control] = true
			list = append(list, breach{control: control, terms: sound, times: 1, phase: p})
		}
	}
	return list
}
