package core

import (
	"strings"

	"portcullis/risk"
)

// statuses are what the venues of the scripts mean.
func statuses() Statuses {
	return Statuses{
		Security:   []StatusCode{{"2", risk.PhaseHalted}, {"3", risk.Continuous}, {"17", risk.Continuous}, {"21", risk.PreOpen}},
		Session:    []StatusCode{{"1", risk.PhaseHalted}, {"2", risk.Continuous}, {"3", risk.PhaseClosed}},
		SubSession: []StatusCode{{"2", risk.OpeningAuction}, {"3", risk.Continuous}},
		SessionID:  "DAY",
	}
}

// phaseRules are set 1: everything in continuous trading, limit orders of the day in the opening auction.
func phaseRules() (r risk.PhaseRules) {
	r[risk.Continuous] = risk.Permit{OrdTypes: risk.AllOrdTypes, TimesInForce: risk.AllTimesInForce}
	r[risk.OpeningAuction] = risk.Permit{OrdTypes: risk.OrdTypeSet(0).With(risk.Limit), TimesInForce: risk.TimeInForceSet(0).With(risk.Day)}
	return r
}

var phaseNames = []string{"unknown", "pre-open", "opening", "continuous", "halted", "intraday", "closing", "post-close", "closed"}

// halt is about a symbol, or about venue:XSIM.
func (s *script) halt(kind CommandKind, word string, user ...string) {
	m := Command{ID: 7, Kind: kind, Index: index(symbolNames, word), UID: s.user(user...)}
	if name, venue := strings.CutPrefix(word, "venue:"); venue {
		m.Scope, m.Index = risk.ScopeVenue, index(venueNames, name)
	}
	s.w.command(m)
}

// user reads "user=7", where it is said.
func (s *script) user(words ...string) uint32 {
	if len(words) == 0 {
		return 0
	}
	return uint32(s.number(strings.TrimPrefix(words[0], "user=")))
}

// phaseAt reads "XSIM" or "XSIM/IBM".
func phaseAt(word string) (venue, instrument uint32) {
	name, symbol, one := strings.Cut(word, "/")
	if !one {
		return index(venueNames, name), NoIndex
	}
	return index(venueNames, name), index(symbolNames, symbol)
}

// sayPhase is an operator's word, or with a time the timetable's: "say-phase XSIM opening at=13:29:00".
func (s *script) sayPhase(w []string) {
	venue, instrument := phaseAt(w[0])
	at := int64(0)
	if len(w) > 2 {
		at = s.clock(strings.TrimPrefix(w[2], "at="))
	}
	m := PhaseCommand(venue, instrument, risk.Phase(index(phaseNames, w[1])), at)
	m.ID = 7
	s.w.command(m)
}

// trading checks where trading stands: "trading XSIM/IBM halted".
func (s *script) trading(w []string) {
	venue, instrument := phaseAt(w[0])
	if got := phaseNames[s.w.core.book.Phase(venue, instrument)]; got != w[1] {
		s.fatal("%s is %s", w[0], got)
	}
}
