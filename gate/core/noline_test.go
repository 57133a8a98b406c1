package core

import (
	"strings"
	"testing"

	"portcullis/risk"
)

// TestVenueWithoutLine: a venue that the configuration does not name any more has no line. What it would
// be sent is owed to it, never sent elsewhere: number 0 is a participant's.
func TestVenueWithoutLine(t *testing.T) {
	w := newWorld(t).logon()
	for _, id := range []string{"A-1", "A-2", "A-3"} {
		w.from(acme, "35=D|11="+id+"|55=IBM|54=1|38=100|40=2|44=50|60=20261122-13:30:00|")
	}
	w.from(xsim, "35=8|11="+string(w.core.VenueID(0))+"|37=O1|17=E1|150=0|39=0|55=IBM|54=1|38=100|14=0|151=100|6=0|")
	w.core.set.Venues[0] = VenueSetup{Name: "XSIM", Link: NoIndex, Suspense: NoIndex}
	w.shadow.set.Venues[0] = w.core.set.Venues[0]
	w.core.set.Links[xsim].Venue, w.shadow.set.Links[xsim].Venue = NoIndex, NoIndex
	for _, step := range []struct {
		what string
		do   func()
	}{
		{"a restart", w.restart},
		{"a cancel", func() {
			w.connect(acme)
			w.from(acme, "35=F|11=A-4|41=A-1|55=IBM|54=1|60=20261122-13:30:00|")
		}},
		{"a replace", func() {
			w.from(acme, "35=G|11=A-5|41=A-2|55=IBM|54=1|38=50|40=2|44=50|60=20261122-13:30:00|")
		}},
		{"a kill", func() { w.command(Command{ID: 5, Kind: CmdKill, Scope: risk.ScopeFirm}) }},
		{"acceptance", func() { w.command(Command{ID: 5, Kind: CmdAccept}) }},
		{"a roll", func() { w.command(Command{ID: 5, Kind: CmdRoll, Target: 20261123}) }},
	} {
		step.do()
		for _, m := range w.sent {
			for _, order := range []string{"|35=D|", "|35=F|", "|35=G|", "|35=H|"} {
				if strings.Contains(m.text, order) {
					t.Errorf("%s sent on link %d: %s", step.what, m.link, m.text)
				}
			}
		}
	}
	if w.core.Venue(0).EgressStopped {
		t.Error("no line is no egress difference")
	}
}
