package rehearsal

import (
	"fmt"
	"slices"
	"strings"

	"portcullis/fix"
	"portcullis/gate/config"
	"portcullis/gate/core"
)

// order is one that a venue has.
type order struct {
	id       string // the participant's
	atVenue  string // of its last message to the venue
	line     uint32
	symbol   string // as the venue calls it
	side     string
	qty      int64
	cum      int64
	price    string
	executed []string // ExecIDs
	over     bool
}

// moved notes that the venue knows an order by another id.
func (t *selfTest) moved(original, atVenue string) {
	for _, o := range t.open {
		if o.id == original {
			o.atVenue = atVenue
		}
	}
}

// confirm has the venue say that it has an order, and fills some of it.
func (t *selfTest) confirm(o *order, filled int64) {
	if filled = min(filled, o.qty); filled == 0 {
		t.stage.report(o, "0", "0", "")
		return
	}
	t.ids++
	id := fmt.Sprintf("E%d", t.ids)
	o.cum, o.executed = filled, append(o.executed, id)
	t.stage.report(o, "F", map[bool]string{true: "2", false: "1"}[o.cum == o.qty], fmt.Sprintf("32=%s|31=%s|", decimal(filled), o.price))
}

// stamp is a time in the words of FIX.
func (s *stage) stamp(ns int64) string { return string(s.stamper.Append(nil, ns, fix.Millis)) }

// end has the venue take back what it has executed of an order, and cancel it.
func (s *stage) end(o *order) {
	if o.over {
		return
	}
	o.over = true
	for _, id := range o.executed {
		qty := o.cum
		o.cum = 0
		s.report(o, "H", "0", fmt.Sprintf("19=%s|32=%s|31=%s|", id, decimal(qty), o.price))
	}
	s.report(o, "4", "4", "")
}

// report is the venue's word about an order, in its version: ExecType(150) as of FIX.4.3 on.
func (s *stage) report(o *order, execType, status, more string) {
	s.reports++
	leaves := o.qty - o.cum
	if execType == "4" {
		leaves = 0
	}
	id := fmt.Sprintf("R%d", s.reports)
	if execType == "F" {
		id = o.executed[len(o.executed)-1]
	}
	body := fmt.Sprintf("37=V%s|11=%s|17=%s|39=%s|55=%s|54=%s|38=%s|14=%s|6=0|%s", o.id, o.atVenue, id, status, o.symbol, o.side, decimal(o.qty),
		decimal(o.cum), more)
	if !strings.Contains(more, "32=") {
		body += "32=0|31=0|"
	}
	version := s.core.Setup().Links[o.line].BeginString
	if version < "FIX.4.3" {
		body += "20=" + map[bool]string{true: "1", false: "0"}[execType == "H"] + "|"
		execType = map[string]string{"F": status, "H": status}[execType] + strings.Trim(execType, "FH")
	}
	if version > "FIX.4.0" {
		body += fmt.Sprintf("150=%s|151=%s|", execType, decimal(leaves))
	}
	s.message(o.line, "8", strings.ReplaceAll(body, "|", "\x01"))
}

// venueOf is where the orders of an account in an instrument go that name no destination; nil: nowhere.
func (t *selfTest) venueOf(a *config.Account, in *config.Instrument) *config.Venue {
	set := t.stage.core.Setup()
	v := set.Routes.VenueOf(uint32(t.stage.accountOf(a.Name)), uint32(t.stage.instrumentOf(in.Symbol)))
	if v == core.NoIndex {
		return nil
	}
	return &t.cfg.Venues[slices.IndexFunc(t.cfg.Venues, func(x config.Venue) bool { return x.Name == set.Venues[v].Name })]
}
