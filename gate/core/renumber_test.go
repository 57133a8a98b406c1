package core

import (
	"bytes"
	"testing"

	"portcullis/fix/link"
)

// TestRenumbered: every decision that sets a link's numbers back says so, and no other: what was sent
// under them before is never sent again.
func TestRenumbered(t *testing.T) {
	w := newWorld(t).logon()
	anew := func(what string, l, want uint32) {
		t.Helper()
		if got := w.d.Renumbered(); got != want {
			t.Errorf("%s: link %d", what, got)
		}
		if next := w.core.LinkState(l).NextOut; want != NoIndex && next > 3 {
			t.Errorf("%s: the next number is %d", what, next)
		}
	}
	w.from(acme, "35=1|112=still there|")
	anew("a TestRequest", acme, NoIndex)
	w.seqOut[acme] = 1
	w.from(acme, "35=A|98=0|108=30|141=Y|")
	anew("a reset while logged on", acme, acme)
	w.drop(acme)
	anew("a lost connection", acme, NoIndex)
	w.core.set.Links[beta].ResetOnLogon, w.shadow.set.Links[beta].ResetOnLogon = true, true
	w.drop(beta)
	w.step(&Event{Kind: Admitted, Link: beta, Conn: 70})
	w.seqOut[beta] = 3 // answered by a Logon and a ResendRequest: as many numbers as before
	w.step(&Event{Kind: Message, Link: beta, Conn: 70, Data: w.message(beta, "35=A|98=0|108=30|")})
	anew("ResetOnLogon", beta, beta)
	w.core.set.Links[xsim].ResetOnDisconnect, w.shadow.set.Links[xsim].ResetOnDisconnect = true, true
	w.step(&Event{Kind: Closed, Link: xsim, Conn: w.core.Conn(xsim)})
	anew("ResetOnDisconnect", xsim, xsim)
}

// TestStartAppliesWhatWasDecided: whether a restart set numbers back is in the records of that start.
// Another setting today does not change what a recovery makes of them.
func TestStartAppliesWhatWasDecided(t *testing.T) {
	for _, then := range []bool{false, true} {
		w := newWorld(t).logon()
		w.core.set.Links[acme].ResetOnDisconnect = then
		apply := func(ev *Event) {
			ev.Now = w.now()
			w.core.Decide(ev, w.d)
			w.core.Apply(ev, w.d)
			w.shadow.set.Links[acme].ResetOnDisconnect = !then
			w.shadow.Apply(ev, w.d)
		}
		apply(&Event{Kind: Closed, Link: acme, Conn: w.core.Conn(acme), Code: uint8(ProcessEnded)})
		apply(&Event{Kind: Started, Seq: 2, Link: NoIndex})
		if (w.core.LinkState(acme).NextOut == 1) != then {
			t.Errorf("ResetOnDisconnect %t: the next number is %d", then, w.core.LinkState(acme).NextOut)
		}
		live, recovered := w.core.Regions(), w.shadow.Regions()
		for i := range live {
			if !bytes.Equal(live[i], recovered[i]) {
				t.Errorf("ResetOnDisconnect %t: table %d differs", then, i)
			}
		}
		for l := range w.core.links {
			if w.core.Phase(uint32(l)) != link.Down || w.core.Conn(uint32(l)) != 0 {
				t.Errorf("link %d is %s", l, w.core.Phase(uint32(l)))
			}
		}
	}
}
