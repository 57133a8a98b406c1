package sim

import (
	"strings"

	"portcullis/fix"
	"portcullis/fix/link"
	"portcullis/gate/core"
	"portcullis/risk"
)

// check is what must hold at all times.
type check struct {
	w    *World
	over map[overKey]int64
	told map[overKey]bool // while the day rolls: what was recorded, by scope and measure

	unlocated bool     // a roll or a list of what is easy to borrow said for all accounts what is located no more
	next      []uint64 // by link: outgoing number before the record at hand
	records   int
	events    int
	halves    map[*conn][]byte // by venue connection: a message that is not out whole
	m         fix.Message
}

type overKey struct {
	account, instrument, scope uint32
	kind                       risk.Scope
	in                         risk.Class
	measure                    risk.Reason
}

const (
	twinEvery  = 150 // records
	tableEvery = 60  // events
)

func newCheck(w *World) *check {
	return &check{w: w, over: map[overKey]int64{}, next: make([]uint64, len(linkNames)), halves: map[*conn][]byte{}}
}

// applied is called after every event of the gate.
func (k *check) applied(c *core.Core) {
	k.w.follower.catchUp()
	if k.events++; k.events%tableEvery == 0 {
		k.w.follower.equals(c, "live")
	}
}

// recovered: what a start makes of the records is what they led to before.
func (k *check) recovered(c *core.Core) {
	k.w.follower.catchUp()
	k.w.follower.equals(c, "recovered")
	k.over = k.excess(c) // limits may be others from here on
}

// before is called before a record is applied to the follower.
func (k *check) before(c *core.Core, ev *core.Event, d *core.Decision) {
	if d.EffectLen == core.EffectsMax || d.Out.Count == link.OutsMax {
		k.w.fail("%d effects, %d messages of one event", d.EffectLen, d.Out.Count)
	}
	for l := range k.next {
		k.next[l] = c.LinkState(uint32(l)).NextOut
	}
	k.numbers(c, d)
}

// numbers: what is sent for the first time has the numbers that follow, one by one.
func (k *check) numbers(c *core.Core, d *core.Decision) {
	anew := d.Renumbered()
	for i := range d.Out.Count {
		out := &d.Out.Outs[i]
		if text := d.Out.Bytes(i); out.Link == anew {
			k.next[out.Link] = out.Seq + 1 // compared with what the link has then
		} else if out.Seq == k.next[out.Link] {
			k.next[out.Link]++
		} else if k.m.Index(text); out.Seq > k.next[out.Link] || string(k.m.Value(fix.TagPossDupFlag)) != "Y" {
			k.w.fail("%s got number %d, next is %d: %s", linkNames[out.Link], out.Seq, k.next[out.Link], printable(text))
		}
		k.framed(d.Out.Bytes(i))
	}
	for i := range d.EffectLen {
		if e := &d.Effects[i]; e.Kind == core.Raised {
			k.next[e.Link] = e.Seq
		}
	}
}

func (k *check) framed(b []byte) {
	if n, f := fix.Frame(b, 1<<16); f != fix.Whole || n != len(b) {
		k.w.fail("sent %s: %v", printable(b), f)
	}
}

// after is called when a record has been applied to the follower.
func (k *check) after(c *core.Core, ev *core.Event, d *core.Decision) {
	anew := d.Renumbered()
	for l := range k.next {
		if next := c.LinkState(uint32(l)).NextOut; next != k.next[l] && uint32(l) != anew {
			k.w.fail("%s: next number is %d, sent was %d", linkNames[l], next, k.next[l]-1)
		}
	}
	k.limits(c, d)
	k.w.follower.ledger.sums.hold(k.w, c)
	k.w.follower.ledger.warnings.hold(k.w, c, d)
	k.w.follower.ledger.levels(d)
	k.w.follower.ledger.losses.hold(k.w, c.Book())
	if k.records++; k.records%twinEvery == 0 || d.Reloaded() != 0 {
		k.w.follower.ledger.compare(c)
	}
}

// limits demands that nothing goes further above a limit without a record that says so (exposure 8), except by a
// closing order inside its reserve.
func (k *check) limits(c *core.Core, d *core.Decision) {
	recorded := false
	for _, e := range d.Effects[:d.EffectLen] {
		if e.Kind == core.Rolled || e.Kind == core.SplitSet || e.Kind == core.MarksInForce || e.Kind == core.Reloaded {
			k.told = map[overKey]bool{}
		}
		k.unlocated = k.unlocated || e.Kind == core.Rolled || e.Kind == core.EasyToBorrow
		if e.Kind == core.Overshot {
			recorded = true
			if k.told != nil {
				k.told[toldKey(&e)] = true
			}
		}
	}
	closing := d.Reason == risk.Accepted && d.Judgement.Closing
	if k.told != nil && c.GoesOverAll() { // to be judged when that is done
		if closing {
			for key := range k.excess(c) {
				k.told[key.bare()] = true
			}
		}
		return
	}
	told := k.told
	k.told = nil
	now := k.excess(c)
	for key, amount := range now {
		if key.measure == risk.LocateExceeded && k.unlocated {
			continue
		}
		if amount > k.over[key] && !recorded && !closing && !told[key.bare()] {
			k.w.fail("%s of %d is %d above its limit, it was %d: not recorded", key.measure, key.scope, amount, k.over[key])
		}
	}
	k.over, k.unlocated = now, false
}

// toldKey is what a record says is above its limit.
func toldKey(e *core.Effect) overKey {
	key := overKey{instrument: e.Instrument, scope: e.Account, kind: risk.Scope(e.Status), in: risk.Class(e.Flags), measure: risk.Reason(e.Seq)}
	return key.bare()
}

// bare is what of a key every record of it says.
func (k overKey) bare() overKey {
	k.account = 0
	if k.in != risk.OneInstrument {
		k.instrument = 0
	}
	return k
}

// excess is everything above its limit.
func (k *check) excess(c *core.Core) map[overKey]int64 {
	var out [risk.OvershootsMax]risk.Overshoot
	found := map[overKey]int64{}
	for i := range uint32(len(symbolNames)) {
		places := []risk.Place{}
		for _, a := range [...]uint32{0, 1, 2, third} {
			places = append(places, risk.Place{Account: a, Instrument: i, Owner: core.NoIndex, Venue: core.NoIndex})
		}
		for l, author := range authors {
			places = append(places, risk.Place{Account: core.NoIndex, Instrument: i, Owner: uint32(l), Venue: i, Author: author})
		}
		for _, at := range places {
			for _, o := range out[:c.Book().Excess(&at, out[:])] {
				key := overKey{at.Account, i, o.Scope, o.Of, o.In, o.Measure}
				switch o.Measure {
				case risk.LongPositionExceeded, risk.ShortPositionExceeded, risk.SellLongExceedsPosition, risk.LocateExceeded:
				case risk.ScopeLongExceeded, risk.ScopeShortExceeded:
					key.account = 0
				default:
					key = key.bare()
				}
				found[key] = o.Amount()
			}
		}
	}
	return found
}

// written sees every byte on its way to the kernel: behind the acknowledgement of a kill no order of its scope leaves.
func (k *check) written(c *conn, b []byte) {
	if !c.peer.venue {
		return
	}
	rest := append(k.halves[c], b...)
	for {
		n, framing := fix.Frame(rest, 1<<16)
		if framing != fix.Whole {
			break
		}
		k.left(c, rest[:n])
		rest = rest[n:]
	}
	k.halves[c] = append([]byte(nil), rest...)
}

func (k *check) left(c *conn, b []byte) {
	k.m.Index(b)
	kind := text(&k.m, fix.TagMsgType)
	if kind != "D" && kind != "G" {
		return
	}
	tag := text(&k.m, fix.TagText)
	owner, id, _ := strings.Cut(tag, "/")
	r := k.w.requestOf(id)
	if r == nil {
		k.w.fail("%s got an order of nobody: %s", c.peer.name, printable(b))
	}
	for _, kill := range k.w.operator.kills {
		if kill.stops(owner, r.order.account) {
			k.w.fail("%s got %s after the kill of scope %d index %d was acknowledged: %s", c.peer.name, tag, kill.scope, kill.index, printable(b))
		}
	}
}

// stops reports whether a kill is about an order.
func (k *kill) stops(owner, account string) bool {
	switch k.scope {
	case risk.ScopeFirm:
		return true
	case risk.ScopeClient:
		return strings.HasPrefix(account, clientNames[k.index]+"-")
	case risk.ScopeAccount:
		return account == accountNames[k.index]
	}
	return owner == linkNames[k.index]
}
