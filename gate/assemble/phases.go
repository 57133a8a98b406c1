package assemble

import (
	"fmt"

	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// phaseRulesOf is the number of a set of phase rules in the book.
func phaseRulesOf(i int) int {
	if i == config.None {
		return 0
	}
	return i + 1
}

// setPhaseRules sets what may be entered in which phase, before those who go by it.
func (l lookup) setPhaseRules(book *risk.Book) error {
	for i := range l.cfg.PhaseRules {
		in, out := &l.cfg.PhaseRules[i], risk.PhaseRules{}
		for p := range in.Permits {
			for _, c := range []byte(in.Permits[p].OrdTypes) {
				t, _ := risk.ParseOrdType(c)
				out[p].OrdTypes = out[p].OrdTypes.With(t)
			}
			for _, c := range []byte(in.Permits[p].TimeInForces) {
				t, _ := risk.ParseTimeInForce(c)
				out[p].TimesInForce = out[p].TimesInForce.With(t)
			}
		}
		if err := book.SetPhaseRules(phaseRulesOf(i), out); err != nil {
			return fmt.Errorf("phase_rules %s: %w", in.Name, err)
		}
	}
	return nil
}

func statuses(in *config.Statuses) core.Statuses {
	codes := func(in []config.StatusCode) (out []core.StatusCode) {
		for _, c := range in {
			out = append(out, core.StatusCode(c))
		}
		return out
	}
	return core.Statuses{Security: codes(in.Security), Session: codes(in.Session), SubSession: codes(in.SubSession), SessionID: in.SessionID}
}
