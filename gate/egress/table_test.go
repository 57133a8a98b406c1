package egress

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// twin is the checker's memory written the slow and obvious way: a map and a list of spent ids.
type twin struct {
	states   map[string]state
	spent    []string // oldest first
	capacity int
}

func (w *twin) accept(key string) Difference {
	if old := w.states[key]; old != unused {
		w.spend(key, acceptedTwice)
		return AcceptedTwice
	}
	if len(w.states) == w.capacity {
		if len(w.spent) == 0 {
			return TableFull
		}
		delete(w.states, w.spent[0])
		w.spent = w.spent[1:]
	}
	w.states[key] = waiting
	return Equal
}

func (w *twin) spend(key string, s state) {
	if w.states[key] == waiting {
		w.spent = append(w.spent, key)
	}
	if w.states[key] != unused {
		w.states[key] = s
	}
}

func (w *twin) check(key string) Difference {
	if w.states[key] == waiting {
		w.spend(key, sent)
		return Equal
	}
	return w.states[key].difference()
}

// TestTwin plays random histories on few places, few ids and three lines.
func TestTwin(t *testing.T) {
	for seed := range uint64(40) {
		random := rand.New(rand.NewPCG(seed, 1))
		capacity := 1 + random.IntN(12)
		c := New(capacity, 3, nil)
		w := &twin{states: map[string]state{}, capacity: capacity}
		for step := range 2000 {
			link := uint32(random.IntN(3))
			id := strconv.Itoa(random.IntN(3 * capacity))
			key := strconv.Itoa(int(link)) + ":" + id
			var got, want Difference
			switch random.IntN(20) {
			case 0:
				c.Withdraw(link, []byte(id))
				w.spend(key, withdrawn)
			case 1:
				if random.IntN(10) == 0 {
					playCut(c, w, link)
				}
			case 2, 3, 4, 5, 6, 7, 8:
				msg := wire(strings.Replace(goodBody, "P1A0000001", id, 1))
				got, want = c.Check(link, msg, noon+int64(step)*minuteNs/7), w.check(key)
			default:
				a := rename(good(), id)
				a.Link = link
				got, want = c.Accept(a), w.accept(key)
			}
			if got != want {
				t.Fatalf("seed %d, step %d, %s: found %q, want %q", seed, step, key, got, want)
			}
		}
	}
}

// playCut ends the waiting orders of a line in the order in which they were accepted.
func playCut(c *Checker, w *twin, link uint32) {
	for i := c.oldest(link); i != none; i = c.rings[i].next {
		if i == c.waitingRing(link) {
			break
		}
		e := &c.entries[i]
		w.spend(strconv.Itoa(int(link))+":"+string(e.ID[:e.IDLen]), withdrawn)
	}
	c.Cut(link)
	for key, s := range w.states {
		if s == waiting && strings.HasPrefix(key, strconv.Itoa(int(link))+":") {
			w.states[key] = unused // a cut that left an order waiting: the next check differs
		}
	}
}
