package audit

import (
	"fmt"
	"strings"

	"portcullis/gate/core"
)

// takesOrders says whether the gate takes orders, as far as that is of the whole gate: no, with every reason that stops
// all of them, or yes, which leaves to the tables that follow what is stopped for some.
func (s *State) takesOrders(alive Presence) string {
	if alive.WhyNot != "" {
		return "no: " + strings.Join(append([]string{alive.WhyNot}, s.firmKills()...), "; ")
	}
	if why := append(s.gateStops(), append(s.firmKills(), s.noVenue()...)...); len(why) > 0 {
		return "no: " + strings.Join(why, "; ")
	}
	if alive.Unasked {
		return "by its journal yes, where links, venues and kills allow; without its configuration the gate itself is not asked"
	}
	return "yes, where links, venues and kills allow"
}

// gateStops are the states of the gate in which it takes none.
func (s *State) gateStops() (why []string) {
	g := s.core.Gate()
	if g.Stopping {
		why = append(why, "gate is stopping or has stopped")
	}
	if g.Journal != 0 {
		why = append(why, "journal "+word(spaceWords, g.Journal, "state"))
	}
	if g.ClockForbidden {
		why = append(why, "trading is forbidden in the clock's state")
	}
	if g.ExecutionsFull {
		why = append(why, "table of executions is full")
	}
	if s.core.Setup().Unapproved {
		why = append(why, "nothing is approved yet: gate changes --pending")
	}
	if _, drained := s.drained[core.NoIndex]; drained {
		why = append(why, "an operator drains it: gate drain --all --lift ends that")
	}
	return why
}

// firmKills are the kills that stop everything, those that the journal has not taken over among them.
func (s *State) firmKills() (why []string) {
	for _, k := range s.core.Book().Kills() {
		if k.Firm() && k.Mode.Blocks() {
			why = append(why, fmt.Sprintf("kill %d stops the firm", k.ID))
		}
	}
	for i := range s.awaited {
		why = append(why, fmt.Sprintf("kill %d, hard, stops the firm", s.HardKill(s.awaited[i].Number)))
	}
	return why
}

// noVenue says why each venue takes none, where none does.
func (s *State) noVenue() []string {
	var why []string
	set := s.core.Setup()
	for n := range set.Venues {
		if set.Venues[n].Link == core.NoIndex {
			continue
		}
		state := s.venueState(uint32(n))
		if state == venueInOrder {
			return nil
		}
		why = append(why, fmt.Sprintf("venue %s: %s", s.journal.venue(uint32(n)), state))
	}
	return why
}
