package risk

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestRestingOrders: whatever comes, changes and goes, the best order of each group, instrument and half is the one that
// a look at all of them finds.
func TestRestingOrders(t *testing.T) {
	const slots, groups, instruments = 300, 3, 2
	b := NewBook(Capacity{Accounts: groups + 1, Clients: 1, Instruments: instruments, Positions: 1, RestingOrders: slots},
		func(n int) []byte { return make([]byte, n) })
	for a := range uint32(groups + 1) { // the last is of no group
		if err := b.SetAccount(a, Account{SelfMatch: (a + 1) % (groups + 1)}); err != nil {
			t.Fatal(err)
		}
	}
	r := rand.New(rand.NewPCG(1, 1))
	type order struct {
		at    Place
		side  Side
		reach Reach
		rests bool
	}
	var orders [slots]order
	for step := range 20_000 {
		slot := uint32(r.IntN(slots))
		o := &orders[slot]
		if !o.rests {
			o.at = Place{Account: uint32(r.IntN(groups + 1)), Instrument: uint32(r.IntN(instruments))}
			o.side = []Side{Buy, Sell, SellShort}[r.IntN(3)]
		}
		o.rests = r.IntN(3) > 0
		if o.reach, _ = ReachOf(o.side, Limit, Price(r.IntN(40)-9), Price(r.IntN(3)), r.IntN(20) > 0); !o.rests {
			o.reach = 0
		}
		b.Rest(slot, &o.at, o.side, o.reach, o.rests)
		for n := range groups * instruments * 2 {
			group, ins, side := uint32(n%groups)+1, uint32(n/groups%instruments), []Side{Buy, Sell}[n/groups/instruments]
			best, want := uint32(NoIndex), Reach(0)
			for i := range orders {
				o := &orders[i]
				if o.rests && b.accounts[o.at.Account].matchGroup == group && o.at.Instrument == ins && o.side.IsBuy() == side.IsBuy() &&
					(best == NoIndex || o.reach >= want) {
					best, want = uint32(i), o.reach
				}
			}
			if slot, reach := b.BestResting(group, ins, side); slot != best || reach != want {
				t.Fatalf("step %d: group %d instrument %d side %d: order %d reaches %d, want %d with %d", step, group, ins, side, slot, reach, best, want)
			}
			checkMeeting(t, b, group, ins, side, Price(step%40-9), func(i int) bool {
				o := &orders[i]
				return o.rests && b.accounts[o.at.Account].matchGroup == group && o.at.Instrument == ins && o.side.IsBuy() == side.IsBuy()
			})
		}
	}
	for slot := range uint32(slots) {
		o := &orders[slot]
		b.Rest(slot, &o.at, o.side, 0, false)
	}
	for i := range b.matchings {
		if b.matchings[i] != (matching{}) {
			t.Fatalf("row %d is %+v though nothing is open", i, b.matchings[i])
		}
	}
}

// checkMeeting holds those of a half that an order of the other would meet against a look at all of them.
func checkMeeting(t *testing.T, b *Book, group, ins uint32, side Side, limit Price, of func(slot int) bool) {
	t.Helper()
	o := Order{Place: Place{Account: group - 1, Instrument: ins}, Terms: Terms{Side: opposite(side), OrdType: Limit, Price: limit, HasPrice: true}}
	var want []uint32
	reach, _ := ReachOf(o.Terms.Side, Limit, limit, 0, true)
	for i := range b.resting {
		if of(i) && reach.meets(b.resting[i].reach) {
			want = append(want, uint32(i))
		}
	}
	slices.SortFunc(want, func(x, y uint32) int {
		return cmp.Or(cmp.Compare(b.resting[y].reach, b.resting[x].reach), cmp.Compare(y, x))
	})
	var out [5]uint32
	if got := b.Meeting(&o, out[:]); !slices.Equal(got, want[:min(len(want), len(out))]) {
		t.Fatalf("group %d instrument %d side %d: at %d it meets %v, want %v", group, ins, side, limit, got, want)
	}
}
