package load

import "testing"

// The mix is what the name says, every pass ends flat, and no event names an order that is not open.
func TestSyntheticFlow(t *testing.T) {
	flow := Synthetic(20_000, 7)
	type state struct {
		qty, filled int64
		open        bool
		event       Event
	}
	orders := make([]state, flow.Orders)
	kinds := map[Kind]int{}
	position := map[uint16]int64{}
	entered := uint32(0)
	for i, e := range flow.Events {
		kinds[e.Kind]++
		o := &orders[e.Order]
		switch {
		case e.Kind == NewOrder:
			if e.Order != entered {
				t.Fatalf("event %d: order %d entered, want %d", i, e.Order, entered)
			}
			entered++
			*o = state{qty: e.Qty, open: true, event: e}
		case !o.open:
			t.Fatalf("event %d: %s of order %d, which is not open", i, kindNames[e.Kind], e.Order)
		case e.Kind == Fill:
			o.filled += e.Qty
			o.open = o.filled < o.qty
			sign := int64(1)
			if o.event.Side == '2' {
				sign = -1
			}
			position[o.event.Symbol] += sign * e.Qty
		case e.Kind == Replace:
			o.qty = e.Qty
		case e.Kind == Cancel:
			o.open = false
		}
	}
	requests := flow.Requests()
	for kind, percent := range map[Kind]int{NewOrder: 60, Cancel: 30, Replace: 10} {
		if got := 100 * kinds[kind] / requests; got < percent-1 || got > percent+1 {
			t.Errorf("%d %% %s, want %d", got, kindNames[kind], percent)
		}
	}
	if kinds[Fill] < requests/4 {
		t.Errorf("only %d fills in %d requests", kinds[Fill], requests)
	}
	for number, o := range orders {
		if o.open {
			t.Errorf("order %d is open at the end", number)
		}
	}
	for symbol, held := range position {
		if held < -2_000 || held > 2_000 {
			t.Errorf("position of symbol %d is %d after one pass: buys and sells do not balance", symbol, held)
		}
	}
}
