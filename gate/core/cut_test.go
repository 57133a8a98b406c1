package core

import (
	"strings"
	"testing"
	"time"

	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/fix/schedule"
)

// cutWorld is a world in which ACME is to get again what a reset cuts off; two of its reports are
// numbered 2 and 3 while it is away.
func cutWorld(t *testing.T) (w *world, missed []string) {
	w = newWorld(t).logon()
	for _, c := range []*Core{w.core, w.shadow} {
		c.set.Links[acme].ResendCut = true
	}
	w.from(acme, "35=D|11=A-1|55=IBM|54=1|38=100|40=2|44=50|60=20261122-13:30:00|")
	w.drop(acme)
	for _, report := range []string{"150=0|39=0|17=E1|14=0|151=100", "150=F|39=1|17=E2|32=10|31=50|14=10|151=90"} {
		w.from(xsim, "35=8|11="+w.core.VenueID(0)+"|37=O1|55=IBM|54=1|38=100|6=0|"+report+"|")
		missed = append(missed, w.sent[0].text)
	}
	return w, missed
}

// anew logs a link on with numbers that begin at 1.
func (w *world) anew(l uint32) {
	w.t.Helper()
	w.conns++
	w.event(&Event{Kind: Admitted, Link: l, Conn: w.conns})
	w.seqOut[l] = 1
	w.from(l, "35=A|98=0|108=30|141=Y|")
}

// readBack gives a report that a reset cut off.
func (w *world) readBack(l uint32, seq uint64, text string) {
	w.t.Helper()
	w.event(&Event{Kind: Stored, Code: WasCutOff, Link: l, Seq: seq, Seq2: seq, Data: []byte(strings.ReplaceAll(text, "|", "\x01"))})
}

func cutIs(t *testing.T, w *world, want Range) {
	t.Helper()
	if got := w.core.Cut(acme); got != want {
		t.Errorf("cut off is %v, want %v", got, want)
	}
}

// TestReportsThatAResetCutOff: reports that no connection carried, and whose numbers were reset, come as
// new messages with PossResend(97)=Y and the ExecID they had.
func TestReportsThatAResetCutOff(t *testing.T) {
	w, missed := cutWorld(t)
	cutIs(t, w, Range{})
	w.anew(acme)
	cutIs(t, w, Range{2, 3})
	for i, exec := range []string{"X-E1", "X-E2"} {
		if i == 1 {
			w.restart() // what is left is still to do; the owner is away again, and asks by itself
		}
		w.readBack(acme, uint64(2+i), missed[i])
		if len(w.sent) != 1 || w.sent[0].out.Hold != (i == 1) || w.sent[0].out.Seq != uint64(2+i) {
			t.Fatalf("report %d: %+v", i, w.sent)
		}
		var m fix.Message
		m.Index([]byte(strings.ReplaceAll(w.sent[0].text, "|", "\x01")))
		if string(m.Value(fix.TagExecID)) != exec || string(m.Value(fix.TagPossResend)) != "Y" || m.Has(fix.TagPossDupFlag) ||
			string(m.Value(fix.TagClOrdID)) != "A-1" || m.Fault.Code != fix.NoFault {
			t.Errorf("report %d: %s", i, w.sent[0].text)
		}
	}
	cutIs(t, w, Range{})
	w.readBack(acme, 3, missed[1])
	if len(w.sent) != 0 {
		t.Errorf("twice: %+v", w.sent)
	}
	w.connect(acme)
	w.from(acme, "35=2|7=2|16=3|")
	if len(w.resends) != 1 || w.resends[0] != (Range{2, 3}) {
		t.Errorf("they are not to be asked for: %v", w.resends)
	}
}

// TestWhatAResetCutsOff: only what no connection carried, only where it is wanted, and never two resets
// back: a human must know then.
func TestWhatAResetCutsOff(t *testing.T) {
	w, _ := cutWorld(t)
	w.core.set.Links[acme].ResendCut, w.shadow.set.Links[acme].ResendCut = false, false
	w.anew(acme)
	cutIs(t, w, Range{})

	w, _ = cutWorld(t)
	w.connect(acme) // without a reset: it asks
	w.drop(acme)
	w.anew(acme)
	cutIs(t, w, Range{})

	w, missed := cutWorld(t)
	w.anew(acme)
	w.readBack(acme, 2, missed[0])
	cutIs(t, w, Range{3, 3})
	w.step(&Event{Kind: Closed, Link: acme, Conn: w.core.Conn(acme), Seq: 2}) // its buffer still had number 2
	w.alerts = nil
	w.conns++
	w.step(&Event{Kind: Admitted, Link: acme, Conn: w.conns})
	w.seqOut[acme] = 1
	w.step(&Event{Kind: Message, Link: acme, Conn: w.conns, Data: w.message(acme, "35=A|98=0|108=30|141=Y|")})
	if len(w.alerts) != 1 || w.alerts[0] != "ReportsCutOff" {
		t.Errorf("alerts %v", w.alerts)
	}
	cutIs(t, w, Range{2, 2})
	w.event(&Event{Kind: Stored, Code: WasCutOff, Link: acme, Seq: 2, Seq2: 2}) // a number without a report
	if len(w.sent) != 0 {
		t.Errorf("sent %+v", w.sent)
	}
	cutIs(t, w, Range{})
}

// TestWhatANewSessionCutsOff: numbers that begin anew by the schedule, while the link is down, cut off the same; what
// is sent from then on has numbers from 1, and the session after that cuts off those.
func TestWhatANewSessionCutsOff(t *testing.T) {
	w, missed := cutWorld(t)
	daily := schedule.Daily(time.UTC, 8*3600, 7*3600)
	w.core.set.Links[acme].Schedule, w.shadow.set.Links[acme].Schedule = daily, daily
	w.restart()
	const day = 24 * 3600e9
	w.nowNs += day
	w.event(&Event{Kind: Tick, Link: NoIndex})
	if next := w.core.LinkState(acme).NextOut; next != 1 {
		t.Fatalf("the next number is %d", next)
	}
	cutIs(t, w, Range{2, 3})
	w.readBack(acme, 2, missed[0])
	w.readBack(acme, 3, missed[1])
	cutIs(t, w, Range{})
	w.nowNs += day
	w.event(&Event{Kind: Tick, Link: NoIndex})
	cutIs(t, w, Range{1, 2})
}

// TestAnEndingSessionCutsOff: what was still in the send buffer when a session ended is cut off by the next one too,
// although that may begin at once.
func TestAnEndingSessionCutsOff(t *testing.T) {
	w := newWorld(t).logon()
	daily := schedule.Daily(time.UTC, 8*3600, 8*3600)
	for _, c := range []*Core{w.core, w.shadow} {
		c.set.Links[acme].ResendCut, c.set.Links[acme].Schedule = true, daily
	}
	w.restart()
	w.connect(acme)
	w.nowNs += 24 * 3600e9
	w.event(&Event{Kind: Tick, Link: NoIndex})
	w.from(acme, "35=5|")
	next := w.core.LinkState(acme).NextOut
	if next == 1 || w.core.Phase(acme) != link.Down {
		t.Fatalf("%v, next number %d", w.core.Phase(acme), next)
	}
	w.event(&Event{Kind: Closed, Link: acme, Conn: w.core.Conn(acme), Seq: next - 2})
	cutIs(t, w, Range{next - 2, next - 1})
	if next = w.core.LinkState(acme).NextOut; next != 1 {
		t.Errorf("the next number is %d", next)
	}
}

// TestAResetCutsOffWhatCameBehindALogout: the link still has its connection when a report gets the number behind the
// gate's Logout, and does not carry it any more.
func TestAResetCutsOffWhatCameBehindALogout(t *testing.T) {
	w := newWorld(t).logon()
	for _, c := range []*Core{w.core, w.shadow} {
		c.set.Links[acme].ResendCut = true
	}
	id := field(w.order("A-1", "55=IBM|54=1|38=100|40=2|44=50"), "11")
	w.command(Command{ID: 1, Kind: CmdLinkDown, Index: acme})
	w.from(xsim, "35=8|11="+id+"|37=O1|55=IBM|54=1|38=100|6=0|150=0|39=0|17=E1|14=0|151=100|")
	late := field(w.to(acme, "8"), "34")
	w.from(acme, "35=5|")
	w.drop(acme)
	w.command(Command{ID: 2, Kind: CmdLinkUp, Index: acme})
	w.anew(acme)
	if late != "3" {
		t.Errorf("the report had number %s", late)
	}
	cutIs(t, w, Range{3, 3})
}

// TestALogoutThatResetsCutsOff: numbers begin anew after a Logout when the connection is gone, so that it is known what
// had not left, be that said by this process or, after its death, by the next.
func TestALogoutThatResetsCutsOff(t *testing.T) {
	for _, died := range []bool{false, true} {
		w := newWorld(t).logon()
		for _, c := range []*Core{w.core, w.shadow} {
			c.set.Links[acme].ResendCut, c.set.Links[acme].ResetOnLogout = true, true
		}
		id := field(w.order("A-1", "55=IBM|54=1|38=100|40=2|44=50"), "11")
		w.from(xsim, "35=8|11="+id+"|37=O1|55=IBM|54=1|38=100|6=0|150=0|39=0|17=E1|14=0|151=100|")
		unread := w.to(acme, "8")
		w.from(acme, "35=5|")
		w.from(xsim, "35=8|11="+id+"|37=O1|55=IBM|54=1|38=100|6=0|150=F|39=1|17=E2|32=10|31=50|14=10|151=90|")
		late := w.to(acme, "8") // the connection does not take it any more
		if field(unread, "34") != "2" || field(late, "34") != "4" || w.core.LinkState(acme).NextOut != 5 {
			t.Fatalf("%s, %s", unread, late)
		}
		if died {
			w.restart() // nobody can say what the kernel had
			cutIs(t, w, Range{4, 4})
		} else {
			w.event(&Event{Kind: Closed, Link: acme, Conn: w.core.Conn(acme), Seq: 2})
			cutIs(t, w, Range{2, 4})
		}
		if next := w.core.LinkState(acme).NextOut; next != 1 {
			t.Errorf("the next number is %d", next)
		}
	}
}
