package config

import (
	"maps"
	"slices"
	"strings"

	"portcullis/risk"
)

// PhaseRules say what may be entered in which trading phase, by risk.Phase. Accounts and instruments may have some.
type PhaseRules struct {
	Name    string
	Permits [risk.PhaseClosed + 1]PhasePermit
}

// PhasePermit is what may be entered in one phase; without a type or a time in force it is nothing.
type PhasePermit struct {
	OrdTypes, TimeInForces string // FIX codes
}

// Statuses are what a venue means by its codes.
type Statuses struct {
	Security, Session, SubSession []StatusCode // 326, 340, 625
	SessionID                     string       // 336 of the only session that counts; "" = all do
}

// StatusCode is a code and the phase that it means.
type StatusCode struct {
	Code  string
	Phase risk.Phase
}

// phaseWords are the words of phases, by their numbers.
var phaseWords = []string{risk.PhaseUnknown: "unknown", risk.PreOpen: "pre_open", risk.OpeningAuction: "opening_auction",
	risk.Continuous: "continuous", risk.PhaseHalted: "halted", risk.IntradayAuction: "intraday_auction",
	risk.ClosingAuction: "closing_auction", risk.PostClose: "post_close", risk.PhaseClosed: "closed"}

// PhaseWord is the word of a phase.
func PhaseWord(p risk.Phase) string { return phaseWords[min(int(p), len(phaseWords)-1)] }

// ParsePhase reads the word of a phase.
func ParsePhase(word string) (risk.Phase, bool) {
	i := slices.Index(phaseWords, word)
	return risk.Phase(max(i, 0)), i >= 0
}

// PhaseWords are all words of phases.
func PhaseWords() string { return strings.Join(phaseWords, ", ") }

// What the standard codes mean, unless a venue's profile says otherwise.
var (
	securityCodes = map[string]risk.Phase{"2": risk.PhaseHalted, "3": risk.Continuous, "17": risk.Continuous, "18": risk.PhaseHalted,
		"20": risk.PhaseUnknown, "21": risk.PreOpen, "22": risk.OpeningAuction, "23": risk.Continuous, "26": risk.PostClose}
	sessionCodes = map[string]risk.Phase{"0": risk.PhaseUnknown, "1": risk.PhaseHalted, "2": risk.Continuous, "3": risk.PhaseClosed,
		"4": risk.PreOpen, "5": risk.ClosingAuction}
	subSessionCodes = map[string]risk.Phase{"1": risk.PreOpen, "2": risk.OpeningAuction, "3": risk.Continuous, "4": risk.ClosingAuction,
		"5": risk.PostClose, "6": risk.IntradayAuction, "7": risk.PhaseHalted, "8": risk.IntradayAuction}
)

// readPhaseRules reads the sets of rules, before those who have them.
func (l *loader) readPhaseRules(top *mapping) {
	for _, m := range top.entries("phase_rules") {
		name := m.need("name")
		r := PhaseRules{Name: l.plainName(name)}
		for p, word := range phaseWords {
			if f, given := m.take(word); given {
				r.Permits[p] = l.phasePermit(f, word)
			}
		}
		if r.Permits[risk.PhaseHalted] != (PhasePermit{}) {
			l.add(m.placeOf(phaseWords[risk.PhaseHalted]), "halted: nothing enters in a halt", "remove it")
		}
		if len(l.config.PhaseRules) == risk.PhaseRulesMax {
			l.add(name.at, "more than 255 phase_rules", "put together those that are alike")
		}
		l.phaseRules.define(l, name)
		l.config.PhaseRules = append(l.config.PhaseRules, r)
		m.close()
	}
}

// phasePermit reads all, or {ord_types: [limit], tifs: [day]}.
func (l *loader) phasePermit(f field, phase string) (p PhasePermit) {
	if text, plain := textOf(f.node); plain && text == "all" {
		for _, c := range ordTypeCodes {
			p.OrdTypes += string(c.fix)
		}
		for _, c := range timeInForceCodes {
			p.TimeInForces += string(c.fix)
		}
		return p
	}
	m := l.mapping(f, phase)
	p.OrdTypes, p.TimeInForces = m.codes("ord_types", ordTypeCodes), m.codes("tifs", timeInForceCodes)
	if p.OrdTypes == "" || p.TimeInForces == "" {
		l.add(f.at, phase+" permits nothing", "write all, or ord_types and tifs; or leave it out, then nothing enters")
	}
	m.close()
	return p
}

// statuses reads what a venue means by its codes.
func (l *loader) statuses(m *mapping) Statuses {
	s := Statuses{SessionID: m.text("session", "").text}
	for _, of := range []struct {
		key      string
		standard map[string]risk.Phase
		into     *[]StatusCode
	}{{"security_status", securityCodes, &s.Security}, {"session_status", sessionCodes, &s.Session}, {"sub_session", subSessionCodes, &s.SubSession}} {
		codes := maps.Clone(of.standard)
		for _, pair := range m.pairs(of.key) {
			codes[pair[0].text] = l.phase(of.key, pair[1])
		}
		for _, code := range slices.Sorted(maps.Keys(codes)) {
			*of.into = append(*of.into, StatusCode{code, codes[code]})
		}
	}
	m.close()
	return s
}

func (l *loader) phase(key string, value scalar) risk.Phase {
	p, known := ParsePhase(value.text)
	if !known {
		l.add(value.at, key+": "+show(value.text)+" is no phase", "write "+PhaseWords())
	}
	return p
}
