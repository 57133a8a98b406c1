package audit

import (
	"fmt"
	"io"

	"portcullis/gate/config"
	"portcullis/gate/core"
	"portcullis/risk"
)

// haltedWord names what a command halts.
func (j *Journal) haltedWord(m *core.Command) string {
	if m.Scope == risk.ScopeVenue {
		return "venue " + j.venue(m.Index)
	}
	return j.instrument(m.Index)
}

// tradedAt names an instrument at a venue, or the venue alone.
func (j *Journal) tradedAt(venue, instrument uint32) string {
	if instrument == core.NoIndex {
		return j.venue(venue)
	}
	return j.instrument(instrument) + " at " + j.venue(venue)
}

func (j *Journal) phasedWords(e *core.Effect) string {
	return j.tradedAt(e.Venue, e.Instrument) + " is in phase " + config.PhaseWord(risk.Phase(e.Value)) + " since " + utc(int64(e.Seq))
}

func (j *Journal) phaseCommandWords(m *core.Command) string {
	instrument, p := m.Phased()
	text := " " + config.PhaseWord(p) + " of " + j.tradedAt(m.Index, instrument)
	if m.Qty != 0 {
		text += ", by the timetable since " + utc(int64(m.Qty))
	}
	return text
}

// tradingShown bounds how many halts and phases status lists.
const tradingShown = 40

// trading lists what is halted, where the price test of short sales is in force, and in which phases trading stands.
func (s *State) trading(w io.Writer) {
	t, more := newTable("trading in", "stands"), 0
	add := func(what, how string) {
		if len(t.rows) == tradingShown {
			more++
			return
		}
		t.add(what, how)
	}
	book, set := s.core.Book(), s.core.Setup()
	for n := range set.Venues {
		if book.VenueHalted(uint32(n)) {
			add(s.journal.venue(uint32(n)), "halted by an operator: gate resume --venue")
		}
	}
	for n := range set.Instruments {
		if book.Halted(uint32(n)) {
			add(s.journal.instrument(uint32(n)), "halted by an operator, or by the instruments file: gate resume")
		}
	}
	for n := range set.Instruments {
		if dates := book.PriceTest(uint32(n)); dates > 0 {
			add(s.journal.instrument(uint32(n)), "short sales above the best bid alone (Rule 201), "+
				choice(dates > 1, "today and on the next trade date", "until the day roll"))
		}
	}
	book.EachPhase(func(venue, instrument uint32, p risk.Phase) {
		add(s.journal.tradedAt(venue, instrument), config.PhaseWord(p))
	})
	if len(t.rows) == 0 {
		return
	}
	fmt.Fprintln(w)
	t.write(w, "")
	if more > 0 {
		fmt.Fprintf(w, "and %d more\n", more)
	}
}
