package risk_test

import (
	"testing"

	"portcullis/risk"
)

// phases are where trading stands at venue 0, and whose rules go by it. The first word of each counts: a table that breaks
// everything at once has more.
type phases struct {
	set, symbolSet bool
	venue, symbol  risk.Phase
	rulesOf        string // "": the account
	halted         bool
}

var phaseWords = map[string]risk.Phase{"unknown": risk.PhaseUnknown, "pre-open": risk.PreOpen, "opening": risk.OpeningAuction,
	"continuous": risk.Continuous, "halted": risk.PhaseHalted, "closed": risk.PhaseClosed}

// setPhase reads "phase=opening", "symbol-phase=halted", "rules-of=instrument", "venue-halted=yes".
func (s *settings) setPhase(t *testing.T, key, v string) {
	t.Helper()
	s.setAside(t, "venue-gross", risk.Unlimited) // there is a venue
	p, known := phaseWords[v]
	switch {
	case key == "venue-halted":
		s.phases.halted = v == "yes"
	case key == "rules-of":
		s.phases.rulesOf = v
	case !known:
		t.Fatalf("phase %q is not known", v)
	case key == "phase" && !s.phases.set:
		s.phases.set, s.phases.venue = true, p
	case key == "symbol-phase" && !s.phases.symbolSet:
		s.phases.symbolSet, s.phases.symbol = true, p
	}
	if s.phases.set || s.phases.symbolSet {
		s.account.PhaseRules, s.instrument.PhaseRules = 1, 0
		switch s.phases.rulesOf {
		case "instrument":
			s.account.PhaseRules, s.instrument.PhaseRules = 0, 1
		case "nobody":
			s.account.PhaseRules = 0
		}
	}
}

func (p *phases) apply(t *testing.T, b *risk.Book) {
	t.Helper()
	var rules risk.PhaseRules
	rules[risk.Continuous] = risk.Permit{OrdTypes: risk.AllOrdTypes, TimesInForce: risk.AllTimesInForce}
	rules[risk.OpeningAuction] = risk.Permit{OrdTypes: risk.OrdTypeSet(0).With(risk.Limit).With(risk.StopLimit),
		TimesInForce: risk.TimeInForceSet(0).With(risk.Day)}
	rules[risk.PreOpen] = risk.Permit{OrdTypes: risk.OrdTypeSet(0).With(risk.Market), TimesInForce: risk.AllTimesInForce}
	must(t, b.SetPhaseRules(1, rules))
	if p.set {
		b.SetPhase(0, risk.NoIndex, p.venue)
	}
	if p.symbolSet {
		b.SetPhase(0, 0, p.symbol)
	}
	if p.halted {
		b.HaltVenue(0, true)
	}
}

// TestPhasesAreCounted: what was said is given back, and the count that spares the look falls to nothing again.
func TestPhasesAreCounted(t *testing.T) {
	b := risk.NewBook(risk.Capacity{Venues: 2, Instruments: 3}, func(n int) []byte { return make([]byte, n) })
	empty := len(said(b))
	b.SetPhase(1, 2, risk.ClosingAuction)
	b.SetPhase(1, risk.NoIndex, risk.Continuous)
	b.SetPhase(0, 0, risk.PhaseHalted)
	b.SetPhase(0, 0, risk.PhaseHalted)
	got := said(b)
	want := []risk.Phase{risk.PhaseHalted, risk.Continuous, risk.ClosingAuction}
	if empty != 0 || len(got) != len(want) || b.Phase(1, 2) != risk.ClosingAuction || b.Phase(0, 2) != risk.PhaseUnknown {
		t.Fatalf("%v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%v, want %v", got, want)
		}
	}
	before := append([]byte{}, b.Regions()[0]...)
	b.SetPhase(0, 0, risk.PhaseUnknown)
	b.SetPhase(0, 0, risk.PhaseHalted)
	if string(before) != string(b.Regions()[0]) {
		t.Error("the count is another")
	}
	if b.SetPhaseRules(0, risk.PhaseRules{}) == nil || b.SetPhaseRules(risk.PhaseRulesMax+1, risk.PhaseRules{}) == nil {
		t.Error("rules without a number are taken")
	}
}

func said(b *risk.Book) (list []risk.Phase) {
	b.EachPhase(func(_, _ uint32, p risk.Phase) { list = append(list, p) })
	return list
}
