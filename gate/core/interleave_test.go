package core

import (
	"fmt"
	"strings"
	"testing"

	"portcullis/risk"
)

// TestInterleavings: an order with a chain of three unanswered replaces gets its answers, fills and a
// cancel in every order there is. After each event the twin is asked; at the end nothing is reserved.
func TestInterleavings(t *testing.T) {
	count := 0
	var walk func(done []string)
	walk = func(done []string) {
		next := (&chain{}).after(done).next()
		for _, word := range next {
			walk(append(done[:len(done):len(done)], word))
		}
		if len(next) > 0 {
			return
		}
		count++
		c := chainOf(t).after(done)
		if s := c.w.core.book.AccountScope(acme1); s.RB != 0 || s.OpenOrders != 0 {
			t.Fatalf("%v: %+v", done, s)
		}
	}
	walk(nil)
	if count < 400 {
		t.Errorf("only %d sequences", count)
	}
}

// chain is the order, with what has happened to it.
type chain struct {
	w        *world    // nil: only thought of
	ids      [4]string // of the order and its replaces, toward the venue
	answered [4]bool
	holds    int // whose terms hold
	cum      int
	ended    bool
	log      []string
}

var chainQty = [4]int{100, 300, 200, 250}

func chainOf(t *testing.T) *chain {
	c := plain()
	c.size = Capacity{Orders: 4, Requests: 16, ClOrdIDs: 32, Executions: 16, Jobs: 1}
	c.repeats, c.positions = 16, 4
	ch := &chain{w: newWorldOf(t, c).logon()}
	ch.w.audit = newAudit(1)
	ch.ids[0] = field(ch.w.order("A-0", "55=IBM|54=1|38=100|40=2|44=50"), "11")
	ch.say(0, "150=0|39=0|17=E0|")
	for n := 1; n < 4; n++ {
		ch.w.from(acme, fmt.Sprintf("35=G|11=A-%d|41=A-%d|21=1|55=IBM|54=1|38=%d|40=2|44=50.%d0|60=20261122-13:30:00|", n, n-1, chainQty[n], n))
		ch.ids[n] = field(ch.w.to(xsim, "G"), "11")
	}
	return ch
}

// after lets things happen.
func (c *chain) after(words []string) *chain {
	c.log, c.answered[0] = words, true
	for _, word := range words {
		c.do(word)
		if c.w != nil {
			c.expect(word)
		}
	}
	return c
}

func (c *chain) say(n int, more string) {
	if c.w == nil {
		return
	}
	c.w.t.Helper()
	c.w.from(xsim, fmt.Sprintf("35=8|11=%s|37=V1|55=IBM|54=1|14=%d|151=%d|6=0|%s", c.ids[n], c.cum, max(0, chainQty[c.holds]-c.cum), more))
}

// next is what may happen now.
func (c *chain) next() (words []string) {
	if c.ended {
		return nil
	}
	for n := 1; n < 4; n++ {
		if !c.answered[n] {
			words = append(words, fmt.Sprint("replaced", n), fmt.Sprint("rejected", n))
		}
	}
	fills := strings.Count(strings.Join(c.log, " "), "fill")
	if fills < 2 && c.cum < chainQty[c.holds] {
		words = append(words, "fill")
	}
	return append(words, "cancelled")
}

func (c *chain) do(word string) {
	n := int(word[len(word)-1] - '0')
	switch {
	case word == "fill":
		c.cum += 40
		c.say(c.holds, fmt.Sprintf("150=F|39=1|32=40|31=50|17=E%d|", c.cum))
	case word == "cancelled":
		c.ended = true
		c.say(c.holds, "150=4|39=4|17=C|")
	case strings.HasPrefix(word, "rejected"):
		if c.answered[n] = true; c.w == nil {
			return
		}
		c.w.from(xsim, fmt.Sprintf("35=9|11=%s|41=%s|37=V1|39=0|434=2|102=0|", c.ids[n], c.ids[c.holds]))
	default: // replaced: what was sent before it is superseded
		for i := 1; i <= n; i++ {
			c.answered[i] = true
		}
		c.holds = n
		c.say(n, fmt.Sprintf("150=5|39=0|38=%d|17=R%d|", chainQty[n], n))
	}
}

// expect recomputes the reservation from the words of exposure 3.
func (c *chain) expect(word string) {
	c.w.t.Helper()
	want := risk.Money(0)
	for n := 0; n < 4 && !c.ended; n++ {
		if leaves := chainQty[n] - c.cum; leaves > 0 && (n == c.holds || !c.answered[n]) {
			want = max(want, risk.Money(leaves*(5000+n*10))*risk.MoneyScale/100)
		}
	}
	if got := c.w.core.book.AccountScope(acme1).RB; got != want {
		c.w.t.Fatalf("%v, at %s: RB %s, want %s", c.log, word, money(got), money(want))
	}
}
