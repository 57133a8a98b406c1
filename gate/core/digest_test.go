package core

import (
	"testing"

	"portcullis/risk"
)

// TestDigestTellsStatesApart: two cores that applied the same stand at the same digest; once a row of one is another,
// the next decision that touches it sets them apart, and they stay so until the next process.
func TestDigestTellsStatesApart(t *testing.T) {
	apart := func(change func(p *risk.Place)) func(c *Core) { // one unit more in what a place has beside another
		return func(c *Core) {
			p := risk.Place{Account: 1, Instrument: msft, Owner: NoIndex, Venue: NoIndex}
			c.book.Execute(&p, risk.Sell, 0, -1)
			change(&p)
			c.book.Execute(&p, risk.Sell, 0, 1)
		}
	}
	for what, spoil := range map[string]func(c *Core){
		"client":        apart(func(p *risk.Place) { p.Account = beta1 }),
		"trader":        apart(func(p *risk.Place) { p.Trader = 1 }),
		"algorithm":     apart(func(p *risk.Place) { p.Algo = 1 }),
		"link":          apart(func(p *risk.Place) { p.Owner = acme }),
		"venue":         apart(func(p *risk.Place) { p.Venue = 0 }),
		"reservation":   func(c *Core) { c.orders[0].Reserved++ },
		"account":       func(c *Core) { c.book.Execute(&risk.Place{Account: acme1, Instrument: ibm}, 0, 0, 1) },
		"next outgoing": func(c *Core) { c.links[xsim].NextOut++ },
	} {
		conf := plain()
		conf.authors = "yes"
		w := newWorldOf(t, conf).logon()
		for _, c := range []*Core{w.core, w.shadow} { // without a limit they decide nothing, and a start may not lay them out
			must(t, c.book.SetLimits(risk.ScopeLink, acme, risk.Limits{Gross: 1 << 40, Net: risk.Unlimited}))
			must(t, c.book.SetLimits(risk.ScopeVenue, 0, risk.Limits{Gross: 1 << 40, Net: risk.Unlimited}))
		}
		w.from(acme, "35=D|11=A-1|1=ACME-1|21=1|55=IBM|54=1|38=100|40=2|44=50|59=0|60=20261122-13:30:00.000|"+
			"453=2|448=ANN|452=12|448=TWAP|452=12|2376=22|")
		if w.core.Digest() == 0 || w.core.Digest() != w.shadow.Digest() {
			t.Fatalf("digests %x and %x", w.core.Digest(), w.shadow.Digest())
		}
		spoil(w.shadow)
		touch := func() {
			ev, d := Event{Kind: Message, Link: xsim}, new(Decision)
			d.Reset()
			d.effect(Reported).Order = 0
			d.Effects[0].Status = 'E'
			for _, c := range []*Core{w.core, w.shadow} {
				c.Apply(&ev, d)
			}
		}
		if touch(); w.core.Digest() == w.shadow.Digest() {
			t.Errorf("%s: not seen", what)
		}
		boot := new(Decision)
		boot.Reset()
		boot.effect(Booted).Value = 2
		for _, c := range []*Core{w.core, w.shadow} {
			c.Apply(&Event{Kind: Started, Link: NoIndex}, boot)
		}
		if w.core.Digest() != w.shadow.Digest() {
			t.Errorf("%s: a new process does not begin anew", what)
		}
	}
}

// TestDigestIsRecorded: while the state moves, once in its time, and not while it stands.
func TestDigestIsRecorded(t *testing.T) {
	w := newWorldOf(t, plain()).logon()
	seen := func() (n int) {
		for w.nowNs += seenNs; w.core.DueNs() <= w.now().MonoNs; {
			w.step(&Event{Kind: Tick, Link: NoIndex})
			if digest, ok := w.d.Seen(); ok {
				if n++; digest != w.core.Digest() {
					t.Errorf("recorded %x, it stands at %x", digest, w.core.Digest())
				}
			}
		}
		return n
	}
	if n := seen(); n != 1 {
		t.Errorf("recorded %d times after a logon", n)
	}
	if n := seen(); n != 0 {
		t.Errorf("recorded %d times while nothing happens", n)
	}
	w.from(acme, "35=D|11=A-1|1=ACME-1|21=1|55=IBM|54=1|38=100|40=2|44=50|59=0|60=20261122-13:30:00.000|")
	if w.core.reg.seen != w.core.Digest() {
		t.Error("not recorded at once where the last time is long ago")
	}
	w.from(acme, "35=F|11=A-2|41=A-1|55=IBM|54=1|60=20261122-13:30:00.000|")
	if w.core.reg.seen == w.core.Digest() {
		t.Error("recorded again at once")
	}
	if n := seen(); n != 1 {
		t.Errorf("recorded %d times after a cancel", n)
	}
}
