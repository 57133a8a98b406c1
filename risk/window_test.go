package risk_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"portcullis/risk"
)

// TestWindowsAgainstLists holds the sliding window and the ring of repeated orders against plain
// lists that forget nothing. The ring is small, so that it wraps and fills.
func TestWindowsAgainstLists(t *testing.T) {
	type noted struct {
		key  [4]int64
		atNs int64
	}
	met := map[risk.Reason]int{}
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 1))
		s := open()
		const capacity, windowNs = 8, 100
		s.capacity.Accounts, s.capacity.RepeatEntries = 2, capacity
		s.account.RepeatCountMax, s.account.RepeatWindowNs = 1+r.Int64N(3), windowNs
		rateMax := int(1 + r.Int64N(8))
		s.throttles[risk.ScopeLink] = []risk.Throttle{{Of: risk.Orders, Max: int64(rateMax), WindowNs: windowNs / 2}}
		d := newDesk(t, s)
		var sent []int64
		var accepted []noted
		for range 400 {
			d.nowNs += r.Int64N(30) * r.Int64N(2)
			at := place{account: uint32(r.IntN(2))}
			terms := risk.Terms{Side: risk.Buy, OrdType: risk.Limit, TimeInForce: risk.Day,
				Qty: risk.Qty(1 + r.IntN(2)), Price: risk.Price(1 + r.IntN(3)), HasPrice: true}
			if r.IntN(2) == 0 {
				terms.Side = risk.SellShort
			}
			key := [4]int64{int64(terms.Side), int64(at.account), int64(terms.Qty), int64(terms.Price)}
			want := risk.Accepted
			equal := int64(1)
			for _, n := range accepted {
				if n.key == key && d.nowNs-n.atNs <= windowNs {
					equal++
				}
			}
			switch {
			case len(accepted) >= capacity && d.nowNs-accepted[len(accepted)-capacity].atNs <= windowNs:
				want = risk.TableFull
			case len(sent) >= rateMax && d.nowNs-sent[len(sent)-rateMax] <= windowNs/2:
				want = risk.OrderRateExceeded
			case equal > s.account.RepeatCountMax:
				want = risk.RepeatedOrder
			}
			got := d.submit(fmt.Sprint("O", len(sent)), at, terms).Reason
			if got != want {
				t.Fatalf("seed %d at %d ns: %s, want %s", seed, d.nowNs, got, want)
			}
			met[got]++
			sent = append(sent, d.nowNs)
			if got == risk.Accepted {
				accepted = append(accepted, noted{key, d.nowNs})
			}
		}
	}
	for _, reason := range []risk.Reason{risk.Accepted, risk.TableFull, risk.OrderRateExceeded, risk.RepeatedOrder} {
		if met[reason] < 20 {
			t.Errorf("%s met only %d times", reason, met[reason])
		}
	}
}

// TestParse: the characters of 54, 40 and 59 that are understood, and nothing else.
func TestParse(t *testing.T) {
	var sides, types, tifs []byte
	for c := range 256 {
		b := byte(c)
		if s, ok := risk.ParseSide(b); ok {
			sides = append(sides, b)
			if s.IsBuy() != (b == '1') || !risk.AllSides.Has(s) {
				t.Errorf("side %c", b)
			}
		}
		if v, ok := risk.ParseOrdType(b); ok {
			types = append(types, b)
			if !risk.AllOrdTypes.Has(v) {
				t.Errorf("order type %c", b)
			}
		}
		if v, ok := risk.ParseTimeInForce(b); ok {
			tifs = append(tifs, b)
			if !risk.AllTimesInForce.Has(v) {
				t.Errorf("time in force %c", b)
			}
		}
	}
	if got := slices.Concat(sides, types, tifs); string(got) != "1256"+"123457BKP"+"01234567" {
		t.Errorf("understood: %s", got)
	}
	if risk.AllSides.Has(0) || risk.AllOrdTypes.Has(0) || risk.AllTimesInForce.Has(0) || risk.AllOrdTypes.Has(255) {
		t.Error("the zero value and garbage are in no set")
	}
}
