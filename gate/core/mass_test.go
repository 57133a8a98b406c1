package core

import (
	"fmt"
	"testing"

	"portcullis/fix/link"
)

// stepFrom gives the core a message of a peer without the Ticks that it asks for then.
func (w *world) stepFrom(l uint32, body string) {
	w.t.Helper()
	w.sent, w.alerts = nil, nil
	w.step(&Event{Kind: Message, Link: l, Conn: w.core.links[l].Conn, Data: w.message(l, body)})
}

// ticks gives the core Ticks until it wants none, at most n. Each sends no more than one message.
func (w *world) ticks(n int) (reports []string) {
	w.t.Helper()
	for ; n > 0 && w.core.DueNs() == 0; n-- {
		w.sent = nil
		w.step(&Event{Kind: Tick, Link: NoIndex})
		if len(w.sent) > 1 {
			w.t.Fatalf("%d messages in one step", len(w.sent))
		}
		for _, m := range w.sent {
			reports = append(reports, m.text)
		}
	}
	return reports
}

func (w *world) open(ids ...string) (names []string) {
	w.t.Helper()
	for _, id := range ids {
		names = append(names, field(w.order(id, "55=IBM|54=1|38=1|40=2|44=50"), "11"))
	}
	return names
}

// TestMassStatusOfMany: each step tells of one order, and looks at a bounded number; all are told, each once.
func TestMassStatusOfMany(t *testing.T) {
	const orders = 900
	c := plain()
	c.size = Capacity{Orders: orders + 10, Requests: 3 * orders, ClOrdIDs: 4 * orders, Executions: 64, Jobs: 4}
	c.gross, c.net, c.repeatMax, c.openMax = 1e12, 1e12, orders, orders
	w := newWorldOf(t, c).logon()
	for n := range orders {
		w.nowNs += 2e6
		w.open(fmt.Sprint("A-", n))
	}
	w.stepFrom(acme, "35=AF|584=S-1|585=7|")
	if len(w.sent) > 0 {
		t.Fatal("answered at once: ", w.sent)
	}
	told := map[string]bool{}
	reports := w.ticks(2 * orders)
	for i, text := range reports {
		last := map[bool]string{true: "Y", false: "N"}[i == orders-1]
		if field(text, "911") != fmt.Sprint(orders) || field(text, "912") != last || field(text, "584") != "S-1" {
			t.Fatalf("report %d: %s", i, text)
		}
		told[field(text, "11")] = true
	}
	if len(reports) != orders || len(told) != orders {
		t.Fatalf("%d reports about %d orders", len(reports), len(told))
	}
}

// TestMassStatusMeanwhile: what ends or begins after the orders were counted does not change how many are
// told of. If the slot of one that ended is taken, the answer ends all the same.
func TestMassStatusMeanwhile(t *testing.T) {
	c := plain()
	c.size.Orders = 3
	w := newWorldOf(t, c).logon()
	at := w.open("A-1", "A-2", "A-3")
	w.stepFrom(acme, "35=AF|584=S-1|585=7|")
	told := w.ticks(2) // counted, and the first told
	w.stepFrom(xsim, "35=8|37=V|17=E1|150=4|39=4|54=1|55=IBM|14=0|151=0|6=0|11="+at[1]+"|")
	if told = append(told, w.ticks(9)...); len(told) != 3 || field(told[1], "39") != "4" || field(told[2], "912") != "Y" {
		t.Fatal(told)
	}
	w.stepFrom(acme, "35=AF|584=S-2|585=7|")
	told = w.ticks(2)
	w.stepFrom(xsim, "35=8|37=V|17=E2|150=4|39=4|54=1|55=IBM|14=0|151=0|6=0|11="+at[2]+"|")
	w.stepFrom(acme, "35=D|11=A-4|21=1|55=IBM|54=1|38=1|40=2|44=50|60=20261122-13:30:00|")
	w.stepFrom(acme, "35=D|11=A-5|21=1|55=IBM|54=1|38=1|40=2|44=50|60=20261122-13:30:00|")
	told = append(told, w.ticks(9)...)
	if len(told) != 2 || field(told[0], "911") != "2" || field(told[1], "912") != "Y" || field(told[1], "37") != "NONE" {
		t.Fatal(told)
	}
}

// TestMassCancelsAtOnce: requests that come in one burst wait for each other, so many and no more.
func TestMassCancelsAtOnce(t *testing.T) {
	w := newWorld(t).logon()
	w.open("A-1")
	for n := range massMax {
		if w.stepFrom(acme, fmt.Sprintf("35=q|11=M-%d|530=1|55=MSFT|60=20261122-13:30:00|", n)); len(w.sent) > 0 {
			t.Fatal(w.sent)
		}
	}
	w.stepFrom(acme, "35=q|11=M-X|530=7|60=20261122-13:30:00|")
	if r := w.to(acme, "r"); field(r, "531") != "0" || field(r, "532") != "99" {
		t.Fatal(r)
	}
	answers := w.ticks(99)
	for n, text := range answers {
		if field(text, "11") != fmt.Sprint("M-", n) || field(text, "531") != "1" {
			t.Fatal(text)
		}
	}
	if len(answers) != massMax || w.core.Phase(acme) != link.Up {
		t.Fatal(answers)
	}
}

// TestMassCancelMeansWhatWasOpen: an order that comes while a request is worked on is not cancelled by it, also where a
// restart comes between.
func TestMassCancelMeansWhatWasOpen(t *testing.T) {
	w := newWorld(t).logon()
	w.open("A-1", "A-2")
	w.stepFrom(acme, "35=q|11=M-1|530=7|60=20261122-13:30:00|")
	w.ticks(1)
	w.stepFrom(acme, "35=D|11=A-3|21=1|55=IBM|54=1|38=1|40=2|44=50|60=20261122-13:30:00|")
	w.restart()
	for n, slot := range []string{"A-1", "A-2", "A-3"} {
		id := w.core.lookupID(acme, []byte(slot))
		o := &w.core.orders[w.core.requests[w.core.ids[id].request].Order]
		if pending := o.Flags&FlagCancelPending != 0; pending != (n < 2) {
			t.Errorf("%s: cancelled %v", slot, pending)
		}
	}
}

// TestMassCancelPassesOver: a request about many orders whose cancels are on their way takes a few records and
// sends nothing; those that have none are cancelled, each once.
func TestMassCancelPassesOver(t *testing.T) {
	const orders = 600
	c := plain()
	c.size = Capacity{Orders: orders + 10, Requests: 3 * orders, ClOrdIDs: 4 * orders, Executions: 64, Jobs: 4}
	c.gross, c.net, c.repeatMax, c.openMax = 1e12, 1e12, orders+1, orders+1
	w := newWorldOf(t, c).logon()
	for n := range orders {
		w.nowNs += 2e6
		w.open(fmt.Sprint("A-", n))
	}
	for n, want := range []string{"600", "0", "1"} {
		if n == 2 {
			w.open("LAST")
		}
		w.stepFrom(acme, fmt.Sprintf("35=q|11=M-%d|530=7|60=20261122-13:30:00|", n))
		most := orders + 2
		if n > 0 {
			most = 1 + 1 + orders/massPassMax + 1
		}
		reports := w.ticks(most)
		if len(reports) == 0 || field(reports[len(reports)-1], "533") != want || fmt.Sprint(len(reports)-1) != want {
			t.Fatalf("request %d: %d messages in %d steps, want %s and the report", n, len(reports), most, want)
		}
	}
}
