package core

import (
	"bytes"
	"strings"
	"testing"

	"github.com/quickfixgo/quickfix"

	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/risk"
)

func small() conf {
	c := plain()
	c.size = Capacity{Orders: 8, Requests: 64, ClOrdIDs: 64, Executions: 16, Jobs: 1}
	c.positions, c.repeats = 8, 16
	return c
}

// pairs are versions of participants and venue, for worlds of a fuzz.
var pairs = [][2]string{{"FIX.4.4", "FIX.4.4"}, {"FIX.4.0", "FIX.5.0SP2"}, {"FIX.5.0SP2", "FIX.4.0"}, {"FIX.4.2", "FIX.4.4"},
	{"FIX.4.4", "FIX.4.2"}, {"FIX.4.3", "FIX.4.1"}, {"FIX.5.0", "FIX.4.3"}, {"FIX.4.1", "FIX.5.0SP1"}, {"FIX.4.0", "FIX.4.0"}, {"FIX.4.1", "FIX.4.2"}}

func smallOf(pair int) conf {
	c := small()
	c.version, c.venueVersion = pairs[pair%len(pairs)][0], pairs[pair%len(pairs)][1]
	return c
}

// states are worlds at different moments, for a fuzzed message to come to.
var states = []func(w *world){
	func(w *world) {},
	func(w *world) { w.logon() },
	func(w *world) { withOrders(w) },
	func(w *world) { withOrders(w); w.drop(xsim) },
	func(w *world) { withOrders(w); w.command(Command{ID: 1, Kind: CmdKill, Scope: risk.ScopeFirm}) },
	func(w *world) { withOrders(w); w.seqOut[xsim] = 1; w.from(xsim, "35=A|98=0|108=30|141=Y|") },
	func(w *world) { withOrders(w); w.command(Command{ID: 1, Kind: CmdRoll, Target: 20261123}) },
	func(w *world) { withOrders(w); w.command(Command{ID: 1, Kind: CmdStop}) },
}

// withOrders has an order that is filled in part, with a replace pending, and one not confirmed.
func withOrders(w *world) {
	w.logon()
	id := field(w.order("A-1", "55=IBM|54=1|38=100|40=2|44=50|59=1"), "11")
	w.from(xsim, "35=8|11="+id+"|37=V1|17=E1|150=0|39=0|14=0|151=100|6=0|")
	w.from(xsim, "35=8|11="+id+"|37=V1|17=E2|150=F|39=1|32=40|31=50|14=40|151=60|6=0|")
	w.from(acme, "35=G|11=A-2|41=A-1|21=1|55=IBM|54=1|38=200|40=2|44=50|59=1|60=20261122-13:30:00|")
	w.order("A-3", "55=IBM|54=5|38=100|40=2|44=50")
}

// FuzzMessage: no message on any link in any state and between any versions panics, and tables, twin and replay agree
// after it. state says which versions, too.
func FuzzMessage(f *testing.F) {
	for _, body := range []string{"35=D|11=A-9|55=IBM|54=1|38=100|40=2|44=50|21=1|60=20261122-13:30:00|",
		"35=G|11=A-9|41=A-1|55=IBM|54=1|38=100|40=2|44=50|21=1|59=1|60=20261122-13:30:00|", "35=F|11=A-9|41=A-1|55=IBM|54=1|60=20261122-13:30:00|",
		"35=8|11=P00100000001|37=V1|17=E3|150=F|39=2|32=60|31=50|14=100|151=0|", "35=8|11=P00100000001|17=E4|19=E2|150=H|39=0|14=0|151=100|",
		"35=8|11=P00100010001|41=P00100000001|17=E5|150=5|39=1|38=200|14=40|151=160|", "35=9|11=P00100010001|41=P00100000001|39=1|102=0|434=2|",
		"35=3|45=3|373=5|", "35=j|379=P00100000001|380=0|", "35=2|7=1|16=0|", "35=A|98=0|108=30|141=Y|", "35=5|", "35=4|36=9|123=Y|",
		"35=H|11=A-1|54=1|55=IBM|", "35=8|11=P00100000001|17=E6|150=I|39=8|14=0|151=0|", "35=1|112=x|", "35=|", "=|", "35=D|354=9|355=a^38=1^b|"} {
		for state := range states {
			f.Add(uint8(state), uint8(len(body)), true, body)
			f.Add(uint8(state+len(states)*(1+len(body)%(len(pairs)-1))), uint8(len(body)), true, body)
		}
	}
	for _, body := range []string{"35=AE|571=T1|487=0|570=N|17=E3|55=IBM|32=4|31=50|75=20261122|60=20261122-13:30:00|552=2|54=2|37=W|1=BETA-1|54=1|37=V|1=ACME-1|",
		"35=AE|571=T2|572=T1|487=2|570=N|17=E4|55=IBM|32=4|31=50|75=20261122|60=20261122-13:30:00|552=2|54=2|37=W|1=BETA-1|54=1|37=V|1=ACME-1|", "35=AE|571=T1|487=0|570=N|17=E2|55=IBM|32=40|31=50|75=20261122|60=20261122-13:30:00|552=2|54=2|37=W|1=WHO|54=1|37=V|11=P00100000001|1=ACME-1|",
		"35=AE|571=T1|856=5|570=Y|17=E2|55=IBM|32=41|31=50|552=1|54=1|37=P00100000001|453=1|448=BETA-1|447=D|452=24|1427=S2|",
		"35=AE|571=T1|487=1|939=0|150=H|17=E2|19=E2|552=1|54=1|1=ACME-1|", "35=8|11=OTHER|37=V|17=E9|150=F|39=2|54=1|55=IBM|32=5|31=50|14=5|151=0|1=BETA-1|"} {
		for state := range 2 * len(states) {
			f.Add(uint8(state%len(states)+len(states)*(len(pairs)+state/len(states)*2)), uint8(acme2), true, body)
		}
	}
	f.Fuzz(func(t *testing.T, state, l uint8, headed bool, body string) {
		c := smallOf(int(state) / len(states))
		c.dropCopy = int(state)/len(states) >= len(pairs)
		c.tradeAcks = c.dropCopy
		w := newWorldOf(t, c)
		w.audit = newAudit(1)
		states[int(state)%len(states)](w)
		for range 2 { // and what it leads to
			link := uint32(l) % 4
			if headed {
				w.event(&Event{Kind: Message, Link: link, Conn: w.core.links[link].Conn, Data: w.message(link, body)})
			} else {
				text := strings.ReplaceAll(body, "|", "\x01")
				w.event(&Event{Kind: Message, Link: link, Conn: w.core.links[link].Conn, Data: framed(w.conf.versionOf(linkNames[link]).begin, text)})
			}
			l++
		}
	})
}

// FuzzRecord: whatever bytes a record has, reading it gives an error or a decision, and no panic.
func FuzzRecord(f *testing.F) {
	w := newWorldOf(f, small())
	withOrders(w)
	ev := &Event{Kind: Message, Link: acme, Now: w.now(), Data: w.message(acme, "35=D|11=A-9|55=IBM|54=1|38=100|40=2|44=50|60=20261122-13:30:00|")}
	w.core.Decide(ev, w.d)
	b := make([]byte, w.core.RecordSize(ev, w.d))
	f.Add(b[:w.core.EncodeRecord(b, ev, w.d)])
	f.Add([]byte{})
	d := new(Decision)
	f.Fuzz(func(t *testing.T, b []byte) {
		var ev Event
		OutKeys(b, func(uint64) {})
		if DecodeRecord(b, &ev, d) != nil {
			return
		}
		again := make([]byte, w.core.RecordSize(&ev, d))
		n := w.core.EncodeRecord(again, &ev, d)
		var ev2 Event
		if err := DecodeRecord(again[:n], &ev2, d); err != nil || !bytes.Equal(ev.Data, ev2.Data) {
			t.Fatalf("read, written and read again: %v", err)
		}
	})
}

// FuzzForward: what leaves is what was judged. Each order or replace that is accepted is read back
// from its bytes by another engine's parser, and held against what came in and what was decided. pair says between
// which versions.
func FuzzForward(f *testing.F) {
	for _, body := range []string{
		"38=100|40=2|44=50.10|54=1|55=IBM|59=0|", "38=100.00|40=2|44=050.1|54=5|55=IBM|1=ACME-2|", "38=7|40=1|54=1|55=MSFT|18=G M|110=1|111=2|",
		"40=3|38=5|99=51|54=1|55=IBM|59=6|432=20261130|", "40=4|38=5|99=51|44=51|54=1|55=IBM|58=a=b|", "38=1|40=2|44=50|54=1|55=IBM|389=1|",
		"38=1|40=2|44=50|54=1|55=IBM|388=0|389=0.50|18=1 G|110=1|", "38=9|40=P|44=50|54=5|55=IBM|211=-0.10|18=R|111=2|210=3|", "38=9|40=2|44=50|54=1|55=IBM|59=6|126=20261130-10:00:00|",
		"38=9|40=P|54=1|55=IBM|211=0|1094=4|1138=2.0|", "38=9|40=2|44=50|54=1|55=IBM|47=A|528=A|582=1|",
		"38=1|40=1|54=1|55=IBM|", "38=1|40=2|44=50|54=1|55=IBM|354=3|355=abc|", "38=1|40=2|44=50|54=1|55=IBM|354=9|355=a^38=9^b|", "453=1|448=P|447=D|452=1|38=1|40=2|44=50|54=1|55=IBM|50=x|",
	} {
		for pair := range pairs {
			f.Add(true, uint8(pair), body)
			f.Add(false, uint8(pair), body)
		}
	}
	var fresh, open []*world
	for pair := range pairs {
		fresh, open = append(fresh, newWorldOf(f, smallOf(pair)).logon()), append(open, newWorldOf(f, smallOf(pair)).logon())
		open[pair].order("A-0", "55=IBM|54=1|38=100|40=2|44=50")
	}
	f.Fuzz(func(t *testing.T, isNew bool, pair uint8, body string) { // Decide only reads: one world serves all
		w, head := fresh[int(pair)%len(pairs)], "35=D|11=A-1|21=1|60=20261122-13:30:00|"
		if !isNew {
			w, head = open[int(pair)%len(pairs)], "35=G|11=A-1|41=A-0|21=1|60=20261122-13:30:00|"
		}
		seq := w.seqOut[acme]
		ev := &Event{Kind: Message, Link: acme, Conn: 1, Now: w.now(), Data: w.message(acme, head+body)}
		w.seqOut[acme] = seq
		w.core.Decide(ev, w.d)
		if w.d.Reason == risk.Accepted {
			holdAgainst(t, w, ev)
		}
	})
}

func holdAgainst(t *testing.T, w *world, ev *Event) {
	t.Helper()
	var in fix.Message
	in.Index(ev.Data)
	if w.d.Out.Count != 1 || w.d.Out.Outs[0].Link != xsim || w.d.Out.Outs[0].Kind != link.OrderMessage {
		t.Fatalf("%d messages for an accepted order", w.d.Out.Count)
	}
	out := quickfix.NewMessage()
	if err := quickfix.ParseMessage(out, bytes.NewBuffer(bytes.Clone(w.d.Out.Bytes(0)))); err != nil {
		t.Fatalf("%v: %q", err, w.d.Out.Bytes(0))
	}
	get := func(tag int) string {
		v, err := out.Body.GetString(quickfix.Tag(tag))
		if err != nil {
			return ""
		}
		return v
	}
	for _, tag := range []int{18, 38, 40, 44, 54, 55, 59, 99, 110, 111, 389, 432} {
		if got := get(tag); got != string(in.Value(tag)) {
			t.Fatalf("tag %d is %q, came as %q: %q", tag, got, in.Value(tag), w.d.Out.Bytes(0))
		}
	}
	e := &w.d.Effects[0]
	o := Order{Place: risk.Place{Account: e.Account, Instrument: e.Instrument}, Side: e.Side}
	if e.Kind == Asked {
		o = w.core.orders[e.Order]
	}
	number := func(tag int) int64 {
		v, _ := fix.ParseDecimal([]byte(get(tag)))
		return v
	}
	side, _ := risk.ParseSide(only([]byte(get(54))))
	typ, _ := risk.ParseOrdType(only([]byte(get(40))))
	if number(38) != int64(e.Qty) || number(44) != int64(e.Price) || e.Prices&StopPxGiven != 0 && number(99) != int64(e.Second) || side != o.Side ||
		typ != e.OrdType || get(55) != symbolNames[o.Instrument] || get(1) != w.core.set.Accounts[o.Account].At(0) {
		t.Fatalf("sent %q, decided %+v", w.d.Out.Bytes(0), e)
	}
	holdForm(t, w.d, get)
	var id fix.Writer
	w.core.writeVenueID(&id, fix.TagClOrdID, &w.core.set.Venues[0], e.Request, w.core.nextGen(e.Request), w.core.reg.epoch)
	if want := string(id.Bytes(0, id.Len())); "11="+get(11)+"\x01" != want {
		t.Fatalf("sent %q, decided %q", get(11), want)
	}
}

// holdForm holds what few orders say: what was judged of it is what leaves.
func holdForm(t *testing.T, d *Decision, get func(tag int) string) {
	t.Helper()
	f, e := d.Form(), &d.Effects[0]
	if f == nil {
		f = new(risk.Form)
	}
	insts, _ := risk.ParseExecInsts([]byte(get(fix.TagExecInst)))
	if get(fix.TagExecInst) != "" && insts != f.ExecInsts || get(fix.TagExecInst) == "" && f.ExecInsts != 0 {
		t.Fatalf("sent 18=%s, decided %x", get(fix.TagExecInst), f.ExecInsts)
	}
	for _, tag := range []int{fix.TagMinQty, fix.TagMaxFloor, fix.TagMaxShow, fix.TagDisplayQty} {
		sent, fault := fix.ParseDecimal([]byte(get(tag)))
		if qty, ok := f.Part(uint32(tag)); ok != (get(tag) != "") || ok && (fault != fix.NumberOK || int64(qty) != sent) {
			t.Fatalf("sent %d=%s, decided %d", tag, get(tag), qty)
		}
	}
	for tag, given := range map[int]PricesGiven{fix.TagDiscretionOffset: DiscretionGiven, fix.TagPegDifference: PegOffsetGiven} {
		sent, _ := fix.ParseDecimal([]byte(get(tag)))
		if (get(tag) != "") != (e.Prices&given != 0) || e.Prices&given != 0 && sent != int64(e.Second) {
			t.Fatalf("sent %d=%s, decided %+v", tag, get(tag), e)
		}
	}
	date, _ := fix.ParseDate([]byte(get(fix.TagExpireDate)))
	if date != f.ExpireDate {
		t.Fatalf("sent 432=%s, decided %d", get(fix.TagExpireDate), f.ExpireDate)
	}
	if typ, _ := risk.ParseTimeInForce(only([]byte(get(fix.TagTimeInForce)))); get(fix.TagTimeInForce) != "" && e.Kind == Opened && typ != e.TimeInForce {
		t.Fatalf("sent 59=%s, decided %d", get(fix.TagTimeInForce), e.TimeInForce)
	}
}

// TestEveryByteCut: a message that ends too early, at any byte, in any state.
func TestEveryByteCut(t *testing.T) {
	body := "35=D|11=A-9|55=IBM|54=1|38=100|40=2|44=50|21=1|60=20261122-13:30:00|"
	w := newWorldOf(t, small())
	withOrders(w)
	for n := range body {
		for _, l := range []uint32{acme, xsim} {
			if w.core.Phase(l) != link.Up {
				w.connect(l)
			}
			w.event(&Event{Kind: Message, Link: l, Conn: w.core.links[l].Conn, Data: framed("FIX.4.4", strings.ReplaceAll(body[:n], "|", "\x01"))})
		}
	}
}
