package core

import (
	"fmt"
	"testing"
)

// TestCountedNamesAreNeighbours: names that are counted up find each other's cache lines in memory, others are spread,
// and each is found again among those that share its places.
func TestCountedNamesAreNeighbours(t *testing.T) {
	const names = 1 << 12
	x := make(slotIndex, 2*names)
	places := map[uint64]bool{}
	for n := range uint32(names) {
		hash := idHash(7, fmt.Appendf(nil, "ORDER-%08d", n))
		x.put(hash, n)
		places[hash&uint64(len(x)-1)&^neighbours] = true
	}
	if len(places) > names/10+1 {
		t.Errorf("%d names that were counted up begin in %d places", names, len(places))
	}
	if spread := 2 * names / (neighbours + 1); len(places) < spread/3 {
		t.Errorf("%d names crowd in %d places of %d", names, len(places), spread)
	}
	for n := range uint32(names) {
		hash := idHash(7, fmt.Appendf(nil, "ORDER-%08d", n))
		for at := hash; ; {
			slot := x.next(hash, &at)
			if slot == n {
				break
			}
			if slot == NoIndex {
				t.Fatalf("name %d is lost", n)
			}
		}
	}
}

// TestLastCharacterCounts: two names that differ in it alone are told apart without a look at their rows.
func TestLastCharacterCounts(t *testing.T) {
	seen := map[uint64]int{}
	for last := range 256 {
		tag := countedHash([]byte{'A', byte(last)}) >> 32
		if other, ok := seen[tag]; ok {
			t.Errorf("characters %d and %d have one tag", last, other)
		}
		seen[tag] = last
	}
}
