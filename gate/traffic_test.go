package gate

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/gate/core"
	"portcullis/gate/journal"
)

// traffic writes the journal of a gate on the sample configuration as its engine would, without a socket: ACME sends
// orders and XSIM answers.
type traffic struct {
	t          testing.TB
	g          *Gate
	d          core.Decision
	toVenue    string // what the last event sent there last
	acme, xsim uint32
	stamp      fix.Stamper
	orders     int
	seq        uint64 // of the last record
}

// newTraffic logs both links on.
func newTraffic(t testing.TB, g *Gate) *traffic {
	t.Helper()
	f := &traffic{t: t, g: g}
	f.event(core.Event{Kind: core.Started, Seq: uint64(g.journal.Epoch()), Link: core.NoIndex})
	for l := range g.core.Setup().Links {
		switch g.core.Setup().Links[l].TargetCompID {
		case "ACME":
			f.acme = uint32(l)
		case "XSIM":
			f.xsim = uint32(l)
		}
	}
	for _, l := range []uint32{f.xsim, f.acme} {
		f.event(core.Event{Kind: core.Admitted, Link: l, Conn: l + 1})
		f.message(l, "A", "98=0|108=300|") // nobody here answers a TestRequest, nor sends a Heartbeat while a machine stands still
		if test := f.sent("112"); test != "" {
			f.message(l, "0", "112="+test+"|")
		}
	}
	if phase := g.core.Phase(f.xsim); phase != link.Up {
		t.Fatalf("the venue's line is %v", phase)
	}
	return f
}

// order is one life of an order, in six records: new, replaced in part of the orders, filled, now and then cancelled.
func (f *traffic) order() {
	f.orders++
	id := fmt.Sprintf("C%d-%d", f.g.journal.Epoch(), f.orders)
	now := f.g.clock.Now().UTCNs
	f.message(f.acme, "D", "11="+id+"|55=AAPL|54=1|38=100|40=2|44=187.50|60="+string(f.stamp.Append(nil, now, fix.Millis))+"|")
	at := f.sent("11")
	if at == "" {
		f.t.Fatalf("the order was refused: %v", f.d.Reason)
	}
	report := func(what string) {
		f.message(f.xsim, "8", fmt.Sprintf("11=%s|37=V%s|17=E%s-%s|55=AAPL|54=1|38=100|%s", at, id, id, what[4:5], what))
	}
	report("150=0|39=0|14=0|151=100|6=0|")
	switch f.orders % 4 {
	case 0:
		report("150=4|39=4|14=0|151=0|6=0|")
	case 1: // it stays open, one of a few
		if f.orders > 64 {
			report("150=4|39=4|14=0|151=0|6=0|")
		}
	default:
		report("150=F|39=2|32=100|31=187.5|14=100|151=0|6=187.5|")
	}
}

// sent is a field of what the last event sent to the venue.
func (f *traffic) sent(tag string) string {
	_, v, _ := strings.Cut(f.toVenue, "\x01"+tag+"=")
	v, _, _ = strings.Cut(v, "\x01")
	return v
}

func (f *traffic) message(l uint32, msgType, body string) {
	s := &f.g.core.Setup().Links[l]
	text := fmt.Sprintf("35=%s|34=%d|49=%s|52=%s|56=%s|%s", msgType, f.g.core.NextIn(l), s.TargetCompID,
		f.stamp.Append(nil, f.g.clock.Now().UTCNs, fix.Millis), s.SenderCompID, body)
	text = strings.ReplaceAll(text, "|", "\x01")
	head := fmt.Sprintf("8=%s\x019=%d\x01", s.BeginString, len(text))
	f.event(core.Event{Kind: core.Message, Link: l, Conn: l + 1,
		Data: fmt.Appendf(nil, "%s%s10=%03d\x01", head, text, fix.CheckSum([]byte(head+text)))})
}

// event takes an event through the gate, and then what it makes due.
func (f *traffic) event(ev core.Event) {
	f.t.Helper()
	f.toVenue = ""
	f.record(ev)
	for f.g.core.DueNs() <= f.g.clock.Now().MonoNs {
		if f.record(core.Event{Kind: core.Tick, Link: core.NoIndex}); f.d.Empty() {
			break
		}
	}
}

// record takes an event the way of every event, once the journal has room.
func (f *traffic) record(ev core.Event) {
	f.t.Helper()
	c, now := f.g.core, f.g.clock.Now()
	ev.Now = link.Now{UTCNs: now.UTCNs, MonoNs: now.MonoNs}
	c.Decide(&ev, &f.d)
	room, ok := f.g.journal.Reserve(c.RecordSize(&ev, &f.d))
	for n := 0; !ok; n++ {
		if n == 10_000 {
			f.t.Fatal("the journal has no room")
		}
		time.Sleep(time.Millisecond)
		room, ok = f.g.journal.Reserve(c.RecordSize(&ev, &f.d))
	}
	h := journal.Header{Type: uint16(ev.Kind), UTCNs: now.UTCNs, MonoNs: now.MonoNs, Link: ev.Link, Flags: f.d.HeaderFlags()}
	at := f.g.journal.Commit(&h, c.EncodeRecord(room, &ev, &f.d))
	f.g.state.Numbering.Note(&f.d, c, at)
	c.Apply(&ev, &f.d)
	f.seq = h.Seq
	for i := range f.d.Out.Count {
		if f.d.Out.Outs[i].Link == f.xsim {
			f.toVenue = string(f.d.Out.Bytes(i))
		}
	}
}
