package risk

import "errors"

// Phase is where trading stands, at a venue or in one instrument there. The numbers are journaled and never reused.
type Phase uint8

const (
	PhaseUnknown    Phase = 0 // nobody has said
	PreOpen         Phase = 1
	OpeningAuction  Phase = 2
	Continuous      Phase = 3
	PhaseHalted     Phase = 4
	IntradayAuction Phase = 5 // scheduled, or after a volatility interruption
	ClosingAuction  Phase = 6
	PostClose       Phase = 7
	PhaseClosed     Phase = 8

	phaseCount = 9
)

// PhaseSet is a set of phases.
type PhaseSet uint16

// Has, With: membership and union by value.
func (s PhaseSet) Has(p Phase) bool      { return s>>p&1 != 0 }
func (s PhaseSet) With(p Phase) PhaseSet { return s | 1<<p }

// Permit is what may be entered in a phase. Without a type or a time in force it is nothing.
type Permit struct {
	OrdTypes     OrdTypeSet
	TimesInForce TimeInForceSet
}

// PhaseRules permit orders by phase; what is PhaseUnknown's holds where nobody has said. In a halt none enters.
type PhaseRules [phaseCount]Permit

// PhaseRulesMax is how many sets of rules a book has, numbered from 1; 0 permits everything but in a halt.
const PhaseRulesMax = 255

var errPhaseRules = errors.New("there are at most 255 sets of phase rules")

// SetPhaseRules sets rules that accounts and instruments name by their number.
func (b *Book) SetPhaseRules(n int, r PhaseRules) error {
	if n < 1 || n >= len(b.phaseRules) {
		return errPhaseRules
	}
	b.phaseRules[n] = r
	return nil
}

// phaseOf is where the phase of an instrument at a venue is kept; with NoIndex that of the venue itself.
func (b *Book) phaseOf(venue, instrument uint32) *Phase {
	return &b.phases[uint64(venue)*uint64(b.capacity.Instruments+1)+uint64(instrument+1)]
}

// SetPhase says where trading stands at a venue, in one instrument or, with NoIndex, in all of it. It judges nothing.
func (b *Book) SetPhase(venue, instrument uint32, p Phase) {
	at := b.phaseOf(venue, instrument)
	if *at != PhaseUnknown {
		b.totals[0].phased--
	}
	if *at = p; p != PhaseUnknown {
		b.totals[0].phased++
	}
}

// Phase is what SetPhase said last.
func (b *Book) Phase(venue, instrument uint32) Phase { return *b.phaseOf(venue, instrument) }

// EachPhase gives every phase that somebody has said; instrument NoIndex: of the venue itself.
func (b *Book) EachPhase(each func(venue, instrument uint32, p Phase)) {
	for i, p := range b.phases {
		if p != PhaseUnknown {
			row := b.capacity.Instruments + 1
			each(uint32(i/row), uint32(i%row)-1, p)
		}
	}
}

// HaltVenue has a venue take no orders until it is called again with false, whatever it says of itself.
func (b *Book) HaltVenue(venue uint32, halted bool) { b.venues[venue].halted = halted }

// VenueHalted is what HaltVenue said last.
func (b *Book) VenueHalted(venue uint32) bool { return b.venues[venue].halted }

// checkHalt: an operator's word about the instrument or the venue, and what the venue says itself.
func (b *Book) checkHalt(o *Order, j *Judgement) Reason {
	if b.instruments[o.Instrument].halted {
		return j.fail(SymbolHalted, o.Instrument, 0, 0)
	}
	if o.Venue >= uint32(len(b.venues)) {
		return Accepted // it has no route, and is refused as such
	}
	if b.venues[o.Venue].halted {
		return j.fail(VenueHalted, o.Venue, 0, 0)
	}
	if b.totals[0].phased == 0 {
		return Accepted
	}
	if b.Phase(o.Venue, o.Instrument) == PhaseHalted {
		return j.fail(SymbolHalted, o.Instrument, 0, 0)
	}
	if b.Phase(o.Venue, NoIndex) == PhaseHalted {
		return j.fail(VenueHalted, o.Venue, 0, 0)
	}
	return Accepted
}

// checkPhase asks the rules of the account and of the instrument, in the phase of the instrument and in that of its venue:
// all must permit the order. Where neither phase is known, what they permit in none counts.
func (b *Book) checkPhase(o *Order, j *Judgement) Reason {
	plans := [...]uint8{b.accounts[o.Account].phaseRules, b.instruments[o.Instrument].phaseRules}
	if plans[0]|plans[1] == 0 || o.Venue >= uint32(len(b.venues)) {
		return Accepted
	}
	phases := [...]Phase{b.Phase(o.Venue, o.Instrument), b.Phase(o.Venue, NoIndex)}
	for i, n := range plans {
		if n == 0 {
			continue
		}
		at := origin{index: o.Account, of: ScopeAccount}
		if i == 1 {
			at = origin{index: o.Instrument, of: ScopeInstrument}
		}
		for k, p := range phases {
			if p == PhaseUnknown && (k == 0 || phases[0] != PhaseUnknown) {
				continue // the other one is known, or is asked next
			}
			if r := j.permitted(&b.phaseRules[n][p], &o.Terms, p, at); r != Accepted {
				return r
			}
		}
	}
	return Accepted
}

func (j *Judgement) permitted(by *Permit, t *Terms, p Phase, at origin) Reason {
	control := PhaseForbidden
	if p == PhaseUnknown {
		control = PhaseNotKnown
	}
	j.noteOf(control, at, int64(p), 0)
	switch {
	case by.OrdTypes == 0 || by.TimesInForce == 0:
		return control
	case !by.OrdTypes.Has(t.OrdType):
		j.noteOf(OrdTypeForbiddenInPhase, at, int64(t.OrdType), int64(by.OrdTypes))
		return OrdTypeForbiddenInPhase
	case !by.TimesInForce.Has(t.TimeInForce):
		j.noteOf(TimeInForceForbiddenInPhase, at, int64(t.TimeInForce), int64(by.TimesInForce))
		return TimeInForceForbiddenInPhase
	}
	return Accepted
}
