package core

import (
	"testing"

	"portcullis/fix/link"
)

// hold is an operator who holds a link down and lets it up again, now and then with numbers that begin anew.
func (x *chaos) hold(l uint32) {
	x.seen["held"]++
	x.command(Command{ID: 5, Kind: CmdLinkDown, Index: l})
	x.listen()
	x.drop(l)
	x.listen()
	if x.r.IntN(3) == 0 {
		x.command(Command{ID: 5, Kind: CmdLinkReset, Index: l})
		x.listen()
		x.seqOut[l] = 1
		x.readCut(l)
	}
	if x.r.IntN(4) == 0 {
		x.restart()
	}
	x.command(Command{ID: 5, Kind: CmdLinkUp, Index: l})
}

// TestResetByHandCutsOff: the reports that no connection carried are sent again under the new numbers,
// as after any other reset.
func TestResetByHandCutsOff(t *testing.T) {
	w, missed := cutWorld(t)
	w.command(Command{ID: 1, Kind: CmdLinkReset, Index: acme})
	if l := w.d.Renumbered(); len(w.replies) != 1 || w.replies[0].Code != Done || l != acme {
		t.Fatalf("link %d, %+v", l, w.replies)
	}
	cutIs(t, w, Range{2, 3})
	for i := range missed {
		w.readBack(acme, uint64(2+i), missed[i])
		if len(w.sent) != 1 || !w.sent[0].out.Hold || w.sent[0].out.Seq != uint64(1+i) || field(w.sent[0].text, "97") != "Y" {
			t.Errorf("report %d: %+v", i, w.sent)
		}
	}
	w.command(Command{ID: 1, Kind: CmdLinkReset, Index: acme})
	cutIs(t, w, Range{1, 2}) // still nobody has got them
}

// TestHeldConnectionIsClosed: one that was on its way when the link was held down is closed, and the log says why.
func TestHeldConnectionIsClosed(t *testing.T) {
	w := newWorld(t).logon()
	for _, l := range []uint32{acme, xsim} {
		w.drop(l)
		w.command(Command{ID: 1, Kind: CmdLinkDown, Index: l})
		w.step(&Event{Kind: Admitted, Link: l, Conn: 99})
		if !w.d.Close || link.Fault(w.d.LinkFault) != link.HeldDown || w.d.Out.Count > 0 || w.core.Phase(l) != link.Down {
			t.Errorf("%s: close %t, %s, %d messages", linkNames[l], w.d.Close, link.Fault(w.d.LinkFault), w.d.Out.Count)
		}
		w.step(&Event{Kind: Closed, Link: l, Conn: 99})
		if w.core.Conn(l) != 0 || !w.core.Held(l) {
			t.Errorf("%s: connection %d", linkNames[l], w.core.Conn(l))
		}
	}
}

// TestHeldTwiceIsCut: the first command waits for the peer's Logout, the second does not.
func TestHeldTwiceIsCut(t *testing.T) {
	w := newWorld(t).logon()
	for _, l := range []uint32{acme, xsim} {
		for _, again := range []bool{false, true} {
			w.command(Command{ID: 1, Kind: CmdLinkDown, Index: l})
			if w.d.Close != again || w.replies[0].Code != Done || (len(w.sent) > 0) == again {
				t.Errorf("%s, again %t: close %t, %+v", linkNames[l], again, w.d.Close, w.sent)
			}
		}
		w.drop(l)
		w.command(Command{ID: 1, Kind: CmdLinkDown, Index: l})
		if w.d.Close || !w.core.Held(l) {
			t.Errorf("%s: there is nothing to cut", linkNames[l])
		}
	}
}
