package core

import (
	"bytes"
	"fmt"
	"testing"

	"portcullis/risk"
)

// lives is the life of many orders, each with every message of the order path, both ways: what the
// peers send is written in one world and judged again in another, where only that is measured. The participant speaks
// one version, the venue another.
func lives(t *testing.T, count int, participant, venue string) (w *world, events []*Event, perLife int) {
	c := plain()
	c.validated, c.dropCopy, c.tradeAcks = true, true, true
	c.version, c.venueVersion = participant, venue
	c.size = Capacity{Orders: 1024, Requests: 8192, ClOrdIDs: 1 << 14, Executions: 4096, Jobs: 1}
	c.net, c.gross, c.repeatMax, c.rateMax = risk.Unlimited, risk.Unlimited, risk.Unlimited, risk.Unlimited
	from := newWorldOf(t, c).logon()
	send := func(l uint32, format string, a ...any) {
		ev := &Event{Kind: Message, Link: l, Conn: from.core.links[l].Conn, Data: from.message(l, fmt.Sprintf(format, a...))}
		again := *ev
		again.Data = bytes.Clone(ev.Data)
		events = append(events, &again)
		from.event(ev)
	}
	report := func(id string, cum int, more string) {
		send(xsim, "35=8|11=%s|37=V%d|17=E%d|55=IBM|54=1|14=%d|151=%d|6=50|%s", id, len(events), len(events), cum, 100-cum, more)
	}
	to := func(msgType string) string { return field(from.to(xsim, msgType), "11") }
	const terms = "21=1|55=IBM|54=1|40=2|44=50|60=20261122-13:30:00.000|"
	for n := range count {
		send(acme, "35=D|11=D%d|38=100|%s", n, terms)
		order := to("D")
		report(order, 0, "150=0|39=0|")
		report(order, 40, "150=F|39=1|32=40|31=50|")
		send(acme2, "35=8|11=%s|37=V|17=E%d|55=IBM|54=1|150=F|39=1|32=40|31=50|14=40|151=60|6=50|1=ACME-1|", order, len(events)-1)
		send(acme2, "35=8|11=OTHER|37=V|17=O%d|55=IBM|54=%d|150=F|39=1|32=1|31=50|14=1|151=0|6=50|1=BETA-1|", len(events), 1+n%2)
		send(acme2, "35=AE|571=T|570=N|487=0|17=T%d|55=IBM|32=1|31=50|75=20261122|60=20261122-13:30:00.000|552=2|54=2|37=W|1=X|54=1|37=V|1=BETA-1|", len(events))
		send(acme2, "35=AE|571=B%d|570=N|487=0|17=B%d|55=IBM|32=1|31=50|75=20261122|60=20261122-13:30:00.000|552=2|54=2|37=W|1=ACME-1|54=1|37=V|1=BETA-1|", len(events), len(events))
		send(acme, "35=G|11=G%d|41=D%d|38=90|%s", n, n, terms)
		refused := to("G")
		send(xsim, "35=9|11=%s|41=%s|37=V|39=1|434=2|102=0|", refused, order)
		send(acme, "35=G|11=H%d|41=D%d|38=110|%s", n, n, terms)
		replaced := to("G")
		report(replaced, 40, "150=5|39=1|38=110|41="+order+"|")
		send(acme, "35=F|11=F%d|41=H%d|55=IBM|54=1|38=110|60=20261122-13:30:00.000|", n, n)
		cancel := to("F")
		report(replaced, 50, "150=F|39=1|32=10|31=50|")
		report(cancel, 50, "150=4|39=4|41="+replaced+"|")
	}
	return newWorldOf(t, c).logon(), events, len(events) / count
}

// TestNoAllocs: no message of the order path allocates, whichever way it goes: D, G, F, each held to the
// dictionary, what the venue says to each, and executions, its own and the drop copy's; nor where it is put into another version.
func TestNoAllocs(t *testing.T) {
	for _, versions := range [][2]string{{"FIX.4.4", "FIX.4.4"}, {"FIX.4.0", "FIX.4.0"}, {"FIX.4.0", "FIX.5.0SP2"}, {"FIX.5.0SP2", "FIX.4.0"},
		{"FIX.4.2", "FIX.4.4"}, {"FIX.4.4", "FIX.4.2"}} {
		t.Run(versions[0]+" to "+versions[1], func(t *testing.T) { noAllocs(t, versions[0], versions[1]) })
	}
}

func noAllocs(t *testing.T, participant, venue string) {
	const count = 100
	w, events, perLife := lives(t, count+1, participant, venue)
	accepted, next := 0, 0
	w.buf = make([]byte, 1<<16)
	if n := testing.AllocsPerRun(count, func() {
		for _, ev := range events[next : next+perLife] {
			w.nowNs += 1000
			ev.Now = w.now()
			w.core.Decide(ev, w.d)
			w.core.EncodeRecord(w.buf, ev, w.d)
			w.core.Apply(ev, w.d)
			if w.d.Reason == risk.Accepted {
				accepted++
			}
		}
		next += perLife
	}); n != 0 {
		t.Errorf("%v allocations in the life of an order", n)
	}
	if want := 4 * (count + 1); accepted != want {
		t.Errorf("%d requests were accepted, want %d", accepted, want)
	}
	if s := w.core.book.Credit(risk.ScopeAccount, acme1); s.EB != (count+1)*50*50*risk.MoneyScale || s.RB != 0 || s.OpenOrders != 0 {
		t.Errorf("the orders did not live as written: %+v", s)
	}
}
