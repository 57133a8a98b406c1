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
		key           [4]int64
		atNs, untilNs int64
	}
	met := map[risk.Reason]int{}
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 1))
		s := open()
		const capacity, windowNs, firm = 16, 100, -1
		s.capacity.Accounts, s.capacity.RepeatEntries = 2, capacity
		s.account.RepeatCountMax, s.account.RepeatWindowNs = 1+r.Int64N(3), windowNs
		rateMax := int(1 + r.Int64N(8))
		s.throttles[risk.ScopeLink] = []risk.Throttle{{Of: risk.Orders, Max: int64(rateMax), WindowNs: windowNs / 2}}
		wide := int64(0) // how many equal ones the firm may take, whatever the account; 0: any number
		if r.IntN(2) == 0 {
			wide = 2 + r.Int64N(2)
			s.throttles[risk.ScopeFirm] = []risk.Throttle{{Of: risk.EqualOrders, Max: wide, WindowNs: 2 * windowNs}}
		}
		d := newDesk(t, s)
		var sent []int64
		var accepted []noted // by the ring: one for the account, one for the firm where that counts
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
			equal, equalWide := int64(1), int64(1)
			for _, n := range accepted {
				if n.key == key && d.nowNs-n.atNs <= windowNs {
					equal++
				}
				if n.key[1] == firm && n.key[0] == key[0] && n.key[2] == key[2] && n.key[3] == key[3] && d.nowNs-n.atNs <= 2*windowNs {
					equalWide++
				}
			}
			need := 1
			if wide > 0 {
				need += risk.PathMax
			}
			full := false
			for seq := len(accepted); seq < len(accepted)+need; seq++ {
				full = full || seq >= capacity && accepted[seq-capacity].untilNs >= d.nowNs
			}
			switch {
			case full:
				want = risk.TableFull
			case len(sent) >= rateMax && d.nowNs-sent[len(sent)-rateMax] <= windowNs/2:
				want = risk.OrderRateExceeded
			case equal > s.account.RepeatCountMax, wide > 0 && equalWide > wide:
				want = risk.RepeatedOrder
			}
			got := d.submit(fmt.Sprint("O", len(sent)), at, terms).Reason
			if got != want {
				t.Fatalf("seed %d at %d ns: %s, want %s", seed, d.nowNs, got, want)
			}
			met[got]++
			sent = append(sent, d.nowNs)
			if got == risk.Accepted {
				accepted = append(accepted, noted{key, d.nowNs, d.nowNs + windowNs})
				if wide > 0 {
					key[1] = firm
					accepted = append(accepted, noted{key, d.nowNs, d.nowNs + 2*windowNs})
				}
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
