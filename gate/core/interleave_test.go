package core

import (
	"bytes"
	"fmt"
	"maps"
	"runtime/debug"
	"strings"
	"testing"

	"portcullis/risk"
)

// TestInterleavings: an order with a chain of unanswered replaces gets its answers, a fill on the
// terms of any version that may hold and one more, a cancel of its owner's, and its end, in every order
// there is. After each event the twin is asked; at the end nothing is reserved.
func TestInterleavings(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // each step throws a world away
	count := 0
	begin := chainOf(t)
	first := begin.w.save(nil)
	var walk func(c chain)
	walk = func(c chain) {
		if c.ended {
			count++
			if s := c.w.core.book.Credit(risk.ScopeAccount, acme1); s.RB != 0 || s.OpenOrders != 0 {
				t.Fatalf("%v: %+v", c.log, s)
			}
			return
		}
		saved := c.w.save(first)
		for _, word := range c.next() {
			next := c
			next.log = append(c.log[:len(c.log):len(c.log)], word)
			next.do(word)
			next.expect()
			walk(next)
			c.w.restore(saved, first)
		}
	}
	walk(begin)
	if count < chainsMin {
		t.Errorf("only %d sequences", count)
	}
}

// saved is a world at one moment: nil stands for a table that is as it was first, as most are.
type saved struct {
	live, shadow [][]byte
	nowNs        int64
	seqOut       map[uint32]uint64
	audit        audit
}

func (w *world) save(first *saved) *saved {
	if first == nil {
		first = new(saved)
	}
	s := &saved{live: copied(w.core.Regions(), first.live), shadow: copied(w.shadow.Regions(), first.shadow), nowNs: w.nowNs, seqOut: maps.Clone(w.seqOut), audit: *w.audit}
	twin := *w.audit.twin
	s.audit.twin = &twin
	s.audit.orders, s.audit.execs, s.audit.ids, s.audit.said = maps.Clone(w.audit.orders), maps.Clone(w.audit.execs), maps.Clone(w.audit.ids), maps.Clone(w.audit.said)
	return s
}

func copied(regions, first [][]byte) [][]byte {
	for i, r := range regions {
		if regions[i] = nil; first == nil || !bytes.Equal(r, first[i]) {
			regions[i] = bytes.Clone(r)
		}
	}
	return regions
}

func (w *world) restore(s, first *saved) {
	putBack(w.core.Regions(), s.live, first.live)
	putBack(w.shadow.Regions(), s.shadow, first.shadow)
	w.nowNs, w.seqOut = s.nowNs, maps.Clone(s.seqOut)
	*w.audit = s.audit
	twin := *s.audit.twin
	w.audit.twin = &twin
	w.audit.orders, w.audit.execs, w.audit.ids, w.audit.said = maps.Clone(s.audit.orders), maps.Clone(s.audit.execs), maps.Clone(s.audit.ids), maps.Clone(s.audit.said)
}

func putBack(regions, saved, first [][]byte) {
	for i, r := range regions {
		was := saved[i]
		if was == nil {
			was = first[i]
		}
		if !bytes.Equal(r, was) {
			copy(r, was)
		}
	}
}

// chain is the order, with what has happened to it.
type chain struct {
	w        *world
	ids      [len(chainQty)]string // of the order and its replaces, toward the venue
	answered [len(chainQty)]bool
	holds    int // whose terms hold
	cum      int
	fills    int
	cancel   string // the id of a cancel in flight, toward the venue
	asked    bool   // for a cancel
	ended    bool
	log      []string
}

func chainOf(t *testing.T) chain {
	c := plain()
	c.size = Capacity{Orders: 4, Requests: 16, ClOrdIDs: 32, Executions: 16, Jobs: 1}
	c.repeats, c.positions = 16, 4
	ch := chain{w: newWorldOf(t, c).logon()}
	ch.w.audit = newAudit(1)
	ch.ids[0] = field(ch.w.order("A-0", "55=IBM|54=1|38=100|40=2|44=50"), "11")
	ch.answered[0] = true
	ch.say(ch.ids[0], 0, "150=0|39=0|17=E0|")
	for n := 1; n < len(chainQty); n++ {
		ch.w.from(acme, fmt.Sprintf("35=G|11=A-%d|41=A-%d|21=1|55=IBM|54=1|38=%d|40=2|44=50.%d0|60=20261122-13:30:00|", n, n-1, chainQty[n], n))
		ch.ids[n] = field(ch.w.to(xsim, "G"), "11")
	}
	return ch
}

// say is a report of the venue, on the terms of version n.
func (c *chain) say(id string, n int, more string) {
	c.w.t.Helper()
	c.w.from(xsim, fmt.Sprintf("35=8|11=%s|37=V1|55=IBM|54=1|14=%d|151=%d|6=0|%s", id, c.cum, max(0, chainQty[n]-c.cum), more))
}

// next is what may happen now.
func (c *chain) next() (words []string) {
	for n := range chainQty {
		if !c.answered[n] {
			words = append(words, fmt.Sprint("replaced", n), fmt.Sprint("rejected", n))
		}
		if n == c.holds && c.fills < 2 || !c.answered[n] && c.fills < 1 {
			words = append(words, fmt.Sprint("fill", n))
		}
	}
	switch {
	case !c.asked:
		words = append(words, "cancel")
	case c.cancel != "":
		words = append(words, "refused")
	}
	return append(words, "ended")
}

func (c *chain) do(word string) {
	c.w.t.Helper()
	n := int(word[len(word)-1] - '0')
	switch {
	case strings.HasPrefix(word, "fill"):
		c.cum += 40
		c.fills++
		c.say(c.ids[n], n, fmt.Sprintf("150=F|39=1|32=40|31=50|17=E%d|", c.cum))
	case strings.HasPrefix(word, "rejected"):
		c.answered[n] = true
		c.w.from(xsim, fmt.Sprintf("35=9|11=%s|41=%s|37=V1|39=0|434=2|102=0|", c.ids[n], c.ids[c.holds]))
	case strings.HasPrefix(word, "replaced"): // what was sent before it is superseded
		for i := 1; i <= n; i++ {
			c.answered[i] = true
		}
		c.holds = n
		c.say(c.ids[n], n, fmt.Sprintf("150=5|39=0|38=%d|17=R%d|", chainQty[n], n))
	case word == "cancel":
		c.asked = true
		c.w.from(acme, fmt.Sprintf("35=F|11=F|41=A-%d|55=IBM|54=1|60=20261122-13:30:00|", c.holds))
		c.cancel = field(c.w.to(xsim, "F"), "11")
	case word == "refused":
		c.w.from(xsim, fmt.Sprintf("35=9|11=%s|41=%s|37=V1|39=0|434=1|102=0|", c.cancel, c.ids[c.holds]))
		c.cancel = ""
	default: // ended, by the cancel where there is one
		c.ended = true
		id, own := c.ids[c.holds], fmt.Sprint("A-", c.holds)
		if c.cancel != "" {
			id, own = c.cancel, "F"
		}
		c.say(id, c.holds, "150=4|39=4|17=C|")
		if got := field(c.w.to(acme, "8"), "11"); got != own {
			c.w.t.Fatalf("%v: the owner is told of %s, want %s", c.log, got, own)
		}
	}
}

// expect recomputes the reservation from the words of exposure 3.
func (c *chain) expect() {
	c.w.t.Helper()
	want := risk.Money(0)
	for n := 0; n < len(chainQty) && !c.ended; n++ {
		if leaves := chainQty[n] - c.cum; leaves > 0 && (n == c.holds || !c.answered[n]) {
			want = max(want, risk.Money(leaves*(5000+n*10))*risk.MoneyScale/100)
		}
	}
	if got := c.w.core.book.Credit(risk.ScopeAccount, acme1).RB; got != want || len(c.w.alerts) > 0 {
		c.w.t.Fatalf("%v: RB %s, want %s; alerts %v", c.log, money(got), money(want), c.w.alerts)
	}
}
